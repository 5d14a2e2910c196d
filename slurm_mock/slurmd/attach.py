"""Looking on while a step runs: what srun hands to sattach.

sattach makes a pipe with a name in <state>/attach/<job>.<step> and wakes the step's srun, who
writes there what the tasks have written lately and what they write from now on, in frames
"kind rank number\\n": kind 1 or 2 is output (number bytes follow), x the end of a task with
this wait status.
"""

import os

# Pieces of output that are kept for who comes later (slurmstepd keeps as many).
KEPT = 128


def folder(state, job_id, step_id):
    """Where those who attach to a step make themselves known."""
    return os.path.join(state, "attach", f"{job_id}.{step_id}")


class Stage:
    """srun's side: the recent output and those who look on."""

    def __init__(self, path):
        self.path, self.frames, self.lookers, self.known = path, [], [], set()

    def admit(self):
        """Let in who has come since the last time."""
        try:
            names = set(os.listdir(self.path)) - self.known
        except FileNotFoundError:
            return
        self.known |= names
        for name in sorted(names):
            try:
                fd = os.open(os.path.join(self.path, name), os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                continue                 # gone again
            self.lookers.append(fd)
            for frame in self.frames:
                self._send(fd, frame)

    def write(self, rank, stream, data):
        """A task (or slurmstepd) has written."""
        self._tell(b"%d %d %d\n" % (stream, rank, len(data)) + data)

    def ended(self, rank, status):
        """A task has ended."""
        self._tell(b"x %d %d\n" % (rank, status))

    def close(self):
        """The step is over."""
        while self.lookers:
            os.close(self.lookers.pop())

    def _tell(self, frame):
        self.frames = [*self.frames[1 - KEPT:], frame]
        for fd in list(self.lookers):
            self._send(fd, frame)

    def _send(self, fd, frame):
        try:
            while frame:
                frame = frame[os.write(fd, frame):]
        except (BlockingIOError, BrokenPipeError):
            # who does not read must not hold up the step
            if fd in self.lookers:
                self.lookers.remove(fd)
                os.close(fd)


def frames(stream):
    """The frames of a binary file: (kind, rank, data or wait status)."""
    while True:
        head = stream.readline()
        if not head.endswith(b"\n"):
            return
        kind, rank, number = head.split()
        if kind == b"x":
            yield "x", int(rank), int(number)
        else:
            yield int(kind), int(rank), stream.read(int(number))
