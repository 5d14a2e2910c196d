"""Which processes a signal reaches: those of steps, the batch shell, or all.  (Expectations: scancel(1),
--batch and --full.)"""

import signal

import pytest

from slurm_mock.machine.locks import JOB, STEP
from slurm_mock.slurmctld import agent
from tests.clusters.reading import Tiny


@pytest.fixture
def tiny(tmp_path, staged):
    """Job 7's owner 50 has started the batch shell 100, and that the srun 110 of step 0 with its tasks."""
    tiny = Tiny(tmp_path / "s")
    job = tiny.running("n[1-2]", id=7)
    tiny.step(job, -5, name="batch")
    tiny.step(job, 0, pid=110, ntasks=2, tasks_per_node="1,1", layout="Block")
    tiny.step(job, 1, pid=120, state="COMPLETED", end_time=1)
    for pid, parent in ((50, 1), (100, 50), (110, 100), (111, 110), (112, 110), (300, 1)):
        staged.process(pid, parent)
    staged.owners.update({JOB + 7: 50, STEP + 110: 110})
    return tiny


@pytest.mark.parametrize("how, pids", [({}, [111, 112]), ({"batch": True}, [100]), ({"full": True}, [100, 110, 111, 112])])
def test_signals_to_a_job(tiny, staged, how, pids):
    agent.signal_job(tiny.controller(), tiny.store.job(7), signal.SIGUSR1, **how)
    assert staged.sent == [(pids, signal.SIGUSR1)]


def test_processes_are_stopped_while_the_store_is_held(tiny, staged):
    staged.pid = lambda: 111
    agent.signal_job(tiny.controller(), tiny.store.job(7), signal.SIGSTOP, full=True)
    assert staged.sent == [([100, 110, 112], "stop")]          # whoever asks goes on


def test_a_job_whose_owner_is_dead_is_known_by_its_mark(tiny, staged):
    del staged.owners[JOB + 7]
    ctl = tiny.controller()
    marks = [f"MOCK_SLURM_STATE={ctl.state}".encode(), b"MOCK_SLURM_DRIVEN=1", b"SLURM_JOB_ID=7"]
    staged.marks.update({111: marks, 300: marks[:2], 301: [b"SLURM_JOB_ID=7"]})
    assert agent.job_processes(ctl, tiny.store.job(7)) == {}
    agent.signal_job(ctl, tiny.store.job(7), signal.SIGKILL, full=True)
    assert staged.sent == [([111], signal.SIGKILL)]


def test_processes_of_a_job_and_of_a_step(tiny, staged):
    ctl = tiny.controller()
    assert sorted(agent.job_processes(ctl, tiny.store.job(7))) == [100, 110, 111, 112]
    first, second = [step for step in tiny.store.steps(7) if step.step_id >= 0]
    assert sorted(agent.step_tasks(ctl, first)) == [111, 112] and agent.step_tasks(ctl, second) == {}
    agent.signal_step(ctl, first, signal.SIGINT)
    assert staged.sent == [([111, 112], signal.SIGINT)]


def test_tasks_by_rank_and_node(tiny, staged):
    ctl, job = tiny.controller(), tiny.store.job(7)
    steps = {step.step_id: step for step in tiny.store.steps(7)}
    assert agent.task_roots(ctl, job, steps[0], staged.table()) == {(0, 0): 111, (1, 1): 112}
    assert agent.task_roots(ctl, job, steps[-5], staged.table()) == {(0, 0): 100}
    assert agent.task_roots(ctl, job, steps[1], staged.table()) == {}
