"""Probes of 04-what-went-wrong: what became of jobs that failed."""

import re

import checks_typed as typed
from checks_citizen import memory_asked
from checks_findings import open_task, probe, right, wrong
from checks_jobs import finished, not_completed, text_of
from checks_slurm import find_job, own_jobs
from checks_wait import wait_for

SHORT = {"TO": "TIMEOUT", "F": "FAILED", "CA": "CANCELLED", "CD": "COMPLETED", "OOM": "OUT_OF_MEMORY", "PD": "PENDING", "R": "RUNNING"}


def first_job(name):
    """The oldest Job of that name, or None."""
    numbers = [number for number, called in own_jobs().items() if called == name]
    return find_job(str(min(numbers))) if numbers else None


@probe
def states_told(expect):
    """Does a dictionary say how each of the jobs ended?  expect: variable, names."""
    value, variable = typed.variable(expect["variable"]), expect["variable"]
    if value is None:
        return open_task(f"there is no variable `{variable}` yet.")
    if not isinstance(value, dict):
        return wrong("no-dictionary", f"`{variable}` is no dictionary.", 'write `{"long": "...", "crash": "..."}`.')
    for name in expect["names"]:
        job = first_job(name)
        if job is None:
            return open_task(f"Slurm knows no job called {name} of yours: run the cell that submits the six.")
        if name not in value:
            return wrong("name-missing", f"`{variable}` says nothing about `{name}`.", "an entry for each of them.")
        job = wait_for(job)
        said = str(value[name]).strip()
        if re.fullmatch(r"\d+:\d+", said):
            return wrong("exit-code-told", f"{said} is the exit code of `{name}`.", "the column `State` has the word.")
        if said in SHORT:
            return wrong("short-form", f"`{said}` is the short form that `squeue` uses.",
                         "`sacct` writes the state out in full.")
        if said != job.state:
            return wrong("other-state", f"`{name}` did not end as {said[:30]!r}.",
                         f"`!sacct -X -j {job.id} --format=JobName,State%20`")
    return right("they have ended as you say.")


@probe
def mended(expect):
    """Was a job that failed submitted again, and does it work now?  Waits for it.

    expect: name, result (a file), value (regular expression for its text), most (minutes); and where it matters
    complaint (regular expression that its output must not match), megabytes (that it may ask for).
    """
    name = expect["name"]
    first = first_job(name)
    if first is None:
        return open_task(f"Slurm knows no job called {name} of yours: run the cell that submits the six.")
    job, problem = finished(name)
    if job.id == first.id:
        return open_task(f"job {job.id} is the first `{name}`; it has not been submitted again.")
    if problem and job.state == first.state and (job.state != "FAILED" or job.exit == first.exit):
        return wrong("same-again", f"job {job.id} has ended as the one before: {job.state}, exit code {job.exit}.",
                     "nothing has changed that matters. What did the first one lack?")
    if problem:
        return problem
    return done_problem(job, expect) or right(f"job {job.id}, `{name}`, has ended well now, and its result is there.", job=job.id)


def done_problem(job, expect):
    """The Finding for a job that ended well, but not as it was meant, or None."""
    if not re.search(expect["value"], text_of(expect["result"])):
        return wrong("work-missing", f"job {job.id} has ended without an error, and `{expect['result']}` does not hold what it "
                     "should.", "a failure that is hidden is still one: the script's commands have to succeed.")
    output = text_of(job.stdout or f"slurm-{job.id}.out")
    if "complaint" in expect and re.search(expect["complaint"], output):
        return wrong("error-ignored", f"job {job.id} has gone on after an error. Its output says: `{output.strip().splitlines()[0][:100]}`",
                     "mend what the message complains about: a script that ignores it is not mended.")
    asked = memory_asked(job) if "megabytes" in expect else None
    if asked is not None and not 0 < asked <= expect["megabytes"]:
        return wrong("memory-too-wide", f"job {job.id} asks for {f'{asked:g} megabytes' if asked else 'all the memory of its node'}.",
                     f"what it uses and a margin: at most {expect['megabytes']} here.")
    if job.minutes is None or job.minutes > expect["most"]:
        return wrong("limit-too-wide", f"job {job.id} may run for {job.minutes or 'ever'} minutes.".replace(".0 ", " "),
                     f"ask for what it needs and some margin: at most {expect['most']} minutes here. A bare number counts minutes.")
    return None


@probe
def taken_now(expect):
    """Were the jobs that Slurm had refused taken, and did they do their work?  expect: jobs, each as for mended."""
    for entry in expect["jobs"]:
        job, problem = finished(entry["name"])
        if job is None:
            tried = typed.last(rf"sbatch.*\b{entry['name']}\.sh")
            if tried:
                return wrong("refused-again", f"there still is no job `{entry['name']}`: Slurm has refused it again.",
                             "its message stands below the cell in which you have submitted it.")
            return open_task(f"there is no job `{entry['name']}` yet.")
        problem = problem or not_completed(job) or done_problem(job, entry)
        if problem:
            return problem
    return right("Slurm has taken it, and it has done its work.")
