"""What happens by itself as time passes.  (Expectations: slurm.conf(5), MinJobAge, KillWait, OverTimeLimit;
sbatch(1), --begin, --deadline, --signal.)"""

import signal

import pytest

from slurm_mock.common.records import Reservation
from slurm_mock.machine.locks import JOB
from slurm_mock.slurmctld import background
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
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
    tiny.job(deadline=NOW + 60, begin_time=NOW + 3600, reason="BeginTime")
    tiny.job(deadline=NOW + 60, hold="user", priority=0, reason="JobHeldUser")
    tiny.pass_time(60)
    assert state(tiny) == ("DEADLINE", "None") and tiny.store.job(1).end_time == NOW + 60
    assert tiny.store.job(2).state == "PENDING"


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
