"""The machine under the mock: who starts processes, signals them, and lets time pass.

`here` is the machine that all runs on.  An entry point puts it there: `host.local` this computer
with its own processes, `host.browser` one interpreter whose processes are coroutines, which is
how a browser runs jobs.  Nothing else in the package asks which of the two it is.

A command that has to wait is a generator: it says `yield from machine.here.sleep(...)`.
This computer waits at once and yields nothing; the other machine's wait goes up to its
scheduler, which lets other processes go on meanwhile.
"""


class Machine:
    """What is asked of a machine. Seconds are the machine's where not the cluster's are meant;
    `ctl` is a slurmctld.controller.Controller."""

    # cluster seconds that pass in one of the machine's, where nobody says (0: see slurmctld/clock.py)
    speed = 1.0

    def finish(self, steps, call=None):
        """Run a command's generator to its end; what it returns. call: the commands.shared.call.Call
        that it works on, on whose cluster time passes (None: that of the environment)."""
        raise NotImplementedError

    # ---- processes --------------------------------------------------------

    def pid(self):
        """The id of the process that asks."""
        raise NotImplementedError

    def alive(self, state):
        """The locks of a state directory (see locks.py)."""
        raise NotImplementedError

    def supervise(self, ctl, *job_ids):
        """See that batch jobs get their supervisors (slurmd/slurmstepd.py)."""
        raise NotImplementedError

    def keep(self, ctl):
        """Have somebody do on time what is due (slurmctld/keeper.py)."""
        raise NotImplementedError

    def terminal(self):
        """Is there a terminal to write to?"""
        raise NotImplementedError

    def crew(self, tasks, files):
        """The tasks of a step, to be started (see slurmd/task.py)."""
        raise NotImplementedError

    def table(self):
        """All processes: {pid: proctrack.Process}."""
        raise NotImplementedError

    def environments(self):
        """(process id, [entries of its first environment]) of other processes."""
        raise NotImplementedError

    def amounts(self, pid):
        """What a process has used (common.jobacct.FIELDS); () if that cannot be seen."""
        raise NotImplementedError

    def send(self, pids, signum):
        """Signal processes; those that have gone meanwhile are fine."""
        raise NotImplementedError

    def stop(self, pids):
        """Stop processes, and return when they have."""
        raise NotImplementedError

    def bell(self, *signals):
        """What wakes a waiting process (see locks.py)."""
        raise NotImplementedError

    def child(self, command, env, folder):
        """Start a command as a child with this process's streams; its process id."""
        raise NotImplementedError

    def ended(self, pid):
        """A child's wait status; None while it runs."""
        raise NotImplementedError

    # ---- time: what yields is for `yield from` -----------------------------

    def settle(self, ctl):
        """On a stepping clock: let all that can happen at this moment happen."""
        raise NotImplementedError

    def sleep(self, ctl, seconds):
        """Sleep on the cluster's clock."""
        raise NotImplementedError

    def watch(self, ctl, done):
        """Wait until done()."""
        raise NotImplementedError

    def mind(self, ctl, turn):
        """Call turn(seconds it may wait) until it returns true."""
        raise NotImplementedError

    def beside(self, turn):
        """Like mind, for a process that leaves the clock to others."""
        raise NotImplementedError

    def pause(self, ctl, ready):
        """Wait for others to go on: until ready(), or a little."""
        raise NotImplementedError

    # ---- programs ----------------------------------------------------------

    def launchers(self, state):
        """Write the commands' files into a state directory."""
        raise NotImplementedError

    def become(self, call, name):
        """Run the program that stands on PATH behind the mock's; its exit code."""
        raise NotImplementedError


here = None
