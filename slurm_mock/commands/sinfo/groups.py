"""How sinfo gathers nodes: one line for those that look alike in the columns shown.

Source: sinfo(1), --exact and -N; src/sinfo/sinfo.c for which facts count.
"""

from ...common.hostlist import fold, host_key
from ...common.records import cpus_for_jobs
from ...slurmctld import node_info
from . import print as sinfo_print
from .print import LETTERS, NAMES

# The state of a node of which nothing is to be said.
IDLE = ("IDLE", ())


class Group:
    """Nodes of one partition (part may be None) that are listed together.

    ranges: where thousands of idle ones are among them, the names of all (commands/sinfo/many.py), which
    have no place in `nodes`.
    """

    __slots__ = ("part", "nodes", "names", "state", "count", "alloc", "idle", "other", "ranges")

    def __init__(self, part):
        self.part, self.nodes, self.names, self.ranges = part, [], set(), None
        self.state, self.count, self.alloc, self.idle, self.other = ("UNKNOWN", ()), 0, 0, 0, 0

    def node_list(self):
        """The nodes' names, folded."""
        return fold([n.name for n in self.nodes]) if self.ranges is None else str(self.ranges)

    def add(self, node, state):
        """Put a node in, once, and count it as allocated, idle or other; state: (base, {flags})."""
        if node.name in self.names:
            return
        if not self.nodes:
            self.state = state
        self.nodes.append(node)
        self.names.add(node.name)
        self.count += 1
        base, flags = state
        if base in ("ALLOCATED", "MIXED") or "COMPLETING" in flags:
            self.alloc += 1
        elif "DRAIN" in flags or base == "DOWN":
            self.other += 1
        else:
            self.idle += 1

    def add_idle(self, count, ranges):
        """So many idle nodes more; `ranges` names all the group's."""
        if not self.nodes:
            self.state = IDLE
        self.ranges = ranges
        self.count += count
        self.idle += count

    def cpus(self, cluster):
        """(allocated, idle, other, all)"""
        alloc = idle = other = 0
        reserved = {}
        for node in self.nodes:
            used = cpus_for_jobs(node) if _whole(node, cluster) else cluster.cpus_used(node)
            alloc += used
            base, flags = cluster.node_state(node, reserved)
            if "DRAIN" in flags or base == "DOWN":
                other += node.cpus - used
            else:
                idle += node.cpus - used
        return alloc, idle, other, alloc + idle + other


def _whole(node, cluster):
    use = cluster.use.get(node.name)
    return bool(use and use.exclusive)


# By which facts a column keeps nodes apart. Facts of the partition:
_PART = {
    LETTERS["a"]: lambda p, v: p.state, LETTERS["g"]: lambda p, v: p.options.get("AllowGroups"),
    LETTERS["s"]: lambda p, v: (p.min_nodes, p.max_nodes),
    LETTERS["L"]: lambda p, v: p.options.get("DefaultTime"),
    LETTERS["l"]: lambda p, v: p.max_time, LETTERS["r"]: lambda p, v: p.options.get("RootOnly"),
    LETTERS["h"]: lambda p, v: node_info.max_share(p),
    LETTERS["M"]: lambda p, v: node_info.preempt_mode(p, v.config),
    LETTERS["p"]: lambda p, v: p.priority_tier, LETTERS["I"]: lambda p, v: p.priority_factor,
    LETTERS["B"]: lambda p, v: p.options.get("MaxCPUsPerNode"),
    LETTERS["P"]: lambda p, v: p.name, LETTERS["R"]: lambda p, v: p.name,
}
# of the node:
_NODE = {
    LETTERS["n"]: lambda n, s, v: n.hostname, LETTERS["o"]: lambda n, s, v: n.addr,
    NAMES["extra"]: lambda n, s, v: n.extra, LETTERS["f"]: lambda n, s, v: n.features,
    LETTERS["b"]: lambda n, s, v: n.active_features, LETTERS["G"]: lambda n, s, v: n.gres,
    NAMES["gresused"]: lambda n, s, v: node_info.gres_used(n, v.cluster, v.config),
    NAMES["comment"]: lambda n, s, v: n.comment, LETTERS["E"]: lambda n, s, v: n.reason,
    LETTERS["H"]: lambda n, s, v: n.reason_time, LETTERS["u"]: lambda n, s, v: n.reason_uid,
    LETTERS["U"]: lambda n, s, v: n.reason_uid,
    LETTERS["t"]: lambda n, s, v: node_info.text(*s),
    LETTERS["T"]: lambda n, s, v: node_info.text(*s),
    NAMES["statecomplete"]: lambda n, s, v: node_info.complete(*s),
    NAMES["allocmem"]: lambda n, s, v: sinfo_print.alloc_mem(n, v.cluster),
}
# of the node, with --exact only:
_EXACT = {
    LETTERS["c"]: lambda n, s, v: n.cpus, LETTERS["C"]: lambda n, s, v: n.cpus,
    LETTERS["X"]: lambda n, s, v: n.sockets, LETTERS["Y"]: lambda n, s, v: n.cores,
    LETTERS["Z"]: lambda n, s, v: n.threads,
    LETTERS["z"]: lambda n, s, v: (n.sockets, n.cores, n.threads),
    LETTERS["d"]: lambda n, s, v: n.tmp_disk, LETTERS["m"]: lambda n, s, v: n.memory,
    LETTERS["w"]: lambda n, s, v: n.weight, LETTERS["O"]: lambda n, s, v: n.cpu_load,
    LETTERS["e"]: lambda n, s, v: n.free_mem, NAMES["port"]: lambda n, s, v: n.port,
}


def gather(view, parts, columns, keep, each=False, exact=False, by_part=True,
           names_of=lambda part: part.node_names):
    """Partitions' nodes -> [Group].

    keep(node, state) tells which nodes count; `each` makes a group of every node (-N);
    without `by_part` partitions are not told apart (-R); names_of(part): the nodes to look at.
    """
    fields = [c.field for c in columns]
    part_facts = [_PART[f] for f in fields if f in _PART] if by_part else []
    found_facts = node_facts(columns)
    if exact:
        found_facts += [_EXACT[f] for f in fields if f in _EXACT]
    named = by_part and (LETTERS["P"] in fields or LETTERS["R"] in fields)
    cluster = view.cluster
    reserved = cluster.reserved_now()
    known = {}
    for node in cluster.nodes.values():
        state = cluster.node_state(node, reserved)
        if keep(node, state):
            known[node.name] = (node, state, tuple([fact(node, state, view)
                                                    for fact in found_facts]))
    groups, found = [], {}
    empty = {}
    if named and not each:
        for part in parts:
            empty[part.name] = Group(part)
            groups.append(empty[part.name])
    for part in parts:
        facts = tuple([fact(part, view) for fact in part_facts])
        members = [known[name] for name in names_of(part) if name in known]
        members.sort(key=lambda m: m[0].idx)
        for node, state, node_key in members:
            key = (facts, node_key)
            group = None if each else found.get(key)
            if group is None:
                group = empty.pop(part.name, None)
                if group is None:
                    group = Group(part)
                    groups.append(group)
                found[key] = group
            group.add(node, state)
    return groups


def node_facts(columns):
    """The facts by which these columns keep nodes apart: functions (node, state, view)."""
    return [_NODE[c.field] for c in columns if c.field in _NODE]


# ---- order ------------------------------------------------------------------

_UP = {"INACTIVE": 0, "DOWN": 1, "DRAIN": 2, "UP": 3}


def _least(name):
    return lambda g, v: min([getattr(n, name) for n in g.nodes], default=0)


def _of_first(name, empty=""):
    return lambda g, v: getattr(g.nodes[0], name) if g.nodes else empty


def _size(group, view):
    low, high = sinfo_print.job_size(group.part)
    return 1 << 32 if high is None else low + high


def _max_time(group, view):
    return 1 << 32 if group.part.max_time is None else group.part.max_time


def _first_host(attribute):
    def key(group, view):
        return min([host_key(getattr(n, attribute)) for n in group.nodes], default=("", -1))
    return key


def _reason_user(group, view):
    # nobody's comes after everybody's
    return group.nodes[0].reason_uid if group.nodes and group.nodes[0].reason else 1 << 32


def _share(group, view):
    force, count = node_info.max_share(group.part)
    return count + 0x8000 * force


KEYS = {
    "a": lambda g, v: _UP.get(g.part.state, 0), "A": lambda g, v: g.alloc,
    "b": _of_first("active_features"), "c": _least("cpus"), "d": _least("tmp_disk"),
    "D": lambda g, v: len(g.nodes), "E": _of_first("reason"), "f": _of_first("features"),
    "F": lambda g, v: g.alloc, "g": lambda g, v: g.part.options.get("AllowGroups", ""),
    "h": _share, "H": _of_first("reason_time", 0), "l": _max_time, "m": _least("memory"),
    "M": lambda g, v: node_info.preempt_mode(g.part, v.config),
    "N": _first_host("name"), "O": _least("cpu_load"),
    "e": _least("free_mem"), "p": lambda g, v: g.part.priority_tier,
    "P": lambda g, v: g.part.name, "R": lambda g, v: g.part.name,
    "r": lambda g, v: g.part.options.get("RootOnly", "NO").upper(), "s": _size,
    "S": lambda g, v: g.part.priority_factor, "t": lambda g, v: node_info.number(*g.state),
    "T": lambda g, v: node_info.number(*g.state), "u": _reason_user, "U": _reason_user, "w": _least("weight"), "X": _least("sockets"),
    "Y": _least("cores"), "Z": _least("threads"),
    "z": lambda g, v: (_least("sockets")(g, v), _least("cores")(g, v), _least("threads")(g, v)),
}
# The original compares a list of names that it has not filled in: no two are ever equal.
NEVER_EQUAL = "no"


def arrange(groups, text, view):
    """Sort by -S's letters, from the last to the first; "#P" is slurm.conf's order."""
    for i in range(len(text) - 1, -1, -1):
        before = text[i - 1] if i else ""
        if text[i] in NEVER_EQUAL:
            groups.reverse()
            continue
        key = KEYS.get(text[i])
        if key is None:
            continue
        if before == "#" and text[i] in "PR":
            groups.sort(key=lambda g: g.part.idx)
        else:
            groups.sort(key=lambda g: key(g, view), reverse=before == "-")
    return groups
