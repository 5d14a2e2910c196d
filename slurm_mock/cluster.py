"""The cluster at one instant, in memory: configuration, nodes, partitions, who uses what.

The scheduler plans on it, the commands print from it.  It knows nothing of the store.
"""

from .hostlist import expand
from .model import unpack_alloc

# States in which a node takes no new work, whatever is on it.
BLOCKED_FLAGS = ("DRAIN", "FAIL", "NO_RESPOND", "POWERED_DOWN", "REBOOT")


class Part:
    """A partition with its options read. `options` holds slurm.conf's own words."""

    def __init__(self, record, options):
        self.name, self.idx, self.state = record.name, record.idx, record.state
        self.options = options
        self.node_names = expand(record.nodes)
        self.node_set = set(self.node_names)
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

    def __repr__(self):
        return f"<Part {self.name}>"


def _limit(text):
    """MaxTime, DefaultTime -> minutes, or None when there is none."""
    from .units import parse_limit
    if text.upper() in ("UNLIMITED", "INFINITE", "NONE"):
        return None
    return parse_limit(text)


def _count(text):
    return None if text.upper() == "UNLIMITED" else int(text)


class Use:
    """What running jobs hold of one node."""

    __slots__ = ("cpus", "mem", "gres", "jobs", "exclusive", "completing")

    def __init__(self):
        self.cpus, self.mem, self.gres, self.jobs = 0, 0, {}, []
        self.exclusive, self.completing = False, False


class Cluster:
    """now: seconds; config: {Key: value}; nodes: {name: Node} in configuration order;
    parts: {name: Part}; reservations: [Reservation]; active: running jobs."""

    def __init__(self, now, config, nodes, partitions, reservations, active):
        self.now, self.config = now, config
        self.nodes = {n.name: n for n in sorted(nodes, key=lambda n: n.idx)}
        self.parts = {p.name: p for p in partitions}
        self.reservations = reservations
        self.active = []
        self.use = {}
        for job in active:
            self.occupy(job)

    # ---- who uses what ----------------------------------------------------

    def occupy(self, job):
        """Count a running (or completing) job's share of its nodes."""
        self.active.append(job)
        if job.state == "SUSPENDED":
            return
        whole = job.exclusive == "exclusive"
        for share in unpack_alloc(job.alloc):
            use = self.use.get(share.node)
            if use is None:
                use = self.use[share.node] = Use()
            use.cpus += share.cpus
            use.mem += share.mem
            use.jobs.append(job)
            use.exclusive |= whole
            use.completing |= job.state == "COMPLETING"
            for kind, idx in share.gres.items():
                use.gres.setdefault(kind, []).extend(idx)

    def release(self, job):
        """Undo `occupy`."""
        self.active = [j for j in self.active if j is not job]
        if job.state == "SUSPENDED":
            return
        for share in unpack_alloc(job.alloc):
            use = self.use[share.node]
            use.jobs = [j for j in use.jobs if j is not job]
            if not use.jobs:
                del self.use[share.node]
                continue
            use.cpus -= share.cpus
            use.mem -= share.mem
            use.exclusive = any(j.exclusive == "exclusive" for j in use.jobs)
            use.completing = any(j.state == "COMPLETING" for j in use.jobs)
            for kind, idx in share.gres.items():
                for device in idx:
                    use.gres[kind].remove(device)

    # ---- questions --------------------------------------------------------

    def default_partition(self):
        for part in self.parts.values():
            if part.default:
                return part
        return None

    def reserved_now(self):
        """Names of nodes in a reservation that is active now."""
        names = set()
        for res in self.reservations:
            if res.start_time <= self.now < res.end_time:
                names.update(expand(res.nodes))
        return names

    def node_state(self, node, reserved=None):
        """(base, flags): base is IDLE, MIXED, ALLOCATED, DOWN, UNKNOWN or FUTURE;
        flags a tuple of DRAIN, NO_RESPOND, COMPLETING, RESERVED, ... as slurmctld keeps them."""
        flags = [f for f in node.flags.split(",") if f]
        base = node.state
        use = self.use.get(node.name)
        if base == "IDLE" and use and use.jobs:
            running = [j for j in use.jobs if j.state != "COMPLETING"]
            if running:
                base = "ALLOCATED" if use.exclusive or use.cpus >= node.cpus else "MIXED"
            if use.completing:
                flags.append("COMPLETING")
        if reserved is None:
            reserved = self.reserved_now()
        if node.name in reserved:
            flags.append("RESERVED")
        return base, tuple(flags)

    def takes_work(self, node):
        """May new jobs start on this node?"""
        return (node.state in ("IDLE", "UNKNOWN")
                and not any(f in BLOCKED_FLAGS for f in node.flags.split(",")))

    def cpus_used(self, node):
        use = self.use.get(node.name)
        return use.cpus if use else 0
