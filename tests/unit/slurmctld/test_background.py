"""What happens by itself as time passes.  (Expectations: slurm.conf(5) for KillWait, MinJobAge; sbatch(1) for
--deadline; transcripts of jobs.)"""

import pytest

from slurm_mock.slurmctld import background
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s", KillWait="20", MinJobAge="100",
                AccountingStorageType="accounting_storage/slurmdbd")


def state(tiny, job):
    found = tiny.store.job(job.id)
    return found and found.state


@pytest.mark.parametrize("fields, ends, exit_code", [
    ({}, "COMPLETED", 0), ({"exit_code": 256}, "FAILED", 256), ({"time_limit": 1, "exit_code": 256}, "TIMEOUT", 0)])
def test_somebody_elses_job_ends_when_its_time_has_come(tiny, fields, ends, exit_code):
    job = tiny.running("n1", since=50, kind="simulated", sim_seconds=60, **fields)
    tiny.pass_time(9)
    assert state(tiny, job) == "RUNNING"
    tiny.pass_time(9)
    found = tiny.store.job(job.id)
    assert (found.state, found.exit_code, found.end_time) == (ends, exit_code, NOW + 10), "at its moment, not at ours"


def test_the_next_job_starts_at_the_moment_the_nodes_are_free(tiny):
    tiny.running("n[1-6]", since=50, kind="simulated", sim_seconds=60)
    job = tiny.job(num_nodes=1)
    tiny.pass_time(30)
    assert tiny.store.job(job.id).start_time == NOW + 10


def test_a_job_over_its_limit_gets_sigterm_and_after_kill_wait_sigkill(tiny):
    job = tiny.running("n1", launched=0, since=3590)
    tiny.pass_time(10)
    found = tiny.store.job(job.id)
    assert (found.state, found.final, found.kill_time) == ("COMPLETING", "TIMEOUT", NOW + 30)
    tiny.pass_time(20)
    assert tiny.store.job(job.id).kill_time == 0


def test_over_time_limit_is_a_grace(tiny):
    job = tiny.running("n1", launched=0, since=3590, over_time=60)
    tiny.pass_time(60)
    assert state(tiny, job) == "RUNNING"
    tiny.pass_time(10)
    assert state(tiny, job) == "COMPLETING"


def test_a_deadline(tiny):
    job = tiny.job(deadline=NOW + 10, hold="user", priority=0)
    tiny.pass_time(9)
    assert state(tiny, job) == "PENDING"
    tiny.pass_time(1)
    assert state(tiny, job) == "DEADLINE"


def test_ended_jobs_leave_the_queue_after_min_job_age(tiny):
    job = tiny.ended(end_time=NOW)
    tiny.pass_time(100)
    assert state(tiny, job) == "COMPLETED"
    tiny.pass_time(1)
    assert tiny.run("squeue", "-h", "-t", "all").out == ""
    assert tiny.run("sacct", "-nXj", str(job.id), "-o", "state").out.split() == ["COMPLETED"]


@pytest.mark.parametrize("fields, becomes", [
    ({"requeue": 1}, "PENDING"), ({"requeue": 0}, "NODE_FAIL"), ({"requeue": 1, "final": "CANCELLED"}, "CANCELLED"),
    ({"kind": "alloc", "launched": 0}, "CANCELLED")])
def test_a_job_whose_owner_was_killed(tiny, fields, becomes):
    job = tiny.running("n1", **fields)
    tiny.pass_time()
    assert state(tiny, job) == becomes
    assert tiny.store.job(job.id).restarts == (becomes == "PENDING")


def test_when_to_look_again(tiny):
    ctl = tiny.controller()
    tiny.running("n1", since=50, kind="simulated", sim_seconds=60)
    assert background.next_time(ctl) == NOW + 10
    tiny.job(begin_time=NOW + 5, eligible_time=0)
    assert background.next_time(ctl) == NOW + 5
    tiny.pass_time()
    assert tiny.store.meta("next_event") == NOW + 5
