"""Probes of arrays and of jobs that wait for others."""

import re
from pathlib import Path

import checks_typed as typed
from checks_findings import open_task, probe, right, wrong
from checks_jobs import finished, text_of
from checks_script import asked_for
from checks_slurm import elements, indices, newest_job, script_of, submit_line
from checks_wait import wait_for, wait_for_all
from checks_writing import kept_number


@probe
def array_ran(expect):
    """Did an array run as the task asks for it?  Waits for it.

    expect: name, file (the script's), variable (for its number), array ("1-4%2"), folder ("point_"),
    result (file in each folder), values ({index: text}).
    """
    job = newest_job(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours from this folder.")
    asked = asked_for(submit_line(job.id), script_of(job.id) or text_of(expect["file"])).get("array", "")
    tasks, _, limit = asked.partition("%")
    wanted, _, most = expect["array"].partition("%")
    if not tasks:
        return wrong("no-array", f"job {job.id} is a single job: nothing asks for an array.",
                     "an `#SBATCH` line with `--array=` and the indices.")
    if indices(f"0_{tasks}") != indices(f"0_{wanted}"):  # 1-4 is 1,2,3,4
        return wrong("other-indices", f"job {job.id} has the indices {tasks}; the task wants {wanted}.",
                     "`--array=FIRST-LAST`: both ends belong to it.")
    if limit != most:
        return wrong("no-limit", f"of array {job.id}, {limit or 'any number of'} elements may run at the same time; the task "
                     f"wants {most}.", "the number behind `%`, directly after the indices, is that limit.")
    problem = kept_number(expect["variable"], job)
    if problem:
        return problem
    for element in wait_for_all(job.id):
        if not element.over:
            return wrong("still-there", f"element {element.id} is still {element.state}.",
                         "the queue is long, which is not your fault: come back later and run this cell again.")
        if element.state != "COMPLETED":
            return wrong("element-failed", f"element {element.id} ended as {element.state}, exit code {element.exit}.",
                         f"its output is in `slurm-{element.id}.out`.")
    return result_problem(expect, job) or right(
        f"the {len(expect['values'])} elements of array {job.id} have run, each in its own folder.", job=job.id)


def result_problem(expect, job):
    """The Finding for results that are missing or wrong, or None."""
    folder, result = expect["folder"], expect["result"]
    missing = [index for index in expect["values"] if not Path(f"{folder}{index}", result).is_file()]
    if missing and Path(folder).is_dir():
        return wrong("index-empty", f"there is a folder `{folder}`, with nothing behind the underscore: the shell knows "
                     "no variable of the name you gave.", "compare it, letter by letter, with `SLURM_ARRAY_TASK_ID`.")
    if missing and list(Path().glob(folder + "*")) and not any(Path(f"{folder}{i}").is_dir() for i in expect["values"]):
        return wrong("not-the-index", f"the folders do not have the indices in their names, as `{folder}{missing[0]}` would.",
                     "`SLURM_JOB_ID` is another number in each element; the index is in `SLURM_ARRAY_TASK_ID`.")
    if missing:
        return wrong("folder-missing", f"there is no file `{folder}{missing[0]}/{result}`.",
                     f"`mkdir -p` makes the folder before something is written into it; array {job.id}'s own output is in "
                     f"`slurm-{job.id}_{missing[0]}.out`.")
    for index, value in expect["values"].items():
        found = text_of(Path(f"{folder}{index}", result)).strip()
        if found != str(value):
            return wrong("other-values", f"`{folder}{index}/{result}` holds {found[:30]!r}; the square of {index} is {value}.",
                         "`$(( i * i ))` is the square of `i`.")
    return None


@probe
def chained(expect):
    """Did a job wait for another one's good end, and do its work?

    expect: name, after (name of the job it waits for), variable (with that one's number), result
    (file), value (text in it).
    """
    job = newest_job(expect["name"])
    if job is None:
        return refused_dependency(expect)
    problem = link_problem(job, expect)
    if problem:
        return problem
    job, problem = finished(expect["name"])
    if problem:
        return problem
    found = text_of(expect["result"]).strip()
    if found != str(expect["value"]):
        return wrong("other-sum", f"`{expect['result']}` holds {found[:30]!r}, and the sum is {expect['value']}.",
                     "what does `cat point_*/value.txt` show?")
    first = newest_job(expect["after"]).id.split("_")[0]
    return right(f"job {job.id} began when array {first} had ended well, and the sum is {found}.", job=job.id)


def link_problem(job, expect):
    """The Finding when a job does not wait, or not for the good end of the right one; or None.  expect: after, as for chained."""
    first = newest_job(expect["after"])
    dependency = job.dependency
    if not dependency:
        # The accounts hear of a job when it may start, so let it: a job that waits says what for.
        if not job.over:
            wait_for(job)
        dependency = asked_for(submit_line(job.id), script_of(job.id)).get("dependency", "")
    if not dependency:
        return wrong("no-dependency", f"job {job.id} does not wait for any other job.",
                     "an option behind `%%sbatch`: `--dependency=`.")
    kind, _, number = re.sub(r"_\*|\(.*", "", dependency).partition(":")
    if kind != "afterok":
        return wrong("other-kind", f"job {job.id} waits by `{kind}`, which is not satisfied with a good end only.",
                     "`afterok` is for what makes sense only when the other job has ended well.")
    if first is None or number.split("_")[0] != first.id.split("_")[0]:
        return wrong("other-link", f"job {job.id} waits for {number}, which is not your newest {expect['after']}"
                     + (f" ({first.id})." if first else "."), "the number is in your variable from the step before; "
                     "a number that was typed by hand is soon an old one.")
    return None


def refused_dependency(expect):
    """The Finding when there is no job that could wait."""
    variable, name = expect["variable"], expect["name"]
    tried = typed.last(r"(dependency|-d)[= ]*after")
    source = tried.source if tried else ""
    head = source.lstrip("\n").split("\n")[0]
    if re.search(rf"after\w+:\{{{variable}\}}", source) and f"{{{variable}}}" not in head:
        return wrong("braces-in-script", "IPython fills in braces on the magic's own line only; the script below "
                     "goes to Slurm as it is.", "put the option on the first line, behind `%%sbatch`.")
    if re.search(rf"after\w+:{variable}\b", source):
        return wrong("name-for-number", f"Slurm was asked for a job with the number `{variable}`.",
                     "braces around the name of a variable make IPython fill in its value.")
    return open_task(f"Slurm knows no job called {name} of yours from this folder.")


@probe
def chain_broken(expect):
    """Was the reason found, and the job that can never start cancelled?

    expect: name (of that job), variable, reason.
    """
    job = newest_job(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours: run the cell above first.")
    value, variable = typed.variable(expect["variable"]), expect["variable"]
    if value is None:
        return open_task(f"there is no variable `{variable}` yet.")
    if isinstance(value, (list, tuple)):
        return wrong("list-of-reasons", f"`{variable}` is a list.", "take the one line out of it: `[0]`.")
    word = str(value).strip().strip("()")
    if word == "Dependency":
        return wrong("asked-too-early", "`Dependency` was the reason while the other job had not ended.",
                     "ask again: by now the scheduler knows that it has failed.")
    if word != expect["reason"]:
        return wrong("other-reason", f"{word[:40]!r} is not what stands in the parentheses for job {job.id}.",
                     "`squeue` shows it in the last column; `--format=%r` shows nothing else.")
    if not job.over:
        return wrong("left-in-queue", f"the reason is right; and job {job.id} still is in the queue, where it will stay for "
                     "ever.", "`scancel` and its number take it away.")
    return right(f"job {job.id} could never start, and you have taken it out of the queue.", job=job.id)


@probe
def element_cancelled(expect):
    """Was one element of an array cancelled, and no other?  expect: name, index, all (indices).

    An element that was cancelled before it started has no record of its own: it is missing.
    """
    job = newest_job(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours from this folder.")
    number, index = job.id.split("_")[0], expect["index"]
    known = elements(number)
    if not any("_" in element.id for element in known):
        return wrong("no-array-again", f"job {number} is not an array.", "submit the file `scan.sh`; its `#SBATCH` lines ask "
                     "for one.")
    left = {i for element in known if element.state != "CANCELLED" for i in indices(element.id)}
    cancelled = sorted(set(expect["all"]) - left)
    if not left:
        return wrong("whole-array", f"all elements of array {number} are cancelled: its number alone stands for all of them.",
                     "the element's number has an underscore and the index behind the array's.")
    if cancelled and cancelled != [index]:
        return wrong("other-element", f"cancelled is element {', '.join(map(str, cancelled))}; the task wants {index}.",
                     "the index is what stands behind the underscore in `squeue`.")
    if not cancelled:
        if all(element.over for element in known):
            return wrong("too-late", f"array {number} has ended, and none of its elements was cancelled.",
                         "submit it again, and cancel the element in the same cell.")
        return wrong("none-cancelled", f"no element of array {number} is cancelled.",
                     "`scancel` wants the array's number, an underscore and the index; a variable's name in braces.")
    return right(f"element {number}_{index} is cancelled, and the others are not.", element=f"{number}_{index}")
