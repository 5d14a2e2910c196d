"""Node lists; the expected values are `scontrol show hostnames|hostlist` of Slurm 22.05.8."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slurm_mock.common import hostlist
from slurm_mock.common.hostlist import BadHostlist, expand, fold, order, ranges


@pytest.mark.parametrize("text, names", [
    ("n[1-3],m5", "n1 n2 n3 m5"),
    ("n[01-03,08]", "n01 n02 n03 n08"),
    ("n[9-11]", "n9 n10 n11"),
    ("n[8-010]", "n8 n9 n10"),
    ("a[1-2]b[3-4]", "a1b3 a1b4 a2b3 a2b4"),
    ("n,,m", "n m"),
    (" n1 , n2", "n1 n2"),
    ("n[1,1]", "n1 n1"),
    ("t02n[01-05,08],t03n02", "t02n01 t02n02 t02n03 t02n04 t02n05 t02n08 t03n02"),
    ("", ""),
])
def test_expand(text, names):
    assert expand(text) == names.split()


@pytest.mark.parametrize("text", [
    "n[1-2", "n1]", "n[a-b]", "n[3-1]", "n[]", "n[1-]", "n[-2]", "n[1-2]x", "n[0-9999999]", "n[[1]]"])
def test_malformed(text):
    with pytest.raises(BadHostlist):
        expand(text)


@pytest.mark.parametrize("names, as_given, in_order", [
    ("n1,n2,n3,m5", "n[1-3],m5", "m5,n[1-3]"),
    ("n01,n02,n1", "n[01-02,1]", "n[1,01-02]"),
    ("n9,n10,n11", "n[9-11]", "n[9-11]"),
    ("n3,n1,n2", "n[3,1-2]", "n[1-3]"),
    ("n08,n09,n10", "n[08-10]", "n[08-10]"),
    ("n099,n100,n101", "n[099-101]", "n[099-101]"),
    ("a1b1,a1b2", "a1b[1-2]", "a1b[1-2]"),
    ("m,n1,n2", "m,n[1-2]", "m,n[1-2]"),
    ("n1-1,n1-2", "n1-[1-2]", "n1-[1-2]"),
    ("n1,n1", "n[1,1]", "n1"),
])
def test_fold(names, as_given, in_order):
    assert fold(names.split(","), sort=False) == as_given
    assert fold(names.split(",")) == in_order


@given(st.sets(st.builds("{}{:0{}d}".format, st.sampled_from(["n", "t02n", "gpu-"]),
                         st.integers(0, 120), st.integers(1, 3))))
def test_folded_names_unfold(names):
    assert set(expand(fold(names))) == names
    assert expand(fold(sorted(names), sort=False)) == sorted(names)


def test_ranges():
    assert ranges([1, 2, 3, 7]) == "1-3,7"
    assert ranges([0]) == "0"
    assert ranges([]) == ""


@pytest.mark.parametrize("numbers, text", [
    (range(20), "0-19"), ([0, 1, 9, 10, 11], "0-1,9-11"), ([0], "0"), ([9, 10], "9-10")])
def test_numbers_are_not_padded(numbers, text):
    assert ranges(list(numbers)) == text


def test_names_are_sorted_by_number():
    """As `scontrol show node` lists them."""
    assert sorted(["b10", "b9", "zz", "a2", "ab1", "a10"], key=order) == [
        "a2", "a10", "ab1", "b9", "b10", "zz"]


def test_ranges_of_thousands():
    assert ranges(list(range(3, 5000))) == "3-4999"
    assert ranges([1, *range(3, 5000), 7000]) == "1,3-4999,7000"
    assert ranges([2, 1]) == "2,1" and ranges([]) == ""


@pytest.mark.parametrize("text, told", [
    ("n[3-1]", "_parse_single_range: Invalid range: `3-1'"), ("n[²]", "_parse_single_range: Invalid range: `²'"),
    ("n[1-٣]", "_parse_single_range: Invalid range: `1-٣'"),
    ("n[1-65537]", "_parse_single_range: Too many hosts in range `1-65537'"), ("n[[1]]", None)])
def test_what_is_told_of_a_range(text, told):
    with pytest.raises(hostlist.BadHostlist) as failed:
        hostlist.typed(text)
    assert failed.value.told == told


@pytest.mark.parametrize("text, names", [
    ("n[1-", ["n]"]), ("n[1-]", ["n1"]), ("[1-2", ["1-2"]), ("[", [""]), ("a,[3", ["a", "3"]), (",", [])])
def test_lists_that_commands_let_pass(text, names):
    assert hostlist.typed(text) == names


def test_what_was_typed_becomes_readable():
    assert (hostlist.readable("n[1-]"), hostlist.readable("n[1-3],m")) == ("n1", "n[1-3],m")
    assert len(hostlist.expand("n[1-65536]")) == 65536
