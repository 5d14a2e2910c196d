"""Fixtures: a seed that is printed so that a failure can be repeated, and a
report of what was done (`make torture` prints it)."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

# What the tests of a run did, added up.
COUNTS = pytest.StashKey[Counter]()


@pytest.fixture
def seed():
    """A source of chance: TORTURE_SEED repeats a run; CI has the same one every time."""
    number = int(os.environ.get("TORTURE_SEED")
                 or (1 if os.environ.get("CI") == "true" else random.randrange(10 ** 6)))
    print(f"TORTURE_SEED={number}")
    return random.Random(number)


@pytest.fixture
def tally(pytestconfig):
    """A Counter for the report: what was done, how often."""
    return pytestconfig.stash.setdefault(COUNTS, Counter())


def pytest_terminal_summary(terminalreporter, config):
    counts = config.stash.get(COUNTS, None)
    if counts:
        terminalreporter.section("torture")
        for what in sorted(counts):
            terminalreporter.line(f"{counts[what]:>8}  {what}")
