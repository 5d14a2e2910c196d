"""Numbers, sizes and counts as C reads them.

Expectations: proc_args.c; tests/conformance/cases/commands/83-numbers.sh has the same of real Slurm.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slurm_mock.common import proc_args

HUGE = "9" * 30


@pytest.mark.parametrize("text, number", [("12", 12), (" +12", 12), ("4294967296", 0), ("4294967299", 3), ("2147483648", -2147483648)])
def test_number(text, number):
    assert proc_args.parse_int("--ntasks", text) == number


@pytest.mark.parametrize("text, message", [
    ("", 'Invalid numeric value "" for --ntasks.'), ("0", 'Invalid numeric value "0" for --ntasks.'),
    ("-1", 'Invalid numeric value "-1" for --ntasks.'), ("3 ", 'Invalid numeric value "3 " for --ntasks.'),
    ("²", 'Invalid numeric value "²" for --ntasks.'), (f"-{HUGE}", f'Invalid numeric value "-{HUGE}" for --ntasks.'),
    (HUGE, "Numeric argument (9223372036854775807) to big for --ntasks.")])
def test_bad_number(text, message):
    with pytest.raises(proc_args.BadNumber) as wrong:
        proc_args.parse_int("--ntasks", text)
    assert str(wrong.value) == message


def test_none_is_zero_where_that_may_be():
    assert proc_args.parse_int("--wait", "", positive=False) == 0


@pytest.mark.parametrize("text, least", [("2", 2), ("2-4", 2), ("1k", 1024), ("", None), ("*", None), ("0", 0)])
def test_part_of_extra_node_info(text, least):
    assert proc_args.parse_resource("first arg of -B", text) == least


@pytest.mark.parametrize("text, message", [
    ("x", 'Invalid numeric value "x" for first arg of -B.'), ("-1", 'Invalid numeric value "-1" for first arg of -B.'),
    ("2-0", 'Invalid numeric value "2-0" for first arg of -B.'),
    ("4294967296", "Numeric argument (4294967296) to big for first arg of -B.")])
def test_bad_part_of_extra_node_info(text, message):
    with pytest.raises(proc_args.BadNumber) as wrong:
        proc_args.parse_resource("first arg of -B", text)
    assert str(wrong.value) == message


@pytest.mark.parametrize("text, pair", [("2", (2, 2)), ("2-4", (2, 4)), ("1k", (1024, 1024)), ("1-1k", (1, 1024)),
                                        ("0", (0, 0)), ("-3", (1, 3)), ("4294967296", (0, 0)), ("2-0", (2, 0))])
def test_nodes(text, pair):
    assert proc_args.parse_node_count(text) == pair


@pytest.mark.parametrize("text, message", [
    ("", '"" is not a valid node count'), ("x", '"x" is not a valid node count'), ("²", '"²" is not a valid node count'),
    ("1-2-3", '"2-3" is not a valid node count'), ("4-2", "Maximum node count 2 is less than minimum node count 4"),
    ("1-", "Maximum node count -1 is less than minimum node count 1")])
def test_bad_nodes(text, message):
    with pytest.raises(proc_args.BadNumber) as wrong:
        proc_args.parse_node_count(text)
    assert str(wrong.value) == message


@pytest.mark.parametrize("text, mib", [("100", 100), ("4G", 4096), ("4g", 4096), ("1T", 1048576), ("1024K", 1), ("1K", 1),
                                       ("0", 0), ("2GB", 2048), ("10MB", 10), (" +4G", 4096), ("9007199254740993G", 1024 + (1 << 63))])
def test_memory(text, mib):
    assert proc_args.parse_memory(text) == mib


@pytest.mark.parametrize("text", ["", "lots", "4X", "G", "-1", "1.5G", "4GG", "GB", "²G", HUGE])
def test_bad_memory(text):
    with pytest.raises(proc_args.BadValue):
        proc_args.parse_memory(text)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text):
    for read in (proc_args.parse_memory, proc_args.parse_node_count, lambda t: proc_args.parse_int("--ntasks", t)):
        try:
            assert isinstance(read(text), (int, tuple))
        except proc_args.BadValue:
            continue
