"""Fixtures: clusters with processes, and a seed that is printed so that a failure can be repeated."""

from __future__ import annotations

import os
import random

import pytest

from tests.unit.conftest import ended, living

__all__ = ["ended", "living", "seed"]


@pytest.fixture
def seed():
    """A source of chance: TORTURE_SEED repeats a run; CI has the same one every time."""
    number = int(os.environ.get("TORTURE_SEED")
                 or (1 if os.environ.get("CI") == "true" else random.randrange(10 ** 6)))
    print(f"TORTURE_SEED={number}")
    return random.Random(number)
