"""What the checks look at.  A probe gets what the challenge's record expects and returns a Finding.

Probes are for any challenge: what differs between challenges stands in their records.
"""

import re
import socket
from pathlib import Path

import checks_typed as typed
from checks_script import Mistake, commands, directive_mistake, not_a_script
from checks_slurm import STUCK, find_job, header, newest_job, run, script_of, user, wait_for

PROBES = {}


class Finding:
    """ok: done?  text: what was found, a sentence.  advice: what to try, or "".
    mistake: name of the mistake, or None.  facts: {name: value} for the record's texts."""

    def __init__(self, ok, text, advice="", mistake=None, facts=None):
        self.ok, self.text, self.advice, self.mistake, self.facts = ok, text, advice, mistake, facts or {}


def right(text, **facts):
    return Finding(True, text, facts=facts)


def open_task(text):
    """Nothing wrong has been done; the step is still to be done."""
    return Finding(False, text)


def wrong(name, found, advice):
    return Finding(False, found, advice, name)


def blamed(mistake):
    return wrong(mistake.name, mistake.found, mistake.advice)


def probe(function):
    PROBES[function.__name__] = function
    return function


# ---- the notebook's magics and tables --------------------------------------------------------


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
                     "and gives its text.", f"the magic, with `%` for the `!`, gives a pandas table.")
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


# ---- jobs ------------------------------------------------------------------------------------


@probe
def job_submitted(expect):
    """Was the job script submitted, as the task asks for it?

    expect: name, account, minutes, nodes, output, error (file names), reservation ("none"),
    partition, commands (pairs of a regular expression that one of the script's lines must match,
    and what it is for).
    """
    attempt = typed.last(r"^\s*(\w+\s*=\s*)?(%%|%|!)sbatch\b|^#!/")
    script = ""
    if attempt:
        failure, job_id, script = read_attempt(attempt)
        if failure:
            return failure
        job = find_job(job_id) if job_id else newest_job()
    else:
        job = newest_job(expect["name"]) or newest_job()
    if job is None:
        return open_task("Slurm knows no job of yours from this folder.")
    script = script or script_of(job.id)
    if script:
        mistake = directive_mistake(script)
        if mistake:
            return blamed(mistake)
    mistake = request_mistake(job, expect) or script_mistake(script, expect)
    if mistake:
        return blamed(mistake)
    return right(f"job {job.id} was submitted as asked: {job.name}, {expect['nodes']} node, "
                 f"{expect['minutes']} minutes, charged to {job.account}.", job=job.id)


def read_attempt(cell):
    """(Finding of what kept a cell from submitting or None, job id or None, script or "")."""
    result = cell.result
    said = "".join(result) if isinstance(result, tuple) else str(result or "")
    submitted = re.search(r"Submitted batch job (\d+)", said)
    head, _, body = cell.source.lstrip("\n").partition("\n")
    if head.startswith("%%sbatch"):
        if submitted:
            return None, submitted.group(1), body
        bad = not_a_script(body) or directive_mistake(body)
        return (blamed(bad) if bad else refused(said)), None, body
    if re.search(r"^\s*%%sbatch", cell.source, re.M):
        return wrong("cell-magic-not-first", "`%%sbatch` is not on the first line of the cell, and a cell magic "
                     "is known only there.", "delete what stands above it, comments too."), None, ""
    if re.search(r"^\s*%sbatch.*\n(.*\n)*?\s*#!", cell.source, re.M):
        return wrong("line-magic", "`%sbatch` with one percent sign reads its own line only; the script below it "
                     "was not submitted.", "`%%sbatch`, with two, hands the whole cell over."), None, ""
    if submitted:
        return None, submitted.group(1), ""
    if "sbatch" not in cell.source:
        if head.startswith(("%%bash", "%%sh", "%%script")):
            return wrong("ran-here", "the script ran right here, on the computer of this notebook, and not as a job.",
                         "`%%sbatch` in the place of that first line hands it to Slurm."), None, ""
        return wrong("no-magic", "the script was taken for Python.", "`%%sbatch` on the first line of the cell, "
                     "directly above `#!/bin/bash -l`, hands it to Slurm."), None, ""
    if cell.source.lstrip().startswith("!") and not said:
        # a shell's output is printed, not kept: Slurm has to say whether there is a job
        return None, None, ""
    return refused(said), None, ""


REFUSALS = (
    ("Invalid account", "account", "Slurm does not let you charge the job to the account given.",
     "compare the line with `-A`, letter by letter, with the allocation's name."),
    ("invalid partition|No partition specified", "partition", "there is no such partition.",
     "`%sinfo` lists the partitions in its first column."),
    ("Invalid --time|time limit specification", "time-format", "Slurm cannot read the time limit.",
     "write hours:minutes:seconds, for example `0:02:00`."),
    ("unrecognized option|invalid option|is ambiguous|requires an argument", "option", "sbatch does not know one of the options.",
     "its message names the option: look for a letter too many or too few."),
)


def refused(said):
    """The Finding for what sbatch wrote when it did not take the job."""
    line = next((line for line in said.splitlines() if "error" in line or "option" in line),
                "it said nothing").strip()
    for pattern, name, found, advice in REFUSALS:
        if re.search(pattern, said, re.I):
            return wrong(name, f"{found} It said: `{line}`", advice)
    return wrong("refused", f"Slurm did not take the job. It said: `{line}`", "read the message: it names what it "
                 "could not take.")


def request_mistake(job, expect):
    """The Mistake in what was asked of Slurm for the job, or None."""
    if job.name != expect["name"]:
        return Mistake("job-name", f"your newest job, {job.id}, is called `{job.name}`.",
                       f"the task wants the name {expect['name']}: the option is `-J`.")
    if job.account and job.account != expect["account"]:
        return Mistake("account", f"job {job.id} is charged to `{job.account}`.",
                       f"the task wants the allocation {expect['account']}: the option is `-A`.")
    if job.minutes != expect["minutes"]:
        asked = "no time limit of its own" if job.minutes is None else f"a time limit of {job.minutes:g} minutes"
        return Mistake("time-limit", f"job {job.id} has {asked}.",
                       f"the task wants {expect['minutes']} minutes. A bare number behind `-t` counts minutes, "
                       "`a:b` is minutes:seconds and `a:b:c` hours:minutes:seconds.")
    if job.node_count and job.node_count != expect["nodes"]:
        return Mistake("node-count", f"job {job.id} asks for {job.node_count} nodes.",
                       f"the task wants {expect['nodes']}: `--nodes` (`-N`) counts nodes, `-n` counts tasks.")
    for option, path, name in (("-o", job.stdout, expect["output"]), ("-e", job.stderr, expect["error"])):
        if path and Path(path).name != name:
            return Mistake("output-file", f"job {job.id} writes to `{Path(path).name}` what the task wants "
                           f"in `{name}`.", f"the option is `{option}`.")
    if expect["reservation"] != "none" and job.reservation and job.reservation != expect["reservation"]:
        return Mistake("reservation", f"job {job.id} uses the reservation `{job.reservation}`.",
                       f"the course's is {expect['reservation']}.")
    return None


def script_mistake(script, expect):
    """The Mistake in the commands of the script, or None; without the script it cannot be told."""
    if not script:
        return None
    lines = commands(script)
    for pattern, purpose in expect["commands"]:
        if not any(re.search(pattern, line) for line in lines):
            return Mistake("command-missing", f"the script has no line that {purpose}.",
                           "compare it with the script in the task, line by line.")
    return None


@probe
def job_ended(expect):
    """Has the job ended, and well?  Waits for it.  expect: name."""
    job = newest_job(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours from this folder.")
    job = wait_for(job)
    number = f"job {job.id}"
    if not job.over and job.reason in STUCK:
        return wrong("stuck", f"{number} waits, and will wait for ever: {job.reason}.",
                     "the table of pending reasons in the scheduling episode says what that means. `%scancel` it, "
                     "and submit it without what holds it back.")
    if not job.over:
        return wrong("still-there", f"{number} is still {job.state}"
                     + (f" ({job.reason})." if job.state == "PENDING" else "."),
                     "the queue is long, which is not your fault: come back later and run this cell again.")
    if job.state == "COMPLETED":
        return right(f"{number} has ended: COMPLETED, with exit code {job.exit}.", job=job.id)
    if job.state == "TIMEOUT":
        return wrong("timeout", f"{number} reached its time limit, and Slurm ended it: TIMEOUT.",
                     "what takes longer than the minute that is left over? Submit the script of the task again.")
    if job.state == "CANCELLED":
        return wrong("cancelled", f"{number} was cancelled before its end: CANCELLED.", "submit it once more.")
    if job.state == "FAILED":
        return wrong("failed", f"{number} ended with exit code {job.exit}: FAILED.{error_tail(job)}",
                     "an exit code other than 0 comes from the last command of the script.")
    return wrong("ended-badly", f"{number} ended as {job.state}.{error_tail(job)}", "submit it once more.")


def error_tail(job):
    """The last line of the job's error file, as a sentence, or ""."""
    try:
        lines = Path(job.stderr).read_text(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return f" Its last error message: `{lines[-1]}`" if lines else ""


# ---- the job's output ------------------------------------------------------------------------


@probe
def node_read(expect):
    """Does the output have a greeting of each rank, and a variable the node's name?

    expect: variable, job (its name), output, error (file names), greeting (regular expression
    with groups `rank` and `size`), ranks (how many).
    """
    job = newest_job(expect["job"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['job']} of yours from this folder: there is no output "
                         "to read.")
    if not job.over:
        return wrong("not-ended", f"job {job.id} is still {job.state}: its output is not complete.",
                     "let the step before this one wait for its end.")
    try:
        output = Path(expect["output"]).read_text(errors="replace")
    except OSError:
        return wrong("no-output", f"there is no file `{expect['output']}` in this folder.",
                     "look at the lines with `-o` and `-e` in your script, and at the files here: `!ls`.")
    problem = output_problem(output, job, expect)
    if problem:
        return problem
    value = typed.variable(expect["variable"])
    if value is None:
        return open_task(f"the output is complete; there is no variable `{expect['variable']}` yet.")
    return node_answer(value, job.nodes or output.split()[-1], expect)


def output_problem(output, job, expect):
    """A Finding of what is wrong with the text of the job's output, or None."""
    greetings = list(re.finditer(expect["greeting"], output, re.M))
    ranks = {int(match["rank"]) for match in greetings}
    if ranks == set(range(expect["ranks"])):
        return None
    if not greetings:
        return wrong("no-greeting", f"`{expect['output']}` has no greeting of hello_mpi.{error_tail(job)}",
                     f"`{expect['error']}` says why. Is `hello_mpi` in this folder, and is its name spelt so in "
                     "the script?")
    return wrong("rank-count", f"{len(ranks)} different ranks have said hello, not {expect['ranks']}.",
                 f"the number behind `-n` is how many processes to start: {expect['ranks']}, one for each core.")


def node_answer(value, node, expect):
    """Finding: is the value the name of the node?"""
    variable = expect["variable"]
    here = {socket.gethostname(), run("hostname")[1].strip()}
    if isinstance(value, (list, tuple)):
        return wrong("list", f"`{variable}` is a list.", "take the one line out of it: `[-1]` is the last.")
    if not isinstance(value, str):
        return wrong("no-text", f"`{variable}` is {type(value).__name__}, not a piece of text.",
                     "call what reads the file, with `()`, and take the last line of what it gives.")
    text = value.strip()
    if text == node or text.split(".")[0] == node:
        return right(f"the job ran on {node}, and {expect['ranks']} ranks said hello.", node=node,
                     ranks=expect["ranks"])
    if re.match(expect["greeting"], text) and "\n" not in text:
        return wrong("greeting", f"`{variable}` is a line of hello_mpi.",
                     "the name that `srun -n 1 hostname` has written stands by itself, on the last line.")
    if text in here:
        return wrong("login-node", f"`{variable}` is the computer that this notebook runs on, and the job ran on "
                     "another one.", "take the name from the job's output.")
    return wrong("other-text", f"`{variable}` is {text[:40]!r}, which is not the node that the job ran on.",
                 f"take the last line of `{expect['output']}`.")
