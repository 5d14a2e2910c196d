"""The life of a job in the queue: starts, ends, requeues, arrays.  (Expectations: sbatch(1), slurm.conf(5)
for KillWait, OverTimeLimit; job_mgr.c; transcripts of jobs and scheduling.)"""

import pytest

from slurm_mock.common.records import ENDED, PENDING, Share, unpack_alloc
from slurm_mock.slurmctld import job_mgr
from slurm_mock.slurmctld.backfill import Decision
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
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
    assert (found.nodelist, found.alloc, found.num_nodes) == ("", "", 0)
    assert (found.start_time, found.next_step, found.exit_code) == (0, 0, 0)


@pytest.mark.parametrize("asked_for, kept", [(True, "REQUEUED"), (False, "NODE_FAIL")])
def test_accounting_keeps_the_run_before(tiny, ctl, asked_for, kept):
    job = tiny.running("n1", final="REQUEUED" if asked_for else "")
    if asked_for:
        job_mgr.end_job(ctl, job, 15, NOW)
    else:
        job_mgr.back_to_queue(ctl, job)
    assert tiny.run("sacct", "-Dnj", str(job.id), "-o", "state", "-X").out.split() == [kept, "PENDING"]


@pytest.mark.parametrize("fields, reason", [
    ({}, "None"), ({"hold": "user"}, "JobHeldUser"), ({"hold": "admin"}, "JobHeldAdmin"),
    ({"dependency": "afterok:1"}, "Dependency"),
    ({"begin_time": NOW + 1}, "BeginTime"), ({"begin_time": NOW}, "None")])
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
