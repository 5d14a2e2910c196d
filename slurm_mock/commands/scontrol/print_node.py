"""scontrol show node, partition and reservation.

Source: scontrol(1); lines in the order of slurm_sprint_node_table(),
slurm_sprint_partition_info() and slurm_sprint_reservation_info().
"""

from ...common import release
from ...common.hostlist import expand, fold
from ...common.parse_time import elapsed_text
from ...common.records import cpus_for_jobs
from ...slurmctld import node_info
from ...slurmctld.cpu_ids import spec_cpus
from ...slurmctld.node_info import alloc_tres, os_text
from .print_lines import NULL, joined, lines

# ---- nodes ---------------------------------------------------------------------

def node_text(node, view, one_line=False, detail=False):
    """A node -> the text of its record. detail: as with --details."""
    return joined(lines(NODE, ShownNode(node, view, detail), view.release), one_line)


class ShownNode:
    """A node that is shown: `node`, `view`, `detail`, and what several rows tell of.

    use     what runs on it (cluster.Use), or None
    alloc   CPUs and memory (MiB) that jobs have of it
    up      does its slurmd tell of itself?
    """

    def __init__(self, node, view, detail):
        self.node, self.view, self.detail = node, view, detail
        self.use = use = view.cluster.use.get(node.name)
        self.alloc = (cpus_for_jobs(node) if use.exclusive else use.cpus) if use else 0
        self.memory = use.mem if use else 0
        self.up = node.state not in ("FUTURE", "UNKNOWN")

    def stamp(self, when, empty):
        """A time (seconds since the epoch) as the view writes it; `empty` for 0."""
        return self.view.stamp(when, empty)


def _field(name):
    """A field of the node, as it is."""
    return lambda s: getattr(s.node, name)


def _or_null(name):
    """A text of the node, "(null)" for none."""
    return lambda s: getattr(s.node, name) or NULL


def _if_set(name):
    """A field of the node; no row where there is none."""
    return lambda s: getattr(s.node, name) or None


def _blank(when):
    """The blank that a line ends with in some cases."""
    return "", lambda s: "" if when(s) else None


def _gres_used(s):
    """--details: what jobs have of the node's GRES, as lines."""
    used = node_info.gres_used(s.node, s.view.cluster, s.view.config) if s.detail else None
    return ["GresDrain=N/A", f"GresUsed={used}"] if used else None


def _port(s):
    """The port of its slurmd, where it is another than slurm.conf's."""
    usual = int(s.view.config.get("SlurmdPort", 6818))
    return s.node.port if s.node.port != usual else None


def _partitions(s):
    names = ",".join(p.name for p in s.view.visible(s.view.all) if s.node.name in p.node_set)
    return f"{names} " if names else None


def _reason(s):
    """Why the node is drained or down, who said so and when; further lines of the reason below."""
    node = s.node
    if not node.reason:
        return None
    first, *more = node.reason.split("\n")
    who = ""
    if node.reason_time:
        who = f" [{node.reason_user or node.reason_uid}@{s.stamp(node.reason_time, 'Unknown')}]"
    return [f"Reason={first}{who}", *[f"       {line}" for line in more]]


def _owner(s):
    """Whose node it is while a job with --exclusive=user runs there."""
    jobs = [job for job in s.use.jobs if job.exclusive == "user"] if s.use else ()
    return s.node.owner or (f"{jobs[0].user}({jobs[0].uid})" if jobs else "N/A")


NODE = (
    (("NodeName", _field("name")), ("Arch", lambda s: "x86_64" if s.up else None),
     ("CoresPerSocket", lambda s: f"{s.node.cores} ")),
    (("CPUAlloc", lambda s: s.alloc),
     ("CPUEfctv", lambda s: cpus_for_jobs(s.node)),
     ("CPUTot", _field("cpus")),
     ("CPULoad", lambda s: f"{s.node.cpu_load / 100:.2f}" if s.up else "N/A")),
    (("AvailableFeatures", _or_null("features")),),
    (("ActiveFeatures", _or_null("active_features")),),
    (("Gres", _or_null("gres")),),
    (("", _gres_used),),
    (("NodeAddr", _field("addr")), ("NodeHostName", _field("hostname")), ("Port", _port),
     ("Version", lambda s: release.version(s.view.release) if s.up else None),
     _blank(lambda s: not s.up)),
    (("", lambda s: os_text() if s.up else None),),
    (("RealMemory", _field("memory")), ("AllocMem", lambda s: s.memory),
     ("FreeMem", lambda s: s.node.free_mem if s.up else "N/A"), ("Sockets", _field("sockets")),
     ("Boards", _field("boards"))),
    (("CoreSpecCount", _if_set("core_spec")), ("CPUSpecList", lambda s: spec_cpus(s.node) or None),
     ("MemSpecLimit", _if_set("mem_spec")),
     _blank(lambda s: s.node.core_spec and not s.node.mem_spec)),
    (("State", lambda s: node_info.complete(*s.view.cluster.node_state(s.node))),
     ("ThreadsPerCore", _field("threads")), ("TmpDisk", _field("tmp_disk")),
     ("Weight", _field("weight")), ("Owner", _owner), ("MCS_label", lambda s: "N/A")),
    (("Partitions", _partitions),),
    (("BootTime", lambda s: s.stamp(s.node.boot_time, "None")),
     ("SlurmdStartTime", lambda s: s.stamp(s.node.slurmd_start, "None"))),
    (("LastBusyTime", lambda s: s.stamp(s.node.last_busy, "Unknown")),),
    (("CfgTRES", lambda s: node_info.configured_tres(s.node, s.view.cluster)),),
    (("AllocTRES", lambda s: alloc_tres(s.alloc, s.memory, s.use, s.view.config)),),
    (("CapWatts", lambda s: "n/a"),),
    (("CurrentWatts", lambda s: 0), ("AveWatts", lambda s: 0)),
    (("ExtSensorsJoules", lambda s: "n/s"), ("ExtSensorsWatts", lambda s: 0),
     ("ExtSensorsTemp", lambda s: "n/s")),
    (("", _reason),),
    (("Comment", _if_set("comment")),),
    (("Extra", _if_set("extra")),),
)


# ---- partitions ----------------------------------------------------------------

def partition_text(part, view, one_line=False):
    """A partition -> the text of its record."""
    return joined(lines(PARTITION, ShownPartition(part, view), view.release), one_line)


class ShownPartition:
    """A partition that is shown: `part`, `view`, its `options` of slurm.conf, its `nodes` and their
    `cpus`."""

    def __init__(self, part, view):
        self.part, self.view, self.options = part, view, part.options
        known = view.cluster.nodes
        self.nodes = [known[name] for name in part.node_names if name in known]
        self.cpus = sum(node.cpus for node in self.nodes)


def _option(key, default):
    """A key of the partition's line in slurm.conf."""
    return lambda s: s.options.get(key, default)


def _upper(key, default):
    return lambda s: s.options.get(key, default).upper()


def _yes(key):
    return lambda s: "YES" if s.options.get(key, "NO").upper() == "YES" else "NO"


def _allow_deny(what):
    """AllowAccounts=ALL, or DenyAccounts=... where only that is set."""
    def text(s):
        deny = s.options.get(f"Deny{what}", s.options.get(f"Deny{what.upper()}"))
        allow = s.options.get(f"Allow{what}", s.options.get(f"Allow{what.upper()}"))
        if allow or not deny:
            return f"Allow{what}={allow or 'ALL'}"
        return f"Deny{what}={deny}"
    return text


def _time(minutes):
    return "UNLIMITED" if minutes is None else elapsed_text(minutes * 60, True)


def _default_time(s):
    if s.options.get("DefaultTime", "NONE").upper() == "NONE":
        return "NONE"
    return _time(s.part.default_time)


def _memory(kind):
    """DefMemPerCPU=500, DefMemPerNode=UNLIMITED, ..."""
    def text(s):
        for per in ("CPU", "Node"):
            value = s.options.get(f"{kind}MemPer{per}")
            if value is not None and value.upper() == "UNLIMITED" and kind == "Max":
                return "MaxMemPerCPU=9223372036854775807"    # so Slurm shows its "no limit at all"
            if value is not None:
                number = value if value.isdecimal() and int(value) else "UNLIMITED"
                return f"{kind}MemPer{per}={number}"
        return f"{kind}MemPerNode=UNLIMITED"
    return text


def _job_defaults(s):
    """What a partition gives to jobs with GPUs: "DefCpuPerGPU=2,DefMemPerGPU=1000"."""
    found = [f"{key}={s.options[key]}" for key in ("DefCpuPerGPU", "DefMemPerGPU")
             if key in s.options]
    return ",".join(found) or s.options.get("JobDefaults", NULL)


def _part_tres(s):
    return node_info.part_tres(s.part, s.nodes, s.view.config) or NULL


PARTITION = (
    (("PartitionName", lambda s: s.part.name),),
    (("AllowGroups", _option("AllowGroups", "ALL")), ("", _allow_deny("Accounts")),
     ("", _allow_deny("Qos"))),
    (("AllocNodes", _option("AllocNodes", "ALL")), ("Alternate", _option("Alternate", None)),
     ("Default", lambda s: "YES" if s.part.default else "NO"), ("QoS", _option("QOS", "N/A"))),
    (("DefaultTime", _default_time), ("DisableRootJobs", _yes("DisableRootJobs")),
     ("ExclusiveUser", _yes("ExclusiveUser")), ("GraceTime", _option("GraceTime", 0)),
     ("Hidden", lambda s: "YES" if s.part.hidden else "NO")),
    (("MaxNodes", lambda s: "UNLIMITED" if s.part.max_nodes is None else s.part.max_nodes),
     ("MaxTime", lambda s: _time(s.part.max_time)), ("MinNodes", _option("MinNodes", 0)),
     ("LLN", _yes("LLN")), ("MaxCPUsPerNode", _upper("MaxCPUsPerNode", "UNLIMITED"))),
    (("NodeSets", _option("NodeSets", None)),),
    (("Nodes", lambda s: fold(s.part.node_names) or NULL),),
    (("PriorityJobFactor", lambda s: s.part.priority_factor),
     ("PriorityTier", lambda s: s.part.priority_tier), ("RootOnly", _yes("RootOnly")),
     ("ReqResv", _yes("ReqResv")),
     ("OverSubscribe", lambda s: node_info.share_text(s.part))),
    (("OverTimeLimit", _upper("OverTimeLimit", "NONE")),
     ("PreemptMode", lambda s: node_info.preempt_mode(s.part, s.view.config))),
    (("State", lambda s: s.part.state), ("TotalCPUs", lambda s: s.cpus),
     ("TotalNodes", lambda s: len(s.nodes)),
     ("SelectTypeParameters", _upper("SelectTypeParameters", "NONE"))),
    (("JobDefaults", _job_defaults),),
    (("", _memory("Def")), ("", _memory("Max"))),
    (("TRES", _part_tres),),
    (("TRESBillingWeights", _option("TRESBillingWeights", None)),),
)


# ---- reservations --------------------------------------------------------------

def reservation_text(res, view, one_line=False):
    """A reservation -> the text of its record."""
    return joined(lines(RESERVATION, ShownReservation(res, view), view.release), one_line)


class ShownReservation:
    """A reservation that is shown: `res`, `view`, and its `nodes`."""

    def __init__(self, res, view):
        self.res, self.view = res, view
        known = view.cluster.nodes
        self.nodes = [known[name] for name in expand(res.nodes) if name in known]

    def stamp(self, when):
        """A time (seconds since the epoch) as the view writes it; Unknown for 0."""
        return self.view.stamp(when, "Unknown")


def _resv(name):
    """A text of the reservation, "(null)" for none."""
    return lambda s: getattr(s.res, name) or NULL


def _active(s):
    return "ACTIVE" if s.res.start_time <= s.view.now <= s.res.end_time else "INACTIVE"


RESERVATION = (
    (("ReservationName", lambda s: s.res.name), ("StartTime", lambda s: s.stamp(s.res.start_time)),
     ("EndTime", lambda s: s.stamp(s.res.end_time)),
     ("Duration", lambda s: elapsed_text(s.res.end_time - s.res.start_time, True))),
    (("Nodes", _resv("nodes")), ("NodeCnt", lambda s: len(s.nodes)),
     ("CoreCnt", lambda s: s.res.core_cnt or sum(n.sockets * n.cores for n in s.nodes)),
     ("Features", _resv("features")), ("PartitionName", _resv("partition")),
     ("Flags", lambda s: s.res.flags)),
    (("TRES", lambda s: f"cpu={sum(n.cpus for n in s.nodes)}"),),
    (("Users", _resv("users")), ("Groups", lambda s: NULL), ("Accounts", _resv("accounts")),
     ("Licenses", _resv("licenses")), ("State", _active), ("BurstBuffer", lambda s: NULL),
     ("Watts", lambda s: "n/a")),
    (("MaxStartDelay", lambda s: NULL),),
)
