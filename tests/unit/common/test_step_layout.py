"""Where the tasks of a step run. Expectations: Slurm 22.05.8
(tests/conformance/transcripts/srun/distribution.txt)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slurm_mock.common.records import Job, Step
from slurm_mock.common.step_layout import (deal, layout, named, of_step, reaches_all_nodes, shown,
                                           spelled_out, tasks_on_nodes)

ROOMS = st.lists(st.integers(1, 9), min_size=1, max_size=6)


@pytest.mark.parametrize("distribution, nodes", [
    ("", [0, 0, 0, 1]), ("block", [0, 0, 0, 1]), ("cyclic", [0, 1, 0, 0]),
    ("plane=2", [0, 0, 1, 0]), ("cyclic:block", [0, 1, 0, 0]), ("arbitrary=0,1,0,0", [0, 1, 0, 0])])
def test_layout(distribution, nodes):
    assert layout([3, 1], distribution) == nodes
    step = Step(ntasks=4, tasks_per_node="3,1", layout=named(distribution))
    assert of_step(step) == nodes


@pytest.mark.parametrize("distribution, text", [
    ("plane=2", "Plane"), ("cyclic:block", "Cyclic"), ("pack", "Block"),
    ("arbitrary=1,0,1", "arbitrary task distribution")])
def test_a_layout_is_shown(distribution, text):
    assert shown(named(distribution)) == text


@pytest.mark.parametrize("ntasks, rooms, distribution, counts", [
    (4, [3, 1], "block", [3, 1]), (6, [8, 8], "block,nopack", [3, 3]), (6, [8, 8], "pack", [5, 1]),
    (6, [8, 8], "cyclic,pack", [3, 3]), (6, [1, 1], "pack", [3, 3]),
    (4, [3, 1], "plane=1", [2, 2]), (9, [7, 1, 1], "plane=1", [3, 3, 3]),
    (5, [4, 1], "plane=2", [4, 1]), (7, [5, 1, 1], "plane=2", [5, 1, 1]),
    (6, [8, 8], "plane=2", [4, 2]), (6, [1, 1], "plane=2", [3, 3]),
    (10, [8, 2], "plane=4", [8, 2]), (12, [8, 4], "plane=4", [8, 4]),
    (2, [1, 1], "plane=2", [1, 1])])
def test_tasks_on_nodes(ntasks, rooms, distribution, counts):
    assert tasks_on_nodes(ntasks, rooms, distribution) == counts


@given(st.integers(0, 60), ROOMS, st.sampled_from(["plane=1", "plane=2", "plane=5", "pack"]))
def test_no_task_is_lost(ntasks, rooms, distribution):
    counts = tasks_on_nodes(ntasks, rooms, distribution)
    assert sum(counts) == ntasks and len(counts) == len(rooms)
    assert sorted(layout(counts, distribution)) == [i for i, n in enumerate(counts) for _ in range(n)]


@given(st.integers(0, 40), st.lists(st.integers(0, 9), max_size=6))
def test_tasks_are_dealt_out_evenly(ntasks, rooms):
    counts = deal(ntasks, rooms)
    assert sum(counts) == min(ntasks, sum(rooms))
    assert all(0 <= c <= room for c, room in zip(counts, rooms))
    open_nodes = [c for c, room in zip(counts, rooms) if c < room]
    assert all(c <= least + 1 for least in open_nodes for c in counts)


@pytest.mark.parametrize("text, meant", [
    ("*", "block"), ("Block", "block"), ("*:*", "block:cyclic"), ("*:*:*", "block:cyclic:cyclic"),
    ("cyclic:fcyclic:*", "cyclic:fcyclic:fcyclic"), ("*:*:fcyclic,Pack", "block:cyclic:fcyclic,pack"),
    ("pack", "pack"), ("NoPack", "nopack"), (":block:", "block"), ("block::cyclic", "block:cyclic"),
    ("hostfile", "arbitrary"), ("block,", "block"), ("arbitrary,pack", "arbitrary,pack")])
def test_spelled_out(text, meant):
    assert spelled_out(text) == meant


@pytest.mark.parametrize("text", ["", ",pack", ":", "nope", "fcyclic", "cyclic:arbitrary", "block,nope",
                                  "block:nope", "block:block:block:block", "block,pack,", "pack:block"])
def test_no_distribution(text):
    with pytest.raises(ValueError):
        spelled_out(text)


@pytest.mark.parametrize("fields, enough", [
    ({"min_nodes": 2, "ntasks": 4, "distribution": "plane=8"}, False),
    ({"min_nodes": 3, "ntasks": 5, "distribution": "plane=2"}, True),
    ({"min_nodes": 1, "ntasks": 4, "distribution": "plane=2", "req_nodes": "c[1-3]"}, False),
    ({"min_nodes": 1, "ntasks": 1, "distribution": "plane=8"}, True)])
def test_planes_reach_all_nodes(fields, enough):
    assert reaches_all_nodes(Job(ntasks_given=1, **fields)) is enough
    assert not reaches_all_nodes(Job(min_nodes=2, distribution="plane=1"))
