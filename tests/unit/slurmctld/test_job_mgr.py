<<<<<<< HEAD
"""The life of a job in slurmctld: it enters, starts, ends, waits again.  (Expectations: sbatch(1), scontrol(1),
slurm.conf(5); transcripts/jobs/requeue.txt, hetjob-batch.txt.)"""

import pytest

from slurm_mock.common.records import Job, Partition, Share
from slurm_mock.slurmctld import job_mgr
from slurm_mock.slurmctld.cluster import Part
from slurm_mock.store import accounting
from tests.clusters.planned import ask, cluster
=======
"""The life of a job in the queue: starts, ends, requeues, arrays.  (Expectations: sbatch(1), slurm.conf(5)
for KillWait, OverTimeLimit; job_mgr.c; transcripts of jobs and scheduling.)"""

import pytest

from slurm_mock.common.records import ENDED, PENDING, Share, unpack_alloc
from slurm_mock.slurmctld import job_mgr
from slurm_mock.slurmctld.backfill import Decision
>>>>>>> h-ta
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
<<<<<<< HEAD
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
=======
    return Tiny(tmp_path / "s", KillWait="20", MinJobAge="100",
                AccountingStorageType="accounting_storage/slurmdbd")


@pytest.fixture
def ctl(tiny):
    return tiny.controller()


def started(ctl, job, part="main", nodes=("n1", "n2")):
    job_mgr.start(ctl, ctl.cluster(), job, Decision(job, [Share(name, 4, 2000) for name in nodes], part), NOW)
    return ctl.store.job(job.id)


def test_a_start(tiny, ctl):
    job = started(ctl, tiny.job(time_limit=10, expected_start=NOW + 5, sched_nodes="n9"))
    assert (job.state, job.reason, job.start_time, job.end_time) == ("RUNNING", "None", NOW, NOW + 600)
    assert (job.nodelist, job.num_nodes, job.num_cpus, job.batch_host) == ("n[1-2]", 2, 8, "n1")
    assert job.alloc_tres == "cpu=8,mem=4000M,node=2,billing=8"
    assert [share.node for share in unpack_alloc(job.alloc)] == ["n1", "n2"]
    assert (job.expected_start, job.sched_nodes) == (0, "")


@pytest.mark.parametrize("part, minutes", [("main", 60), ("short", 30), ("secret", -1)])
def test_a_job_without_a_time_limit_gets_the_partitions(tiny, ctl, part, minutes):
    job = started(ctl, tiny.job(partition="main,short,secret", time_limit=-1), part)
    assert (job.partition, job.time_limit) == (part, minutes)
    assert job.end_time == (NOW + 60 * minutes if minutes > 0 else 0)


def test_a_job_of_an_exclusive_partition_has_its_nodes_alone(tiny, ctl):
    assert started(ctl, tiny.job(partition="gpu"), "gpu", ("g1",)).exclusive == "exclusive"
    assert started(ctl, tiny.job()).exclusive == ""


@pytest.mark.parametrize("signal, due", [("", 0), ("USR1@120", NOW + 480), ("USR1@3600", NOW + 1)])
def test_when_the_signal_is_due(tiny, ctl, signal, due):
    assert started(ctl, tiny.job(time_limit=10, signal=signal)).warn_time == due


@pytest.mark.parametrize("own, clusters, seconds", [
    (None, "5 min", 300), ("7", "5", 420), (None, "UNLIMITED", 1 << 40), ("0", "5", 0)])
def test_overtime(tiny, ctl, own, clusters, seconds):
    tiny.partition("own", "n1", **({"OverTimeLimit": own} if own else {}))
    assert job_mgr.overtime({"OverTimeLimit": clusters}, ctl.part("own")) == seconds


def test_an_end(tiny, ctl):
    job = tiny.running("n1")
    tiny.step(job, pid=1)
    job_mgr.finish(ctl, job, "COMPLETED", NOW)
    found = tiny.store.job(job.id)
    assert (found.state, found.phase, found.end_time, tiny.store.meta("purge_due")) == ("COMPLETED", ENDED, NOW, NOW + 101)
    assert [step.state for step in tiny.store.steps(job.id)] == ["CANCELLED"]
    assert tiny.store.nodes()[0].last_busy == NOW


def test_what_has_processes_gets_a_moment_to_end(tiny, ctl):
    job = tiny.running("n1", final="TIMEOUT")
    job_mgr.terminate(ctl, job, NOW)
    found = tiny.store.job(job.id)
    assert (found.state, found.final, found.end_time, found.kill_time) == ("COMPLETING", "TIMEOUT", NOW, NOW + 20)


def test_what_has_none_ends_at_once(tiny, ctl):
    job = tiny.running("n1", kind="alloc", final="TIMEOUT")
    job_mgr.terminate(ctl, job, NOW)
    found = tiny.store.job(job.id)
    assert (found.state, found.reason, found.final) == ("TIMEOUT", "TimeLimit", "")


@pytest.mark.parametrize("status, final, state, reason", [
    (0, "", "COMPLETED", "None"), (1 << 8, "", "FAILED", "NonZeroExitCode"), (53, "", "FAILED", "JobLaunchFailure"),
    (15, "TIMEOUT", "TIMEOUT", "TimeLimit"), (15, "CANCELLED", "CANCELLED", "None"), (9, "NODE_FAIL", "NODE_FAIL", "NodeDown"),
    (15, "REQUEUED", "PENDING", "BeginTime"), (15, "REQUEUE_HOLD", "PENDING", "job requeued in held state")])
def test_how_a_job_has_ended(tiny, ctl, status, final, state, reason):
    job = tiny.running("n1", final=final)
    job_mgr.end_job(ctl, job, status, NOW)
    found = tiny.store.job(job.id)
    assert (found.state, found.reason) == (state, reason)
    assert found.exit_code == (0 if state in ("PENDING", "NODE_FAIL") else status)


def test_a_requeued_job_waits_as_if_it_had_not_run(tiny, ctl):
    job = tiny.running("n1", next_step=3, exit_code=9)
    job_mgr.back_to_queue(ctl, job)
    found = tiny.store.job(job.id)
    assert (found.phase, found.restarts, found.begin_time, found.submit_time) == (PENDING, 1, NOW + 121, NOW)
    assert (found.nodelist, found.alloc, found.num_nodes, found.start_time, found.next_step, found.exit_code) == ("", "", 0, 0, 0, 0)


@pytest.mark.parametrize("asked_for, kept", [(True, "REQUEUED"), (False, "NODE_FAIL")])
def test_accounting_keeps_the_run_before(tiny, ctl, asked_for, kept):
    job = tiny.running("n1", final="REQUEUED" if asked_for else "")
    if asked_for:
        job_mgr.end_job(ctl, job, 15, NOW)
    else:
        job_mgr.back_to_queue(ctl, job)
    assert tiny.run("sacct", "-Dnj", str(job.id), "-o", "state", "-X").out.split() == [kept, "PENDING"]
>>>>>>> h-ta


@pytest.mark.parametrize("fields, reason", [
    ({}, "None"), ({"hold": "user"}, "JobHeldUser"), ({"hold": "admin"}, "JobHeldAdmin"), ({"dependency": "afterok:1"}, "Dependency"),
    ({"begin_time": NOW + 1}, "BeginTime"), ({"begin_time": NOW}, "None")])
<<<<<<< HEAD
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
    second = job_mgr.split(tiny.store, record, 1, starts=True)
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
=======
def test_the_first_reason(tiny, fields, reason):
    assert job_mgr.first_reason(tiny.job(**fields), NOW) == reason


def test_the_last_task_takes_the_arrays_record(tiny, ctl):
    record = tiny.job(array_tasks="0-2")
    record.array_id = record.id
    tiny.store.update(record)
    tiny.store.put_script(1, b"script", b"")
    twin = job_mgr.split(tiny.store, record, 1)
    assert (twin.id, twin.array_task, twin.array_tasks, tiny.store.script(twin.id)[0]) == (2, 1, "", b"script")
    assert tiny.store.job(1).array_tasks == "0,2"
    job_mgr.split(tiny.store, record, 0, starts=True)
    found = tiny.store.job(1)
    assert (found.array_task, found.array_tasks, found.array_id) == (2, "", 1)


@pytest.mark.parametrize("asked, nodes, cpus", [
    ({"ntasks": 9}, 2, 9), ({"req_nodes": "n[1-3]"}, 3, 3), ({"ntasks": 80}, 10, 80), ({"exclusive": "exclusive"}, 1, 8)])
def test_what_squeue_shows_of_a_waiting_job(tiny, ctl, asked, nodes, cpus):
    cluster, job = ctl.cluster(empty=True), tiny.job(**asked)
    job_mgr.count(cluster, job, [cluster.parts["main"]])
    assert (job.num_nodes, job.num_cpus) == (nodes, cpus)


def test_the_components_end_with_their_leader(tiny, ctl):
    leader = tiny.running("n1", id=1, het_id=1, het_offset=0)
    tiny.running("n2", id=2, het_id=1, het_offset=1)
    job_mgr.end_job(ctl, leader, 1 << 8, NOW)
    assert [(job.state, job.exit_code) for job in job_mgr.components(ctl, 1)] == [("FAILED", 1 << 8)] * 2
>>>>>>> h-ta
