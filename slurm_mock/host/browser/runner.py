"""The machine whose processes are coroutines: what machine/__init__.py asks of one."""

import _signal
import os
from errno import ENOENT

from ...common import log
from ...machine import Machine
from ...machine.daemonize import Named, not_run
from ...machine.proctrack import marked, tree
from ...posix.exec import NotRunnable
from ...posix.files import Disk, Null, Pipe
from ...posix.kernel import INTERPRETER
from ...posix.wait import Wait
from ...slurmctld.controller import Controller
from ...slurmd import slurmstepd
from ..stepping import sample_stop
from .locks import Alive, Bell, machine_pid
from .world import world

# So many turns have processes that were told to end for a last word.
GRACE = 30


class Used:
    """What wait4 would tell of a process: here nothing can be measured."""

    ru_utime = ru_stime = 0.0
    ru_maxrss = ru_majflt = ru_inblock = ru_oublock = 0


USED = Used()


class InProcess(Machine):
    """All processes in this interpreter. What waits is a generator of posix.wait.Wait, which whoever
    runs it hands on to the world."""

    speed = 0.0

    def finish(self, steps, call=None):
        """A command that was called as a function: time passes until it has its answer."""
        ctl = None
        try:
            while True:
                wait = next(steps)
                if ctl is None:
                    ctl = (Controller.open(call.state, call.env) if call else
                           Controller.open(os.environ.get("MOCK_SLURM_STATE"), os.environ))
                with world.clock.of(ctl):
                    world.drive(wait.done or (lambda: False), wait.until)
        except StopIteration as end:
            return end.value
        finally:
            if ctl:
                ctl.close()

    # ---- processes --------------------------------------------------------

    def pid(self):
        """The id of the process that asks."""
        return machine_pid()

    def alive(self, state):
        """The locks of a state directory."""
        return Alive(state)

    def supervise(self, ctl, *job_ids):
        """See that batch jobs get their supervisors."""
        for job_id in job_ids:
            self.supervise_one(ctl.state, job_id)

    @staticmethod
    def supervise_one(state, job_id):
        """A supervisor for a job, unless it has one."""
        env, name = {"MOCK_SLURM_STATE": state, "MOCK_SLURM_DRIVEN": "1"}, f"slurmstepd-{state}-{job_id}"
        if any(p.name == name for p in world.processes.values()):
            return
        files = {n: Null() for n in (0, 1, 2)}
        process = world.spawn(lambda process: supervise(process, state, job_id), env, state, files,
                              new_session=True, name=name)
        process.parent = INTERPRETER

    def keep(self, ctl):
        """Nobody is needed: time passes only when somebody waits."""

    def terminal(self):
        """What is printed is shown by a notebook or a page: nothing here is a terminal."""
        return False

    def interrupted_by(self, *signals):
        """Of what is sent to a process here its kernel makes what it does."""
        return lambda: None

    def bell(self, *signals):
        """What wakes a waiting process."""
        return Bell(*signals)

    def table(self):
        """All processes: {pid: posix.kernel.Process}, which has what proctrack.Process has."""
        return dict(world.processes)

    def environments(self):
        """(process id, [entries of its first environment]) of other processes."""
        return [(p.pid, [f"{k}={v}".encode("utf-8", "surrogateescape") for k, v in p.first_env.items()])
                for p in world.processes.values() if p is not world.current]

    def left_behind(self, state, job_id, owner, script, young):
        """Process ids of what a job's script left when it ended."""
        return {*tree(world.processes, owner, script), *marked(state, job_id)} - {owner}

    def amounts(self, pid):
        """What a process says that it uses (see stand_ins.py)."""
        process = world.processes.get(pid)
        return process.amounts if process else ()

    def send(self, pids, signum):
        """Signal processes; those that have gone meanwhile are fine."""
        for pid in pids:
            world.kill(pid, signum)

    def stop(self, pids):
        """Stop processes: they do not run from now on."""
        self.send(pids, _signal.SIGSTOP)

    def leave(self):
        """End this process as soon as it gives way."""
        world.kill(machine_pid(), _signal.SIGKILL)

    # ---- children ----------------------------------------------------------

    def start(self, program):
        """Start a daemonize.Program as a child; its process id."""
        named = {n: file for n, file in program.files.items() if isinstance(file, Named)}
        files = {n: (self.own(n) if n in named else program.files.get(n) or self.own(n)).dup()
                 for n in (0, 1, 2)}

        async def main(process):
            return await become(process, program, named)

        child = world.spawn(main, {}, self.folder(program), files, new_session=True,
                            name=program.argv[0])
        for signum in program.signals:
            child.handlers.pop(signum, None)
        return world.adopt(child)

    def folder(self, program):
        """Where a Program runs: in /tmp, with a word about it, where there is no such folder, if it may."""
        text = None
        if not os.path.isdir(program.folder):
            text = program.no_folder(FileNotFoundError(ENOENT, os.strerror(ENOENT)))
        if text is None:
            return program.folder
        try:
            self.put(self.own(2), text.encode("utf-8", "surrogateescape"))
        except OSError:
            pass                         # nobody reads it
        return "/tmp"

    def child(self, command, env, folder):
        """salloc's command, with salloc's streams; its process id."""
        try:
            main = world.programs.find(command, env, folder)
        except NotRunnable as problem:
            text = not_run(command[0], OSError(problem.number, os.strerror(problem.number)))

            async def main(process):
                await process.write(log.line("salloc", text, "error"), 2)
                return 1
        files = {n: self.own(n).dup() for n in (0, 1, 2)}
        return world.adopt(world.spawn(main, dict(env), folder, files, new_session=True,
                                       name=command[0]))

    def ended(self, pid):
        """(a child's wait status, what it used), to be asked for once; None while it runs."""
        if world.children[pid].status is None:
            return None
        return world.children.pop(pid).status, USED

    def signal_child(self, pid, signum):
        """Signal a child that runs, with all that is in its session."""
        for one in [p.pid for p in world.processes.values() if pid in (p.pid, p.session)]:
            world.kill(one, signum)

    def sweep_child(self, pid):
        """Kill what a child that has ended left in its session."""
        self.signal_child(pid, _signal.SIGKILL)

    def kill_children(self, pids):
        """Kill children with what they left; they end when they have their turn."""
        for pid in pids:
            self.signal_child(pid, _signal.SIGKILL)
            world.children.pop(pid, None)
        return {}

    # ---- files: posix.files.File ---------------------------------------------

    onlookers = False                    # sattach would have to wait for another process's hand

    def own(self, stream):
        """This process's file 0, 1 or 2."""
        files = world.current.files if world.current else {}
        return files[stream] if stream in files else Null()

    def open(self, name, flags):
        """Open a file by its absolute name. Raises OSError."""
        return open_file(name, flags)

    def close(self, file):
        """Let go of a file."""
        file.close()

    def pipe(self, writes):
        """(the child's end, ours) of a pipe."""
        pipe = Pipe()
        return (pipe.writer, pipe.reader) if writes else (pipe.reader, pipe.writer)

    def take(self, file):
        """What can be read now, as bytes: none if there is nothing yet. None at the end."""
        data = file.take(65536)
        if data:
            world.stir()
        return data

    def offer(self, file, data):
        """Write what fits now; how many bytes that was. Raises OSError where nobody reads."""
        count = file.offer(data)
        if count:
            world.stir()
        return count

    def put(self, file, data):
        """Write bytes, all of them. Raises OSError where nobody reads."""
        file.put(data)
        world.stir()

    def ready(self, bell, reads, writes, seconds):
        """All may be tried: to take and to offer waits for nothing."""
        return reads, writes

    def one_output(self):
        """Do this process's stdout and stderr end in the same place?"""
        return self.own(1) is self.own(2)

    def input_kind(self):
        """What this process reads: "nothing" or "data"."""
        return "nothing" if isinstance(self.own(0), Null) else "data"

    # ---- time -------------------------------------------------------------

    def settle(self, ctl):
        """Let all that can happen at this moment happen."""
        with world.clock.of(ctl):
            world.settle()

    def sleep(self, ctl, seconds):
        """Sleep on the cluster's clock, in a job with a stop for samples (stepping.sample_stop)."""
        until = ctl.clock.now() + seconds
        stop = sample_stop(ctl, until)
        if stop:
            yield Wait(until=stop)
        yield Wait(until=until)

    def watch(self, ctl, done):
        """Wait until done()."""
        if not ctl.driven:
            self.settle(ctl)
        yield Wait(done)

    def mind(self, ctl, turn):
        """Call turn(0.0) until it returns true."""
        yield from self.beside(turn)

    def beside(self, turn):
        """The same: the clock is nobody's own here."""
        over = False

        def look():
            nonlocal over
            over = over or turn(0.0)     # the kernel asks once more before it goes on
            return over

        if not look():
            yield Wait(look)

    def pause(self, ctl, ready):
        """Wait for others to go on: until ready()."""
        yield Wait(ready)

    def nap(self, seconds):
        """Wait a moment of the cluster's clock: a second, for what takes less on a real machine."""
        yield Wait(until=world.now + max(1.0, seconds))

    def grace(self, pids):
        """Wait a moment, in which processes that were signalled may end."""
        for _ in range(GRACE):
            if not any(pid in world.processes for pid in pids):
                return
            yield Wait(breath=True)

    # ---- programs ----------------------------------------------------------

    def launchers(self, state):
        """Files of the commands' names: `which squeue` and slurm_magic look for them on PATH."""
        from ...site.activate import write_launchers
        write_launchers(state, compiled=False)

    def become(self, call, name):
        """The commands that would are this machine's own (posix/tools/utilities.py)."""
        return 127


def open_file(name, flags):
    """A File by its absolute name. Raises OSError."""
    return Null() if name == "/dev/null" else Disk(os.open(name, flags | os.O_CLOEXEC, 0o666))


async def supervise(process, state, job_id):
    """The life of a job's supervisor (slurmd/slurmstepd.py); the process's exit code."""
    ctl = Controller.open(state, process.env)
    try:
        try:
            await waited(slurmstepd.life(ctl, job_id))
        except Exception:
            # a mistake of ours must not start the job again and again
            import sys
            import traceback
            sys.stderr.write(f"slurm_mock: a mistake in the browser lab itself, in job {job_id}:\n"
                             + traceback.format_exc())
            await waited(slurmstepd.give_up(ctl, job_id))
    finally:
        ctl.close()
    return 0


async def waited(steps):
    """What a generator gives that yields what it waits for."""
    while True:
        try:
            wait = next(steps)
        except StopIteration as end:
            return end.value
        await wait


async def become(process, program, named):
    """In a child: become the program (see daemonize.become), or say why not; its exit code.

    named: {number: Named}, the files that it has to open.
    """
    env = {os.fsdecode(name): os.fsdecode(value) for name, value in program.environment().items()}
    process.env.update(env)
    process.first_env = dict(env)
    try:
        for number, file in named.items():
            process.files[number].close()
            process.files[number] = (process.files[1].dup() if number == 2 and file is named.get(1)
                                     else open_file(file.name, file.flags))
        main = world.programs.find(program.argv, process.env, process.cwd)
    except NotRunnable as problem:
        if problem.elsewhere:
            await process.write(problem.text + "\n", 2)
        error = OSError(problem.number, os.strerror(problem.number))
    except OSError as problem:
        error = problem
    else:
        return await main(process)
    await process.write(program.refused(error), 2)
    return error.errno or 1
