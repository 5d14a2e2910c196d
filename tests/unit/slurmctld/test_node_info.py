"""Node states as Slurm writes, orders and asks for them.  (Expectations: sinfo(1), NODE STATE CODES; slurm.h;
transcripts/sinfo/sinfo-views.txt.  More words: commands/sinfo/test_sinfo.py.)"""

import pytest

from slurm_mock.common.records import Node, Partition, Share
from slurm_mock.slurmctld import node_info
from slurm_mock.slurmctld.cluster import Part, Use
from tests.clusters.planned import ask, cluster, run


@pytest.mark.parametrize("base, flags, number", [
    ("UNKNOWN", (), 0), ("DOWN", (), 1), ("IDLE", (), 2), ("ALLOCATED", (), 3), ("MIXED", (), 5), ("IDLE", ("DRAIN",), 2 | 1 << 9),
    ("DOWN", ("NO_RESPOND", "DRAIN"), 1 | 1 << 9 | 1 << 11)])
def test_numbers_are_those_of_slurm_h(base, flags, number):
    assert node_info.number(base, flags) == number


@pytest.mark.parametrize("base, flags, word, short", [
    ("IDLE", ("POWERED_DOWN",), "IDLE~", "IDLE~"), ("DOWN", ("DRAIN",), "DRAINED", "DRAIN"), ("IDLE", ("FAIL", "NO_RESPOND"), "FAIL*", "FAIL*"),
    ("IDLE", ("INVALID_REG",), "INVAL", "INVAL"), ("ERROR", (), "?", "?"), ("ALLOCATED", ("NO_RESPOND",), "ALLOCATED*", "ALLOC*")])
def test_words(base, flags, word, short):
    assert (node_info.text(base, flags), node_info.text(base, flags, compact=True)) == (word, short)


@pytest.mark.parametrize("word, wanted", [("idle", ("IDLE", ())), ("ALLOC", ("ALLOCATED", ())), ("drain", (None, ("DRAIN",))), ("drained", ("IDLE", ("DRAIN",))),
                                          ("mix", ("MIXED", ())), ("d", ("DOWN", ())), ("nosuch", None)])
def test_states_that_are_asked_for(word, wanted):
    assert node_info.asked(word) == wanted


@pytest.mark.parametrize("word, base, flags, fits", [
    ("alloc", "MIXED", (), True), ("idle", "IDLE", (), True), ("idle", "DOWN", (), False), ("drain", "MIXED", ("DRAIN",), True), ("drained", "IDLE", ("DRAIN",), True),
    ("drained", "MIXED", ("DRAIN",), False), ("draining", "MIXED", ("DRAIN",), True), ("draining", "IDLE", ("DRAIN",), False), ("resv", "IDLE", ("RESERVED",), True),
    ("mix", "ALLOCATED", (), False), ("no_respond", "DOWN", ("NO_RESPOND",), True)])
def test_who_is_in_the_state(word, base, flags, fits):
    assert node_info.matches(node_info.asked(word), base, flags) is fits


@pytest.mark.parametrize("text, counts", [("gpu:k80:2,shm:5", {"gpu": 2, "shm": 5}), ("gpu:2(S:0-1)", {"gpu": 2}), ("gpu", {"gpu": 1}), ("", {})])
def test_devices(text, counts):
    assert node_info.gpus_counted(text) == counts


def test_of_the_gres_those_count_that_accounting_names():
    config = {"AccountingStorageTRES": "gres/gpu"}
    assert node_info.tracked_tres({"gpu": 2, "shm": 1}, config) == ",gres/gpu=2" and node_info.tracked_tres({"gpu": 2}, {}) == ""
    use = Use(2, 4096, {"gpu:k80": [1]})
    assert node_info.alloc_tres(2, 4096, use, config) == "cpu=2,mem=4G,gres/gpu=1" and node_info.alloc_tres(0, 0, None, config) == ""


def test_devices_in_use():
    here = cluster()
    run(here, ask("-n1"), [Share("g1", 1, 0, {"gpu:k80": [1]})])
    config = {"GresTypes": "gpu,shm"}
    assert node_info.gres_used(here.nodes["g1"], here, config) == "gpu:k80:1(IDX:1),shm:0"
    assert node_info.gres_used(here.nodes["g2"], here, {}) == "gpu:k80:0(IDX:N/A)" and node_info.gres_used(Node(name="x"), here, {}) is None


@pytest.mark.parametrize("text, share, shown", [("NO", (False, 1), "NO"), ("EXCLUSIVE", (False, 0), "EXCLUSIVE"), ("FORCE", (True, 4), "FORCE:4"),
                                                ("FORCE:1", (True, 1), "FORCE:1"), ("YES:2", (False, 2), "YES:2"), ("YES:1", (False, 1), "NO")])
def test_sharing(text, share, shown):
    part = Part(Partition(name="p"), {"OverSubscribe": text})
    assert node_info.max_share(part) == share and node_info.share_text(part) == shown


def test_preemption_and_the_system():
    part = Part(Partition(name="p"), {"PreemptMode": "requeue"})
    assert node_info.preempt_mode(part, {"PreemptMode": "cancel"}) == "REQUEUE"
    assert node_info.preempt_mode(Part(Partition(name="p"), {}), {"PreemptMode": "cancel"}) == "CANCEL"
    assert node_info.preempt_mode(Part(Partition(name="p"), {}), {}) == "OFF"
    assert node_info.os_text().startswith("OS=") and node_info.os_text().endswith(" ")
    assert node_info.complete("IDLE", ("NO_RESPOND", "DRAIN")) == "IDLE+DRAIN+NOT_RESPONDING"
