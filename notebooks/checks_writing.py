"""Probes of 03-job-script: a script in a file, its submission, and what the job says of itself."""

import os
import re
from pathlib import Path

import checks_typed as typed
from checks_findings import blamed, open_task, probe, right, wrong
from checks_jobs import finished, script_mistake, text_of
from checks_script import directive_mistake, directives, minutes_asked, not_a_script
from checks_slurm import find_job, newest_job, own_jobs


@probe
def script_written(expect):
    """Is there a file with the job script that the task asks for?

    expect: file, name, account, partition, minutes, nodes, tasks (a node), output, commands (as for
    jobs.job_submitted).
    """
    name = expect["file"]
    tried = typed.last(rf"writefile\s+\S*{re.escape(name)}")
    if not Path(name).is_file():
        if tried and re.search(r"^\s*%writefile", tried.source, re.M):
            return wrong("line-writefile", "`%writefile` with one percent sign would take one line only, and there is "
                         "no such magic.", "two percent signs: what is below them is what goes into the file.")
        if tried and not tried.source.lstrip("\n").startswith("%%writefile"):
            return wrong("writefile-not-first", "`%%writefile` is not on the first line of its cell, and a cell magic is "
                         "known only there.", "delete what stands above it, comments too.")
        return open_task(f"there is no file `{name}` in this folder yet.")
    text = Path(name).read_bytes().decode(errors="replace")
    if "\r\n" in text:
        return wrong("dos-line-ends", f"the lines of `{name}` end as on Windows, and Slurm refuses such a script.",
                     "write it here, on the cluster; `dos2unix` or `tr -d '\\r'` mends a file that came from Windows.")
    mistake = not_a_script(text) or directive_mistake(text)
    if mistake:
        return blamed(mistake)
    return asked_otherwise(directives(text), expect) or right(
        f"`{name}` asks for {expect['nodes']} node with {expect['tasks']} tasks, for {expect['minutes']} minutes.")


def asked_otherwise(asked, expect):
    """The Finding for options that are not those of the task, or for a missing command; None when all is well."""
    if asked.get("nodes", "") not in (f"{expect['nodes']}", f"{expect['nodes']}-{expect['nodes']}"):
        if asked.get("ntasks") == str(expect["nodes"]):
            return wrong("tasks-for-nodes", f"`-n {expect['nodes']}` asks for {expect['nodes']} task; the nodes are left "
                         "to Slurm.", "capital `-N`, or `--nodes`, counts nodes.")
        return wrong("nodes-asked", "the script does not say that it wants "
                     f"{expect['nodes']} node, no more and no less.", "the option is `--nodes`, or `-N` with a capital letter.")
    tasks = asked.get("ntasks-per-node") or asked.get("ntasks")
    if tasks != str(expect["tasks"]):
        return wrong("tasks-asked", f"the script asks for {tasks or 'no number of'} tasks; the task wants "
                     f"{expect['tasks']}.", "the option is `--ntasks-per-node`.")
    limit = asked.get("time", "")
    if minutes_asked(limit) != expect["minutes"]:
        said = f"`-t {limit}` is {minutes_asked(limit):g} minutes" if minutes_asked(limit) else "there is no time limit"
        return wrong("limit-asked", f"{said}; the task wants {expect['minutes']}.",
                     "a bare number counts minutes, `a:b` is minutes:seconds and `a:b:c` hours:minutes:seconds.")
    for option, key in (("-J", "name"), ("-A", "account"), ("-p", "partition"), ("-o", "output")):
        long = {"name": "job-name"}.get(key, key)
        if asked.get(long) != expect[key]:
            return wrong("option-missing", f"the script says {'nothing' if long not in asked else repr(asked[long])} about "
                         f"its {long}; the task wants {expect[key]}.", f"the option is `{option}`, or `--{long}`.")
    mistake = script_mistake(text_of(expect["file"]), expect)
    return blamed(mistake) if mistake else None


@probe
def number_kept(expect):
    """Does a variable hold the number of the job that was submitted from the file?

    expect: variable, name (the job's), file.
    """
    variable, file = expect["variable"], expect["file"]
    value = typed.variable(variable)
    job = newest_job(expect["name"])
    tried = typed.last(rf"\b{re.escape(file)}")
    source = tried.source if tried else ""
    if job is None:
        if re.search(rf"^\s*(\w+\s*=\s*)?!\s*(ba|z)?sh\s+{file}|^\s*!\s*\./{file}", source, re.M):
            return wrong("run-not-submitted", f"`{file}` ran right here, on the computer of this notebook: "
                         "no job has been submitted.", "`sbatch` in the place of `bash` hands it to Slurm.")
        return open_task(f"Slurm knows no job called {expect['name']} of yours from this folder.")
    number = f"job {job.id} was submitted"
    if value is None and not tried:
        return open_task(f"{number}; there is no variable `{variable}` with its number yet.")
    if value is None:
        return wrong("number-not-kept", f"{number}, and there is no variable `{variable}`.",
                     "what `!` prints can be given to a variable: `answer = !sbatch ...`")
    return kept_number(variable, job) or right(f"{number}, and `{variable}` is its number.", job=job.id)


WORD = "`.split()[-1]` takes the last word of a line; with `--parsable` sbatch says the number only."


def kept_number(variable, job, word=WORD):
    """The Finding for a variable that is not the number of the job, or None.  word: how to get the number out of a sentence."""
    value, number = typed.variable(variable), job.id.split("_")[0]
    if value is None:
        return open_task(f"job {number} was submitted; there is no variable `{variable}` with its number yet.")
    if isinstance(value, (list, tuple)):
        return wrong("list-of-lines", f"`{variable}` is a list: `!` gives the lines that a command has printed.",
                     "take the one line out of it, and out of the line its last word.")
    if not str(value).strip().isdigit():
        return wrong("whole-sentence", f"`{variable}` is {str(value)[:40]!r}, and a number is wanted.", word)
    if str(value).strip() != number:
        other = own_jobs().get(int(value)) or "none of this folder's"
        return wrong("other-job", f"{int(value)} is the number of another job ({other}); yours is {number}.",
                     "take the number out of the command's answer, so that it is never an old one.")
    return None


@probe
def counted(expect):
    """Do two variables say how often a plain command and one behind srun have printed?

    expect: name (the job's), output, plain (what the plain command's line begins with), tasks,
    variables: [the plain one, srun's].
    """
    job, problem = finished(expect["name"])
    if problem:
        return problem
    lines = [line for line in text_of(expect["output"]).splitlines() if line.strip()]
    plain = sum(line.startswith(expect["plain"]) for line in lines)
    if not plain or len(lines) - plain != expect["tasks"]:
        return wrong("output-otherwise", f"`{expect['output']}` has {plain} lines that begin with "
                     f"`{expect['plain']}`, and {len(lines) - plain} others.",
                     f"it shall have 1 and {expect['tasks']}: look at the last two lines of the script.")
    values = [typed.variable(name) for name in expect["variables"]]
    if None in values:
        missing = expect["variables"][values.index(None)]
        return open_task(f"job {job.id} has ended, and its output is there; there is no variable `{missing}` yet.")
    if any(isinstance(value, str) for value in values):
        return wrong("text-for-number", "one of the two is a piece of text.", "numbers stand without quotes.")
    if values == [expect["tasks"], plain]:
        return wrong("swapped", "the two numbers are the wrong way round.",
                     "which of the commands knows that there are several tasks?")
    if values[1] == len(lines):
        return wrong("all-lines", f"{values[1]} is the number of all lines, that of the plain command too.",
                     f"count those that do not begin with `{expect['plain']}`.")
    if values != [plain, expect["tasks"]]:
        return wrong("miscounted", f"you say {values[0]} and {values[1]}; the file says otherwise.",
                     f"look at it: `!cat {expect['output']}`")
    return right(f"`hostname` ran once, `srun hostname` {expect['tasks']} times: once in each task.",
                 tasks=expect["tasks"])


@probe
def variables_seen(expect):
    """Has the job written down what Slurm's variables say?  expect: name, output, tasks.

    The file's lines: job=, nodes=, tasks=, folder=.
    """
    job, problem = finished(expect["name"])
    text = text_of(expect["output"])
    said = dict(re.findall(r"^(\w+)=(.*)$", text, re.M))
    if job is None and "job" in said:
        return wrong("no-job", "the commands ran here, and not in a job: where there is no job, Slurm's variables "
                     "are empty.", "`%%sbatch` on the first line submits the cell.")
    if problem:
        return problem
    if "$SLURM" in text:
        return wrong("single-quotes", f"`{expect['output']}` has the names of the variables, not their values: in single "
                     "quotes the shell leaves a `$` as it is.", "double quotes, or none.")
    job = find_job(job.id) or job
    truth = {"job": job.id, "nodes": job.nodes, "tasks": str(expect["tasks"]), "folder": os.getcwd()}
    for word, value in truth.items():
        if word not in said:
            return wrong("line-missing", f"`{expect['output']}` has no line `{word}=...`.",
                         "one `echo` for each of the four words, and `-o` for the file.")
        if not said[word].strip():
            return wrong("empty-value", f"behind `{word}=` there is nothing: the shell knows no variable of the name "
                         "you gave, or Slurm had no reason to set it.",
                         "compare the name, letter by letter, with the table. `SLURM_NTASKS_PER_NODE` is there when tasks were "
                         "asked for.")
        if os.path.realpath(said[word]) != os.path.realpath(value) if word == "folder" else said[word] != value:
            return wrong("other-value", f"`{word}={said[word]}` is not what Slurm says: {value}.",
                         "which variable of the table is it that you want there?")
    return right(f"job {job.id} knew its number, its nodes ({job.nodes}), its {expect['tasks']} tasks, and where it was "
                 "submitted.", job=job.id)
