"""What the controller's caller sees, and what he may steer.  (Expectations: slurm.conf(5), SlurmUser;
the texts of slurm_errno.c.)"""

import os
import pwd

import pytest

from slurm_mock.common import slurm_errno
from slurm_mock.common.records import SLURM_UID
from slurm_mock.common.slurm_errno import Refused
from slurm_mock.slurmctld.state import State, identify
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


def test_the_machines_user(tiny):
    caller = identify(tiny.store, {})
    assert (caller.user, caller.uid, caller.admin) == (pwd.getpwuid(os.getuid()).pw_name, os.getuid(), False)


def test_a_user_that_a_test_sets(tiny):
    caller = identify(tiny.store, {"MOCK_SLURM_USER": "no-such-person"})
    assert (caller.user, caller.uid, caller.group, caller.admin) == ("no-such-person", 1000, "no-such-person", False)


def test_the_administrator_is_slurm_user(tiny):
    caller = identify(tiny.store, {"MOCK_SLURM_ADMIN": "1", "MOCK_SLURM_USER": "ada"})
    assert (caller.user, caller.admin) == ("slurm", True)
    try:
        wanted = pwd.getpwnam("slurm").pw_uid
    except KeyError:
        wanted = SLURM_UID
    assert caller.uid == wanted


def test_with_a_slurm_conf_of_his_own_slurm_user_needs_no_more(tiny):
    tiny.store.set_meta("own_conf", 1)
    assert identify(tiny.store, {"MOCK_SLURM_USER": "slurm"}).admin
    assert not identify(tiny.store, {"MOCK_SLURM_USER": "ada"}).admin


def test_what_is_read(tiny):
    state = State.open(tiny.state, {"MOCK_SLURM_DRIVEN": "1"})
    assert (state.now, state.driven, state.config["ClusterName"]) == (NOW, True, "tiny")
    assert list(state.parts()) == ["main", "short", "gpu", "secret"]
    assert (state.part("short").max_time, state.part("nosuch")) == (30, None)
    state.close()
    assert not State.open(tiny.state, {}).driven


def test_a_cluster_without_its_jobs(tiny):
    tiny.running("n1")
    state = tiny.controller()
    assert [list(state.cluster(empty=empty).use) for empty in (True, False)] == [[], ["n1"]]
    assert state.cluster(now=NOW + 9).now == NOW + 9


def test_slurm_conf_is_read_anew_when_asked_for(tiny):
    state = tiny.controller()
    tiny.store.set_data("config", {**state.config, "KillWait": "7"})
    assert "KillWait" not in state.config
    state.refresh()
    assert state.config["KillWait"] == "7"


def test_whose_jobs_one_may_steer(tiny):
    own, others = tiny.job(), tiny.job("bob")
    ada, admin = tiny.controller("ada"), tiny.controller(admin=True)
    assert ada.mine(own.id).id == ada.mine(own).id == own.id
    assert admin.mine(others.id).id == admin.admin_job(others.id).id == others.id
    for verb, says in ((lambda: ada.mine(others), "Access/permission denied"), (lambda: ada.admin_job(own), "Access"),
                       (lambda: ada.mine(others, slurm_errno.ESLURM_USER_ID_MISSING), "Invalid user id"),
                       (lambda: ada.mine(99), "Invalid job id specified")):
        with pytest.raises(Refused, match=says):
            verb()


def test_a_job_as_it_is_by_now(tiny):
    job = tiny.job()
    state = tiny.controller()
    tiny.store.update(job.copy(name="new"))
    assert state.again(job).name == "new"
    with pytest.raises(Refused, match="Invalid job id specified"):
        state.again(job.copy(id=99))
