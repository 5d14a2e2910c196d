"""Handing over to the program behind the mock's on PATH."""

import io
import os

import pytest

from slurm_mock.machine.own_program import become


class Asked:
    """A command's call, as much of it as is looked at."""

    def __init__(self, folder, *path, argv=()):
        self.state, self.argv, self.cwd = str(folder / "state"), list(argv), str(folder)
        self.env = {"PATH": ":".join(map(str, path)), "MARK": "given"}
        self.out, self.err = io.BytesIO(), io.BytesIO()


def program(folder, text):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tool"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return folder


def test_arguments_streams_environment_and_folder_are_handed_on(tmp_path):
    there = program(tmp_path / "real", 'echo "$# $1 $MARK"; pwd; echo odd >&2; read line && echo input; exit 3')
    call = Asked(tmp_path, there, argv=["a b", "c"])
    assert become(call, "tool") == 3
    assert call.out.getvalue().decode() == f"2 a b given\n{os.path.realpath(tmp_path)}\n"
    assert call.err.getvalue() == b"odd\n"


@pytest.mark.parametrize("folder", ["bin", "node"])
def test_the_mocks_own_stand_in_is_passed_over(tmp_path, folder):
    mine, real = program(tmp_path / "state" / folder, "echo mock"), program(tmp_path / "real", "echo real")
    call = Asked(tmp_path, mine, real)
    assert become(call, "tool") == 0
    assert call.out.getvalue() == b"real\n"


def test_the_first_on_path_that_may_be_executed(tmp_path):
    text, first, second = (program(tmp_path / name, f"echo {name}") for name in ("text", "first", "second"))
    (text / "tool").chmod(0o644)
    if os.access(text / "tool", os.X_OK):
        pytest.skip("this file system knows no execute permission")
    call = Asked(tmp_path, tmp_path / "nowhere", text, first, second)
    become(call, "tool")
    assert call.out.getvalue() == b"first\n"


def test_no_such_program(tmp_path):
    mine = program(tmp_path / "state" / "bin", "echo mock")
    call = Asked(tmp_path, mine)
    assert become(call, "tool") == 127
    assert call.out.getvalue() == call.err.getvalue() == b""
