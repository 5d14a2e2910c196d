"""The stored list of Slurm's options is what the real commands say, and the mock's tables fit it."""

from __future__ import annotations

import datetime

import pytest

from slurm_mock import commands
from slurm_mock.site import coverage
from tests import needs
from tests.conformance import real_options, real_slurm
from tests.conformance.transcript import COMMANDS


# seff is a script that comes with Slurm; what it takes is in cases/commands/80-seff.
ASKED = [command for command in commands.SLURM if command != "seff"]


def stored() -> list[str]:
    return [line for line in real_options.LISTED.read_text().splitlines() if line[0] != "#"]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("command", COMMANDS)
def test_list_is_what_the_command_says(command):
    needs.need("slurm")
    found = real_slurm.installed_version()
    if found != real_slurm.VERSION:
        needs.unavailable(f"found Slurm {found}: the list is that of {real_slurm.VERSION}")
    assert real_options.lines(command) == [x for x in stored() if x.split()[0] == command]


def test_head_tells_version_and_date():
    first, second = real_options.LISTED.read_text().splitlines()[:2]
    assert real_slurm.VERSION in first
    assert datetime.date.fromisoformat(second.removeprefix("# date: ")) <= datetime.date.today()


@pytest.mark.parametrize("command", ASKED)
def test_mock_has_no_option_that_slurm_has_not(command):
    """A letter or name too much would be taken where Slurm refuses it, or make another ambiguous."""
    slurms = {word.lstrip("-") for line in stored() if line.split()[0] == command
              for word in line.split()[1:-1]}
    mocks = {word for o in coverage.table(command) for word in (o.name, o.letter) if word}
    assert mocks - slurms == set()


@pytest.mark.parametrize("command", commands.SLURM)
def test_every_option_has_a_line_of_help(command):
    assert [o.name or o.letter for o in coverage.table(command) if not o.help] == []


@pytest.mark.parametrize("command", ["sbatch", "salloc", "scancel", "squeue", "sinfo", "scontrol",
                                     "sacct", "sbcast", "strigger"])
def test_no_option_is_missing(command):
    rows = [line.split() for line in stored() if line.split()[0] == command]
    missing = [row[1:] for row in rows if row[-1] not in ("word", "field")
               and coverage.option_status(command, row[1:-1], row[-1]) == coverage.MISSING]
    assert missing == []


@pytest.mark.parametrize("command", ASKED)
def test_what_has_no_effect_is_an_option_of_slurms_and_told_as_such(command):
    rows = [line.split() for line in stored() if line.split()[0] == command]
    told = {name for row in rows if row[-1] not in ("word", "field") for name in row[1:-1]
            if coverage.option_status(command, row[1:-1], row[-1]) == coverage.WITHOUT_EFFECT}
    without = {f"--{o.name}" for o in coverage.table(command) if not o.effect}
    assert {name for name in told if name.startswith("--")} == without
