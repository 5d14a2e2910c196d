"""The in-process machine for tests: switched on and off, and a cluster on its clock."""

import pytest

from slurm_mock.host import browser
from slurm_mock.site import activate

ENV = {"PATH": "/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}


@pytest.fixture
def in_process():
    browser.install()
    yield browser
    browser.uninstall()


def cluster(folder, name, load):
    """The environment of a new cluster on the stepping clock."""
    env = {**ENV, "MOCK_SLURM_ROOT": str(folder / "state")}
    where = activate.place(name, None, env, str(folder))
    activate.ensure(where, env, str(folder), 0.0, load).close()
    changes = activate.environment(where, env)
    return {**env, **{k: v for k, v in changes.items() if v is not None}}


def here(line, env, cwd):
    """Type a line into the in-process shell: (exit code, stdout, stderr)."""
    return browser.run(line, env, cwd, shell=True)


@pytest.fixture
def small(tmp_path, in_process):
    """A function of a line typed on a new cluster `small`, in tmp_path."""
    env = cluster(tmp_path, "small", False)
    return lambda line: here(line, env, str(tmp_path))
