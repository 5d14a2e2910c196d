"""Fixtures of the conformance tests: the two sides, and the table at the end of the run."""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests import needs
from tests.conformance import compare, real_slurm, sides, transcript

TALLY = pytest.StashKey[compare.Tally]()


def pytest_addoption(parser):
    parser.addoption("--write-comparison", action="store_true",
                     help="write tests/conformance/last_comparison.toml after a full comparison")


def pytest_configure(config):
    config.stash[TALLY] = compare.Tally()


@pytest.fixture(scope="session")
def base():
    """A folder that the learner may reach, for the work of both sides."""
    with tempfile.TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def real(base):
    """The real Slurm, started for this session; skipped where it can't be had."""
    if os.geteuid() != 0:
        needs.unavailable("real Slurm starts jobs as other users, for which it needs root")
    for name in ("slurm", "munge", "slurmdbd", "mariadb"):
        needs.need(name)
    found = real_slurm.installed_version()
    print(f"real Slurm: found {found}")
    if found != real_slurm.VERSION:
        needs.unavailable(f"found Slurm {found}: compared is only with {real_slurm.VERSION}")
    with real_slurm.RealSlurm(base / "real" / "cluster") as cluster:
        yield sides.Real(cluster)


@pytest.fixture(scope="session")
def mock(base):
    """The mock on the same slurm.conf."""
    if not sys.platform.startswith("linux"):
        pytest.skip("transcripts are recorded with Linux's sort, ls and timeout")
    side = sides.Mock(base / "mock" / "cluster", base)
    yield side
    side.close()


@pytest.fixture
def side(request):
    """One side, by its name."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def tally(request):
    """Counts what was compared, for the table."""
    return request.config.stash[TALLY]


def pytest_terminal_summary(terminalreporter, config):
    told = config.stash[TALLY].table()
    if told:
        terminalreporter.section("slurm_mock compared with Slurm " + real_slurm.VERSION)
        terminalreporter.write_line(told)
    if config.getoption("--write-comparison"):
        names = set(transcript.paths())
        today = datetime.date.today().isoformat()
        try:
            text = config.stash[TALLY].record(real_slurm.VERSION, today, names)
        except ValueError as error:
            terminalreporter.write_line(f"{compare.RECORD.name} is left as it is: {error}")
        else:
            compare.RECORD.write_text(text)
            terminalreporter.write_line(f"written: {compare.RECORD.name}")
