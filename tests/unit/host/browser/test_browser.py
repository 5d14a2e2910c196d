"""slurm_mock/host/browser: the same bytes as on the desktop, and what is its own."""

import os
import subprocess
import sys

import pytest

from slurm_mock import machine
from slurm_mock.host import browser as browser_host
from slurm_mock.host import local
from slurm_mock.host.browser.world import world
from tests.clusters.in_one_process import ENV, cluster, here
from tests.unit.host.browser import command_lines

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")

def typed(folder, name, load, lines, run):
    """[(exit code, stdout, stderr)] of lines typed one after the other."""
    folder.mkdir()
    (folder / "hello.sh").write_text(command_lines.SCRIPT)
    env = cluster(folder, name, load)
    told = [tuple(part.replace(str(folder).encode(), b"FOLDER") if isinstance(part, bytes) else part
                  for part in run(line, env, str(folder))) for line in lines]
    run("scancel $(squeue -h --me -o %A)", env, str(folder))      # nothing is left running
    return told

def on_desktop(line, env, cwd):
    done = subprocess.run(["bash", "-c", line], env=env, cwd=cwd, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=100)
    return done.returncode, done.stdout, done.stderr

@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name, load, lines", [("small", False, command_lines.SMALL),
                                               ("tegner", None, command_lines.TEGNER)])
def test_the_same_bytes_as_on_the_desktop(tmp_path, name, load, lines):
    desktop = typed(tmp_path / "desktop", name, load, lines, on_desktop)
    browser_host.install()
    try:
        browser = typed(tmp_path / "browser", name, load, lines, here)
    finally:
        browser_host.uninstall()
    different = [(line, a, b) for line, a, b in zip(lines, desktop, browser, strict=True) if a != b]
    assert not different, "\n".join(f"$ {line}\n  desktop    {a}\n  in-process {b}"
                                    for line, a, b in different)

def test_there_are_a_hundred_lines():
    assert len(command_lines.SMALL) + len(command_lines.TEGNER) >= 100

def test_a_few_lines_the_same_bytes(tmp_path):
    """Of the comparison above what costs little, for every run of the tests."""
    lines = [line for line in command_lines.SMALL if "sleep" not in line and "srun" not in line
             and "salloc" not in line][:24]
    desktop = typed(tmp_path / "desktop", "small", False, lines, on_desktop)
    browser_host.install()
    try:
        assert typed(tmp_path / "browser", "small", False, lines, here) == desktop
    finally:
        browser_host.uninstall()

def test_installing_and_taking_away(in_process):
    assert machine.here.speed == 0
    browser_host.uninstall()
    assert type(machine.here) is local.Local

def test_a_job_goes_on_while_the_user_waits(small):
    small("sbatch -o out --wrap 'for i in 1 2 3; do echo $i; sleep 60; done'")
    assert small("cat out") == (0, b"1\n", b"")
    assert small("sleep 61; cat out") == (0, b"1\n2\n", b"")
    assert small("sleep 500; cat out; squeue -h") == (0, b"1\n2\n3\n", b"")

def test_steps_of_one_job_side_by_side_and_one_after_the_other(small):
    small("sbatch -W -n 2 --wrap 'srun -n1 --exact sleep 9 & srun -n1 --exact sleep 9 & wait'")
    small("sbatch -W -n 1 --wrap 'srun -n1 sleep 9 & srun -n1 sleep 9 & wait'")
    elapsed = small("sacct -n -X -o elapsed")[1].split()
    assert elapsed == [b"00:00:09", b"00:00:18"]

def test_a_time_limit_ends_an_endless_loop(small):
    code, out, _ = small("sbatch -W -t 1 --wrap 'while :; do :; done'; sacct -n -X -o state,elapsed")
    assert b"TIMEOUT   00:01:0" in out

def test_what_never_comes_is_given_up(small):
    """A job that is held for ever: on the desktop the reader would press Ctrl-C."""
    code, out, err = small("sbatch --hold -W --wrap hostname")
    assert code and err == world.never.encode()
    assert small("squeue -h -o %t") == (0, b"PD\n", b"")

def test_nothing_is_left_behind(small):
    small("sbatch --wrap 'sleep 1000 & exit 0'; sleep 1; squeue -h")
    assert not world.processes

def test_python_programs_sleep_on_the_clusters_clock(small):
    code, out, _ = small("sbatch -W -o out --wrap 'python3 -c \"import time, os; time.sleep(100); "
                         "print(os.environ[\\\"SLURM_JOB_ID\\\"])\"'; cat out; sacct -n -X -o elapsed")
    assert out.split()[-2:] == [b"101", b"00:01:40"]

def test_programs_that_cannot_be_here_say_so(small):
    assert small("gcc -o hello hello.c") == (
        127, b"", b"bash: line 1: gcc: this program does not run in the browser lab\n")

def test_a_command_that_would_wait_for_ever_says_so(small):
    code, _, err = small("sbatch --wrap 'srun sleep 100'; sattach 101.0")
    assert code == 1 and b"does not work in the browser lab" in err


def test_commands_as_functions(small, tmp_path):
    """commands.run() without any process: time passes until the command has its answer."""
    from slurm_mock import api
    env = {**ENV, "MOCK_SLURM_STATE": str(tmp_path / "state" / "small"),
           "PATH": f"{tmp_path}/state/small/bin:/usr/bin:/bin"}
    done = api.run("sbatch", ["-W", "--wrap", "sleep 30; exit 4"], env=env, cwd=str(tmp_path))
    assert (done.code, done.out, done.err) == (4, b"Submitted batch job 101\n", b"")
    assert api.run("squeue", ["-h"], env=env).out == b""

def test_no_process_of_the_machine_is_started(small, monkeypatch):
    def forbidden(*_args, **_more):
        raise AssertionError("a process of the operating system's")

    for name in ("fork", "execve", "posix_spawn", "system", "kill", "popen"):
        monkeypatch.setattr(os, name, forbidden)
    monkeypatch.setattr(subprocess, "Popen", forbidden)
    code, out, err = small("sbatch -W --wrap 'srun -n 2 hostname | sort; date > d'; scancel 101; srun -n1 "
                           "true; salloc -n1 hostname; echo $(ls | wc -l)")
    assert code == 0 and b"mistake" not in err
