"""What time brings: when the next thing happens by itself, and which jobs are due at a moment.

Each question takes the store first.  Moments are seconds since the epoch on the cluster's clock.
Where an index is named, see queue.py.
"""

from ..common.records import ACTIVE, ALLOC, BATCH, PENDING, SIMULATED, Job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .store import Store

# Of the running jobs all is asked in one go; of the waiting ones each by its own index.
_NEXT = f"""
SELECT running.*,
    (SELECT MIN(begin_time) FROM jobs INDEXED BY jobs_begin
     WHERE phase={PENDING} AND begin_time>0 AND begin_time>?),
    (SELECT MIN(deadline) FROM jobs INDEXED BY jobs_deadline
     WHERE phase={PENDING} AND deadline>0 AND hold=''),
    (SELECT MIN(start_time) FROM reservations WHERE start_time>?),
    (SELECT MIN(end_time) FROM reservations WHERE end_time>?),
    EXISTS (SELECT 1 FROM jobs INDEXED BY jobs_dependent
            WHERE phase={PENDING} AND dependency<>'' AND dependency LIKE '%after:%+%')
FROM (SELECT
    MIN(CASE WHEN kind='{SIMULATED}' THEN start_time+sim_seconds END),
    MIN(CASE WHEN kind<>'{SIMULATED}' AND state='RUNNING' AND end_time>0
        THEN end_time+over_time END),
    MIN(CASE WHEN state='RUNNING' AND warn_time>0 THEN warn_time END),
    MIN(CASE WHEN state='RUNNING' AND mail_time>0 THEN mail_time END),
    MIN(CASE WHEN state='COMPLETING' AND kill_time>0 THEN kill_time END)
    FROM jobs WHERE phase={ACTIVE}) AS running
"""


def next_moment(store: "Store", done: int) -> "int | None":
    """When the next thing happens by itself, as jobs and reservations tell; None if nothing will.
    What jobs that run still have to come may be overdue; of times at which others may begin and of
    reservations only those after `done` count, up to which all has happened. Who waits for some
    minutes after another's start (after:12+5) is looked at every full minute."""
    *moments, minutes = store.ask(_NEXT, (done, done, done))[0]
    if minutes:
        moments.append((max(done, 0) // 60 + 1) * 60)
    return min([moment for moment in moments if moment], default=None)


# ---- due at a moment ----------------------------------------------------------

def simulated_ends(store: "Store", moment: int) -> "list[Job]":
    """Simulated jobs that have run for as long as they will, by id."""
    return store.select(Job, f"WHERE phase={ACTIVE} AND kind=? AND start_time+sim_seconds<=? "
                        "ORDER BY id", (SIMULATED, moment))


def warnings(store: "Store", moment: int) -> "list[Job]":
    """Running jobs to which the signal of --signal is due."""
    return store.select(Job, f"WHERE phase={ACTIVE} AND state='RUNNING' AND warn_time>0 "
                        "AND warn_time<=?", (moment,))


def mails(store: "Store", moment: int) -> "list[Job]":
    """Running jobs of whose time limit a part is over that is to be told by mail."""
    return store.select(Job, f"WHERE phase={ACTIVE} AND state='RUNNING' AND mail_time>0 "
                        "AND mail_time<=?", (moment,))


def over_limit(store: "Store", moment: int) -> "list[Job]":
    """Running jobs, but for simulated ones, whose time limit and OverTimeLimit are over, by id."""
    return store.select(Job, f"WHERE phase={ACTIVE} AND kind<>? AND state='RUNNING' AND end_time>0 "
                        "AND end_time+over_time<=? ORDER BY id", (SIMULATED, moment))


def to_kill(store: "Store", moment: int) -> "list[Job]":
    """Jobs that were told to end, and whose KillWait is over."""
    return store.select(Job, f"WHERE phase={ACTIVE} AND state='COMPLETING' AND kill_time>0 "
                        "AND kill_time<=?", (moment,))


def deadlines(store: "Store", moment: int) -> "list[Job]":
    """Waiting jobs whose --deadline has come and that nobody holds, the highest priority first."""
    return store.select(Job, f"INDEXED BY jobs_deadline WHERE phase={PENDING} AND deadline>0 "
                        "AND deadline<=? AND hold='' ORDER BY priority DESC, id", (moment,))


# ---- jobs and the processes that own them ---------------------------------------

# Of a heterogeneous job the leader's owner has all components.
_LED = "coalesce(het_offset, 0)=0"


def unlaunched(store: "Store", limit: int = -1) -> "list[int]":
    """Ids of batch jobs that were started and that no supervisor has entered as taken, by id. One
    whose end was asked for meanwhile is among them: its supervisor tells its end."""
    found = store.ask(f"SELECT id FROM jobs WHERE phase={ACTIVE} AND kind=? AND launched=0 AND "
                      "state IN ('RUNNING', 'COMPLETING') ORDER BY id LIMIT ?", (BATCH, limit))
    return [job_id for job_id, in found]


def owned(store: "Store") -> "list[int]":
    """Ids of the jobs that must have an owner that lives: batch jobs from when they are launched,
    allocations from the beginning."""
    found = store.ask(
        f"SELECT id FROM jobs WHERE phase={ACTIVE} AND (launched=1 OR launched=0 AND kind=?) "
        f"AND kind<>? AND {_LED}", (ALLOC, SIMULATED))
    return [job_id for job_id, in found]


def with_processes(store: "Store") -> "list[Job]":
    """The jobs that run, but for simulated ones; of a heterogeneous job only the leader."""
    return store.select(Job, f"WHERE phase={ACTIVE} AND kind<>? AND {_LED}", (SIMULATED,))
