<<<<<<< HEAD
"""What happens by itself as time passes.  (Expectations: slurm.conf(5), MinJobAge, KillWait, OverTimeLimit;
sbatch(1), --begin, --deadline, --signal.)"""

import signal

import pytest

from slurm_mock.common.records import Reservation
from slurm_mock.machine.locks import JOB
=======
"""What happens by itself as time passes.  (Expectations: slurm.conf(5) for KillWait, MinJobAge; sbatch(1) for
--deadline; transcripts of jobs.)"""

import pytest

>>>>>>> h-ta
from slurm_mock.slurmctld import background
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
<<<<<<< HEAD
    return Tiny(tmp_path / "s")


def state(tiny, number=1):
    job = tiny.store.job(number)
    return job.state, job.reason


def submit(tiny, *words):
    done = tiny.run("sbatch", *words, "--wrap", "true")
    assert done.code == 0, done.err


def test_a_job_starts_when_its_time_has_come(tiny):
    submit(tiny, "--begin=now+60")
    tiny.pass_time(59)
    assert state(tiny) == ("PENDING", "BeginTime")
    tiny.pass_time(1)
    assert state(tiny)[0] == "RUNNING" and tiny.store.job(1).start_time == NOW + 60


def test_moments_come_one_after_the_other(tiny):
    """Of two jobs for the same nodes the second starts at the first one's end, though nobody looked then."""
    tiny.running("n[1-6]", kind="simulated", sim_seconds=100, since=0)
    submit(tiny, "-N6")
    tiny.pass_time(500)
    assert tiny.store.job(1).end_time == NOW + 100 == tiny.store.job(2).start_time


def test_a_time_limit_begins_the_end_and_killwait_ends_it(tiny, staged):
    submit(tiny, "-t1")
    tiny.pass_time()
    staged.owners[JOB + 1] = 50
    staged.process(50, 1)
    staged.process(60, 50)
    tiny.pass_time(60)
    job = tiny.store.job(1)
    assert (job.state, job.final, job.end_time, job.kill_time) == ("COMPLETING", "TIMEOUT", NOW + 60, NOW + 90)
    assert JOB + 1 in staged.poked and staged.sent == []
    tiny.pass_time(30)
    assert staged.sent == [([60], signal.SIGKILL)] and tiny.store.job(1).kill_time == 0


def test_a_partition_may_give_some_minutes_more(tmp_path):
    tiny = Tiny(tmp_path / "t", OverTimeLimit="2")
    submit(tiny, "-t1")
    tiny.pass_time()
    tiny.pass_time(179)
    assert state(tiny)[0] == "RUNNING"
    tiny.pass_time(1)
    assert state(tiny)[0] == "COMPLETING"


def test_a_warning_is_sent_in_time(tiny, staged):
    submit(tiny, "-t2", "--signal=B:USR1@30")
    tiny.pass_time()
    assert tiny.store.job(1).warn_time == NOW + 90
    staged.owners[JOB + 1] = 50
    staged.process(60, 50)
    tiny.pass_time(90)
    assert staged.sent == [([60], signal.SIGUSR1)] and tiny.store.job(1).warn_time == 0


def test_a_deadline_passes(tiny):
    tiny.job(deadline=NOW + 60, hold="user", priority=0, reason="JobHeldUser")
    tiny.pass_time(60)
    assert state(tiny) == ("DEADLINE", "None") and tiny.store.job(1).end_time == NOW + 60


@pytest.mark.parametrize("fields, ends", [({}, "COMPLETED"), ({"exit_code": 256}, "FAILED"), ({"time_limit": 1}, "TIMEOUT"),
                                          ({"final": "CANCELLED"}, "CANCELLED")])
def test_other_peoples_jobs_end(tiny, fields, ends):
    tiny.running("n1", kind="simulated", sim_seconds=120, since=0, **{"time_limit": 60, **fields})
    tiny.pass_time(119)
    assert state(tiny)[0] == "RUNNING"
    tiny.pass_time(1)
    assert state(tiny)[0] == ends


def test_jobs_leave_the_queue_minjobage_after_their_end(tmp_path):
    tiny = Tiny(tmp_path / "t", MinJobAge="60")
    tiny.ended(end_time=NOW)
    tiny.pass_time(60)
    assert tiny.run("squeue", "-h", "-t", "all", "-o", "%i").out == "1\n"
    tiny.pass_time(1)
    assert tiny.run("squeue", "-h", "-t", "all").out == "" and tiny.store.job(1).phase == 3


def test_who_lost_his_owner(tiny, staged):
    batch = tiny.running("n1")
    stays = tiny.running("n2", requeue=0)
    alloc = tiny.running("n3", kind="alloc", launched=0)
    mine = tiny.running("n4")
    staged.owners[JOB + mine.id] = 50
    tiny.pass_time()
    assert [state(tiny, job.id)[0] for job in (batch, stays, alloc, mine)] == ["PENDING", "NODE_FAIL", "CANCELLED", "RUNNING"]
    assert tiny.store.job(batch.id).restarts == 1


def test_when_the_next_thing_happens(tiny):
    ctl = tiny.controller()
    assert background.next_time(ctl) is None
    tiny.store.insert(Reservation(name="r", start_time=NOW + 500, end_time=NOW + 900, nodes="n1"))
    assert background.next_time(ctl) == NOW + 500
    tiny.job(begin_time=NOW + 90)
    tiny.running("n1", kind="simulated", since=0, sim_seconds=30)
    assert background.next_time(ctl) == NOW + 30
    with ctl.store:
        background.note_next(ctl, NOW)
    assert tiny.store.meta("next_event") == NOW + 30
=======
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
>>>>>>> h-ta
