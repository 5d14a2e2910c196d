"""squeue's fields: the letters of -o and the names of -O, as squeue(1) lists them."""

from ...common.print_fields import Field, known
from ...common.records import INFINITE, STATE_CODES, min_cpus
from ...common.release import CURRENT
from ...slurmctld import job_info as values
from ...slurmctld.job_info import absolute, group_name, job_id, node_list

# What a field reads of nearly every job; a column that only some jobs need is read
# for those (Store.partial).
_START = "state start_time expected_start begin_time"
_LIMIT = "time_limit state partition"
_END = _START + " end_time suspend_time " + _LIMIT
_USED = "state start_time end_time suspend_time"
_NODES = "num_nodes"
_CPUS = "num_cpus ntasks cpus_per_task min_nodes overcommit state"
_ID = "id array_id array_task het_id"

# States in which the last column tells why instead of where.
_TELL_REASON = values.WAITING + ("TIMEOUT", "OUT_OF_MEMORY", "DEADLINE", "FAILED", "STAGE_OUT")


def _text(header, name):
    """A field that is a text of the record; empty means not set."""
    return Field(header, attr=name)


def _qos(job, view):
    """Without an accounting database there is none; with one, a name that it does not know is
    shown as nothing."""
    known = view.config.get("AccountingStorageType", "").endswith("slurmdbd")
    return job.qos or ("" if known else None)


def _number(header, name):
    return Field(header, attr=name)


def _count(header, name):
    """A number that may be left to Slurm (0)."""
    return Field(header, lambda job, view: str(getattr(job, name) or "N/A"), name)


def _constant(header, value):
    """A feature that the mock's clusters do not have; Slurm prints this."""
    return Field(header, lambda job, view: value)


def _time(header, name):
    return Field(header, lambda job, view: view.stamp(getattr(job, name)), name)


def _array_job_id(job, view):
    return str(job.array_id or job.id)


def _array_task(job, view):
    if not job.array_id:
        return "N/A"
    return str(job.array_task) if job.array_task is not None else values.array_text(job, view.env)


def _time_used(job, view):
    if job.state == "PENDING":
        return "0:00"
    return values.seconds_text(values.time_used(job, view.now))


def _reason_list(job, view):
    if job.state in _TELL_REASON:
        return f"({job.reason})"
    return node_list(job.nodelist)


def _exec_host(job, view):
    return (job.batch_host if job.batch_flag else job.alloc_node) or "n/a"


def _core_spec(job, view):
    return "N/A" if job.core_spec is None else str(job.core_spec)


def _geometry(name):
    def text(job, view):
        value = getattr(job, name)
        return "*" if value is None else values.unit_text(value, 0, view.convert)
    return text


_sockets, _cores, _threads = map(_geometry, ("sockets_per_node", "cores_per_socket",
                                             "threads_per_core"))
_SCT = "sockets_per_node cores_per_socket threads_per_core"


def _memory(job, view):
    return values.unit_text(values.min_memory(job, view)[0], 2, view.convert)


def _time_limit(job, view):
    limit = values.time_limit(job, view)
    return "UNLIMITED" if limit == INFINITE else values.seconds_text(limit * 60)


def _time_left(job, view):
    limit = values.time_limit(job, view)
    if limit == INFINITE:
        return "UNLIMITED"
    return values.seconds_text(limit * 60 - values.time_used(job, view.now))


def _end_time(job, view):
    end = values.end_time(job, view)
    if end > view.now and values.time_limit(job, view) == INFINITE:
        return "NONE"
    return view.stamp(end)


def _pending_time(job, view):
    start = values.start_time(job, view.now)
    return str((start if 0 < start < view.now else view.now) - job.submit_time)


def _output(job):
    """Where standard output goes."""
    return absolute(job.std_out or f"slurm-{job.id}.out", job)


def _std_err(job, view):
    if not job.batch_flag:
        return "N/A"
    return absolute(job.std_err, job) if job.std_err else _output(job)


def _eligible(job, view):
    return view.stamp(job.begin_time if job.begin_time > view.now else job.eligible_time)


def _of_gpu(name):
    def text(job, view):
        value = getattr(job, name)
        return f"gpu:{value}" if value else "N/A"
    return text


def _switch_wait(job, view):
    return values.seconds_text(values.switch_wait(job))


def _het(name):
    def text(job, view):
        return "N/A" if job.het_offset is None else str(getattr(job, name))
    return text


F_ID = Field("JOBID", job_id, _ID, plain="id")
F_NODELIST = Field("NODELIST", lambda job, view: node_list(job.nodelist), "nodelist",
                   cut=False, cut_header=False)
F_FEATURES = _text("FEATURES", "features")
F_PRIORITY = Field("PRIORITY", lambda job, view: f"{job.priority / 0xffffffff:16.14f}", "priority")
F_TRES_NODE = Field("TRES_PER_NODE", lambda job, view: job.tres_per_node or "N/A", "tres_per_node")

F_TRES = Field("TRES_ALLOC", values.tres, "alloc_tres mem_per_node mem_per_cpu gres tres_per_job "
               "mem_per_gpu gpus_implied tres_per_socket sockets_per_node "
               "tres_per_task " + _CPUS + " " + _NODES)

LETTERS = {
    "a": _text("ACCOUNT", "account"),
    "A": _number("JOBID", "id"),
    "b": F_TRES_NODE,
    "B": Field("EXEC_HOST", _exec_host, "batch_host batch_flag alloc_node"),
    "c": Field("MIN_CPUS",
               lambda job, view: values.unit_text(min_cpus(job), 0, view.convert),
               "min_cpus_node cpus_per_task ntasks_per_node"),
    "C": Field("CPUS", lambda job, view: str(values.cpus(job)), _CPUS),
    "d": Field("MIN_TMP_DISK",
               lambda job, view: values.unit_text(job.min_tmp_disk, 2, view.convert),
               "min_tmp_disk"),
    "D": Field("NODES", lambda job, view: job.num_nodes or values.nodes(job, view), _NODES,
               plain="num_nodes"),
    "e": Field("END_TIME", _end_time, _END),
    "E": _text("DEPENDENCY", "dependency"),
    "f": F_FEATURES,
    "F": Field("ARRAY_JOB_ID", _array_job_id, "array_id id", plain="id"),
    "g": Field("GROUP", group_name, "group_name gid"),
    "G": _number("GROUP", "gid"),
    "h": Field("OVER_SUBSCRIBE", values.share_text, "exclusive partition"),
    "H": Field("SOCKETS_PER_NODE", _sockets, "sockets_per_node"),
    "i": F_ID,
    "I": Field("CORES_PER_SOCKET", _cores, "cores_per_socket"),
    "j": Field("NAME", lambda job, view: job.name, "name", plain="name"),
    "J": Field("THREADS_PER_CORE", _threads, "threads_per_core"),
    "k": Field("COMMENT", lambda job, view: job.comment, "comment", plain="ifnull(comment, '{null}')"),
    "K": Field("ARRAY_TASK_ID", _array_task, _ID),
    "l": Field("TIME_LIMIT", _time_limit, _LIMIT, cut=False),
    "L": Field("TIME_LEFT", _time_left, _LIMIT + " " + _USED, cut=False),
    "m": Field("MIN_MEMORY", _memory, "mem_per_node mem_per_cpu partition"),
    "M": Field("TIME", _time_used, _USED, cut=False, plain="'0:00'"),
    "n": Field("REQ_NODES", lambda job, view: node_list(job.req_nodes), "req_nodes", cut=False),
    "N": F_NODELIST,
    "o": _text("COMMAND", "command"),
    "O": _number("CONTIGUOUS", "contiguous"),
    "p": F_PRIORITY,
    "P": _text("PARTITION", "partition"),
    "q": Field("QOS", _qos, "qos"),
    "Q": _number("PRIORITY", "priority"),
    "r": Field("REASON", attr="reason"),
    "R": Field("NODELIST(REASON)", _reason_list, "state reason nodelist", cut="(",
               cut_header=False, plain="'(' || reason || ')'"),
    "s": _constant("", ""),
    "S": Field("START_TIME", lambda job, view: view.stamp(values.start_time(job, view.now)),
               _START),
    "t": Field("ST", lambda job, view: STATE_CODES[job.state], "state", plain="'PD'"),
    "T": Field("STATE", attr="state"),
    "u": _text("USER", "user"),
    "U": _number("UID", "uid"),
    "v": _text("RESERVATION", "reservation"),
    "V": _time("SUBMIT_TIME", "submit_time"),
    "w": _text("WCKEY", "wckey"),
    "W": _text("LICENSES", "licenses"),
    "x": Field("EXC_NODES", lambda job, view: node_list(job.exc_nodes), "exc_nodes", cut=False),
    "X": Field("CORE_SPEC", _core_spec, "core_spec"),
    "y": _number("NICE", "nice"),
    "Y": Field("SCHEDNODES", lambda job, view: job.sched_nodes or None, "sched_nodes",
               cut=False, cut_header=False),
    "z": Field("S:C:T", lambda job, view: f"{_sockets(job, view)}:{_cores(job, view)}:"
                                          f"{_threads(job, view)}", _SCT),
    "Z": _text("WORK_DIR", "work_dir"),
}

_L = LETTERS
NAMES = {
    "account": _L["a"], "jobid": _L["A"], "gres": _L["b"], "batchhost": _L["B"],
    "mincpus": _L["c"], "numcpus": _L["C"], "mintmpdisk": _L["d"], "numnodes": _L["D"],
    "endtime": _L["e"], "dependency": _L["E"], "feature": _L["f"], "arrayjobid": _L["F"],
    "groupname": _L["g"], "groupid": _L["G"], "oversubscribe": _L["h"], "shared": _L["h"],
    "sockets": _L["H"], "jobarrayid": _L["i"], "cores": _L["I"], "name": _L["j"],
    "threads": _L["J"], "comment": _L["k"], "arraytaskid": _L["K"], "timelimit": _L["l"],
    "timeleft": _L["L"], "minmemory": _L["m"], "timeused": _L["M"], "reqnodes": _L["n"],
    "nodelist": _L["N"], "command": _L["o"], "contiguous": _L["O"], "priority": _L["p"],
    "partition": _L["P"], "qos": _L["q"], "prioritylong": _L["Q"], "reason": _L["r"],
    "reasonlist": _L["R"], "selectjobinfo": _L["s"], "starttime": _L["S"],
    "statecompact": _L["t"], "state": _L["T"], "username": _L["u"], "userid": _L["U"],
    "reservation": _L["v"], "submittime": _L["V"], "wckey": _L["w"], "licenses": _L["W"],
    "corespec": _L["X"], "nice": _L["y"], "schednodes": _L["Y"], "sct": _L["z"],
    "workdir": _L["Z"],
    "accruetime": _time("ACCRUE_TIME", "accrue_time"),
    "admin_comment": _text("ADMIN_COMMENT", "admin_comment"),
    "system_comment": _text("SYSTEM_COMMENT", "system_comment"),
    "allocnodes": _text("ALLOC_NODES", "alloc_node"),
    "allocsid": _number("ALLOC_SID", "alloc_sid"),
    "associd": _constant("ASSOC_ID", "0"),
    "batchflag": _number("BATCH_FLAG", "batch_flag"),
    "boardspernode": _constant("BOARDS_PER_NODE", "0"),
    "burstbuffer": _text("BURST_BUFFER", "burst_buffer"),
    "burstbufferstate": _constant("BURST_BUFFER_STATE", None),
    "cluster": Field("CLUSTER", lambda job, view: view.config["ClusterName"]),
    "clusterfeature": _text("CLUSTER_FEATURES", "cluster_features"),
    "container": _constant("CONTAINER", None),
    "cpus-per-task": _number("CPUS_PER_TASK", "cpus_per_task"),
    "cpuspertask": _number("CPUS_PER_TASK", "cpus_per_task"),
    "cpus-per-tres": Field(
        "CPUS_PER_TRES",
        lambda job, view: f"gres:gpu:{job.cpus_per_gpu}" if job.cpus_per_gpu else "N/A",
        "cpus_per_gpu"),
    "deadline": _time("DEADLINE", "deadline"),
    "delayboot": _constant("DELAY_BOOT", "0:00"),
    "derivedec": _number("DERIVED_EC", "derived_ec"),
    "eligibletime": Field("ELIGIBLE_TIME", _eligible, "eligible_time begin_time"),
    "exit_code": _number("EXIT_CODE", "exit_code"),
    "hetjobid": Field("HET_JOB_ID", _het("het_id"), "het_id het_offset"),
    "hetjobidset": Field("HET_JOB_ID_SET", _het("het_set"), "het_set het_offset"),
    "hetjoboffset": Field("HET_JOB_OFFSET", _het("het_offset"), "het_offset"),
    "lastschedeval": _time("LAST_SCHED_EVAL", "last_sched_eval"),
    "maxcpus": Field("MAX_CPUS", lambda job, view: str(values.cpus(job)), _CPUS),
    "maxnodes": Field("MAX_NODES",
                      lambda job, view: str(job.max_nodes if values.pending(job) and job.max_nodes
                                            else values.nodes(job, view)),
                      "max_nodes state " + _NODES),
    "mcslabel": _text("MCSLABEL", "mcs_label"),
    "mem-per-tres": Field(
        "MEM_PER_TRES",
        lambda job, view: f"gres:gpu:{job.mem_per_gpu}" if job.mem_per_gpu else "N/A",
        "mem_per_gpu"),
    "mintime": Field("TIME_MIN", lambda job, view: values.seconds_text(job.time_min * 60),
                     "time_min"),
    "network": _text("NETWORK", "network"),
    "ntperboard": _constant("NTASKS_PER_BOARD", "0"),
    "ntpercore": _count("NTASKS_PER_CORE", "ntasks_per_core"),
    "ntpernode": _number("NTASKS_PER_NODE", "ntasks_per_node"),
    "ntpersocket": _count("NTASKS_PER_SOCKET", "ntasks_per_socket"),
    "origin": _constant("ORIGIN", "NA"),
    "originraw": _constant("ORIGIN_RAW", "NA"),
    "pendingtime": Field("PENDING_TIME", _pending_time, "submit_time " + _START),
    "preempttime": _time("PREEMPT_TIME", "preempt_time"),
    "prefer": _text("PREFER", "prefer"),
    "profile": _constant("PROFILE", "NotSet"),
    "reboot": _number("REBOOT", "reboot"),
    "reqswitch": _number("REQ_SWITCH", "switches"),
    "requeue": _number("REQUEUE", "requeue"),
    "resizetime": _constant("RESIZE_TIME", "N/A"),
    "restartcnt": _number("RESTART_COUNT", "restarts"),
    "siblingsactive": _constant("ACTIVE_SIBLINGS", "NA"),
    "siblingsactiveraw": _constant("ACTIVE_SIBLINGS_RAW", "NA"),
    "siblingsviable": _constant("VIABLE_SIBLINGS", "NA"),
    "siblingsviableraw": _constant("VIALBLE_SIBLINGS_RAW", "NA"),
    "sperboard": _constant("SOCKETS_PER_BOARD", "0"),
    "stderr": Field("STDERR", _std_err, "batch_flag std_err std_out work_dir id"),
    "stdin": _text("STDIN", "std_in"),
    "stdout": Field("STDOUT", lambda job, view: _output(job), "std_out work_dir id"),
    "tres": F_TRES,
    "tres-alloc": F_TRES,
    "tres-bind": Field("TRES_BIND", _of_gpu("gpu_bind"), "gpu_bind"),
    "tres-freq": Field("TRES_FREQ", _of_gpu("gpu_freq"), "gpu_freq"),
    "tres-per-job": Field("TRES_PER_JOB", lambda job, view: job.tres_per_job or "N/A",
                          "tres_per_job"),
    "tres-per-node": F_TRES_NODE,
    "tres-per-socket": Field("TRES_PER_SOCKET", lambda job, view: job.tres_per_socket or "N/A",
                             "tres_per_socket"),
    "tres-per-task": Field("TRES_PER_TASK", lambda job, view: job.tres_per_task or "N/A",
                           "tres_per_task"),
    "wait4switch": Field("WAIT4SWITCH", _switch_wait, "switches switch_wait"),
}
NAMES.update({"packjobid": NAMES["hetjobid"], "packjoboffset": NAMES["hetjoboffset"],
              "packjobidset": NAMES["hetjobidset"]})
NUM_TASKS = Field("TASKS", lambda job, view: str(job.ntasks), "ntasks")


def by_name(name, release=CURRENT):
    """The field that -O calls so in that release; None."""
    # squeue compares only the beginning of this one
    return NUM_TASKS if name.startswith("numtask") else known(NAMES, name, release)
