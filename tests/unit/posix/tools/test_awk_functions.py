"""awk's values and functions, as POSIX awk has them."""

import sys

import pytest

from slurm_mock.host import browser
from slurm_mock.posix.tools.awk_functions import Seen, number, numeric
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.mark.parametrize("text, value", [("12", 12), ("3.5x", 3.5), ("x", 0), ("", 0), (" -2 ", -2), ("1e3", 1000)])
def test_the_number_at_a_texts_beginning(text, value):
    assert number(text) == value


def test_what_came_from_outside_and_looks_like_a_number_is_compared_as_one():
    assert numeric(Seen(" 12 ")) and numeric(1.0)
    assert not numeric(Seen("12x")) and not numeric(Seen("")) and not numeric("12")


@pytest.mark.parametrize("program, out", [
    ('print length("abc"), substr("hello", 2, 3), index("hello", "l")', "3 ell 3"),
    ('s = "a-b-c"; n = gsub(/-/, "+", s); print n, s', "2 a+b+c"), ('s = "aa"; sub(/a/, "<&>", s); print s', "<a>a"),
    ('n = split("a:b:c", p, ":"); print n, p[1], p[3]', "3 a c"), ('print toupper("ab") tolower("CD")', "ABcd"),
    ('printf "%05.1f|%-4s|%d|%x\\n", 3.14159, "ab", 7.9, 255', "003.1|ab  |7|ff"), ('print match("foobar", /o+/), RSTART, RLENGTH', "2 2 2"),
    ('print int(-3.7), sprintf("%s-%s", "a", "b")', "-3 a-b"), ('print substr("hello", 0, 2)', "h")])
def test_functions(in_process, tmp_path, program, out):
    line = "awk 'BEGIN { " + program + " }'"
    assert browser.run(line, ENV, str(tmp_path), shell=True) == (0, f"{out}\n".encode(), b"")
