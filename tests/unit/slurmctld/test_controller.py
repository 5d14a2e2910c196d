"""The verbs by which everything changes.  (Expectations: scontrol(1): hold, release, requeue, suspend,
resume, top; scancel(1); the transcripts of both.)"""

import pytest

from slurm_mock.common.records import ENDED, PENDING, Job
from slurm_mock.common.slurm_errno import Refused
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s", JobRequeue="1")


@pytest.fixture
def ctl(tiny):
    return tiny.controller()


@pytest.fixture
def admin(tiny):
    return tiny.controller(admin=True)


def state(tiny, job):
    found = tiny.store.job(job.id)
    return found.state, found.reason


def test_submit_gives_an_id_and_keeps_the_script(tiny, ctl):
    job = ctl.submit(Job(name="mine"), b"#!/bin/sh\n", b"A=1\0")
    found = tiny.store.job(job.id)
    assert (found.id, found.user, found.partition, found.state, found.submit_time) == (1, "ada", "main", "PENDING", NOW)
    assert tiny.store.script(1) == (b"#!/bin/sh\n", b"A=1\0")


@pytest.mark.parametrize("fields, says, next_id", [
    ({"partition": "nosuch"}, "Invalid partition name specified", 1),
    ({"features": "nosuch"}, "Invalid feature specification", 2),
    ({"mem_per_node": 1 << 20}, "Requested node configuration is not available", 2)])
def test_some_refusals_use_up_an_id(tiny, ctl, fields, says, next_id):
    with pytest.raises(Refused, match=says) as error:
        ctl.submit(Job(**fields))
    assert error.value.job_id == (next_id - 1 or None)
    assert ctl.submit(Job()).id == next_id
    assert [job.state for job in tiny.store.jobs(ENDED)] == (["FAILED"] if "mem_per_node" in fields else [])


def test_test_only_keeps_nothing(tiny, ctl):
    ctl.submit(Job(), will_start=True)
    assert tiny.store.jobs(PENDING) == [] and ctl.submit(Job()).id == 1


def test_hold_and_release(tiny, ctl, admin):
    job = tiny.job()
    ctl.hold(job.id)
    assert state(tiny, job) == ("PENDING", "JobHeldUser") and tiny.store.job(job.id).priority == 0
    ctl.release(job.id)
    assert tiny.store.job(job.id).hold == "" and tiny.store.job(job.id).priority > 0
    admin.hold(job.id, "admin")
    assert state(tiny, job) == ("PENDING", "JobHeldAdmin")
    with pytest.raises(Refused, match="Access/permission denied"):
        ctl.release(job.id)
    admin.release(job.id)
    assert tiny.store.job(job.id).hold == ""


def test_requeue(tiny, ctl):
    waits, never, runs, done = tiny.job(), tiny.running("n1", requeue=0), tiny.running("n2", launched=1), tiny.ended()
    for job, says in ((waits, "Job is pending execution"), (never, "Requested operation is presently disabled")):
        with pytest.raises(Refused, match=says):
            ctl.requeue(job.id)
    ctl.requeue(runs.id)
    assert (tiny.store.job(runs.id).state, tiny.store.job(runs.id).final) == ("COMPLETING", "REQUEUED")
    ctl.requeue(done.id, hold=True)
    assert state(tiny, done) == ("PENDING", "job requeued in held state")


def test_suspend_and_resume(tiny, admin, ctl):
    job = tiny.running("n1", since=100, time_limit=60)
    with pytest.raises(Refused, match="Access/permission denied"):
        ctl.suspend(job.id)
    admin.suspend(job.id)
    tiny.store.set_meta("clock_cluster", NOW + 50.0)
    found = tiny.store.job(job.id)
    assert (found.state, found.pre_suspend, found.end_time) == ("SUSPENDED", 100, job.end_time)
    admin.resume(job.id)
    found = tiny.store.job(job.id)
    assert (found.state, found.suspend_time, found.end_time) == ("RUNNING", NOW + 50, job.end_time + 50)
    with pytest.raises(Refused, match="already completing or completed"):
        admin.resume(job.id)
    with pytest.raises(Refused, match="Job is pending execution"):
        admin.suspend(tiny.job().id)


def test_cancel(tiny, ctl):
    waits, runs, done, others = tiny.job(), tiny.running("n1"), tiny.ended(), tiny.job("bob")
    ctl.cancel(waits.id)
    found = tiny.store.job(waits.id)
    assert (found.state, found.start_time, found.end_time, found.cancelled_by) == ("CANCELLED", 0, NOW, 1000)
    ctl.cancel(runs.id)
    found = tiny.store.job(runs.id)
    assert (found.state, found.final, found.kill_time) == ("COMPLETING", "CANCELLED", NOW + 30)
    for job, says in ((runs, "already completing"), (done, "already completing"), (others, "Access/permission denied")):
        with pytest.raises(Refused, match=says):
            ctl.cancel(job.id)


def test_a_heterogeneous_job_that_waits_goes_as_a_whole(tiny, ctl):
    leader, part = tiny.job(id=1, het_id=1, het_offset=0), tiny.job(id=2, het_id=1, het_offset=1)
    with pytest.raises(Refused):
        ctl.cancel(part.id)
    ctl.cancel(leader.id)
    assert state(tiny, leader)[0] == state(tiny, part)[0] == "CANCELLED"


def test_tasks_of_an_array(tiny, ctl):
    job = tiny.job(id=1, array_id=1, array_tasks="0-3")
    ctl.cancel_tasks(1, {1, 2})
    assert (state(tiny, job)[0], tiny.store.job(1).array_tasks) == ("PENDING", "0,3")
    ctl.cancel_tasks(1, {0, 3})
    assert state(tiny, job)[0] == "CANCELLED"


def test_the_end_is_told_once(tiny, ctl):
    job = tiny.running("n1")
    ctl.end_job(job.id, 3 << 8)
    ctl.end_job(job.id, 0)
    found = tiny.store.job(job.id)
    assert (found.state, found.reason, found.exit_code, found.end_time) == ("FAILED", "NonZeroExitCode", 3 << 8, NOW)


def test_srun_immediate(tiny, ctl):
    job = tiny.job(kind="alloc")
    ctl.fail_immediate(job)
    assert (state(tiny, job)[0], tiny.store.job(job.id).exit_code) == ("FAILED", 1 << 8)


def test_only_what_runs_is_signalled(tiny, ctl):
    for job, says in ((tiny.job(), "Job is pending execution"), (tiny.ended(), "already completing or completed")):
        with pytest.raises(Refused, match=says):
            ctl.signal(job.id, 10)
    with pytest.raises(Refused, match="already completing or completed"):
        ctl.signal(tiny.running("n1").id, 10, step=0)
