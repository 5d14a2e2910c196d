"""Getting an allocation and waiting for it: what srun and salloc share."""

from ... import machine
from ...common import signals, slurm_errno
from ...common.records import ACTIVE, ALLOC, PENDING
from ...common.slurm_errno import Refused
from ...slurmctld.job_scheduler import first_in_line
from .call import Fail, exit_code

# What ends a wait for nodes, and with it the job, beside Ctrl-C.
ENDINGS = ("HUP", "QUIT", "USR1", "USR2", "PIPE", "ALRM", "TERM")
LOOKS = 4                                # a second, of who waits for some seconds only

# what srun and salloc say first when a job has to wait for more than free nodes
WHY_QUEUED = {
    "PartitionNodeLimit": slurm_errno.ESLURM_REQUESTED_PART_CONFIG_UNAVAILABLE,
    "PartitionTimeLimit": slurm_errno.ESLURM_REQUESTED_PART_CONFIG_UNAVAILABLE,
    "PartitionConfig": slurm_errno.ESLURM_REQUESTED_PART_CONFIG_UNAVAILABLE,
    "PartitionDown": slurm_errno.ESLURM_PARTITION_DOWN,
    "JobHeldUser": slurm_errno.ESLURM_JOB_HELD,
    "ReqNodeNotAvail": slurm_errno.ESLURM_NODE_NOT_AVAIL,
}
# what is refused where a job must start at once, and may not yet
NOT_YET = ("JobHeldUser", "JobHeldAdmin", "BeginTime", "Dependency")
# ETIMEDOUT, in Linux's words on every machine
TIMED_OUT = "Connection timed out"


def obtain(call, job, quiet=False, immediate=0, others=()):
    """Submit an interactive job and wait until it has its nodes; returns the Job.

    immediate: seconds in which it must have them, 1: at once; 0: it may wait.  others: further
    components of a heterogeneous job.  For `yield from`.  The caller's process owns the job from
    now on (locks.JOB).  Raises Fail.
    """
    from .submit import come_from, refusal
    ctl = call.controller
    jobs = []
    for job in (job, *others):
        job = job.copy(kind=ALLOC, batch_flag=0)
        come_from(call, job)
        job.std_in = ""
        jobs.append(job)
    failing = ("Job submit/allocate failed" if call.name == "salloc"
               else "Unable to allocate resources")
    try:
        if others:
            from ...slurmctld import het_job
            job = het_job.submit(ctl, jobs)[0]
        else:
            job = ctl.submit(job)
    except Refused as refused:
        fail = refusal(call, refused, failing)
        if call.name == "salloc" and refused.job_id and (
                others
                or refused.errno == slurm_errno.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE):
            call.tell(fail.line(call))
            fail = Fail.info(f"Job allocation {refused.job_id} has been revoked.")
        raise fail from None
    restore = machine.here.interrupted_by(*(signals.local(signals.NAMES[name]) for name in ENDINGS))
    try:
        yield from start(call, ctl, job, quiet, immediate, failing)
    except KeyboardInterrupt:
        _cancel(ctl, job)
        if call.name == "salloc":
            revoked(call, job)
            raise Fail.info("Job aborted due to signal") from None
        raise Fail.info(f"Job allocation {job.id} has been revoked") from None
    finally:
        restore()
    job = ctl.store.job(job.id)
    with ctl.store:
        job.launched = 1
        ctl.store.update(job, "launched")
    return job


def start(call, ctl, job, quiet, immediate, failing):
    """Let the job start; say so when it has to wait. A generator. immediate: as in obtain; failing:
    the message's first half. Raises Fail if it gets no nodes."""
    at_once = not job.het_id and first_in_line(ctl, job)
    if ctl.clock.stepping and not ctl.driven:
        ctl.settle()
    else:
        ctl.tick()
        ctl.mind()
    now = ctl.store.job(job.id)
    if now.phase == PENDING and immediate == 1:
        _refuse(call, ctl, now, failing)
    if now.phase == PENDING or not (at_once or immediate == 1):
        if not quiet:
            before = now.phase == PENDING and WHY_QUEUED.get(now.reason.split(",")[0])
            if before:
                call.log(call.strerror(before))
            if call.name == "salloc":
                call.log(f"Pending job allocation {job.id}")
            call.log(f"job {job.id} queued and waiting for resources")
        if immediate:
            yield from _within(call, ctl, job, immediate)
        else:
            yield from machine.here.watch(ctl, lambda: ctl.store.job(job.id).phase != PENDING)
        now = ctl.store.job(job.id)
        if now.phase == ACTIVE and not quiet:
            call.log(f"job {job.id} has been allocated resources")
    if now.phase != ACTIVE:
        if call.name == "srun":
            call.log("Job has been cancelled")
            raise Fail.error(failing, errno=slurm_errno.ESLURM_ALREADY_DONE)
        revoked(call, job)
        raise Fail(code=1)


def _refuse(call, ctl, job, failing):
    """The job does not start at once, as it must: it fails, and Slurm says why."""
    ctl.fail_immediate(job)
    reason = job.reason.split(",")[0]
    why = WHY_QUEUED.get(reason, slurm_errno.ESLURM_NODES_BUSY)
    if reason in NOT_YET:
        why = slurm_errno.ESLURM_DEPENDENCY
    elif why == slurm_errno.ESLURM_NODES_BUSY:
        failing = "Unable to allocate resources"
    if call.name == "salloc":
        revoked(call, job)
    raise Fail.error(failing, errno=why, code=exit_code(call, "SLURM_EXIT_IMMEDIATE"))


def _within(call, ctl, job, seconds):
    """Wait until the job starts, but not longer."""
    for _ in range(LOOKS * seconds):
        yield from machine.here.sleep(ctl, 1 / LOOKS)
        ctl.settle()
        if ctl.store.job(job.id).phase != PENDING:
            return
    _cancel(ctl, job)
    if call.name == "salloc":
        revoked(call, job)
        raise Fail.error(f"Unable to allocate resources: {TIMED_OUT}")
    raise Fail.error("Unable to allocate resources", errno=slurm_errno.ESLURM_NODES_BUSY)


def revoked(call, job):
    """Tell that a job's allocation is over."""
    call.log(f"Job allocation {job.id} has been revoked.")


def _cancel(ctl, job):
    try:
        ctl.cancel(ctl.store.job(job.id))
    except Refused:
        # it ended by itself meanwhile: that is what was wanted
        return
    ctl.moved()
