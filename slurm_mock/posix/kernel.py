"""Processes without an operating system: coroutines of this interpreter, run in turn.

A process runs until it waits (`await Wait(...)`); then the others have their turn.  When
all wait, the clock jumps to the next moment at which something happens.  So every run is
the same, and an hour takes no longer than what happens in it.
"""

import errno
import os
import signal as _signals
from contextlib import nullcontext

from .exec import Programs
from .files import Disk, Null
from .wait import Signalled

# So often may a process that does not wait say that it goes on computing, before the clock
# moves for it, a second at first and then ever more: computing costs no time, but an endless
# loop must meet its time limit.
BREATHS = 50

# The process id of the interpreter itself: the parent of who was started by nobody.
INTERPRETER = 1

IGNORED_BY_DEFAULT = {_signals.SIGCHLD, _signals.SIGCONT, _signals.SIGURG, _signals.SIGWINCH}


class Deadlock(Exception):
    """All processes wait, and nothing will ever happen."""


class Seconds:
    """The clock of a world in which time is only slept away: seconds since it began.

    A host may give another one, where things happen beside the processes.
    """

    def __init__(self):
        self.begin()

    def begin(self):
        """The world begins."""
        self.seconds = 0.0

    def now(self):
        """Seconds, with fractions."""
        return self.seconds

    def date(self):
        """The same as seconds since the epoch; None where they tell no date."""
        return None

    def jump(self, to):
        """Go on to the moment `to`, if it is not over."""
        self.seconds = max(self.seconds, to)

    def due(self):
        """Is there something for `tick` to do at this moment?"""
        return False

    def tick(self):
        """Do all that is due, beside the processes."""

    def next_moment(self):
        """When something happens beside the processes; None if nothing will."""
        return None

    def followed(self, env):
        """A context in which this is the clock of who has that environment."""
        return nullcontext()


class Process:
    """A process: its coroutine, environment (dict), working directory and open files."""

    def __init__(self, world, pid, parent, session, env, cwd, files, name):
        self.world = world
        self.pid, self.parent, self.session = pid, parent, session
        self.env, self.cwd, self.files, self.name = env, cwd, files, name
        self.first_env = dict(env)
        self.status = None               # wait status; None while it runs
        self.coroutine = self.wait = None
        self.running = self.stopped = False
        self.breaths = self.busy = 0
        self.amounts = ()                # what it says that it uses: a host's own numbers
        self.signals = []                # sent, not yet delivered
        self.handlers = {}               # signal number -> None (ignore) or function(signum)

    def open(self, name, flags, mode=0o666):
        """Open a file by a name relative to the working directory. Raises OSError."""
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
        """Write text or bytes to one of the open files. Raises OSError, and Signalled where nobody
        reads a pipe."""
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogateescape")
        file = self.files.get(fd)
        if file is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        await file.write(data)

    async def read(self, fd=0):
        """All that is left to read, as bytes; b"" where no file is open. Raises OSError."""
        file, parts = self.files.get(fd), []
        while file is not None:
            data = await file.read(65536)
            if not data:
                break
            parts.append(data)
        return b"".join(parts)

    async def line(self, fd=0):
        """One line with its end as bytes; b"" at the end of the file, and where none is open.
        Raises OSError."""
        file = self.files.get(fd)
        return await file.line() if file is not None else b""


class World:
    """All processes, the clock that they live by, and the programs that they can run.

    clock: Seconds, or what has its methods; programs: exec.Programs.  A host that knows more of
    its processes says so in a subclass, by what stands here first.
    """

    # what a command is told that waits for what never comes, and before a traceback of ours
    never = "interrupted: what this command waits for never comes by itself\n"
    mistake = "a mistake in the browser lab itself:\n"

    def apart(self, process):
        """Does a process live on its own: not interrupted with the command that started it?"""
        return False

    def node_name(self, env):
        """The host's name, as a process with this environment sees it."""
        return os.uname().nodename

    def nproc(self, env):
        """How many CPUs such a process may use, as text."""
        return "1"

    def __init__(self, clock=None, programs=None):
        self.clock, self.programs = clock or Seconds(), programs or Programs()
        self.begin()

    def begin(self):
        """The world begins, without processes."""
        self.clock.begin()
        self.processes = {}
        self.current = None
        self.last_pid = 1000
        self.stirs = 0
        self.start_up = None             # the shell's start-up file: (its text, the tree of it)

    def clear(self):
        """End all processes at once, and begin anew."""
        while self.processes:
            ended, self.processes = self.processes, {}
            for process in ended.values():
                self.current = process
                try:
                    self._end(process, int(_signals.SIGKILL))
                except Exception:
                    # what it wanted to do at last cannot be done any more
                    process.files = {}
        self.begin()

    @property
    def now(self):
        """Seconds on the clock."""
        return self.clock.now()

    # ---- processes --------------------------------------------------------

    def spawn(self, main, env, cwd, files, parent=None, new_session=False, name=""):
        """Start a process: main(process) gives its coroutine, whose value is the exit code.

        files: {number: File}, which become the process's own.
        """
        self.last_pid += 1
        parent = parent or self.current
        pid = self.last_pid
        process = Process(self, pid, parent.pid if parent else INTERPRETER,
                          pid if new_session or not parent else parent.session,
                          env, cwd, files, name)
        if parent:
            process.handlers = {s: h for s, h in parent.handlers.items() if h is None}
        process.coroutine = main(process)
        self.processes[pid] = process
        return process

    def descendants(self, pid):
        """The Processes that a process started, and those that these started, oldest first."""
        found = {pid: None}
        for one in self.processes.values():
            if one.parent in found:
                found[one.pid] = one
        return list(found.values())[1:]

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
            if signum not in process.signals:
                self.stir()
            process.signals.append(signum)
        return True

    def stir(self):
        """Who only looks whether his wait is over has let others go on: they are to be asked again
        before the clock moves."""
        self.stirs += 1

    def runnable(self, process, now):
        """May a process have a turn at the moment `now`: is it not stopped, and does it wait for
        nothing that is still to come?"""
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
        # looking may let others go on: not this one
        process.running, before, self.current = True, self.current, process
        try:
            return bool(wait.done and wait.done())
        finally:
            process.running, self.current = False, before

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
            over = self.over(process, self.now)
            process.running = True
            if not over:
                return wait              # the signal was only noted
        return process.coroutine.send(None)

    def _broken(self, process, error):
        import traceback
        text = f"{process.name}: {error}\n"
        if not isinstance(error, OSError):
            text = self.mistake + traceback.format_exc()
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
        """One turn for each process that can go on; did any, or may one now?"""
        now, ran, stirs = self.now, False, self.stirs
        for process in list(self.processes.values()):
            if process.status is None and self.runnable(process, now):
                self.step(process)
                ran = True
        return ran or self.stirs != stirs

    # ---- time -------------------------------------------------------------

    def settle(self):
        """Let all that can happen at this moment happen."""
        self.clock.tick()
        while True:
            if self.turn():
                continue
            if not self.clock.due():
                return
            self.clock.tick()

    def drive(self, done, until=None):
        """Let time pass until done() is true or the clock has reached `until`; was done()? Raises
        Deadlock."""
        while True:
            self.settle()
            stirs = self.stirs
            if done():
                return True
            if self.stirs != stirs:
                continue
            now = self.now
            if until is not None and now >= until:
                return False
            moments = [p.wait.until for p in self.processes.values()
                       if p.wait and p.wait.until is not None and not p.stopped]
            busy = [p.busy for p in self.processes.values() if p.wait and p.wait.breath]
            if busy:
                moments.append(int(now) + 2 ** min(max(busy), 12))
            moments += self.clock.next_moment(), until
            moments = [m for m in moments if m is not None and m > now]
            if not moments:
                raise Deadlock
            self.jump(min(moments))

    def jump(self, to):
        """Move the clock; who was computing may go on."""
        self.clock.jump(to)
        for process in self.processes.values():
            process.busy = process.busy + 1 if process.wait and process.wait.breath else 0
            process.breaths = 0

    def run(self, process):
        """Let a process of the user's run to its end, whatever that takes; its wait status. Raises
        KeyboardInterrupt, of which the process has been told."""
        self.run_until(process, lambda: process.status is not None)
        return process.status

    def run_until(self, process, done, beyond=False):
        """Let a process of the user's run until done() is true or, but with `beyond`, it has ended.
        Raises KeyboardInterrupt, of which the process has been told."""
        def over():
            return done() or process.status is not None and not beyond

        with self.clock.followed(process.env):
            try:
                while not over() and self.turn_of(process):
                    continue
                if not over():
                    self.drive(over)
            except KeyboardInterrupt:
                self.kill(process.pid, _signals.SIGINT)
                raise
            except Deadlock:
                self.give_up(process)

    def give_up(self, process):
        """Interrupt a command that waits for what never comes."""
        try:
            process.write(self.never, 2).send(None)
        except (StopIteration, OSError):
            pass
        self.interrupt(process)

    def interrupt(self, process):
        """Ctrl-C for a command and all that it started, but for who lives apart."""
        mine = {process.pid}
        for one in list(self.processes.values()):
            if one.parent in mine and not self.apart(one):
                mine.add(one.pid)
        for pid in sorted(mine, reverse=True):
            one = self.processes.get(pid)
            if one:
                one.handlers.pop(_signals.SIGINT, None)
                self.kill(pid, _signals.SIGINT)
                self.step(one)

    def turn_of(self, process):
        """A turn for a process and what it started, but for who lives apart: did any go on?"""
        mine, now, ran = {process.pid}, self.now, False
        for one in list(self.processes.values()):
            if one.parent in mine:
                mine.add(one.pid)
            if one.pid in mine and one.status is None and not self.apart(one) \
                    and self.runnable(one, now):
                self.step(one)
                ran = True
        return ran
