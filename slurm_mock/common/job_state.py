"""The states of a job: in which phase the controller keeps it, and which state may follow which.

Source: job_state_string() and job_state_set() of Slurm (slurm_protocol_defs.c, job_mgr.c), and
what 22.05.8 was seen to do.
"""

from .records import ACTIVE, ENDED, PENDING, Job

# The states that hold nodes; REQUEUED and REQUEUE_HOLD are those of a moment, on the way back.
LIVE = ("RUNNING", "SUSPENDED", "COMPLETING")
ENDS = ("COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL",
        "DEADLINE", "OUT_OF_MEMORY")
REQUEUES = ("REQUEUED", "REQUEUE_HOLD")
PHASES = {"PENDING": PENDING, **dict.fromkeys((*LIVE, *REQUEUES), ACTIVE), **dict.fromkeys(ENDS, ENDED)}

# state -> the states that may follow. What runs waits again at once where its owner or its node was
# lost, or where it is a component that goes with its leader.
TRANSITIONS = {
    "PENDING": ("RUNNING", "CANCELLED", "DEADLINE", "FAILED"),
    "RUNNING": ("SUSPENDED", "COMPLETING", "PENDING", *REQUEUES, *ENDS),
    "SUSPENDED": ("RUNNING", "COMPLETING", "PENDING", *REQUEUES, *ENDS),
    "COMPLETING": ("PENDING", *REQUEUES, *ENDS),
    **dict.fromkeys((*REQUEUES, *ENDS), ("PENDING",)),
}

# The wait status of a batch script that could not be given its files ("0:53"): slurmstepd's own
# errno stands where a signal would.
LAUNCH_FAILURE = 53
# The exit_code of a step of whose end its srun did not tell.
NO_STATUS = -1


class IllegalTransition(Exception):
    """A mistake of the mock's: a job cannot come from that state into this one."""


def job_state_set(job: Job, state: str) -> None:
    """Let a job be in another state, and in the phase that goes with it. Raises IllegalTransition."""
    if state != job.state and state not in TRANSITIONS[job.state]:
        raise IllegalTransition(f"job {job.id}: {job.state} -> {state}")
    job.state, job.phase = state, PHASES[state]


def job_end(status: int) -> "tuple[str, str]":
    """(state, reason) of a job that ended by itself, by the wait status of its script; the reason is ""
    where it tells none. To slurmctld a script that a signal ended has not run."""
    if not status:
        return "COMPLETED", ""
    return "FAILED", "JobLaunchFailure" if status & 127 else "NonZeroExitCode"


def step_end(status: int) -> str:
    """The state of a step, the batch step among them, that ended with this wait status. Whatever
    signal ended it, and whoever sent it, slurmctld calls it cancelled."""
    if status & 127:
        return "CANCELLED"
    return "FAILED" if status else "COMPLETED"
