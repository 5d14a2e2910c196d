"""GRES that a job asks for per job, node, socket and task (gres_job_state_validate, _test_gres_cnt)."""

import pytest

from slurm_mock.common import slurm_errno
from slurm_mock.common.records import Job
from slurm_mock.common.slurm_errno import Refused
from slurm_mock.slurmctld import gres_validate
from slurm_mock.slurmctld.gres_validate import validate

GPU = "gres:gpu:"


@pytest.mark.parametrize("fields, text", [
    ({"tres_per_job": GPU + "2", "gres": "gpu:4"}, gres_validate.BELOW), ({"gres": "gpu:1", "tres_per_task": GPU + "2"}, gres_validate.TASK_BELOW),
    ({"tres_per_socket": GPU + "1"}, gres_validate.NO_SOCKETS),
    ({"cpus_per_gpu": 2, "tres_per_job": GPU + "1", "cpus_per_task": 2, "cpus_per_task_given": 1}, gres_validate.CPUS_TWICE),
    ({"tres_per_job": GPU + "3", "gres": "gpu:2"}, gres_validate.NOT_BY_NODES),
    ({"gres": "gpu:3", "tres_per_socket": GPU + "2", "sockets_per_node": 2}, gres_validate.NOT_BY_SOCKETS),
    ({"gres": "gpu:4", "tres_per_socket": GPU + "2", "sockets_per_node": 1}, gres_validate.SOCKETS_DIFFER),
    ({"ntasks_per_tres": 2, "ntasks": 3, "ntasks_given": 1}, gres_validate.NOT_BY_TASKS_PER),
    ({"tres_per_job": GPU + "3", "tres_per_task": GPU + "2"}, gres_validate.JOB_NOT_BY_TASKS),
    ({"tres_per_job": GPU + "4", "tres_per_task": GPU + "2", "ntasks": 3, "ntasks_given": 1}, gres_validate.TASKS_DIFFER),
    ({"tres_per_task": GPU + "1"}, gres_validate.NO_TASKS),
    ({"gres": "gpu:3", "tres_per_task": GPU + "2", "ntasks": 1, "ntasks_given": 1}, gres_validate.NODE_NOT_BY_TASKS),
    ({"gres": "gpu:4", "tres_per_task": GPU + "2", "ntasks": 1, "ntasks_given": 1, "ntasks_per_node": 3}, gres_validate.NODE_TASKS_DIFFER),
    ({"cpus_per_gpu": 2, "tres_per_task": GPU + "2", "ntasks": 1, "ntasks_given": 1, "cpus_per_task": 1}, ""),
    ({"tres_per_job": GPU + "1", "nodes_given": 1, "min_nodes": 2}, gres_validate.FEWER)])
def test_what_does_not_go_together(fields, text):
    job = Job(**fields)
    if not text:
        validate(job)
        assert (job.cpus_per_task, job.cpus_per_task_given) == (4, 1)
        return
    with pytest.raises(Refused) as refused:
        validate(job)
    assert (refused.value.errno, refused.value.before) == (slurm_errno.ESLURM_INVALID_GRES, text.format(name="gpu"))


def test_memory_for_gpus_that_nobody_asked_for():
    with pytest.raises(Refused) as refused:
        validate(Job(mem_per_gpu=2048))
    assert refused.value.before == "Requested mem_per_tres=gres:gpu:2048 but did not request any GPU."
    validate(Job(mem_per_gpu=2048, gres="gpu:1"))


def test_nodes_that_do_not_suffice():
    with pytest.raises(Refused) as refused:
        validate(Job(tres_per_job=GPU + "4", gres="gpu:2", nodes_given=1, min_nodes=3, max_nodes=3))
    assert "required nodes (2) doesn't fall between min_nodes (3) and max_nodes (3) boundaries." in refused.value.before


@pytest.mark.parametrize("fields, errno", [
    ({"tres_per_job": "gres:gpu:1,gres:gpu:x:1"}, slurm_errno.ESLURM_INVALID_GRES_TYPE),
    ({"tres_per_job": "gres:gpu:99999999999999999999"}, slurm_errno.ESLURM_INVALID_TRES),
    ({"gres": "gpu:1,mps:10"}, slurm_errno.ESLURM_INVALID_GRES)])
def test_kinds_and_counts(fields, errno):
    with pytest.raises(Refused) as refused:
        validate(Job(**fields))
    assert refused.value.errno == errno


def test_cpus_go_with_gpus_of_a_type():
    for fields in ({"tres_per_job": GPU + "k80:1"}, {"gres": "gpu:k80:1,gpu:x:1"}):
        validate(Job(cpus_per_gpu=2, **fields))


def test_what_follows():
    job = Job(tres_per_job=GPU + "4", gres="gpu:2")
    validate(job)
    assert (job.min_nodes, job.max_nodes, job.nodes_given) == (2, 2, 1)
    job = Job(tres_per_job=GPU + "4", tres_per_task=GPU + "2")
    validate(job)
    assert (job.ntasks, job.ntasks_given) == (2, 1)
    job = Job(ntasks_per_tres=2, nodes_given=1, min_nodes=1, max_nodes=1)
    validate(job)
    assert (job.ntasks, job.gpus_implied) == (2, 1)
    job = Job(gres="gpu:1,gpu:0")            # of a kind that is named twice the last count holds, and none is nothing said
    validate(job)
