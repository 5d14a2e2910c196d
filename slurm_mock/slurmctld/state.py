"""What slurmctld knows, as one caller sees it: what is read of a cluster.  Who acts is controller.py.

All that stands below the controller gets a State, and reads: the configuration, the clock, who
asks, jobs and nodes (by the store), the accounting database.
"""

import os

from .. import machine
from ..common import slurm_errno
from ..common.records import ACTIVE, SLURM_UID, Job
from ..common.release import CURRENT
from ..common.slurm_errno import Refused
from ..store.store import Store
from .clock import Clock
from .cluster import Cluster, Part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from typing_extensions import Self

    from ..common.records import Partition
    from ..slurmdbd.assoc_mgr import Book


class Caller:
    """Who asks. uid, gid: ids of user and group; admin: may steer other people's jobs and the nodes
    (SlurmUser, root). user, group: their names, which the machine is asked for when somebody wants
    to know (None): most commands that only look do not."""

    __slots__ = ("_group", "_user", "admin", "gid", "uid")

    def __init__(self, user: "str | None", uid: int, group: "str | None", gid: int, admin: bool) -> None:
        self._user, self.uid, self._group, self.gid, self.admin = user, uid, group, gid, admin

    @property
    def user(self) -> str:
        """The user's name; the number where the machine has none."""
        if self._user is None:
            self._user = user_name(self.uid)
        return self._user

    @property
    def group(self) -> str:
        """The group's name; the number where the machine has none."""
        if self._group is None:
            self._group = group_name(self.gid)
        return self._group


def identify(store: "Store", env: "Mapping[str, str]") -> "Caller":
    """The caller: the machine's user, or MOCK_SLURM_USER where a test sets another; the
    cluster's SlurmUser under `slurm-mock admin`."""
    def slurm_user() -> str:
        return str((store.data("config") or {}).get("SlurmUser", "root")).split("(")[0]

    if env.get("MOCK_SLURM_ADMIN"):
        return Caller(*account_of(slurm_user(), 0), True)
    caller = Caller(None, os.getuid(), None, os.getgid(), False)
    other = env.get("MOCK_SLURM_USER")
    if other and other != caller.user:
        caller = Caller(*account_of(other, 1000), False)
    # with a slurm.conf of his own the caller has the rights that his uid has in Slurm
    caller.admin = bool(store.meta("own_conf")) and (caller.uid == 0 or caller.user == slurm_user())
    return caller


def user_name(uid: int) -> str:
    """The name of the machine's user, or the number where it has none."""
    import pwd
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def account_of(user: str, otherwise: int) -> "tuple[str, int, str, int]":
    """(user, uid, group, gid) of a name; `otherwise` is the id when the machine has no such user,
    but slurm has Debian's."""
    import pwd
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        number = SLURM_UID if user == "slurm" else otherwise
        return user, number, user, number
    return user, entry.pw_uid, group_name(entry.pw_gid), entry.pw_gid


def group_name(gid: int) -> str:
    """The name of the machine's group, or the number where it has none."""
    import grp
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


class State:
    """An open cluster, seen by one caller. state: the path of its state directory; config:
    slurm.conf, {Key: value}; alive: who is alive (machine.Locks); env: the caller's environment."""

    def __init__(self, store: "Store", caller: "Caller", env: "Mapping[str, str]") -> None:
        self.store, self.caller, self.env = store, caller, env
        self.state = store.path
        self.alive = machine.here.alive(store.path)
        self._book: "tuple[int, Book] | None" = None
        self.sent_for: "Any" = None         # the supervisors that were made here (slurmstepd.SentFor)
        # of whoever may rest: {process id: (when, its processes)}, for host/stepping.still
        self.pictures: "dict[int, tuple[float, Any]]" = {}
        self.refresh()

    @classmethod
    def open(cls, state: str, env: "Mapping[str, str]") -> "Self":
        """Open the cluster in a state directory. Raises StoreError."""
        store = Store(state)
        return cls(store, identify(store, env), env)

    def refresh(self) -> None:
        """Read what may have changed since: the clock's speed, and slurm.conf."""
        self.clock = Clock(self.store)
        self.config: "dict[str, str]" = self.store.data("config")

    def close(self) -> None:
        """Let go of the store and of the locks."""
        self.store.close()
        self.alive.close()

    @property
    def now(self) -> int:
        """Whole seconds since the epoch on the cluster's clock."""
        return int(self.clock.now())

    @property
    def slurm_release(self) -> int:
        """The release of Slurm that the cluster is of (common/release.py), as its store says."""
        number: int = self.store.meta("release", CURRENT)
        return number

    @property
    def driven(self) -> bool:
        """Is this command part of a job? Then the clock is moved by others, not by it."""
        return bool(self.env.get("MOCK_SLURM_DRIVEN"))

    # ---- nodes, partitions, accounts ---------------------------------------

    def cluster(self, now: "int | None" = None, empty: bool = False) -> "Cluster":
        """The cluster as it is (see slurmctld/cluster.py). now: seconds since the epoch, None for
        the clock's; empty: as if no job ran, which is read sooner."""
        store = self.store
        return Cluster(self.now if now is None else now, self.config,
                       store.nodes(), list(self.parts().values()), store.reservations(),
                       [] if empty else store.jobs(ACTIVE))

    def parts(self) -> "dict[str, Part]":
        """{name: Part} without the rest of the cluster, in slurm.conf's order."""
        return {p.name: _part(p) for p in self.store.partitions()}

    def part(self, name: str) -> "Part | None":
        """One Part, None where there is none of that name."""
        found = self.store.partition(name)
        return _part(found) if found else None

    def book(self) -> "Book":
        """The accounting database (see slurmdbd/assoc_mgr.py); read anew when it was changed."""
        version = self.store.meta("book_version", 0)
        if self._book is None or self._book[0] != version:
            from ..slurmdbd import register
            book = register.read(self.store, self.config)
            self._book = version, book
            return book
        return self._book[1]

    def dirty(self) -> None:
        """Something changed that the scheduler should look at."""
        self.store.set_meta("next_event", 0)

    # ---- rights -----------------------------------------------------------

    def mine(self, job: "Job | int", otherwise: int = slurm_errno.ESLURM_ACCESS_DENIED) -> "Job":
        """The job (a Job, or its id), if the caller may steer it; else Refused with the errno
        `otherwise`."""
        found = job if isinstance(job, Job) else self.store.job(job)
        if found is None:
            raise Refused(slurm_errno.ESLURM_INVALID_JOB_ID)
        if found.uid != self.caller.uid and not self.caller.admin:
            raise Refused(otherwise)
        return found

    def again(self, job: Job) -> Job:
        """A job as it is by now: in a transaction, for what was read before it may be old. Raises
        Refused where nobody knows it any more."""
        found = self.store.job(job.id)
        if found is None:
            raise Refused(slurm_errno.ESLURM_INVALID_JOB_ID)
        return found

    def admin_job(self, job: "Job | int") -> "Job":
        """The job (a Job, or its id), if the caller is an operator; else Refused."""
        if not self.caller.admin:
            raise Refused(slurm_errno.ESLURM_ACCESS_DENIED)
        return self.mine(job)


def _part(record: "Partition") -> "Part":
    import marshal
    return Part(record, marshal.loads(record.options))
