"""scontrol create, update and delete reservation.  (Expectations: scontrol(1), RESERVATIONS;
transcripts/stories/story-reservation.txt.)"""

import pytest

from slurm_mock.common.records import Reservation
from tests.clusters.reading import NOW, Tiny

HOUR = 3600


@pytest.fixture
def tiny(tmp_path):
    made = Tiny(tmp_path / "s")
    made.job("ada")
    made.job("bob")
    return made


@pytest.fixture
def scontrol(tiny):
    """A function of words, typed by the administrator -> Result."""
    return lambda words, **env: tiny.run("scontrol", *words.split(), **{"MOCK_SLURM_ADMIN": "1", **env})


def held(tiny, name="r"):
    (res,) = tiny.store.select(Reservation, "WHERE name=?", (name,))
    return res


def test_nodes_and_times(tiny, scontrol):
    assert scontrol("create reservation=r start=now dur=60 users=ada nodes=n[5-6] flags=maint,ignore").out == (
        "Reservation created: r\n")
    res = held(tiny)
    assert (res.start_time, res.end_time, res.nodes, res.users) == (NOW, NOW + HOUR, "n[5-6]", "ada")
    assert res.flags == "MAINT,IGNORE_JOBS,SPEC_NODES"       # in slurm.h's order; nodes were named


def test_so_many_nodes_of_a_partition(tiny, scontrol):
    tiny.node("n1", state="DOWN")
    scontrol("create reservation=r start=now end=now+2hours accounts=edu nodecnt=2 partition=main")
    assert (held(tiny).nodes, held(tiny).partition, held(tiny).end_time) == ("n[2-3]", "main", NOW + 2 * HOUR)
    assert scontrol("create reservation=all start=now dur=1 accounts=edu nodes=ALL").code == 0
    assert held(tiny, "all").nodes == "g1,n[1-6]"


def test_a_name_is_found(tiny, scontrol):
    words = "create res start=now dur=60 users=bob nodecnt=1"
    assert [scontrol(words).out for _ in range(2)] == ["Reservation created: bob_1\n", "Reservation created: bob_2\n"]


@pytest.mark.parametrize("words, says", [
    ("dur=60 users=ada nodecnt=1", "A start time must be given.  No reservation created."),
    ("start=now users=ada nodecnt=1", "An end time or duration must be given.  No reservation created."),
    ("start=now dur=60 users=ada", "CoreCnt, Nodes, NodeCnt, BurstBuffer, Licenses or Watts must be specified.  "
                                   "No reservation created."),
    ("start=now+1hour end=now users=ada nodecnt=1", "Start time cannot be after end time.  No reservation created."),
    ("start=now dur=60 nodecnt=1", "Either Users/Groups and/or Accounts must be specified.  No reservation created."),
    ("start=now dur=odd", "Invalid duration dur=odd.  No reservation created."),
    ("start=now flags=nosuch", "Error parsing flags nosuch.  No reservation created."),
    ("start=now colour=red", "Unknown parameter colour=red.  No reservation created."),
    ("start=now nodecnt=x", "Invalid node count x"),
    ("start=now nodes+=n1", "The +=/-= notation is not supported when updating nodes.  No reservation created.")])
def test_what_scontrol_refuses_itself(scontrol, words, says):
    told = scontrol("create reservation=r " + words)
    assert (told.code, told.err) == (1, f"scontrol: error: {says}\n")


def test_a_time_that_is_none_is_told_of_twice(scontrol):
    told = scontrol("create reservation=r start=odd dur=60")
    assert (told.code, told.err) == (1, "Invalid time specification (pos=0): odd\n"
                                        "scontrol: error: Invalid start time start=odd.  No reservation created.\n")


@pytest.mark.parametrize("words, says", [
    ("nodes=n9", "Invalid node name specified"), ("nodes=n1 partition=nope", "Invalid partition name specified"),
    ("nodecnt=99", "Invalid node name specified")])
def test_what_slurmctld_refuses(scontrol, words, says):
    told = scontrol("create reservation=r start=now dur=60 users=ada " + words)
    assert (told.code, told.err) == (1, f"Error creating the reservation: {says}\n")


def test_users_must_be_there_and_names_are_given_once(scontrol):
    words = "create reservation=r start=now dur=60 nodecnt=1 users="
    assert scontrol(words + "nobodyatall").err == "Error creating the reservation: Invalid user id\n"
    assert scontrol(words + "ada").code == 0
    assert scontrol(words + "ada").err == "Error creating the reservation: Duplicate reservation name\n"


def test_an_ordinary_user_may_not(scontrol, tiny):
    told = tiny.run("scontrol", *"create reservation=r start=now dur=60 users=ada nodecnt=1".split())
    assert told.err == "Error creating the reservation: Invalid user id\n"
    scontrol("create reservation=r start=now dur=60 users=ada nodecnt=1")
    assert tiny.run("scontrol", "delete", "res=r").err == "delete_reservation res=r: Invalid user id\n"
    assert tiny.run("scontrol", "update", "res=r", "dur=5").err == (
        "Error updating the reservation: Invalid user id\nslurm_update error: Invalid user id\n")


def test_update(tiny, scontrol):
    scontrol("create reservation=r start=now dur=60 users=ada accounts=edu nodes=n1 flags=daily")
    assert scontrol("update res=r dur=2:00 users+=bob flags+=maint flags-=daily nodes=n[2-3]").out == "Reservation updated.\n"
    res = held(tiny)
    assert (res.end_time, res.users, res.nodes, res.flags) == (NOW + 120, "ada,bob", "n[2-3]", "MAINT,SPEC_NODES")
    scontrol("update res=r users-=ada accounts=physics")
    assert (held(tiny).users, held(tiny).accounts) == ("bob", "physics")


@pytest.mark.parametrize("words, says", [
    ("res=nosuch dur=5", "Error updating the reservation: Requested reservation is invalid\n"
                         "slurm_update error: Requested reservation is invalid\n"),
    ("res=r nodes=n9", "Error updating the reservation: Invalid node name specified\n"
                       "slurm_update error: Invalid node name specified\n"),
    ("res=r dur=odd", "scontrol: error: Invalid duration dur=odd.  No reservation update.\nslurm_update error: No error\n")])
def test_updates_that_fail(scontrol, words, says):
    scontrol("create reservation=r start=now dur=60 users=ada nodecnt=1")
    assert scontrol("update " + words).err == says
