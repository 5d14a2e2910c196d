"""sacct's options, and sizes in the unit that was asked for.  (Expectations: sacct(1).)"""

import pytest

from slurm_mock.commands.shared.acct_opts import OPTIONS, UNITS, AccountView
from slurm_mock.common.getopt import getopt
from tests.clusters.reading import Tiny


@pytest.mark.parametrize("line, names", [
    ("-j1 --user=a -XPn", ["jobs", "user", "allocations", "parsable2", "noheader"]),
    ("--gid=5 --uid=6", ["group", "user"]), ("--fields=jobid", ["format"]), ("-t", ["allocations"]),
    ("--cluster=c --clusters=d", ["clusters", "clusters"])])
def test_spellings(line, names):
    assert [option.dest for option, _ in getopt(line.split(), OPTIONS)[0]] == names


@pytest.fixture
def view(tmp_path):
    return AccountView(Tiny(tmp_path / "s").controller(), {})


@pytest.mark.parametrize("number, unit, text", [
    (0, 0, "0"), (1024, 0, "1K"), (3164 << 10, 0, "3164K"), (1 << 30, 0, "1G"), (500, 2, "500M"),
    (2048, 2, "2G"), (2500, 2, "2500M")])
def test_without_a_unit_sizes_stay_whole(view, number, unit, text):
    assert view.size(number, unit) == text


@pytest.mark.parametrize("letter, number, unit, text", [
    ("G", 2560, 2, "2.50G"), ("M", 2560, 2, "2560M"), ("K", 1, 2, "1024K"), ("G", 1 << 30, 0, "1G"),
    ("M", 0, 2, "0")])
def test_with_units(view, letter, number, unit, text):
    view.unit = UNITS.index(letter) + 1
    assert view.size(number, unit) == text
