"""The cluster's stepping clock as the clock of the processes in one interpreter.

slurmctld is imported late: a notebook's kernel reads this file before what Python lacks in a
browser is put in (missing.py).
"""

from contextlib import contextmanager

from ...posix.kernel import Seconds


class ClusterClock(Seconds):
    """The clock of the cluster that somebody looks at; else the interpreter's own seconds.

    ctl: the open slurmctld.controller.Controller, None while nobody looks at any.
    """

    ctl = None

    def now(self):
        """Cluster seconds since the epoch; without a cluster, seconds that were slept."""
        return self.ctl.clock.now() if self.ctl else super().now()

    def date(self):
        """Cluster seconds; None without a cluster."""
        return self.ctl.clock.now() if self.ctl else None

    def jump(self, to):
        """Go on to the moment `to`, if it is not over."""
        if self.ctl:
            self.ctl.clock.jump(to)
        else:
            super().jump(to)

    def due(self):
        """Has the controller to look again at this moment?"""
        return bool(self.ctl) and self.ctl.store.meta("next_event", 0) <= self.ctl.now

    def tick(self):
        """Let the controller do all that is due, and start what can start."""
        if self.ctl:
            self.ctl.tick()

    def next_moment(self):
        """When the next thing happens on the cluster by itself; None if nothing will."""
        if not self.ctl:
            return None
        from ...slurmctld.background import next_time
        return next_time(self.ctl)

    @contextmanager
    def of(self, ctl):
        """A context in which the time is that of a Controller's cluster (None: as before)."""
        before, self.ctl = self.ctl, ctl or self.ctl
        try:
            yield
        finally:
            self.ctl = before

    @contextmanager
    def followed(self, env):
        """A context in which the time is that of the cluster that an environment names, unless one
        is looked at already."""
        state, ctl = env.get("MOCK_SLURM_STATE"), None
        if state and not self.ctl:
            from ...slurmctld.controller import Controller
            from ...store.connection import StoreError
            try:
                ctl = Controller.open(state, env)
            except StoreError:
                ctl = None               # the command itself says what is wrong
        try:
            with self.of(ctl):
                yield
        finally:
            if ctl:
                ctl.close()
