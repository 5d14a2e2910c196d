"""A batch script that runs: its files, its environment, its process, and what is decided about it.

It does what slurmstepd does for the batch step; supervisor.py says which job comes when.
"""

import marshal
import os
import time

import _signal
from _sqlite3 import Error

from . import machine, messages
from .alive import KEEPER
from .environment import batch_variables, node_path, own_variables
from .events import remove_spool, spool
from .patterns import fill, job_values
from .processes import left_behind, send, table, tree
from .task_usage import Sampler
from .units import stamp

# Real seconds that a job waits for the folder of its output to be made.
FOLDER_WAIT = 1.0
# A script that ran for less (real seconds) has left only processes with higher ids than its own.
MOMENT = 2.0


class Script:
    """A batch script that runs on the job's first node."""

    def __init__(self, ctl, job):
        self.ctl, self.job = ctl, job
        self.folder = spool(ctl.state, job)
        self.out = self.err = -1
        self.noted = False
        self.sampler = self.over = self.rusage = None

    def run(self, bell):
        """Start the script and wait for its end; its wait status."""
        script, blob = self.ctl.store.script(self.job.id)
        given = marshal.loads(blob)
        try:
            path = self._spool(script)
            if not path:
                return _signal.SIGTERM
            own_mask = os.umask(given["umask"])
            try:
                pid = self._start(path, given)
            except OSError:
                # slurmstepd could not set up the task's I/O: that is signal 53 to Slurm
                return 53
            finally:
                os.umask(own_mask)
            return self._wait(bell, pid)
        finally:
            remove_spool(self.ctl.state, self.job)

    def _start(self, path, given):
        """Start the script; its process id. OSError if its files cannot be opened."""
        stdin, owner = self._open_files(), os.getpid()
        try:
            env = self.environment(given)
            pid = os.fork()
            if not pid:
                self._exec(path, given["args"], env, stdin, owner)
        finally:
            os.close(stdin)
        return pid

    def close(self):
        """Let go of the job's files."""
        for fd in {self.out, self.err} - {-1}:
            os.close(fd)
        self.out = self.err = -1

    def _spool(self, script):
        """Write the script where its interpreter reads it: the file's name. While the disk has no
        room for all of it the job waits; None if it was ended meanwhile."""
        path = os.path.join(self.folder, "slurm_script")
        while True:
            try:
                os.makedirs(self.folder, 0o700, exist_ok=True)
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o700), "wb") as file:
                    file.write(script)
                return path
            except OSError:
                remove_spool(self.ctl.state, self.job)
                if not os.path.exists(self.ctl.store.file):
                    raise
                pause(0.5)
            if self.ctl.store.job(self.job.id).state == "COMPLETING":
                return None

    def _open_files(self):
        """Open stdout, stderr and stdin as -o, -e and -i say; returns stdin. OSError if one
        cannot be, or if the working directory is not there."""
        job = self.job
        os.stat(job.work_dir)
        values = job_values(job, job.batch_host)
        out = self._path(job.std_out or default_output(job), values)
        err = self._path(job.std_err, values) if job.std_err else out
        how = os.O_WRONLY | os.O_CREAT | (
            os.O_APPEND if job.open_mode == "append" or job.restarts and not job.open_mode
            else os.O_TRUNC)
        # append in any case: the script's and slurmstepd's lines must not overwrite each other
        how |= os.O_APPEND
        self._await_folder(os.path.dirname(out))
        try:
            self.out = os.open(out, how, 0o666)
        except OSError as error:
            self._complain(f"Could not open stdout file {out}: {error.strerror}")
            raise
        if err == out:
            self.err = os.dup(self.out)
        else:
            self.err = os.open(err, how, 0o666)
        return os.open(self._path(job.std_in or "/dev/null", values), os.O_RDONLY)

    def _await_folder(self, folder):
        """Give whoever submitted the job a second to make the folder of its output.

        Between the end of sbatch and this moment real Slurm takes 0.1 to 2 s, in which a client
        (submitit) makes the folder that is named after the job's id; the mock takes 2 ms.
        """
        if not self.ctl.clock.stepping:
            end = time.monotonic() + FOLDER_WAIT
            while not os.path.isdir(folder) and time.monotonic() < end:
                pause(0.01)

    def _path(self, pattern, values):
        return os.path.join(self.job.work_dir, fill(pattern, values))

    def _complain(self, text):
        """A line of slurmstepd's in the job's error file, or in its log when there is none. It is
        lost on a full disk: what is done with the job goes on."""
        try:
            os.write(self.err if self.err >= 0 else 2,
                     f"slurmstepd-{self.job.batch_host}: error: {text}\n".encode())
        except OSError:
            return

    def _exec(self, path, arguments, env, stdin, owner):
        """In the child: become the script."""
        code = 1
        try:
            os.setsid()
            _signal.set_wakeup_fd(-1)
            for signum in (_signal.SIGUSR1, _signal.SIGCHLD, _signal.SIGPIPE, _signal.SIGINT,
                           _signal.SIGTERM, _signal.SIGHUP):
                _signal.signal(signum, _signal.SIG_DFL)
            os.dup2(stdin, 0)
            os.dup2(self.out, 1)
            os.dup2(self.err, 2)
            os.chdir(self.job.work_dir)
            env[b"SLURM_TASK_PID"] = str(os.getpid()).encode()
            os.closerange(3, 256)
            if os.getppid() != owner:
                os._exit(1)              # the supervisor was killed: the job is not ours any more
            os.execve(path, [path, *arguments], env)
        except OSError as error:
            self.err = 2
            self._complain(f"execve(): {interpreter(path)}: {error.strerror}")
            code = error.errno or 1
        finally:
            os._exit(code)

    def environment(self, given):
        """The script's environment (bytes), but for its process id where another asks for it."""
        env = dict(item.split(b"=", 1) for item in given["env"])
        path_was = os.fsdecode(env.get(b"PATH", b"/usr/local/bin:/usr/bin:/bin"))
        more = batch_variables(self.ctl, self.job, machine.here.pid())
        more["PATH"] = node_path(self.ctl.state, path_was)
        more.update(own_variables(self.ctl.state))
        more["PWD"] = self.job.work_dir
        more.setdefault("TMPDIR", os.fsdecode(env.get(b"TMPDIR", b"/tmp")))
        env.update({os.fsencode(k): os.fsencode(v) for k, v in more.items()})
        env.pop(b"", None)               # --export=ALL,=x: Python refuses a variable without a name
        return env

    def _wait(self, bell, pid):
        """Mind the script until it has ended."""
        began = time.monotonic()
        self.sampler = Sampler(self.ctl, self.job.start_time, {(0, 0): pid}, self._of_steps,
                               first_memory(self.job))
        rung = False
        while True:
            done, status, self.rusage = os.wait4(pid, os.WNOHANG)
            if done:
                self._sweep(pid, time.monotonic() - began < MOMENT)
                if self.over:
                    self._over_memory()      # once more, when the task is looked at for the last time
                return status
            if rung:
                self._look(pid)
            bell.wait(self._patience())
            rung = True

    def _look(self, pid):
        """Obey what was decided about the job, and mind its memory."""
        self._obey(pid)
        over = self.sampler.turn()
        if over and not self.over:
            self.over = over
            self._over_memory()
            self._note()
            send(tree(table(), machine.here.pid(), pid), _signal.SIGKILL)

    def blame(self, step):
        """Note in the job and its batch step that it was ended for its use of memory."""
        if self.over:
            step.cancelled_by = 0            # by root: slurmstepd asks for it
            self.job.reason = "JobLaunchFailure"
            try:
                with self.ctl.store:
                    self.ctl.store.update(self.job, "reason")
            except Error:
                return                       # a full disk; the job's end is told when there is room

    def _over_memory(self):
        """What slurmstepd says of a script that uses more memory than the job has."""
        _, used, limit = self.over
        self._complain(messages.OVER_MEMORY.format(step=f"{self.job.id}.batch", used=used,
                                                   limit=limit))
        self._complain(messages.OVER_MEMORY_NOTE)

    def _of_steps(self):
        """The processes of the job's steps, which are not the script's."""
        found = table()
        return [pid for step in self.ctl.store.steps(self.job.id)
                if step.state == "RUNNING" and step.step_id >= 0 for pid in tree(found, step.pid)]

    def _deadline(self):
        """When the job's time is up, if ever."""
        return self.job.end_time and self.job.end_time + self.job.over_time

    def _patience(self):
        """Real seconds until the supervisor should look itself whether the time is up."""
        ctl = self.ctl
        if ctl.clock.stepping:
            return 5.0
        due = [when for when in (self._deadline(), self.sampler.due) if when]
        return max(0.05, min([5.0, *(ctl.clock.real(when - ctl.clock.now()) for when in due)]))

    def _obey(self, pid):
        """Look what has been decided about the job."""
        ctl = self.ctl
        if not os.path.exists(ctl.store.file):
            # somebody removed the state directory: this cluster is no more
            send(tree(table(), machine.here.pid(), pid), _signal.SIGKILL)
            os._exit(1)
        if not ctl.clock.stepping and ctl.clock.now() >= (self._deadline() or 1 << 60):
            if not ctl.alive.holder(KEEPER):
                try:
                    ctl.tick()
                except Error:
                    pause(0.5)           # a full disk: look again
        self.job = job = ctl.store.job(self.job.id)
        if job.state != "COMPLETING":
            return
        if not self.noted:
            self.noted = True
            self._note()
            found = tree(table(), machine.here.pid(), pid)
            send(found, _signal.SIGCONT)
            send(found, _signal.SIGTERM)
        elif not job.kill_time:
            send(tree(table(), machine.here.pid(), pid), _signal.SIGKILL)

    def _note(self):
        job = self.job
        when = stamp(self.ctl.now)
        text = messages.JOB_CANCELLED.format(
            what=f"JOB {job.id}", node=job.batch_host, time=when,
            why={"TIMEOUT": " DUE TO TIME LIMIT", "PREEMPTED": " DUE TO PREEMPTION",
                 "REQUEUED": " DUE TO JOB REQUEUE", "REQUEUE_HOLD": " DUE TO JOB REQUEUE"
                 }.get("PREEMPTED" if job.preempt_time else job.final, ""))
        self._complain(text)

    def _sweep(self, pid, young):
        """The script is over: nothing that it left in the background stays."""
        for signum in (_signal.SIGTERM, _signal.SIGKILL):
            left = left_behind(self.ctl.state, self.job.id, machine.here.pid(), pid, young)
            if not left:
                return
            send(left, signum)
            if signum == _signal.SIGTERM:
                # never at rest (world.at_rest): who was killed in his sleep may not be dead yet, and
                # the stepping clock would run on to where he would have woken
                for _ in range(50):
                    pause(0.001)


def interpreter(path):
    """What could not be executed: the script, or the interpreter that it names."""
    with open(path, "rb") as f:
        first = f.readline()
    name = first[2:].split()[0].decode(errors="replace") if first[2:].split() else ""
    if first.startswith(b"#!") and name and not os.access(name, os.X_OK):
        return f"bad interpreter({name})"
    return path


def default_output(job):
    """Where a batch job writes when -o says nothing."""
    return "slurm-%A_%a.out" if job.array_task is not None else "slurm-%j.out"


def first_memory(job):
    """{0: MiB that the job has of its first node}."""
    from .model import unpack_alloc
    return {0: share.mem for share in unpack_alloc(job.alloc)[:1]}


def pause(seconds):
    import select
    select.select((), (), (), seconds)
