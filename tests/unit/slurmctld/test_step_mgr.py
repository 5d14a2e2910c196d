"""Steps: their ids, their ends, who may end them.  (Expectations: transcripts/srun/srun-steps.txt, jobs/hetjob-steps.txt.)"""

import pytest

from slurm_mock.common.records import Step
from slurm_mock.common.slurm_errno import Refused
from slurm_mock.machine.locks import STEP
from slurm_mock.slurmctld import step_mgr
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.running("n1", id=7)
    return tiny


def test_ids_count_up_from_0(tiny):
    ctl = tiny.controller()
    steps = [ctl.begin_step(Step(job_id=7, step_id=None)) for _ in range(2)]
    ctl.begin_step(Step(job_id=7, step_id=-5))
    assert [step.step_id for step in steps] == [0, 1] and steps[0].start_time == NOW
    assert tiny.store.job(7).next_step == 2 and len(tiny.store.steps(7)) == 3


def test_components_share_the_leaders_count(tiny):
    tiny.running("n2", id=20, het_id=20, het_offset=0, next_step=4)
    tiny.running("n3", id=21, het_id=20, het_offset=1)
    assert step_mgr.begin_step(tiny.controller(), Step(job_id=21, step_id=None)).step_id == 4
    assert (tiny.store.job(20).next_step, tiny.store.job(21).next_step) == (5, 0)


@pytest.mark.parametrize("status, said, by, state", [(0, None, None, "COMPLETED"), (2 << 8, None, None, "FAILED"), (9, None, 1000, "CANCELLED"),
                                                     (0, "TIMEOUT", None, "TIMEOUT")])
def test_ends(tiny, status, said, by, state):
    ctl = tiny.controller()
    step = ctl.begin_step(Step(job_id=7, step_id=None, cancelled_by=by))
    ctl.end_step(step, status, said)
    (step,) = tiny.store.steps(7)
    assert (step.state, step.exit_code, step.end_time) == (state, status, NOW)
    assert tiny.store.job(7).derived_ec == status


def test_the_derived_exit_code_is_the_highest_of_sruns_steps(tiny):
    ctl = tiny.controller()
    for number, status in ((0, 512), (1, 256), (-5, 2560)):
        ctl.end_step(ctl.begin_step(Step(job_id=7, step_id=number)), status)
    assert tiny.store.job(7).derived_ec == 512


def test_its_owner_is_asked_to_end_it(tiny, staged):
    tiny.step(tiny.store.job(7), 0, pid=110)
    ctl = tiny.controller()
    ctl.cancel_step(7, 0)
    assert staged.poked == [STEP + 110] and tiny.store.steps(7)[0].cancelled_by == ctl.caller.uid
    assert step_mgr.running_step(ctl, 7, 0).pid == 110 and step_mgr.running_step(ctl, 7, 1) is None


def test_steps_that_do_not_run(tiny):
    tiny.job(id=8)
    with pytest.raises(Refused, match="already completing or completed"):
        tiny.controller().cancel_step(7, 5)
    with pytest.raises(Refused, match="Job is pending execution"):
        tiny.controller().cancel_step(8, 0)
