"""A store is made once; one of another format is told of, or moved out of the way."""

import os
import sqlite3

import pytest

from slurm_mock.common.records import ACTIVE, ENDED, SIMULATED, Job
from slurm_mock.store import schema
from slurm_mock.store.connection import VERSION, StoreError
from slurm_mock.store.store import Store


def older(path, *jobs, **facts):
    """A store of the format before this one, with these jobs and facts."""
    store = Store(str(path), create=True)
    for job in jobs:
        store.insert(job)
    for key, value in {"version": VERSION - 1, **facts}.items():
        store.set_meta(key, value)
    store.close()


def test_what_is_there_is_not_made_anew(tmp_path):
    for _ in range(2):
        store = Store(str(tmp_path), create=True)
        store.insert(Job())
        store.close()
    assert len(Store(str(tmp_path)).jobs()) == 2


def test_the_tables_are_those_of_the_format(store):
    """Whoever changes them raises VERSION, and this list with it."""
    made = {name for name, in store.ask("SELECT name FROM sqlite_master WHERE sql<>''")}
    assert VERSION == 7 and made == {
        "jobs", "steps", "nodes", "partitions", "reservations", "meta", "scripts", "sleepers", "earlier",
        "tres", "clusters", "accounts", "users", "coordinators", "associations", "qos", "wckeys",
        "transactions", "sqlite_sequence", "jobs_queue", "jobs_array", "jobs_het", "jobs_end", "jobs_begin", "jobs_start",
        "jobs_deadline", "jobs_dependent", "steps_id"}


@pytest.mark.parametrize("jobs", [[], [Job(phase=ENDED)], [Job(phase=ACTIVE, kind=SIMULATED)]])
def test_an_older_store_in_which_nothing_of_the_users_goes_on_is_moved_away(tmp_path, jobs):
    older(tmp_path, *jobs, next_job_id=12)
    name, version, next_id = schema.set_aside(str(tmp_path))
    assert (name, version, next_id) == (f"{tmp_path}/store.db.format{VERSION - 1}", VERSION - 1, 12)
    assert sorted(os.listdir(tmp_path)) == [os.path.basename(name), "turn.lock"]
    with sqlite3.connect(name) as kept:
        assert kept.execute("SELECT COUNT(*) FROM jobs").fetchone() == (len(jobs),)
    kept.close()


def test_a_second_one_gets_a_name_of_its_own(tmp_path):
    older(tmp_path)
    schema.set_aside(str(tmp_path))
    older(tmp_path)
    assert schema.set_aside(str(tmp_path)) == (
        f"{tmp_path}/store.db.format{VERSION - 1}-2", VERSION - 1, 1)


@pytest.mark.parametrize("jobs, version", [
    ([Job()], VERSION - 1), ([Job(phase=ACTIVE)], VERSION - 1), ([], VERSION), ([], VERSION + 1),
    ([], "odd")])
def test_any_other_stays_where_it_is(tmp_path, jobs, version):
    older(tmp_path, *jobs, version=version)
    assert schema.set_aside(str(tmp_path)) is None and os.path.exists(tmp_path / "store.db")


def test_one_that_somebody_has_open_stays(tmp_path):
    older(tmp_path)
    other = sqlite3.connect(tmp_path / "store.db")
    other.execute("BEGIN")
    other.execute("SELECT * FROM meta").fetchall()
    assert schema.set_aside(str(tmp_path)) is None and os.path.exists(tmp_path / "store.db")
    other.close()


@pytest.mark.parametrize("content", [None, b"", b"a poem\n" * 500])
def test_where_there_is_no_store_nothing_is_moved(tmp_path, content):
    if content is not None:
        (tmp_path / "store.db").write_bytes(content)
    before = os.listdir(tmp_path)
    assert schema.set_aside(str(tmp_path)) is None and os.listdir(tmp_path) == before


@pytest.mark.parametrize("version, cure", [(VERSION + 1, "upgrade slurm_mock, or use another --state"),
                                           (VERSION - 1, "finish its jobs with that version, or")])
def test_what_is_said_of_another_format(tmp_path, version, cure):
    older(tmp_path, version=version)
    with pytest.raises(StoreError) as told:
        Store(str(tmp_path))
    assert f"(format {version}, this one reads {VERSION}): {cure}" in str(told.value)
