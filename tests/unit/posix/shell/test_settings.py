"""posix/shell/settings.py: set, shopt, umask, ulimit, alias."""

import os
import sys

import pytest

from slurm_mock.host import browser
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.fixture
def sh(tmp_path, in_process):
    before = os.umask(0o022)
    yield lambda line: browser.run(line, ENV, str(tmp_path), shell=True)
    os.umask(before)


@pytest.mark.parametrize("word, mask", [
    ("027", "0027"), ("u=rwx,g=rx,o=", "0027"), ("g-x", "0032"), ("a=", "0777"), ("+x", "0022"), ("o+w,g=u", "0000"), ("0", "0000")])
def test_umask(sh, word, mask):
    assert sh(f"umask {word}; umask") == (0, f"{mask}\n".encode(), b"")


@pytest.mark.parametrize("line, code, why", [
    ("umask 999", 1, "umask: 999: octal number out of range"), ("umask u=z", 1, "umask: `z': invalid symbolic mode character"),
    ("umask -x", 2, "umask: -x: invalid option"), ("set -Z", 2, "set: -Z: invalid option"), ("set -o nosuch", 2, "set: nosuch: invalid option name"),
    ("shopt -s nosuch", 1, "shopt: nosuch: invalid shell option name"), ("ulimit -n abc", 1, "ulimit: abc: invalid number"),
    ("alias nosuch", 1, "alias: nosuch: not found"), ("unalias nosuch", 1, "unalias: nosuch: not found")])
def test_mistakes(sh, line, code, why):
    got, out, err = sh(line)
    assert (got, out) == (code, b"") and err.decode().startswith(f"bash: line 1: {why}\n")


def test_what_is_set_is_told(sh):
    assert sh("umask -S; umask -p; ulimit -n; alias a=b; alias a; unalias -a; alias a 2>&1 | wc -l") == (
        0, b"u=rwx,g=rx,o=rx\numask 0022\nunlimited\nalias a='b'\n1\n", b"")
    assert sh("set -u; set -o | grep -c .; set -o | grep nounset; shopt -s nullglob checkwinsize; shopt nullglob") == (
        0, b"27\nnounset        \ton\nnullglob       \ton\n", b"")
