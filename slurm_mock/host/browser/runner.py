"""The machine whose processes are coroutines: what ../machine.py asks of one."""

import _signal
import errno
import os

from ...machine import Machine
from ...posix.exec import NotRunnable
from ...posix.files import Disk, Null, Pipe
from ...posix.wait import Wait
from ...slurmctld.controller import Controller
from ...slurmd import batch_step, slurmstepd
from ...slurmd import task as task_module
from ...slurmd.jobacct_gather import Sampler
from ..stepping import sample_stop
from .locks import KERNEL, Alive, Bell, machine_pid
from .world import world


class Used:
    """What wait4 would tell of a process: here nothing can be measured."""

    ru_utime = ru_stime = 0.0
    ru_maxrss = ru_majflt = ru_inblock = ru_oublock = 0


USED = Used()


class InProcess(Machine):
    """All processes in this interpreter."""

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
        return machine_pid()

    def alive(self, state):
        return Alive(state)

    def supervise(self, ctl, *job_ids):
        for job_id in job_ids:
            self.supervise_one(ctl.state, job_id)

    @staticmethod
    def supervise_one(state, job_id):
        env = {"MOCK_SLURM_STATE": state, "MOCK_SLURM_DRIVEN": "1"}
        if any(p.name == f"slurmstepd-{state}-{job_id}" for p in world.processes.values()):
            return
        files = {n: Null() for n in (0, 1, 2)}
        process = world.spawn(lambda process: supervise(process, state, job_id), env, state, files,
                              new_session=True, name=f"slurmstepd-{state}-{job_id}")
        process.parent = KERNEL

    def keep(self, ctl):
        """Nobody is needed: time passes only when somebody waits."""

    def crew(self, tasks_, files):
        return Crew(tasks_, files)

    def terminal(self):
        """What is printed is shown by a notebook or a page: nothing here is a terminal."""
        return False

    def bell(self, *signals):
        return Bell(*signals)

    def child(self, command, env, folder):
        return spawn_child(command, env, folder)

    def ended(self, pid):
        return world.children[pid].status

    def table(self):
        return dict(world.processes)

    def environments(self):
        return [(p.pid, [f"{k}={v}".encode("utf-8", "surrogateescape") for k, v in p.first_env.items()])
                for p in world.processes.values() if p is not world.current]

    def amounts(self, pid):
        process = world.processes.get(pid)
        return process.amounts if process else ()

    def send(self, pids, signum):
        for pid in pids:
            world.kill(pid, signum)

    def stop(self, pids):
        self.send(pids, _signal.SIGSTOP)

    # ---- time -------------------------------------------------------------

    def settle(self, ctl):
        with world.clock.of(ctl):
            world.settle()

    def sleep(self, ctl, seconds):
        until = ctl.clock.now() + seconds
        stop = sample_stop(ctl, until)
        if stop:
            yield Wait(until=stop)
        yield Wait(until=until)

    def watch(self, ctl, done):
        if not ctl.driven:
            self.settle(ctl)
        yield Wait(done)

    def mind(self, ctl, turn):
        if not turn(0.0):
            yield Wait(lambda: turn(0.0))

    def beside(self, turn):
        if not turn(0.0):
            yield Wait(lambda: turn(0.0))

    def pause(self, ctl, ready):
        yield Wait(ready)

    # ---- programs ----------------------------------------------------------

    def launchers(self, state):
        """Files of the commands' names: `which squeue` and slurm_magic look for them on PATH."""
        from ...site.activate import write_launchers
        write_launchers(state, compiled=False)

    def become(self, call, name):
        """The commands that would are this machine's own (posix/tools/utilities.py)."""
        return 127


def spawn_child(command, env, folder):
    """salloc's command, with salloc's streams."""
    from ...machine.daemonize import not_run
    current = world.current
    files = {n: f.dup() for n, f in current.files.items()} if current else {n: Null() for n in (0, 1, 2)}
    try:
        main = world.programs.find(command, env, folder)
    except NotRunnable as problem:
        code = {127: 2, 126: 13}[problem.code]
        text = not_run(command[0], OSError(code, os.strerror(code)))

        async def main(process):
            await process.write(f"salloc: error: {text}\n", 2)
            return 1
    child = world.spawn(main, dict(env), folder, files, new_session=True, name=command[0])
    for pid in [pid for pid, one in world.children.items() if one.parent not in world.processes]:
        del world.children[pid]
    world.children[child.pid] = child
    return child.pid


# ---- batch jobs -----------------------------------------------------------------

async def supervise(process, state, job_id):
    """The life of a job's supervisor (../supervisor.py)."""
    ctl = Controller.open(state, process.env)
    try:
        job, step = slurmstepd.begin(ctl, job_id)
        if job is None:
            return 0
        status = 0
        if job.state == "RUNNING":
            script = Script(ctl, job)
            try:
                status = await script.play(process)
            except Exception:
                # a mistake of ours must not start the job again and again
                import sys
                import traceback
                sys.stderr.write(f"slurm_mock: a mistake in the browser lab itself, in job {job_id}:\n"
                                 + traceback.format_exc())
                status = 1 << 8
            if script.sampler:
                step.usage = script.sampler.result({(0, 0): USED})
            script.blame(step)
        slurmstepd.end(ctl, job_id, step, status)
    finally:
        ctl.close()
    return 0


class Script(batch_step.Script):
    """A batch script, run by this interpreter's own shell."""

    async def play(self, process):
        """Start the script and wait for its end; its wait status."""
        import marshal
        script, blob = self.ctl.store.script(self.job.id)
        given = marshal.loads(blob)
        try:
            path = self._spool(script)
            try:
                stdin = self._open_files()
            except OSError:
                return 53
            # the files stay open here, too: for what slurmstepd says when the script has ended
            files = {0: Disk(stdin), 1: Disk(os.dup(self.out)), 2: Disk(os.dup(self.err))}
            child = world.spawn(lambda child: self.become(child, path, given), {}, self.job.work_dir,
                                files, new_session=True, name="slurm_script")
            self.sampler = Sampler(self.ctl, self.job.start_time, {(0, 0): child.pid}, self._of_steps,
                                   batch_step.first_memory(self.job))
            self._obey(child.pid)
            if child.status is None:
                await Wait(lambda: self.look(child))
            await self.sweep(process)
            if self.over:
                self._over_memory()
            return child.status
        finally:
            self.tidy()

    def tidy(self):
        """Close the script's files and remove its spool folder."""
        for fd in (self.out, self.err):
            if fd >= 0:
                os.close(fd)
        self.out = self.err = -1
        for name in os.listdir(self.folder) if os.path.isdir(self.folder) else ():
            os.unlink(os.path.join(self.folder, name))
        if os.path.isdir(self.folder):
            os.rmdir(self.folder)

    async def become(self, child, path, given):
        """In the child: become the script."""
        env = {os.fsdecode(k): os.fsdecode(v) for k, v in self.environment(given).items()}
        child.env.update(env)
        child.first_env = dict(env)
        try:
            main = world.programs.find([path, *given["args"]], env, child.cwd)
        except NotRunnable as problem:
            if "bad interpreter" in problem.text:
                text = f"execve(): {batch_step.interpreter(path)}: {os.strerror(errno.ENOENT)}"
                await child.write(f"slurmstepd-{self.job.batch_host}: error: {text}\n", 2)
                return 2
            await child.write(problem.text + "\n", 2)
            return problem.code
        return await main(child)

    def look(self, child):
        """Obey what was decided about the job; has the script ended?"""
        if child.status is not None:
            return True
        before, world.current = world.current, world.processes.get(child.parent)
        try:
            self._look(child.pid)
        finally:
            world.current = before
        return False

    def _complain(self, text):
        if self.err >= 0:
            os.write(self.err, f"slurmstepd-{self.job.batch_host}: error: {text}\n".encode())

    async def sweep(self, process):
        """Nothing that the script left behind stays; what heeds SIGTERM may say a last word."""
        from ...machine.proctrack import marked, tree
        for signum, turns in ((15, 30), (9, 0)):
            left = {*tree(world.processes, process.pid), *marked(self.ctl.state, self.job.id)} - {process.pid}
            for pid in left:
                world.kill(pid, signum)
            while turns and any(pid in world.processes for pid in left):
                turns -= 1
                await Wait(breath=True)


# ---- steps ------------------------------------------------------------------------

class Crew(task_module.Crew):
    """The tasks of a step as coroutines."""

    def __init__(self, tasks_, files, width=0):
        self.tasks, self.files = tasks_, files
        self.width = width or len(str(max(0, len(tasks_) - 1)))
        import signal
        self.bell = Bell(signal.SIGTERM, signal.SIGCONT, signal.SIGINT)
        self.owner = world.current
        self.children, self.pipes, self.feed, self.fed = {}, [], None, {}

    def start(self, command_of, env_of, cwd, paths):
        self._empty_files(paths)
        if len(self.tasks) > 1 and self.files.stdin is None and self.owner is not None \
                and not isinstance(self.owner.files.get(0, Null()), Null):
            self._feed()
        for task in self.tasks:
            self._start_one(task, command_of(task.rank), env_of, cwd, paths)

    def _feed(self):
        """Give what srun reads to each of its tasks."""
        source = self.owner.files[0].dup()
        self.fed = {task.rank: Pipe() for task in self.tasks}
        ends = [pipe.writer for pipe in self.fed.values()]

        async def main(process):
            while True:
                data = await process.files[0].read(65536)
                if not data:
                    return 0
                for end in ends:
                    if end.pipe.reader.users:
                        end.pipe.data += data

        files = {0: source, **{n: end for n, end in enumerate(ends, 3)}}
        self.feed = world.spawn(main, {}, "/", files, self.owner, name="srun-stdin")

    def _start_one(self, task, argv, env_of, cwd, paths):
        files, streams = self.files, self._inherited()
        mine = {0: streams[0], 1: streams[1], 2: streams[2]}
        if self.feed:
            mine[0].close()
            mine[0] = self.fed[task.rank].reader
        elif files.stdin is not None:
            name = self._name(task, files.stdin, paths)
            if name:
                mine[0].close()
                mine[0] = Disk(os.open(name, os.O_RDONLY))
        for fd, pattern in ((1, files.out), (2, files.err)):
            if pattern is not None:
                name = self._name(task, pattern, paths)
                if name:
                    mine[fd].close()
                    mine[fd] = Null() if name == "/dev/null" else Disk(os.open(
                        name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666))
        if files.out is not None and files.err is None:
            mine[2].close()
            mine[2] = mine[1].dup()
        if self._labels(task):
            self._label(task, mine, files)

        async def main(process):
            return await become(process, task, argv, env_of, cwd)

        child = world.spawn(main, {}, cwd, mine, self.owner, new_session=True, name=argv[0])
        task.pid = child.pid
        self.children[task.rank] = child

    def _inherited(self):
        if self.owner is None:
            return {0: Null(), 1: Null(), 2: Null()}
        return {n: self.owner.files[n].dup() if n in self.owner.files else Null() for n in (0, 1, 2)}

    def _label(self, task, mine, files):
        """Put a pipe before a task's streams: its lines get the rank in front."""
        for fd in (1, 2) if files.err is not None or files.out is None else (1,):
            pipe = Pipe()
            self.pipes.append([pipe, mine[fd], task, b""])
            mine[fd] = pipe.writer
        if len(self.pipes) and files.out is not None and files.err is None:
            mine[2].close()
            mine[2] = mine[1].dup()

    def turn(self, timeout=0.0):
        for entry in list(self.pipes):
            pipe, target, task, rest = entry
            *whole, rest = (rest + pipe.take()).split(b"\n")
            if pipe.written and rest:
                whole.append(rest)
                rest = b""
            entry[3] = rest
            for line in whole:
                put(target, f"{task.rank:>{self.width}}: ".encode() + line + b"\n")
            if pipe.written:
                self.pipes.remove(entry)
                target.close()
        for task in self.tasks:
            task.status = self.children[task.rank].status
            if task.status is not None:
                task.rusage = USED
        return self.bell.wait(0)

    @property
    def done(self):
        over = all(t.status is not None for t in self.tasks) and not self.pipes
        if over and self.feed and self.feed.status is None:
            world.kill(self.feed.pid, 9)
        return over

    def send(self, signum):
        for task in self.tasks:
            if task.pid and task.status is None:
                pids = [task.pid, *(p.pid for p in world.processes.values() if p.session == task.pid
                                    and p.pid != task.pid)]
                for pid in pids:
                    world.kill(pid, signum)

    def kill(self):
        self.send(9)
        if self.feed and self.feed.status is None:
            world.kill(self.feed.pid, 9)


def put(file, data):
    """Write to a file that takes all at once: on disk, or what a notebook shows."""
    coroutine = file.write(data)
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise BlockingIOError(f"{type(file).__name__} is full")


async def become(process, task, argv, env_of, cwd):
    """In a task's process: become its program."""
    env = env_of(task)
    process.env.update(env)
    process.first_env = dict(env)
    if not os.path.isdir(cwd):
        text = (f"slurmstepd-{task.node}: error: couldn't chdir to `{cwd}': {os.strerror(errno.ENOENT)}: "
                "going to /tmp instead\n")
        await process.write(2 * text, 2)
        process.cwd = "/tmp"
    try:
        main = world.programs.find(argv, process.env, process.cwd)
    except NotRunnable as problem:
        code, why = {127: (2, os.strerror(errno.ENOENT)), 126: (13, os.strerror(errno.EACCES))}[problem.code]
        if "browser lab" in problem.text:
            await process.write(problem.text + "\n", 2)
        await process.write(f"slurmstepd-{task.node}: error: execve(): {argv[0]}: {why}\n", 2)
        return code
    return await main(process)
