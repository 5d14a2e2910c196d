"""Reservations made, changed and deleted.  (Expectations: scontrol(1), RESERVATIONS; transcripts of
scontrol.)"""

import pytest

from slurm_mock.common.slurm_errno import Refused
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
