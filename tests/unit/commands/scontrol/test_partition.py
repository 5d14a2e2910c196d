"""scontrol create and delete partition, and what update refuses of one.  (Expectations: cases/commands/95-partitions.)"""

import pytest

from tests.clusters.reading import Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


def root(tiny, *words):
    return tiny.run("scontrol", *words, MOCK_SLURM_ADMIN="1")


def names(tiny):
    return [part.name for part in tiny.store.partitions()]


def test_a_partition_is_made_changed_and_deleted(tiny):
    assert root(tiny, "create", "partition=new", "nodes=n[1-2]", "MaxTime=10", "Default=YES").code == 0
    shown = tiny.run("scontrol", "-o", "show", "partition", "new").out
    assert "Nodes=n[1-2] " in shown and "MaxTime=00:10:00 MinNodes=1 " in shown and "Default=YES" in shown
    assert root(tiny, "update", "partition=new", "maxtime=20", "state=drain").code == 0
    assert "State=DRAIN" in tiny.run("scontrol", "-o", "show", "partition", "new").out
    assert root(tiny, "delete", "partition=new").code == 0 and "new" not in names(tiny)


@pytest.mark.parametrize("words, text", [
    ("create partition=main nodes=n1", "Error creating the partition: Invalid partition name specified"),
    ("create partition=x nodes=nope", "Error creating the partition: Invalid node name specified"),
    ("create partition=x maxtime=odd", "scontrol: error: Invalid input maxtime=odd"),
    ("create partition", "scontrol: error: Invalid input: partition  Request aborted"),
    ("delete partition=nope", "delete_partition partition=nope: Invalid partition name specified"),
    ("update partition=main alone", "scontrol: error: Invalid input: alone  Request aborted\nslurm_update error: No error")])
def test_what_is_refused(tiny, words, text):
    told = root(tiny, *words.split())
    assert (told.code, told.err) == (1, text + "\n")


def test_one_whose_nodes_are_refused_is_there_without(tiny):
    root(tiny, "create", "partition=x", "nodes=nope")
    assert tiny.store.partition("x").nodes == ""


@pytest.mark.parametrize("state", ["PENDING", "RUNNING"])
def test_one_that_a_job_is_in_stays(tiny, state):
    tiny.job(state=state, partition="main") if state == "PENDING" else tiny.running("n1", partition="main")
    assert root(tiny, "delete", "partition=main").err == "delete_partition partition=main: Partition is in use\n"
    assert "main" in names(tiny)


def test_an_ordinary_user_makes_none(tiny):
    assert tiny.run("scontrol", "create", "partition=x").err == "Error creating the partition: Invalid user id\n"
