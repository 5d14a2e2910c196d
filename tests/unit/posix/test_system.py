"""posix/system.py: a world of its own with the shell and the small tools, and nothing of Slurm."""

import pytest

from slurm_mock.posix import system
from slurm_mock.posix.exec import Programs
from slurm_mock.posix.files import Bytes, Sink
from slurm_mock.posix.kernel import World


@pytest.mark.parametrize("path, there", [("/bin/bash", True), ("/usr/bin/sort", True), ("/usr/local/bin/sh", True), ("/opt/bash", False),
                                         ("/usr/bin/squeue", False)])
def test_what_lies_in_a_systems_folders(path, there):
    assert bool(system.program(path, {})) == there


def test_what_runs_a_script():
    assert [bool(system.interpreter(name)) for name in ("bash", "sh", "dash", "python3", "env")] == [True, True, True, False, False]


def test_a_world_with_a_clock_of_its_own(tmp_path):
    world, said = World(programs=Programs([system.program], [system.interpreter])), []
    (tmp_path / "script").write_text("#!/bin/sh\necho $0 $1; hostname; nproc; sleep 60; date > /dev/null\n")
    (tmp_path / "script").chmod(0o755)
    env = {"PATH": "/usr/bin:/bin", "TZ": "UTC"}
    words = ["bash", "-c", "sleep 100 & ./script one | cat; wait; echo $SECONDS; touch new"]
    files = {0: Bytes(b""), 1: Sink(said.append), 2: Sink(said.append)}
    process = world.spawn(world.programs.find(words, env, str(tmp_path)), env, str(tmp_path), files, name="bash")
    assert world.run(process) == 0 and world.now == 100.0
    assert b"".join(said).split() == [b"./script", b"one", world.node_name(env).encode(), b"1", b"100"]
    assert (tmp_path / "new").stat().st_mtime > 1e9, "the clock tells no date: files have the machine's"
