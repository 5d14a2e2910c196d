"""A job's states: the phase that goes with each, and which may follow which.  (squeue(1), JOB STATE
CODES, names them.)"""

import pytest

from slurm_mock.common.job_state import PHASES, IllegalTransition, job_end, job_state_set, step_end
from slurm_mock.common.records import ACTIVE, ENDED, PENDING, Job


def job(state="PENDING"):
    return Job(id=1, state=state, phase=PHASES[state])


def test_a_life_from_submission_to_end():
    one = job()
    for state, phase in (("RUNNING", ACTIVE), ("SUSPENDED", ACTIVE), ("RUNNING", ACTIVE), ("COMPLETING", ACTIVE),
                         ("TIMEOUT", ENDED)):
        job_state_set(one, state)
        assert (one.state, one.phase) == (state, phase)


@pytest.mark.parametrize("before", ["RUNNING", "COMPLETING", "COMPLETED"])
def test_what_is_requeued_waits_again(before):
    one = job(before)
    job_state_set(one, "PENDING")
    assert (one.state, one.phase) == ("PENDING", PENDING)


@pytest.mark.parametrize("before, after", [
    ("PENDING", "COMPLETED"), ("PENDING", "SUSPENDED"), ("PENDING", "TIMEOUT"), ("COMPLETING", "RUNNING"),
    ("COMPLETED", "RUNNING"), ("CANCELLED", "COMPLETED"), ("REQUEUED", "RUNNING")])
def test_what_cannot_be_is_an_error_and_changes_nothing(before, after):
    one = job(before)
    with pytest.raises(IllegalTransition, match=f"job 1: {before} -> {after}"):
        job_state_set(one, after)
    assert (one.state, one.phase) == (before, PHASES[before])


def test_the_same_state_again_is_no_transition():
    one = job("COMPLETED")
    job_state_set(one, "COMPLETED")
    assert (one.state, one.phase) == ("COMPLETED", ENDED)


@pytest.mark.parametrize("phase, states", [
    (PENDING, ["PENDING"]), (ACTIVE, ["COMPLETING", "REQUEUED", "REQUEUE_HOLD", "RUNNING", "SUSPENDED"]),
    (ENDED, ["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED",
             "TIMEOUT"])])
def test_phases(phase, states):
    assert sorted(state for state, its in PHASES.items() if its == phase) == states


@pytest.mark.parametrize("status, job_told, step_told", [
    (0, ("COMPLETED", ""), "COMPLETED"), (3 << 8, ("FAILED", "NonZeroExitCode"), "FAILED"),
    (10, ("FAILED", "JobLaunchFailure"), "CANCELLED"), (9 | 128, ("FAILED", "JobLaunchFailure"), "CANCELLED"),
    (53, ("FAILED", "JobLaunchFailure"), "CANCELLED"), (53 << 8, ("FAILED", "NonZeroExitCode"), "FAILED")])
def test_what_a_wait_status_says(status, job_told, step_told):
    assert (job_end(status), step_end(status)) == (job_told, step_told)
