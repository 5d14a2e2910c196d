"""The cluster's clock.

`--speed N`: it runs N times as fast as the machine's.  `--speed step`: it stands
still and jumps when somebody waits (see host/stepping.py).  What it says is the time of
everything the cluster records; nothing else in the package asks the machine.
"""

import time

from ..machine.locks import SLEEPER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..store.store import Store

    State = Any                          # state.State, which has a Clock

# Where a stepping clock begins, in local time: the same look in every time zone.
STEP_START = (2026, 3, 2, 9, 0, 0, 0, 0, -1)
# It goes no further than this, the last day of the year 9999.
LAST = 253402214400


class Clock:
    """Reads and sets the clock kept in a store. speed: cluster seconds that pass in one of the
    machine's; stepping: is it 0?"""

    def __init__(self, store: "Store") -> None:
        self.store = store
        self.speed: float = store.meta("clock_speed", 1.0)
        self.stepping = self.speed == 0

    @staticmethod
    def start(store: "Store", speed: float) -> None:
        """Set a new cluster's clock. speed: times as fast as the machine's; 0 steps."""
        store.set_meta("clock_speed", float(speed))
        store.set_meta("clock_real", time.time())
        store.set_meta("clock_cluster",
                       time.mktime(STEP_START) if not speed else float(time.time()))

    def set_speed(self, speed: float) -> None:
        """Go on from the present time at another speed."""
        now = self.now()
        with self.store:
            self.store.set_meta("clock_speed", float(speed))
            self.store.set_meta("clock_real", time.time())
            self.store.set_meta("clock_cluster", now)
        self.speed, self.stepping = float(speed), speed == 0

    def now(self) -> float:
        """Seconds since the epoch on the cluster's clock, with fractions."""
        if self.stepping:
            moment: float = self.store.meta("clock_cluster")
            return moment
        base, began = self.store.metas("clock_cluster", "clock_real")
        now: float = base + (time.time() - began) * self.speed
        return now

    def jump(self, to: float) -> None:
        """Move the clock forward to `to` (seconds since the epoch); it never goes back, and not
        beyond LAST."""
        with self.store:
            ahead = min(to, LAST) - self.now()
            if ahead > 0:
                self.store.set_meta("clock_cluster", self.store.meta("clock_cluster") + ahead)

    def real(self, seconds: float) -> float:
        """Cluster seconds -> seconds of the machine (a stepping clock costs none)."""
        return 0.0 if self.stepping else max(0.0, seconds) / self.speed


def wake_waiting(ctl: "State", job_id: int) -> None:
    """Let the commands of a job that wait for something look again."""
    from ..store import sleepers
    for row in sleepers.waiting(ctl.store, job_id):
        ctl.alive.poke(SLEEPER + row)
