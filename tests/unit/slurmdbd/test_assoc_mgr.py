"""accounts: who may charge what, which limits are inherited.  (Expectations: sacctmgr(1) and real
Slurm's database, see tests/conformance/transcripts/sacctmgr/.)"""

import pytest

from slurm_mock.common.slurmdb import Qos
from slurm_mock.common.tres import tres_dict
from slurm_mock.conf.params import enforced
from slurm_mock.slurmdbd.assoc_tree import add_account, add_user, move, remove
from slurm_mock.slurmdbd.register import enrol, fresh

NOW = 1_000_000


@pytest.fixture
def book():
    """root > physics > lasers; alice in both, bob in lasers on two partitions."""
    made = fresh({"ClusterName": "Conf", "AccountingStorageTRES": "gres/gpu"}, NOW)
    add_account(made, "physics", "root", NOW, max_jobs=10, max_tres_pj="cpu=100,mem=5")
    add_account(made, "lasers", "physics", NOW, max_tres_pj="cpu=20", delta_qos="+high")
    add_user(made, "alice", "physics", NOW)
    add_user(made, "alice", "lasers", NOW, max_jobs=3)
    add_user(made, "bob", "lasers", NOW, partition="fat")
    return made


def test_a_fresh_database_is_slurmdbds(book):
    assert [(t.id, name) for name, t in book.tres.items()][-2:] == [(8, "pages"), (1001, "gres/gpu")]
    root = book.get("root")
    assert (root.id, book.allowed_qos(root), book.cluster) == (1, ("normal",), "conf")
    assert book.users["root"].admin_level == "Administrator"


def test_new_associations_stand_right_behind_their_parents_left_end(book):
    placed = [(a.account, a.user, a.lft, a.rgt) for a in book.associations]
    assert placed == [("root", "", 1, 14), ("physics", "", 2, 11), ("physics", "alice", 3, 4),
                      ("lasers", "", 5, 10), ("lasers", "bob", 6, 7), ("lasers", "alice", 8, 9),
                      ("root", "root", 12, 13)]


def test_find_takes_the_default_account_and_the_partitions_own_association(book):
    assert book.find("alice").account == "physics"
    assert book.find("alice", "LASERS").max_jobs == 3
    assert book.find("bob", "lasers", "fat").partition == "fat"
    assert book.find("bob", "lasers", "main") is None
    assert book.find("alice", "nope") is None
    assert book.find("carol") is None


def test_limits_come_from_the_nearest_that_has_one(book):
    mine = book.find("alice", "lasers")
    assert [a.account + a.user for a in book.lineage(mine)] == ["lasersalice", "lasers", "physics", "root"]
    assert book.limit(mine, "max_jobs") == 3
    assert book.limit(book.find("bob", "lasers", "fat"), "max_jobs") == 10
    assert book.limit(mine, "max_wall") is None
    assert book.tres_limit(mine, "max_tres_pj") == {"cpu": 20, "mem": 5}


def test_qos_deltas_change_what_is_inherited(book):
    book.all_qos.append(Qos(name="high", id=2))
    book.index()
    assert book.allowed_qos(book.find("alice", "lasers")) == ("normal", "high")
    assert book.allowed_qos(book.find("alice")) == ("normal",)


def test_what_is_removed_comes_back_with_its_id(book):
    bob = book.find("bob", "lasers", "fat")
    remove(book, [bob], NOW)
    assert book.find("bob", "lasers", "fat") is None
    assert add_user(book, "bob", "lasers", NOW, partition="fat").id == bob.id


def test_move_takes_the_whole_family_along(book):
    add_account(book, "bio", "root", NOW)
    move(book, book.get("lasers"), book.get("bio"), NOW)
    assert [a.account + a.user for a in book.lineage(book.find("alice", "lasers"))] == [
        "lasersalice", "lasers", "bio", "root"]
    lft = {(a.account, a.user): (a.lft, a.rgt) for a in book.associations}
    assert lft["bio", ""][0] < lft["lasers", ""][0] < lft["lasers", "bob"][0] < lft["bio", ""][1]
    assert sorted(n for pair in lft.values() for n in pair) == list(range(1, 17))


def test_enrol_says_whether_anything_changed(book):
    assert enrol(book, "carol", "Course", NOW) and not enrol(book, "carol", "course", NOW)
    assert book.default_account("carol") == "course"


@pytest.mark.parametrize(("text", "wanted"), [
    ("none", set()), ("safe", {"associations", "limits", "safe"}), ("qos", {"associations", "qos"}),
    ("associations,limits", {"associations", "limits"}), ("nojobs", {"nojobs", "nosteps"}),
    ("all", {"associations", "limits", "qos", "safe", "wckeys"}),
])
def test_enforced(text, wanted):
    assert enforced({"AccountingStorageEnforce": text}) == wanted


def test_tres_dict():
    assert tres_dict("cpu=10,gres/gpu=2") == {"cpu": 10, "gres/gpu": 2}
    assert tres_dict(None) == tres_dict("") == {}
