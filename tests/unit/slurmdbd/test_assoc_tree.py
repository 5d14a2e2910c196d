"""The tree of associations as slurmdbd keeps it: a nested set whose numbers stay whole whatever is
added, moved and removed.  (Expectations: as_mysql_assoc.c; transcripts/sacctmgr/.)"""

import random

import pytest

from slurm_mock.slurmdbd import assoc_tree as tree
from slurm_mock.slurmdbd.register import fresh

NOW = 1_000_000


@pytest.fixture
def book():
    """root > physics > lasers; ada in both."""
    made = fresh({"ClusterName": "conf"}, NOW)
    tree.add_account(made, "physics", "root", NOW, "all of it", "physics dep")
    tree.add_account(made, "lasers", "physics", NOW)
    tree.add_user(made, "ada", "physics", NOW)
    tree.add_user(made, "ada", "lasers", NOW)
    return made


def whole(book):
    """Is it a nested set, with each association inside of its parent?"""
    numbers = sorted(n for a in book.all_associations for n in (a.lft, a.rgt))
    assert numbers == list(range(1, 2 * len(book.all_associations) + 1))
    for assoc in book.associations:
        parent = book.parent(assoc)
        assert parent is None or parent.lft < assoc.lft < assoc.rgt < parent.rgt
    return True


def test_accounts_and_users_are_described(book):
    accounts = {a.name: (a.description, a.organization) for a in book.all_accounts}
    assert accounts["physics"] == ("all of it", "physics dep") and accounts["lasers"] == ("lasers", "physics")
    assert whole(book)


def test_a_users_first_account_is_his_default(book):
    assert book.default_account("ada") == "physics"
    assert [a.is_default for a in book.associations if a.user == "ada"].count(1) == 1


def test_who_has_lost_his_default_gets_the_newest(book):
    tree.add_user(book, "ada", "root", NOW + 5, is_default=0)
    tree.remove(book, [book.get("physics", "ada")], NOW)
    tree.ensure_default(book, "ada")
    assert book.default_account("ada") == "root"
    tree.ensure_default(book, "nobody")


def test_those_added_together_stand_one_behind_the_other(book):
    first = tree.add(book, NOW, account="a", parent_account="root")
    second = tree.add(book, NOW, after=first, account="b", parent_account="root")
    assert second.lft == first.rgt + 1 and whole(book)
    alone = tree.add(book, NOW, account="c", parent_account="root")
    assert alone.lft == book.get("root").lft + 1


def test_what_is_removed_loses_its_limits_and_stays_marked(book):
    lasers = book.get("lasers")
    lasers.max_jobs, lasers.grp_tres, lasers.shares, lasers.qos = 5, "cpu=1", 7, "normal"
    tree.remove(book, [lasers], NOW + 9)
    assert (lasers.deleted, lasers.mod_time, lasers.max_jobs, lasers.grp_tres, lasers.shares, lasers.qos) == (
        1, NOW + 9, None, None, 1, "")
    assert book.get("lasers") is None and lasers in book.all_associations


def test_what_comes_back_has_its_old_id(book):
    old = book.get("lasers", "ada")
    tree.remove(book, [old], NOW)
    assert tree.add_user(book, "ada", "lasers", NOW + 1).id == old.id and whole(book)


def test_a_deleted_user_comes_back_as_an_ordinary_one(book):
    user = next(u for u in book.all_users if u.name == "ada")
    user.deleted, user.admin_level = 1, "Operator"
    tree.add_user(book, "ada", "physics", NOW + 7)
    assert (user.deleted, user.admin_level, user.creation_time) == (0, "None", NOW + 7)


def test_dropped_it_is_gone(book):
    ada = book.get("lasers", "ada")
    tree.drop(book, ada)
    assert ada not in book.all_associations and whole(book)


def test_a_family_moves_together(book):
    tree.add_account(book, "bio", "root", NOW)
    tree.move(book, book.get("lasers"), book.get("bio"), NOW + 3)
    assert book.get("lasers").parent_account == "bio" and whole(book)


def test_whatever_is_done_the_set_stays_nested(book):
    chance = random.Random(4)
    for number in range(60):
        accounts = [a for a in book.associations if not a.user and a.account != "root"]
        one = chance.choice(accounts)
        others = [a for a in accounts if not (one.lft <= a.lft and a.rgt <= one.rgt)]
        if number % 3 == 0 and others:
            tree.move(book, one, chance.choice(others), NOW)
        elif number % 3 == 1:
            tree.add_account(book, f"a{number}", one.account, NOW)
        else:
            tree.add_user(book, f"u{number}", one.account, NOW)
        assert whole(book)
