"""The verbs by which everything changes: each holds whole or not at all.  (Expectations: scancel(1), scontrol(1);
transcripts/scancel/, scontrol/scontrol-steer.txt.)"""

import signal

import pytest

from slurm_mock.common.slurm_errno import Refused
from slurm_mock.machine.locks import JOB, KEEPER
from slurm_mock.slurmctld.clock import Clock
from tests.clusters.planned import ask
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


@pytest.fixture
def ctl(tiny):
    return tiny.controller()


def state(tiny, number):
    job = tiny.store.job(number)
    return job.state, job.reason


def refused(verb, *args):
    with pytest.raises(Refused) as told:
        verb(*args)
    return str(told.value)


def test_submit(tiny, ctl):
    job = ctl.submit(ask("-n2"), b"#!/bin/sh\n", b"A=1\0")
    assert (job.id, job.user, job.state, job.submit_time) == (1, "ada", "PENDING", NOW)
    assert tiny.store.script(1) == (b"#!/bin/sh\n", b"A=1\0") and tiny.store.meta("next_event") == 0


def test_a_trial_leaves_nothing(tiny, ctl):
    assert ctl.submit(ask("-n2"), will_start=True).partition == "main"
    assert tiny.store.jobs() == [] and tiny.store.next_job_id() == 1


def test_refusals_leave_nothing_or_use_up_an_id_or_are_kept(tiny, ctl):
    assert refused(ctl.submit, ask("-p main", partition="nosuch")) == "Invalid partition name specified"
    with pytest.raises(Refused) as told:
        ctl.submit(ask(dependency="odd"))
    assert told.value.job_id == 1 and tiny.store.job(1) is None
    with pytest.raises(Refused) as told:
        ctl.submit(ask("--mem=900G"))
    assert told.value.job_id == 2 and tiny.store.job(2).state == "FAILED"
    assert ctl.submit(ask()).id == 3


def test_hold_and_release(tiny, ctl):
    ctl.submit(ask())
    ctl.hold(1)
    assert (*state(tiny, 1), tiny.store.job(1).priority, tiny.store.job(1).eligible_time) == ("PENDING", "JobHeldUser", 0, 0)
    tiny.pass_time()
    assert state(tiny, 1)[0] == "PENDING"
    ctl.release(1)
    assert state(tiny, 1)[1] == "None" and tiny.store.job(1).priority > 0
    tiny.pass_time()
    assert state(tiny, 1)[0] == "RUNNING"


def test_what_an_administrator_holds_he_releases(tiny, ctl):
    tiny.job()
    tiny.controller(admin=True).hold(1, "admin")
    assert refused(ctl.release, 1) == "Access/permission denied"
    tiny.controller(admin=True).release(1)
    assert tiny.store.job(1).hold == ""


def test_cancel(tiny, ctl):
    tiny.job()
    tiny.running("n1", launched=0)
    ctl.cancel(1)
    ctl.cancel(2)
    assert state(tiny, 1)[0] == "CANCELLED" and tiny.store.job(1).cancelled_by == ctl.caller.uid
    running = tiny.store.job(2)
    assert (running.state, running.final, running.kill_time) == ("COMPLETING", "CANCELLED", NOW + 30)
    assert refused(ctl.cancel, 1) == refused(ctl.cancel, 2) == "Job/step already completing or completed"


def test_components_that_wait_are_cancelled_together(tiny, ctl):
    tiny.job(id=20, het_id=20, het_offset=0)
    tiny.job(id=21, het_id=20, het_offset=1)
    assert refused(ctl.cancel, 21) == "Operation not permitted on individual component of heterogeneous job"
    ctl.cancel(20)
    assert state(tiny, 20)[0] == state(tiny, 21)[0] == "CANCELLED"


def test_tasks_that_wait_are_gone(tiny, ctl):
    tiny.job(id=5, array_id=5, array_tasks="1-3")
    ctl.cancel_tasks(5, [1, 3])
    assert tiny.store.job(5).array_tasks == "2" and state(tiny, 5)[0] == "PENDING"
    ctl.cancel_tasks(5, [2])
    assert state(tiny, 5)[0] == "CANCELLED"


def test_requeue(tiny, ctl):
    tiny.job()
    tiny.running("n1", launched=0)
    tiny.ended()
    tiny.running("n2", requeue=0)
    assert refused(ctl.requeue, 1) == "Job is pending execution"
    ctl.requeue(2, hold=True)
    ctl.requeue(3)
    assert tiny.store.job(2).final == "REQUEUE_HOLD" and state(tiny, 3) == ("PENDING", "BeginTime")
    assert refused(ctl.requeue, 4) == "Requested operation is presently disabled"


def test_suspend_and_resume(tiny, staged):
    tiny.running("n1", since=100)
    root = tiny.controller(admin=True)
    staged.owners[JOB + 1] = 50
    staged.process(60, 50)
    root.suspend(1)
    assert (state(tiny, 1)[0], tiny.store.job(1).pre_suspend) == ("SUSPENDED", 100)
    before = tiny.store.job(1).end_time
    root.clock.jump(NOW + 40)
    root.resume(1)
    assert (state(tiny, 1)[0], tiny.store.job(1).end_time) == ("RUNNING", before + 40)
    assert staged.sent == [([60], "stop"), ([60], signal.SIGCONT)]
    assert refused(tiny.controller().suspend, 1) == "Access/permission denied"
    assert refused(root.resume, 1) == "Job/step already completing or completed"


def test_signals(tiny, ctl, staged):
    tiny.job()
    tiny.ended()
    assert refused(ctl.signal, 1, 10) == "Job is pending execution" and refused(ctl.signal, 2, 10) == "Job/step already completing or completed"
    tiny.running("n1")
    assert refused(ctl.signal, 3, 10, 5) == "Job/step already completing or completed"
    ctl = tiny.controller()
    staged.owners[JOB + 3] = 50
    staged.process(60, 50)
    ctl.signal(3, 10, batch=True)
    assert staged.sent == [([60], 10)]


def test_who_must_start_at_once_and_does_not_has_failed(tiny, ctl):
    ctl.fail_immediate(tiny.job())
    assert (state(tiny, 1)[0], tiny.store.job(1).exit_code) == ("FAILED", 256)


def test_the_end_of_a_job_is_told_once(tiny, ctl):
    tiny.running("n1", launched=1)
    ctl.end_job(1, 0)
    ctl.end_job(1, 256)
    ctl.end_job(99, 0)
    assert (state(tiny, 1)[0], tiny.store.job(1).exit_code) == ("COMPLETED", 0)


def test_updates_take_effect_or_say_that_they_will_not_last(tiny, ctl):
    tiny.job(priority=100)
    ctl.update_job(1, {"comment": "x"})
    assert tiny.store.job(1).comment == "x"
    assert refused(ctl.update_job, 1, {"priority": 50}) == "Changes to job priority are not persistent, change nice instead"


def test_batch_jobs_that_were_started_get_their_supervisor(tiny, staged):
    tiny.run("sbatch", "--wrap", "true")
    tiny.running("n2", kind="alloc", launched=0)
    tiny.running("n3", launched=1)
    ctl = tiny.controller()
    staged.owners.update({JOB + 2: 50, JOB + 3: 51})
    assert ctl.tick() == 1 and staged.supervised == [1] and list(ctl.unlaunched()) == [1]
    staged.owners[JOB + 1] = 60
    assert ctl.launch() == 0


def test_a_clock_that_runs_has_a_keeper_while_somebody_waits(tmp_path, staged):
    tiny = Tiny(tmp_path / "t")
    Clock.start(tiny.store, 1.0)
    ctl = tiny.controller()
    ctl.settle()
    assert staged.supervised == []
    tiny.job(hold="user", priority=0)
    assert ctl.unkept()
    ctl.settle()
    assert staged.supervised == ["keeper"]
    staged.owners[KEEPER] = 70
    ctl.moved()
    ctl.mind()
    assert staged.supervised == ["keeper"] and staged.poked == [KEEPER]


def test_reservations(tiny):
    root = tiny.controller(admin=True)
    assert root.create_resv({"starttime": NOW, "duration": 60, "accounts": "edu", "nodes": "n1"}) == "edu_1"
    root.update_resv({"reservationname": "edu_1", "duration": 5})
    assert tiny.store.reservation("edu_1").end_time == NOW + 300
    root.delete_resv("edu_1")
    assert tiny.store.reservation("edu_1") is None
