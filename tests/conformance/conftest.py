"""Fixtures of the conformance tests: the two sides, which transcripts are played on each, and the
table at the end of the run."""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from tests import needs
from tests.conformance import compare, real_slurm, sides, transcript, turns

TALLY = pytest.StashKey[compare.Tally]()
DUE = pytest.StashKey[dict[str, str]]()   # transcripts to be played on real Slurm, and why


def pytest_addoption(parser):
    parser.addoption("--write-comparison", action="store_true",
                     help="write tests/conformance/last_comparison.toml after a full comparison, and "
                          "into last_real_run.toml what was played on real Slurm")
    parser.addoption("--real", choices=("all", "turn", "none"), default="all",
                     help="which transcripts are played on real Slurm, too: with turn those that "
                          "have changed since the last time, and a seventh of the others")
    parser.addoption("--mock-part", metavar="I/N", default="1/1",
                     help="the part of the transcripts to play on the mock, 2/3 for the second of "
                          "three, or none")


def pytest_configure(config):
    config.stash[TALLY] = compare.Tally()
    config.stash[DUE] = {}


@pytest.hookimpl(trylast=True)     # after -k and -m
def pytest_collection_modifyitems(config, items):
    """Leave out the transcripts that another worker plays; skip those whose turn it is not."""
    paths, runs = transcript.paths(), turns.read()
    mine, real = config.getoption("--mock-part"), config.getoption("--real")
    try:
        mine = set() if mine == "none" else turns.part(mine, paths, runs)
    except ValueError as error:
        raise pytest.UsageError(f"--mock-part: {error}") from error
    if real == "turn":
        due = turns.choose(turns.digests(paths), runs, config.getoption("--turn"))
    else:
        due = dict.fromkeys(paths, turns.ALL) if real == "all" else {}
    left_out = set()
    for item in items:
        side, name = transcript_of(item)
        if (side == "mock" and name not in mine) or (side == "real" and real == "none"):
            left_out.add(item)
        elif side == "real" and name not in due:
            item.add_marker(pytest.mark.skip(reason="not its turn on real Slurm: see the end of the log"))
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    config.stash[DUE] = due


def transcript_of(item) -> tuple[str, str]:
    """The side and the transcript that a test plays, "" and "" if it plays none."""
    given = getattr(item, "callspec", None)
    if getattr(item, "originalname", "") != "test_transcript" or given is None:
        return "", ""
    return given.params["side"], given.params["path"].stem


@pytest.fixture(scope="session")
def base():
    """A folder that the learner may reach, for the work of both sides."""
    if os.geteuid() == 0:
        # answers tell of it (SLURM_PRIO_PROCESS), and the sides race in real time
        os.setpriority(os.PRIO_PROCESS, 0, 0)
    with tempfile.TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def real_packages():
    """Real Slurm's programs, installed where they are missing; skipped where they can't be had."""
    if os.geteuid() != 0:
        needs.unavailable("real Slurm starts jobs as other users, for which it needs root")
    for name in ("slurm", "munge", "slurmdbd", "mariadb"):
        needs.need(name)
    found = real_slurm.installed_version()
    print(f"real Slurm: found {found}")
    if found != real_slurm.VERSION:
        needs.unavailable(f"found Slurm {found}: compared is only with {real_slurm.VERSION}")


@pytest.fixture(scope="session")
def real(base, real_packages):
    """The real Slurm, started for this session; skipped where it can't be had."""
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
    tally = config.stash[TALLY]
    told = tally.table()
    if told:
        terminalreporter.section("slurm_mock compared with Slurm " + real_slurm.VERSION)
        terminalreporter.write_line(told)
    if config.getoption("--real") == "turn":
        turn = config.getoption("--turn")
        terminalreporter.section(f"transcripts on real Slurm: turn {turn}, share {turn % turns.SHARES + 1} "
                                 f"of {turns.SHARES}")
        played = {name for side, name in tally.played if side == "real"}
        for line in on_real_slurm(played, config.stash[DUE], turns.read()):
            terminalreporter.write_line(line)
    if config.getoption("--write-comparison"):
        write(terminalreporter, tally)


def on_real_slurm(played: set[str], due: dict[str, str], runs: dict[str, turns.Run]) -> list[str]:
    """Lines that name the transcripts that real Slurm was asked for, with why, and the others."""
    groups = [(f"played, {why}", {name for name in played if due[name] == why})
              for why in (turns.NEVER, turns.CHANGED, turns.ITS_TURN)]
    groups.append(("due, but left out by -k or -m (some are in make test)", due.keys() - played))
    others = transcript.paths().keys() - due.keys()
    groups.append((f"NOT played (the last time since {min((runs[name].date for name in others), default='')})",
                   others))
    return [line for what, names in groups if names
            for line in textwrap.wrap(f"{len(names)} {what}: {' '.join(sorted(names))}", 100,
                                      subsequent_indent="    ", break_on_hyphens=False)]


def write(terminalreporter, tally: compare.Tally) -> None:
    """Write down what this run has shown."""
    paths, today = transcript.paths(), datetime.date.today().isoformat()
    if tally.seconds:
        runs = turns.after(turns.read(), tally.seconds, turns.digests(paths), today)
        turns.RECORD.write_text(turns.text(runs))
        terminalreporter.write_line(f"written: {turns.RECORD.name}, {len(tally.seconds)} transcripts of {len(runs)}")
    try:
        text = tally.record(real_slurm.VERSION, today, set(paths))
    except ValueError as error:
        terminalreporter.write_line(f"{compare.RECORD.name} is left as it is: {error}")
    else:
        compare.RECORD.write_text(text)
        terminalreporter.write_line(f"written: {compare.RECORD.name}")
