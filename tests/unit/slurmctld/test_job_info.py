"""What slurmctld tells of a job.  (Expectations: squeue(1), scontrol(1); transcripts/squeue/fields-squeue.txt.)"""

from types import SimpleNamespace as Some

import pytest

from slurm_mock.common.records import Job
from slurm_mock.slurmctld import job_info
from tests.clusters.planned import NOW, ask, cluster

CLUSTER = cluster()
VIEW = Some(now=NOW, env={}, config=CLUSTER.config, cluster=CLUSTER, part=lambda name: CLUSTER.parts.get(name.split(",")[0]))
YEAR = 365 * 86400
LONG = ",".join(str(n) for n in range(10, 99) if n % 5 in (0, 2))      # 35 tasks: 104 letters


def job(state="PENDING", **fields):
    return Job(**{**dict(state=state, partition="main", phase=0 if state == "PENDING" else 1), **fields})


@pytest.mark.parametrize("one, start, end", [
    (job(), 0, 0), (job(expected_start=NOW + 60, time_limit=10), NOW + 60, NOW + 660), (job(expected_start=NOW - 60, time_limit=1), NOW, NOW + 60),
    (job(begin_time=NOW + 30, time_limit=1), NOW + 30, NOW + 90), (job("RUNNING", start_time=NOW - 60, time_limit=5, nodelist="c1"), NOW - 60, NOW + 240),
    (job("RUNNING", start_time=NOW - 60, end_time=NOW + 9, nodelist="c1"), NOW - 60, NOW + 9),
    (job("RUNNING", start_time=NOW - 60, time_limit=-2, nodelist="c1"), NOW - 60, NOW - 60 + YEAR),
    (job("CANCELLED", end_time=NOW - 9), NOW - 9, NOW - 9)])
def test_start_and_end(one, start, end):
    assert (job_info.start_time(one, NOW), job_info.end_time(one, VIEW)) == (start, end)


@pytest.mark.parametrize("one, minutes", [(job(time_limit=-1), 60), (job(time_limit=-1, partition="gpu"), 720), (job(time_limit=5), 5),
                                          (job(time_limit=-2), -1), (job(time_limit=-1, partition="nosuch"), -1)])
def test_a_limit_that_is_not_said_is_the_partitions(one, minutes):
    assert job_info.time_limit(one, VIEW) == minutes


@pytest.mark.parametrize("one, seconds", [
    (job(), 0), (job("RUNNING", start_time=NOW - 90), 90), (job("COMPLETED", start_time=NOW - 90, end_time=NOW - 30), 60),
    (job("SUSPENDED", start_time=NOW - 90, pre_suspend=40), 40),
    (job("RUNNING", start_time=NOW - 90, suspend_time=NOW - 20, pre_suspend=40), 60)])
def test_time_used(one, seconds):
    assert job_info.time_used(one, NOW) == seconds


@pytest.mark.parametrize("options, cpus, nodes", [("", 1, 1), ("-n4", 4, 1), ("-n20 -c2", 40, 5), ("-N3", 3, 3), ("-n9 --ntasks-per-node=3", 9, 3),
                                                 ("-N2-4", 1, 2), ("-n20", 20, 3)])
def test_sizes_of_waiting_jobs(options, cpus, nodes):
    one = ask(options, num_nodes=0, num_cpus=0)
    assert (job_info.cpus(one), job_info.nodes(one, VIEW)) == (cpus, nodes)


@pytest.mark.parametrize("options, memory", [("", (500, True)), ("--mem=2G", (2048, False)), ("--mem-per-cpu=100", (100, True))])
def test_memory(options, memory):
    assert job_info.min_memory(ask(options), VIEW) == memory


@pytest.mark.parametrize("options, text", [
    ("-n4", "cpu=4,mem=2000M,node=1,billing=4"), ("-N2 --mem=1G", "cpu=2,mem=2G,node=2,billing=2"), ("--gres=gpu:2 -N2", "cpu=2,mem=1000M,node=2,billing=2,gres/gpu=4"),
    ("--mem=0", "cpu=1,mem=16000M,node=1,billing=1"), ("-G3", "cpu=1,mem=500M,node=1,billing=1,gres/gpu=3"), ("-n2 --gpus-per-task=1", "cpu=2,mem=1000M,node=1,billing=2,gres/gpu=2")])
def test_tres(options, text):
    assert job_info.tres(ask(options), VIEW) == text
    assert job_info.tres(job("RUNNING", alloc_tres="cpu=9"), VIEW) == "cpu=9"


@pytest.mark.parametrize("one, text", [(job(), "OK"), (job(partition="fat"), "NO"), (job(exclusive="user"), "USER"), (job(exclusive="shared"), "YES"),
                                       (job(partition="nosuch"), "OK")])
def test_sharing(one, text):
    assert job_info.share_text(one, VIEW) == text


@pytest.mark.parametrize("tasks, limit, env, text", [
    ("0-3,7", 2, {}, "0-3,7%2"), ("0-20:4", 0, {}, "0-20:4"), ("0-4:2", 0, {}, "0,2,4"), ("1,3,5,7,9,11,13", 0, {}, "1-13:2"),
    (LONG, 0, {}, LONG[:60] + "..."), ("1,3,6,8,11", 0, {"SLURM_BITSTR_LEN": "8"}, "1,3,..."),
    ("1,3,6,8,11", 0, {"SLURM_BITSTR_LEN": "0"}, "1,3,6,8,11")])
def test_tasks_of_an_array(tasks, limit, env, text):
    assert job_info.array_text(Job(array_tasks=tasks, array_limit=limit), env) == text


@pytest.mark.parametrize("number, unit, text", [(0, 0, "0"), (1023, 0, "1023"), (1024, 0, "1K"), (1536, 0, "1.50K"), (1500, 2, "1500M"), (2048, 2, "2G"),
                                               (64000, 2, "62.50G"), (1 << 20, 2, "1T")])
def test_units(number, unit, text):
    assert job_info.unit_text(number, unit) == text
    assert job_info.unit_text(2048, 2, convert=False) == "2048M"


@pytest.mark.parametrize("seconds, text", [(0, "0:00"), (59, "0:59"), (3661, "1:01:01"), (90061, "1-01:01:01"), (-1, "INVALID"), (YEAR + 1, "INVALID")])
def test_times(seconds, text):
    assert job_info.seconds_text(seconds) == text


def test_files():
    one = Job(id=7, name="n", user="ada", work_dir="/w", std_out="out-%x-%u-%j", std_in="")
    assert job_info.standard_files(one) == ("/dev/null", "/w/out-n-ada-7", "/w/out-n-ada-7")
    task = Job(id=9, array_id=8, array_task=3, work_dir="/w", std_err="/e/%A.%a")
    assert job_info.standard_files(task) == ("/dev/null", "/w/slurm-8_3.out", "/e/8.3")
    # an array that waits has no task: slurm.h's NO_VAL leaks
    assert job_info.standard_files(Job(id=8, array_id=8, work_dir="/w"))[1] == "/w/slurm-8_4294967294.out"
    assert job_info.absolute("x", one) == "/w/x" and job_info.absolute("/x", one) == "/x"


@pytest.mark.parametrize("fields, text", [({}, 12), ({"array_id": 10, "array_task": 2}, "10_2"), ({"array_id": 12, "array_tasks": "1-3"}, "12_[1-3]"),
                                          ({"array_id": 12}, 12), ({"het_id": 11, "het_offset": 1}, "11+1")])
def test_ids(fields, text):
    assert job_info.job_id(Job(id=12, **fields), VIEW) == text


def test_an_arrays_record_stands_behind_the_tasks_that_were_split_off():
    jobs = [Job(id=5, array_id=5, array_tasks="3"), Job(id=6), Job(id=7, array_id=5, array_task=1), Job(id=8, array_id=5, array_task=2)]
    assert [one.id for one in job_info.listed(jobs)] == [7, 6, 8, 5]
    assert [one.id for one in job_info.listed([Job(id=2), Job(id=9)])] == [2, 9]


def test_small_words():
    assert job_info.node_list("n2,n1") == "n[1-2]" and job_info.node_list("n7") == "n7"
    assert job_info.group_name(Job(gid=7), VIEW) == "7" and job_info.group_name(Job(group_name="g"), VIEW) == "g"
    assert job_info.switch_wait(Job(switches=1)) == 300 and job_info.switch_wait(Job(switches=1, switch_wait=9)) == 9 and job_info.switch_wait(Job()) == 0
