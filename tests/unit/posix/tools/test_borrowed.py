"""Tools taken from just-bash: cut, tr, find and their like."""

import sys

import pytest

from slurm_mock.host import browser
from slurm_mock.posix.tools import borrowed
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.mark.parametrize("line, out", [
    ("printf 'a:b:c\\n' | cut -d: -f2", b"b\n"), ("printf abc | tr a-c A-C", b"ABC"), ("printf 'a\\na\\nb\\n' | uniq -c", b"      2 a\n      1 b\n"),
    ("mkdir -p d; touch d/x.out d/y.txt; find d -name '*.out'", b"d/x.out\n"), ("printf '1 2\\n' | rev", b"2 1\n")])
def test_what_they_print(in_process, tmp_path, line, out):
    assert browser.run(line, ENV, str(tmp_path), shell=True)[1] == out


def test_find_runs_programs_of_this_machine(in_process, tmp_path):
    (tmp_path / "a.txt").write_text("hello\n")
    assert browser.run("find . -name '*.txt' -exec cat {} \\;", ENV, str(tmp_path), shell=True)[:2] == (0, b"hello\n")


def test_words_that_they_do_not_expect_end_no_process(in_process, tmp_path):
    code, out, err = browser.run("echo a | split -l 0", ENV, str(tmp_path), shell=True)
    assert code == 1 and err.startswith(b"split: -l 0: ") and b"Traceback" not in err


def test_only_those_that_are_listed():
    assert borrowed.find("cut") is not None and borrowed.find("nosuch") is None
    assert "sort" not in borrowed.TOOLS, "sort is the mock's own"
