"""A machine on which nothing really runs: its processes, their owners and the signals that they get
are written by hand, for what asks the machine."""

import pytest

from slurm_mock import machine
from slurm_mock.host import local
from slurm_mock.machine.proctrack import Process


class Staged(local.Local):
    """processes: {pid: Process}; owners: {lock: pid} (machine/locks.py); marks: {pid: [entries of its
    environment]}; sent, poked: what was asked of it; waited: the seconds of each sleep."""

    def __init__(self):
        super().__init__()
        self.processes, self.owners, self.marks, self.used = {}, {}, {}, {}
        self.sent, self.poked, self.waited, self.supervised, self.held = [], [], [], [], []

    def process(self, pid, parent, state="S"):
        self.processes[pid] = Process(pid, parent, parent, state)

    def alive(self, state):
        return Locks(self)

    def table(self):
        return dict(self.processes)

    def environments(self):
        return list(self.marks.items())

    def amounts(self, pid):
        return self.used.get(pid, ())

    def send(self, pids, signum):
        self.sent.append((sorted(pids), signum))

    def stop(self, pids):
        self.sent.append((sorted(pids), "stop"))

    def sleep(self, ctl, seconds):
        self.waited.append(seconds)
        return ()

    def supervise(self, ctl, *job_ids):
        self.supervised += job_ids

    def keep(self, ctl):
        self.supervised.append("keeper")


class Locks:
    """The locks of a state directory (machine/locks.py)."""

    def __init__(self, staged):
        self.staged = staged

    def holder(self, lock):
        return self.staged.owners.get(lock, 0)

    def hold(self, lock):
        self.staged.held.append(lock)

    def poke(self, lock):
        self.staged.poked.append(lock)
        return bool(self.holder(lock))

    def close(self):
        return


@pytest.fixture
def staged(monkeypatch):
    """The machine that all runs on, for one test."""
    made = Staged()
    monkeypatch.setattr(machine, "here", made)
    return made
