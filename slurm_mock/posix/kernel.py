"""Processes without an operating system: coroutines of this interpreter, run in turn.

A process runs until it waits (`await Wait(...)`); then the others have their turn.  When
all wait, the cluster's clock jumps to the next moment at which something happens.  So
every run is the same, and an hour in the queue takes no longer than what happens in it.
"""

import errno
import os
import signal as _signals

from .wait import Signalled

# So often may a process that does not wait say that it goes on computing, before the clock
# moves for it, a second at first and then ever more: computing costs no time, but an endless
# loop must meet its time limit.
BREATHS = 50

NEVER = ("slurm_mock: interrupted: what this command waits for never comes by itself (a job that is "
         "held, or whose dependency cannot be met?)\n")

IGNORED_BY_DEFAULT = {_signals.SIGCHLD, _signals.SIGCONT, _signals.SIGURG, _signals.SIGWINCH}


class Deadlock(Exception):
    """All processes wait, and nothing will ever happen."""


class Process:
    """A process: its coroutine, environment (dict), working directory and open files."""

    def __init__(self, pid, parent, session, env, cwd, files, name):
        self.pid, self.parent, self.session = pid, parent, session
        self.env, self.cwd, self.files, self.name = env, cwd, files, name
        self.first_env = dict(env)
        self.status = None               # wait status; None while it runs
        self.coroutine = self.wait = None
        self.running = self.stopped = False
        self.breaths = self.busy = 0
        self.amounts = ()                # what it says that it uses (jobacct.FIELDS)
        self.signals = []                # sent, not yet delivered
        self.handlers = {}               # signal number -> None (ignore) or function(signum)

    @property
    def driven(self):
        """Is it part of a job?"""
        return bool(self.env.get("MOCK_SLURM_DRIVEN"))

    def open(self, name, flags, mode=0o666):
        """Open a file by a name relative to the working directory. Raises OSError."""
        from .files import Disk, Null
        path = os.path.join(self.cwd, name)
        if path == "/dev/null":
            return Null()
        if path.startswith("/dev/fd/"):
            number = path[8:]
            if not number.isdecimal() or int(number) not in self.files:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            return self.files[int(number)].dup()
        if path in ("/dev/stdin", "/dev/stdout", "/dev/stderr"):
            return self.files[("/dev/stdin", "/dev/stdout", "/dev/stderr").index(path)].dup()
        return Disk(os.open(path, flags | os.O_CLOEXEC, mode))

    async def write(self, data, fd=1):
        """Write text or bytes to one of the open files."""
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogateescape")
        file = self.files.get(fd)
        if file is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        await file.write(data)

    async def read(self, fd=0):
        """All that is left to read, as bytes."""
        file, parts = self.files.get(fd), []
        while file is not None:
            data = await file.read(65536)
            if not data:
                break
            parts.append(data)
        return b"".join(parts)

    async def line(self, fd=0):
        """One line with its end as bytes; b"" at the end of the file."""
        file = self.files.get(fd)
        return await file.line() if file is not None else b""


class World:
    """All processes, and the clock that they live by."""

    def __init__(self):
        self.processes = {}
        self.current = None
        self.last_pid = 1000
        self.now = 0.0                   # the clock where there is no cluster

    # ---- processes --------------------------------------------------------

    def spawn(self, main, env, cwd, files, parent=None, new_session=False, name=""):
        """Start a process: main(process) gives its coroutine, whose value is the exit code.

        files: {number: File}, which become the process's own.
        """
        self.last_pid += 1
        parent = parent or self.current
        pid = self.last_pid
        process = Process(pid, parent.pid if parent else 1,
                          pid if new_session or not parent else parent.session,
                          env, cwd, files, name)
        if parent:
            process.handlers = {s: h for s, h in parent.handlers.items() if h is None}
        process.coroutine = main(process)
        self.processes[pid] = process
        return process

    def kill(self, pid, signum):
        """Send a signal; False if there is no such process."""
        process = self.processes.get(pid)
        if process is None:
            return False
        if signum == _signals.SIGCONT:
            process.stopped = False
        if signum in (_signals.SIGSTOP, _signals.SIGTSTP):
            process.stopped = True
        elif signum and not (signum in IGNORED_BY_DEFAULT and signum not in process.handlers):
            process.signals.append(signum)
        return True

    def runnable(self, process, now):
        if process.running or process.stopped and _signals.SIGKILL not in process.signals:
            return False
        if process.signals:
            return True
        wait = process.wait
        if wait is None:
            return True
        if wait.breath:
            return process.breaths < BREATHS
        return self.over(process, now)

    def over(self, process, now):
        """Has what a process waits for come?"""
        wait = process.wait
        if wait.until is not None and now >= wait.until:
            return True
        process.running = True           # looking may let others go on: not this one
        try:
            return bool(wait.done and wait.done())
        finally:
            process.running = False

    def step(self, process):
        """Let a process run until it waits or ends."""
        before, self.current = self.current, process
        process.running = True
        try:
            request = self._resume(process)
            process.wait = request
            if request.breath:
                process.breaths += 1
        except StopIteration as end:
            self._end(process, (int(end.value or 0) & 255) << 8)
        except Signalled as end:
            self._end(process, int(end.signum))
        except Exception as error:
            # a mistake of ours, or a file that cannot be written: this process alone ends by it
            self._broken(process, error)
        finally:
            process.running = False
            self.current = before

    def _resume(self, process):
        while process.signals:
            signum = process.signals.pop(0)
            if signum in process.handlers and signum != _signals.SIGKILL:
                handler = process.handlers[signum]
                if handler:
                    handler(signum)
                continue
            return process.coroutine.throw(Signalled(signum))
        wait = process.wait
        if wait is not None and not (wait.breath or wait.until is None and wait.done is None):
            over = self.over(process, self.clock_now())
            process.running = True
            if not over:
                return wait              # the signal was only noted
        return process.coroutine.send(None)

    def _broken(self, process, error):
        import traceback
        text = f"{process.name}: {error}\n"
        if not isinstance(error, OSError):
            text = "slurm_mock: a mistake in the browser lab itself:\n" + traceback.format_exc()
        try:
            process.write(text, 2).send(None)
        except (StopIteration, OSError):
            pass
        self._end(process, 1 << 8)

    def _end(self, process, status):
        process.status = status
        process.coroutine.close()        # of who was killed before his first step
        for file in process.files.values():
            file.close()
        process.files = {}
        self.processes.pop(process.pid, None)

    def turn(self):
        """One turn for each process that can go on; did any?"""
        now, ran = self.clock_now(), False
        for process in list(self.processes.values()):
            if process.status is None and self.runnable(process, now):
                self.step(process)
                ran = True
        return ran

    # ---- time -------------------------------------------------------------

    cluster = None                       # the Controller whose clock is the clock, while it is open

    def clock_now(self):
        """Cluster seconds; without a cluster, seconds that were slept."""
        return self.cluster.clock.now() if self.cluster else self.now

    def settle(self, ctl=None):
        """Let all that can happen at this moment happen."""
        before = self.cluster
        self.cluster = ctl or before
        try:
            if self.cluster:
                self.cluster.tick()
            while True:
                if self.turn():
                    continue
                if not self.cluster or self.cluster.store.meta("next_event", 0) > self.cluster.now:
                    return
                self.cluster.tick()
        finally:
            self.cluster = before

    def drive(self, done, until=None, ctl=None):
        """Let time pass until done() is true or the clock has reached `until` (cluster seconds);
        was done()? Raises Deadlock."""
        from ..slurmctld import background
        before = self.cluster
        self.cluster = ctl = ctl or before
        try:
            while True:
                self.settle()
                if done():
                    return True
                now = self.clock_now()
                if until is not None and now >= until:
                    return False
                moments = [p.wait.until for p in self.processes.values()
                           if p.wait and p.wait.until is not None and not p.stopped]
                busy = [p.busy for p in self.processes.values() if p.wait and p.wait.breath]
                if busy:
                    moments.append(int(now) + 2 ** min(max(busy), 12))
                if ctl:
                    moments.append(background.next_time(ctl))
                moments.append(until)
                moments = [m for m in moments if m is not None and m > now]
                if not moments:
                    raise Deadlock
                self.jump(min(moments))
        finally:
            self.cluster = before

    def jump(self, to):
        """Move the clock; who was computing may go on."""
        if self.cluster:
            self.cluster.clock.jump(to)
        else:
            self.now = max(self.now, to)
        for process in self.processes.values():
            process.busy = process.busy + 1 if process.wait and process.wait.breath else 0
            process.breaths = 0

    def run(self, process):
        """Let a process of the user's run to its end, whatever that takes; its wait status."""
        self.run_until(process, lambda: process.status is not None)
        return process.status

    def run_until(self, process, done, beyond=False):
        """Let a process of the user's run until done() is true or, but with `beyond`, it has ended."""
        from ..slurmctld.controller import Controller
        from ..store.store import StoreError
        state, ctl = process.env.get("MOCK_SLURM_STATE"), None
        if state and not self.cluster:
            try:
                ctl = Controller.open(state, process.env)
            except StoreError:
                ctl = None               # the command itself says what is wrong
        before, self.cluster = self.cluster, ctl or self.cluster
        try:
            def over():
                return done() or process.status is not None and not beyond

            while not over() and self.turn_of(process):
                continue
            if not over():
                self.drive(over, ctl=ctl)
        except KeyboardInterrupt:
            self.kill(process.pid, _signals.SIGINT)
            raise
        except Deadlock:
            self.give_up(process)
        finally:
            self.cluster = before
            if ctl:
                ctl.close()

    def give_up(self, process):
        """Interrupt a command that waits for what never comes."""
        try:
            process.write(NEVER, 2).send(None)
        except (StopIteration, OSError):
            pass
        self.interrupt(process)

    def interrupt(self, process):
        """Ctrl-C for a command and all that it started, jobs left out."""
        mine = {process.pid}
        for one in list(self.processes.values()):
            if one.parent in mine and not one.driven:
                mine.add(one.pid)
        for pid in sorted(mine, reverse=True):
            one = self.processes.get(pid)
            if one:
                one.handlers.pop(_signals.SIGINT, None)
                self.kill(pid, _signals.SIGINT)
                self.step(one)

    def turn_of(self, process):
        """A turn for a process and what it started, jobs left out: did any go on?"""
        mine, now, ran = {process.pid}, self.clock_now(), False
        for one in list(self.processes.values()):
            if one.parent in mine:
                mine.add(one.pid)
            if one.pid in mine and one.status is None and not one.driven \
                    and self.runnable(one, now):
                self.step(one)
                ran = True
        return ran


world = World()


class NotRunnable(Exception):
    """A command's words name no program that runs here."""

    def __init__(self, text, code, raw=False):
        super().__init__(text)
        self.text, self.code, self.raw = text, code, raw
