"""scontrol update partition.  (Expectations: scontrol(1); transcripts/scontrol/own-jobs.txt.)"""

import pytest

from slurm_mock.common.slurm_errno import Refused
from tests.clusters.reading import Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


@pytest.fixture
def ctl(tiny):
    return tiny.controller(admin=True)


@pytest.mark.parametrize("changes, field, value", [
    ({"State": "down"}, "state", "DOWN"), ({"MaxTime": "2:00:00"}, "max_time", 120), ({"Nodes": "n3,n[1-2]"}, "nodes", "n[1-3]"),
    ({"Nodes": "ALL"}, "nodes", "g1,n[1-6]"), ({"PriorityTier": "5"}, "priority_tier", 5), ({"Hidden": "YES"}, "hidden", True)])
def test_changes(ctl, changes, field, value):
    ctl.update_partition("short", changes)
    assert getattr(ctl.part("short"), field) == value and ctl.part("short").max_nodes == 2


@pytest.mark.parametrize("name, changes, says", [
    ("nosuch", {"State": "UP"}, "Invalid partition name specified"), ("short", {"State": "odd"}, "Invalid partition state specified"),
    ("short", {"TRESBillingWeights": "CPU=abc"}, "Invalid TRESBillingWeights specification"),
    ("short", {"TRESBillingWeights": "gres/no=1"}, "Invalid TRESBillingWeights specification"),
    ("short", {"Nodes": "n9"}, "Invalid node name specified"), ("short", {"Nodes": "n[2-1]"}, "Invalid node name specified")])
def test_refusals_change_nothing(ctl, name, changes, says):
    with pytest.raises(Refused, match=says):
        ctl.update_partition(name, {"MaxTime": "5", **changes})
    assert (ctl.part("short").state, ctl.part("short").max_time, ctl.part("short").nodes) == ("UP", 30, "n[1-2]")


def test_a_value_that_cannot_be_read_does_not_get_in(ctl):
    with pytest.raises(ValueError):
        ctl.update_partition("short", {"PriorityTier": "odd"})
    assert ctl.part("short").priority_tier == 10


def test_there_is_one_default_partition(ctl):
    ctl.update_partition("short", {"Default": "YES"})
    assert [part.name for part in ctl.store.partitions() if ctl.part(part.name).default] == ["short"]
    ctl.update_partition("short", {"Default": "NO"})
    assert not any(ctl.part(part.name).default for part in ctl.store.partitions())


def test_partitions_are_the_administrators(tiny):
    with pytest.raises(Refused, match="Invalid user id"):
        tiny.controller().update_partition("short", {"State": "DOWN"})


def test_a_partition_that_is_down_starts_nothing(tiny, ctl):
    ctl.update_partition("main", {"State": "DOWN"})
    tiny.run("sbatch", "--wrap", "true")
    tiny.pass_time()
    assert (tiny.store.job(1).state, tiny.store.job(1).reason) == ("PENDING", "PartitionDown")
