"""scontrol show job and show step: all that is known, a line for each theme.

Source: scontrol(1); the order of lines and the cases in which one is left out are
those of slurm_sprint_job_info() and slurm_sprint_job_step_info().
"""

from ...common.hostlist import fold
from ...common.parse_time import elapsed_text, limit_text
from ...common.records import (ACTIVE, BAD_CONSTRAINTS, INFINITE, exit_text, gave_empty, held_count, min_cpus, step_name,
                               unpack_alloc)
from ...common.step_layout import shown
from ...common.tres import sorted_tres
from ...slurmctld import job_info as values
from ...slurmctld.job_info import NO_TASK, node_list, standard_files
from .print_lines import NULL, joined, lines


def job_text(job, view, one_line=False, detail=False):
    """A job -> the text of its record, line ends included.

    one_line: as with --oneliner; detail: as with --details.
    """
    found = lines(JOB, Shown(job, view, detail), view.release)
    return joined([*found, ""], one_line)


class Shown:
    """A job that is shown: `job`, `view`, `detail`, and what several rows tell of.

    minutes  its time limit;  end  when it ends or ended, in seconds since the epoch
    memory, per_cpu  MiB that it asks for, and whether that is for each CPU
    nodes, most_nodes  how many it has or asks for, and at most (0: no more)
    """

    def __init__(self, job, view, detail):
        self.job, self.view, self.detail = job, view, detail
        self.minutes = values.time_limit(job, view)
        self.end = values.end_time(job, view)
        if self.minutes == INFINITE and self.end > view.now:
            self.end = 0
        self.memory, self.per_cpu = values.min_memory(job, view)
        self.nodes, self.most_nodes = values.nodes(job, view), 0
        if values.pending(job):
            self.most_nodes = job.max_nodes
            if self.most_nodes:
                self.nodes = min(self.nodes, self.most_nodes)

    def stamp(self, when, empty="Unknown"):
        """A time (seconds since the epoch) as the view writes it; `empty` for 0."""
        return self.view.stamp(when, empty)

    def preempts(self):
        """Is it told when the job may be preempted?"""
        job = self.job
        on = not self.view.config.get("PreemptType", "preempt/none").endswith("none")
        return bool(job.preempt_time or on and job.start_time and not values.pending(job))


# ---- what rows show of a job -------------------------------------------------

def _field(name):
    """A field of the job, as it is."""
    return lambda s: getattr(s.job, name)


def _or_null(name):
    """A text of the job, "(null)" for none; an empty one that somebody gave is one."""
    return lambda s: getattr(s.job, name) or ("" if gave_empty(s.job, name) else NULL)


def _if_set(name):
    """A field of the job; no row where there is none and nobody gave an empty one."""
    return lambda s: getattr(s.job, name) or ("" if gave_empty(s.job, name) else None)


def _when(name, empty="Unknown"):
    return lambda s: s.stamp(getattr(s.job, name), empty)


def _remark(name):
    """A comment; a blank follows it."""
    return lambda s: f"{getattr(s.job, name)} " if getattr(s.job, name) not in ("", None) else None


def _any(value):
    return "*" if value is None else value


def _array_task(s):
    job = s.job
    if not job.array_id:
        return None
    if job.array_task is not None:
        return job.array_task
    # Slurm shows its "not set" where all tasks were cancelled, one by one
    return values.array_text(job, s.view.env) if job.array_tasks else NO_TASK


def _of_array(name):
    return lambda s: getattr(s.job, name) or None if s.job.array_id else None


def _of_het(name):
    return lambda s: (None if s.job.array_id or s.job.het_offset is None
                      else getattr(s.job, name))


def _wckey(s):
    tracked = s.view.config.get("TrackWCKey", "no").lower() == "yes"
    return s.job.wckey or NULL if tracked else None


def _eligible(s):
    job = s.job
    return s.stamp(job.begin_time if job.begin_time > s.view.now else job.eligible_time)


def _accrue(s):
    job = s.job
    if job.array_tasks and job.array_task is None and values.pending(job):
        return s.stamp(0)
    if job.begin_time > s.view.now and values.pending(job):
        return s.stamp(0 if job.hold else job.begin_time)
    return s.stamp(job.accrue_time)


def _preempt_eligible(s):
    if not s.preempts():
        return None
    from ...common.parse_time import BadValue, parse_duration
    try:
        exempt = max(0, parse_duration(s.view.config.get("PreemptExemptTime", "0")))
    except BadValue:
        exempt = 0
    return s.stamp(s.job.start_time + exempt)


def _scheduled_nodes(s):
    return s.job.sched_nodes if s.job.sched_nodes and values.pending(s.job) else None


def _batch_host(s):
    return s.job.batch_host if s.job.batch_host and not values.pending(s.job) else None


def _cores(s):
    """--details: which CPUs of which nodes a job has, or had, as lines."""
    if not s.detail:
        return None
    from ...slurmctld.cpu_ids import cpu_ids
    job = s.job
    shares = unpack_alloc(job.alloc) if not values.pending(job) else []
    if not shares:
        return None
    total, alike, last = {}, [], None
    for share in shares:
        for kind, index in share.gres.items():
            kind = kind.partition("@")[0]
            total[kind] = total.get(kind, 0) + held_count(index)
        cpus = _ids(cpu_ids(job, share, s.view))
        gres = values.gres_text(share) if job.phase == ACTIVE else ""
        key = (cpus, share.mem, gres)
        if last is not None and last[0] == key:
            last[1].append(share.node)
        else:
            last = (key, [share.node])
            alike.append(last)
    grand = ",".join(f"{kind}:{n}" for kind, n in sorted(total.items())) or NULL
    return [f"JOB_GRES={grand}"] + [
        f"  Nodes={fold(names)} CPU_IDs={cpus} Mem={mem} GRES={gres}"
        for (cpus, mem, gres), names in alike]


def _ids(numbers):
    from ...common.hostlist import ranges
    return ranges(sorted(numbers))


def _file(number):
    """A standard file of a batch job."""
    return lambda s: standard_files(s.job)[number] if s.job.batch_flag else None


def _switches(s):
    if not s.job.switches:
        return None
    return f"{s.job.switches}@{elapsed_text(values.switch_wait(s.job), True)}"


def _frequency(s):
    if not s.job.cpu_freq:
        return None
    from ...common.cpu_frequency import freq_text
    return freq_text(s.job.cpu_freq)


def _flags(s):
    """Three rows between which the original puts no line break."""
    job = s.job
    told = [f"GresEnforceBind={job.gres_binding}"] if job.gres_binding else []
    if job.kill_invalid_dep:
        told.append("KillOInInvalidDependent="
                    + ("Yes" if job.kill_invalid_dep.lower() in ("yes", "1") else "No"))
    if job.spread_job:
        told.append("SpreadJob=Yes")
    return "".join(told) or None


def _of_gpu(name, before="gpu:"):
    return lambda s: f"{before}{getattr(s.job, name)}" if getattr(s.job, name) not in (None, "") else None


def _mailed(text):
    """What is told of mail, where there is any."""
    return lambda s: (text(s.job) if s.job.mail_type and s.job.mail_type.upper() != "NONE"
                      else None)


JOB = (
    (("JobId", _field("id")), ("ArrayJobId", _if_set("array_id")), ("ArrayTaskId", _array_task),
     ("ArrayTaskThrottle", _of_array("array_limit")), ("HetJobId", _of_het("het_id")),
     ("HetJobOffset", _of_het("het_offset")), ("JobName", _field("name"))),
    (("HetJobIdSet", _if_set("het_set")),),
    (("UserId", lambda s: f"{s.job.user}({s.job.uid})"),
     ("GroupId", lambda s: f"{s.job.group_name or s.job.gid}({s.job.gid})"),
     ("MCS_label", lambda s: s.job.mcs_label or ("" if gave_empty(s.job, "mcs_label") else "N/A"))),
    (("Priority", _field("priority")), ("Nice", _field("nice")), ("Account", _or_null("account")),
     ("QOS", _or_null("qos")), ("WCKey", _wckey)),
    (("JobState", _field("state")), ("Reason", lambda s: "_".join(s.job.reason.split(" "))),
     ("Dependency", _or_null("dependency"))),
    (("Requeue", _field("requeue")), ("Restarts", _field("restarts")),
     ("BatchFlag", _field("batch_flag")), ("Reboot", _field("reboot")),
     ("ExitCode", lambda s: exit_text(s.job.exit_code))),
    (("DerivedExitCode", lambda s: exit_text(s.job.derived_ec) if s.detail else None),),
    (("RunTime", lambda s: elapsed_text(values.time_used(s.job, s.view.now), True)),
     ("TimeLimit", lambda s: limit_text(s.minutes, hours=True)),
     ("TimeMin", lambda s: limit_text(s.job.time_min, hours=True) if s.job.time_min else "N/A")),
    (("SubmitTime", _when("submit_time")), ("EligibleTime", _eligible)),
    (("AccrueTime", _accrue),),
    (("StartTime", lambda s: s.stamp(values.start_time(s.job, s.view.now))),
     ("EndTime", lambda s: s.stamp(s.end)), ("Deadline", _when("deadline", "N/A"))),
    (("PreemptEligibleTime", _preempt_eligible),
     ("PreemptTime", lambda s: s.stamp(s.job.preempt_time, "None") if s.preempts() else None)),
    (("SuspendTime", _when("suspend_time", "None")), ("SecsPreSuspend", _field("pre_suspend")),
     ("LastSchedEval", _when("last_sched_eval")), ("Scheduler", lambda s: "Main")),
    (("Partition", _field("partition")),
     ("AllocNode:Sid", lambda s: f"{s.job.alloc_node}:{s.job.alloc_sid}")),
    (("ReqNodeList", _or_null("req_nodes")), ("ExcNodeList", _or_null("exc_nodes"))),
    (("NodeList", lambda s: node_list(s.job.nodelist)), ("SchedNodeList", _scheduled_nodes)),
    (("BatchHost", _batch_host),),
    (("BatchFeatures", _if_set("batch_features")),),
    (("NumNodes", lambda s: f"{s.nodes}-{s.most_nodes}" if s.most_nodes else s.nodes),
     ("NumCPUs", lambda s: values.cpus(s.job)),
     ("NumTasks", lambda s: "N/A" if s.job.reason == BAD_CONSTRAINTS else 0 if values.asks_for_none(s.job) else s.job.ntasks),
     ("CPUs/Task", _field("cpus_per_task")),
     ("ReqB:S:C:T", lambda s: f"0:0:{_any(s.job.cores_per_socket)}:"
                              f"{_any(s.job.threads_per_core)}")),
    (("TRES", lambda s: values.tres(s.job, s.view) or NULL),),
    (("Socks/Node", lambda s: _any(s.job.sockets_per_node)),
     ("NtasksPerN:B:S:C", lambda s: f"{s.job.ntasks_per_node}:0:{s.job.ntasks_per_socket or '*'}:"
                                    f"{s.job.ntasks_per_core or '*'}"),
     ("CoreSpec", lambda s: _any(s.job.core_spec))),
    (("", _cores),),
    (("MinCPUsNode", lambda s: min_cpus(s.job)),
     ("MinMemoryCPU", lambda s: values.unit_text(s.memory, 2) if s.per_cpu else None),
     ("MinMemoryNode", lambda s: None if s.per_cpu else values.unit_text(s.memory, 2)),
     ("MinTmpDiskNode", lambda s: values.unit_text(s.job.min_tmp_disk, 2))),
    (("Features", _or_null("features")),
     ("DelayBoot", lambda s: "UNLIMITED" if s.job.delay_boot == 0xFFFFFFFF else elapsed_text(s.job.delay_boot, True))),
    (("ClusterFeatures", _if_set("cluster_features")),),
    (("Prefer", _if_set("prefer")),),
    (("Reservation", _if_set("reservation")),),
    (("OverSubscribe", lambda s: values.share_text(s.job, s.view)),
     ("Contiguous", _field("contiguous")), ("Licenses", _or_null("licenses")),
     ("Network", _or_null("network"))),
    (("Command", _or_null("command")),),
    (("WorkDir", _field("work_dir")),),
    (("AdminComment", _remark("admin_comment")),),
    (("SystemComment", _remark("system_comment")),),
    (("Comment", lambda s: None if s.job.comment is None else f"{s.job.comment} "),),
    (("StdErr", _file(2)),),
    (("StdIn", _file(0)),),
    (("StdOut", _file(1)),),
    (("Switches", _switches),),
    (("BurstBuffer", _if_set("burst_buffer")),),
    (("", _frequency),),
    (("Power", _field("power")),),
    (("", _flags),),
    (("CpusPerTres", _of_gpu("cpus_per_gpu", "gres:gpu:")),),
    (("MemPerTres", _of_gpu("mem_per_gpu", "gres:gpu:")),),
    (("TresBind", _of_gpu("gpu_bind")),),
    (("TresFreq", _of_gpu("gpu_freq")),),
    (("TresPerJob", _if_set("tres_per_job")),),
    (("TresPerNode", _if_set("tres_per_node")),),
    (("TresPerSocket", _if_set("tres_per_socket")),),
    (("TresPerTask", _if_set("tres_per_task")),),
    (("MailUser", _mailed(lambda job: job.mail_user or job.user)),
     ("MailType", _mailed(lambda job: job.mail_type))),
    (("NtasksPerTRES", _if_set("ntasks_per_tres")),),
    (("Container", _if_set("container")),),
)


# ---- steps --------------------------------------------------------------------

def step_text(row, view, one_line=False):
    """A running step (squeue's StepRow) -> the text of its record."""
    return joined(lines(STEP, (row.step, row.job, view), view.release), one_line)


def _step(text):
    """A row of a step alone."""
    return lambda s: text(s[0])


def _step_id(s):
    step, job, _ = s
    # of a heterogeneous job's component the plain id
    return values.step_id(job, step) if job.het_offset is None else f"{job.id}.{step_name(step.step_id)}"


STEP = (
    (("StepId", _step_id), ("UserId", lambda s: s[1].uid),
     ("StartTime", lambda s: s[2].stamp(s[0].start_time, "Unknown")),
     ("TimeLimit", _step(lambda step: limit_text(step.time_limit, hours=True)))),
    (("State", _step(lambda step: step.state)), ("Partition", lambda s: s[1].partition),
     ("NodeList", _step(lambda step: node_list(step.nodelist)))),
    (("Nodes", _step(lambda step: values.unit_text(step.num_nodes))),
     # the batch step asks for no CPUs
     ("CPUs", _step(lambda step: step.num_cpus if step.step_id >= 0 else 0)),
     ("Tasks", _step(lambda step: step.ntasks)), ("Name", _step(lambda step: step.name)),
     ("Network", lambda s: NULL)),
    (("TRES", _step(lambda step: sorted_tres(step.alloc_tres) or NULL)),),
    (("ResvPorts", lambda s: NULL),),
    (("CPUFreqReq", lambda s: "Default"),
     ("Dist", _step(lambda step: shown(step.layout) if step.step_id >= 0 and step.layout
                    else None))),
    (("SrunHost:Pid", _step(lambda step: f"{step.host or NULL}:"
                                         f"{step.pid if step.step_id >= 0 else 0}")),),
)
