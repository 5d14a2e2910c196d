"""Ranges against hostlist.expand and fold, which know every name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slurm_mock.common.hostlist import expand, fold
from slurm_mock.common.node_ranges import Ranges

NAMES = st.builds(lambda prefix, number, width: prefix + str(number).zfill(width),
                  st.sampled_from(("n", "t02n", "gpu-")), st.integers(0, 130),
                  st.sampled_from((0, 0, 0, 2, 3)))
LISTS = st.lists(NAMES | st.sampled_from(("login", "n", "a1b")), max_size=40)


@given(names=LISTS, low=st.integers(0, 50), high=st.integers(50, 120), data=st.data())
def test_as_a_set_of_names(names, low, high, data):
    text = fold(names + [f"n{i}" for i in range(low, high)] * data.draw(st.booleans()))
    try:
        ranges = Ranges(text)
    except ValueError:
        return
    known = expand(text)
    assert (str(ranges), len(ranges)) == (text, len(known))
    for name in {*names, "n1", "n01", "n077", "t02n3", "x", "login", "n"}:
        assert (name in ranges) == (name in known)
    gone = set(data.draw(st.lists(st.sampled_from(known or [""]), max_size=30))) & set(known)
    left = ranges.without(gone)
    assert str(left) == fold([name for name in known if name not in gone])
    assert len(left) == len(known) - len(gone)
    assert (str(ranges), len(ranges)) == (text, len(known))


@pytest.mark.parametrize("text", ["n[1,01,2]", "n[099-999,1000]", "n[8-9,010]"])
def test_refused_where_ranges_would_grow_together(text):
    assert fold(expand(text)) == text
    with pytest.raises(ValueError):
        Ranges(text)


def test_ten_thousand_nodes_without_two():
    ranges = Ranges("login1,n[1-10000]")
    assert str(ranges.without(["n17", "n10000"])) == "login1,n[1-16,18-9999]"
    assert len(ranges) == 10001 and not Ranges("")
