"""Who is alive, and who is woken, among the processes of one interpreter (see machine/locks.py)."""

from ...posix.kernel import INTERPRETER
from .world import world


class Alive:
    """Who is alive, as machine/locks.py tells it by the locks of a file."""

    def __init__(self, state):
        self.state = state

    def close(self):
        """Locks go with their process, not with whoever looked."""

    def hold(self, who):
        """Take the lock; False if another process has it."""
        holder = self.holder(who)
        if holder and holder != machine_pid():
            return False
        world.locks[self.state, who] = machine_pid()
        return True

    def drop(self, who):
        """Let go of the lock, whoever has it."""
        world.locks.pop((self.state, who), None)

    def holder(self, who):
        """The id of the process that holds the lock; 0 if none does."""
        pid = world.locks.get((self.state, who), 0)
        return pid if pid == INTERPRETER or pid in world.processes else 0

    def poke(self, who):
        """Who waits looks anew whenever something happened: there is nobody to wake."""
        return bool(self.holder(who))


def machine_pid():
    """The id of the process that runs; the interpreter's own for a command that was called as a function."""
    return world.current.pid if world.current else INTERPRETER


class Bell:
    """Notes the signals that a command wants to hear of (machine/locks.py, Doorbell)."""

    def __init__(self, *signals):
        self.rings = []
        if world.current:
            for signum in signals:
                world.current.handlers[signum] = self.rings.append

    def wait(self, timeout):
        """The numbers of the signals that came since the last call, as bytes; it does not wait."""
        rings, self.rings[:] = bytes(self.rings), []
        return rings
