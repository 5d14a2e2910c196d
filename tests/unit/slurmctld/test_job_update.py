"""What may be changed of a job, and by whom.  (Expectations: scontrol(1), "SPECIFICATIONS FOR UPDATE COMMAND, JOBS";
transcripts/scontrol/own-jobs.txt, stories/story-update.txt.)"""

import pytest

from slurm_mock.common.slurm_errno import Refused
from slurm_mock.slurmctld import job_update
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    """1 waits, 2 runs, 3 has ended, 4 is held."""
    tiny = Tiny(tmp_path / "s")
    tiny.job(priority=100)
    tiny.running("n1", time_limit=60)
    tiny.ended()
    tiny.job(hold="user", priority=0, reason="JobHeldUser")
    return tiny


def update(tiny, number, admin=False, **changes):
    ctl = tiny.controller(admin=admin)
    found = job_update.update_job(ctl, tiny.store.job(number), changes)
    return tiny.store.job(number), found


def refused(tiny, number, admin=False, **changes):
    before = tiny.store.job(number).row()
    with pytest.raises(Refused) as told:
        update(tiny, number, admin, **changes)
    assert tiny.store.job(number).row() == before
    return str(told.value)


DENIED = "Access/permission denied"


@pytest.mark.parametrize("field, value", [
    ("comment", "x"), ("name", "x"), ("time_limit", 30), ("nice", 50), ("partition", "short"), ("min_nodes", 2), ("features", "ib"),
    ("exc_nodes", "n1"), ("std_out", "/tmp/x"), ("mail_user", "x"), ("account", "Lab".lower())])
def test_of_a_waiting_job_its_owner_changes(tiny, field, value):
    job, _ = update(tiny, 1, **{field: value})
    assert getattr(job, field) == value


@pytest.mark.parametrize("changes, says", [
    ({"priority": 200}, DENIED), ({"admin_comment": "x"}, DENIED), ({"deadline": NOW + 60}, DENIED), ({"contiguous": 1}, DENIED), ({"nice": -1}, DENIED),
    ({"time_limit": 99999}, DENIED), ({"partition": "x"}, "Invalid partition name specified"), ({"features": "x"}, "Invalid feature specification"),
    ({"req_nodes": "n9"}, "Invalid node name specified"), ({"dependency": "odd"}, "Job dependency problem"), ({"licenses": "x"}, "Invalid license specification"),
    ({"reservation": "x"}, "Requested reservation is invalid"), ({"gres": "x:1"}, "Invalid generic resource (gres) specification"),
    ({"uid": 5}, "Requested operation not supported on this system")])
def test_and_may_not(tiny, changes, says):
    assert refused(tiny, 1, **changes) == says


def test_the_administrator_may_more(tiny):
    assert update(tiny, 1, True, priority=200)[0].direct_priority == 1
    assert update(tiny, 1, True, deadline=NOW + 60)[0].deadline == NOW + 60
    assert update(tiny, 1, True, priority=0)[0].hold == "admin" and tiny.store.job(1).reason == "JobHeldAdmin"


@pytest.mark.parametrize("changes, says", [
    ({"partition": "short"}, "Job is no longer pending execution"), ({"time_limit": 90}, DENIED), ({"time_limit": -1}, DENIED)])
def test_what_runs(tiny, changes, says):
    assert refused(tiny, 2, **changes) == says


def test_a_running_jobs_limit_may_be_lowered(tiny):
    job, _ = update(tiny, 2, time_limit=10)
    assert job.end_time == job.start_time + 600


def test_what_has_ended_stays(tiny):
    assert refused(tiny, 3, comment="x") == "Job has already finished"


def test_priority(tiny):
    # his own a user may lower, for as long as slurmctld does not compute it anew
    job, passing = update(tiny, 1, priority=50)
    assert passing and job.priority > 0
    assert refused(tiny, 4, True, priority=5) == "Job is in held state, pending scheduler release"
    job, _ = update(tiny, 1, priority=0)
    assert (job.hold, job.reason, job.eligible_time) == ("user", "JobHeldUser", 0)


def test_a_later_begin(tiny):
    job, _ = update(tiny, 1, begin_time=NOW + 60)
    assert (job.reason, job.eligible_time) == ("BeginTime", 0)
    job, _ = update(tiny, 1, begin_time=NOW)
    assert job.eligible_time == NOW


def test_a_size_that_no_node_has_is_refused(tiny):
    assert refused(tiny, 1, mem_per_node=900_000) == "Requested node configuration is not available"
    job, _ = update(tiny, 1, ntasks=12)
    assert (job.num_nodes, job.num_cpus) == (2, 12)


def test_top_takes_the_highest_priorities(tmp_path):
    tiny = Tiny(tmp_path / "t")
    jobs = [tiny.job(priority=priority) for priority in (300, 200, 100)]
    tiny.job("bob", priority=900)
    job_update.top(tiny.controller(), [jobs[2], jobs[1]])
    # 300+200 were taken by those that had 100+200: the other one pays
    assert [tiny.store.job(job.id).priority for job in jobs] == [100, 200, 300]
    assert [tiny.store.job(job.id).nice for job in jobs] == [200, 0, -200]


def test_top_of_jobs_that_cannot(tiny):
    ctl = tiny.controller()
    for number, says in ((2, "Job is no longer pending execution"), (4, "Job is in held state, pending scheduler release")):
        with pytest.raises(Refused, match=says):
            job_update.top(ctl, [tiny.store.job(number)])
