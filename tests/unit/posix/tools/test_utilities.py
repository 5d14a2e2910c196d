"""The small programs that scripts call."""

import os
import sys

import pytest

from slurm_mock.host import browser
from slurm_mock.posix.tools import utilities
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.fixture
def sh(tmp_path, in_process):
    return lambda line: browser.run(line, ENV, str(tmp_path), shell=True)


def test_sleeping_takes_what_sleep_1_takes(sh):
    assert sh("sleep 1m 2; echo slept") == (0, b"slept\n", b"")
    code, _, err = sh("sleep soon")
    assert code == 1 and "invalid time interval" in err.decode()


def test_who_and_where(sh):
    assert sh("nproc")[1].strip().isdigit() and sh("uname -s")[1] == f"{os.uname().sysname}\n".encode()
    assert sh("whoami")[1].decode().strip() == utilities.user_name()
    assert sh("id -u")[1] == f"{os.getuid()}\n".encode()


def test_what_is_there(sh):
    assert sh("which sort") == (0, b"/usr/bin/sort\n", b"") and sh("which nosuch")[0] == 1
    assert utilities.find("cat") is not None and utilities.find("nosuch") is None
    assert sh("nohup echo kept; nice -n 5 echo nice; true && ! false && echo both")[1] == b"kept\nnice\nboth\n"
