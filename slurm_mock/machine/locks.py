"""Who is alive: locks that the kernel drops when their holder dies, however it dies.

One file in the state directory; each byte of it stands for somebody: the keeper, the
owner of a job, a process that sleeps on the cluster's clock.  The holder of a byte
lock can be asked for by process id, so an id that was given to another process since
is never taken for the old one.  Source: fcntl(2), F_SETLK and F_GETLK.
"""

import fcntl
import os
import sys

# At most so many supervisors wait for another job, so many real seconds each.
IDLES, LINGER = 4, 0.5

KEEPER = 0
JOB = 1                  # + job id
STEP = 1 << 34           # + process id of a foreground srun
SLEEPER = 1 << 33        # + row id in `sleepers`
IDLE = 1 << 35           # + number: a supervisor that waits for another job

# struct flock, {field: (offset, bytes)}: BSD and macOS put the offsets first.  The module struct would be one more
# file to find and to open at the start of each command.
_BSD = sys.platform == "darwin" or "bsd" in sys.platform
_FLOCK = ({"start": (0, 8), "len": (8, 8), "pid": (16, 4), "type": (20, 2), "whence": (22, 2)} if _BSD else
          {"type": (0, 2), "whence": (2, 2), "start": (8, 8), "len": (16, 8), "pid": (24, 4)})
_FLOCK_BYTES = 24 if _BSD else 32


class Alive:
    """The locks of one state directory. Keep one per process: closing the file frees its locks."""

    def __init__(self, state: str) -> None:
        self.fd = os.open(os.path.join(state, "alive.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC,
                          0o600)
        self.held: "set[int]" = set()

    def close(self) -> None:
        """Let go of all that is held."""
        os.close(self.fd)

    def hold(self, who: int) -> bool:
        """Take the byte; False if another process has it."""
        try:
            fcntl.lockf(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, who)
        except OSError:
            return False
        self.held.add(who)
        return True

    def drop(self, who: int) -> None:
        """Let go of the byte, whether held or not."""
        fcntl.lockf(self.fd, fcntl.LOCK_UN, 1, who)
        self.held.discard(who)

    def holder(self, who: int) -> int:
        """The process id that holds the byte; 0 if nobody does."""
        if who in self.held:
            return os.getpid()
        ask = bytearray(_FLOCK_BYTES)
        for field, value in (("type", fcntl.F_WRLCK), ("whence", os.SEEK_SET), ("start", who), ("len", 1)):
            offset, size = _FLOCK[field]
            ask[offset:offset + size] = value.to_bytes(size, sys.byteorder)
        answer = fcntl.fcntl(self.fd, fcntl.F_GETLK, bytes(ask))
        kind, pid = (int.from_bytes(answer[offset:offset + size], sys.byteorder)
                     for offset, size in (_FLOCK["type"], _FLOCK["pid"]))
        return 0 if kind == fcntl.F_UNLCK else pid

    def poke(self, who: int) -> bool:
        """Wake the holder (SIGURG); False if there is none."""
        pid = self.holder(who)
        if not pid or pid == os.getpid():
            return bool(pid)
        import _signal
        try:
            os.kill(pid, _signal.SIGURG)
        except ProcessLookupError:
            return False
        return True


class Doorbell:
    """Waits for SIGURG (a poke), SIGCHLD or a time-out, without losing a ring in between.

    A poke is a signal that programs pay no heed to, and that nobody sends to end one: a user's
    SIGUSR1 must reach a job's sleep or srun as what it is.
    """

    def __init__(self, *signals: int) -> None:
        import _signal
        self.read, self.write = os.pipe()
        os.set_blocking(self.read, False)
        os.set_blocking(self.write, False)
        for signum in (_signal.SIGURG, *signals):
            if signum == _signal.SIGHUP and _signal.getsignal(signum) == _signal.SIG_IGN:
                continue                 # nohup
            _signal.signal(signum, lambda *_: None)
        _signal.set_wakeup_fd(self.write, warn_on_full_buffer=False)

    def wait(self, timeout: "float | None") -> bytes:
        """Up to `timeout` real seconds (None: for ever); the signal numbers that came."""
        import select
        try:
            ready, _, _ = select.select([self.read], [], [], timeout)
        except InterruptedError:
            return b""
        if not ready:
            return b""
        try:
            return os.read(self.read, 4096)
        except BlockingIOError:
            return b""
