"""A terminal of task zero's own, for srun --pty: an interactive shell knows its size, and Ctrl-C.

srun stands between this terminal and the user's: keys go in as they are typed, what the
task writes comes out as it is. Source: srun(1), --pty; pty(7).
"""

import fcntl
import os
import termios
import tty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class NoTerminal:
    """What the other tasks have in its place."""

    def become(self) -> None:
        """In the task's process: it reads nothing, and what it writes is lost."""
        nothing = os.open("/dev/null", os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)


class Terminal:
    """A pair of ends: `ours` is read and written by srun, the other one is the task's."""

    def __init__(self) -> None:
        self.ours, self._theirs = os.openpty()
        os.set_blocking(self.ours, False)
        self._before: "list[Any] | None" = None
        self.resize()

    def resize(self) -> None:
        """Make it as large as the terminal that srun writes to."""
        try:
            size = fcntl.ioctl(1, termios.TIOCGWINSZ, bytes(8))
            fcntl.ioctl(self.ours, termios.TIOCSWINSZ, size)
        except OSError:
            pass

    def become(self) -> None:
        """In the task's process, which leads a session: this is its terminal."""
        fcntl.ioctl(self._theirs, termios.TIOCSCTTY, 0)
        for stream in (0, 1, 2):
            os.dup2(self._theirs, stream)

    def keys(self) -> int:
        """Another descriptor of ours, to write what is typed."""
        return os.dup(self.ours)

    def begin(self) -> None:
        """The task has its end: let keys through as they are typed."""
        os.close(self._theirs)
        try:
            self._before = termios.tcgetattr(0)
            tty.setraw(0, termios.TCSANOW)
        except termios.error:
            pass                         # nobody types

    def end(self) -> None:
        """Give the user's terminal back as it was."""
        if self._before is not None:
            termios.tcsetattr(0, termios.TCSADRAIN, self._before)
            self._before = None
