"""Probes of a job: was it submitted as the task asks, has it ended, and how?"""

import re
from pathlib import Path

import checks_typed as typed
from checks_findings import blamed, open_task, probe, right, wrong
from checks_script import Mistake, commands, directive_mistake, not_a_script
from checks_slurm import find_job, newest_job, script_of
from checks_wait import STUCK, wait_for


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
    if job.partition and job.partition != expect["partition"]:
        return Mistake("other-partition", f"job {job.id} is for the partition `{job.partition}`.",
                       f"the task wants the partition {expect['partition']}: the option is `-p`.")
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
    job, problem = finished(expect["name"])
    return problem or right(f"job {job.id} has ended: COMPLETED, with exit code {job.exit}.", job=job.id)


def finished(name):
    """Wait for the newest job of that name: (Job or None, Finding of what is wrong or None)."""
    job = newest_job(name)
    if job is None:
        return None, open_task(f"Slurm knows no job called {name} of yours from this folder.")
    job = wait_for(job)
    return job, not_completed(job)


def not_completed(job):
    """The Finding for a job that has not (yet) ended well, or None."""
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
        return None
    if job.state == "TIMEOUT":
        return wrong("timeout", f"{number} reached its time limit, and Slurm ended it: TIMEOUT.",
                     "which of its commands takes longer than the limit allows? Submit it again as the task has it.")
    if job.state == "CANCELLED":
        return wrong("cancelled", f"{number} was cancelled before its end: CANCELLED.", "submit it once more.")
    if job.state == "FAILED":
        return wrong("failed", f"{number} ended with exit code {job.exit}: FAILED.{error_tail(job)}",
                     "an exit code other than 0 comes from the last command of the script.")
    return wrong("ended-badly", f"{number} ended as {job.state}.{error_tail(job)}", "submit it once more.")


def error_tail(job):
    """The last line of the job's error file, as a sentence, or ""."""
    lines = text_of(job.stderr).strip().splitlines()
    return f" Its last error message: `{lines[-1]}`" if lines else ""


def text_of(path):
    """What a file holds; "" when it can't be read."""
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""
