"""Which GPUs of a node a job gets, and what goes with them."""

from slurm_mock.common.records import Job, Share
from slurm_mock.slurmctld.gres_select import (gpus_of_tasks, gres_free, gres_of_node, more_for_gpus, some_gpus,
                                              take_gres)
from tests.clusters.planned import cluster


def node():
    one = cluster().nodes["g1"]
    one.gres = "gpu:k80:2,gpu:a100:1"
    return one


def test_gres_of_two_kinds():
    node = cluster().nodes["g1"]
    node.gres = "gpu:k80:2,gpu:a100:1"
    assert gres_free(node, None, "gpu", "") == [("gpu:k80", [0, 1]), ("gpu:a100", [2])]
    assert take_gres(node, None, {("gpu", ""): 3}) == {"gpu:k80": [0, 1], "gpu:a100": [2]}
    assert take_gres(node, None, {("gpu", "a100"): 1}) == {"gpu:a100": [2]}
    assert take_gres(node, None, {("gpu", "a100"): 2}) is None


def test_gres_of_sockets_come_on_top():
    assert gres_of_node(Job(gres="gpu:1", tres_per_socket="gpu:2", sockets_per_node=2)) == {("gpu", ""): 5}


def test_a_node_gives_as_many_of_the_jobs_gpus_as_it_has():
    gpus = {("gpu", ""): 5}
    share = some_gpus(node(), None, gpus, Share("g1", 4, 100, {}, 2))
    assert share.gres == {"gpu:k80": [0, 1], "gpu:a100": [2]} and gpus == {("gpu", ""): 2}
    assert (share.cpus, share.mem, share.tasks) == (4, 100, 2)
    assert some_gpus(node(), None, {("gpu", "v100"): 1}, share) is None


def test_each_task_gets_its_gpus_or_is_left_out():
    share = gpus_of_tasks(node(), None, {("gpu", "k80"): 1}, Share("g1", 6, 600, {}, 3))
    assert (share.tasks, share.cpus, share.mem, share.gres) == (2, 4, 400, {"gpu:k80": [0, 1]})
    assert gpus_of_tasks(node(), None, {("gpu", "k80"): 3}, share) is None


def test_cpus_and_memory_go_with_gpus():
    here, one = cluster(), node()
    part = next(iter(here.parts.values()))
    held = Share("g1", 1, 100, {"gpu:k80": [0, 1]}, 1)
    share = more_for_gpus(Job(cpus_per_gpu=2, mem_per_gpu=50), one, None, part, here.config, held)
    assert share.cpus == 4 and share.gres == held.gres
    assert more_for_gpus(Job(cpus_per_gpu=one.cpus), one, None, part, here.config, held) is None
    assert more_for_gpus(Job(), one, None, part, here.config, Share("g1", 1, 5)).mem == 5
