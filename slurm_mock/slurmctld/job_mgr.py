"""The life of a job in slurmctld: it enters the queue, starts, ends, waits again.

Real jobs only get marked here: slurmstepd runs them, and reports their end.  A heterogeneous job
ends as a whole.  Source: job_mgr.c.
"""


from ..common.hostlist import expand
from ..common.job_array import pack, unpack
from ..common.job_state import REQUEUES, job_end, job_state_set
from ..common.parse_time import is_number
from ..common.records import (ALLOC, BAD_CONSTRAINTS, ENDED, INFINITE, PENDING, SIMULATED,
                              cpus_asked, minutes_asked, pack_alloc)
from ..common.tres import tres_text
from ..conf.params import min_age
from ..machine.locks import JOB, STEP
from .select_nodes import place, whole_nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from ..common.records import Job, Share
    from ..store.store import Store
    from .cluster import Cluster, Part
    from .state import State


# Seconds until the scheduler looks at a job that was changed (batch_sched_delay).
SCHED_DELAY = 3


# ---- starts --------------------------------------------------------------

def start(ctl: "State", cluster: "Cluster", job: "Job", decision: "Any", now: int) -> None:
    """A job gets its nodes: those of a backfill.Decision. now: seconds since the epoch, here and below."""
    shares, part = decision.shares, cluster.parts[decision.part]
    job_state_set(job, "RUNNING")
    job.reason = "None"
    job.start_time = now
    if job.kind != SIMULATED and not ctl.clock.stepping:
        job.start_time = max(now, ctl.now)
    job.partition, job.alloc = part.name, pack_alloc(shares)
    if job.time_min and part.max_time is not None and minutes_asked(job) > part.max_time:
        job.time_limit = job.time_min
    if whole_nodes(job, part, ctl.config):
        job.exclusive = "exclusive"
    if job.time_limit is None or job.time_limit == INFINITE:
        job.time_limit = part.default_time or part.max_time or -1
    job.end_time = job.start_time + job.time_limit * 60 if job.time_limit > 0 else 0
    job.over_time = overtime(ctl.config, part)
    job.warn_time = warning(job)
    job.nodelist = fold_names(shares)
    job.num_nodes, job.num_cpus = len(shares), sum(s.cpus for s in shares)
    job.batch_host, job.last_sched_eval = shares[0].node, now
    job.expected_start, job.sched_nodes, job.launched = 0, "", 0
    job.alloc_tres = tres_text(shares, ctl.config, part.weights)
    if job.mail_type:
        from . import mail
        job.mail_time = mail.next_mark(job, job.start_time)
        mail.began(ctl, job)
    ctl.store.update(job)


def overtime(config: "Mapping[str, str]", part: "Part") -> int:
    """Seconds that a job may run beyond its limit (OverTimeLimit, in minutes or UNLIMITED)."""
    text = part.options.get("OverTimeLimit") or config.get("OverTimeLimit", "0")
    if text.upper() in ("UNLIMITED", "INFINITE"):
        return 1 << 40
    number = text.split()[0]                 # the default is written "0 min"
    return int(number) * 60 if is_number(number) else 0


def warning(job: "Job") -> int:
    """When the signal of --signal is due; 0 if none is. Never in the job's first seconds."""
    from ..common.signals import parse_warning
    asked = parse_warning(job.signal) if job.signal and job.end_time else None
    return max(job.start_time + 1, job.end_time - asked[2]) if asked else 0


def warn(ctl: "State", job: "Job") -> None:
    """Send the signal of --signal: to the batch shell alone with "B:", else to the steps."""
    from ..common.signals import local, parse_warning
    from .agent import signal_job
    asked = parse_warning(job.signal)
    job.warn_time = 0
    ctl.store.update(job, "warn_time")
    if asked is None:
        return
    flags, signum, _ = asked
    ctl.store.when_committed(lambda: signal_job(ctl, job, local(signum), batch="B" in flags))


def fold_names(shares: "Iterable[Share]") -> str:
    """The names of their nodes, as a folded list."""
    from ..common.hostlist import fold
    return fold([s.node for s in shares])


def look_later(ctl: "State", job: "Job", seconds: float) -> None:
    """Let the scheduler not look at a waiting job for so many cluster seconds; the job is not written."""
    job.start_after = ctl.clock.now() + seconds
    due = ctl.store.meta("start_due") or 0
    if not due or job.start_after < due:
        ctl.store.set_meta("start_due", job.start_after)


def forget_limit(ctl: "State", job: "Job") -> None:
    """A task that was changed while its array runs as many as it may: slurmctld has no reason for it,
    until the scheduler comes by. The job is not written."""
    if job.phase != PENDING or not job.array_limit or job.hold or ctl.clock.stepping:
        return
    from ..store import queue
    if queue.running_tasks(ctl.store, job.array_id) >= job.array_limit:
        job.reason = first_reason(job, ctl.now)
        look_later(ctl, job, SCHED_DELAY)


# ---- ends ----------------------------------------------------------------

def finish(ctl: "State", job: "Job", state: str, now: int) -> None:
    """A job is over, in one of the states of job_state.ENDS; now: seconds since the epoch."""
    from ..store import nodes, sleepers
    job_state_set(job, state)
    job.end_time, job.kill_time = now, 0
    if not job.start_time:
        job.start_time = 0
    job.final = ""
    ctl.store.update(job)
    if not ctl.store.meta("purge_due"):
        ctl.store.set_meta("purge_due", now + min_age(ctl) + 1)
    if job.mail_type:
        from . import mail
        mail.ended(ctl, job)
    sleepers.forget_job(ctl.store, job.id)
    # a step whose srun was ended with the job cannot report any more
    ctl.store.cancel_steps(job.id, now)
    if job.nodelist:
        nodes.were_busy(ctl.store, expand(job.nodelist), now)


def fail_at_once(ctl: "State", job: "Job", now: int) -> None:
    """A job that no node can ever serve has its id already: slurmctld refuses it, and keeps it
    as one that failed when it was submitted."""
    job.reason, job.exit_code = BAD_CONSTRAINTS, 1
    job.start_time, job.accrue_time, job.dependency = now, 0, ""
    job.eligible_time = 0 if job.array_tasks else max(now, job.begin_time)
    ctl.store.insert(job)
    finish(ctl, job, "FAILED", now)
    ctl.dirty()                          # at its time somebody has to purge it


def terminate(ctl: "State", job: "Job", now: int) -> None:
    """A running job begins to end as job.final; one without processes has ended."""
    if job.kind != SIMULATED and not job.het_offset and (job.kind != ALLOC or ctl.alive.holder(JOB + job.id)):
        begin_kill(ctl, job, now)
        return
    if job.final == "TIMEOUT":
        job.reason = "TimeLimit"
    for step in ctl.store.steps(job.id):
        if step.state == "RUNNING" and step.pid:  # of an allocation without a shell
            ctl.store.when_committed(_poke(ctl, STEP + step.pid))
    if job.final in REQUEUES:
        job_state_set(job, job.final)
        ctl.store.update(job)
        back_to_queue(ctl, job, job.final == "REQUEUE_HOLD")
    else:
        finish(ctl, job, job.final, now)


def _poke(ctl: "State", who: int) -> "Callable[[], bool]":
    """A function that wakes who holds that lock."""
    return lambda: ctl.alive.poke(who)


def begin_kill(ctl: "State", job: "Job", now: int) -> None:
    """A running job must end as job.final. Its owner is woken to send SIGCONT and SIGTERM;
    SIGKILL follows after KillWait."""
    job_state_set(job, "COMPLETING")
    job.end_time = now
    job.kill_time = now + int(ctl.config.get("KillWait", 30))
    ctl.store.update(job, "state", "final", "end_time", "kill_time", "cancelled_by")
    ctl.store.when_committed(lambda: ctl.alive.poke(JOB + job.id))


def kill_hard(ctl: "State", job: "Job") -> None:
    """KillWait is over."""
    import _signal

    from .agent import signal_job
    signal_job(ctl, job, _signal.SIGKILL, full=True)
    job.kill_time = 0
    ctl.store.update(job, "kill_time")


def end_job(ctl: "State", job: "Job", status: int, now: int) -> None:
    """The owner reports that the processes of a job are gone. status: the script's wait status."""
    job.exit_code = status
    state, reason = job_end(status)
    if reason and not job.final and job.reason != "JobLaunchFailure":
        job.reason = reason
    state = job.final or state
    if state == "TIMEOUT":
        job.reason = "TimeLimit"
    elif state == "NODE_FAIL":
        job.reason, job.exit_code = "NodeDown", 0
    if state in REQUEUES:
        job_state_set(job, state)
        back_to_queue(ctl, job, state == "REQUEUE_HOLD")
    else:
        finish(ctl, job, state, now)
    if job.het_id and not job.het_offset:
        end_others(ctl, job, now)


def back_to_queue(ctl: "State", job: "Job", hold: bool = False) -> None:
    """A job that was requeued waits again, with the same id; held if so asked."""
    from ..store import sleepers
    if job.mail_type:
        from . import mail
        mail.requeued(ctl, job, ctl.now - job.start_time if job.start_time else 0)
    keep_run(ctl, job)
    if job.phase < ENDED:
        job.exit_code = 0                # that of a job which had ended stays, for now
    job.hold = "user" if hold else job.hold
    sleepers.forget_job(ctl.store, job.id)
    job_state_set(job, "PENDING")
    job.final = ""
    job.restarts += 1
    # Slurm waits a little before a requeued job may start again (two minutes)
    job.begin_time = max(job.begin_time, ctl.now + 121)
    job.submit_time = ctl.now if ctl.now > job.submit_time else ctl.now + 1
    job.reason = ("job requeued in held state" if hold else "JobHeldUser" if job.hold
                  else "BeginTime")
    job.priority = 0 if job.hold else priority(ctl, job)
    job.start_time = job.end_time = job.eligible_time = job.kill_time = 0
    job.nodelist = job.alloc = job.alloc_tres = job.batch_host = ""
    job.num_nodes, job.launched, job.next_step = 0, 0, 0
    job.warn_time = job.mail_time = job.preempt_time = 0
    ctl.store.update(job)


def keep_run(ctl: "State", job: "Job") -> None:
    """What the job has run so far stays in accounting, as a record of its own."""
    from ..store import accounting
    if job.phase >= ENDED:
        accounting.keep_run(ctl.store, job.copy(state="REQUEUED"))
    elif job.start_time:
        failed = job.failed_node or job.state not in REQUEUES
        accounting.keep_run(ctl.store, job.copy(
            phase=ENDED, state="NODE_FAIL" if failed else "REQUEUED", end_time=ctl.now, exit_code=0))


def least_nodes(job: "Job") -> int:
    """Nodes that the job needs at least, those that it names included."""
    return max(job.min_nodes, len(expand(job.req_nodes)) if job.req_nodes else 0)


def count(cluster: "Cluster", job: "Job", parts: "Sequence[Part]", trial: bool = False) -> None:
    """Nodes and CPUs of a waiting job, as squeue shows them: a guess from its request. trial: for
    --test-only (see select_nodes.place)."""
    part = parts[0]
    ghost = place(cluster, job, part, empty=True, trial=trial)
    if ghost:
        # how many nodes of a range a held job might get slurmctld has not asked yet
        unasked = job.hold and (job.nodes_given or job.spread_job)
        job.num_nodes = job.min_nodes if unasked else max(len(ghost), job.min_nodes)
        job.num_cpus = sum(s.cpus for s in ghost)
        return
    widest = max((cluster.nodes[n].cpus for n in part.node_names), default=1)
    cpus = cpus_asked(job)
    job.num_nodes = max(least_nodes(job), -(-cpus // widest))
    job.num_cpus = max(cpus, job.num_nodes)


def priority(ctl: "State", job: "Job") -> int:
    """The priority of a job that may start (see slurmctld/priority.py)."""
    from .priority import initial
    return initial(ctl, job)


def first_reason(job: "Job", now: int) -> str:
    """Why a job waits before the scheduler has looked at it."""
    if job.hold:
        return "JobHeldAdmin" if job.hold == "admin" else "JobHeldUser"
    if job.dependency:
        return "Dependency"
    return "BeginTime" if job.begin_time > now else "None"


def enter(ctl: "State", job: "Job") -> None:
    """A job that was accepted: times, priority, first reason, an allocation's owner."""
    now = ctl.now
    if job.kind == ALLOC and not job.het_offset:
        ctl.alive.hold(JOB + job.id)     # before anybody sees the job: see background.reap
    job.submit_time = job.submit_time or now
    job.last_sched_eval = now
    if job.array_tasks:
        job.array_id = job.id
    job.priority = 0 if job.hold else priority(ctl, job)
    job.reason = first_reason(job, now)
    if job.kind != SIMULATED:
        job.uid = job.uid if job.user else ctl.caller.uid
        job.gid = job.gid if job.user else ctl.caller.gid
        job.group_name = job.group_name or ctl.caller.group
        job.user = job.user or ctl.caller.user
    job.last_sched_eval = now
    if not job.hold and not job.dependency and job.begin_time <= now:
        job.eligible_time = job.accrue_time = now


def fail(ctl: "State", job: "Job", job_id: int) -> None:
    """A job that was refused by FailedJob takes its id, and stays known."""
    job.id = job_id
    enter(ctl, job)
    fail_at_once(ctl, job, ctl.now)


def split(store: "Store", record: "Job", task: int) -> "Job":
    """Make a task (its number) of a pending array record a job of its own; returns it.

    The last task left takes the record itself, and so keeps the array's id, as in Slurm; where one
    is left beside it, the record is that one's from now on.
    """
    left = [t for t in unpack(record.array_tasks) if t != task]
    if not left:
        record.array_task, record.array_tasks = task, ""
        store.update(record, "array_task", "array_tasks")
        return record
    twin = record.copy(id=None, array_task=task, array_tasks="")
    store.insert(twin)
    script = store.script(record.id)
    if script:
        store.put_script(twin.id, *script)
    record.array_tasks = pack(left)
    if len(left) == 1:
        record.array_task, record.array_tasks = left[0], ""
    store.update(record, "array_task", "array_tasks")
    return twin


def running(cluster: "Cluster", array_id: int) -> int:
    """How many tasks of an array hold nodes."""
    return sum(1 for job in cluster.active if job.array_id == array_id)


def note(ctl: "State", job: "Job", reason: str) -> None:
    """Write down why a job is not looked at."""
    if reason != job.reason:
        job.reason, job.expected_start, job.sched_nodes = reason, 0, ""
        ctl.store.update(job, "reason", "expected_start", "sched_nodes")


def components(ctl: "State", leader_id: int, *phases: int) -> "list[Job]":
    """The components of a heterogeneous job in these phases (all if none is given)."""
    return ctl.store.components(leader_id, *phases)


def end_others(ctl: "State", leader: "Job", now: int) -> None:
    """The leader has ended, or waits again: so do the other components."""
    for job in components(ctl, leader.id):
        if not job.het_offset:
            continue
        if leader.phase == PENDING:
            back_to_queue(ctl, job)
            continue
        if job.phase == ENDED:
            continue
        job.reason = leader.reason
        job.exit_code, job.cancelled_by = leader.exit_code, leader.cancelled_by
        finish(ctl, job, leader.state, now)
