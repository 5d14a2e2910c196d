"""Steps as slurmctld keeps them: their ids, their ends.  Source: step_mgr.c."""

from ..common import slurm_errno
from ..common.job_state import step_end
from ..common.records import PENDING
from ..common.slurm_errno import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..common.records import Job, Step
    from .state import State


def begin_step(ctl: "State", step: "Step") -> "Step":
    """Enter a step that starts now; gives it its id when it has none (None). The Step."""
    with ctl.store:
        job = ctl.store.job(step.job_id)
        if step.step_id is None:
            counter = ctl.store.job(job.het_id) if job.het_id else job
            step.step_id = counter.next_step
            counter.next_step += 1
            ctl.store.update(counter, "next_step")
        step.start_time = ctl.now
        ctl.store.insert(step)
    return step


def end_step(ctl: "State", step: "Step", status: int, state: "str | None" = None) -> None:
    """A step ended with a wait status; state: how, where that does not say it."""
    with ctl.store:
        step.end_time, step.exit_code = ctl.now, status
        step.state = state or ("CANCELLED" if status and step.cancelled_by is not None else step_end(status))
        # its job may have been requeued meanwhile: then the step is no more
        ctl.store.update(step)
        if step.step_id >= 0:
            job = ctl.store.job(step.job_id)
            # of steps that end because their job does the accounts are not told any more
            if job and job.state != "COMPLETING" and status > job.derived_ec:
                job.derived_ec = status
                ctl.store.update(job, "derived_ec")
    if ctl.clock.stepping:
        from .clock import wake_waiting
        wake_waiting(ctl, step.job_id)


def running_step(ctl: "State", job_id: int, step_id: int) -> "Step | None":
    """The Step of that id; None where it does not run."""
    return next((step for step in ctl.store.steps(job_id)
                 if step.step_id == step_id and step.state == "RUNNING"), None)


def cancel_step(ctl: "State", job: "Job", step_id: int) -> None:
    """Have the owner of a running step end it. Raises Refused."""
    from ..machine.locks import STEP
    step = running_step(ctl, job.id, step_id)
    if step is None:
        raise Refused(slurm_errno.ESLURM_JOB_PENDING if job.phase == PENDING
                      else slurm_errno.ESLURM_ALREADY_DONE)
    with ctl.store:
        step.cancelled_by = ctl.caller.uid
        ctl.store.update(step, "cancelled_by")
    ctl.alive.poke(STEP + step.pid)
