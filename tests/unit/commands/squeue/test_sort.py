"""squeue's orders.  (Expectations: squeue(1), --sort; src/squeue/sort.c; transcripts/squeue/.)"""

from types import SimpleNamespace as Some

import pytest

from slurm_mock.commands.squeue import sort
from slurm_mock.common.records import Job
from tests.clusters.reading import NOW

VIEW = Some(now=NOW, parts={}, part=lambda name: None)


@pytest.mark.parametrize("text, steps", [
    ("P,t,-p", [("p", True), ("t", False), ("P", False)]), ("i", [("i", False)]), ("+S", [("S", False)]), ("-S", [("S", True)]),
    ("c,-j", [("j", True)]), ("-b", [("b", False)]), ("P,cluster", [("P", False)]), ("", [])])
def test_letters(text, steps):
    assert sort.plan(text) == steps


def test_a_letter_that_is_none():
    with pytest.raises(sort.BadSort, match="^X$"):
        sort.plan("P,X")


def test_what_is_read_for_an_order():
    assert {"id", "start_time", "partition", "priority"} <= sort.needs(sort.plan("p"))
    assert "nodelist" in sort.needs(sort.plan("N")) and "nodelist" not in sort.needs([])


def ordered(jobs, text, **more):
    return [job.id for job in sort.arrange(jobs, sort.plan(text), VIEW, **more)]


def waiting(number, **fields):
    return Job(id=number, **fields)


def test_by_name_and_back():
    jobs = [waiting(1, name="b"), waiting(2, name="c"), waiting(3, name="a")]
    assert ordered(jobs, "j") == [3, 1, 2] and ordered(jobs, "-j") == [2, 1, 3]


def test_by_start_those_without_one_last_and_backwards():
    jobs = [waiting(1), waiting(2, expected_start=NOW + 60), waiting(3), waiting(4, expected_start=NOW + 10)]
    assert [j.id for j in sort.by_start(jobs, NOW, False)] == [4, 2, 3, 1]
    assert [j.id for j in sort.by_start(jobs, NOW, True)] == [2, 4, 3, 1]


def test_a_start_that_is_over_is_now():
    assert sort.start_key(waiting(1, expected_start=NOW - 60), NOW) == NOW
    assert sort.start_key(waiting(1), NOW) == 0
    assert sort.start_key(Job(id=1, state="RUNNING", phase=1, start_time=NOW - 60), NOW) == NOW - 60


def test_by_node_and_those_without_one():
    jobs = [Job(id=1, nodelist="n10"), Job(id=2), Job(id=3, nodelist="n9"), Job(id=4, nodelist="g1")]
    assert ordered(jobs, "N")[:3] == [4, 3, 1] and ordered(jobs, "-N")[1:] == [1, 3, 4]


def test_tasks_stand_before_their_array():
    jobs = [waiting(5), Job(id=4, array_id=4), Job(id=6, array_id=4, array_task=3), Job(id=8, array_id=4, array_task=1)]
    assert ordered(jobs, "i") == [8, 6, 4, 5]


def test_priority_counts_behind_the_partitions_tier():
    jobs = [waiting(1, partition="a", priority=9), waiting(2, partition="b", priority=1)]
    assert ordered(jobs, "-p") == [1, 2] and ordered(jobs, "-p", tiers={"a": 1, "b": 10}) == [2, 1]


def test_limits_that_there_are_not_are_the_longest():
    jobs = [waiting(1, time_limit=-1), waiting(2, time_limit=90), waiting(3, time_limit=60)]
    assert ordered(jobs, "l") == [3, 2, 1]


def test_the_key_of_the_default_order():
    """Partition, state, priority; then who starts later, and last who has no start."""
    keys = {name: sort.default_key(*values) for name, values in {
        "soon": ("main", "PD", 5, NOW, 0), "late": ("main", "PD", 5, NOW + 60, 1), "never": ("main", "PD", 5, 0, 2),
        "after": ("main", "PD", 5, 0, 1), "first": ("main", "PD", 6, 0, 9), "runs": ("main", "R", 9, NOW, 0),
        "gpu": ("gpu", "R", 1, NOW, 0)}.items()}
    assert sorted(keys, key=keys.get) == ["gpu", "first", "late", "soon", "never", "after", "runs"]
