"""This computer, with its own processes: the machine of launchers, tests and notebooks on a desktop."""

import os

from .. import machine


class Local(machine.Machine):
    """This computer.

    sole_connection: has this process no other connection to a store than its controller's? So it
    is in a command's own process (launch.py), not where commands are functions of a bigger program.
    """

    def __init__(self, sole_connection=False):
        self.sole_connection = sole_connection

    def finish(self, steps, call=None):
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
        """The locks of a state directory (see machine/locks.py)."""
        from ..machine.locks import Alive
        return Alive(state)

    def supervise(self, ctl, *job_ids):
        """See that batch jobs get their supervisors."""
        from ..slurmd import slurmstepd
        wanted = slurmstepd.wanted(ctl, job_ids)
        if wanted:
            self._detach(ctl, slurmstepd.main, *[(job_id,) for job_id in wanted])

    def keep(self, ctl):
        """Have somebody do on time what is due."""
        from ..slurmctld import keeper
        self._detach(ctl, keeper.main, ())

    def _detach(self, ctl, function, *calls):
        """Run function(state, *args) for each args of `calls`, in processes of their own that
        outlive this one."""
        from ..machine.daemonize import detach
        # other connections of this process would haunt SQLite in a fork of it; the
        # environment of a job would have it ended with that job
        detach(ctl.store, function, calls, not self.sole_connection or ctl.driven)

    def terminal(self):
        """Is there a terminal to write to?"""
        return os.isatty(1)

    def table(self):
        """All processes: {pid: proctrack.Process}."""
        from ..machine.proctrack import machine_table
        return machine_table()

    def environments(self):
        """(process id, [entries of its first environment]) of other processes."""
        from ..machine.proctrack import machine_environments
        return machine_environments()

    def amounts(self, pid):
        """What a process has used (jobacct.FIELDS); () if that cannot be seen."""
        from ..slurmd.jobacct_gather import of_process
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
        import _signal
        import time

        from ..machine.proctrack import machine_table
        names = [str(pid) for pid in pids]
        self.send(pids, _signal.SIGSTOP)
        for _ in range(200):
            if all(process.state in "TtZX" for pid, process in machine_table(names).items() if pid in pids):
                return
            time.sleep(0.005)

    def bell(self, *signals):
        """What wakes a waiting process (see machine/locks.py)."""
        from ..machine.locks import Doorbell
        return Doorbell(*signals)

    def interrupted_by(self, *signals):
        """Let signals raise KeyboardInterrupt, until what is returned is called."""
        import _signal
        before = {number: _signal.getsignal(number) for number in signals}
        for number, handler in before.items():
            if handler != _signal.SIG_IGN:
                _signal.signal(number, _signal.default_int_handler)

        def restore():
            for number, handler in before.items():
                _signal.signal(number, handler or _signal.SIG_DFL)
        return restore

    def left_behind(self, state, job_id, owner, script, young):
        """Process ids of what a job's script left when it ended."""
        from ..machine.proctrack import left_behind
        return left_behind(state, job_id, owner, script, young)

    def leave(self):
        """End this process at once."""
        os._exit(1)

    # ---- children ----------------------------------------------------------

    def start(self, program):
        """Start a daemonize.Program as a child; its process id. Raises OSError."""
        from ..machine.daemonize import start
        return start(program)

    def child(self, command, env, folder):
        """Start a command as a child with this process's streams; its process id."""
        from ..machine.daemonize import fork
        return fork(command, env, folder)

    def ended(self, pid):
        """(a child's wait status, what it used), to be asked for once; None while it runs."""
        done, status, used = os.wait4(pid, os.WNOHANG)
        return (status, used) if done else None

    def signal_child(self, pid, signum):
        """Signal a child that runs, with all that is in its session."""
        try:
            os.killpg(pid, signum)
        except ProcessLookupError:
            # not yet a group of its own, or just gone: it is still ours to be reaped
            os.kill(pid, signum)

    def sweep_child(self, pid):
        """Kill what a child that has ended left in its session."""
        import _signal
        try:
            os.killpg(pid, _signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass

    def kill_children(self, pids):
        """Kill children with what they left, and wait for their ends."""
        import _signal
        ends = {}
        for pid in pids:
            os.kill(pid, _signal.SIGKILL)
        for pid in pids:
            _, *ends[pid] = os.wait4(pid, 0)
            self.sweep_child(pid)
        return ends

    # ---- files: descriptors -------------------------------------------------

    def own(self, stream):
        """This process's file 0, 1 or 2."""
        return stream

    def open(self, name, flags):
        """Open a file by its absolute name. Raises OSError."""
        return os.open(name, flags, 0o666)

    def close(self, file):
        """Let go of a file."""
        os.close(file)

    def pipe(self, writes):
        """(the child's end, ours) of a pipe; only ours does not block. Raises OSError."""
        read, write = os.pipe()
        theirs, ours = (write, read) if writes else (read, write)
        os.set_blocking(ours, False)
        return theirs, ours

    def take(self, file):
        """What can be read now, as bytes: none if there is nothing yet. None at the end."""
        try:
            return os.read(file, 65536) or None
        except BlockingIOError:
            return b""
        except OSError:
            return None                  # a terminal that nobody has any more

    def offer(self, file, data):
        """Write what fits now; how many bytes that was. Raises OSError where nobody reads."""
        try:
            return os.write(file, data)
        except BlockingIOError:
            return 0

    def put(self, file, data):
        """Write bytes, all of them. Raises OSError, when some may be lost."""
        while data:
            try:
                data = data[os.write(file, data):]
            except BlockingIOError:
                self.ready(None, (), (file,), None)

    def ready(self, bell, reads, writes, seconds):
        """(files to take from, files to offer to), after up to `seconds`, or the bell's ring."""
        import select
        readable, writable, _ = select.select([*([bell.read] if bell else ()), *reads], writes, (),
                                              seconds)
        return readable, writable

    def one_output(self):
        """Do this process's stdout and stderr end in the same place?"""
        try:
            return os.path.sameopenfile(1, 2)
        except OSError:
            return False

    def input_kind(self):
        """What this process reads: "terminal", "nothing" or "data"."""
        import stat
        try:
            kind = os.fstat(0).st_mode
        except OSError:
            return "nothing"
        if os.isatty(0):
            return "terminal"
        return "nothing" if stat.S_ISCHR(kind) else "data"

    # ---- time: what yields is for `yield from` -----------------------------

    def settle(self, ctl):
        """On a stepping clock: let all that can happen at this moment happen."""
        from .stepping import settle
        settle(ctl)

    def sleep(self, ctl, seconds):
        """Sleep on the cluster's clock."""
        from .stepping import sleep
        sleep(ctl, seconds)
        return ()

    def watch(self, ctl, done):
        """Wait until done()."""
        from .stepping import watch
        watch(ctl, done)
        return ()

    def mind(self, ctl, turn):
        """Call turn(seconds it may wait) until it returns true."""
        if ctl.clock.stepping and not ctl.driven:
            from .stepping import drive
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
        from .stepping import nap, settle, wait_turn
        if ctl.clock.stepping and ctl.driven:
            wait_turn(ctl, ready)
            return ()
        if ctl.clock.stepping:
            settle(ctl)
        nap(0.03)
        return ()

    def nap(self, seconds):
        """Wait so many seconds."""
        import time
        time.sleep(seconds)
        return ()

    def grace(self, pids):
        """Wait a moment, in which processes that were signalled may end."""
        # never at rest (stepping.at_rest): who was killed in his sleep may not be dead yet, and the
        # stepping clock would run on to where he would have woken
        for _ in range(50):
            self.nap(0.001)
        return ()

    # ---- programs ----------------------------------------------------------

    def launchers(self, state):
        """Write the commands' files into a state directory."""
        from ..site.activate import write_launchers
        write_launchers(state)

    def become(self, call, name):
        """Run the program that stands on PATH behind the mock's; its exit code."""
        from ..machine.own_program import become
        return become(call, name)


def install(sole_connection: bool = False) -> None:
    """Let this computer be the machine that all runs on, where none was chosen yet."""
    if machine.here is None:
        machine.here = Local(sole_connection)
