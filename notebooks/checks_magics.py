"""Probes of the notebook's magics, and of the tables that they give."""

import re

import checks_typed as typed
from checks_findings import open_task, probe, right, wrong
from checks_slurm import header, newest_job, user


@probe
def magics_loaded(expect):
    """Are the magics of an extension there?  expect: extension, magics (list of names)."""
    extension = expect["extension"]
    if all(typed.has_magic(name) for name in expect["magics"]):
        return right(f"the magics of {extension} are loaded.")
    dashed = extension.replace("_", "-")
    tried = typed.last(rf"{extension}|{dashed}|{extension}s")
    source = tried.source if tried else ""
    if re.search(rf"^\s*(import|from)\s+{extension}\b", source, re.M):
        return wrong("imported-only", f"`import` makes {extension} known to Python, but not its magics "
                     "to the notebook.", "a package with magics is loaded by `%load_ext`.")
    if re.search(rf"%load_ext\s+{dashed}", source):
        return wrong("dash", f"the package is installed under the name {dashed}, but Python names have "
                     "no dashes.", "write an underscore in place of the dash.")
    if re.search(r"^\s*%%load_ext", source, re.M):
        return wrong("cell-magic-load", "`%%` with two percent signs is for magics that take the whole "
                     "cell, and `load_ext` takes one line.", "use one percent sign.")
    if re.search(r"\bpip3?\s+install", source):
        return wrong("installed-only", f"{dashed} is installed now, and each notebook still has to load it.",
                     "load it into this notebook by `%load_ext`.")
    if re.search(rf"%load_ext\s+(?!{extension}\b)\S+", source):
        return wrong("misspelt-extension", "the name behind `%load_ext` is not the package's name.",
                     f"compare it, letter by letter, with {extension}.")
    return open_task(f"there is no magic `%{expect['magics'][0]}` in this notebook yet.")


@probe
def tables_kept(expect):
    """Do variables hold the tables of magics?  expect: {variable: name of the magic}."""
    for variable, magic in expect.items():
        finding = table_kept(variable, magic)
        if not finding.ok:
            return finding
    names = " and ".join(f"`{name}`" for name in expect)
    return right(f"{names} hold the tables.", **{name: len(typed.variable(name)) for name in expect})


def table_kept(variable, magic):
    """Finding: does the variable hold a table of the magic, such as "squeue"?"""
    value = typed.variable(variable)
    columns = typed.columns(value)
    tried = typed.last(rf"\b{magic}\b")
    source = tried.source if tried else ""
    if columns is not None:
        if columns == header(magic):
            return right(f"`{variable}` holds the table.")
        others = [name for name in ("sinfo", "squeue") if name != magic and columns == header(name)]
        if others:
            return wrong("other-table", f"`{variable}` holds the table of `%{others[0]}`.",
                         f"it is meant to hold the one of `%{magic}`.")
        if {"JOBID", "PARTITION"} & set(columns):
            return right(f"`{variable}` holds the table.")
        return wrong("other-table", f"`{variable}` is a table, but none that `%{magic}` gives.",
                     f"give it the result of `%{magic}`.")
    if isinstance(value, list):
        return wrong("shell-not-magic", f"`{variable}` is a list of lines: `!{magic}` runs the command in a shell "
                     "and gives its text.", "the magic, with `%` for the `!`, gives a pandas table.")
    if isinstance(value, str):
        if "%" in value:
            return wrong("quoted", f"`{variable}` is a piece of text: in quotes, a magic is not run.",
                         "leave the quotes out.")
        return wrong("raw-text", f"`{variable}` is plain text.",
                     "`%slurm display pandas` makes slurm_magic give tables again.")
    if re.search(rf"^\s*%%{magic}", source, re.M):
        return wrong("cell-magic", f"there is no `%%{magic}`: two percent signs are for magics that take "
                     "the whole cell.", "use one percent sign.")
    if re.search(rf"=\s*{magic}\b", source):
        return wrong("no-percent", f"without the percent sign Python looks for a variable `{magic}`.",
                     "a magic begins with `%`.")
    if re.search(rf"^\s*%?{magic}\b", source, re.M):
        return wrong("not-kept", f"you have looked at `%{magic}`, and its table is gone again.",
                     f"keep it under a name: `{variable} = ...`")
    return open_task(f"there is no table called `{variable}` yet.")


@probe
def own_queue(expect):
    """Does a variable hold the queue with your own jobs only, the named job among them?

    expect: variable, job (its name).
    """
    variable = expect["variable"]
    tried = typed.last(r"%squeue\b")
    source = tried.source if tried else ""
    option = re.search(r"%squeue.*?(?:-u\s*|--user[= ])(\S+)", source)
    if option and option.group(1).startswith("$"):
        return wrong("dollar-user", f"`{option.group(1)}` is the shell's way, and a magic is not run by a shell: "
                     "Slurm was asked for a user of that very name.",
                     "IPython puts a Python variable in place of its name in braces: `{user}`.")
    if option and option.group(1) == "user":
        return wrong("braces-missing", "Slurm was asked for the jobs of somebody called `user`.",
                     "put the name of the variable in braces, so that IPython replaces it.")
    found = table_kept(variable, "squeue")
    if not found.ok:
        return found
    table = typed.variable(variable)
    # squeue cuts long names in its table: that of the user at 8 characters
    others = sorted(set(map(str, table["USER"])) - {user()[:8], user()})
    if others:
        return wrong("everybody", f"`{variable}` has other people's jobs too, such as those of {others[0]}.",
                     "the option `-u` limits the queue to one user.")
    job = newest_job(expect["job"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['job']} of yours from this folder: submit it first.")
    rows = [row for row in zip(map(str, table["JOBID"]), table["ST"]) if row[0] == job.id]
    if not rows:
        return wrong("job-not-listed", f"your job {job.id} is not in the table `{variable}`: it was not yet, or no "
                     "longer, in the queue when you looked.",
                     "submit the job once more, and then run this step's cell at once.")
    state = {"PD": "was waiting", "R": "was running", "CF": "was about to start",
             "CG": "was coming to its end"}.get(rows[0][1], f"had the state {rows[0][1]}")
    return right(f"`{variable}` has your own jobs only; job {job.id} {state} when you looked.", job=job.id)
