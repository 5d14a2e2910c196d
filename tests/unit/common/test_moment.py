"""Points in time as parse_time.c reads them.

Expectations: parse_time.c; tests/conformance/cases/commands/87-times.sh has the same of real Slurm.
"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slurm_mock.common import moment, parse_time


def at(year, month, day, hour=0, minute=0, second=0):
    return int(time.mktime((year, month, day, hour, minute, second, 0, 0, -1)))


NOW = at(2026, 3, 2, 10)


@pytest.mark.parametrize("text, when", [
    ("now", NOW), ("now+90", NOW + 90), ("now+1hour", NOW + 3600), ("now+2hours", NOW + 7200), ("now + 3 Minutes", NOW + 180),
    ("now+1day", NOW + 86400), ("now+1week", NOW + 604800), ("now-1hour", NOW - 3600), ("16:00", at(2026, 3, 2, 16)),
    ("08:00", at(2026, 3, 3, 8)), ("10:00", at(2026, 3, 3, 10)), ("4:30PM", at(2026, 3, 2, 16, 30)), ("12:00AM", at(2026, 3, 3)),
    ("12:00 pm", at(2026, 3, 2, 12)), ("noon", at(2026, 3, 2, 12)), ("midnight", at(2026, 3, 3)), ("teatime", at(2026, 3, 2, 16)),
    ("tomorrow", at(2026, 3, 3)), ("tomorrow10:15", at(2026, 3, 3, 10, 15)), ("2026-04-01", at(2026, 4, 1)),
    ("2026-04-01T12:34:56", at(2026, 4, 1, 12, 34, 56)), ("2010-01-01", at(2010, 1, 1)), ("2010-1-01", None),
    ("0401", at(2026, 4, 1)), ("101", at(2026, 10, 1)), ("0101", at(2027, 1, 1)), ("040127", at(2027, 4, 1)), ("4/1/27", at(2027, 4, 1)),
    ("01.03.28", at(2028, 1, 3)), ("12/31-23:00", at(2026, 12, 31, 23)), ("uts1700000000", 1_700_000_000), ("", 0), (" - ", 0)])
def test_when(text, when):
    if when is None:
        with pytest.raises(moment.BadTime):
            moment.parse_when(text, NOW)
    else:
        assert moment.parse_when(text, NOW) == when


@pytest.mark.parametrize("text, when", [("16:00", at(2026, 3, 2, 16)), ("0401", at(2025, 4, 1)), ("0331", at(2026, 3, 31)), ("101", at(2025, 10, 1))])
def test_in_the_past(text, when):
    assert moment.parse_when(text, NOW, past=True) == when


@pytest.mark.parametrize("text, pos", [
    ("tomorow", 0), ("Tomorrow", 1), ("25:00", 0), ("12:60", 3), ("12:5", 4), ("now+", 3), ("now+x", 3), ("now+3x", 4), ("now*3", 3),
    ("now+1lightyear", 4), ("13:00PM", 5), ("2026-13-01", 5), ("2026-01-32", 8), ("1", 1), ("-1", 2), ("x/y", 0), ("1²:00", 1),
    ("uts99999999999999999", 0), ("uts253402300800", 0), ("uts12", 0), (":", 0), ("1:23:4", 6)])
def test_bad_time(text, pos):
    with pytest.raises(moment.BadTime) as wrong:
        moment.parse_when(text, NOW)
    assert str(wrong.value) == f"Invalid time specification (pos={pos}): {text}"


@pytest.mark.parametrize("text", ["now+99999999999999weeks", "now-99999999999999weeks"])
def test_too_far(text):
    with pytest.raises(moment.BadTime):
        moment.parse_when(text, NOW)


def test_the_last_moment_can_still_be_shown():
    assert parse_time.stamp(moment.parse_when("uts253402300799", NOW)).startswith(("9999-12-31", "10000-01-01"))


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text):
    try:
        assert isinstance(moment.parse_when(text, NOW), int)
    except moment.BadTime:
        pass
