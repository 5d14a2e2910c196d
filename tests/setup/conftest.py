"""Fixtures of the setup tests: ages of Jupyter, throw-away users, an sshd."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.setup import ages, machine


def pytest_generate_tests(metafunc):
    """A test that takes `age` runs for each; all but the newest only in make ci."""
    if "age" in metafunc.fixturenames:
        metafunc.parametrize(
            "age",
            [
                pytest.param(age, id=age.name, marks=() if age is ages.NEW else pytest.mark.slow)
                for age in ages.ALL
            ],
        )


@pytest.fixture
def env(age):
    """The environment of the age under test."""
    return ages.environment(age)


@pytest.fixture
def new_env():
    return ages.environment(ages.NEW)


@pytest.fixture
def learner():
    machine.require_root()
    user = machine.User("a learner in a test of the lesson")
    yield user
    user.remove()


@pytest.fixture
def other():
    """Another user of the same login node."""
    machine.require_root()
    user = machine.User("another user in a test of the lesson")
    yield user
    user.remove()


@pytest.fixture(scope="session")
def sshd():
    machine.require_root()
    with tempfile.TemporaryDirectory(prefix="sshd-") as folder:
        server = machine.Sshd(Path(folder))
        yield server
        server.stop()
