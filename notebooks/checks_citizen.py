"""Probes of 08-good-citizen: asked and used, the login node, priority, and a job that starts sooner."""

import re
from numbers import Real

import checks_typed as typed
from checks_findings import open_task, probe, right, wrong
from checks_interactive import this_computer
from checks_jobs import finished, not_completed, text_of
from checks_slurm import answer, find_job, newest_job, run
from checks_wait import wait_for

UNITS = {"K": 1 / 1024, "M": 1, "G": 1024, "T": 1024 * 1024}


def megabytes(text):
    """Slurm's "2000M", "1.5G" or "307200K" as megabytes; None for what is no size."""
    match = re.match(r"([\d.]+)([KMGT]?)", text)
    return float(match.group(1)) * UNITS[match.group(2) or "M"] if match else None


def used(job_id):
    """(seconds a job has run, megabytes it has used at most), waiting some seconds for the accounts; (0, 0) if they say nothing."""
    for pause in (1, 2, 4, 8, 0):
        rows = [line.split("|") for line in
                answer("sacct", "-n", "-P", "-j", job_id, "-o", "ElapsedRaw,MaxRSS,State").splitlines()]
        sizes = [megabytes(row[1]) for row in rows if row[1]]
        if rows and sizes and rows[0][2] not in ("RUNNING", "COMPLETING"):
            return int(rows[0][0]), max(sizes)
        if pause:
            run("sleep", str(pause))
    return 0, 0


def memory_asked(job):
    """The megabytes that a job asked for, on one node."""
    told = answer("scontrol", "show", "job", "-o", job.id)
    match = re.search(r"MinMemory(?:Node|CPU)=(\S+)", told)
    return megabytes(match.group(1) if match else answer("sacct", "-n", "-X", "-P", "-j", job.id, "-o", "ReqMem").strip())


@probe
def usage_told(expect):
    """Do two variables say how long a job ran, and how much memory it used?  expect: name, seconds, megabytes (variables)."""
    job, problem = finished(expect["name"])
    if problem:
        return problem
    seconds, size = (typed.variable(expect[key]) for key in ("seconds", "megabytes"))
    if seconds is None or size is None:
        return open_task(f"there is no variable `{expect['seconds' if seconds is None else 'megabytes']}` yet.")
    if not all(isinstance(value, Real) for value in (seconds, size)):
        return wrong("text-for-number", "one of the two is no number.", "`int()` and `float()` make numbers of texts, once a letter such as `M` is gone.")
    ran, held = used(job.id)
    if not held:
        return open_task(f"the accounts don't say how much memory job {job.id} has used: its cluster does not measure it.")
    if round(seconds) == round((job.minutes or 0) * 60) or abs(size - memory_asked(job)) < 1:
        return wrong("asked-not-used", "that is what the job has asked for.", "`Elapsed` stands beside `Timelimit`, and `MaxRSS` beside `ReqMem`.")
    if seconds * 50 < ran:
        return wrong("minutes-for-seconds", f"{seconds:g} would be minutes.", "`Elapsed` is hours:minutes:seconds; `ElapsedRaw` is all in seconds.")
    if size > 500 * held:
        return wrong("kilobytes", f"{size:g} would be kilobytes.", "by 1024, or `--units=M`.")
    if not (abs(seconds - ran) <= 5 + ran / 5 and abs(size - held) <= 60 + held / 10):
        return wrong("other-usage", f"{seconds:g} seconds and {size:g} megabytes are not what the accounts say.",
                     f"`!sacct -j {job.id} --units=M --format=JobID,Elapsed,MaxRSS`")
    return right(f"of its {job.minutes / 60:g} hours job {job.id} has used {ran} seconds, of its {memory_asked(job):g} megabytes about "
                 f"{round(held, -2):g}.", job=job.id, seconds=ran)


@probe
def fits(expect):
    """Has the same work been asked for with care?  expect: name, after (the job that asked for too much), minutes [least, most], times
    (memory at least and at most, as multiples of what was used)."""
    before, job = newest_job(expect["after"]), newest_job(expect["name"])
    if before is None or job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours from this folder.")
    least, most = expect["minutes"]
    if job.minutes is None or job.minutes > most:
        return wrong("limit-too-wide", f"job {job.id} may run for {job.minutes or 'ever'} minutes.".replace(".0 ", " "),
                     f"at most {most} minutes are modest here. A bare number behind `-t` counts minutes, `a:b:c` is hours:minutes:seconds.")
    _, held = used(before.id)
    asked = memory_asked(job)
    if held and (not asked or asked > expect["times"][1] * held):
        return wrong("memory-too-wide", f"job {job.id} asks for {asked or 0:g} megabytes, and needs about {round(held, -2):g}.",
                     "`--mem` counts megabytes; what nobody uses nobody else can have.")
    if held and asked < expect["times"][0] * held:
        return wrong("no-margin", f"job {job.id} asks for {asked:g} megabytes, and needs {round(held, -2):g} or some more.",
                     "a bare number behind `--mem` counts megabytes, and where a cluster watches over memory, a job that goes beyond it is ended.")
    job, problem = finished(expect["name"])
    if problem:
        return problem
    if used(job.id)[1] < held / 2:
        return wrong("work-missing", f"job {job.id} has not done the work of {expect['after']}.", "the same program: `./use_memory 300 70`.")
    return right(f"job {job.id} has done the same work, with {job.minutes:g} minutes and {asked:g} megabytes.", job=job.id)


@probe
def placed(expect):
    """Did a script run on a node, and not here?  expect: name, script, file (what it has written), memory (megabytes asked for)."""
    newest = newest_job(expect["name"])
    if newest and not newest.over:
        problem = not_completed(wait_for(newest))
        if problem:
            return problem
    said = dict(re.findall(r"(\w+)=(\S*)", text_of(expect["file"])))
    if "node" not in said:
        return open_task(f"there is no `{expect['file']}`: `{expect['script']}` has not run to its end yet.")
    job = find_job(said["job"]) if said.get("job") else None
    if job is None:
        return wrong("on-login-node", f"`{expect['script']}` has run right here, on {said['node']}, and in no job.",
                     "`srun` in front of `bash`, with the options of the task, or `sbatch` in its place. In the background it would be here as well.")
    if said["node"] in this_computer() and said["node"].split(".")[0] not in job.nodes:
        return wrong("allocated-but-here", f"job {job.id} had a node, {job.nodes}, and `{expect['script']}` has run here, on {said['node']}.",
                     "salloc starts its command where you are; `srun` in front of it carries it to the node.")
    if memory_asked(job) != expect["memory"]:
        return wrong("memory-asked", f"job {job.id} has asked for {memory_asked(job) or 0:g} megabytes; the task wants {expect['memory']}.", "`--mem=`, in megabytes.")
    return right(f"it has run on {said['node']}, in job {job.id}.", job=job.id, node=said["node"])


@probe
def priority_told(expect):
    """Do two variables name the largest factor of a job's priority, and the own FairShare?  expect: job (its name), factor, fair (variables)."""
    job = newest_job(expect["job"])
    factor, fair = (typed.variable(expect[key]) for key in ("factor", "fair"))
    if job is None:
        return open_task(f"there is no job `{expect['job']}` of yours: run the cell that submits the three.")
    if factor is None or fair is None:
        return open_task(f"there is no variable `{expect['factor' if factor is None else 'fair']}` yet.")
    lines = answer("sprio", "-j", job.id).splitlines()
    if len(lines) < 2:
        return open_task(f"job {job.id} does not wait any more, and sprio only knows those that do: run the cell that submits the three again.")
    values = dict(zip(lines[0].split(), lines[1].split()))
    points = {name: int(value) for name, value in values.items() if value.lstrip("-").isdigit() and name not in ("JOBID", "PRIORITY")}
    if isinstance(factor, (list, tuple, int, float)) or str(factor).strip().isdigit():
        return wrong("number-for-name", "`factor` is not a name.", "the heading of the column, in quotes.")
    name = str(factor).strip().upper()
    if name not in points:
        return wrong("not-a-factor", f"{name[:30]!r} is none of the factors: they are {', '.join(points)}.", "the first line of what sprio prints.")
    if points[name] < max(points.values()):
        return wrong("other-factor", f"{name} has added {points[name]} points, another one more.", "compare the numbers below the headings.")
    if isinstance(fair, (list, tuple, str)):
        return wrong("text-for-number", "`fair` is no number.", "`float()` makes one of a text; `[0]` takes a line out of a list.")
    own = [float(line) for line in answer("sshare", "-U", "-n", "-P", "-o", "FairShare").split() if line.strip()]
    if not any(abs(fair - share) < 0.02 for share in own):
        return wrong("other-share", f"{fair:g} is not your FairShare.", "the last column of the line with your name.")
    counted = "FAIRSHARE" in points
    return right(f"{name} has added {points[name]} of the {values.get('PRIORITY', '')} points of job {job.id}; your FairShare is {fair:g}, and it "
                 f"{'counts' if counted else 'does not count'} on this cluster.", factor=name)


@probe
def started_sooner(expect):
    """Did a job start before the one in front of it, which nobody has stopped?

    expect: job, ahead (names of those in front of it), minutes (its limit at first), patience (seconds to wait for the scheduler).
    """
    job, ahead = newest_job(expect["job"]), [newest_job(name) for name in expect["ahead"]]
    if job is None or None in ahead:
        return open_task("there is no such queue yet: run the cell that submits the three.")
    if (job.minutes or 0) < expect["minutes"]:
        job = wait_for(job, expect["patience"])
    if job.state == "TIMEOUT":
        return not_completed(job)
    start = times(job)[0]
    for other in map(find_job, (other.id for other in ahead)):
        if other.reason == "JobHeldUser" or (other.state == "CANCELLED" and (not start or times(other)[1] <= start)):
            return wrong("others-stopped", f"job {other.id}, `{other.name}`, has been stopped: that leaves no gap to use, but an empty queue.",
                         "run the cell that submits the three again, and change nothing but what `small` asks for.")
    if job.state == "PENDING":
        return still_waits(job, expect)
    if job.state != "COMPLETED":
        return not_completed(job)
    began = times(find_job(ahead[-1].id))[0]
    if began and began < start:
        return open_task(f"`{ahead[-1].name}` has had its turn by now, and so has `{job.name}`: run the cell that submits the three again.")
    return right(f"job {job.id} started at {start[-8:]}, while job {ahead[-1].id} in front of it was still waiting.", minutes=f"{job.minutes:g}")


def still_waits(job, expect):
    """The Finding for a job that has not started."""
    tried = typed.last(r"scontrol\s+update|scancel")
    source = tried.source.lower() if tried else ""
    if (job.minutes or 0) > expect["minutes"]:
        return wrong("limit-raised", f"job {job.id} now asks for {job.minutes:g} minutes, more than before.",
                     "a bare number counts minutes, `a:b` is minutes:seconds.")
    if (job.minutes or 0) < expect["minutes"]:
        return wrong("limit-still-too-long", f"job {job.id} asks for {job.minutes:g} minutes, and would still be in the way when `{expect['ahead'][0]}` ends.",
                     "how long does it really need? `!scontrol show job NUMBER` shows its command.")
    if "nice" in source or "priority" in source:
        return wrong("nice-negative", "only the administrators of a cluster may give a job more priority than it has.", "what you may always change is what it asks for.")
    return open_task(f"job {job.id} still asks for {expect['minutes']} minutes, and waits ({job.reason}).")


def times(job):
    """(start, end) of a Job as Slurm writes times; "" for what has not been."""
    told = answer("scontrol", "show", "job", "-o", job.id)
    start, end = (re.search(rf"{word}=(\S+)", told) for word in ("StartTime", "EndTime"))
    row = [start.group(1), end.group(1)] if start else answer("sacct", "-n", "-X", "-P", "-j", job.id, "-o", "Start,End").strip().split("|")
    return [value if job.state != "PENDING" and re.match(r"\d{4}-", value) else "" for value in row]
