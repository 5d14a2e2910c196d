"""The bundled clusters: their files can be read, and each opens as it should."""

import os

import pytest

from slurm_mock.common.hostlist import fold
from slurm_mock.common.records import ACTIVE
from slurm_mock.conf import read_config
from slurm_mock.site import clusters
from tests.clusters.bundled import NOW, by_state, opened

# sinfo as the original course shows it (the lesson's brief, "The cluster Tegner")
TEGNER = """\
main     2  down* t02n[07,33]
main     1  drain t03n08
main     1  resv  t02n40
main     29 alloc t02n[01-05,08-09,13-20,30-32,34-36,45-46],t03n[02,13,15-16,18,28]
main     33 idle  t01n[01,05,09,13,17,26,30,34,41,45],t02n[06,21,28-29,41-44,47-48],t03n[01,03-07,09,14,17,19-21,29]
K80      1  drain t03n08
K80      1  alloc t03n02
K80      7  idle  t03n[01,03-07,09]
1TB      5  idle  t01n[26,30,34,41,45]
2TB      5  idle  t01n[01,05,09,13,17]
Transfer 2  idle  t04n[27-28]
nbis     1  idle  t04n03
"""


def test_names():
    assert clusters.names() == ["dardel", "small", "tegner"]
    with pytest.raises(KeyError):
        clusters.path("beskow")


@pytest.mark.parametrize("name", clusters.names())
def test_conf_is_read_whole(name):
    read = read_config.read(clusters.path(name))
    assert read.config["ClusterName"] == name
    assert read.unknown == []
    assert [os.path.basename(path) for path, _ in read.files] == [
        "slurm.conf", "nodes.conf", "partitions.conf", "gres.conf"]


def test_tegner_opens_as_the_course_shows_it():
    cluster, _ = opened("tegner")
    order = ("down*", "drain", "resv", "alloc", "idle")
    rows = [(name, str(len(nodes)), state, fold(nodes))
            for name, part in cluster.parts.items()
            for state, nodes in sorted(by_state(cluster, part).items(),
                                       key=lambda item: order.index(item[0]))]
    assert rows == [tuple(line.split()) for line in TEGNER.splitlines()]
    assert cluster.default_partition().name == "main"
    assert all(part.max_time is None for part in cluster.parts.values())


def test_tegner_nodes_are_what_the_lesson_asks_for():
    cluster, _ = opened("tegner")
    for name, node in cluster.nodes.items():
        assert (node.cpus, node.features) == (24, "Haswell")
        assert node.gres == {"t02": "gpu:K420:1", "t03": "gpu:K80:2"}.get(name[:3], "")
    fits = {size: [n for n in cluster.nodes.values() if n.memory >= size]
            for size in (1_000_000, 2_000_000)}
    assert fold(n.name for n in fits[2_000_000]) == "t01n[01,05,09,13,17]"
    assert fold(n.name for n in fits[1_000_000]) == "t01n[01,05,09,13,17,26,30,34,41,45]"


def test_small_opens_half_free():
    cluster, _ = opened("small")
    free = [n for n in cluster.nodes.values() if cluster.node_state(n) == ("IDLE", ())]
    assert len(free) == len(cluster.nodes) / 2
    assert by_state(cluster, cluster.default_partition()) == {"idle": ["n1", "n2"]}


def test_dardel_has_its_partitions():
    cluster, _ = opened("dardel")
    hours = {name: part.max_time // 60 for name, part in cluster.parts.items()}
    assert hours == {"main": 24, "long": 168, "shared": 24, "memory": 24, "gpu": 24}
    assert [n for n, part in cluster.parts.items() if not part.exclusive] == ["shared"]
    assert cluster.default_partition() is None
    for part in cluster.parts.values():
        assert len(by_state(cluster, part)["idle"]) >= 10


@pytest.mark.parametrize("name", clusters.names())
def test_opening_jobs_hold_what_they_asked_for(name):
    cluster, opening = opened(name)
    for node, use in cluster.use.items():
        assert use.cpus <= cluster.nodes[node].cpus, node
        assert use.mem <= cluster.nodes[node].memory, node
        for kind, devices in use.gres.items():
            have = int(cluster.nodes[node].gres.rpartition(":")[2])
            assert cluster.nodes[node].gres.startswith(kind)
            assert sorted(devices) == list(range(len(devices))) and len(devices) <= have
    for job in opening.jobs:
        part = cluster.parts[job.partition]
        if job.phase == ACTIVE:
            held = {node for node in cluster.use if job in cluster.use[node].jobs}
            assert held and held <= part.node_set
            # nothing ends while the first pages are read
            assert job.start_time + job.sim_seconds >= NOW + 1800
            assert job.sim_seconds <= job.time_limit * 60
        if part.max_time is not None:
            assert job.time_limit <= part.max_time


@pytest.mark.parametrize("name", clusters.names())
def test_waiting_jobs_have_a_reason_to_wait(name):
    """None could start on what is idle at the opening."""
    cluster, opening = opened(name)
    waiting = [job for job in opening.jobs if job.phase != ACTIVE]
    assert waiting
    running = {(job.user, job.name) for job in opening.jobs if job.phase == ACTIVE}
    for job in waiting:
        if job.hold:
            assert job.priority == 0
        elif job.dependency:
            assert job.dependency == "singleton" and (job.user, job.name) in running
        elif job.begin_time:
            assert job.begin_time > NOW
        elif job.req_nodes:
            assert cluster.nodes[job.req_nodes].state == "DOWN"
        else:
            part = cluster.parts[job.partition]
            assert len(by_state(cluster, part)["idle"]) < job.min_nodes <= len(part.node_names)
