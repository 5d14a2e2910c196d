"""Who a user's name or number means (uid_from_string of Slurm)."""

import os
import pwd

import pytest
from slurm_mock.slurmctld.uid import user_name

from tests.clusters.reading import Tiny


@pytest.fixture
def ctl(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.job(user="bob")
    return tiny.controller("ada")


def test_the_caller_root_and_owners_of_jobs_need_no_account(ctl):
    assert user_name(ctl, "ada") == user_name(ctl, str(ctl.caller.uid)) == "ada"
    assert user_name(ctl, "0") == user_name(ctl, "root") == "root"
    assert user_name(ctl, "bob") == user_name(ctl, "1001") == "bob"


def test_others_are_the_machines(ctl):
    known = next(entry for entry in pwd.getpwall() if entry.pw_uid not in (0, 1000, 1001, os.getuid()))
    assert user_name(ctl, known.pw_name) == user_name(ctl, str(known.pw_uid)) == known.pw_name


@pytest.mark.parametrize("word", ["nobodyatall", "424242424", "\udcff", ""])
def test_nobody(ctl, word):
    assert user_name(ctl, word) is None
