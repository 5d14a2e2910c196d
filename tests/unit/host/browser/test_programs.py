"""host/browser/programs.py: which program words mean, and bash's messages where there is none."""

import os
import sys

import pytest

from slurm_mock.host.browser.programs import PROGRAMS
from slurm_mock.posix.exec import NotRunnable
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.mark.parametrize("name, path", [
    ("ls", "/usr/bin/ls"), ("/bin/ls", "/bin/ls"), ("bash", "/usr/bin/bash"), ("python3", "/usr/bin/python3"), ("nosuch", None),
    ("squeue", None), ("jupyter-notebook", "/usr/bin/jupyter-notebook"), ("declare-memory", "/usr/bin/declare-memory")])
def test_where_a_program_is(name, path, tmp_path):
    assert PROGRAMS.which(name, ENV, str(tmp_path)) == path


def test_the_interpreters_own_folder_is_no_place_for_programs(tmp_path):
    """What pip put there would start processes and servers."""
    env = {**ENV, "PATH": os.path.dirname(sys.executable)}
    assert PROGRAMS.which("python3", env, str(tmp_path)) == "/usr/bin/python3"
    assert PROGRAMS.which("pytest", env, str(tmp_path)) is None


@pytest.mark.parametrize("words, code, message", [
    (["nosuch"], 127, "nosuch: command not found"), (["./nosuch"], 127, "./nosuch: No such file or directory"),
    (["./plain"], 126, "./plain: Permission denied"), (["./folder"], 126, "./folder: Is a directory"),
    (["gcc"], 127, "gcc: this program does not run in the browser lab"),
    (["./perl.pl"], 126, "./perl.pl: /usr/bin/perl: bad interpreter: No such file or directory"),
    (["./binary"], 126, "./binary: a compiled program does not run in the browser lab")])
def test_what_cannot_run(words, code, message, tmp_path):
    (tmp_path / "plain").write_text("x")
    (tmp_path / "folder").mkdir()
    for name, content in (("perl.pl", b"#!/usr/bin/perl\n"), ("binary", b"\x7fELF\x02")):
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o755)
    with pytest.raises(NotRunnable) as refused:
        PROGRAMS.find(words, ENV, str(tmp_path))
    assert (refused.value.text, refused.value.code) == (message, code)


def test_a_command_reads_its_standard_input_when_it_asks(small):
    assert small("printf '#!/bin/bash\\nexit 4\\n' | sbatch -W") == (4, b"Submitted batch job 101\n", b"")
    assert small("sbatch --hold --wrap true | cat; echo n | scancel -i 102")[1].startswith(b"Submitted batch job 102\n")
    assert small("squeue -h -o %i")[1] == b"102\n"


def test_what_a_command_does_not_read_is_left_to_the_next(small):
    assert small("printf 'a\\nb\\n' | { squeue -h; cat; }") == (0, b"a\nb\n", b"")


def test_bash_options(small):
    assert small("bash -s one <<< 'echo $1 $#'")[1] == b"one 1\n"
    assert small("bash -e -c 'false; echo no'") == (1, b"", b"")
    assert small("bash nosuch.sh") == (127, b"", b"bash: nosuch.sh: No such file or directory\n")
    assert small("bash -c") == (2, b"", b"bash: -c: option requires an argument\n")


def test_bash_c_becomes_its_last_command(small):
    assert small("bash -c 'echo $SHLVL; bash -c \"true; env\" | grep ^SHLVL'")[1].split() == [b"1", b"SHLVL=1"]
