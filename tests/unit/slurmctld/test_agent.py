"""Which processes a signal to a job or a step reaches.  (Expectations: scancel(1), --batch and --full.)"""

import signal

import pytest

from slurm_mock import machine
from slurm_mock.common.records import STEP_BATCH
from slurm_mock.host.local import Local
from slurm_mock.machine.locks import JOB, STEP
from slurm_mock.machine.proctrack import Process
from slurm_mock.slurmctld import agent
from tests.clusters.reading import Tiny

# supervisor 10 -> batch shell 11 -> (sleep 12, srun 20 -> tasks 21, 22 -> child 23); others 1, 99
PARENTS = {1: 0, 10: 1, 11: 10, 12: 11, 20: 11, 21: 20, 22: 20, 23: 22, 99: 1}


class Told(Local):
    """A machine with these processes, which writes down who was signalled."""

    def __init__(self):
        self.sent, self.stopped = [], []

    def pid(self):
        return 99

    def table(self):
        return {pid: Process(pid, parent, 1, "S") for pid, parent in PARENTS.items()}

    def environments(self):
        return ()

    def send(self, pids, signum):
        self.sent.append((sorted(pids), signum))

    def stop(self, pids):
        self.stopped.append(sorted(pids))


class Owners:
    """The locks, as far as they are asked."""

    def __init__(self, owners):
        self.owners = owners

    def holder(self, who):
        return self.owners.get(who, 0)


@pytest.fixture
def told(monkeypatch):
    here = Told()
    monkeypatch.setattr(machine, "here", here)
    return here


@pytest.fixture
def ctl(tmp_path):
    tiny = Tiny(tmp_path / "s")
    ctl = tiny.controller()
    job = tiny.running("n1")
    tiny.step(job, STEP_BATCH)
    tiny.step(job, 0, pid=20, ntasks=2)
    tiny.step(job, 1, pid=30, state="COMPLETED")
    ctl.alive.close()
    ctl.alive = Owners({JOB + job.id: 10, STEP + 20: 20})
    return ctl


@pytest.mark.parametrize("how, reached", [
    ({}, [21, 22, 23]), ({"batch": True}, [11]), ({"full": True}, [11, 12, 20, 21, 22, 23])])
def test_whom_a_signal_to_a_job_reaches(told, ctl, how, reached):
    agent.signal_job(ctl, ctl.store.job(1), signal.SIGUSR1, **how)
    assert told.sent == [(reached, signal.SIGUSR1)] and told.stopped == []


def test_a_signal_to_a_step(told, ctl):
    agent.signal_step(ctl, ctl.store.steps(1)[-1].copy(pid=20), signal.SIGTERM)
    assert told.sent == [([21, 22, 23], signal.SIGTERM)]


@pytest.mark.parametrize("how", [{"batch": True}, {"full": True}, {}])
def test_where_nobody_owns_it_nobody_is_signalled(told, ctl, how):
    ctl.alive = Owners({})
    agent.signal_job(ctl, ctl.store.job(1), signal.SIGTERM, **how)
    assert [pids for pids, _ in told.sent if pids] == []


def test_sigstop_stops_all_but_ourselves(told, ctl):
    agent.deliver(ctl, [11, 99, 12], signal.SIGSTOP)
    assert told.stopped == [[11, 12]] and told.sent == []


def test_the_tasks_of_a_step(told, ctl):
    steps = {step.step_id: step for step in ctl.store.steps(1)}
    job, all_of_them = ctl.store.job(1), told.table()
    assert agent.task_roots(ctl, job, steps[0], all_of_them) == {(0, 0): 21, (1, 0): 22}
    assert agent.task_roots(ctl, job, steps[0].copy(tasks_per_node="1,1", num_nodes=2), all_of_them) == {(0, 0): 21, (1, 1): 22}
    assert agent.task_roots(ctl, job, steps[STEP_BATCH], all_of_them) == {(0, 0): 11}
    assert agent.task_roots(ctl, job, steps[1], all_of_them) == {}
