"""Waiting for jobs: with a bound, and with words for who waits in a long queue."""

from __future__ import annotations

import importlib
import sys

import pytest

from tools import make_notebooks


@pytest.fixture
def waiting(monkeypatch):
    """notebooks/checks_wait.py, in which no time passes."""
    monkeypatch.syspath_prepend(str(make_notebooks.NOTEBOOKS))
    before = set(sys.modules)
    module = importlib.import_module("checks_wait")
    monkeypatch.setattr(module, "run", lambda *words: None)
    yield module
    for name in set(sys.modules) - before:
        del sys.modules[name]


def looks(*found):
    """What until() is given: the last of these stays."""
    left = list(found)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_states_are_told_once_each(waiting, capsys):
    found = waiting.until(looks(("a", "PENDING", False, True), ("a", "PENDING", False, True), ("b", "RUNNING", False, False),
                                ("c", "COMPLETED", True, False)), 100)
    assert found == "c" and capsys.readouterr().out == "PENDING\nRUNNING\nCOMPLETED\n"


def test_a_wait_that_was_too_short_says_so(waiting, capsys):
    assert waiting.until(looks(("a", "RUNNING", False, False)), 90) == "a"
    assert capsys.readouterr().out == "RUNNING\n1:30 waited, which is as long as this waits: run the cell again later.\n"


def test_a_long_queue_is_told_of_once(waiting, capsys):
    waiting.until(looks(("a", "PENDING", False, True)), 1200)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "PENDING" and said[2].startswith("20:00 waited")
    assert said[1] == waiting.LONG_QUEUE and len(said) == 3
