"""The environment of batch scripts, steps and tasks.  (Expectations: sbatch(1), OUTPUT ENVIRONMENT VARIABLES;
srun(1); transcripts of sbatch, srun and salloc.)"""

import pytest

from slurm_mock.common.records import Share, Step, pack_alloc
from slurm_mock.slurmd import env
from tests.clusters.reading import Tiny


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.store.set_meta("conf_path", "/etc/slurm.conf")
    return tiny


@pytest.fixture
def ctl(tiny):
    return tiny.controller()


def gpu_job(tiny, **fields):
    share = Share("g1", 4, 4000, {"gpu:k80": [0, 1]}, 2)
    return tiny.running("g1", **{"partition": "gpu", "gres": "gpu:k80:2", "alloc": pack_alloc([share]), **fields})


@pytest.mark.parametrize("counts, text", [
    ([], ""), ([24], "24"), ([24, 24, 8], "24(x2),8"), ([1, 2, 2, 1, 1], "1,2(x2),1(x2)")])
def test_counts(counts, text):
    assert env.counts_text(counts) == text


def test_what_every_job_is_told(tiny, ctl):
    found = env.job_variables(ctl, tiny.running("n[1-2]", name="my", submit_host="login"))
    wanted = {"SLURM_JOB_ID": "1", "SLURM_JOBID": "1", "SLURM_JOB_NAME": "my", "SLURM_JOB_NODELIST": "n[1-2]",
              "SLURM_NNODES": "2", "SLURM_JOB_NUM_NODES": "2", "SLURM_JOB_PARTITION": "main", "SLURM_CONF": "/etc/slurm.conf",
              "SLURM_JOB_CPUS_PER_NODE": "8(x2)", "SLURM_TASKS_PER_NODE": "1(x2)", "SLURM_JOB_ACCOUNT": "edu",
              "SLURM_SUBMIT_DIR": "/home/ada", "SLURM_SUBMIT_HOST": "login", "SLURM_CLUSTER_NAME": "tiny",
              "SLURM_MEM_PER_CPU": "500"}
    assert {name: found.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("fields, told", [
    ({"ntasks": 3, "ntasks_given": 1}, {"SLURM_NTASKS": "3", "SLURM_NPROCS": "3"}),
    ({"cpus_per_task": 2, "cpus_per_task_given": 1}, {"SLURM_CPUS_PER_TASK": "2"}),
    ({"ntasks_per_node": 4}, {"SLURM_NTASKS_PER_NODE": "4"}), ({"mem_per_node": 900}, {"SLURM_MEM_PER_NODE": "900"}),
    ({"mem_per_cpu": 900}, {"SLURM_MEM_PER_CPU": "900"}), ({"reservation": "r"}, {"SLURM_JOB_RESERVATION": "r"}),
    ({}, {}), ({"batch_flag": 0, "mem_per_node": None}, {}),
    ({"array_id": 1, "array_task": 4, "array_count": 3, "array_min": 0, "array_max": 8, "array_step": 4},
     {"SLURM_ARRAY_JOB_ID": "1", "SLURM_ARRAY_TASK_ID": "4", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "0",
      "SLURM_ARRAY_TASK_MAX": "8", "SLURM_ARRAY_TASK_STEP": "4"})])
def test_what_is_told_only_where_it_was_asked_for(tiny, ctl, fields, told):
    plain = env.job_variables(ctl, tiny.running("n1", mem_per_node=0))
    found = env.job_variables(ctl, tiny.running("n1", id=1, **{"mem_per_node": 0, **fields}))
    assert {name: value for name, value in found.items() if name not in plain} == told


def test_a_batch_script(tiny, ctl):
    found = env.batch_variables(ctl, gpu_job(tiny, restarts=2), 4711)
    wanted = {"ENVIRONMENT": "BATCH", "HOSTNAME": "g1", "SLURMD_NODENAME": "g1", "SLURM_CPUS_ON_NODE": "4", "SLURM_PROCID": "0",
              "SLURM_JOB_UID": "1000", "SLURM_JOB_GID": "100", "SLURM_JOB_USER": "ada", "SLURM_TASK_PID": "4711",
              "SLURM_RESTART_COUNT": "2", "SLURM_JOB_GPUS": "0,1", "CUDA_VISIBLE_DEVICES": "0,1", "SLURM_GPUS_ON_NODE": "2",
              "SLURM_WORKING_CLUSTER": "tiny:tinyhead:6817:9728:109"}
    assert {name: found.get(name) for name in wanted} == wanted
    assert "SLURM_RESTART_COUNT" not in env.batch_variables(ctl, tiny.running("n1"), 1)


@pytest.mark.parametrize("plugin, seen", [("task/affinity", "2,3"), ("task/cgroup,task/affinity", "0,1")])
def test_where_cgroups_hide_the_other_gpus_they_are_numbered_anew(plugin, seen):
    found = env.gpu_variables({"TaskPlugin": plugin}, [2, 3], [2, 3])
    assert found["CUDA_VISIBLE_DEVICES"] == found["ROCR_VISIBLE_DEVICES"] == seen
    assert env.gpu_variables({}, [], []) == {}


def test_what_the_tasks_of_a_step_share(tiny, ctl):
    step = Step(job_id=1, step_id=3, nodelist="n[1-2]", num_nodes=2, ntasks=3, pid=5)
    found = env.step_variables(ctl, tiny.running("n[1-2]"), step, [2, 1])
    wanted = {"SLURM_STEP_ID": "3", "SLURM_STEP_NODELIST": "n[1-2]", "SLURM_STEP_NUM_NODES": "2", "SLURM_STEP_NUM_TASKS": "3",
              "SLURM_STEP_TASKS_PER_NODE": "2,1", "SLURM_NTASKS": "3", "SLURM_NNODES": "2"}
    assert {name: found.get(name) for name in wanted} == wanted
    assert 1024 < int(found["SLURM_SRUN_COMM_PORT"]) < 65536


def test_what_a_task_has_of_its_own(tiny, ctl):
    step = Step(job_id=1, step_id=0, nodelist="n[1-2]", num_nodes=2, ntasks=3, alloc=pack_alloc([Share("n2", 3)]))
    found = env.task_variables(ctl, tiny.running("n[1-2]"), step, 2, 1, 0, [1, 2], 99)
    wanted = {"SLURM_PROCID": "2", "SLURM_LOCALID": "0", "SLURM_NODEID": "1", "SLURMD_NODENAME": "n2", "HOSTNAME": "n2",
              "SLURM_GTIDS": "1,2", "SLURM_TASK_PID": "99", "SLURM_CPUS_ON_NODE": "3"}
    assert {name: found.get(name) for name in wanted} == wanted and "SLURM_STEP_GPUS" not in found


@pytest.mark.parametrize("fields, bound, sees", [
    ({}, "", ["0,1", "0,1"]), ({}, "per_task:1", ["0", "1"]), ({}, "single:1", ["0", "1"]), ({}, "single:2", ["0", "0"]),
    ({"gres": ""}, "", [None, None])])
def test_which_gpus_a_task_sees(tiny, ctl, fields, bound, sees):
    job, step = gpu_job(tiny, **fields), Step(job_id=1, step_id=0, nodelist="g1", ntasks=2)
    found = [env.task_variables(ctl, job, step, rank, 0, rank, [0, 1], 1, bound) for rank in (0, 1)]
    assert [task.get("CUDA_VISIBLE_DEVICES") for task in found] == sees


def test_the_components_of_a_heterogeneous_job(tiny, ctl):
    leader = tiny.running("n1", id=1, het_id=1, het_offset=0)
    tiny.running("n[2-3]", id=2, het_id=1, het_offset=1, ntasks=2, ntasks_given=1)
    found = env.job_variables(ctl, leader)
    assert (found["SLURM_HET_SIZE"], found["SLURM_JOB_ID_HET_GROUP_0"], found["SLURM_JOB_NODELIST_HET_GROUP_1"],
            found["SLURM_NTASKS_HET_GROUP_1"]) == ("2", "1", "n[2-3]", "2")
    assert env.alloc_variables(ctl, leader)["SLURM_NTASKS"] == "3"
    assert "SLURM_HET_SIZE" not in env.job_variables(ctl, leader, alone=True)


def test_the_mocks_own():
    assert env.node_path("/s", "/usr/bin:/s/bin:/bin") == "/s/bin:/s/node:/usr/bin:/bin"
    assert env.own_variables("/s") == {"MOCK_SLURM_STATE": "/s", "BASH_ENV": "/s/etc/bashenv", "MOCK_SLURM_DRIVEN": "1"}
    assert "MOCK_SLURM_DRIVEN" not in env.own_variables("/s", driven=False)
