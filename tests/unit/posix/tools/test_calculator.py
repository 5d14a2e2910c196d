"""bc, as job scripts use it; the answers are GNU bc's."""

import sys

import pytest

from slurm_mock.host import browser
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.mark.parametrize("text, out", [
    ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10/3", "3"), ("scale=2; 10/3", "3.33"), ("-7 % 3", "-1"),
    ("2^10", "1024"), ("scale=3; 1/4", ".250"), ("3 > 2; 3 == 2", "1\n0"), ("x = 5; x * x", "25"),
    ("obase=16; 255; 8", "FF\n8"), ("obase=2; -5; 0", "-101\n0"), ("ibase=16; FF; A", "255\n10"), ("obase=16; ibase=2; 1111", "F"),
    ("obase=8; 8.5", "10.40"), ("obase=20; 399", " 19 19"), ("3; last + 1", "3\n4"), ("10^70", "1" + "0" * 67 + "\\\n000"),
    ("sqrt(16)", "4"), ("1.5 + 1.25", "2.75"), ("a = 1; a += 4; a", "5"), ("6 # a remark", "6")])
def test_sums(in_process, tmp_path, text, out):
    assert browser.run(f"echo '{text}' | bc", ENV, str(tmp_path), shell=True) == (0, f"{out}\n".encode(), b"")


def test_the_library_of_functions_has_twenty_places(in_process, tmp_path):
    assert browser.run("echo '1/3' | bc -l", ENV, str(tmp_path), shell=True)[1] == b".33333333333333333333\n"


def test_a_file_and_what_cannot_be_computed(in_process, tmp_path):
    (tmp_path / "sums").write_text("1/0\n2+2\n")
    code, out, err = browser.run("bc sums < /dev/null", ENV, str(tmp_path), shell=True)
    assert out == b"4\n" and b"Divide by zero" in err
    assert b"(standard_in) 1:" in browser.run("echo '2 +' | bc", ENV, str(tmp_path), shell=True)[2]


@pytest.mark.parametrize("text, out, message", [
    ("l(0)", "-99999999999999999999.00000000000000000000", ""), ("e(1)", "2.71828182845904523536", ""),
    ("l(2)", ".69314718055994530941", ""), ("s(1); c(1); a(1)", ".84147098480789650665\n.54030230586813971740\n.78539816339744830961", ""),
    ("sqrt(-1); 3", "3", "Square root of a negative number"), ("f(3); 4", "4", "Function f not defined"),
    ("2^99999999; 5", "5", "too long for the browser lab"), ("e(99999999); 6", "6", "too long for the browser lab"),
    ("scale=-1; 1/3", "0", "negative scale"), ("obase=1; 5", "101", "obase too small, set to 2")])
def test_what_cannot_be_computed_does_not_end_it(in_process, tmp_path, text, out, message):
    code, shown, err = browser.run(f"echo '{text}' | bc -l", ENV, str(tmp_path), shell=True)
    assert (code, shown.decode()) == (0, out + "\n") and message in err.decode() and b"Traceback" not in err
    assert bool(err) == bool(message)
