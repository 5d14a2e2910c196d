<<<<<<< HEAD
"""Reservations made, changed and deleted.  (Expectations: scontrol(1), RESERVATIONS; transcripts of
scontrol.)"""
=======
"""Reservations as slurmctld keeps them.  (Expectations: reservation.c; transcripts/stories/story-reservation.txt;
what scontrol itself refuses: commands/scontrol/test_create_res.py.)"""
>>>>>>> h-tests

import pytest

from slurm_mock.common.slurm_errno import Refused
<<<<<<< HEAD
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


@pytest.fixture
def ctl(tiny):
    return tiny.controller(admin=True)


def asked(**more):
    return {"starttime": NOW + 60, "duration": 30, "users": "root", "nodes": "n2,n1", **more}


def test_made(ctl):
    assert ctl.create_resv(asked(reservationname="maint", flags=["DAILY", "MAINT"])) == "maint"
    found = ctl.store.reservation("maint")
    assert (found.nodes, found.users, found.flags) == ("n[1-2]", "root", "MAINT,DAILY,SPEC_NODES")
    assert (found.start_time, found.end_time) == (NOW + 60, NOW + 60 + 30 * 60)


def test_names_are_given_in_turn(ctl):
    assert [ctl.create_resv(asked()) for _ in range(2)] == ["root_1", "root_2"]
    assert ctl.create_resv(asked(users="", accounts="edu,other")) == "edu_1"


@pytest.mark.parametrize("words, nodes", [
    ({"nodes": "ALL"}, "g1,n[1-6]"), ({"nodecnt": "2"}, "n[1-2]"), ({"nodecnt": "1", "partitionname": "gpu"}, "g1")])
def test_which_nodes(ctl, words, nodes):
    words = {**asked(reservationname="r"), **words}
    if "nodecnt" in words:
        del words["nodes"]
    ctl.create_resv(words)
    assert ctl.store.reservation("r").nodes == nodes


@pytest.mark.parametrize("words, says", [
    ({"nodes": "n9"}, "Invalid node name specified"), ({"nodes": "n[2-1]"}, "Invalid node name specified"),
    ({"partitionname": "nosuch"}, "Invalid partition name specified"), ({"users": "nobody-of-that-name"}, "Invalid user id"),
    ({"reservationname": "there"}, "Duplicate reservation name"), ({"groups": "staff"}, "keeps no Groups=")])
def test_refusals_make_nothing(ctl, words, says):
    ctl.create_resv(asked(reservationname="there"))
    with pytest.raises(Refused, match=says):
        ctl.create_resv(asked(**{"reservationname": "new", **words}))
    assert [r.name for r in ctl.store.reservations()] == ["there"]


def test_changed(ctl):
    ctl.create_resv(asked(reservationname="r", users="", accounts="a,b", flags=["FLEX"]))
    ctl.update_resv({"reservationname": "r", "accounts+": "c", "accounts-": "a", "duration": 5, "flags+": ["MAINT"],
                     "flags-": ["FLEX"], "nodes": "n3"})
    found = ctl.store.reservation("r")
    assert (found.accounts, found.flags, found.nodes) == ("b,c", "MAINT,SPEC_NODES", "n3")
    assert (found.start_time, found.end_time) == (NOW + 60, NOW + 360)
    with pytest.raises(Refused, match="Requested reservation is invalid"):
        ctl.update_resv({"reservationname": "nosuch", "duration": 5})


def test_deleted(ctl):
    ctl.create_resv(asked(reservationname="r"))
    ctl.delete_resv("r")
    assert ctl.store.reservations() == []
    with pytest.raises(Refused, match="Requested reservation is invalid"):
        ctl.delete_resv("r")


def test_they_are_the_administrators(tiny, ctl):
    ctl.create_resv(asked(reservationname="r"))
    user = tiny.controller()
    for verb in (lambda: user.create_resv(asked()), lambda: user.update_resv({"reservationname": "r", "duration": 1}),
                 lambda: user.delete_resv("r")):
        with pytest.raises(Refused, match="Invalid user id"):
            verb()
    assert [r.end_time for r in ctl.store.reservations()] == [NOW + 60 + 1800]


def test_jobs_of_others_stay_out_of_reserved_nodes(tiny, ctl):
    ctl.create_resv(asked(nodes="n[1-6]", starttime=NOW, reservationname="r"))
    tiny.run("sbatch", "--wrap", "true")
    tiny.pass_time(1)
    assert tiny.store.job(1).state == "PENDING"
    ctl.delete_resv("r")
    tiny.pass_time(1)
    assert tiny.store.job(1).state == "RUNNING"
=======
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
    ({}, "n[1-2]", ""), ({"nodes": "n[4-5]"}, "n[4-5]", "SPEC_NODES"), ({"nodes": "all"}, "g1,n[1-6]", "SPEC_NODES"),
    ({"partitionname": "gpu", "nodecnt": "1"}, "g1", ""), ({"flags": ["DAILY", "MAINT"]}, "n[1-2]", "MAINT,DAILY")])
def test_made(tiny, root, asked, nodes, flags):
    name = reservation.create_resv(root, {**ASKED, **asked})
    res = tiny.store.reservation(name)
    assert (name, res.nodes, res.flags, res.start_time, res.end_time) == ("edu_1", nodes, flags, NOW, NOW + 3600)


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
>>>>>>> h-tests
