"""Getting an allocation and waiting for it: what srun and salloc share."""

from ... import machine
from ...common import messages
from ...common.records import ACTIVE, ALLOC, PENDING
from ...common.slurm_errno import Refused
from ...slurmctld.job_scheduler import first_in_line
from .call import Fail

LOOKS = 4                                # a second, of who waits for some seconds only


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
        job.work_dir = call.path(job.work_dir) if job.work_dir else call.cwd
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
                others or refused.text == messages.BAD_CONFIG):
            fail.text += f"\nsalloc: Job allocation {refused.job_id} has been revoked."
        raise fail from None
    try:
        yield from start(call, ctl, job, quiet, immediate, failing)
    except KeyboardInterrupt:
        _cancel(ctl, job)
        if call.name == "salloc":
            _revoked(call, job)
            raise Fail("Job aborted due to signal", 1) from None
        raise Fail(f"Job allocation {job.id} has been revoked", 1) from None
    job = ctl.store.job(job.id)
    with ctl.store:
        job.launched = 1
        ctl.store.update(job, "launched")
    return job


def start(call, ctl, job, quiet, immediate, failing):
    """Let the job start; say so when it has to wait."""
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
            before = now.phase == PENDING and messages.WHY_QUEUED.get(now.reason.split(",")[0])
            if before:
                call.log(before)
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
        call.log("Job has been cancelled" if call.name == "srun"
                 else f"Job allocation {job.id} has been revoked.")
        raise Fail(f"error: {failing}: {messages.ALREADY_DONE}" if call.name == "srun" else "", 1)


def _refuse(call, ctl, job, failing):
    """The job does not start at once, as it must: it fails, and Slurm says why."""
    ctl.fail_immediate(job)
    reason = job.reason.split(",")[0]
    why = messages.WHY_QUEUED.get(reason, messages.BUSY)
    if reason in messages.NOT_YET:
        why = messages.BAD_DEPENDENCY
    elif why == messages.BUSY:
        failing = "Unable to allocate resources"
    if call.name == "salloc":
        _revoked(call, job)
    raise Fail(f"error: {failing}: {why}", 1)


def _within(call, ctl, job, seconds):
    """Wait until the job starts, but not longer."""
    for _ in range(LOOKS * seconds):
        yield from machine.here.sleep(ctl, 1 / LOOKS)
        ctl.settle()
        if ctl.store.job(job.id).phase != PENDING:
            return
    _cancel(ctl, job)
    if call.name == "salloc":
        _revoked(call, job)
        raise Fail(f"error: Unable to allocate resources: {messages.TIMED_OUT}", 1)
    raise Fail(f"error: Unable to allocate resources: {messages.BUSY}", 1)


def _revoked(call, job):
    call.log(f"Job allocation {job.id} has been revoked.")


def _cancel(ctl, job):
    try:
        ctl.cancel(ctl.store.job(job.id))
    except Refused:
        # it ended by itself meanwhile: that is what was wanted
        return
    ctl.moved()
