"""scontrol show: what is found under which word, and what is said of what is not there.
(Expectations: scontrol(1); transcripts/scontrol/, squeue/squeue-errors.txt.)"""

import os

import pytest

from slurm_mock.common.records import Reservation
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s", Licenses="ansys:3,matlab")


def shown(tiny, *words):
    told = tiny.run("scontrol", *words)
    return told.out, told.err, told.code


def ids(tiny, *words):
    return [line.split()[0] for line in tiny.run("scontrol", "-o", "show", *words).out.splitlines()]


@pytest.fixture
def jobs(tiny):
    tiny.running("n1", id=7)
    tiny.job(id=12, array_id=12, array_tasks="1-3")
    tiny.job(id=20, het_id=20, het_offset=0)
    tiny.job(id=21, het_id=20, het_offset=1)
    return tiny


@pytest.mark.parametrize("value, found", [
    ("7", ["JobId=7"]), ("12", ["JobId=12"]), ("12_2", ["JobId=12"]), ("20", ["JobId=20", "JobId=21"]), ("20+1", ["JobId=21"])])
def test_jobs_by_their_names(jobs, value, found):
    assert sorted(ids(jobs, "job", value)) == found == sorted(ids(jobs, f"jobid={value}"))


def test_all_jobs(jobs):
    assert sorted(ids(jobs, "jobs")) == ["JobId=12", "JobId=20", "JobId=21", "JobId=7"]


@pytest.mark.parametrize("words, told", [
    (["job"], ("No jobs in the system\n", "", 0)), (["job", "5"], ("", "slurm_load_jobs error: Invalid job id specified\n", 1)),
    (["job", "x"], ("", "scontrol_print_job error: Invalid job id specified\n", 1)),
    (["step"], ("No job steps in the system\n", "", 0)), (["res"], ("No reservations in the system\n", "", 0)),
    (["res", "x"], ("Reservation x not found\n", "", 1)), (["node", "n9"], ("Node n9 not found\n", "", 1)),
    (["partition", "x"], ("Partition x not found\n", "", 1)), (["lic", "x"], ("License x not found\n", "", 0)),
    (["nothing"], ("", "invalid entity:nothing for keyword:show \n", 1)),
    (["node", "n1", "n2"], ("", "too many arguments for keyword:show\n", 1)),
    (["topology"], ("", "scontrol: error: No topology information available\n", 0)),
    (["slurmd"], ("", "scontrol: error: slurm_slurmd_info: Connection refused\nslurm_load_slurmd_status: Connection refused\n", 1))])
def test_what_is_not_there(tiny, words, told):
    assert shown(tiny, "show", *words) == told


def test_a_task_that_is_not_there(jobs):
    assert shown(jobs, "show", "job", "12_9") == ("Job 12_9 not found\n", "", 1)
    assert shown(jobs, "show", "job", "20+7") == ("Job 20+7 not found\n", "", 1)
    assert shown(jobs, "-Q", "show", "job", "12_9") == ("", "", 1)


def test_jobs_of_hidden_partitions_are_shown_on_demand(tiny):
    tiny.job("bob", id=3, partition="secret")
    tiny.job("ada", id=4, partition="secret")
    assert ids(tiny, "job") == ["JobId=4"] and ids(tiny, "job", "3") == ["JobId=3"]
    assert sorted(line.split()[0] for line in tiny.run("scontrol", "-a", "-o", "show", "job").out.splitlines()) == [
        "JobId=3", "JobId=4"]


def test_steps(jobs):
    job = jobs.store.job(7)
    jobs.step(job, 0)
    jobs.step(job, 1)
    assert ids(jobs, "step") == ["StepId=7.0", "StepId=7.1"] and ids(jobs, "step", "7.1") == ["StepId=7.1"]
    assert shown(jobs, "show", "step", "7.9") == ("Job step 7.9 not found\n", "", 1)
    assert shown(jobs, "show", "step", "99")[1] == "slurm_get_job_steps error: Invalid job id specified\n"


def test_nodes_partitions_and_reservations(tiny):
    tiny.store.insert(Reservation(name="course", start_time=NOW, end_time=NOW + 60, nodes="n1"))
    assert ids(tiny, "node", "n[2-3]") == ["NodeName=n2", "NodeName=n3"] and len(ids(tiny, "nodes")) == 7
    assert ids(tiny, "part") == ["PartitionName=main", "PartitionName=short", "PartitionName=gpu"]
    assert ids(tiny, "partition", "secret") == ["PartitionName=secret"] and ids(tiny, "res", "course") == ["ReservationName=course"]
    assert shown(tiny, "show", "node", "n[2-1]")[1].endswith("unable to parse node list n[2-1]\n")


def test_completing_jobs(jobs):
    jobs.running("n2", id=30, state="COMPLETING", end_time=NOW - 65)
    assert shown(jobs, "completing")[0].startswith(
        "JobId=30 EndTime=2026-03-02T08:58:55 CompletingTime=00:01:05 Nodes(COMPLETING)=n2 \n")


def test_licenses(jobs):
    jobs.running("n3", id=31, licenses="ansys:2")
    assert shown(jobs, "show", "lic")[0] == (
        "LicenseName=ansys\n    Total=3 Used=2 Free=1 Reserved=0 Remote=no\n"
        "LicenseName=matlab\n    Total=1 Used=0 Free=1 Reserved=0 Remote=no\n")
    assert shown(jobs, "-o", "show", "lic", "matlab")[0].count("\n") == 1


@pytest.mark.parametrize("words, out", [
    (["hostnames", "n[1-2],m3"], "n1\nn2\nm3\n"), (["hostlist", "n2,n1,n3"], "n[2,1,3]\n"), (["hostlistsorted", "n2,n1,n3"], "n[1-3]\n")])
def test_host_lists(tiny, words, out):
    assert tiny.run("scontrol", "show", *words).out == out


def test_host_lists_from_elsewhere(tiny, tmp_path):
    (tmp_path / "hosts").write_text("n1\nn2\n")
    assert tiny.run("scontrol", "show", "hostlist", str(tmp_path / "hosts")).out == "n[1-2]\n"
    assert tiny.run("scontrol", "show", "hostlist", "/nosuch").err == "Can not open /nosuch\n"
    assert tiny.run("scontrol", "show", "hostnames", SLURM_NODELIST="n[1-2]").out == "n1\nn2\n"
    assert tiny.run("scontrol", "show", "hostnames").err == "scontrol: error: host list is empty\n"


def test_the_controller_and_this_machine(tiny):
    assert shown(tiny, "ping")[0] == "Slurmctld(primary) at tinyhead is UP\n"
    assert shown(tiny, "show", "daemons")[0] == "(null)\n" and shown(tiny, "show", "aliases", "n1")[0] == "n1\n"
    tiny.node("n3", hostname=os.uname().nodename.partition(".")[0])
    assert shown(tiny, "show", "daemons")[0] == "slurmd\n" and shown(tiny, "show", "aliases")[0] == "n3\n"


def test_config_ends_with_the_ping(tiny):
    lines = shown(tiny, "show", "config")[0].splitlines()
    assert lines[0] == "Configuration data as of 2026-03-02T09:00:00" and lines[-1].endswith("is UP") and lines[-2] == ""
