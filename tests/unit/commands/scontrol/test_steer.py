"""scontrol's verbs on jobs.  (Expectations: scontrol(1); transcripts/scontrol/scontrol-steer.txt, story-hold.txt.)"""

import pytest

from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    """1 waits, 2 runs, 3 has ended, 4 is bob's, 5 an array that waits."""
    tiny = Tiny(tmp_path / "s")
    tiny.job(name="waits")
    tiny.running("n1", name="runs", std_out=str(tmp_path / "out"), work_dir="/tmp")
    tiny.ended(name="ended")
    tiny.job("bob")
    tiny.job(id=5, array_id=5, array_tasks="1-3", name="tasks")
    tiny.store.set_meta("next_job_id", 6)
    return tiny


def scontrol(tiny, words, **env):
    told = tiny.run("scontrol", *words.split(), **env)
    return told.code, told.out, told.err


def state(tiny, number=1):
    job = tiny.store.job(number)
    return job.state, job.reason, job.priority > 0


@pytest.mark.parametrize("words", ["hold 1", "hold jobid=1", "uhold 1", "hold name=waits"])
def test_hold_and_release(tiny, words):
    assert scontrol(tiny, words) == (0, "", "")
    assert state(tiny) == ("PENDING", "JobHeldUser", False)
    assert scontrol(tiny, words.replace("uhold", "hold").replace("hold", "release")) == (0, "", "")
    assert state(tiny) == ("PENDING", "None", True)


def test_an_administrators_hold_is_an_administrators(tiny):
    scontrol(tiny, "hold 1", MOCK_SLURM_ADMIN="1")
    assert state(tiny)[1] == "JobHeldAdmin"
    assert scontrol(tiny, "release 1") == (1, "", "Access/permission denied for job 1\nslurm_suspend error: Access/permission denied\n")
    assert scontrol(tiny, "release 1", MOCK_SLURM_ADMIN="1")[0] == 0
    scontrol(tiny, "uhold 1", MOCK_SLURM_ADMIN="1")
    assert state(tiny)[1] == "JobHeldUser" and scontrol(tiny, "release 1")[0] == 0


@pytest.mark.parametrize("words, says", [
    ("hold 99", "Invalid job id specified for job 99\nslurm_suspend error: Invalid job id specified\n"),
    ("hold odd", "Invalid job id specified for job odd\nslurm_suspend error: Invalid job id specified\n"),
    ("hold 3", "Job has already finished for job 3\nslurm_suspend error: Job has already finished\n"),
    ("hold 4", "Invalid user id for job 4\nslurm_suspend error: Invalid user id\n"), ("hold 5_9", "5_9: Invalid job id specified\n"),
    ("requeue 1", "Job is pending execution for job 1\n"), ("requeue 4", "Access/permission denied for job 4\n"),
    ("suspend 2", "Access/permission denied for job 2\n"), ("suspend 99", "Unexpected message received for job 99\n"),
    ("resume 5_1", "Access/permission denied for job 5_1\n"), ("top 1", "Access/permission denied for job 1\n"),
    ("notify x hello", "Invalid job_id xjob notify failure: No error\n"), ("notify 99 hello", "job notify failure: Invalid job id specified\n"),
    ("notify 4 hello", "job notify failure: Invalid user id\n"), ("notify 1 hello", "job notify failure: Requested operation is presently disabled\n"),
    ("notify 3 hello", "job notify failure: Job/step already completing or completed\n"),
    ("wait_job 99", "scontrol: Problem running job 99\n"), ("wait_job 1", "scontrol: Job 1 no longer running\n"),
    ("write odd 1", "invalid write argument:odd\n")])
def test_refusals(tiny, words, says):
    code, out, told = scontrol(tiny, words)
    assert (code, out, told) == (1, "", says)


def test_single_tasks_of_an_array(tiny):
    assert scontrol(tiny, "hold 5_2") == (0, "", "")
    held = [job for job in tiny.store.array_jobs(5) if job.reason == "JobHeldUser"]
    assert [job.array_task for job in held] == [2] and tiny.store.job(5).array_tasks == "1,3"
    assert scontrol(tiny, "hold 5_[1,7]") == (1, "", "5_1: No error\n5_7: Invalid job id specified\n")


def test_requeue(tiny):
    scontrol(tiny, "requeue 3")
    job = tiny.store.job(3)
    assert (job.state, job.reason, job.restarts, job.begin_time) == ("PENDING", "BeginTime", 1, NOW + 121)
    assert scontrol(tiny, "requeuehold 2")[0] == 0 and tiny.store.job(2).final == "REQUEUE_HOLD"


def test_suspend_and_resume(tiny):
    assert scontrol(tiny, "suspend 2", MOCK_SLURM_ADMIN="1") == (0, "", "") and state(tiny, 2)[0] == "SUSPENDED"
    assert scontrol(tiny, "suspend 2", MOCK_SLURM_ADMIN="1")[2] == "Job/step already completing or completed for job 2\n"
    assert scontrol(tiny, "resume 2", MOCK_SLURM_ADMIN="1") == (0, "", "") and state(tiny, 2)[0] == "RUNNING"
    assert scontrol(tiny, "resume 1", MOCK_SLURM_ADMIN="1")[2] == "Job is pending execution for job 1\n"


def test_top_where_users_may(tmp_path):
    tiny = Tiny(tmp_path / "t", SchedulerParameters="enable_user_top")
    first, second = tiny.job(priority=150), tiny.job(priority=100)
    assert scontrol(tiny, f"top {second.id}") == (0, "", "")
    assert [(job.priority, job.nice) for job in map(tiny.store.job, (first.id, second.id))] == [(100, 50), (150, -50)]
    assert scontrol(tiny, "top 99")[2] == "Invalid job id specified for job 99\n"


def test_notify_writes_into_the_output(tiny, tmp_path):
    assert scontrol(tiny, "notify 2 the disk is full") == (0, "", "")
    assert (tmp_path / "out").read_text() == "slurmstepd-n1: error: the disk is full\n"


def test_nodes_of_a_running_job_are_ready(tiny):
    assert scontrol(tiny, "wait_job 2") == (0, "", "scontrol: Nodes are ready for job 2\n")


def test_write_a_script(tiny, tmp_path):
    assert scontrol(tiny, "write batch_script 1")[2] == "job script retrieval failed: Invalid job id specified\n"
    with tiny.store:
        for number in (1, 4):
            tiny.store.put_script(number, b"#!/bin/sh\necho\n", b"")
    assert scontrol(tiny, "write batch_script 1 -") == (0, "#!/bin/sh\necho\n", "")
    assert scontrol(tiny, f"write batch_script 1 {tmp_path}/x.sh") == (0, f"batch script for job 1 written to {tmp_path}/x.sh\n", "")
    assert (tmp_path / "x.sh").read_bytes() == b"#!/bin/sh\necho\n"
    assert scontrol(tiny, "write batch_script 4 -")[2] == "job script retrieval failed: Invalid user id\n"
    assert scontrol(tiny, "write batch_script 1 /nosuch/x")[2] == "failed to open file `/nosuch/x`: No such file or directory\n"
    assert scontrol(tiny, "write config")[2].startswith("scontrol: write config: the mock writes no slurm.conf")


INVALID = "Invalid job id specified"


@pytest.mark.parametrize("words, code, err", [
    ("hold [3-1]", 0, "scontrol: error: _parse_single_range: Invalid range: `3-1'\nscontrol: error: Invalid job id: [3-1]\n"),
    ("requeue []", 0, "scontrol: error: _parse_single_range: Invalid range: `'\nscontrol: error: Invalid job id: []\n"),
    ("release [a-b]", 1, f"{INVALID} for job [a-b]\nslurm_suspend error: {INVALID}\n"),
    ("suspend [9-]", 1, "Unexpected message received for job 9\n"), ("hold 1+0", 0, ""),
    ("hold 0", 1, f"{INVALID} for job 0\nslurm_suspend error: {INVALID}\n"),
    ("hold _1", 1, f"{INVALID} for job _1\nslurm_suspend error: {INVALID}\n"),
    ("hold ²", 1, f"{INVALID} for job ²\nslurm_suspend error: {INVALID}\n"),
    ("top [3-1]", 1, "Access/permission denied for job [3-1]\n"),
    ("update jobid=[3-1] comment=x", 0, "scontrol: error: _parse_single_range: Invalid range: `3-1'\nscontrol: error: Invalid job id: [3-1]\n")])
def test_odd_brackets_and_ids(tiny, words, code, err):
    """As in transcripts/scontrol/ids-verbs.txt."""
    assert scontrol(tiny, words) == (code, "", err)


@pytest.mark.parametrize("words, err", [
    ("suspend 1+0", "Operation not permitted on individual component of heterogeneous job for job 1+0\n"),
    ("top 1,,[1]", f"{INVALID} for job 1,,[1]\n"), ("top 1_1", f"{INVALID} for job 1_1\n"), ("top ,", f"{INVALID} for job ,\n")])
def test_ids_of_an_administrator(tiny, words, err):
    assert scontrol(tiny, words, MOCK_SLURM_ADMIN="1") == (1, "", err)
