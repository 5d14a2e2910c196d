"""Times, limits, memory and counts as Slurm reads and writes them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slurm_mock.common import parse_time
from slurm_mock.common.records import INFINITE

NOW = int(time.mktime((2026, 3, 2, 9, 0, 0, 0, 0, -1)))         # a Monday


def at(*fields):
    return int(time.mktime((*fields, *[0] * (6 - len(fields)), 0, 0, -1)))


@pytest.mark.parametrize("text, minutes", [
    ("5", 5), ("0:30", 1), ("1:30", 2), ("10:00", 10), ("1:00:00", 60), ("1-0", 1440),
    ("1-12", 2160), ("1-2:30", 1590), ("1-02:30:00", 1590), ("0", 0), ("infinite", INFINITE),
    ("UNLIMITED", INFINITE), ("-1", INFINITE), ("90:00", 90), ("9" * 20, 0), ("4294967296", 0),
    ("1-", 1440), ("-5", 4294960097), ("35791395", 4259175904)])
def test_limit(text, minutes):
    assert parse_time.parse_limit(text) == minutes


@pytest.mark.parametrize("text", ["banana", "1:2:3:4", "10m", "", "-", "1:x", "2-1:2:3:4",
                                  "1.5", "-5-1", "1::2", "²"])
def test_bad_limit(text):
    with pytest.raises(parse_time.BadValue):
        parse_time.parse_limit(text)


@pytest.mark.parametrize("seconds, squeue, sacct", [
    (0, "0:00", "00:00:00"), (59, "0:59", "00:00:59"), (3599, "59:59", "00:59:59"),
    (3600, "1:00:00", "01:00:00"), (90061, "1-01:01:01", "1-01:01:01")])
def test_elapsed(seconds, squeue, sacct):
    assert parse_time.elapsed_text(seconds) == squeue
    assert parse_time.elapsed_text(seconds, hours=True) == sacct


@given(st.integers(0, 10**7))
def test_what_is_written_is_read_again(minutes):
    assert parse_time.parse_limit(parse_time.limit_text(minutes, hours=True)) == minutes


def test_no_limit():
    assert parse_time.limit_text(INFINITE) == "UNLIMITED"
    assert parse_time.limit_text(None, none="NOT_SET") == "NOT_SET"


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text):
    for read in (parse_time.parse_limit, parse_time.parse_duration):
        try:
            assert isinstance(read(text), (int, tuple))
        except parse_time.BadValue:
            continue


@pytest.mark.parametrize("text, number", [("12", True), ("", False), ("²", False), ("٣", False), ("1²", False), ("-1", False)])
def test_digits_are_those_of_c(text, number):
    assert parse_time.is_number(text) is number


@pytest.mark.parametrize("text, number", [
    ("12", 12), (" +12x", 12), ("-1", 4294967295), ("99999999999", 1215752191), ("9" * 30, 4294967295), ("٣", 0), ("", 0)])
def test_numbers_in_32_bits(text, number):
    assert parse_time.atoi(text) == number
