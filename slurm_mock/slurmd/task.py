"""The tasks of a step: starting them, passing their input and output on, collecting their ends.

srun runs them as its own children, each in a session of its own, so that a Ctrl-C at
the terminal reaches srun alone, as on a cluster where tasks are elsewhere.
"""

import _signal
import os
import select

from .. import machine
from ..common.signals import TEXTS
from ..machine.daemonize import find
from ..machine.locks import Doorbell

# Signals that may reach a task before it is itself: they must not ring its parent's bell.
EARLY = (_signal.SIGTERM, _signal.SIGINT, _signal.SIGCONT, _signal.SIGUSR1)


class Task:
    """One task: where it is, its process, how it ended (wait status; None while it runs).

    label: its lines begin with its rank, though those of others may not (Files.label).
    """

    __slots__ = ("rank", "node", "pid", "status", "out", "err", "stdin", "pending", "rusage",
                 "label")

    def __init__(self, rank, node, label=False):
        self.rank, self.node, self.pid, self.status = rank, node, 0, None
        self.out = self.err = self.stdin = -1
        self.pending, self.rusage, self.label = b"", None, label


class Files:
    """Where the tasks' output goes: `out` and `err` are -o and -e (None: to srun's own),
    `stdin` the file of -i, `label` puts the rank before each line, with `pty` task zero has
    a terminal and the others nothing. `stage`: who looks on (attach.Stage)."""

    def __init__(self, out=None, err=None, stdin=None, label=False, append=False, pty=False,
                 stage=None):
        self.out, self.err, self.stdin, self.label, self.append = out, err, stdin, label, append
        self.pty, self.stage = pty, stage

    @property
    def one_stream(self):
        """Do stdout and stderr go through one pipe? Where they end in the same place, what a
        task writes must stay in its order."""
        if self.label or self.pty or self.out is not None or self.err is not None:
            return False
        try:
            return os.path.sameopenfile(1, 2)
        except OSError:
            return False


class Crew:
    """The tasks of one step while they run."""

    terminal = None              # task zero's own, with --pty

    def __init__(self, tasks, files, width=0):
        self.tasks, self.files = tasks, files
        self.width = width or len(str(max(0, len(tasks) - 1)))
        self.bell = Doorbell(_signal.SIGCHLD, _signal.SIGTERM, _signal.SIGCONT, _signal.SIGINT,
                             *([_signal.SIGWINCH] if files.pty else []))
        self.lines = {}          # read end -> (task, stream, unfinished line)
        self.feed = -1           # our stdin, while it is passed on

    # ---- starting -----------------------------------------------------------

    def start(self, command_of, env_of, cwd, paths):
        """Start all tasks. command_of(rank) -> argv; env_of(task) -> environment;
        paths(task, pattern) -> file name of an output pattern."""
        self._empty_files(paths)
        forward = self._forwards_stdin()
        if self.files.pty:
            from ..machine.pty import Terminal
            self.terminal = Terminal()
        for task in self.tasks:
            self._start(task, command_of(task.rank), env_of, cwd, paths, forward)
        if self.terminal:
            first = self.tasks[0]
            self.lines[self.terminal.ours] = [first, 1, b""]
            first.stdin = os.dup(self.terminal.ours)
            self.terminal.begin()
        if forward or self.terminal:
            self.feed = 0

    def _forwards_stdin(self):
        """Must our stdin be read and passed on (a terminal, or several readers of a pipe)?"""
        if self.files.stdin is not None or self.files.pty:
            return False
        import stat
        try:
            kind = os.fstat(0).st_mode
        except OSError:
            return False
        if stat.S_ISCHR(kind) and not os.isatty(0):
            return False
        return os.isatty(0) or len(self.tasks) > 1

    def _start(self, task, argv, env_of, cwd, paths, forward):
        out_r = err_r = out_w = err_w = in_r = in_w = -1
        files = self.files
        if self._labels(task) or not files.pty and files.out is None:
            out_r, out_w = os.pipe()
            if (self._labels(task) and files.err is not None
                    or files.out is None and files.err is None and not files.one_stream):
                err_r, err_w = os.pipe()
        if forward:
            in_r, in_w = os.pipe()
        # a signal that comes before the task is itself must wait for it
        _signal.pthread_sigmask(_signal.SIG_BLOCK, EARLY)
        try:
            pid = os.fork()
        except OSError:
            _signal.pthread_sigmask(_signal.SIG_UNBLOCK, EARLY)
            raise
        if not pid:
            code = 1
            try:
                self._become(task, argv, env_of, cwd, paths, out_w, err_w, in_r)
            except FileNotFoundError:
                code = _complain(task, argv[0], "No such file or directory", 2)
            except OSError as error:
                code = _complain(task, argv[0], error.strerror, error.errno or 1)
            finally:
                os._exit(code)
        _signal.pthread_sigmask(_signal.SIG_UNBLOCK, EARLY)
        task.pid = pid
        for end in (out_w, err_w, in_r):
            if end >= 0:
                os.close(end)
        for end, stream, pattern in ((out_r, 1, files.out), (err_r, 2, files.err)):
            if end >= 0:
                os.set_blocking(end, False)
                if pattern is not None:
                    stream = self._open(task, pattern, paths, stream)
                self.lines[end] = [task, stream, b""]
        if in_w >= 0:
            os.set_blocking(in_w, False)
            task.stdin = in_w

    def _become(self, task, argv, env_of, cwd, paths, out_w, err_w, in_r):
        """In the child: become the task."""
        os.setsid()
        _signal.set_wakeup_fd(-1)
        for signum in (_signal.SIGUSR1, _signal.SIGCHLD, _signal.SIGPIPE, _signal.SIGTERM,
                       _signal.SIGCONT, _signal.SIGINT):
            _signal.signal(signum, _signal.SIG_DFL)
        _signal.pthread_sigmask(_signal.SIG_UNBLOCK, EARLY)
        env = env_of(task)
        if self.terminal and task is self.tasks[0]:
            self.terminal.become()
        elif self.terminal:
            nothing = os.open("/dev/null", os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nothing, stream)
        try:
            os.chdir(cwd)
        except OSError as error:
            text = (f"slurmstepd-{task.node}: error: couldn't chdir to `{cwd}': {error.strerror}: "
                    "going to /tmp instead\n")
            os.write(2, 2 * text.encode())       # once by the step's manager, once by the task
            os.chdir("/tmp")
        if in_r >= 0:
            os.dup2(in_r, 0)
        elif self.files.stdin is not None:
            name = self._name(task, self.files.stdin, paths)
            if name:
                os.dup2(os.open(name, os.O_RDONLY), 0)
        out, err = self.files.out, self.files.err
        if out_w >= 0:
            os.dup2(out_w, 1)
        elif out is not None:
            os.dup2(self._open(task, out, paths, 1), 1)
        if err_w >= 0:
            os.dup2(err_w, 2)
        elif err is not None:
            os.dup2(self._open(task, err, paths, 2), 2)
        elif out is not None or self.files.one_stream:
            os.dup2(1, 2)
        os.closerange(3, 256)
        env.pop("", None)                # --export==x: Python refuses a variable without a name
        os.execve(find(argv[0], env), argv, env)

    @staticmethod
    def _name(task, pattern, paths):
        """The file that a pattern means for a task; "" for srun's own stream. A number means
        the task of that number alone."""
        if pattern.isdecimal():
            return "" if int(pattern) == task.rank else "/dev/null"
        return paths(task, pattern)

    def _open(self, task, pattern, paths, stream):
        """A task's output file (-o, -e), to be written at its end: tasks may share it."""
        name = self._name(task, pattern, paths)
        if not name:
            return stream
        return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)

    def _empty_files(self, paths):
        """Before any task writes: cut the output files off (unless --open-mode=append)."""
        names = {self._name(task, pattern, paths) for task in self.tasks
                 for pattern in (self.files.out, self.files.err) if pattern is not None}
        for name in names - {"", "/dev/null"}:
            how = os.O_WRONLY | os.O_CREAT | (0 if self.files.append else os.O_TRUNC)
            os.close(os.open(name, how, 0o666))

    # ---- while they run -------------------------------------------------------

    def turn(self, timeout=0.0):
        """Pass on what there is and notice who has ended. The signals that came, as numbers.

        timeout: real seconds to wait for something to happen.
        """
        reads = [self.bell.read, *self.lines]
        if self.feed >= 0 and not any(t.pending for t in self.tasks):
            reads.append(self.feed)
        writes = [t.stdin for t in self.tasks if t.pending and t.stdin >= 0]
        ready, writable, _ = select.select(reads, writes, [], timeout)
        for end in list(self.lines):
            if end in ready:
                self._read_lines(end)
        if self.feed in ready:
            self._read_stdin()
        for task in self.tasks:
            if task.stdin in writable:
                self._write_stdin(task)
        rings = self.bell.wait(0)
        if self.files.stage and _signal.SIGUSR1 in rings:
            self.files.stage.admit()
        if self.terminal and _signal.SIGWINCH in rings:
            self.terminal.resize()
        self._reap()
        return rings

    def _read_lines(self, end):
        task, stream, rest = self.lines[end]
        try:
            data = os.read(end, 65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""                   # a terminal that nobody has any more
        if data:
            self._pass_on(task, stream, data)
        else:
            if rest:
                self._emit(task, stream, rest + b"\n")
            self._close(end)
            return
        if not self._labels(task):
            return
        *whole, rest = (rest + data).split(b"\n")
        self.lines[end][2] = rest
        for line in whole:
            self._emit(task, stream, line + b"\n")

    def _close(self, end):
        """Nothing more is read there."""
        os.close(end)
        del self.lines[end]

    def _pass_on(self, task, stream, data):
        """To those who look on, and as it is unless lines are labelled."""
        if self.files.stage:
            self.files.stage.write(task.rank, stream, data)
        if not self._labels(task):
            self._write(stream, data)

    def _write(self, stream, data):
        """Write all of it to a stream of ours. Where nobody reads any more (`srun ... | head`), or
        nothing fits, it is lost, and the tasks go on, as with Slurm's srun."""
        while data:
            try:
                data = data[os.write(stream, data):]
            except BlockingIOError:
                select.select((), (stream,), ())
            except OSError:
                return

    def _labels(self, task):
        """Does each line of the task begin with its rank?"""
        return self.files.label or task.label

    def _emit(self, task, stream, line):
        """A line with the task's rank before it."""
        self._write(stream, f"{task.rank:>{self.width}}: ".encode() + line)

    def _read_stdin(self):
        try:
            data = os.read(self.feed, 65536)
        except OSError:
            data = b""
        if not data:
            self.feed = -1
        for task in self.tasks:
            if data and task.stdin >= 0:
                task.pending += data
            elif not data and task.stdin >= 0 and not task.pending:
                os.close(task.stdin)
                task.stdin = -1

    def _write_stdin(self, task):
        try:
            task.pending = task.pending[os.write(task.stdin, task.pending):]
        except BlockingIOError:
            return
        except OSError:
            task.pending = b""
            os.close(task.stdin)
            task.stdin = -1
            return
        if self.feed < 0 and not task.pending:
            os.close(task.stdin)
            task.stdin = -1

    def _reap(self):
        for task in self.tasks:
            if task.status is None:
                done, status, rusage = os.wait4(task.pid, os.WNOHANG)
                if done:
                    task.status, task.rusage = status, rusage
                    self._sweep(task)
                    if self.terminal and task is self.tasks[0]:
                        self.hang_up()

    def hang_up(self):
        """Task zero has ended: what it left behind may hold its terminal still, but not us."""
        if self.terminal:
            ours = self.terminal.ours
            while ours in self.lines and select.select([ours], [], [], 0)[0]:
                self._read_lines(ours)
            if self.lines.pop(ours, None):
                os.close(ours)
            self.terminal.end()
            self.terminal, self.feed = None, -1

    def _sweep(self, task):
        """A task is over: what it left behind must not keep its output open."""
        try:
            os.killpg(task.pid, _signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass

    @property
    def done(self):
        """Have all tasks ended, and all their output been passed on?"""
        return all(t.status is not None for t in self.tasks) and not self.lines

    def send(self, signum):
        """Signal all tasks with what they started."""
        for task in self.tasks:
            if task.status is None:
                try:
                    os.killpg(task.pid, signum)
                except ProcessLookupError:
                    # not yet a group of its own, or just gone: it is still ours to be reaped
                    os.kill(task.pid, signum)

    def kill(self):
        """End what still runs, and pass nothing on any more: nobody can mind it from now on."""
        for end in list(self.lines):
            self._close(end)             # first: there may be no more files to be had
        begun = [task for task in self.tasks if task.pid and task.status is None]
        for task in begun:
            os.kill(task.pid, _signal.SIGKILL)
        for task in begun:
            _, task.status, task.rusage = os.wait4(task.pid, 0)
            self._sweep(task)

    # ---- the end --------------------------------------------------------------

    def ends(self, tasks=None):
        """[(node, wait status, ranks)] of tasks that ended alike.

        tasks: of these only, counted from the first of them on.
        """
        groups, first = {}, tasks[0].rank if tasks else 0
        for task in tasks or self.tasks:
            groups.setdefault((task.node, task.status or 0), []).append(task.rank - first)
        return [(node, status, ranks) for (node, status), ranks in groups.items()]

    def report(self, tasks=None):
        """What srun says of tasks that went wrong: lines without "srun: "; tasks: see ends()."""
        return [ended_how(*group) for group in self.ends(tasks) if group[1]]

    def told(self, killed):
        """The wait status that accounting gets of the step: on each node that of the last task,
        but for those that were killed by `killed` (a signal of srun's, or None); the highest of
        all nodes. Source: observed of 22.05.8."""
        by_node = {}
        for task in self.tasks:
            if task.status and task.status & 127 and task.status & 127 != killed:
                return self.worst()
            if not (task.status or 0) & 127:
                by_node[task.node] = task.status or 0
        return max(by_node.values(), default=self.worst())

    def states(self):
        """[(state, ranks)] of those who run, who ended well, and who did not."""
        found = {}
        for task in self.tasks:
            state = ("running" if task.status is None else
                     "exited abnormally" if task.status else "exited")
            found.setdefault(state, []).append(task.rank)
        return [(state, found[state]) for state in ("running", "exited", "exited abnormally")
                if state in found]

    def worst(self):
        """The wait status that stands for the step: the highest exit code, else a signal."""
        statuses = [t.status or 0 for t in self.tasks]
        killed = [s & 127 for s in statuses if s & 127]
        codes = max((s >> 8 for s in statuses if not s & 127), default=0)
        return codes << 8 if codes and not killed else (killed[0] if killed else 0)


def ended_how(node, status, ranks):
    """What srun says of tasks of a node that went wrong in one way (a wait status)."""
    from ..common.hostlist import ranges
    signum = status & 127
    if signum:
        what = TEXTS.get(signum, f"Unknown signal {signum}") + (" (core dumped)" if status & 128 else "")
    else:
        what = f"Exited with exit code {status >> 8 & 255}"
    return f"error: {node}: task{'s' if len(ranks) > 1 else ''} {ranges(ranks)}: {what}"


def _complain(task, program, why, code):
    os.write(2, f"slurmstepd-{task.node}: error: execve(): {program}: {why}\n".encode())
    return code


def rank_variables(rank, ranks, local=None, locals_=None):
    """What Open MPI gives each rank."""
    local = rank if local is None else local
    return {"OMPI_COMM_WORLD_RANK": str(rank), "OMPI_COMM_WORLD_SIZE": str(ranks),
            "OMPI_COMM_WORLD_LOCAL_RANK": str(local),
            "OMPI_COMM_WORLD_LOCAL_SIZE": str(locals_ or ranks),
            "PMIX_RANK": str(rank)}


def run_local(call, command, variables):
    """Run ranks right here, outside of any job; a generator, whose value is the highest exit code."""
    tasks = [Task(rank, "localhost") for rank in range(len(variables))]
    crew = machine.here.crew(tasks, Files())

    def turn(seconds):
        crew.turn(seconds)
        return crew.done

    try:
        crew.start(lambda rank: command, lambda task: {**call.env, **variables[task.rank]},
                   call.cwd, lambda task, pattern: pattern)
        yield from machine.here.mind(call.controller, turn)
    finally:
        crew.kill()
    status = crew.worst()
    return status >> 8 or (128 + (status & 127) if status else 0)
