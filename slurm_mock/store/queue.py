"""What the scheduler asks of the jobs that wait, and of those that stand beside them.

Each question takes the store first.  Times are seconds since the epoch on the cluster's clock.
Few of the jobs that wait do so for a time, a deadline or another job, and each of these has an
index of its own.  It is named in the question: left to itself SQLite would read the whole queue.
The phase then stands in the SQL itself, not beside it: else SQLite could not tell that the index
has all jobs that are asked for.
"""

from ..common.records import ACTIVE, ENDED, PENDING, SIMULATED, Job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .store import Store


def build_job_queue(store: "Store", now: int, depth: int,
                    without: "Sequence[str]" = ()) -> "list[Job]":
    """Up to `depth` waiting jobs that are neither held nor wait for a time, another job or other
    components, the highest priority first; without: not those that ask for one of these
    partitions, or lists of partitions, in the words of Job.partition."""
    marks = ",".join("?" * len(without))
    return store.select(
        Job, f"WHERE phase={PENDING} AND priority>0 AND begin_time<=? AND dependency='' "
        f"AND het_id=0 AND partition NOT IN ({marks}) ORDER BY priority DESC, id LIMIT ?",
        (now, *without, depth))


def next_start(store: "Store", now: float) -> float:
    """When the first of the jobs may start of which their submitters shall know first; 0 if none is to come
    after `now`."""
    (found,) = store.ask(f"SELECT MIN(start_after) FROM jobs INDEXED BY jobs_start WHERE phase={PENDING} "
                         "AND start_after>0 AND start_after>?", (now,))[0]
    return found or 0.0


def rivals(store: "Store", job: "Job", now: int) -> "list[tuple[str, str, bool]]":
    """(partition, reason, does it ask for a reservation?) of the jobs that could begin by now and
    come before `job`, each sort once."""
    found = store.ask(
        f"SELECT DISTINCT partition, reason, reservation<>'' FROM jobs WHERE phase={PENDING} AND "
        "priority>=? AND id<>? AND begin_time<=? AND dependency=''", (job.priority, job.id, now))
    return [(partition, reason, bool(reserved)) for partition, reason, reserved in found]


def dependents(store: "Store") -> "list[Job]":
    """Jobs that wait for others and are not held, the highest priority first."""
    return store.select(Job, f"INDEXED BY jobs_dependent WHERE phase={PENDING} AND dependency<>'' "
                        "AND priority>0 ORDER BY priority DESC, id")


def same_name(store: "Store", job: "Job") -> "list[Job]":
    """The owner's other jobs of the same name that wait or run (--dependency=singleton)."""
    return store.select(Job, f"WHERE phase<{ENDED} AND name=? AND uid=? AND id<>?",
                        (job.name, job.uid, job.id))


def tasks_put_back(store: "Store", now: int) -> "list[Job]":
    """Tasks of arrays with a limit (--array=...%N) that run alone from now on, since they were
    requeued or are the last, and that may not begin before a later time."""
    return store.select(Job, f"INDEXED BY jobs_begin WHERE phase={PENDING} AND begin_time>0 AND "
                        "begin_time>? AND array_task IS NOT NULL AND array_limit>0 AND priority>0 "
                        "AND dependency=''", (now,))


def running_tasks(store: "Store", array_id: int) -> int:
    """How many tasks of an array hold nodes."""
    count: int = store.ask(f"SELECT COUNT(*) FROM jobs WHERE phase={ACTIVE} AND array_id=?",
                           (array_id,))[0][0]
    return count


def components_wait(store: "Store") -> bool:
    """Does a heterogeneous job wait?"""
    return bool(store.ask(f"SELECT 1 FROM jobs WHERE phase={PENDING} AND het_id>0 LIMIT 1"))


def waiting_components(store: "Store") -> "list[Job]":
    """The waiting components of all heterogeneous jobs, the highest priority first."""
    return store.select(Job, f"WHERE phase={PENDING} AND het_id>0 ORDER BY priority DESC, id")


def waiting_of(store: "Store", uid: int, partition: str) -> "list[Job]":
    """A user's waiting jobs that ask for this partition alone and are not held, by id."""
    return store.select(Job, f"WHERE phase={PENDING} AND uid=? AND priority>0 AND partition=? "
                        "ORDER BY id", (uid, partition))


def computed(store: "Store") -> "list[Job]":
    """Waiting jobs whose priority is the computed one: not held, and none that somebody gave."""
    return store.select(Job, f"WHERE phase={PENDING} AND priority>0 AND direct_priority=0")


def eligible(store: "Store", now: int) -> "list[Job]":
    """Waiting jobs that are not held, were found eligible and could begin by now, by id."""
    return store.select(Job, f"WHERE phase={PENDING} AND priority>0 AND eligible_time>0 AND "
                        "begin_time<=? ORDER BY id", (now,))


def counts(store: "Store") -> "dict[tuple[bool, int], int]":
    """{(simulated?, phase): how many records}, of jobs that wait and run."""
    found = store.ask(f"SELECT kind=?, phase, COUNT(*) FROM jobs WHERE phase<{ENDED} GROUP BY 1, 2",
                      (SIMULATED,))
    return {(bool(simulated), phase): count for simulated, phase, count in found}
