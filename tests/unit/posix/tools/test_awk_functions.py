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


@pytest.mark.parametrize("program, out", [
    ("print log(0), 2^10000, -2^10001, exp(1000), 0^-1, int(2^10000)", "-inf inf -inf inf inf inf"), ("print sqrt(-1), (-8)^(1/3), log(-1)", "nan nan nan"),
    ("OFS = 1; print 2, 3", "213"), ('OFMT = "abc"; print 3.5', "abc"), ('print substr("hello", 2, 2^10000) substr("hello", log(-1), 1)', "ello"),
    ('FS = "["; $0 = "a[b"; print $2', "b"), ('printf "%d %c\\n", 3, 65', "3 A")])
def test_numbers_without_an_end_and_what_a_program_may_assign(in_process, tmp_path, program, out):
    line = "awk 'BEGIN { " + program + " }'"
    assert browser.run(line, ENV, str(tmp_path), shell=True) == (0, f"{out}\n".encode(), b"")


@pytest.mark.parametrize("words, message", [
    ("'BEGIN { next }'", "improper use of next"), ("'END { next }'", "improper use of next"), ("'{ break }'", "break statement outside of loop"),
    ("'BEGIN { return 3 }'", "return outside function body"), ("'$0 ~ \"(\"'", "regular expression compile failed"),
    ("'/*a/'", "regular expression compile failed"), ("'BEGIN { print substr(\"a\") }'", "wrong number of arguments in call to substr"),
    ("'BEGIN { a[1] = 2; print a }'", "illegal reference to array a"), ("'BEGIN { NF = -1 }'", "NF cannot be -1"), ("'BEGIN { $1e9 = 3 }'", "too far"),
    ("'BEGIN { printf \"%99999999999d\", 1 }'", "too great"), ("'BEGIN { for (k in'", "syntax error"),
    ("'function f(n) { return f(n) } BEGIN { f(1) }'", "nested too deeply"), ("-f nosuch", "couldn't open file nosuch (No such file or directory)"),
    ("-v 1x=3 1", "improper assignment: -v 1x=3"), ("'{ print > \"nosuch/x\" }'", 'cannot open "nosuch/x" for output (No such file or directory)')])
def test_mistakes(in_process, tmp_path, words, message):
    code, out, err = browser.run(f"echo a | awk {words}", ENV, str(tmp_path), shell=True)
    assert (code, out) == (2, b"") and err.decode().startswith("awk: ") and message in err.decode() and b"Traceback" not in err


def test_a_pipe_that_is_full_loses_nothing(in_process, tmp_path):
    line = "seq 30000 | awk '{ print > \"/dev/stderr\" }' 2>&1 | wc -l"
    assert browser.run(line, ENV, str(tmp_path), shell=True)[1] == b"30000\n"
