"""squeue --steps: which steps, in which order.  (Expectations: squeue(1); transcripts/squeue/squeue-steps.txt.)"""

import pytest

from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s")
    one = tiny.running("n1", id=7, user="bob")
    two = tiny.running("n[2-3]", id=9, array_id=8, array_task=2, partition="short")
    tiny.step(one, 0, start_time=NOW - 30, time_limit=5)
    tiny.step(one, -5, name="batch", start_time=NOW - 60)
    tiny.step(one, 1, end_time=NOW - 10, state="COMPLETED")
    tiny.step(two, 0, name="solve", start_time=NOW - 90, time_limit=60)
    tiny.step(tiny.ended(id=5), 0, end_time=NOW - 100)
    return tiny


def steps(tiny, *words):
    told = tiny.run("squeue", "-h", "-o", "%i", *words)
    assert told.err == ""
    return told.out.split()


def test_running_steps_of_running_jobs(tiny):
    assert steps(tiny, "-s") == ["7.0", "7.batch", "8_2.0"]
    assert tiny.run("squeue", "-s").out == (
        "         STEPID     NAME PARTITION     USER      TIME NODELIST\n"
        "            7.0 hostname      main      bob      0:30 n1\n"
        "        7.batch    batch      main      bob      1:00 n1\n"
        "          8_2.0    solve     short      ada      1:30 n[2-3]\n")


@pytest.mark.parametrize("words, found", [
    (["-s", "-j7"], ["7.0", "7.batch"]), (["-s7.0"], ["7.0"]), (["-s8_2.0"], ["8_2.0"]), (["-s", "-j8_2"], ["8_2.0"]),
    (["-s", "-j8_1"], []), (["-s", "-p", "short"], ["8_2.0"]), (["-s", "-w", "n3"], ["8_2.0"]), (["-s", "-u", "bob"], ["7.0", "7.batch"])])
def test_filters(tiny, words, found):
    assert steps(tiny, *words) == found


@pytest.mark.parametrize("order, found", [
    ("M", ["7.0", "7.batch", "8_2.0"]), ("-M", ["8_2.0", "7.batch", "7.0"]), ("S", ["8_2.0", "7.batch", "7.0"]),
    ("l", ["7.0", "8_2.0", "7.batch"]), ("-N,i", ["8_2.0", "7.0", "7.batch"]),
    ("U,i", ["8_2.0", "7.0", "7.batch"])])
def test_orders(tiny, order, found):
    assert steps(tiny, "-s", "-S", order) == found


def test_a_column_that_there_is_not(tiny):
    told = tiny.run("squeue", "-s", "-h", "-o", "%i %X")
    assert told.err == "squeue: error: Invalid job step format specification: X\n"
