"""Reservations as slurmctld keeps them.  (Expectations: reservation.c; transcripts/stories/story-reservation.txt;
what scontrol itself refuses: commands/scontrol/test_create_res.py.)"""

import pytest

from slurm_mock.common.slurm_errno import Refused
from slurm_mock.slurmctld import reservation
from tests.clusters.reading import NOW, Tiny

ASKED = {"starttime": NOW, "duration": 60, "accounts": "edu", "nodecnt": "2"}


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.job("bob")
    tiny.job("ada")
    return tiny


@pytest.fixture
def root(tiny):
    return tiny.controller(admin=True)


@pytest.mark.parametrize("asked, nodes, flags", [
    ({}, "n[1-2]", ""), ({"nodes": "n[4-5]"}, "n[4-5]", "SPEC_NODES"), ({"nodes": "all"}, "g1,n[1-6]", "SPEC_NODES,ALL_NODES"),
    ({"partitionname": "gpu", "nodecnt": "1"}, "g1", ""), ({"flags": ["DAILY", "MAINT"]}, "n[1-2]", "MAINT,DAILY")])
def test_made(tiny, root, asked, nodes, flags):
    name = reservation.create_resv(root, {**ASKED, **asked})
    res = tiny.store.reservation(name)
    assert (name, res.nodes, res.flags, res.start_time, res.end_time) == ("edu_1", nodes, flags, NOW, NOW + 3600)


def test_how_many_cores_and_cpus(tiny, root):
    cluster = root.cluster()
    name = reservation.create_resv(root, {**ASKED, "nodes": "n[1-2]"})
    node = cluster.nodes["n1"]
    res = tiny.store.reservation(name)
    assert (res.core_cnt, reservation.cpus(cluster, res)) == (2 * node.sockets * node.cores, 2 * node.cpus)
    reservation.update_resv(root, {"reservationname": name, "nodes": "n[3-5]"})
    assert tiny.store.reservation(name).core_cnt == 3 * node.sockets * node.cores


def test_nodes_that_take_no_work_are_passed_over(tiny, root):
    tiny.node("n1", flags="DRAIN")
    assert tiny.store.reservation(reservation.create_resv(root, ASKED)).nodes == "n[2-3]"


def test_names(tiny, root):
    assert [reservation.create_resv(root, {**ASKED, "users": "bob,ada"}) for _ in range(2)] == ["bob_1", "bob_2"]
    assert reservation.create_resv(root, {**ASKED, "reservationname": "own"}) == "own"


@pytest.mark.parametrize("asked, says", [
    ({"partitionname": "x"}, "Invalid partition name specified"), ({"nodes": "n9"}, "Invalid node name specified"),
    ({"nodecnt": "99"}, "Invalid node name specified"), ({"users": "nobodyatall"}, "Invalid user id"), ({"groups": "g"}, "the mock keeps no Groups="),
    ({"reservationname": "r"}, "Duplicate reservation name")])
def test_refused(tiny, root, asked, says):
    reservation.create_resv(root, {**ASKED, "reservationname": "r"})
    with pytest.raises(Refused, match=says):
        reservation.create_resv(root, {**ASKED, **asked})


@pytest.mark.parametrize("asked, field, value", [
    ({"endtime": NOW + 60}, "end_time", NOW + 60), ({"starttime": NOW + 60, "duration": 1}, "end_time", NOW + 120), ({"nodes": "n6"}, "nodes", "n6"),
    ({"users": "bob"}, "users", "bob"), ({"accounts+": "lab"}, "accounts", "edu,lab"), ({"accounts-": "edu"}, "accounts", ""),
    ({"flags+": ["MAINT"]}, "flags", "MAINT,DAILY"), ({"flags-": ["DAILY"]}, "flags", ""), ({"flags": ["FLEX"]}, "flags", "FLEX,DAILY")])
def test_changed(tiny, root, asked, field, value):
    reservation.create_resv(root, {**ASKED, "reservationname": "r", "flags": ["DAILY"]})
    reservation.update_resv(root, {"reservationname": "r", **asked})
    assert getattr(tiny.store.reservation("r"), field) == value


def test_of_the_administrator_and_of_what_is_there(tiny, root):
    reservation.create_resv(root, {**ASKED, "reservationname": "r"})
    for ctl, name, says in ((tiny.controller(), "r", "Invalid user id"), (root, "x", "Requested reservation is invalid")):
        with pytest.raises(Refused, match=says):
            reservation.update_resv(ctl, {"reservationname": name, "duration": 1})
        with pytest.raises(Refused, match=says):
            reservation.delete_resv(ctl, name)
    with pytest.raises(Refused, match="Invalid user id"):
        reservation.create_resv(tiny.controller(), ASKED)
    with pytest.raises(Refused, match="Invalid node name"):
        reservation.update_resv(root, {"reservationname": "r", "nodes": "n9"})
    reservation.delete_resv(root, "r")
    assert tiny.store.reservations() == []
