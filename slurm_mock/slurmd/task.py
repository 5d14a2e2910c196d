"""The tasks of a step: starting them, passing their input and output on, collecting their ends.

srun runs them as its own children, each in a session of its own, so that a Ctrl-C at
the terminal reaches srun alone, as on a cluster where tasks are elsewhere.
"""

import _signal
import os

from .. import machine
from ..common import log
from ..common.fname import of_task
from ..common.parse_time import is_number
from ..common.signals import TEXTS
from ..machine.daemonize import Named, Program

# Bytes of a line that are passed on without its end (MAX_MSG_LEN of slurmstepd's io.c).
MOST_OF_A_LINE = 1024

# How a task's output file is opened: several may write at its end.
APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND

# Signals that whoever minds the tasks passes on to them.
PASSED_ON = (_signal.SIGUSR1, _signal.SIGUSR2)


class Unopened(Exception):
    """A file that -i, -o or -e names cannot be opened: stream ("stdin", "stdout", "stderr"), why (an
    OSError); for a file of each task's own (`own`) it is the node that does not open it, not srun."""

    def __init__(self, stream, why, own):
        super().__init__(stream, why, own)
        self.stream, self.why, self.own = stream, why, own


class Task:
    """One task: where it is, its process, how it ended (wait status; None while it runs).

    label: its lines begin with its rank, though those of others may not (Files.label).
    """

    __slots__ = ("rank", "node", "pid", "status", "stdin", "pending", "rusage", "label", "told")

    def __init__(self, rank, node, label=False):
        self.rank, self.node, self.pid, self.status = rank, node, 0, None
        self.stdin = None        # our end of the pipe that it reads
        self.pending, self.rusage, self.label = b"", None, label
        self.told = False        # has srun said already how it ended?


class Files:
    """Where the tasks' output goes: `out` and `err` are -o and -e (None: to srun's own),
    `stdin` the file of -i, `label` puts the rank before each line, with `pty` task zero has
    a terminal and the others nothing. `stage`: who looks on (attach.Stage); `unbuffered`: what a task
    writes is passed on at once, not line by line."""

    def __init__(self, out=None, err=None, stdin=None, label=False, append=False, pty=False,
                 stage=None, unbuffered=False):
        self.out, self.err, self.stdin, self.label, self.append = out, err, stdin, label, append
        self.pty, self.stage, self.unbuffered = pty, stage, unbuffered or pty


class TaskProgram(Program):
    """What a task's process becomes; env_of(task) gives its environment; leads: is it the first of its node?"""

    signals = (*Program.signals, _signal.SIGCONT)

    def __init__(self, task, argv, env_of, folder, files, leads):
        super().__init__(argv, folder, files)
        self.task, self.env_of, self.leads = task, env_of, leads

    def environment(self):
        """{name: value} as text."""
        return self.env_of(self.task)

    def no_folder(self, error):
        """It runs in /tmp: said by the task, and before the first of a node by the step's manager there."""
        return log.to_tmp(self.task.node, self.folder, error.strerror, twice=self.leads)

    def refused(self, error):
        """slurmstepd's line."""
        return log.stepd_error(self.task.node, f"execve(): {self.argv[0]}: {error.strerror}")


class Crew:
    """The tasks of one step while they run, as children of this process."""

    terminal = None              # task zero's own, with --pty
    umask = None                 # the tasks', where it is not that of who starts them

    def __init__(self, tasks, files, width=0, heeds=()):
        """width: of a label; heeds: signals that whoever minds the tasks hears of, beside the usual ones."""
        self.tasks, self.files = tasks, files
        self.width = width or len(str(max(0, len(tasks) - 1)))
        self.bell = machine.here.bell(_signal.SIGCHLD, _signal.SIGTERM, _signal.SIGCONT, _signal.SIGINT,
                                      *PASSED_ON, *heeds, *([_signal.SIGWINCH] if files.pty else []))
        self.lines = {}          # our end of a pipe -> [task, 1 or 2, where it goes, unfinished line]
        self.feed = None         # our stdin, while it is passed on

    # ---- starting -----------------------------------------------------------

    def start(self, command_of, env_of, cwd, paths, first=()):
        """Start all tasks that have not ended yet. command_of(rank) -> argv; env_of(task) -> environment (in
        the task's process); paths(task, pattern) -> file name of an output pattern; first: {rank: bytes that
        come before its output}. Raises OSError, and Unopened before any task has started."""
        self._try_files(paths)
        forward = self._forwards_stdin()
        if self.files.pty:
            from ..machine.pty import Terminal
            self.terminal = Terminal()
        for task in self.tasks:
            if first and first.get(task.rank):
                self._say(task, first[task.rank], paths)
            if task.status is None:
                self._start(task, command_of(task.rank), env_of, cwd, paths, forward)
        if self.terminal:
            first = self.tasks[0]
            self.lines[self.terminal.ours] = [first, 1, machine.here.own(1), b""]
            first.stdin = self.terminal.keys()
            self.terminal.begin()
        if forward or self.terminal:
            self.feed = machine.here.own(0)

    def _forwards_stdin(self):
        """Must our stdin be read and passed on (a terminal, or several readers of a pipe)?"""
        if self.files.stdin is not None or self.files.pty:
            return False
        kind = machine.here.input_kind()
        return kind == "terminal" or kind == "data" and len(self.tasks) > 1

    def _start(self, task, argv, env_of, cwd, paths, forward):
        """Start a task, with pipes for what passes through us."""
        here, given, ours = machine.here, self._named(task, paths), {}
        for number in self._through_us(task):
            given[number], ours[number] = here.pipe(writes=True)
        if forward:
            given[0], task.stdin = here.pipe(writes=False)
        ends = [given[number] for number in (*([0] if forward else ()), *ours)]
        if 2 not in given and self.files.err is None and (
                self.files.out is not None or self._one_stream()):
            given[2] = given.get(1, here.own(1))
        leads = task is next(other for other in self.tasks if other.node == task.node)
        program = TaskProgram(task, argv, env_of, cwd, given, leads)
        program.umask = self.umask
        if self.terminal:
            from ..machine.pty import NoTerminal
            program.terminal = self.terminal if task is self.tasks[0] else NoTerminal()
        try:
            task.pid = here.start(program)
        finally:
            for end in ends:
                here.close(end)
        for number, end in ours.items():
            self.lines[end] = [task, number, self._target(task, number, paths), b""]

    def _say(self, task, data, paths):
        """Write what comes before a task's own output."""
        target = self._target(task, 1, paths)
        for line in data.splitlines(True):
            self._emit(task, target, line)

    def _through_us(self, task):
        """Which of a task's outputs (1, 2) we read, to pass on: all that goes to our own, so that
        others may look on, and what gets labels."""
        out, err = self.files.out, self.files.err
        labels = self._labels(task)
        if not labels and (self.files.pty or out is not None or not machine.here.onlookers):
            return []
        both = labels and err is not None or out is None and err is None and not self._one_stream()
        return [1, 2] if both else [1]

    def _one_stream(self):
        """Do stdout and stderr go through one pipe? Where they end in the same place, what a task
        writes must stay in its order."""
        files = self.files
        if files.label or files.pty or files.out is not None or files.err is not None:
            return False
        return machine.here.one_output()

    def _named(self, task, paths):
        """{0, 1 or 2: the file that -i, -o and -e name for a task}; none where it has srun's own."""
        found = {}
        for number, pattern, flags in ((0, self.files.stdin, os.O_RDONLY), (1, self.files.out, APPEND),
                                       (2, self.files.err, APPEND)):
            name = "" if pattern is None else self._name(task, pattern, paths)
            if name:
                found[number] = Named(name, flags)
        return found

    @staticmethod
    def _name(task, pattern, paths):
        """The file that a pattern means for a task; "" for srun's own stream. A number means
        the task of that number alone."""
        if is_number(pattern):
            return "" if int(pattern) == task.rank else "/dev/null"
        return paths(task, pattern)

    def _target(self, task, number, paths):
        """Where a task's output 1 or 2 goes that passes through us: our own, or a file to be written
        at its end, since tasks may share it. Raises OSError."""
        named = self._named(task, paths).get(number)
        return machine.here.open(named.name, named.flags) if named else machine.here.own(number)

    def _try_files(self, paths):
        """Before any task writes: cut the output files off (unless --open-mode=append). Raises Unopened."""
        cut = os.O_WRONLY | os.O_CREAT | (0 if self.files.append else os.O_TRUNC)
        for stream, pattern, how in (("stdin", self.files.stdin, os.O_RDONLY),
                                     ("stdout", self.files.out, cut), ("stderr", self.files.err, cut)):
            names = () if pattern is None else [self._name(task, pattern, paths) for task in self.tasks]
            for name in dict.fromkeys(names):
                if name in ("", "/dev/null"):
                    continue
                try:
                    os.close(os.open(name, how, 0o666))
                except OSError as error:
                    raise Unopened(stream, error, of_task(pattern)) from None

    # ---- while they run -------------------------------------------------------

    def turn(self, timeout=0.0):
        """Pass on what there is and notice who has ended. The signals that came, as numbers.

        timeout: seconds of the machine's to wait for something to happen.
        """
        reads = list(self.lines)
        if self.feed is not None and not any(t.pending for t in self.tasks):
            reads.append(self.feed)
        writes = [t.stdin for t in self.tasks if t.pending and t.stdin is not None]
        ready, writable = machine.here.ready(self.bell, reads, writes, timeout)
        for end in list(self.lines):
            if end in ready:
                self._read_lines(end)
        if self.feed in ready:
            self._read_stdin()
        for task in self.tasks:
            if task.stdin in writable:
                self._write_stdin(task)
        rings = self.bell.wait(0)
        if self.files.stage and _signal.SIGURG in rings:
            self.files.stage.admit()
        if self.terminal and _signal.SIGWINCH in rings:
            self.terminal.resize()
        for signum in PASSED_ON:
            if signum in rings:
                self.send(signum)
        self._reap()
        return rings

    def _read_lines(self, end):
        """Pass on what a task has written; was there something?"""
        task, number, target, rest = self.lines[end]
        data = machine.here.take(end)
        if data is None:
            if rest:
                self._emit(task, target, rest + b"\n" if self._labels(task) else rest)
            self._close(end)
        elif data:
            if self.files.stage:
                self.files.stage.write(task.rank, number, data)
            if not self._labels(task):
                data = rest + data
                whole = len(data) if self.files.unbuffered else data.rfind(b"\n") + 1
                if len(data) - whole >= MOST_OF_A_LINE:
                    whole = len(data)
                if whole:
                    self._write(target, data[:whole])
                self.lines[end][3] = data[whole:]
            else:
                *whole, rest = (rest + data).split(b"\n")
                self.lines[end][3] = rest
                for line in whole:
                    self._emit(task, target, line + b"\n")
        return bool(data)

    def _close(self, end):
        """Nothing more is read there."""
        machine.here.close(end)
        del self.lines[end]

    def _write(self, target, data):
        """Write all of it to a file. Where nobody reads any more (`srun ... | head`), or nothing fits,
        it is lost, and the tasks go on, as with Slurm's srun."""
        try:
            machine.here.put(target, data)
        except OSError:
            return

    def _labels(self, task):
        """Does each line of the task begin with its rank?"""
        return self.files.label or task.label

    def _emit(self, task, target, line):
        """A line, with the task's rank before it where it is labelled."""
        label = f"{task.rank:>{self.width}}: ".encode() if self._labels(task) else b""
        self._write(target, label + line)

    def _read_stdin(self):
        data = machine.here.take(self.feed)
        if data is None:
            self.feed = None
        for task in self.tasks:
            if data and task.stdin is not None:
                task.pending += data
            elif data is None and task.stdin is not None and not task.pending:
                self._end_stdin(task)

    def _write_stdin(self, task):
        try:
            task.pending = task.pending[machine.here.offer(task.stdin, task.pending):]
        except OSError:
            task.pending = b""
            self._end_stdin(task)
            return
        if self.feed is None and not task.pending:
            self._end_stdin(task)

    def _end_stdin(self, task):
        """The task has nothing more to read."""
        machine.here.close(task.stdin)
        task.stdin = None

    def _reap(self):
        for task in self.tasks:
            ended = machine.here.ended(task.pid) if task.status is None else None
            if ended:
                task.status, task.rusage = ended
                # what it left behind must not keep its output open
                machine.here.sweep_child(task.pid)
                if self.terminal and task is self.tasks[0]:
                    self.hang_up()

    def hang_up(self):
        """Task zero has ended: what it left behind may hold its terminal still, but not us."""
        if self.terminal:
            ours = self.terminal.ours
            while ours in self.lines and self._read_lines(ours):
                continue
            if ours in self.lines:
                self._close(ours)
            self.terminal.end()
            self.terminal = self.feed = None

    @property
    def done(self):
        """Have all tasks ended, and all their output been passed on?"""
        return all(t.status is not None for t in self.tasks) and not self.lines

    def send(self, signum):
        """Signal all tasks with what they started."""
        for task in self.tasks:
            if task.pid and task.status is None:
                machine.here.signal_child(task.pid, signum)

    def kill(self):
        """End what still runs, and pass nothing on any more: nobody can mind it from now on."""
        for end in list(self.lines):
            self._close(end)             # first: there may be no more files to be had
        begun = {task.pid: task for task in self.tasks if task.pid and task.status is None}
        for pid, ended in machine.here.kill_children(list(begun)).items():
            begun[pid].status, begun[pid].rusage = ended

    # ---- the end --------------------------------------------------------------

    def ends(self, tasks=None, told=True):
        """[(node, wait status, ranks)] of tasks that ended alike.

        tasks: of these only, counted from the first of them on; told: those too of which srun has said so.
        """
        groups, first = {}, tasks[0].rank if tasks else 0
        for task in tasks or self.tasks:
            if not told and (task.told or task.status is None):
                continue
            groups.setdefault((task.node, task.status or 0), []).append(task.rank - first)
        return [(node, status, ranks) for (node, status), ranks in groups.items()]

    def report(self, tasks=None):
        """What srun says of tasks that went wrong, once of each: lines without "srun: "; tasks: see ends()."""
        return [ended_how(*group) for group in self.untold(tasks) if group[1]]

    def untold(self, tasks=None):
        """ends() of those of which it is asked for the first time, and that have ended by now."""
        groups = self.ends(tasks, told=False)
        for task in tasks or self.tasks:
            task.told = task.status is not None
        return groups

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
        """The wait status that stands for the step: the first signal that ended a task, else the
        highest exit code."""
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
    tasks = f"task{'s' if len(ranks) > 1 else ''} {ranges(ranks)}"
    return f"{log.WORDS['error']}{node}: {tasks}: {what}"


def rank_variables(rank, ranks, local=None, locals_=None):
    """What Open MPI gives each rank."""
    local = rank if local is None else local
    return {"OMPI_COMM_WORLD_RANK": str(rank), "OMPI_COMM_WORLD_SIZE": str(ranks),
            "OMPI_COMM_WORLD_LOCAL_RANK": str(local),
            "OMPI_COMM_WORLD_LOCAL_SIZE": str(locals_ or ranks),
            "PMIX_RANK": str(rank)}


def run_local(call, command, variables):
    """Run ranks right here, outside of any job; a generator, whose value is the highest exit code,
    128 + the signal where one ended a rank."""
    tasks = [Task(rank, "localhost") for rank in range(len(variables))]
    crew = Crew(tasks, Files())

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
