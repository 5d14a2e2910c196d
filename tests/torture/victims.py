"""Whom to kill: the mock's own processes, told apart from those of jobs by their command line."""

from __future__ import annotations

import os
import signal


def own_processes(state) -> list[int]:
    """The mock's commands, keepers and supervisors of a state directory. Reads /proc (proc(5)).

    A keeper or supervisor is a fork of the command that started it and bears its command line.
    """
    marks = [os.fsencode(f"{state}/{folder}/") for folder in ("bin", "node")]
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open(f"/proc/{name}/cmdline", "rb") as f:
                    words = f.read().split(b"\0")
            except OSError:
                continue
            # python -IS <state>/bin/sbatch ...
            if any(word.startswith(mark) for word in words[:4] for mark in marks):
                found.append(int(name))
    return found


def kill(pid: int) -> bool:
    """SIGKILL; was the process still there?"""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
