"""The store: one SQLite file in the cluster's state directory.  Only this folder speaks SQL.

A Store answers what any command may ask.  What only parts of slurmctld, slurmdbd or a single
command ask are functions beside it, read where they are needed: queue.py, moments.py, sleepers.py,
nodes.py, accounting.py; each takes the store first.  Times are seconds since the epoch on the
cluster's clock, as everywhere in the records.
"""

from ..common.records import ACTIVE, ENDED, PENDING, Job, Node, Partition, Reservation, Step
from .connection import VERSION, StoreError
from .records import Records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# The phases of the jobs that slurmctld knows: those of which squeue and scontrol can tell.
KNOWN = (PENDING, ACTIVE, ENDED)

# The jobs that a number may name: a job's, its array's, its heterogeneous job's. Each is found by
# an index, for which the last one must say what the index on het_id leaves out.
_NAMED = f"phase<={ENDED} AND (id=? OR array_id=? OR het_id=? AND het_id>0) ORDER BY id"


def within(number: int) -> int:
    """An id that somebody typed, as SQLite can take it: no job has a bigger one."""
    return min(number, 0xFFFFFFFF)


class Store(Records):
    """An open store. `path` is the cluster's state directory.

    create: make it where there is none.  Raises StoreError where there is none, it cannot be read
    or is of another format.
    """

    def __init__(self, path: str, create: bool = False) -> None:
        if create:
            from . import schema
            super().__init__(path, schema.create)
        else:
            super().__init__(path)
        if self.version != VERSION:
            from . import schema
            raise StoreError(schema.other_format(self))

    # ---- jobs -------------------------------------------------------------

    def job(self, job_id: int) -> "Job | None":
        """The job of that id, whatever its phase; None."""
        found = self.select(Job, "WHERE id=?", (within(job_id),))
        return found[0] if found else None

    def jobs(self, *phases: int, columns: "Collection[str] | None" = None,
             ids: "Iterable[int]" = ()) -> "list[Job]":
        """Jobs in these phases (all that slurmctld knows when none is named), by id.

        columns: read only these, "id" among them (records.Partial); ids: jobs of these ids, too,
        whatever their phase.
        """
        where = f"WHERE phase IN ({_listed(phases or KNOWN)})"
        where += f" OR id IN ({_listed(ids)})" if ids else ""
        if columns is not None:
            return self.partial(Job, columns, f"{where} ORDER BY id")
        return self.select(Job, f"{where} ORDER BY id")

    def has_jobs(self, *phases: int) -> bool:
        """Is there a job in one of these phases (that slurmctld knows when none is named)?"""
        which = _listed(phases or KNOWN)
        return bool(self.ask(f"SELECT 1 FROM jobs WHERE phase IN ({which}) LIMIT 1"))

    def named(self, number: int, columns: "Collection[str] | None" = None) -> "list[Job]":
        """The jobs that slurmctld knows and that a number names, by id: that of this id, the tasks
        of this array, the components of this heterogeneous job.

        columns: read only these, as in jobs(): then OverflowError is raised for a number that
        SQLite can't take.
        """
        args = (number, number, number)
        if columns is not None:
            return self.partial(Job, columns, f"WHERE {_NAMED}", args)
        return self.select(Job, f"WHERE {_NAMED}", args)

    def many_pending(self, count: int) -> bool:
        """Do so many records wait? Quickly told."""
        return bool(self.ask(f"SELECT 1 FROM jobs WHERE phase={PENDING} LIMIT 1 OFFSET ?",
                             (count - 1,)))

    def array_jobs(self, array_id: int, purged: bool = True) -> "list[Job]":
        """The records of an array's tasks, by id; purged: also what only accounting knows."""
        known = "" if purged else f"phase<={ENDED} AND "
        return self.select(Job, f"WHERE {known}array_id=? ORDER BY id", (within(array_id),))

    def components(self, leader_id: int, *phases: int) -> "list[Job]":
        """The components of a heterogeneous job in these phases (all when none is named), the
        leader first."""
        found = self.select(Job, "WHERE het_id=? AND het_id>0 ORDER BY het_offset", (leader_id,))
        return [job for job in found if not phases or job.phase in phases]

    def owner(self, word: str, uid: int) -> "str | None":
        """The name of a user who has or had a job, by his name or his uid; None. Raises
        OverflowError for a uid that SQLite can't take."""
        found = self.db.execute("SELECT user FROM jobs WHERE user=? OR uid=? LIMIT 1",
                                (word, uid)).fetchone()
        return found[0] if found else None

    def script(self, job_id: int) -> "tuple[bytes, bytes] | None":
        """(script, environment block) of a batch job as bytes, or None."""
        found = self.ask("SELECT script, environment FROM scripts WHERE job_id=?", (job_id,))
        return (found[0][0], found[0][1]) if found else None

    def put_script(self, job_id: int, script: bytes, environment: bytes) -> None:
        """Keep the script and environment block of a batch job."""
        self.change("INSERT OR REPLACE INTO scripts VALUES (?, ?, ?)",
                    (job_id, script, environment))

    # ---- steps --------------------------------------------------------------

    def steps(self, job_id: "int | None" = None) -> "list[Step]":
        """The steps of a job by id (batch and the like first), or those of all jobs."""
        if job_id is None:
            return self.select(Step, "ORDER BY job_id, step_id")
        return self.select(Step, "WHERE job_id=? ORDER BY step_id", (job_id,))

    def cancel_steps(self, job_id: int, now: int) -> None:
        """The steps of a job that still run end at `now` as CANCELLED."""
        self.change("UPDATE steps SET state='CANCELLED', end_time=? "
                    "WHERE job_id=? AND state='RUNNING'", (now, job_id))

    # ---- nodes, partitions, reservations --------------------------------------

    def nodes(self, columns: "Collection[str] | None" = None) -> "list[Node]":
        """All nodes in slurm.conf's order. columns: read only these, "name" among them."""
        if columns is not None:
            return self.partial(Node, columns, "ORDER BY idx")
        return self.select(Node, "ORDER BY idx")

    def many_nodes(self, count: int) -> bool:
        """Has the cluster so many nodes?"""
        return bool(self.ask("SELECT 1 FROM nodes LIMIT 1 OFFSET ?", (count - 1,)))

    def partitions(self) -> "list[Partition]":
        """All partitions in slurm.conf's order."""
        return self.select(Partition, "ORDER BY idx")

    def partition(self, name: str) -> "Partition | None":
        """The Partition of that name; None."""
        found = self.select(Partition, "WHERE name=?", (name,))
        return found[0] if found else None

    def delete_partition(self, name: str) -> None:
        """Remove the partition of that name, if there is one."""
        self.change("DELETE FROM partitions WHERE name=?", (name,))

    def reservations(self) -> "list[Reservation]":
        """All reservations, those that begin first first, then by name."""
        return self.select(Reservation, "ORDER BY start_time, name")

    def reservation(self, name: str) -> "Reservation | None":
        """The Reservation of that name; None."""
        found = self.select(Reservation, "WHERE name=?", (name,))
        return found[0] if found else None

    def delete_reservation(self, name: str) -> None:
        """Remove the reservation of that name, if there is one."""
        self.change("DELETE FROM reservations WHERE name=?", (name,))


def _listed(numbers: "Iterable[int]") -> str:
    """Numbers of ours (never what somebody typed) for an IN list, however many they are."""
    return ",".join(map(str, numbers))
