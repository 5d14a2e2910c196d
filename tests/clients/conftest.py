"""Fixtures: the two sides of the conformance tests, and each client's Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients import environments
from tests.conformance.conftest import base, mock, real, real_packages

__all__ = ["base", "clients_environment", "default_configuration", "mock", "real", "real_packages", "side"]

# Where commands look that were given no SLURM_CONF (Debian's --sysconfdir).
DEFAULT = Path("/etc/slurm/slurm.conf")
OURS = "# written by tests/clients for the time of a test\n"


@pytest.fixture
def side(request):
    """One side, by its name; the clients share its cluster."""
    chosen = request.getfixturevalue(request.param)
    if chosen.name == "mock" and not chosen.runs:
        chosen.settle()
    return chosen


@pytest.fixture
def clients_environment(mock):
    """Give it a client's name for its virtual environment, of a Python that the learner may run."""
    told = subprocess.run([mock.python, "-c", "import sys; print(sys._base_executable)"],
                          check=True, capture_output=True, text=True)
    python = Path(told.stdout.strip())
    if sys.version_info < (3, 11):
        pytest.skip("the clients are pinned for Python 3.11 and newer")
    return lambda client: environments.made(client, python)


@pytest.fixture
def default_configuration(side):
    """Real Slurm's configuration at its usual place: clients drop every SLURM_* variable.

    The mock must not need it.
    """
    if side.name == "mock":
        yield
        return
    if DEFAULT.exists() and not DEFAULT.read_text().startswith(OURS):
        pytest.fail(f"{DEFAULT} belongs to a Slurm of this machine")
    text = side.cluster.conf.read_text().replace("\nInclude ", f"\nInclude {side.home}/")
    DEFAULT.parent.mkdir(exist_ok=True)
    DEFAULT.write_text(OURS + text)
    yield
    DEFAULT.unlink()
