"""Job arrays: specifications, and tasks split off their record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slurm_mock.common import job_array
from slurm_mock.slurmctld import job_mgr
from tests.clusters.reading import Tiny


@pytest.mark.parametrize("text, tasks, limit", [
    ("0-3", [0, 1, 2, 3], 0), ("1-7:2", [1, 3, 5, 7], 0), ("1,3,5-6", [1, 3, 5, 6], 0),
    ("0-9%3", list(range(10)), 3), ("[2-3]", [2, 3], 0), ("7", [7], 0), ("3,1,3", [1, 3], 0),
    ("0-10:4", [0, 4, 8], 0)])
def test_parse(text, tasks, limit):
    assert job_array.parse(text) == (tasks, limit)


@pytest.mark.parametrize("text", ["1-3%x", "1-3%", "1-3%-1", "1-3%\u0663"])
def test_no_number_behind_the_percent_sign_is_no_limit(text):
    """As real sbatch takes it."""
    assert job_array.parse(text) == ([1, 2, 3], 0)


@pytest.mark.parametrize("text", ["", "x", "5-1", "1-", "-1", "1:2", "1-5:0", "1-5:x", "1,,2",
                                  "0-5000000", "1-\u0663"])
def test_malformed(text):
    with pytest.raises(job_array.BadArray):
        job_array.parse(text)


@pytest.mark.parametrize("tasks, text", [
    ([0, 1, 2, 3, 7], "0-3,7"), ([0, 4, 8, 12], "0-12:4"), ([1, 3], "1,3"), ([5], "5"),
    ([1, 3, 5, 6], "1,3,5-6")])
def test_pack(tasks, text):
    assert job_array.pack(tasks) == text
    assert job_array.unpack(text) == tasks


def test_nothing_to_unpack():
    assert job_array.unpack("") == []


@given(st.sets(st.integers(0, 300), min_size=1))
def test_packed_tasks_unpack(tasks):
    assert job_array.unpack(job_array.pack(sorted(tasks))) == sorted(tasks)


def test_a_task_is_split_off_and_the_last_keeps_the_id(tmp_path):
    store = Tiny(tmp_path / "s").store
    tiny = Tiny.__new__(Tiny)
    tiny.store = store
    record = tiny.job(id=40, array_id=40, array_tasks="1-3", array_count=3)
    store.put_script(40, b"#!/bin/sh\n", b"env")
    store.set_meta("next_job_id", 41)
    first = job_mgr.split(store, record, 2)
    assert (first.id, first.array_id, first.array_task, first.array_tasks) == (41, 40, 2, "")
    assert store.job(40).array_tasks == "1,3"
    assert store.script(41) == (b"#!/bin/sh\n", b"env")
    job_mgr.split(store, store.job(40), 1)
    last = job_mgr.split(store, store.job(40), 3)
    assert (last.id, last.array_task, last.array_tasks) == (40, 3, "")
    assert [(j.id, j.array_task) for j in store.array_jobs(40)] == [(40, 3), (41, 2), (42, 1)]
