"""The life of a job in slurmctld: it enters, starts, ends, waits again.  (Expectations: sbatch(1), scontrol(1),
slurm.conf(5); transcripts/jobs/requeue.txt, hetjob-batch.txt.)"""

import pytest

from slurm_mock.common.records import Job, Partition, Share
from slurm_mock.slurmctld import job_mgr
from slurm_mock.slurmctld.cluster import Part
from slurm_mock.store import accounting
from tests.clusters.planned import ask, cluster
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


@pytest.fixture
def started(tiny):
    """A job that sbatch submitted and that has just started."""
    assert tiny.run("sbatch", "-N2", "-n2", "-t5", "--signal=USR1@60", "--wrap", "true").code == 0
    tiny.pass_time()
    return tiny


def test_start(started):
    job = started.store.job(1)
    assert (job.state, job.phase, job.reason, job.partition, job.nodelist, job.batch_host) == (
        "RUNNING", 1, "None", "main", "n[1-2]", "n1")
    assert (job.start_time, job.end_time, job.warn_time, job.num_nodes, job.num_cpus, job.launched) == (
        NOW, NOW + 300, NOW + 240, 2, 2, 0)
    assert job.alloc_tres == "cpu=2,mem=1000M,node=2,billing=2"


@pytest.mark.parametrize("config, options, seconds", [
    ({}, {}, 0), ({"OverTimeLimit": "5"}, {}, 300), ({"OverTimeLimit": "5"}, {"OverTimeLimit": "1"}, 60), ({"OverTimeLimit": "0 min"}, {}, 0),
    ({"OverTimeLimit": "UNLIMITED"}, {}, 1 << 40)])
def test_overtime(config, options, seconds):
    assert job_mgr.overtime(config, Part(Partition(name="p"), options)) == seconds


@pytest.mark.parametrize("text, when", [("USR1@60", 240), ("B:USR1", 240), ("USR1@9999", 1), ("", 0), ("odd", 0)])
def test_when_to_warn(text, when):
    assert job_mgr.warning(Job(signal=text, start_time=0, end_time=300)) == when
    assert job_mgr.warning(Job(signal=text, start_time=0, end_time=0)) == 0


@pytest.mark.parametrize("status, final, state, reason, code", [
    (0, "", "COMPLETED", "None", 0), (3 << 8, "", "FAILED", "NonZeroExitCode", 768), (53, "", "FAILED", "JobLaunchFailure", 53),
    (15, "TIMEOUT", "TIMEOUT", "TimeLimit", 15), (15, "CANCELLED", "CANCELLED", "None", 15), (9, "NODE_FAIL", "NODE_FAIL", "NodeDown", 0)])
def test_how_jobs_end(started, status, final, state, reason, code):
    job = started.store.job(1)
    with started.store:
        job.final = final
        started.store.update(job)
    started.controller().end_job(1, status)
    job = started.store.job(1)
    assert (job.state, job.phase, job.reason, job.exit_code, job.end_time, job.final) == (state, 2, reason, code, NOW, "")


def test_with_the_job_its_steps_end_and_its_nodes_were_busy(started):
    started.step(started.store.job(1), 0)
    started.controller().end_job(1, 0)
    (step,) = started.store.steps(1)
    assert (step.state, step.end_time) == ("CANCELLED", NOW)
    assert started.controller().cluster().nodes["n1"].last_busy == NOW


def test_back_to_the_queue(started):
    job = started.store.job(1)
    with started.store:
        job.final = "REQUEUED"
        started.store.update(job)
    started.pass_time(10)
    started.controller().end_job(1, 15)
    job = started.store.job(1)
    # slurm.conf(5): two minutes pass before a requeued job may start again
    assert (job.state, job.phase, job.reason, job.restarts, job.begin_time, job.submit_time) == (
        "PENDING", 0, "BeginTime", 1, NOW + 10 + 121, NOW + 10)
    assert (job.nodelist, job.alloc, job.start_time, job.end_time, job.exit_code) == ("", "", 0, 0, 0)
    ((run, _),) = accounting.earlier_runs(started.store)
    assert (run.id, run.state, run.start_time, run.end_time, run.exit_code) == (1, "REQUEUED", NOW, NOW + 10, 0)


def test_back_and_held(started):
    ctl, job = started.controller(), started.store.job(1)
    with ctl.store:
        job_mgr.back_to_queue(ctl, job, hold=True)
    assert (job.hold, job.priority, job.reason) == ("user", 0, "job requeued in held state")


def test_a_job_without_an_owner_ends_at_once(tiny):
    job = tiny.running("n1", kind="alloc", launched=0)
    ctl = tiny.controller()
    with ctl.store:
        job.final = "CANCELLED"
        job_mgr.terminate(ctl, job, NOW)
    assert tiny.store.job(job.id).state == "CANCELLED"


@pytest.mark.parametrize("fields, reason", [
    ({}, "None"), ({"hold": "user"}, "JobHeldUser"), ({"hold": "admin"}, "JobHeldAdmin"), ({"dependency": "afterok:1"}, "Dependency"),
    ({"begin_time": NOW + 1}, "BeginTime"), ({"begin_time": NOW}, "None")])
def test_the_first_reason(fields, reason):
    assert job_mgr.first_reason(Job(**fields), NOW) == reason


def test_entering(tiny):
    ctl = tiny.controller()
    job = Job(id=5, array_tasks="1-3", partition="main")
    job_mgr.enter(ctl, job)
    assert (job.array_id, job.user, job.submit_time, job.eligible_time, job.accrue_time) == (5, "ada", NOW, NOW, NOW)
    assert job.priority > 0
    held = Job(id=6, hold="user", partition="main")
    job_mgr.enter(ctl, held)
    assert (held.priority, held.eligible_time, held.reason) == (0, 0, "JobHeldUser")


def test_one_that_no_node_can_serve_is_kept_as_failed(tiny):
    assert tiny.run("sbatch", "--mem=900G", "--wrap", "true").code == 1
    job = tiny.store.job(1)
    assert (job.state, job.reason, job.exit_code, job.start_time, job.end_time) == ("FAILED", "BadConstraints", 1, NOW, NOW)


@pytest.mark.parametrize("options, nodes, cpus", [("-n4", 1, 4), ("-n12", 2, 12), ("-N3", 3, 3), ("-n200", 25, 200), ("-w c1,c2", 2, 2),
                                                 ("-N2-4 -H", 2, 4)])
def test_what_a_waiting_job_would_have(options, nodes, cpus):
    here = cluster()
    job = ask(options)
    job_mgr.count(here, job, [here.parts["main"]])
    assert job.num_nodes == nodes and (job.hold or job.num_cpus == cpus)


def test_tasks_are_split_off(tiny):
    record = tiny.job(id=40, array_id=40, array_tasks="1-3")
    tiny.store.set_meta("next_job_id", 41)
    first = job_mgr.split(tiny.store, record, 2)
    assert (first.id, first.array_task, record.array_tasks) == (41, 2, "1,3")
    second = job_mgr.split(tiny.store, record, 1)
    # the record is that of the last task from now on
    assert (second.array_task, record.array_task, record.array_tasks) == (1, 3, "")


def test_running_tasks_and_least_nodes():
    here = cluster()
    for number in (1, 2):
        job = ask("-n1", array_id=7, array_task=number)
        job.state, job.phase, job.alloc = "RUNNING", 1, "c1|1|0|1|"
        here.occupy(job)
    assert (job_mgr.running(here, 7), job_mgr.running(here, 8)) == (2, 0)
    assert job_mgr.least_nodes(ask("-w c[1-3]")) == 3 == job_mgr.least_nodes(ask("-N3"))
    assert job_mgr.fold_names([Share("c2", 1), Share("c1", 1)]) == "c[1-2]"


def test_why_a_job_is_not_looked_at(tiny):
    job = tiny.job(expected_start=NOW + 60, sched_nodes="n1", reason="Resources")
    ctl = tiny.controller()
    with ctl.store:
        job_mgr.note(ctl, job, "Dependency")
    job = tiny.store.job(job.id)
    assert (job.reason, job.expected_start, job.sched_nodes) == ("Dependency", 0, "")


def test_components_end_with_their_leader(tiny):
    leader = tiny.running("n1", id=20, het_id=20, het_offset=0, launched=0)
    tiny.running("n2", id=21, het_id=20, het_offset=1, launched=0)
    tiny.ended(id=22, het_id=20, het_offset=2, state="FAILED")
    ctl = tiny.controller()
    assert [job.id for job in job_mgr.components(ctl, 20)] == [20, 21, 22]
    assert [job.id for job in job_mgr.components(ctl, 20, 1)] == [20, 21]
    ctl.end_job(leader.id, 3 << 8)
    assert [(tiny.store.job(n).state, tiny.store.job(n).exit_code) for n in (20, 21, 22)] == [
        ("FAILED", 768), ("FAILED", 768), ("FAILED", 0)]
