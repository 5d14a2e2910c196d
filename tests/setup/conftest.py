"""Fixtures of the setup tests: ages of Jupyter, throw-away users, an sshd."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.setup import ages, machine


# What make test runs, with the newest Jupyter: each script once, in some two minutes.
SMOKE = {
    "test_ctrl_c_while_openssl_works",
    "test_every_script_can_be_run_as_it_lies",
    "test_first_run_writes_closed_files_and_tells_the_fingerprint",
    "test_from_submission_to_scancel",
    "test_python_scripts_are_python_3_6",
    "test_shared_parts_are_in_step",
    "test_shellcheck",
    "test_the_page_quotes_what_check_really_prints",
    "test_the_server_is_closed_to_all_but_the_password",
    "test_the_users_own_lines_and_keys_stay_and_are_backed_up",
    "test_the_whole_path",
    "test_to_the_right_server_and_back",
    "test_without_an_allocation",
    "test_without_jupyter_it_names_the_module",
}


def pytest_collection_modifyitems(items):
    """Leave all but SMOKE to make ci."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and item.originalname not in SMOKE:
            item.add_marker(pytest.mark.slow)


def pytest_generate_tests(metafunc):
    """A test that takes `age` runs for each; all but the newest in make ci only."""
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
