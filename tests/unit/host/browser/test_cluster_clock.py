"""host/browser/cluster_clock.py: the time is the cluster's while somebody looks at it."""

import pytest

from slurm_mock.host.browser.cluster_clock import ClusterClock
from slurm_mock.slurmctld.controller import Controller
from tests.clusters.in_one_process import cluster


@pytest.fixture
def env(tmp_path, in_process):
    return cluster(tmp_path, "small", False)


def test_without_a_cluster_it_counts_seconds():
    clock = ClusterClock()
    clock.jump(7.5)
    with clock.followed({}):
        assert (clock.now(), clock.date(), clock.due(), clock.next_moment()) == (7.5, None, False, None)


def test_it_follows_the_cluster_of_an_environment(env):
    clock = ClusterClock()
    with clock.followed(env):
        began = clock.now()
        assert clock.date() == began > 1e9
        clock.tick()
        assert not clock.due()
        clock.jump(began + 60)
        with clock.followed({"MOCK_SLURM_STATE": "/nosuch"}):
            assert clock.now() == began + 60, "who looks already goes on looking"
    assert clock.now() == 0.0 and clock.ctl is None


def test_of_a_controller(env):
    clock, ctl = ClusterClock(), Controller.open(env["MOCK_SLURM_STATE"], env)
    with clock.of(ctl):
        with clock.of(None):
            assert clock.ctl is ctl
        ctl.dirty()
        assert clock.due()
    assert clock.ctl is None
    ctl.close()


def test_a_cluster_that_is_not_there_is_left_to_the_command():
    clock = ClusterClock()
    with clock.followed({"MOCK_SLURM_STATE": "/nosuch"}):
        assert clock.ctl is None
