"""A terminal for a task: the controlling one of its session."""

import fcntl
import os
import signal
import struct
import subprocess
import termios

from slurm_mock.machine.pty import Terminal

TASK = "stty size; read line; echo got $line; exec sleep 60"


def test_a_task_on_a_terminal():
    """The task knows its terminal's size, reads what is typed, and is ended by Ctrl-C."""
    terminal = Terminal()
    fcntl.ioctl(terminal.ours, termios.TIOCSWINSZ, struct.pack("4H", 40, 100, 0, 0))
    task = subprocess.Popen(["sh", "-c", TASK], start_new_session=True, preexec_fn=terminal.become)
    os.set_blocking(terminal.ours, True)
    os.write(terminal.ours, b"hello\n")
    said = b""
    while b"got hello" not in said:
        said += os.read(terminal.ours, 1000)
    assert b"40 100" in said
    os.write(terminal.ours, b"\x03")
    assert task.wait() == -signal.SIGINT
    terminal.end()
    os.close(terminal.ours)
