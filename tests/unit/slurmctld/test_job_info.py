"""What is told of a job by its record.  (Expectations: squeue(1), scontrol(1); _pack_job and
slurm_make_time_str's kin of 22.05; transcripts of squeue and scontrol.)"""

import pytest

from slurm_mock.commands.shared.view import View
from slurm_mock.common.records import INFINITE, Job
from slurm_mock.slurmctld import job_info
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


@pytest.fixture
def view(tiny):
    return View(tiny.controller(), {})


def test_times_of_a_running_job(tiny, view):
    job = tiny.running("n1", since=90, end_time=0, time_limit=2)
    assert (job_info.start_time(job, NOW), job_info.end_time(job, view)) == (NOW - 90, NOW + 30)
    assert job_info.time_used(job, NOW) == 90


def test_a_suspended_spell_counts_neither_as_used_nor_against_the_limit(tiny, view):
    job = tiny.running("n1", since=600, state="SUSPENDED", pre_suspend=100, suspend_time=NOW - 500)
    assert job_info.time_used(job, NOW) == 100
    job = tiny.running("n1", since=600, pre_suspend=100, suspend_time=NOW - 50, end_time=0, time_limit=10)
    assert (job_info.time_used(job, NOW), job_info.end_time(job, view)) == (150, NOW - 150 + 600)


def test_times_of_a_waiting_job(tiny, view):
    job = tiny.job(time_limit=10)
    assert (job_info.start_time(job, NOW), job_info.end_time(job, view), job_info.time_used(job, NOW)) == (0, 0, 0)
    job.expected_start = NOW + 60
    assert (job_info.start_time(job, NOW), job_info.end_time(job, view)) == (NOW + 60, NOW + 660)
    assert job_info.start_time(job, NOW + 90) == NOW + 90, "a start that was missed is now"
    assert job_info.start_time(tiny.job(begin_time=NOW + 5), NOW) == NOW + 5


@pytest.mark.parametrize("part, given, minutes", [
    ("main", INFINITE, 60), ("short", INFINITE, 30), ("secret", INFINITE, INFINITE), ("main", 7, 7)])
def test_the_time_limit_is_the_partitions_where_none_is_given(tiny, view, part, given, minutes):
    assert job_info.time_limit(tiny.job(partition=part, time_limit=given), view) == minutes


@pytest.mark.parametrize("asked, nodes, cpus", [
    ({}, 1, 1), ({"ntasks": 9, "ntasks_given": 1}, 2, 9), ({"ntasks": 3, "cpus_per_task": 4}, 2, 12),
    ({"ntasks": 6, "ntasks_per_node": 2}, 3, 6), ({"min_nodes": 3, "nodes_given": 1, "ntasks": 3}, 3, 3)])
def test_nodes_and_cpus_that_a_job_needs(tiny, view, asked, nodes, cpus):
    job = tiny.job(num_nodes=0, **asked)
    assert (job_info.nodes(job, view), job_info.cpus(job)) == (nodes, cpus)


@pytest.mark.parametrize("asked, told", [
    ({}, "cpu=1,mem=500M,node=1,billing=1"),
    ({"ntasks": 4, "mem_per_cpu": 1024}, "cpu=4,mem=4G,node=1,billing=4"),
    ({"mem_per_node": 2048, "min_nodes": 2, "ntasks": 2}, "cpu=2,mem=4G,node=2,billing=2"),
    ({"mem_per_node": 0}, "cpu=1,mem=16000M,node=1,billing=1"),
    ({"gres": "gpu:k80:2", "partition": "gpu"}, "cpu=1,mem=500M,node=1,billing=1")])
def test_tres_asked_for(tiny, view, asked, told):
    assert job_info.tres(tiny.job(**asked), view) == told


@pytest.mark.parametrize("asked, told", [
    ({"gres": "gpu:k80:2", "min_nodes": 2}, {"gres/gpu": 4, "gres/gpu:k80": 4}), ({"gres": "gpu:1,shm:2K"}, {"gres/gpu": 1, "gres/shm": 2048}),
    ({"tres_per_job": "gres:gpu:3"}, {"gres/gpu": 3}), ({"tres_per_task": "gres:gpu:2", "ntasks": 3}, {"gres/gpu": 6}), ({}, {})])
def test_gres_asked_for(asked, told):
    from slurm_mock.common.records import Job
    job = Job(**asked)
    assert job_info.asked_gres(job, job.min_nodes) == told


@pytest.mark.parametrize("number, unit, text", [
    (0, 0, "0"), (1000, 0, "1000"), (1024, 0, "1K"), (1536, 0, "1.50K"), (64000, 2, "62.50G"), (500, 2, "500M"),
    (1 << 20, 2, "1T"), (16100, 2, "16100M")])
def test_units(number, unit, text):
    assert job_info.unit_text(number, unit) == text


@pytest.mark.parametrize("seconds, text", [
    (0, "0:00"), (59, "0:59"), (3599, "59:59"), (3600, "1:00:00"), (93784, "1-02:03:04"), (-1, "INVALID"),
    (366 * 86400, "INVALID")])
def test_seconds(seconds, text):
    assert job_info.seconds_text(seconds) == text


@pytest.mark.parametrize("fields, text", [
    ({}, 7), ({"array_id": 5, "array_task": 3}, "5_3"), ({"array_id": 7, "array_tasks": "0-3,7"}, "7_[0-3,7]"),
    ({"array_id": 7, "array_tasks": "0-3", "array_limit": 2}, "7_[0-3%2]"), ({"array_id": 7}, 7),
    ({"array_id": 7, "array_tasks": "0-40:4"}, "7_[0-40:4]"), ({"het_id": 5, "het_offset": 1}, "5+1")])
def test_ids(view, fields, text):
    assert job_info.job_id(Job(id=7, **fields), view) == text


def test_long_task_lists_are_cut_as_asked():
    job = Job(id=1, array_id=1, array_tasks=",".join(str(i * i) for i in range(1, 31)))
    assert job_info.array_text(job, {"SLURM_BITSTR_LEN": "12"}) == "1,4,9,16..."
    assert len(job_info.array_text(job, {})) == 63
    assert job_info.array_text(job, {"SLURM_BITSTR_LEN": "0"}) == job.array_tasks


def test_standard_files():
    job = Job(id=7, work_dir="/home/ada", name="n", user="ada")
    assert job_info.standard_files(job) == ("/dev/null", "/home/ada/slurm-7.out", "/home/ada/slurm-7.out")
    job = Job(id=7, work_dir="/w", array_id=5, array_task=2, std_err="/e/%x-%u-%a")
    job.name, job.user = "n", "ada"
    assert job_info.standard_files(job) == ("/dev/null", "/w/slurm-5_2.out", "/e/n-ada-2")


def test_a_task_that_starts_takes_its_arrays_place_in_the_list():
    record, other, task = Job(id=1, array_id=1, array_tasks="1-3"), Job(id=2), Job(id=3, array_id=1, array_task=0)
    assert [job.id for job in job_info.listed([record, other, task])] == [3, 2, 1]
    assert [job.id for job in job_info.listed([other, record])] == [2, 1]
