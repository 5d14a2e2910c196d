"""scontrol update job and scontrol top.  (Expectations: scontrol(1); transcripts/scontrol/own-jobs.txt.)"""

import pytest

from slurm_mock.common.slurm_errno import Refused
from slurm_mock.slurmctld import job_update
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s", Licenses="matlab:4")


@pytest.fixture
def ctl(tiny):
    return tiny.controller()


@pytest.fixture
def admin(tiny):
    return tiny.controller(admin=True)


@pytest.mark.parametrize("changes", [
    {"name": "new"}, {"partition": "short"}, {"time_limit": 1440}, {"nice": 5}, {"comment": "x"}, {"features": "ib"},
    {"req_nodes": "n3"}, {"licenses": "matlab:2"}, {"mail_user": "me"}, {"requeue": 0}])
def test_an_owner_changes_what_waits(tiny, ctl, changes):
    job = tiny.job()
    assert not job_update.update_job(ctl, job, dict(changes))
    (field, value), = changes.items()
    assert getattr(tiny.store.job(job.id), field) == value


@pytest.mark.parametrize("changes, says", [
    ({"partition": "nosuch"}, "Invalid partition name specified"), ({"req_nodes": "n9"}, "Invalid node name specified"),
    ({"exc_nodes": "n[3-1]"}, "Invalid node name specified"), ({"features": "nosuch"}, "Invalid feature specification"),
    ({"licenses": "nosuch:1"}, "Invalid license specification"), ({"gres": "nosuch:1"}, "Invalid generic resource"),
    ({"reservation": "nosuch"}, "Requested reservation is invalid"), ({"dependency": "nosuch:1"}, "Job dependency problem"),
    ({"dependency": "afterok:1"}, "Job dependency problem"), ({"time_limit": 1441}, "Access/permission denied"),
    ({"nice": -1}, "Access/permission denied"), ({"priority": 101}, "Access/permission denied"),
    ({"admin_comment": "x"}, "Access/permission denied"), ({"deadline": NOW + 9}, "Access/permission denied"),
    ({"user": "bob"}, "Requested operation not supported"),
    ({"mem_per_node": 1 << 20}, "Requested node configuration is not available")])
def test_refusals_change_nothing(tiny, ctl, changes, says):
    before = tiny.job(id=1).row()
    with pytest.raises(Refused, match=says):
        job_update.update_job(ctl, tiny.store.job(1), {"comment": "x", **changes})
    assert tiny.store.job(1).row() == before


def test_what_runs(tiny, ctl, admin):
    job = tiny.running("n1", since=60, time_limit=60)
    job_update.update_job(ctl, job, {"time_limit": 10})
    assert tiny.store.job(job.id).end_time == NOW - 60 + 600
    with pytest.raises(Refused, match="Access/permission denied"):
        job_update.update_job(ctl, job, {"time_limit": 11})
    job_update.update_job(admin, job, {"time_limit": 120})
    assert tiny.store.job(job.id).end_time == NOW - 60 + 7200
    with pytest.raises(Refused, match="Job is no longer pending execution"):
        job_update.update_job(ctl, job, {"partition": "short"})
    with pytest.raises(Refused, match="Job has already finished"):
        job_update.update_job(ctl, tiny.ended(), {"name": "x"})


def test_begin_time(tiny, ctl):
    job = tiny.job()
    job_update.update_job(ctl, job, {"begin_time": NOW + 60})
    found = tiny.store.job(job.id)
    assert (found.reason, found.eligible_time) == ("BeginTime", 0)
    job_update.update_job(ctl, job, {"begin_time": NOW})
    assert tiny.store.job(job.id).eligible_time == NOW


def test_priority(tiny, ctl, admin):
    job = tiny.job()
    job_update.update_job(admin, job, {"priority": 500, "nice": 3})
    found = tiny.store.job(job.id)
    assert (found.priority, found.direct_priority, found.nice) == (500, 1, 0)
    assert job_update.update_job(ctl, job, {"priority": 400}), "and slurmctld says that it will not last"
    assert tiny.store.job(job.id).priority == 400
    job_update.update_job(ctl, job, {"priority": 0})
    found = tiny.store.job(job.id)
    assert (found.hold, found.reason, found.priority) == ("user", "JobHeldUser", 0)
    with pytest.raises(Refused, match="Job is in held state"):
        job_update.update_job(admin, job, {"priority": 7})
    other = tiny.job()
    job_update.update_job(admin, other, {"priority": 0})
    assert tiny.store.job(other.id).reason == "JobHeldAdmin"


def test_top_moves_priority_from_the_owners_other_jobs(tiny, ctl):
    jobs = [tiny.job(priority=p) for p in (100, 90, 80)]
    other = tiny.job("bob", priority=70)
    job_update.top(ctl, [jobs[2]])
    found = [tiny.store.job(job.id) for job in (*jobs, other)]
    assert [job.priority for job in found] == [90, 80, 100, 70]
    assert [job.nice for job in found] == [10, 10, -20, 0]


@pytest.mark.parametrize("fields, says", [
    ({"priority": 0, "hold": "user"}, "Job is in held state"), ({"user": "bob"}, "Access/permission denied")])
def test_top_refuses(tiny, ctl, fields, says):
    with pytest.raises(Refused, match=says):
        job_update.top(ctl, [tiny.job(**fields)])
    with pytest.raises(Refused, match="Job is no longer pending execution"):
        job_update.top(ctl, [tiny.running("n1")])
