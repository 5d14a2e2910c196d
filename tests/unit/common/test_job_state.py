"""The states of a job, and which may follow which.  (Expectations: squeue(1), JOB STATE CODES.)"""

import pytest

from slurm_mock.common import job_state
from slurm_mock.common.job_state import IllegalTransition, job_state_set
from slurm_mock.common.records import ACTIVE, ENDED, PENDING, STATE_CODES, Job


@pytest.mark.parametrize("before, after, phase", [
    ("PENDING", "RUNNING", ACTIVE), ("PENDING", "CANCELLED", ENDED), ("RUNNING", "COMPLETING", ACTIVE), ("COMPLETING", "TIMEOUT", ENDED),
    ("RUNNING", "SUSPENDED", ACTIVE), ("SUSPENDED", "RUNNING", ACTIVE), ("COMPLETING", "REQUEUED", ACTIVE), ("REQUEUED", "PENDING", PENDING),
    ("COMPLETED", "PENDING", PENDING), ("RUNNING", "RUNNING", ACTIVE)])
def test_a_state_and_its_phase(before, after, phase):
    job = Job(state=before)
    job_state_set(job, after)
    assert (job.state, job.phase) == (after, phase)


@pytest.mark.parametrize("before, after", [("PENDING", "COMPLETED"), ("PENDING", "SUSPENDED"), ("COMPLETED", "RUNNING"), ("CANCELLED", "FAILED"),
                                           ("COMPLETING", "RUNNING"), ("PENDING", "TIMEOUT")])
def test_what_cannot_follow(before, after):
    job = Job(id=7, state=before)
    with pytest.raises(IllegalTransition, match=f"job 7: {before} -> {after}"):
        job_state_set(job, after)
    assert job.state == before


def test_each_state_has_a_phase_a_code_and_its_followers():
    assert set(job_state.PHASES) == set(job_state.TRANSITIONS) <= set(STATE_CODES)
    assert {after for found in job_state.TRANSITIONS.values() for after in found} <= set(job_state.PHASES)
