"""What accounting keeps of jobs, and asks of them: those that ended, were purged, or ran anew.

Each function takes the store first.  Times are seconds since the epoch on the cluster's clock.
"""

import marshal

from ..common.records import ACTIVE, ENDED, PENDING, PURGED, Job, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..common.slurmdb import Transaction
    from .store import Store


# ---- kept ---------------------------------------------------------------------

def purge(store: "Store", before: int, keep_scripts: bool = False) -> "int | None":
    """Jobs that ended before `before` leave the queue, and their scripts and environments go;
    accounting keeps the jobs, and with keep_scripts all of them. Returns the earliest end of
    those that stay; None if there are none."""
    if not keep_scripts:
        store.change("DELETE FROM scripts WHERE job_id IN "
                     "(SELECT id FROM jobs WHERE phase=? AND end_time<?)", (ENDED, before))
    store.change("UPDATE jobs SET phase=? WHERE phase=? AND end_time<?", (PURGED, ENDED, before))
    stay = store.ask("SELECT MIN(end_time) FROM jobs WHERE phase=?", (ENDED,))
    earliest: "int | None" = stay[0][0]
    return earliest


def keep_run(store: "Store", job: "Job") -> None:
    """Keep a job and its steps as they are: it will run anew, and without these steps."""
    run = marshal.dumps((job.row(), [step.row() for step in store.steps(job.id)]), 4)
    store.change("INSERT INTO earlier VALUES (?, ?)", (job.id, run))
    store.change("DELETE FROM steps WHERE job_id=?", (job.id,))


def earlier_runs(store: "Store") -> "list[tuple[Job, list[Step]]]":
    """(Job, [Step]) of jobs that were requeued, the oldest run first."""
    runs = [marshal.loads(run) for run, in store.ask("SELECT run FROM earlier ORDER BY rowid")]
    return [(Job.from_row(job), [Step.from_row(step) for step in steps]) for job, steps in runs]


def transactions(store: "Store") -> "list[Transaction]":
    """What was changed in the accounting database, the first change first."""
    from ..common.slurmdb import Transaction
    return store.select(Transaction, "ORDER BY id")


# ---- jobs of a time -------------------------------------------------------------

def ran_between(store: "Store", start: int, end: int) -> "list[Job]":
    """Jobs that may have run in a period: begun before its end, and not over before its start."""
    return store.select(Job, "WHERE start_time>0 AND start_time<? "
                        f"AND (phase={ACTIVE} OR end_time>?)", (end, start))


def ran_since(store: "Store", moment: int) -> "list[Job]":
    """Jobs that run, then those that began once and ended after `moment`."""
    return store.select(Job, f"WHERE phase={ACTIVE}") + store.select(
        Job, f"WHERE phase>={ENDED} AND end_time>? AND start_time>0", (moment,))


def known_since(store: "Store", moment: int) -> "list[Job]":
    """Jobs that wait or run, and those that did not end before `moment`."""
    return store.select(Job, f"WHERE phase<{ENDED} OR phase>={ENDED} AND end_time>=?", (moment,))


def numbered(store: "Store", ids: "Collection[int]") -> "list[Job]":
    """Jobs that one of these numbers names, whatever their phase: their own, their array's, their
    heterogeneous job's."""
    marks = ",".join("?" * len(ids))
    # each part by an index, as in Store.named
    return store.select(Job, f"WHERE id IN ({marks}) OR array_id IN ({marks}) "
                        f"OR het_id IN ({marks}) AND het_id>0", [*ids, *ids, *ids])


def first_start(store: "Store") -> "int | None":
    """When the first of all jobs began; None if none has."""
    moment: "int | None" = store.ask("SELECT MIN(start_time) FROM jobs WHERE start_time>0")[0][0]
    return moment


# ---- counted ----------------------------------------------------------------------

_COUNTS = {
    "submitted": "submit_time>=:since", "started": "start_time>=:since",
    "completed": f"phase>={ENDED} AND state='COMPLETED' AND end_time>=:since",
    "canceled": f"phase>={ENDED} AND state='CANCELLED' AND end_time>=:since",
    "failed": (f"phase>={ENDED} AND state IN ('FAILED', 'TIMEOUT', 'NODE_FAIL') "
               "AND end_time>=:since"),
    "pending": f"phase={PENDING}", "running": f"phase={ACTIVE} AND state='RUNNING'",
}


def counts(store: "Store", since: int) -> "dict[str, int]":
    """How many records were submitted, started, completed, canceled and failed since a moment, and
    how many are pending and running now: {those words: count}."""
    asked = ", ".join(f"COUNT(CASE WHEN {test} THEN 1 END)" for test in _COUNTS.values())
    found = store.db.execute(f"SELECT {asked} FROM jobs", {"since": since}).fetchone()
    return dict(zip(_COUNTS, found))


def submitted(store: "Store", same: "Mapping[str, object]") -> int:
    """How many tasks wait or run of jobs that agree with {column: value or [values]}."""
    from ..common import job_array
    tests = [f"phase<{ENDED}"]
    args: "list[object]" = []
    for column, value in same.items():
        values = value if isinstance(value, list) else [value]
        tests.append(f"{column} IN ({','.join('?' * len(values))})")
        args += values
    which = f"FROM jobs WHERE {' AND '.join(tests)}"
    single: int = store.ask(f"SELECT COUNT(*) {which} AND array_tasks=''", args)[0][0]
    arrays = store.ask(f"SELECT array_tasks {which} AND array_tasks<>''", args)
    return single + sum(len(job_array.unpack(tasks)) for tasks, in arrays)


# ---- named by jobs ------------------------------------------------------------------

def qos(store: "Store") -> "set[str]":
    """The names of all QOS that jobs had."""
    return {name for name, in store.ask("SELECT DISTINCT qos FROM jobs")}


def associations(store: "Store") -> "set[int]":
    """The ids of all associations that jobs were charged to."""
    return {number for number, in store.ask("SELECT DISTINCT assoc_id FROM jobs")}


def uids(store: "Store") -> "dict[str, int]":
    """{user: uid} of all who have or had jobs."""
    return dict(store.ask("SELECT DISTINCT user, uid FROM jobs"))
