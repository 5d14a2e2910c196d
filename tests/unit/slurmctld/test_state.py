"""What slurmctld knows, as one caller sees it.  (Expectations: slurm.conf(5), SlurmUser.)"""

import os
import pwd

import pytest

from slurm_mock.common import slurm_errno
from slurm_mock.common.slurm_errno import Refused
from slurm_mock.slurmctld.state import State, account_of, group_name, identify
from slurm_mock.slurmdbd import register
from slurm_mock.store.connection import StoreError
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


def test_who_asks(tiny):
    me = identify(tiny.store, {})
    assert (me.uid, me.user, me.gid, me.admin) == (os.getuid(), pwd.getpwuid(os.getuid()).pw_name, os.getgid(), False)
    ada = identify(tiny.store, {"MOCK_SLURM_USER": "ada"})
    assert (ada.user, ada.uid, ada.admin) == ("ada", 1000, False)
    root = identify(tiny.store, {"MOCK_SLURM_ADMIN": "1"})
    assert (root.user, root.admin) == ("slurm", True)


def test_with_a_slurm_conf_of_his_own_slurmuser_is_the_administrator(tiny):
    assert not identify(tiny.store, {"MOCK_SLURM_USER": "slurm"}).admin
    tiny.store.set_meta("own_conf", "1")
    assert identify(tiny.store, {"MOCK_SLURM_USER": "slurm"}).admin and not identify(tiny.store, {"MOCK_SLURM_USER": "ada"}).admin


def test_accounts_and_groups_of_the_machine():
    root = pwd.getpwnam("root")
    assert account_of("root", 7) == ("root", 0, group_name(root.pw_gid), root.pw_gid)
    assert account_of("nobodyatall", 7) == ("nobodyatall", 7, "nobodyatall", 7)
    assert group_name(987654) == "987654"


def test_it_is_open_or_it_is_not(tiny, tmp_path):
    state = State.open(tiny.state, {"MOCK_SLURM_USER": "ada"})
    assert (state.state, state.now, state.driven, state.slurm_release) == (tiny.state, NOW, False, 2205)
    assert State.open(tiny.state, {"MOCK_SLURM_DRIVEN": "1"}).driven
    state.close()
    with pytest.raises(StoreError):
        State.open(str(tmp_path / "nosuch"), {})


def test_what_changed_since_is_read_anew(tiny):
    state = tiny.controller()
    tiny.store.set_data("config", {"ClusterName": "other"})
    assert state.config["ClusterName"] == "tiny"
    state.refresh()
    assert state.config["ClusterName"] == "other"


def test_nodes_and_partitions(tiny):
    tiny.running("n1")
    state = tiny.controller()
    here = state.cluster()
    assert (here.now, len(here.nodes), len(here.active)) == (NOW, 7, 1)
    assert (state.cluster(NOW + 5, empty=True).now, state.cluster(empty=True).active) == (NOW + 5, [])
    assert list(state.parts()) == ["main", "short", "gpu", "secret"] and state.part("gpu").exclusive and state.part("x") is None


def test_the_database_is_read_once_until_it_changes(tiny):
    with tiny.store:
        register.save(tiny.store, register.fresh({"ClusterName": "tiny"}, NOW))
    state = tiny.controller()
    first = state.book()
    assert state.book() is first
    with tiny.store:
        register.save(tiny.store, register.fresh({"ClusterName": "tiny"}, NOW))
    assert state.book() is not first


def test_the_scheduler_is_called(tiny):
    tiny.store.set_meta("next_event", NOW + 60)
    tiny.controller().dirty()
    assert tiny.store.meta("next_event") == 0


def test_whose_job_it_is(tiny):
    mine, other = tiny.job("ada"), tiny.job("bob")
    state, root = tiny.controller(), tiny.controller(admin=True)
    assert state.mine(mine.id).id == mine.id == state.mine(mine).id and root.mine(other.id).user == "bob"
    for ask, number, says in ((state.mine, other.id, "Access/permission denied"), (state.mine, 99, "Invalid job id specified"),
                              (state.admin_job, mine.id, "Access/permission denied")):
        with pytest.raises(Refused, match=says):
            ask(number)
    with pytest.raises(Refused, match="Invalid user id"):
        state.mine(other.id, slurm_errno.ESLURM_USER_ID_MISSING)
    assert root.admin_job(mine.id).id == mine.id


def test_a_job_as_it_is_by_now(tiny):
    job = tiny.job()
    tiny.store.update(job.copy(name="new"))
    assert tiny.controller().again(job).name == "new"
