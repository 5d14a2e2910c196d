"""Job dependencies: reading --dependency and telling whether they hold.

Source: sbatch(1), --dependency.
"""

from ..common import job_array
from ..common.parse_time import atoi, is_number, whole
from ..common.records import ACTIVE, ENDED, PENDING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..common.records import Job
    from .state import State

    # (kind, job, task, minutes), see parse
    Item = tuple[str, int | None, int | str | None, int]
    # function (job id, task) -> jobs, see state
    Find = Callable[[Any, Any], list[Job]]

MET, WAITING, NEVER = "met", "waiting", "never"

KINDS = ("after", "afterany", "afterburstbuffer", "aftercorr", "afternotok", "afterok", "expand",
         "singleton")


class BadDependency(ValueError):
    """The text is not a dependency, or names a job that does not exist."""


# "every task of the array", written 12_*
ALL_TASKS = "*"


def parse(text: str) -> "tuple[str, list[Item]]":
    """"afterok:12:13,singleton" -> (separator, [(kind, job, task, minutes)]).

    job is None for singleton; task None for a job, or ALL_TASKS.  One "?" makes every comma
    mean "or", as in slurmctld.  Raises BadDependency.
    """
    separator = "?" if "?" in text else ","
    items: "list[Item]" = []
    for part in _outside_brackets(text.replace("?", ",")):
        kind, *ids = part.split(":")
        if not ids and is_number(kind[:1]):
            kind, ids = "afterany", [kind]      # as in old times: a job's number alone
        kind = kind.lower()
        if kind not in KINDS or (not ids) != (kind == "singleton"):
            raise BadDependency(text)
        if kind == "singleton":
            items.append((kind, None, None, 0))
        for one in ids:
            items += _jobs(kind, one)
    return separator, list(dict.fromkeys(items))


def _outside_brackets(text: str) -> "list[str]":
    """Split at the commas that are not in brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _jobs(kind: str, text: str) -> "list[Item]":
    """"12", "12_3", "12_*", "12_[1-3]", "12+5" -> the items meant."""
    from ..common import job_array
    one, plus, minutes = text.partition("+")
    job, under, task = one.partition("_")
    if not is_number(job) or not atoi(job):
        raise BadDependency(text)
    if plus and (not is_number(minutes) or not whole(minutes)):
        raise BadDependency(text)
    delay = whole(minutes) if plus else 0
    if not under:
        return [(kind, atoi(job), None, delay)]
    if task == ALL_TASKS:
        return [(kind, atoi(job), ALL_TASKS, delay)]
    try:
        tasks = job_array.parse(task)[0]
    except job_array.BadArray:
        raise BadDependency(text) from None
    if len(tasks) > 1 and not task.startswith("["):
        raise BadDependency(text)
    return [(kind, atoi(job), number, delay) for number in tasks]


def written(text: str, is_array: "Callable[[int], bool]") -> str:
    """A dependency as slurmctld writes it from the start: "afterok:12_*(unfulfilled)".

    is_array(job id): is it that of an array?  Raises BadDependency.
    """
    separator, items = parse(strip_marks(text))
    return separator.join(
        text_of((kind, job, ALL_TASKS if task is None and job and is_array(job) else task, minutes),
                WAITING) for kind, job, task, minutes in items)


def state(job: "Job", now: int, find: "Find") -> "tuple[str, str]":
    """Does a job's dependency hold? MET, WAITING or NEVER, and the text of what is left. now:
    seconds since the epoch. Raises BadDependency.

    `find(job_id, task)` gives the jobs meant: [] when the controller does not know
    them any more; `find(None, job)` gives the singleton's rivals.
    """
    if not job.dependency:
        return MET, ""
    separator = "?" if "?" in job.dependency else ","
    left, verdicts = [], []
    for part in _outside_brackets(job.dependency.replace("?", ",")):
        # what has failed stays so, even when the job it was about is forgotten
        failed = part.endswith("(failed)")
        for item in parse(strip_marks(part))[1]:
            verdict = NEVER if failed else _one(item, job, now, find)
            verdicts.append(verdict)
            if verdict != MET:
                left.append(text_of(item, verdict))
    if separator == "?" and MET in verdicts:
        return MET, ""
    if separator == "," and NEVER in verdicts or verdicts and all(v == NEVER for v in verdicts):
        return NEVER, separator.join(left)
    return (WAITING, separator.join(left)) if left else (MET, "")


def strip_marks(text: str) -> str:
    """"afterok:12(unfulfilled)" -> "afterok:12"."""
    for mark in ("(unfulfilled)", "(failed)", "(null)"):
        text = text.replace(mark, "")
    return text


def text_of(item: "Item", verdict: str) -> str:
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


def _one(item: "Item", job: "Job", now: int, find: "Find") -> str:
    kind, other, task, minutes = item
    if kind == "singleton":
        return WAITING if find(None, job) else MET
    if kind == "aftercorr" and job.array_task is not None and find(other, job.array_task):
        task = job.array_task
    jobs = find(other, None if task == ALL_TASKS else task)
    if not jobs:
        return MET                       # Slurm has forgotten the job, or never knew it
    if kind == "after":
        begun = all(j.phase > PENDING for j in jobs)
        late = max((j.start_time for j in jobs), default=0) + minutes * 60
        return MET if begun and now >= late else WAITING
    if any(j.phase < ENDED for j in jobs):
        return WAITING
    good = all(j.state == "COMPLETED" for j in jobs)
    if kind in ("afterok", "aftercorr"):
        return MET if good else NEVER
    if kind == "afternotok":
        return NEVER if good else MET
    return MET


def find_jobs(ctl: "State", job_id: "int | None", task: "Any") -> "list[Job]":
    """The jobs that a dependency means, as `state` asks for them: job_id None for the rivals of a
    singleton, then `task` is the Job that waits."""
    if job_id is None:
        from ..store.queue import same_name
        return [r for r in same_name(ctl.store, task) if not (task.array_id and r.array_id == task.array_id)
                and (r.phase == ACTIVE or r.id < task.id)]
    array = ctl.store.array_jobs(job_id, purged=False)
    if task is not None:
        return ([j for j in array if j.array_task == task]
                or [j for j in array if j.array_tasks and task in job_array.unpack(j.array_tasks)])
    if array:
        return array
    job = ctl.store.job(job_id)
    return [job] if job and job.phase <= ENDED else []
