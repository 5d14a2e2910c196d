"""Fair-share: the tree as `sshare -l -a -P` of Slurm 22.05.8 showed it for the same usage."""

import pytest

from slurm_mock.common.slurmdb import SHARES_PARENT
from slurm_mock.slurmdbd import fair_tree, register
from slurm_mock.slurmdbd.assoc_tree import add_account, add_user

DAY = 86400


def book():
    """The accounts of the real cluster: bio (1) and phys (3) with opt (2) and thin (5)."""
    made = register.fresh({"ClusterName": "conf"}, 0)
    add_account(made, "phys", "root", 0, shares=3)
    add_account(made, "bio", "root", 0)
    add_account(made, "opt", "phys", 0, shares=2)
    add_account(made, "thin", "phys", 0, shares=5)
    add_user(made, "alice", "opt", 0, shares=7)
    add_user(made, "alice", "bio", 0)
    add_user(made, "nobody", "thin", 0, shares=SHARES_PARENT)
    add_user(made, "daemon", "opt", 0)
    add_user(made, "daemon", "bio", 0, shares=10)
    return made


def used(made, **seconds):
    kept = {}
    for account, amount in seconds.items():
        fair_tree.charge(kept, made, made.get(account, "alice").id, {"": amount})
    return kept


def line(made, found, account, user=""):
    share = found[made.get(account, user).id]
    return tuple(round(v, 6) if v is not None else None for v in (
        share.norm_shares, share.norm_usage, share.effective, share.level, share.factor))


def test_the_figures_are_those_of_slurm():
    made = book()
    found = fair_tree.shares(made, used(made, bio=237.8119, opt=762.1881))
    assert line(made, found, "bio") == (0.2, 0.237812, 0.237812, 0.841001, None)
    assert line(made, found, "bio", "alice") == (0.090909, 0.237812, 1.0, 0.090909, 0.666667)
    assert line(made, found, "bio", "daemon")[4] == 0.833333
    assert line(made, found, "phys") == (0.6, 0.762188, 0.762188, 0.787207, None)
    assert line(made, found, "opt", "alice") == (0.875, 0.762188, 1.0, 0.875, 0.166667)
    assert line(made, found, "opt", "daemon")[4] == 0.333333
    assert line(made, found, "thin", "nobody")[0] == 0.714286
    assert line(made, found, "thin", "nobody")[4] == 0.5
    assert line(made, found, "root", "root")[4] == 1.0


def test_without_usage_all_stand_first_together():
    made = book()
    found = fair_tree.shares(made, {})
    assert {s.factor for s in found.values() if s.assoc.user} == {1.0}


def test_the_classic_formula():
    made = book()
    kept = used(made, bio=250.0, opt=750.0)
    found = fair_tree.shares(made, kept, tree=False)
    mine = found[made.get("bio", "alice").id]
    assert mine.factor == pytest.approx(2 ** -(0.25 / (1 / 11)))
    damped = fair_tree.shares(made, kept, damp=5, tree=False)[mine.assoc.id]
    assert damped.factor == pytest.approx(2 ** -(0.25 / (1 / 11) / 5))


def test_usage_is_forgotten_by_half():
    assert fair_tree.decay(7 * DAY, 7 * DAY) == 0.5
    assert fair_tree.decay(0, 7 * DAY) == 1.0
