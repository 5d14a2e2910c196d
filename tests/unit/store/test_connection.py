"""The store's file: what is said when it fails, facts by key, the place in the queue of writers.

Transactions are in test_store.py.
"""

import os
import sqlite3
import subprocess
import sys

import pytest

from slurm_mock.store.connection import StoreError, clamped, explain, readable
from slurm_mock.store.store import Store


@pytest.mark.parametrize("text, cure", [
    ("database or disk is full", "make room on that disk"),
    ("attempt to write a readonly database", "not yours to write"),
    ("unable to open database file", "is the disk full"), ("disk I/O error", "is the disk full"),
    ("database is locked", "kept it busy for a minute"), ("malformed", "slurm-mock reset")])
def test_each_failure_has_its_cure(text, cure):
    told = explain(sqlite3.OperationalError(text), "/there/store.db")
    assert isinstance(told, StoreError)
    assert str(told).startswith(f"/there/store.db: {text}. ") and cure in str(told)


def test_what_sqlite_can_take():
    assert readable("a\udcffb\u00e4") == "a\ufffdb\u00e4" and readable(b"\xff") == b"\xff"
    assert [clamped(n) for n in (1 << 70, -(1 << 70), 7, "x")] == [(1 << 63) - 1, -1 << 63, 7, "x"]


def test_several_facts_at_one_moment(store):
    store.set_meta("a", 1)
    store.set_meta("b", "two")
    assert store.metas("b", "none", "a") == ["two", None, 1]
    assert store.meta("none", 5) == 5 and store.data("none") is None
    store.set_meta("a", None)
    assert store.meta("a", 5) is None


def test_who_writes_has_the_turn_until_he_is_done(store):
    probe = ("import fcntl, sys\nfile = open(sys.argv[1], 'r+b')\n"
             "try:\n    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1)\n    print('free')\n"
             "except OSError:\n    print('taken')\n")

    def turn():
        return subprocess.run([sys.executable, "-IS", "-c", probe, os.path.join(store.path, "turn.lock")],
                              capture_output=True, text=True, check=True).stdout.strip()

    with store:
        with store:
            assert turn() == "taken"
        assert turn() == "taken" and store.db.in_transaction
    assert turn() == "free" and not store.db.in_transaction


def test_without_a_turn_sqlite_keeps_order_by_itself(store):
    lock = os.path.join(store.path, "turn.lock")
    os.remove(lock)
    os.mkdir(lock)                           # as good as a disk that takes no more files
    other = Store(store.path)
    with other:
        other.set_meta("a", 1)
    assert other.meta("a") == 1 and other.turn == -1
    other.close()
