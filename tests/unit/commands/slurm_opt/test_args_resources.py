"""Options about what a job gets."""

import pytest

from slurm_mock.commands.shared.call import Fail
from slurm_mock.commands.slurm_opt import args_resources
from slurm_mock.common.records import Job
from tests.unit.commands.slurm_opt.options import request


@pytest.mark.parametrize("word, fields", [
    ("-N2-4", {"min_nodes": 2, "max_nodes": 4, "nodes_given": 1}), ("-n8", {"ntasks": 8, "ntasks_given": 1}),
    ("-c4", {"cpus_per_task": 4, "cpus_per_task_given": 1}), ("-B2:4:1", {"sockets_per_node": 2, "cores_per_socket": 4, "threads_per_core": 1}),
    ("--exclusive", {"exclusive": "exclusive"}), ("--gres=gpu:2", {"gres": "gpu:2", "tres_per_node": "gres:gpu:2"}),
    ("--gpus=a100:2", {"tres_per_job": "gres:gpu:a100:2"}), ("--gpus-per-node=1", {"gres": "gpu:1"}), ("-m plane=2", {"distribution": "plane=2"}),
    ("--gres-flags=enforce-binding", {"gres_binding": "Yes"}), ("--cpu-freq=lo-hi:OnDemand", {"cpu_freq": "low-high:ondemand"}),
    ("--switches=2", {"switches": 2})])
def test_what_they_set(word, fields):
    job = request(*word.split()).job
    assert {name: getattr(job, name) for name in fields} == fields


@pytest.mark.parametrize("word, told", [
    ("-N x", '"x" is not a valid node count'), ("-N4-2", "Maximum node count 2 is less than minimum node count 4"),
    ("-n0", 'Invalid numeric value "0" for --ntasks.'), ("-c x", 'Invalid numeric value "x" for --cpus-per-task.'),
    ("--gres=:2", "Invalid generic resource (gres) specification"), ("-m nosuch", "Invalid --distribution specification"),
    ("--gpu-freq=fast", "Invalid --gpu-freq argument: gpu:fast"), ("--cpu-freq=fast", "Invalid --cpu-freq argument"),
    ("--mem-bind=nosuch", 'unrecognized --mem-bind argument "nosuch"'), ("--gpu-bind=x", "Invalid --gpu-bind argument: gpu:x")])
def test_what_cannot_be_read(word, told):
    with pytest.raises(Fail) as failed:
        request(*word.split())
    assert (failed.value.text, failed.value.level) == (told, "error")


def test_tasks_of_gpus():
    job = Job(ntasks_per_tres=2, tres_per_job="gres:gpu:3")
    args_resources.tasks_of_gpus(job)
    assert job.ntasks == 6 and job.ntasks_given
    job = Job(ntasks_per_tres=2, ntasks=5, ntasks_given=1)
    args_resources.tasks_of_gpus(job)
    assert job.gpus_implied == 3


def test_what_a_step_is_told():
    assert args_resources.tell_gpus_per_task({"gpus-per-task": "a100:2"}, Job()) == {"SLURMD_TRES_BIND": "gpu:per_task:2"}
    assert args_resources.tell_hint({"hint": "multithread"}, Job()) == {"SLURM_NTASKS_PER_CORE": "65535"}
    assert args_resources.tell_distribution({}, Job(distribution="plane=4")) == {"SLURM_DISTRIBUTION": "plane", "SLURM_DIST_PLANESIZE": "4"}
