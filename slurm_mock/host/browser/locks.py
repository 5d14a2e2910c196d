"""fcntl's record locks where Python has none (in a browser): one interpreter locks nobody out."""

import sys
import types

from ...posix.kernel import world

# The process id of the interpreter itself, for commands that are called as functions.
KERNEL = 1
_holders = {}                            # (state directory, who) -> process id

OPERATIONS = {"LOCK_SH": 1, "LOCK_EX": 2, "LOCK_NB": 4, "LOCK_UN": 8}


def provide():
    """Put lockf in where it is missing: without the module, or in an empty one."""
    try:
        import fcntl
    except ImportError:
        fcntl = sys.modules["fcntl"] = types.ModuleType("fcntl", __doc__)
    if not hasattr(fcntl, "lockf"):
        fcntl.lockf = lambda fd, operation, length=0, start=0, whence=0: None
        vars(fcntl).update(OPERATIONS)


class Alive:
    """Who is alive, as ../alive.py tells it by the locks of a file."""

    def __init__(self, state):
        self.state = state

    def close(self):
        """Locks go with their process, not with whoever looked."""

    def hold(self, who):
        holder = self.holder(who)
        if holder and holder != machine_pid():
            return False
        _holders[self.state, who] = machine_pid()
        return True

    def drop(self, who):
        _holders.pop((self.state, who), None)

    def holder(self, who):
        pid = _holders.get((self.state, who), 0)
        return pid if pid == KERNEL or pid in world.processes else 0

    def poke(self, who):
        """Who waits looks anew whenever something happened: there is nobody to wake."""
        return bool(self.holder(who))


def machine_pid():
    return world.current.pid if world.current else KERNEL


class Bell:
    """Notes the signals that a command wants to hear of (../alive.py, Doorbell)."""

    def __init__(self, *signals):
        self.rings = []
        if world.current:
            for signum in signals:
                world.current.handlers[signum] = self.rings.append

    def wait(self, timeout):
        rings, self.rings[:] = bytes(self.rings), []
        return rings
