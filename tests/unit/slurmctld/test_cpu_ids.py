"""Which CPUs of a node a job gets: the answers of Slurm 22.05.8's `scontrol -d show job`."""

from types import SimpleNamespace as Some

import pytest

from slurm_mock.common.hostlist import ranges
from slurm_mock.common.records import Job, Node, Share, pack_alloc
from slurm_mock.slurmctld.cpu_ids import cpu_ids, spec_cpus

NODES = {"c1": Node(cpus=8, sockets=2, cores=4, threads=1), "h1": Node(cpus=16, sockets=2, cores=4, threads=2)}


def job(number, share, **fields):
    return Job(id=number, start_time=number, alloc=pack_alloc([share]), **fields)


def told(share, before=(), **fields):
    """The CPUs of a job with this share of a node, on which those of `before` run."""
    jobs = [*(job(n, other) for n, other in enumerate(before, 1)), job(9, share, **fields)]
    view = Some(cluster=Some(nodes=NODES, use={share.node: Some(jobs=jobs)}))
    return ranges(cpu_ids(jobs[-1], share, view))


@pytest.mark.parametrize(("share", "fields", "cpus"), [
    (Share("c1", 2), {}, "0,4"),
    (Share("c1", 3), {}, "0-1,4"),
    (Share("c1", 7), {}, "0-6"),
    (Share("c1", 2), {"distribution": "block:block"}, "0-1"),
    (Share("c1", 4), {"cpus_per_task": 2}, "0-3"),
    (Share("c1", 6), {"cpus_per_task": 3}, "0-2,4-6"),
    (Share("c1", 5), {"cpus_per_task": 5}, "0-2,4-5"),
    (Share("h1", 4), {}, "0-1,8-9"),
    (Share("h1", 4), {"cpus_per_task": 2}, "0-3"),
])
def test_sockets_in_turn(share, fields, cpus):
    assert told(share, **fields) == cpus


def test_what_a_job_before_it_left():
    assert told(Share("c1", 3), before=[Share("c1", 2)]) == "1-2,5"


def test_a_node_that_is_no_more():
    assert told(Share("gone", 3)) == "0-2"


@pytest.mark.parametrize("kept, shown", [
    ({"core_spec": 2}, "6-7,14-15"), ({"core_spec": 1}, "14-15"), ({"core_spec": 1, "cpu_spec_list": "0,1"}, "0,1"), ({}, "")])
def test_cpus_that_the_system_keeps(kept, shown):
    node = Node(name="h1", cpus=16, sockets=2, cores=4, threads=2, **kept)
    assert spec_cpus(node) == shown
    share = Share("h1", 2)
    view = Some(cluster=Some(nodes={"h1": node}, use={"h1": Some(jobs=[job(9, share)])}))
    assert cpu_ids(job(9, share), share, view) == ([2, 3] if "cpu_spec_list" in kept else [0, 1])
