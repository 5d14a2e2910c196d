"""The orders of squeue -S.

Slurm's lists are sorted by glibc's qsort, a stable merge sort, once per letter from
the last to the first.  Source: squeue(1), --sort; src/squeue/sort.c for ties.
"""

from _operator import attrgetter

from ...common.hostlist import host_key
from ...common.records import INFINITE, STATE_CODES
from ...slurmctld import job_info as values
from .print import LETTERS

_FAR = 1 << 40


def _number(value):
    return _FAR if value is None or value < 0 else value


def _time_left(job, view):
    limit = values.time_limit(job, view)
    return _FAR if limit == INFINITE else limit * 60 - values.time_used(job, view.now)


def _id(job, view):
    if job.het_id:
        return job.het_id, job.het_offset
    if job.array_task is not None:
        return job.array_id, job.array_task
    return job.id, _FAR


def _attribute(name):
    return name, name


def _optional(name):
    return (lambda job, view: _number(getattr(job, name))), name


# letter: (key function (job, view) or name of the column, columns that it reads)
KEYS = {
    "B": _attribute("batch_host"),
    "C": (lambda job, view: values.cpus(job), LETTERS["C"].needs),
    "d": _attribute("min_tmp_disk"),
    "D": (lambda job, view: values.nodes(job, view), LETTERS["D"].needs),
    "e": (lambda job, view: values.end_time(job, view), LETTERS["e"].needs),
    "g": _attribute("group_name"),
    "G": _attribute("gid"),
    "H": _optional("sockets_per_node"),
    "i": (_id, "id array_id array_task het_id"),
    "I": _optional("cores_per_socket"),
    "j": _attribute("name"),
    "J": _optional("threads_per_core"),
    "l": (lambda job, view: _number(values.time_limit(job, view)), LETTERS["l"].needs),
    "L": (_time_left, LETTERS["L"].needs),
    "m": (lambda job, view: values.min_memory(job, view)[0], LETTERS["m"].needs),
    "M": (lambda job, view: values.time_used(job, view.now), LETTERS["M"].needs),
    "N": (lambda job, view: host_key(job.nodelist), "nodelist"),
    "P": _attribute("partition"),
    "t": (lambda job, view: STATE_CODES[job.state], "state"),
    "T": _attribute("state"),
    "u": _attribute("user"),
    "U": _attribute("uid"),
    "v": _attribute("reservation"),
    "V": _attribute("submit_time"),
    "z": (lambda job, view: (_number(job.sockets_per_node), _number(job.cores_per_socket),
                             _number(job.threads_per_core)), LETTERS["z"].needs),
}
PRIORITY = "pQ"
START = "S"
ACCEPTED = "cfhnO"       # taken without effect


class BadSort(ValueError):
    """A letter that squeue cannot sort by."""


def plan(text):
    """"P,t,-p" -> [(letter, reverse)] from the last to the first. Raises BadSort."""
    steps, i = [], len(text) - 1
    while i >= 0:
        letter = text[i]
        if letter in ",+-":
            i -= 1
            continue
        reverse = i > 0 and text[i - 1] == "-"
        if text[max(0, i - 6):i + 1].lower() == "cluster":
            i -= 7               # one cluster: nothing to sort by
            continue
        if letter == "b":
            steps.append((letter, False))
        elif letter in KEYS or letter in PRIORITY or letter == START:
            steps.append((letter, reverse))
        elif letter not in ACCEPTED:
            raise BadSort(letter)
        i -= 1
    return steps


def needs(steps):
    """Columns that these steps and the listing order read."""
    found = {"id", "array_id", "array_task", "state", "start_time", "expected_start", "begin_time"}
    for letter, _ in steps:
        if letter in KEYS:
            found.update(KEYS[letter][1].split())
        elif letter in PRIORITY:
            found.update(("priority", "partition"))
    return found


def start_key(job, now):
    """The start time by which a job is sorted; 0: not known."""
    if job.state == "PENDING" and not job.expected_start and job.begin_time <= now:
        return 0
    start = values.start_time(job, now)
    return now if job.state == "PENDING" and 0 < start < now else start


def by_start(jobs, now, reverse):
    """By start time; jobs without one last, in reversed order (as the original's
    comparison, which never calls two of those equal, leaves them)."""
    known, unknown = [], []
    for job in jobs:
        start = start_key(job, now)
        if start:
            known.append((start, job))
        else:
            unknown.append(job)
    known.sort(key=lambda pair: pair[0], reverse=reverse)
    unknown.reverse()
    return [job for _, job in known] + unknown


# How squeue sorts when nothing is said.
DEFAULT = "P,t,-p"


def default_key(partition, code, priority, start, place):
    """The key by which DEFAULT sorts a job; `place` is its own in slurmctld's list."""
    return partition, code, -priority, *((0, -start, place) if start else (1, 0, -place))


def arrange(jobs, steps, view, tiers=None):
    """Jobs as slurmctld lists them -> the order in which squeue prints them.

    tiers: {partition: PriorityTier} with --priority, where it counts before the priority.
    """
    jobs = by_start(jobs, view.now, True)
    for letter, reverse in steps:
        if letter == START:
            jobs = by_start(jobs, view.now, reverse)
        elif letter in PRIORITY:
            if tiers:
                jobs.sort(key=lambda j: (tiers.get(j.partition, 1), j.priority), reverse=reverse)
            else:
                jobs.sort(key=attrgetter("priority"), reverse=reverse)
        elif letter == "N":
            # like by_start: those without a node are never equal
            somewhere = [job for job in jobs if job.nodelist]
            nowhere = [job for job in reversed(jobs) if not job.nodelist]
            somewhere.sort(key=lambda j: host_key(j.nodelist), reverse=reverse)
            jobs = nowhere + somewhere if reverse else somewhere + nowhere
        elif letter in KEYS:
            key = KEYS[letter][0]
            jobs.sort(key=attrgetter(key) if isinstance(key, str) else lambda j: key(j, view),
                      reverse=reverse)
    return jobs
