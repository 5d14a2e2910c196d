"""The keeper: does on time what is due while a job of the user's waits or runs.

Started by any command that leaves such a job, gone as soon as there is none.  It
holds nothing that would be lost with it: any other process may take its place.
"""

import os

from _sqlite3 import Error

from .alive import KEEPER, Doorbell
from .controller import Controller
from .model import SIMULATED

# Longest sleep in seconds: so long may pass until a supervisor's death is noticed.
NAP = 5.0


def main(state):
    """The life of the keeper of a state directory."""
    bell = Doorbell()
    ctl = Controller.open(state, os.environ)
    while ctl.alive.hold(KEEPER):
        while needed(ctl):
            try:
                ctl.tick()
            except Error:
                # a full or read-only disk: look again after a while
                bell.wait(NAP)
                continue
            due = ctl.store.meta("next_event", 0) - ctl.clock.now()
            bell.wait(min(NAP, max(0.005, ctl.clock.real(due))))
        ctl.alive.drop(KEEPER)
        # a job may have come between the look and the drop
        if not needed(ctl):
            return


def needed(ctl):
    """Does a job of the user's wait or run? Not when the state directory was removed."""
    return os.path.exists(ctl.store.file) and ctl.store.db.execute("SELECT 1 FROM jobs WHERE phase<2 AND kind<>? LIMIT 1",
                                (SIMULATED,)).fetchone()
