"""The cluster at one instant, in memory: configuration, nodes, partitions, who uses what.

The scheduler plans on it, the commands print from it.  It knows nothing of the store.
"""

from ..common.hostlist import expand
from ..common.records import cpus_for_jobs, held_count, unpack_alloc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from ..common.records import Held, Job, Node, Partition, Reservation, Share

# States in which a node takes no new work, whatever is on it.
BLOCKED_FLAGS = ("DRAIN", "FAIL", "NO_RESPOND", "POWERED_DOWN", "REBOOT")

# Who uses what of the nodes is told by these columns of the jobs that run.
JOB_COLUMNS = ("id", "state", "exclusive", "alloc")


class Part:
    """A partition with its options read. `options` holds slurm.conf's own words. Times are minutes,
    None for no limit; nodes is the folded list. Raises ValueError for what cannot be read."""

    def __init__(self, record: "Partition", options: "dict[str, str]") -> None:
        self.name, self.idx, self.state = record.name, record.idx, record.state
        self.options = options
        self.nodes = record.nodes
        self._names: "list[str] | None" = None
        self._set: "set[str] | None" = None
        self.default = options.get("Default", "NO").upper() == "YES"
        self.hidden = options.get("Hidden", "NO").upper() == "YES"
        self.max_time = _limit(options.get("MaxTime", "UNLIMITED"))
        self.default_time = _limit(options.get("DefaultTime", "NONE"))
        self.min_nodes = int(options.get("MinNodes", 0 if "MinNodes" not in options else 1))
        self.max_nodes = _count(options.get("MaxNodes", "UNLIMITED"))
        self.priority_factor = int(options.get("PriorityJobFactor", options.get("Priority", 1)))
        self.priority_tier = int(options.get("PriorityTier", options.get("Priority", 1)))
        share = options.get("OverSubscribe", options.get("Shared", "NO")).upper()
        self.exclusive = share == "EXCLUSIVE"
        self.oversubscribe = share
        most_cpus = options.get("MaxCPUsPerNode", "")
        self.max_cpus_per_node = int(most_cpus) if most_cpus.isdecimal() else None
        self.weights = options.get("TRESBillingWeights", "")
        self.restricted = any(k in options for k in ("AllowAccounts", "DenyAccounts", "AllowQos", "DenyQos"))

    @property
    def node_names(self) -> "list[str]":
        """Its nodes in order; where they are thousands, not worked out before somebody asks."""
        if self._names is None:
            self._names = expand(self.nodes)
        return self._names

    @property
    def node_set(self) -> "set[str]":
        """The same as a set."""
        if self._set is None:
            self._set = set(self.node_names)
        return self._set

    def flag(self, key: str) -> bool:
        """Is an option that is YES or NO set?"""
        return self.options.get(key, "NO").upper() == "YES"

    def __repr__(self) -> str:
        return f"<Part {self.name}>"


def _limit(text: str) -> "int | None":
    """MaxTime, DefaultTime -> minutes, or None when there is none."""
    from ..common.parse_time import parse_limit
    if text.upper() in ("UNLIMITED", "INFINITE", "NONE"):
        return None
    return parse_limit(text)


def _count(text: str) -> "int | None":
    return None if text.upper() == "UNLIMITED" else int(text)


class Use:
    """What running jobs hold of one node (as records.Share: memory in MiB). Never changed once made, so that pictures of later
    moments (slurmctld/timeline.py) can share it."""

    __slots__ = ("cpus", "mem", "gres", "jobs", "exclusive", "completing")

    def __init__(self, cpus: int = 0, mem: int = 0, gres: "dict[str, Held] | None" = None,
                 jobs: "tuple[Job, ...]" = ()) -> None:
        self.cpus, self.mem, self.gres, self.jobs = cpus, mem, gres or {}, jobs
        self.exclusive = any(j.exclusive == "exclusive" for j in jobs)
        self.completing = any(j.state == "COMPLETING" for j in jobs)

    def plus(self, job: "Job", share: "Share") -> "Use":
        """The same with one job more."""
        gres = self.gres
        if share.gres:
            gres = dict(gres)
            for kind, idx in share.gres.items():
                gres[kind] = gres[kind] + idx if kind in gres else idx  # type: ignore[operator]  # both are of one sort
        return Use(self.cpus + share.cpus, self.mem + share.mem, gres, (*self.jobs, job))

    def minus(self, job: "Job", share: "Share") -> "Use | None":
        """The same with one job less; None if nobody is left."""
        jobs = tuple([j for j in self.jobs if j is not job])
        if not jobs:
            return None
        gres = self.gres
        if share.gres:
            gres = dict(gres)
            for kind, idx in share.gres.items():
                have = gres[kind]
                if isinstance(have, int):
                    gres[kind] = have - held_count(idx)
                else:
                    gres[kind] = [device for device in have if device not in idx]  # type: ignore[operator]
        return Use(self.cpus - share.cpus, self.mem - share.mem, gres, jobs)


NOBODY = Use()


class Cluster:
    """now: seconds since the epoch; config: slurm.conf, {Key: value}; nodes: {name: Node} in
    configuration order; parts: {name: Part}; reservations: [Reservation]; active: jobs that run,
    or are completing; use: {node name: Use} of the nodes that have any."""

    def __init__(self, now: int, config: "dict[str, str]", nodes: "Iterable[Node]",
                 partitions: "Iterable[Part]", reservations: "list[Reservation]",
                 active: "Iterable[Job]") -> None:
        self.now, self.config = now, config
        self.nodes = {n.name: n for n in sorted(nodes, key=lambda n: n.idx)}
        self.parts = {p.name: p for p in partitions}
        self.reservations = reservations
        self.active: "list[Job]" = []
        self.use: "dict[str, Use]" = {}
        self._busy: "int | None" = None
        # what is worked out once and holds as long as nodes and partitions do
        self.known: "dict[Any, Any]" = {}    # by who worked it out, and of what
        for job in active:
            self.occupy(job)

    def cpus_of(self, part: "Part") -> int:
        """CPUs of all nodes of a partition."""
        key = "cpus", part.name
        found: "int | None" = self.known.get(key)
        if found is None:
            found = self.known[key] = sum(self.nodes[name].cpus for name in part.node_names)
        return found

    def twin(self, now: int, use: "dict[str, Use]") -> "Cluster":
        """The same cluster at another moment, when others use its nodes; `active` is not kept."""
        other = Cluster.__new__(Cluster)
        other.now, other.use, other.active, other._busy = now, use, [], None
        other.config, other.nodes, other.parts = self.config, self.nodes, self.parts
        other.reservations, other.known = self.reservations, self.known
        return other

    # ---- who uses what ----------------------------------------------------

    def occupy(self, job: "Job") -> None:
        """Count a running (or completing) job's share of its nodes."""
        self.active.append(job)
        self._busy = None
        if job.state == "SUSPENDED":
            return
        for share in unpack_alloc(job.alloc):
            self.use[share.node] = (self.use.get(share.node) or NOBODY).plus(job, share)

    def release(self, job: "Job") -> "list[str]":
        """Undo `occupy`; returns the names of the job's nodes."""
        self.active = [j for j in self.active if j is not job]
        self._busy = None
        names = []
        for share in unpack_alloc(job.alloc):
            use = self.use.get(share.node)
            if use is None or all(j is not job for j in use.jobs):
                continue                 # suspended: it holds nothing
            names.append(share.node)
            left = use.minus(job, share)
            if left:
                self.use[share.node] = left
            else:
                del self.use[share.node]
        return names

    # ---- questions --------------------------------------------------------

    def default_partition(self) -> "Part | None":
        """The partition of a job that names none; None where there is none."""
        for part in self.parts.values():
            if part.default:
                return part
        return None

    def reserved_now(self) -> "dict[str, tuple[str, ...]]":
        """{name of a node in a reservation that is active now: the flags that it has of it}."""
        found: "dict[str, tuple[str, ...]]" = {}
        for res in self.reservations:
            if res.start_time <= self.now < res.end_time:
                flags = ("RESERVED", "MAINT") if "MAINT" in res.flags.split(",") else ("RESERVED",)
                for name in expand(res.nodes):
                    found[name] = max(flags, found.get(name, ()), key=len)
        return found

    def node_state(self, node: "Node",
                   reserved: "Mapping[str, tuple[str, ...]] | None" = None) -> "tuple[str, tuple[str, ...]]":
        """(base, flags): base is IDLE, MIXED, ALLOCATED, DOWN, UNKNOWN or FUTURE;
        flags a tuple of DRAIN, NO_RESPOND, COMPLETING, RESERVED, ... as slurmctld keeps them."""
        flags = [f for f in node.flags.split(",") if f]
        base = node.state
        use = self.use.get(node.name)
        if base == "IDLE" and use and use.jobs:
            running = [j for j in use.jobs if j.state != "COMPLETING"]
            if running:
                base = "ALLOCATED" if use.exclusive or use.cpus >= cpus_for_jobs(node) else "MIXED"
            if use.completing:
                flags.append("COMPLETING")
        if reserved is None:
            reserved = self.reserved_now()
        flags += reserved.get(node.name, ())
        return base, tuple(flags)

    def takes_work(self, node: "Node") -> bool:
        """May new jobs start on this node?"""
        return (node.state in ("IDLE", "UNKNOWN")
                and not any(f in BLOCKED_FLAGS for f in node.flags.split(",")))

    def bits(self) -> "dict[str, int]":
        """{node name: its bit} of the masks in which sets of nodes are kept for the scheduler."""
        found: "dict[str, int] | None" = self.known.get("bits")
        if found is None:
            found = self.known["bits"] = {name: 1 << i for i, name in enumerate(self.nodes)}
        return found

    def busy(self) -> int:
        """Mask of the nodes that somebody uses."""
        if self._busy is None:
            self._busy = self.mask(self.use)
        return self._busy

    def mask(self, names: "Iterable[str]") -> int:
        """Node names -> their bits, as one number; unknown names have none."""
        bits, mask = self.bits(), 0
        for name in names:
            mask |= bits.get(name, 0)
        return mask

    def cpus_used(self, node: "Node") -> int:
        """CPUs of a node that jobs hold."""
        use = self.use.get(node.name)
        return use.cpus if use else 0
