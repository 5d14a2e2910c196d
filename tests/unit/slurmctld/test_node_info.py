"""What is told of a node.  (Expectations: sinfo(1), NODE STATE CODES; node_state_string() of 22.05;
transcripts of sinfo and scontrol.)"""

import pytest

from slurm_mock.common.records import Node, Share, pack_alloc
from slurm_mock.slurmctld import node_info
from tests.clusters.planned import ask, cluster, run
from tests.clusters.reading import Tiny


@pytest.mark.parametrize("base, flags, long, short", [
    ("IDLE", "", "IDLE", "IDLE"), ("MIXED", "", "MIXED", "MIX"), ("ALLOCATED", "", "ALLOCATED", "ALLOC"),
    ("DOWN", "NO_RESPOND", "DOWN*", "DOWN*"), ("IDLE", "DRAIN", "DRAINED", "DRAIN"),
    ("IDLE", "DRAIN NO_RESPOND", "DRAINED*", "DRAIN*"), ("MIXED", "DRAIN", "DRAINING", "DRNG"),
    ("IDLE", "DRAIN COMPLETING", "DRAINING", "DRNG"), ("ALLOCATED", "COMPLETING", "ALLOCATED+", "ALLOC+"),
    ("MIXED", "COMPLETING", "COMPLETING", "COMP"), ("IDLE", "FAIL", "FAIL", "FAIL"), ("ALLOCATED", "FAIL", "FAILING", "FAILG"),
    ("IDLE", "MAINT", "MAINT", "MAINT"), ("ALLOCATED", "MAINT", "ALLOCATED$", "ALLOC$"), ("IDLE", "RESERVED", "RESERVED", "RESV"),
    ("IDLE", "PLANNED", "PLANNED", "PLND"), ("MIXED", "PLANNED", "MIXED-", "MIX-"), ("IDLE", "POWERED_DOWN", "IDLE~", "IDLE~"),
    ("IDLE", "REBOOT", "REBOOT", "BOOT"), ("MIXED", "REBOOT", "MIXED@", "MIX@"), ("IDLE", "REBOOT_ISSUED", "REBOOT^", "BOOT^")])
def test_the_word_for_a_state(base, flags, long, short):
    assert node_info.text(base, flags.split()) == long
    assert node_info.text(base, flags.split(), compact=True) == short


def test_the_complete_form():
    assert node_info.complete("IDLE", ()) == "IDLE"
    assert node_info.complete("DOWN", ("NO_RESPOND", "DRAIN")) == "DOWN+DRAIN+NOT_RESPONDING"


def test_the_numbers_of_slurm_h():
    assert [node_info.number(base, ()) for base in ("UNKNOWN", "DOWN", "IDLE", "ALLOCATED", "MIXED")] == [0, 1, 2, 3, 5]
    assert node_info.number("IDLE", ("DRAIN", "NO_RESPOND")) == 2 | 0x200 | 0x800


@pytest.mark.parametrize("word, fits, fits_not", [
    ("idle", [("IDLE", ())], [("MIXED", ()), ("DOWN", ())]), ("alloc", [("ALLOCATED", ()), ("MIXED", ())], [("IDLE", ())]),
    ("mix", [("MIXED", ())], [("ALLOCATED", ())]), ("drain", [("IDLE", ("DRAIN",)), ("MIXED", ("DRAIN",))], [("IDLE", ())]),
    ("drained", [("IDLE", ("DRAIN",))], [("MIXED", ("DRAIN",))]), ("drng", [("MIXED", ("DRAIN",))], [("IDLE", ("DRAIN",))]),
    ("resv", [("IDLE", ("RESERVED",))], [("IDLE", ())]), ("no", [("DOWN", ("NO_RESPOND",))], [("DOWN", ())])])
def test_states_asked_for(word, fits, fits_not):
    wanted = node_info.asked(word)
    assert all(node_info.matches(wanted, *state) for state in fits)
    assert not any(node_info.matches(wanted, *state) for state in fits_not)


def test_no_such_state():
    assert node_info.asked("odd") is None


def test_gres_in_use():
    here = cluster()
    assert node_info.gres_used(here.nodes["g1"], here, {"GresTypes": "gpu"}) == "gpu:k80:0(IDX:N/A)"
    run(here, ask("-p gpu --gres=gpu:1"), [Share("g1", 2, 4096, {"gpu:k80": [1]})])
    assert node_info.gres_used(here.nodes["g1"], here, {"GresTypes": "gpu"}) == "gpu:k80:1(IDX:1)"
    assert node_info.gres_used(here.nodes["c1"], here, {"GresTypes": "gpu"}) == "gpu:0"
    assert node_info.gres_used(Node(name="c1"), here, {}) is None
    tracked = {"AccountingStorageTRES": "gres/gpu"}
    assert node_info.alloc_tres(2, 4096, here.use["g1"], tracked) == "cpu=2,mem=4G,gres/gpu=1"
    assert node_info.alloc_tres(2, 4096, here.use["g1"], {}) == "cpu=2,mem=4G"
    assert node_info.alloc_tres(0, 0, here.use["g1"], tracked) == ""


@pytest.mark.parametrize("option, text", [
    ("NO", "NO"), ("YES", "YES:4"), ("YES:1", "NO"), ("FORCE", "FORCE:4"), ("FORCE:1", "FORCE:1"), ("EXCLUSIVE", "EXCLUSIVE")])
def test_oversubscribe(tmp_path, option, text):
    tiny = Tiny(tmp_path / "s")
    tiny.partition("own", "n1", OverSubscribe=option)
    part = tiny.controller().part("own")
    assert node_info.share_text(part) == text
    assert node_info.preempt_mode(part, {"PreemptMode": "requeue"}) == "REQUEUE"


def test_a_node_with_a_job_is_mixed_as_sinfo_prints_it(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.running("n1")
    tiny.running("n2", cpus=2, alloc=pack_alloc([Share("n2", 2, 1000)]))
    tiny.node("n3", flags="DRAIN")
    assert tiny.run("sinfo", "-h", "-p", "main", "-N", "-o", "%N %t").out.splitlines()[:4] == [
        "n1 alloc", "n2 mix", "n3 drain", "n4 idle"]
