"""Clusters with processes for the tests, and the proof that they leave none behind."""

import os
import signal
import sys

import pytest

from slurm_mock.cli import end_all
from tests.unit.living import CONF, Living, processes_of


@pytest.fixture
def living(tmp_path):
    """Make clusters: living(speed=0, conf=..., user=...). None may leave a process behind."""
    if sys.platform != "linux":
        pytest.skip("what is left running is read from /proc")
    made = []

    def make(speed=0.0, conf=CONF, user="alice", **options):
        one = Living(tmp_path / f"c{len(made)}", speed, conf, user, **options)
        made.append(one)
        return one

    yield make
    left = {}
    for one in made:
        left.update(one.gone())
        for pid in one.left():
            os.kill(pid, signal.SIGKILL)
    assert not left, "processes left behind"


@pytest.fixture
def stepping(living):
    """A cluster with the stepping clock."""
    return living(0.0)


@pytest.fixture
def ended():
    """Give it a state directory, and what runs there is ended at the end of the test."""
    states = []
    yield states.append
    for state in map(str, states):
        if os.path.isdir(state):
            end_all(state)
        for pid in processes_of(state):
            os.kill(pid, signal.SIGKILL)
