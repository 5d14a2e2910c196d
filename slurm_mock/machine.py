"""The machine under the mock: who starts processes, signals them, and lets time pass.

`here` is this computer with its own processes.  `inprocess.install()` puts in its place a
machine whose processes are coroutines of one interpreter: that is how a browser runs jobs.
Nothing else in the package asks which of the two it is.

A command that has to wait is a generator: it says `yield from machine.here.sleep(...)`.
This computer waits at once and yields nothing; the other machine's wait goes up to its
scheduler, which lets other processes go on meanwhile.
"""

import os


class Machine:
    """This computer."""

    # cluster seconds that pass in one of the machine's, where nobody says (0: see clock.py)
    speed = 1.0

    def finish(self, steps):
        """Run a command's generator to its end; what it returns."""
        try:
            while True:
                next(steps)
        except StopIteration as end:
            return end.value

    # ---- processes --------------------------------------------------------

    def pid(self):
        """The id of the process that asks."""
        return os.getpid()

    def alive(self, state):
        """The locks of a state directory (see alive.py)."""
        from .alive import Alive
        return Alive(state)

    def supervise(self, ctl, *job_ids):
        """See that batch jobs get their supervisors."""
        from . import supervisor
        wanted = supervisor.wanted(ctl, job_ids)
        if wanted:
            ctl.detach(supervisor.main, *[(job_id,) for job_id in wanted])

    def keep(self, ctl):
        """Have somebody do on time what is due."""
        from . import keeper
        ctl.detach(keeper.main, ())

    def terminal(self):
        """Is there a terminal to write to?"""
        return os.isatty(1)

    def crew(self, tasks, files):
        """The tasks of a step, to be started (see tasks.py)."""
        from .tasks import Crew
        return Crew(tasks, files)

    def table(self):
        """All processes: {pid: processes.Process}."""
        from .processes import machine_table
        return machine_table()

    def environments(self):
        """(process id, [entries of its first environment]) of other processes."""
        from .processes import machine_environments
        return machine_environments()

    def amounts(self, pid):
        """What a process has used (task_usage.FIELDS); () if that cannot be seen."""
        from .task_usage import of_process
        return of_process(pid)

    def send(self, pids, signum):
        """Signal processes; those that have gone meanwhile are fine."""
        for pid in pids:
            try:
                os.kill(pid, signum)
            except (ProcessLookupError, PermissionError):
                pass

    def stop(self, pids):
        """Stop processes, and return when they have: SIGSTOP takes effect a moment after it was sent."""
        import time

        import _signal
        from .processes import machine_table
        names = [str(pid) for pid in pids]
        self.send(pids, _signal.SIGSTOP)
        for _ in range(200):
            if all(process.state in "TtZX" for pid, process in machine_table(names).items() if pid in pids):
                return
            time.sleep(0.005)

    def bell(self, *signals):
        """What wakes a waiting process (see alive.py)."""
        from .alive import Doorbell
        return Doorbell(*signals)

    def child(self, command, env, folder):
        """Start a command as a child with this process's streams; its process id."""
        from .commands.salloc import fork
        return fork(command, env, folder)

    def ended(self, pid):
        """A child's wait status; None while it runs."""
        done, status = os.waitpid(pid, os.WNOHANG)
        return status if done else None

    # ---- time: what yields is for `yield from` -----------------------------

    def settle(self, ctl):
        """On a stepping clock: let all that can happen at this moment happen."""
        from .world import settle
        settle(ctl)

    def sleep(self, ctl, seconds):
        """Sleep on the cluster's clock."""
        from .world import sleep
        sleep(ctl, seconds)
        return ()

    def watch(self, ctl, done):
        """Wait until done()."""
        from .world import watch
        watch(ctl, done)
        return ()

    def mind(self, ctl, turn):
        """Call turn(seconds it may wait) until it returns true."""
        if ctl.clock.stepping and not ctl.driven:
            from .world import drive
            drive(ctl, lambda: turn(0.0), meanwhile=lambda: turn(0.0))
        else:
            while not turn(1.0):
                continue
        return ()

    def beside(self, turn):
        """Like mind, for a process that leaves the clock to others."""
        while not turn(5.0):
            continue
        return ()

    def pause(self, ctl, ready):
        """Wait for others to go on: until ready(), or a little."""
        from .world import nap, settle, wait_turn
        if ctl.clock.stepping and ctl.driven:
            wait_turn(ctl, ready)
            return ()
        if ctl.clock.stepping:
            settle(ctl)
        nap(0.03)
        return ()

    # ---- programs ----------------------------------------------------------

    def launchers(self, state):
        """Write the commands' files into a state directory."""
        from .activate import write_launchers
        write_launchers(state)

    def become(self, call, name):
        """Run the program that stands on PATH behind the mock's; its exit code."""
        from .own_program import become
        return become(call, name)


here = Machine()
