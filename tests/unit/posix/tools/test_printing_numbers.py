"""seq, as seq(1) of the GNU coreutils has it."""

import sys

import pytest

from slurm_mock.host import browser
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.mark.parametrize("words, out", [
    ("3", "1\n2\n3\n"), ("2 4", "2\n3\n4\n"), ("0 5 10", "0\n5\n10\n"), ("3 -1 1", "3\n2\n1\n"), ("-s , 3", "1,2,3\n"),
    ("-w 9 10", "09\n10\n"), ("0 .5 1", "0.0\n0.5\n1.0\n"), ("5 1", ""), ("-f %03g 2", "001\n002\n"), ("-1 1", "-1\n0\n1\n")])
def test_numbers(in_process, tmp_path, words, out):
    assert browser.run(f"seq {words}", ENV, str(tmp_path), shell=True) == (0, out.encode(), b"")


@pytest.mark.parametrize("words, message", [
    ("", "seq: missing operand"), ("x", "seq: invalid floating point argument: ‘x’"),
    ("1 0 3", "seq: invalid Zero increment value: ‘0’"), ("-q 3", "seq: invalid option -- 'q'")])
def test_mistakes(in_process, tmp_path, words, message):
    code, out, err = browser.run(f"seq {words}", ENV, str(tmp_path), shell=True)
    assert code == 1 and not out and err.decode().splitlines()[0] == message
