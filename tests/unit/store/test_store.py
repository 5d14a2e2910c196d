"""The store: transactions that hold whole or not at all, and files it cannot use."""

import _sqlite3
import os
import shlex
import shutil
import stat
import subprocess
import sys

import pytest

import slurm_mock
from slurm_mock.common.records import ACTIVE, ENDED, PURGED, Job, Node, Step
from slurm_mock.store import accounting, queue
from slurm_mock.store.connection import VERSION, StoreError
from slurm_mock.store.store import Store
from tests.clusters.reading import Tiny


@pytest.fixture
def store(tmp_path):
    one = Store(str(tmp_path), create=True)
    yield one
    one.close()


def test_files_are_the_owners_alone(store):
    store.set_meta("x", 1)
    for name in os.listdir(store.path):
        mode = os.stat(os.path.join(store.path, name)).st_mode
        assert stat.S_IMODE(mode) == 0o600, name


def test_a_record_comes_back_as_it_was(store):
    job = Job(name="näme", user="alice", time_limit=60, array_task=0, mem_per_node=None)
    store.insert(job)
    assert job.id == 1 and store.job(1).row() == job.row()
    assert store.job(2) is None
    job.state = "RUNNING"
    job.comment = "not written"
    store.update(job, "state")
    assert (store.job(1).state, store.job(1).comment) == ("RUNNING", None)


def test_ids_are_handed_out_once(store):
    assert [store.next_job_id(), store.next_job_id(3), store.next_job_id()] == [1, 2, 5]


def test_a_failed_transaction_leaves_nothing(store):
    called = []
    with pytest.raises(RuntimeError), store:
        store.insert(Job(name="lost"))
        store.when_committed(lambda: called.append("lost"))
        with store:
            store.set_meta("x", 1)
        raise RuntimeError
    assert store.jobs() == [] and store.meta("x") is None and store.next_job_id() == 1
    with store:
        store.when_committed(lambda: called.append("kept"))
        assert called == []
    assert called == ["kept"]


def test_all_that_waits_for_a_transaction_is_called_whatever_fails(store):
    called = []

    def fail(text):
        raise OSError(text)

    with pytest.raises(OSError, match="one"), store:
        store.set_meta("x", 1)
        for function in (lambda: fail("one"), lambda: called.append(1), lambda: fail("two"),
                         lambda: called.append(2)):
            store.when_committed(function)
    assert called == [1, 2] and store.meta("x") == 1


def test_another_connection_sees_only_what_is_committed(store):
    other = Store(store.path)
    with store:
        store.set_meta("x", 1)
        assert other.meta("x") is None
    assert other.meta("x") == 1
    other.close()


def test_what_is_read_at_once_is_of_one_moment(store):
    other = Store(store.path)

    def read():
        before = store.rows(Job, ["count(*)"])
        other.insert(Job())
        return before, store.rows(Job, ["count(*)", "max(id) + 1"])

    assert store.at_once(read) == ([(0,)], [(0, None)])
    assert store.rows(Job, ["count(*)", "max(id) + 1"], "WHERE id<?", (9,)) == [(1, 2)]
    with pytest.raises(ZeroDivisionError):
        store.at_once(lambda: 1 // 0)
    assert not store.db.in_transaction
    other.close()


def test_are_there_many(store):
    for _ in range(3):
        store.insert(Job())
        store.insert(Job(phase=ACTIVE))
    assert store.many_pending(3) and not store.many_pending(4)
    store.insert(Node(name="n1"))
    assert store.many_nodes(1) and not store.many_nodes(2)


def test_plain_data(store):
    store.set_data("list", [1, "two", {"three": None}])
    assert store.data("list") == [1, "two", {"three": None}]
    assert store.data("none", 7) == 7


def test_purged_jobs_leave_the_queue_but_not_the_store(store):
    store.insert(Job(phase=ENDED, end_time=100))
    store.insert(Job(phase=ENDED, end_time=200))
    store.insert(Job(phase=ACTIVE, end_time=50))
    accounting.purge(store, 200)
    assert [j.id for j in store.jobs()] == [2, 3]
    assert store.job(1).phase == PURGED


@pytest.mark.parametrize("keep", [False, True])
def test_purged_jobs_leave_their_scripts_where_accounting_keeps_them(store, keep):
    for end in (100, 200):
        store.insert(Job(phase=ENDED, end_time=end))
        store.put_script(end // 100, b"#!/bin/sh", b"env")
    accounting.purge(store, 200, keep)
    assert bool(store.script(1)) == keep and store.script(2)


def test_pending_by_priority_then_id(store):
    for priority in (5, 9, 5, 0):
        store.insert(Job(priority=priority))
    assert [j.id for j in queue.build_job_queue(store, 0, -1)] == [2, 1, 3]      # the last is held
    assert [j.id for j in queue.build_job_queue(store, 0, 2)] == [2, 1]


def test_steps(store):
    store.insert(Step(job_id=4, step_id=1))
    store.insert(Step(job_id=4, step_id=0, name="first"))
    store.insert(Step(job_id=4, step_id=0, name="again"))
    assert [(s.step_id, s.name) for s in store.steps(4)] == [(0, "again"), (1, "")]
    assert store.steps(5) == [] and len(store.steps()) == 2


def test_no_cluster_here(tmp_path):
    with pytest.raises(StoreError, match="no cluster in .*slurm-mock run"):
        Store(str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_a_store_that_was_removed_is_not_made_anew_empty(store):
    store.close()
    os.remove(store.file)
    with pytest.raises(_sqlite3.OperationalError, match="unable to open"):
        store.reopen()
    assert not os.path.exists(store.file)


def test_a_folder_of_any_name(tmp_path):
    for name in ("a%20b", "who?mode=ro", "x#y", "å b", "semi;colon&c"):
        (tmp_path / name).mkdir()
        made = Store(str(tmp_path / name), create=True)
        made.set_meta("x", 1)
        made.close()
        again = Store(f"/{tmp_path / name}")         # two slashes: no host's name to SQLite
        assert again.meta("x") == 1
        again.close()
        assert sorted(os.listdir(tmp_path)) == [name]
        shutil.rmtree(tmp_path / name)


@pytest.mark.parametrize("content", [b"this is not a database, it is a poem\n" * 200,
                                     b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_named_and_kept(store, content):
    with open(store.file, "wb") as f:
        f.write(content)
    for name in ("store.db-wal", "store.db-shm"):
        if os.path.exists(os.path.join(store.path, name)):
            os.unlink(os.path.join(store.path, name))
    for create in (False, True):
        with pytest.raises(StoreError, match="store.db: .*slurm-mock reset"):
            Store(store.path, create=create)
    with open(store.file, "rb") as f:
        assert f.read() == content


@pytest.mark.parametrize("version, says", [(VERSION + 1, "upgrade slurm_mock"),
                                           (VERSION - 1, "another version")])
def test_another_versions_file(store, version, says):
    store.set_meta("version", version)
    with pytest.raises(StoreError, match=says):
        Store(store.path, create=True)


def test_an_empty_file_is_no_cluster(tmp_path):
    (tmp_path / "store.db").write_bytes(b"")
    with pytest.raises(StoreError, match="slurm-mock reset"):
        Store(str(tmp_path))


def test_a_sleepers_number_is_never_given_again(store):
    """Its lock goes by the number: whoever woke a moment ago may still hold it."""
    def register():
        with store:
            store.db.execute("INSERT INTO sleepers (job_id, wake_at, pid) VALUES (1, 2.0, 3)")
            return store.db.execute("SELECT last_insert_rowid()").fetchone()[0]

    first = register()
    store.db.execute("DELETE FROM sleepers")
    assert register() > first


@pytest.mark.parametrize("line", ["squeue -j 3", "sacct -j 3", "sacct -S 08:50", "scontrol show job 3", "scontrol hold 3",
                                  "scontrol hold 3+1", "scancel 3", "scancel 3_1", "sbatch -d afterok:3 --wrap true"])
def test_a_job_is_found_by_an_index(tmp_path, monkeypatch, line):
    """However many there are: nothing that is asked about one job goes through all of them."""
    tiny = Tiny(tmp_path / "tiny", AccountingStorageType="accounting_storage/slurmdbd")
    for _ in range(5):
        tiny.job()
    asked, connect = set(), Store._connect

    def traced(store):
        connect(store)
        store.db.set_trace_callback(asked.add)

    monkeypatch.setattr(Store, "_connect", traced)
    tiny.run(*shlex.split(line))
    through_all = [(statement, plan) for statement in asked if "FROM jobs" in statement
                   for *_, plan in tiny.store.db.execute(f"EXPLAIN QUERY PLAN {statement}") if "SCAN jobs" in plan]
    assert any("FROM jobs" in statement for statement in asked) and not through_all


def test_functools_is_as_ever_after_the_store_went_without():
    code = ("import sys; from slurm_mock.store import connection; assert 'functools' not in sys.modules\n"
            "db = connection._sqlite3.connect(':memory:', cached_statements=3)\n"
            "found = [db.execute(f'SELECT {i % 7} + ?', (i,)).fetchone()[0] for i in range(50)]\n"
            "assert found == [i % 7 + i for i in range(50)], found\n"
            "import functools; print(functools.reduce(max, found), functools.wraps.__name__)")
    root = os.path.dirname(os.path.dirname(slurm_mock.__file__))
    done = subprocess.run([sys.executable, "-IS", "-c", f"import sys; sys.path.insert(0, {root!r}); {code}"],
                          capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("54 wraps\n", "")
