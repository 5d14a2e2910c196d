"""The keeper: does what is due while a job of the user's waits or runs.

Started by any command that leaves such a job, gone soon after there is none.  It holds nothing
that would be lost with it: any other process may take its place.
"""

import os
import time
from _sqlite3 import Error

from ..machine.locks import KEEPER, Doorbell
from .controller import Controller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..machine import Bell
    from .controller import Controller

# Longest sleep in real seconds: so long may pass until a supervisor's death is noticed.
NAP = 5.0
# Jobs come one after the other: so long (real seconds) the keeper stays where none is left.
LINGER = 0.5
# Real seconds until it is looked again whether all that was started has a supervisor.
AGAIN = 0.05
# So many times as long as a look at the queue takes the next one waits: what comes meanwhile is
# looked at together.
REST = 2.0


def main(state: str, nap: float = NAP, linger: float = LINGER) -> None:
    """The life of the keeper of a state directory."""
    bell = Doorbell()
    ctl = Controller.open(state, os.environ)
    while ctl.alive.hold(KEEPER):
        mind(ctl, bell, nap, linger)
        ctl.alive.drop(KEEPER)
        # a job may have come between the look and the drop
        if not needed(ctl):
            return


def mind(ctl: "Controller", bell: "Bell", nap: float, linger: float) -> None:
    """Do what is due until nobody has needed it for a while. bell: rings when there is more."""
    until = look = rested = 0.0
    while True:
        now = time.monotonic()
        if not needed(ctl):
            until = until or now + linger
            if now >= until or not os.path.exists(ctl.store.file):
                return
            bell.wait(until - now)
            continue
        until = 0.0
        try:
            ctl.refresh()
            if now >= rested and (now >= look or ctl.clock.now() >= ctl.store.meta("next_event", 0)):
                left, look = ctl.tick(), now + nap
                rested = time.monotonic() + REST * (time.monotonic() - now)
            else:
                left = ctl.launch()
            due = ctl.clock.real(ctl.store.meta("next_event", 0) - ctl.clock.now())
            due = max(due, rested - time.monotonic())
        except Error:
            # a full or read-only disk: look again after a while
            bell.wait(nap)
            continue
        bell.wait(min(AGAIN if left else nap, max(0.005, due)))


def needed(ctl: "Controller") -> bool:
    """Does a job of the user's wait or run? Not when the state directory was removed."""
    return os.path.exists(ctl.store.file) and ctl.store.user_jobs_wait_or_run()
