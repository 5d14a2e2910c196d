"""Steps: their ids, how they end, and who ends them.  (Expectations: srun(1), scancel(1), sacct(1),
DerivedExitCode; transcripts of sacct.)"""

import pytest

from slurm_mock.common.records import STEP_BATCH, Step
from slurm_mock.common.slurm_errno import Refused
from slurm_mock.slurmctld import step_mgr
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


@pytest.fixture
def ctl(tiny):
    return tiny.controller()


def begun(ctl, job, step_id=None, **fields):
    return step_mgr.begin_step(ctl, Step(job_id=job.id, step_id=step_id, name="true", **fields))


def test_ids_count_from_0_in_each_job(tiny, ctl):
    one, two = tiny.running("n1"), tiny.running("n2")
    assert [begun(ctl, job).step_id for job in (one, one, two, one)] == [0, 1, 0, 2]
    assert begun(ctl, two, STEP_BATCH).step_id == STEP_BATCH
    assert begun(ctl, two).step_id == 1, "the batch step takes no number"
    assert [step.start_time for step in tiny.store.steps(one.id)] == [NOW] * 3


def test_components_of_a_heterogeneous_job_count_together(tiny, ctl):
    first = tiny.running("n1", id=1, het_id=1, het_offset=0)
    second = tiny.running("n2", id=2, het_id=1, het_offset=1)
    assert [begun(ctl, job).step_id for job in (first, second, first)] == [0, 1, 2]


@pytest.mark.parametrize("status, given, cancelled_by, state", [
    (0, None, None, "COMPLETED"), (3 << 8, None, None, "FAILED"), (15, None, 1000, "CANCELLED"),
    (9, "OUT_OF_MEMORY", None, "OUT_OF_MEMORY"), (0, None, 1000, "COMPLETED")])
def test_how_a_step_ends(tiny, ctl, status, given, cancelled_by, state):
    job = tiny.running("n1")
    step_mgr.end_step(ctl, begun(ctl, job, cancelled_by=cancelled_by), status, given)
    (step,) = tiny.store.steps(job.id)
    assert (step.state, step.exit_code, step.end_time) == (state, status, NOW)


def test_the_jobs_derived_exit_code_is_the_highest_of_its_steps(tiny, ctl):
    job = tiny.running("n1")
    for status in (1 << 8, 3 << 8, 2 << 8):
        step_mgr.end_step(ctl, begun(ctl, job), status)
    step_mgr.end_step(ctl, begun(ctl, job, STEP_BATCH), 9 << 8)
    assert tiny.store.job(job.id).derived_ec == 3 << 8


def test_only_what_runs_is_found(tiny, ctl):
    job = tiny.running("n1")
    step = begun(ctl, job)
    assert step_mgr.running_step(ctl, job.id, 0).name == "true"
    assert step_mgr.running_step(ctl, job.id, 1) is None
    step_mgr.end_step(ctl, step, 0)
    assert step_mgr.running_step(ctl, job.id, 0) is None


def test_cancel(tiny, ctl):
    job = tiny.running("n1")
    begun(ctl, job, pid=1 << 22)         # nobody has this process id
    step_mgr.cancel_step(ctl, job, 0)
    assert tiny.store.steps(job.id)[0].cancelled_by == ctl.caller.uid == 1000
    with pytest.raises(Refused, match="Job/step already completing or completed"):
        step_mgr.cancel_step(ctl, job, 1)
    with pytest.raises(Refused, match="Job is pending execution"):
        step_mgr.cancel_step(ctl, tiny.job(), 0)
