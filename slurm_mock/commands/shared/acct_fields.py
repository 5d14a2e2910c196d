"""sacct's fields, in the order of `sacct --helpformat`, by which short names are told apart.

A field's text is None where Slurm prints nothing.  Kinds: "str" is cut with a "+",
"date" is cut when it does not fit, "num" is never cut.
Source: sacct(1), Job Accounting Fields; src/sacct/print.c for jobs against steps.
"""

from ...common.job_state import NO_STATUS
from ...common.parse_time import elapsed_text
from ...common.print_fields import raw
from ...common.records import (ENDED, INFINITE, PENDING, STEP_BATCH, step_name,
                               unpack_alloc)
from ...common.release import CURRENT, in_release
from ...common.step_layout import shown
from ...common.tres import sorted_tres
from ...slurmctld import job_info as values
from ...slurmctld.job_info import job_id
from . import usage_fields as usage


class AccountField:
    """name; width, negative when left-justified; kind; text(row, view) -> str or None; since and
    until: the releases with which it came and went."""

    __slots__ = ("name", "width", "kind", "text", "since", "until")

    def __init__(self, name, width, kind, text, since=2205, until=None):
        self.name, self.width, self.kind, self.text = name, width, kind, text
        self.since, self.until = since, until


class Row:
    """A job, or one of its steps, with what time has to do with it.

    start, end, elapsed, suspended: seconds, cut to the window asked for where --truncate says so.
    """

    __slots__ = ("job", "step", "start", "end", "elapsed", "suspended", "steps")

    def __init__(self, job, step=None, steps=()):
        self.job, self.step, self.steps = job, step, steps
        self.start = self.end = self.elapsed = self.suspended = 0


def _job(text):
    """A field of jobs only."""
    return lambda row, view: None if row.step else text(row, view)


def _step(text):
    """A field of steps only."""
    return lambda row, view: text(row.step, view) if row.step else None


def _blank(row, view):
    return None


def eligible(job):
    """When a job could start, in seconds since the epoch; 0 for one that was never eligible."""
    return job.eligible_time or (job.begin_time if not job.hold else 0)


def state(row):
    """The state as accounting has it: a job that is completing has ended already."""
    if row.step:
        return row.step.state
    job = row.job
    if job.state == "COMPLETING":
        return job.final or "COMPLETED"
    if job.state in values.WAITING and job.phase < ENDED:
        return "PENDING"
    return "RUNNING" if job.state == "CONFIGURING" else job.state


def _state(row, view):
    name = state(row)
    by = row.step.cancelled_by if row.step else row.job.cancelled_by
    return f"{name} by {by}" if name == "CANCELLED" and by is not None else name


def _id(row, view):
    text = str(job_id(row.job, view))
    return f"{text}.{step_name(row.step.step_id)}" if row.step else text


def _raw_id(row, view):
    return f"{row.job.id}.{step_name(row.step.step_id)}" if row.step else str(row.job.id)


def _name(row, view):
    return raw(row.step.name if row.step else row.job.name)


def _cpus(row):
    if row.step:
        return row.step.num_cpus
    return values.cpus(row.job)


def alloc_tres(row, view):
    """AllocTRES: what a job that has started, or a step, holds, by name; None for nothing."""
    if row.step and row.step.step_id == STEP_BATCH:
        from ...common.tres import tres_text
        return sorted_tres(tres_text(unpack_alloc(row.job.alloc)[:1], view.config, None)) or None
    if row.step:
        return sorted_tres(row.step.alloc_tres) or None
    job = row.job
    return sorted_tres(job.alloc_tres) or None if job.start_time else None


def _asked_tres(row, view):
    job = row.job
    return sorted_tres(values.tres(as_asked(job), view))


def as_asked(job):
    """The job as it was when it waited, for what it asked for."""
    if job.state in values.WAITING:
        return job
    nodes = max(job.min_nodes, 1)
    return job.copy(state="PENDING", num_nodes=max(nodes, job.num_nodes if job.alloc else nodes))


def _asked_memory(row, view):
    job = as_asked(row.job)
    memory, per_cpu = values.min_memory(job, view)
    total = memory * (values.cpus(job) if per_cpu else values.nodes(job, view))
    return view.size(total, 2)


def _nodes(row):
    return row.step.num_nodes if row.step else row.job.num_nodes


def _node_list(row, view):
    names = row.step.nodelist if row.step else row.job.nodelist
    return names or "None assigned"


def exit_code(status, floor=True):
    """A wait status -> "code:signal". floor: of a code from 128 on that much is taken away, as
    accounting does. "" for a step of whose end nobody told."""
    if status == NO_STATUS:
        return ""
    code, signal = (status >> 8) & 255, status & 127
    if signal:
        code = 0
    if floor and code >= 128:
        code -= 128
    return f"{code}:{signal}"


def job_status(job):
    """The wait status that accounting has of a job: it does not blame a job for how it was ended, nor for an
    earlier run."""
    blameless = job.state in ("CANCELLED", "TIMEOUT") or job.phase == PENDING
    status = 0 if blameless else job.exit_code
    return 1 << 8 if status == 1 else status                 # 1 is slurmctld's own, and no signal


def _exit(row, view):
    return exit_code(row.step.exit_code if row.step else job_status(row.job))


def _date(name):
    """A point in time of the job; a step tells its start."""
    def text(row, view):
        when = row.start if row.step else (
            eligible(row.job) if name == "eligible" else row.job.submit_time)
        return view.stamp(when, "Unknown")
    return text


def _start(row, view):
    if not row.start and row.end and not row.step:
        return "None"            # it ended before it could start
    return view.stamp(row.start, "Unknown")


def _end(row, view):
    return view.stamp(row.end, "Unknown")


def _waited(row, view):
    """Seconds between eligible and started."""
    begun = eligible(row.job)
    if not begun:
        return 0
    return (row.start or row.end or view.now) - begun


def cpu_text(usec):
    """CPU time: "00:00.003", "00:01:02", "1-02:03:04"."""
    seconds, usec = divmod(usec, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return f"{days}-{hour:02d}:{minute:02d}:{second:02d}"
    if hours:
        return f"{hour:02d}:{minute:02d}:{second:02d}"
    if usec // 1000:
        return f"{minute:02d}:{second:02d}.{usec // 1000:03d}"
    return f"00:{minute:02d}:{second:02d}"


def _cpu(*names):
    """CPU time of a step, or of all ended steps of a job."""
    def text(row, view):
        steps = [row.step] if row.step else [s for s in row.steps if s.state != "RUNNING"]
        return cpu_text(sum(getattr(s, name) for s in steps for name in names))
    return text


def _frequency(row, view):
    if row.step:
        return "0" if row.step.step_id < 0 else "Unknown"
    return "Unknown"


def _limit_with(text):
    """The time limit; text: of minutes."""
    def told(row, view):
        job, limit = row.job, values.time_limit(row.job, view)
        if job.time_limit in (INFINITE, None) and not job.nodelist:
            return "Partition_Limit"             # it gets its partition's when it starts
        return "UNLIMITED" if limit == INFINITE else text(limit)
    return told


def _flags(row, view):
    return "SchedMain,StartRecieved" if row.job.start_time else "StartRecieved"


def _reason(row, view):
    return raw(row.job.reason) if row.job.state in values.WAITING else "None"


def _comment(row, view):
    kept = "job_comment" in view.config.get("AccountingStoreFlags", "").lower()
    # slurmdbd hears of it when the job ends
    return raw(row.job.comment or "") or None if kept and row.job.phase >= ENDED else None


def _energy(row, view):
    # of a job whose only step is its script none is said
    alone = row.job.batch_flag and not any(step.step_id >= 0 for step in row.steps)
    return None if not row.step and alone else "0"


def _text(name):
    return _job(lambda row, view: raw(getattr(row.job, name)) or None)


def _number(name):
    return _job(lambda row, view: str(getattr(row.job, name)))


FIELDS = tuple(AccountField(*f) for f in (
    ("Account", 10, "str", lambda row, view: raw(row.job.account) or None),
    ("AdminComment", 15, "str", _text("admin_comment")),
    ("AllocCPUS", 10, "num", lambda row, view: str(_cpus(row))),
    ("AllocNodes", 10, "str", lambda row, view: values.unit_text(
        _nodes(row) if row.step or row.job.start_time else 0)),
    ("AllocTRES", 10, "str", alloc_tres),
    ("AssocID", 7, "num", lambda row, view: str(row.job.assoc_id)),
    ("AveCPU", 10, "str", usage.average("cpu")),
    ("AveCPUFreq", 10, "str", usage.speed),
    ("AveDiskRead", 14, "str", usage.average("read")),
    ("AveDiskWrite", 14, "str", usage.average("write")),
    ("AvePages", 10, "str", usage.average("pages")),
    ("AveRSS", 10, "str", usage.average("rss")),
    ("AveVMSize", 10, "str", usage.average("vm")),
    ("BlockID", 16, "str", _blank),
    ("Cluster", 10, "str", lambda row, view: view.config["ClusterName"].lower()),
    ("Comment", 14, "str", _job(_comment)),
    ("Constraints", 19, "str", _text("features")),
    ("ConsumedEnergy", 14, "str", _energy),
    ("ConsumedEnergyRaw", 17, "num", _energy),
    ("Container", 19, "str", _blank),
    ("CPUTime", 10, "num", lambda row, view: elapsed_text(row.elapsed * _cpus(row), True)),
    ("CPUTimeRAW", 10, "num", lambda row, view: str(row.elapsed * _cpus(row))),
    ("DBIndex", -10, "num", lambda row, view: str(row.job.id)),
    ("DerivedExitCode", 15, "str", _job(lambda row, view: exit_code(row.job.derived_ec, False))),
    ("Elapsed", 10, "num", lambda row, view: elapsed_text(row.elapsed, True)),
    ("ElapsedRaw", 10, "num", lambda row, view: str(row.elapsed)),
    ("Eligible", 19, "date", _date("eligible")),
    ("End", 19, "date", _end),
    ("ExitCode", 8, "str", _exit),
    ("Flags", 19, "str", _job(_flags)),
    ("GID", 6, "num", _number("gid")),
    ("Group", 9, "str", _text("group_name")),
    ("JobID", -12, "str", _id),
    ("JobIDRaw", -12, "str", _raw_id),
    ("JobName", 10, "str", _name),
    ("Layout", 9, "str", _step(lambda step, view: "Unknown" if step.step_id < 0
                               else shown(step.layout))),
    ("MaxDiskRead", 12, "str", usage.most("read")),
    ("MaxDiskReadNode", 15, "str", usage.where("read")),
    ("MaxDiskReadTask", 15, "num", usage.which("read")),
    ("MaxDiskWrite", 12, "str", usage.most("write")),
    ("MaxDiskWriteNode", 16, "str", usage.where("write")),
    ("MaxDiskWriteTask", 16, "num", usage.which("write")),
    ("MaxPages", 8, "str", usage.most("pages")),
    ("MaxPagesNode", 12, "str", usage.where("pages")),
    ("MaxPagesTask", 14, "num", usage.which("pages")),
    ("MaxRSS", 10, "str", usage.most("rss")),
    ("MaxRSSNode", 10, "str", usage.where("rss")),
    ("MaxRSSTask", 10, "num", usage.which("rss")),
    ("MaxVMSize", 10, "str", usage.most("vm")),
    ("MaxVMSizeNode", 14, "str", usage.where("vm")),
    ("MaxVMSizeTask", 14, "num", usage.which("vm")),
    ("McsLabel", 12, "str", _blank),
    ("MinCPU", 10, "str", usage.least("cpu")),
    ("MinCPUNode", 10, "str", usage.where("cpu", min)),
    ("MinCPUTask", 10, "num", usage.which("cpu", min)),
    ("NCPUS", 10, "num", lambda row, view: str(_cpus(row))),
    ("NNodes", 8, "num", lambda row, view: str(
        row.step.num_nodes if row.step else values.nodes(row.job, view))),
    ("NodeList", 15, "str", _node_list),
    ("NTasks", 8, "num", _step(lambda step, view: str(step.ntasks))),
    ("Partition", 10, "str", _text("partition")),
    ("Priority", 10, "num", _number("priority")),
    ("QOS", 10, "str", _text("qos")),
    ("QOSRAW", 6, "num", _job(lambda row, view: "1")),
    ("Reason", 22, "str", _job(_reason)),
    ("ReqCPUFreq", 10, "str", _frequency),
    ("ReqCPUFreqGov", 13, "str", _frequency),
    ("ReqCPUFreqMax", 13, "str", _frequency),
    ("ReqCPUFreqMin", 13, "str", _frequency),
    ("ReqCPUS", 8, "num", lambda row, view: str(
        row.step.num_cpus if row.step else values.cpus(as_asked(row.job)))),
    ("ReqMem", 10, "str", _job(_asked_memory)),
    ("ReqNodes", 8, "str", lambda row, view: values.unit_text(
        row.step.num_nodes if row.step else values.nodes(as_asked(row.job), view))),
    ("ReqTRES", 10, "str", _job(_asked_tres)),
    ("Reservation", 20, "str", _text("reservation")),
    ("ReservationId", 8, "num", _blank),
    ("Reserved", 10, "num", _job(lambda row, view: elapsed_text(_waited(row, view), True))),
    ("ResvCPU", 10, "num", _job(lambda row, view: elapsed_text(
        _waited(row, view) * values.cpus(row.job), True))),
    ("ResvCPURAW", 10, "num", _job(lambda row, view: str(
        max(0, _waited(row, view)) * values.cpus(row.job)))),
    ("Start", 19, "date", _start),
    ("State", 10, "str", _state),
    ("Submit", 19, "date", _date("submit")),
    ("SubmitLine", 20, "str", lambda row, view: raw(
        (row.step or row.job).submit_line) or None),
    ("Suspended", 10, "num", lambda row, view: elapsed_text(row.suspended, True)),
    ("SystemComment", 15, "str", _text("system_comment")),
    ("SystemCPU", 10, "str", _cpu("sys_usec")),
    ("Timelimit", 10, "str", _job(_limit_with(lambda minutes: elapsed_text(minutes * 60, True)))),
    ("TimelimitRaw", 10, "str", _job(_limit_with(str))),
    ("TotalCPU", 10, "str", _cpu("user_usec", "sys_usec")),
    ("TRESUsageInAve", 14, "str", usage.read_in(usage.mean)),
    ("TRESUsageInMax", 14, "str", usage.read_in(usage.top)),
    ("TRESUsageInMaxNode", 18, "str", usage.in_nodes(max)),
    ("TRESUsageInMaxTask", 18, "str", usage.in_tasks(max)),
    ("TRESUsageInMin", 14, "str", usage.read_in(usage.bottom)),
    ("TRESUsageInMinNode", 18, "str", usage.in_nodes(min)),
    ("TRESUsageInMinTask", 18, "str", usage.in_tasks(min)),
    ("TRESUsageInTot", 14, "str", usage.read_in(usage.total)),
    ("TRESUsageOutAve", 15, "str", usage.put_out(usage.mean)),
    ("TRESUsageOutMax", 15, "str", usage.put_out(usage.top)),
    ("TRESUsageOutMaxNode", 19, "str", usage.out_nodes(max)),
    ("TRESUsageOutMaxTask", 19, "str", usage.out_tasks(max)),
    ("TRESUsageOutMin", 15, "str", usage.put_out(usage.bottom)),
    ("TRESUsageOutMinNode", 19, "str", usage.out_nodes(min)),
    ("TRESUsageOutMinTask", 19, "str", usage.out_tasks(min)),
    ("TRESUsageOutTot", 15, "str", usage.put_out(usage.total)),
    ("UID", 6, "num", _number("uid")),
    ("User", 9, "str", _text("user")),
    ("UserCPU", 10, "str", _cpu("user_usec")),
    ("WCKey", 10, "str", _text("wckey")),
    ("WCKeyID", 10, "num", _job(lambda row, view: "0")),
    ("WorkDir", 20, "str", _text("work_dir")),
))

# What --brief, nothing and --long ask for, by release.
BRIEF = {2205: "jobid,state,exitcode"}
DEFAULT = {2205: "jobid,jobname,partition,account,alloccpus,state,exitcode"}
LONG = {
    2205: "jobid,jobidraw,jobname,partition,maxvmsize,maxvmsizenode,maxvmsizetask,avevmsize,maxrss,"
          "maxrssnode,maxrsstask,averss,maxpages,maxpagesnode,maxpagestask,avepages,mincpu,"
          "mincpunode,mincputask,avecpu,ntasks,alloccpus,elapsed,state,exitcode,avecpufreq,"
          "reqcpufreqmin,reqcpufreqmax,reqcpufreqgov,reqmem,consumedenergy,maxdiskread,"
          "maxdiskreadnode,maxdiskreadtask,avediskread,maxdiskwrite,maxdiskwritenode,"
          "maxdiskwritetask,avediskwrite,reqtres,alloctres,tresusageinave,tresusageinmax,"
          "tresusageinmaxn,tresusageinmaxt,tresusageinmin,tresusageinminn,tresusageinmint,"
          "tresusageintot,tresusageoutmax,tresusageoutmaxn,tresusageoutmaxt,tresusageoutave,"
          "tresusageouttot"}


class BadField(ValueError):
    """There is no field of this name."""


def columns(text, release=CURRENT):
    """"jobid,state%20" -> [(field, width)]. Raises BadField for one that the release has not.

    A name may be cut short; a width holds for every mention of its field.
    """
    chosen, widths, fields = [], {}, in_release(FIELDS, release)
    for token in text.split(","):
        token = token.lstrip()
        if not token:
            continue
        name, percent, width = token.partition("%")
        name = name.lower()
        if "all".startswith(name):
            found = fields
        else:
            found = [f for f in fields if f.name.lower().startswith(name)][:1]
        if not found:
            raise BadField(token.partition("%")[0])
        for field in found:
            if percent:
                from ...common.parse_time import width_of
                widths[field] = width_of(width)
            chosen.append(field)
    return [(field, widths.get(field, field.width)) for field in chosen]
