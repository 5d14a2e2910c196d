"""machine/daemonize.py: how a child of this computer becomes a program."""

import os
import signal

import pytest

from slurm_mock.machine import daemonize
from slurm_mock.machine.daemonize import Named, Program


class Simple(Program):
    """A program that says what could not be."""

    fallback = True

    def environment(self):
        return {"PATH": "/usr/bin:/bin", "PID": str(os.getpid()), "": "nameless"}

    def no_folder(self, error):
        return f"no folder: {error.strerror}\n" if self.fallback else None

    def refused(self, error):
        return f"refused: {error.strerror}\n"


def ran(folder, script, files, where=None, kind=Simple):
    """(pid, wait status, content of out) of a shell script; `script` None: of a program that is not there."""
    out = os.open(folder / "out", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    argv = ["nosuch"] if script is None else ["sh", "-c", script]
    pid = daemonize.start(kind(argv, str(where or folder), {1: out, 2: out, **files}))
    _, status = os.waitpid(pid, 0)
    os.close(out)
    return pid, status, (folder / "out").read_text()


def test_its_environment_its_session_and_its_files(tmp_path):
    (tmp_path / "in").write_text("typed\n")
    pid, status, text = ran(tmp_path, "echo $PID $$; read x; echo $x; ps -o sid= -p $$; ls /proc/self/fd | wc -l; exit 5",
                            {0: Named(str(tmp_path / "in"), os.O_RDONLY)})
    words = text.split()
    assert status == 5 << 8 and words[:4] == [str(pid), str(pid), "typed", str(pid)]
    assert int(words[4]) <= 4, "0, 1, 2 and the one by which ls looks"


def test_two_streams_of_one_open_file(tmp_path):
    """What is written does not overwrite what the other one wrote, though the file is not opened to append."""
    both = Named(str(tmp_path / "both"), os.O_WRONLY | os.O_CREAT)
    ran(tmp_path, "echo one; echo two >&2; echo three", {1: both, 2: both})
    assert (tmp_path / "both").read_text() == "one\ntwo\nthree\n"


def test_a_program_that_is_not_there(tmp_path):
    assert ran(tmp_path, None, {})[1:] == (2 << 8, "refused: No such file or directory\n")


def test_a_file_that_is_not_there(tmp_path, capfd):
    """Told where its parent tells things: the streams are not yet its own."""
    assert ran(tmp_path, "true", {0: Named("/nosuch", os.O_RDONLY)})[1:] == (2 << 8, "")
    assert capfd.readouterr().err == "refused: No such file or directory\n"


def test_a_folder_that_is_not_there(tmp_path, capfd):
    """What is said of it goes where the program's own errors go."""
    assert ran(tmp_path, "pwd", {}, where="/nosuch")[1:] == (0, "no folder: No such file or directory\n/tmp\n")

    class Strict(Simple):
        fallback = False

    assert ran(tmp_path, "pwd", {}, where="/nosuch", kind=Strict)[1:] == (2 << 8, "refused: No such file or directory\n")


@pytest.mark.parametrize("kind, status", [(Simple, signal.SIGTERM), (type("Deaf", (Simple,), {"signals": ()}), 0)])
def test_signals_that_are_not_inherited_as_ignored(tmp_path, kind, status):
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        assert ran(tmp_path, "kill -TERM $$; true", {}, kind=kind)[1] == status
    finally:
        signal.signal(signal.SIGTERM, before)


def test_find(tmp_path):
    (tmp_path / "tool").write_text("#!/bin/sh\n")
    (tmp_path / "tool").chmod(0o755)
    assert daemonize.find("tool", {"PATH": f"/nosuch:{tmp_path}"}) == str(tmp_path / "tool")
    assert daemonize.find("./any", {}) == "./any"
    with pytest.raises(FileNotFoundError):
        daemonize.find("nosuch", {})
