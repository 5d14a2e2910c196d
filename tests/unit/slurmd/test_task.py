"""The tasks of a step, as their srun has them."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

# A task that is signalled when it has just been made, and still is a copy of its srun.
PROGRAM = """\
import os, sys
from slurm_mock.host import local
from slurm_mock.machine import daemonize
from slurm_mock.slurmd.task import Crew, Files, Task

become = daemonize.become

def hasty(*args):
    os.kill(os.getpid(), int(sys.argv[1]))
    become(*args)

daemonize.become = hasty
local.install()
crew, rings = Crew([Task(0, "c1")], Files()), set()
crew.start(lambda rank: ["true"], lambda task: {"PATH": os.environ["PATH"]}, ".", None)
while not crew.done:
    rings.update(crew.turn(10))
print(*rings, crew.tasks[0].status)
"""


@pytest.mark.parametrize(("signum", "status"), [
    (signal.SIGCONT, 0), (signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGINT), (signal.SIGUSR1, signal.SIGUSR1)])
def test_early_signal_is_not_the_sruns(signum, status):
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(int(signum))], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == [str(int(signal.SIGCHLD)), str(int(status))], done.stderr
