"""Job dependencies: reading --dependency and telling whether they hold.

Source: sbatch(1), --dependency.
"""

MET, WAITING, NEVER = "met", "waiting", "never"

KINDS = ("after", "afterany", "afterburstbuffer", "aftercorr", "afternotok", "afterok", "expand",
         "singleton")


class BadDependency(ValueError):
    """The text is not a dependency, or names a job that does not exist."""


def parse(text):
    """"afterok:12:13,singleton" -> (separator, [(kind, job, task, minutes)]).

    job is None for singleton; task None for a whole job or array.
    """
    if "," in text and "?" in text:
        raise BadDependency(text)
    separator = "?" if "?" in text else ","
    items = []
    for part in text.split(separator):
        kind, *ids = part.split(":")
        kind = kind.strip()
        if kind not in KINDS or (not ids) != (kind == "singleton"):
            raise BadDependency(text)
        if kind == "singleton":
            items.append((kind, None, None, 0))
        for one in ids:
            one, plus, minutes = one.partition("+")
            job, under, task = one.partition("_")
            if not job.isdecimal() or (under and not (task.isdecimal() or task == "*")):
                raise BadDependency(text)
            if plus and (kind != "after" or not minutes.isdecimal()):
                raise BadDependency(text)
            items.append((kind, int(job), int(task) if task.isdecimal() else None,
                          int(minutes) if plus else 0))
    return separator, items


def state(job, now, find):
    """Does a job's dependency hold? MET, WAITING or NEVER, and the text of what is left.

    `find(job_id, task)` gives the jobs meant: [] when the controller does not know
    them any more; `find(None, job)` gives the singleton's rivals.
    """
    if not job.dependency:
        return MET, ""
    separator, items = parse(strip_marks(job.dependency))
    left, verdicts = [], []
    for item in items:
        verdict = _one(item, job, now, find)
        verdicts.append(verdict)
        if verdict != MET:
            left.append(text_of(item, verdict))
    if separator == "?" and MET in verdicts:
        return MET, ""
    if separator == "," and NEVER in verdicts or verdicts and all(v == NEVER for v in verdicts):
        return NEVER, separator.join(left)
    return (WAITING, separator.join(left)) if left else (MET, "")


def strip_marks(text):
    """"afterok:12(unfulfilled)" -> "afterok:12"."""
    for mark in ("(unfulfilled)", "(failed)", "(null)"):
        text = text.replace(mark, "")
    return text


def text_of(item, verdict):
    """One dependency as scontrol show job prints it."""
    kind, job, task, minutes = item
    mark = "(failed)" if verdict == NEVER else "(unfulfilled)"
    if kind == "singleton":
        return kind + mark
    text = f"{kind}:{job}"
    if task is not None:
        text += f"_{task}"
    if minutes:
        text += f"+{minutes}"
    return text + mark


def _one(item, job, now, find):
    kind, other, task, minutes = item
    if kind == "singleton":
        return WAITING if find(None, job) else MET
    if kind == "aftercorr" and job.array_task is not None and task is None:
        task = job.array_task
    jobs = find(other, task)
    if not jobs:
        # Slurm has forgotten the job: only "it went wrong" can not be known any more
        return NEVER if kind == "afternotok" else MET
    if kind == "after":
        begun = all(j.start_time or j.state == "CANCELLED" for j in jobs)
        late = max((j.start_time for j in jobs), default=0) + minutes * 60
        return MET if begun and now >= late else WAITING
    over = [j for j in jobs if j.phase >= 2]
    good = [j for j in over if j.state == "COMPLETED"]
    bad = [j for j in over if j.state != "COMPLETED"]
    if kind in ("afterok", "aftercorr"):
        if bad:
            return NEVER
        return MET if len(good) == len(jobs) else WAITING
    if kind == "afternotok":
        if len(over) < len(jobs):
            return WAITING
        return MET if bad else NEVER
    return MET if len(over) == len(jobs) else WAITING
