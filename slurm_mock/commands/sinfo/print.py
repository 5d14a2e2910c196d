"""sinfo's fields: the letters of -o and the names of -O, as sinfo(1) lists them.

The record is a Group of nodes; commands/sinfo/groups.py tells by which facts nodes are kept apart.
A field that needs no column of the nodes tells only how many they are, their names and states.
"""

from ...common.hostlist import fold
from ...common.parse_time import is_number
from ...common.print_fields import Field
from ...common.release import version
from ...slurmctld import node_info
from ...slurmctld.job_info import unit_text
from ...slurmctld.node_info import gres_used


def _span(values, unit=False, span=False, convert=True):
    """"8" or "8+", with `span` "8-16"."""
    low, high = min(values), max(values)
    if unit:
        low, high = unit_text(low, 0, convert), unit_text(high, 0, convert)
    if low == high:
        return str(high)
    return f"{low}-{high}" if span else f"{low}+"


def _over(name, header, unit=False, span=False):
    """A number of the nodes."""
    def text(group, view):
        return _span([getattr(n, name) for n in group.nodes] or [0], unit, span, view.convert)
    return Field(header, text, name)


def _first(name, header):
    """A text that all nodes of a group share, or that only the first one tells."""
    def text(group, view):
        return (getattr(group.nodes[0], name) if group.nodes else "") or None
    return Field(header, text, name)


def _option(header, text):
    """Something of the partition."""
    return Field(header, lambda group, view: "n/a" if group.part is None
                 else text(group.part, view))


def minutes_text(minutes):
    """A partition's time limit: "1-00:00:00", "30:00"."""
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return f"{days}-{hour:02d}:{minute:02d}:00"
    return f"{hour}:{minute:02d}:00" if hour else f"{minute}:00"


def _max_time(part, view):
    return "infinite" if part.max_time is None else minutes_text(part.max_time)


def _default_time(part, view):
    if part.default_time is None:
        unset = part.options.get("DefaultTime", "NONE").upper() == "NONE"
        return "n/a" if unset else "infinite"
    return minutes_text(part.default_time)


def job_size(part):
    """(least nodes, most nodes or None) of a job."""
    return max(1, part.min_nodes), part.max_nodes


def _size(part, view):
    low, high = job_size(part)
    if high is None:
        return f"{unit_text(low)}-infinite"
    return unit_text(high) if low == high else f"{unit_text(low)}-{unit_text(high)}"


def _max_cpus(part, view):
    text = part.options.get("MaxCPUsPerNode", "UNLIMITED")
    return text.upper() if not is_number(text) else text


def _groups(part, view):
    text = part.options.get("AllowGroups", "ALL")
    return "all" if text.upper() == "ALL" else text


def _alloc_nodes(part, view):
    text = part.options.get("AllocNodes", "ALL")
    return "all" if text.upper() == "ALL" else text


def _root(part, view):
    return "yes" if part.options.get("RootOnly", "NO").upper() == "YES" else "no"


def _state(form):
    def text(group, view):
        return form(*group.state).lower() if group.count else "n/a"
    return text


def _gres_used(group, view):
    return gres_used(group.nodes[0], view.cluster, view.config) if group.nodes else None


def alloc_mem(node, cluster):
    """MiB that jobs hold of a node."""
    use = cluster.use.get(node.name)
    return use.mem if use else 0


def _alloc_mem(group, view):
    return str(alloc_mem(group.nodes[-1], view.cluster) if group.nodes else 0)


def _load(group, view):
    loads = [n.cpu_load for n in group.nodes] or [0]
    low, high = f"{min(loads) / 100:.2f}", f"{max(loads) / 100:.2f}"
    return high if low == high else f"{low}-{high}"


def _reason(group, view):
    return (group.nodes[0].reason if group.nodes else "") or "none"


def _reason_time(group, view):
    node = group.nodes[0] if group.nodes else None
    return view.stamp(node.reason_time if node and node.reason else 0, "Unknown")


def _user(long):
    def text(group, view):
        node = group.nodes[0] if group.nodes else None
        if node is None:                 # a partition without a node to show: user number 0
            return "root(0)" if long else "root"
        if not node.reason and not node.reason_user:
            return "Unknown"
        name = node.reason_user or f"Unk({node.reason_uid})"
        return f"{name}({node.reason_uid})" if long and node.reason_user else name
    return text


def _sct(group, view):
    return ":".join(_span([getattr(n, name) for n in group.nodes] or [0], True)
                    for name in ("sockets", "cores", "threads"))


def _partition(group, view):
    if group.part is None:
        return "n/a"
    return group.part.name + ("*" if group.part.default else "")


def _names(attribute):
    def text(group, view):
        return fold([getattr(n, attribute) for n in group.nodes])
    return text


def _version(group, view):
    if not group.nodes or group.nodes[0].state in ("FUTURE", "UNKNOWN"):
        return "N/A"
    return version(view.release)


_REASON = "reason reason_user reason_uid reason_time"
F_PARTITION = Field("PARTITION", _partition)
F_PARTITION_NAME = _option("PARTITION", lambda part, view: part.name)
F_NODELIST = Field("NODELIST", lambda g, view: g.node_list(), cut_header=False)
F_HOSTNAMES = Field("HOSTNAMES", _names("hostname"), "hostname", cut_header=False)
LETTERS = {
    "a": _option("AVAIL", lambda part, view: part.state.lower()),
    "A": Field("NODES(A/I)", lambda g, view: f"{g.alloc}/{g.idle}"),
    "b": _first("active_features", "ACTIVE_FEATURES"),
    "B": _option("MAX_CPUS_PER_NODE", _max_cpus),
    "c": _over("cpus", "CPUS", unit=True),
    "C": Field("CPUS(A/I/O/T)", lambda g, view: "%d/%d/%d/%d" % g.cpus(view.cluster),
               "cpus"),
    "d": _over("tmp_disk", "TMP_DISK"),
    "D": Field("NODES", lambda g, view: str(g.count)),
    "e": _over("free_mem", "FREE_MEM", span=True),
    "E": Field("REASON", _reason, _REASON),
    "f": _first("features", "AVAIL_FEATURES"),
    "F": Field("NODES(A/I/O/T)",
               lambda g, view: f"{g.alloc}/{g.idle}/{g.other}/{g.count}"),
    "g": _option("GROUPS", _groups),
    "G": _first("gres", "GRES"),
    "h": _option("OVERSUBSCRIBE", node_info.share_text),
    "H": Field("TIMESTAMP", _reason_time, _REASON),
    "I": _option("PRIO_JOB_FACTOR", lambda part, view: unit_text(part.priority_factor)),
    "l": _option("TIMELIMIT", _max_time),
    "L": _option("DEFAULTTIME", _default_time),
    "m": _over("memory", "MEMORY"),
    "M": _option("PREEMPT_MODE", lambda part, view: node_info.preempt_mode(part, view.config)),
    "n": F_HOSTNAMES,
    "N": F_NODELIST,
    "o": Field("NODE_ADDR", _names("addr"), "addr", cut_header=False),
    "O": Field("CPU_LOAD", _load, "cpu_load"),
    "p": _option("PRIO_TIER", lambda part, view: unit_text(part.priority_tier)),
    "P": F_PARTITION,
    "r": _option("ROOT", _root),
    "R": F_PARTITION_NAME,
    "s": _option("JOB_SIZE", _size),
    "S": _option("ALLOCNODES", _alloc_nodes),
    "t": Field("STATE", _state(lambda base, flags: node_info.text(base, flags, True))),
    "T": Field("STATE", _state(node_info.text)),
    "u": Field("USER", _user(False), _REASON),
    "U": Field("USER", _user(True), _REASON),
    "v": Field("VERSION", _version, "state"),
    "V": Field("CLUSTER", lambda g, view: view.cluster_name or "N/A"),
    "w": _over("weight", "WEIGHT"),
    "X": _over("sockets", "SOCKETS", unit=True),
    "Y": _over("cores", "CORES", unit=True),
    "Z": _over("threads", "THREADS", unit=True),
    "z": Field("S:C:T", _sct, "sockets cores threads"),
}
_L = LETTERS
NAMES = {
    "allocmem": Field("ALLOCMEM", _alloc_mem, "name"), "allocnodes": _L["S"], "available": _L["a"],
    "cluster": _L["V"], "comment": _first("comment", "COMMENT"), "cpus": _L["c"],
    "cpusload": _L["O"], "freemem": _L["e"], "cpusstate": _L["C"], "cores": _L["Y"],
    "defaulttime": _L["L"], "disk": _L["d"], "extra": _first("extra", "EXTRA"),
    "features": _L["f"], "features_act": _L["b"], "groups": _L["g"], "gres": _L["G"],
    "gresused": Field("GRES_USED", _gres_used, "gres"), "maxcpuspernode": _L["B"],
    "memory": _L["m"], "nodes": _L["D"], "nodeaddr": _L["o"], "nodeai": _L["A"],
    "nodeaiot": _L["F"], "nodehost": _L["n"], "nodelist": _L["N"], "partition": _L["P"],
    "partitionname": _L["R"],
    "port": Field("PORT", lambda g, view: unit_text(g.nodes[0].port if g.nodes else 0), "port"),
    "preemptmode": _L["M"], "priorityjobfactor": _L["I"], "prioritytier": _L["p"],
    "reason": _L["E"], "root": _L["r"], "oversubscribe": _L["h"], "share": _L["h"],
    "size": _L["s"], "statecompact": _L["t"],
    "statecomplete": Field("STATECOMPLETE", _state(node_info.complete)),
    "statelong": _L["T"], "sockets": _L["X"], "socketcorethread": _L["z"], "time": _L["l"],
    "timestamp": _L["H"], "threads": _L["Z"], "user": _L["u"], "userlong": _L["U"],
    "version": _L["v"], "weight": _L["w"],
}
# "%all": small letters, then capitals with a blank after them
ALL = ("|".join(f"%{c}" for c in "abcdefghijklmnopqrstuvwxyz") + "|"
       + "|".join(f"%{c} " for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
