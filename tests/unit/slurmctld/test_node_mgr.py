"""scontrol update node, and what becomes of a failed node's jobs.  (Expectations: scontrol(1);
transcripts/stories/story-operator.txt.)"""

import pytest

from slurm_mock.common.slurm_errno import Refused
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


@pytest.fixture
def ctl(tiny):
    return tiny.controller(admin=True)


def node(ctl, name="n1"):
    found = ctl.cluster().nodes[name]
    return found.state, found.flags, found.reason


def test_drain_and_resume(ctl):
    ctl.update_node(["n1", "n2"], {"state": "DRAIN", "reason": "fan"})
    assert node(ctl) == node(ctl, "n2") == ("IDLE", "DRAIN", "fan")
    found = ctl.cluster().nodes["n1"]
    assert (found.reason_user, found.reason_time) == ("slurm", NOW)
    ctl.update_node(["n1"], {"state": "UNDRAIN"})
    assert node(ctl) == ("IDLE", "", "")
    ctl.update_node(["n1"], {"reason": "only"})
    assert node(ctl) == ("IDLE", "", ""), "it needs none"
    ctl.update_node(["n2"], {"state": "resume"})
    assert node(ctl, "n2") == ("IDLE", "", "")


def test_down_and_up_again(ctl):
    ctl.update_node(["n1"], {"state": "DOWN", "reason": "power"})
    assert node(ctl) == ("DOWN", "", "power")
    ctl.update_node(["n1"], {"state": "RESUME"})
    assert node(ctl) == ("IDLE", "", "")


def test_a_silent_node_that_is_resumed_is_heard_again(tiny, ctl):
    tiny.node("n1", state="DOWN", flags="NO_RESPOND,DRAIN", reason="Not responding")
    ctl.update_node(["n1"], {"state": "IDLE"})
    assert node(ctl) == ("IDLE", "", "")


@pytest.mark.parametrize("changes", [{"weight": 5}, {"comment": "x"}, {"extra": "x"}, {"features": "a"}, {"active_features": "a"}])
def test_other_words(ctl, changes):
    ctl.update_node(["n1"], changes)
    (field, value), = changes.items()
    assert getattr(ctl.cluster().nodes["n1"], field) == value


@pytest.mark.parametrize("names, changes, says", [
    (["n1", "n9"], {"state": "DRAIN", "reason": "x"}, "Invalid node name specified"),
    (["n1"], {"state": "POWER_UP"}, "Invalid node state specified")])
def test_refusals_change_nothing(ctl, names, changes, says):
    with pytest.raises(Refused, match=says):
        ctl.update_node(names, changes)
    assert node(ctl) == ("IDLE", "", "")


def test_nodes_are_the_administrators(tiny):
    with pytest.raises(Refused, match="Invalid user id"):
        tiny.controller().update_node(["n1"], {"state": "DRAIN", "reason": "x"})


def test_jobs_of_a_node_that_goes_down(tiny, ctl):
    batch = tiny.running("n[1-2]", launched=0)
    alloc = tiny.running("n1", kind="alloc", launched=0)
    stays = tiny.running("n1", requeue=0, launched=0)
    away = tiny.running("n3", launched=0)
    other = tiny.running("n1", kind="simulated", sim_seconds=900, launched=0)
    ctl.update_node(["n1"], {"state": "DOWN", "reason": "power"})
    found = {job.id: (job.state, job.final, job.failed_node) for job in map(tiny.store.job, (1, 2, 3, 4, 5))}
    assert found[batch.id] == ("COMPLETING", "REQUEUED", "n1")
    assert found[alloc.id] == found[stays.id] == ("COMPLETING", "NODE_FAIL", "n1")
    assert found[away.id] == ("RUNNING", "", "") and found[other.id][0] == "NODE_FAIL"
    assert tiny.store.job(batch.id).kill_time == NOW + 30
