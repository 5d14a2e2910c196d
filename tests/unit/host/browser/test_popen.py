"""subprocess.Popen for programs of the in-process machine."""

import subprocess
import sys

import pytest

from slurm_mock.host.browser.popen import Popen
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


def popen(words, tmp_path, **more):
    return Popen(words, env=ENV, cwd=str(tmp_path), **more)


def test_output_and_exit_code(in_process, tmp_path):
    child = popen(["sh", "-c", "echo out; echo err >&2; exit 3"], tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.communicate() == (b"out\n", b"err\n") and child.returncode == 3


def test_text_and_input(in_process, tmp_path):
    child = popen("tr a-z A-Z", tmp_path, shell=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.communicate("loud") == ("LOUD", None) and child.wait() == 0


def test_a_program_that_is_not_there(in_process, tmp_path):
    with pytest.raises(FileNotFoundError):
        popen(["nosuchprogram"], tmp_path)


def test_it_can_be_ended(in_process, tmp_path):
    child = popen(["sleep", "1000"], tmp_path)
    assert child.poll() is None
    child.terminate()
    assert child.wait() == -15
