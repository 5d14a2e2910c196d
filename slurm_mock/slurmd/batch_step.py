"""A batch script that runs: its files, its environment, its process, and what is decided about it.

It does what slurmstepd does for the batch step; slurmd/slurmstepd.py says which job comes when.
"""

import _signal
import marshal
import os
import time
from _sqlite3 import Error

from .. import machine
from ..common import log
from ..common.fname import fill, job_values
from ..common.job_state import LAUNCH_FAILURE
from ..common.parse_time import stamp
from ..machine.daemonize import Program
from ..machine.locks import KEEPER
from ..machine.proctrack import send, table, tree
from ..machine.spool import remove_spool, spool
from .env import batch_variables, node_path, own_variables
from .jobacct_gather import OVER_MEMORY, OVER_MEMORY_NOTE, Sampler

# Real seconds that a job waits for the folder of its output to be made.
FOLDER_WAIT = 1.0
# A script that ran for less (real seconds) has left only processes with higher ids than its own.
MOMENT = 2.0


class Script:
    """A batch script that runs on the job's first node."""

    def __init__(self, ctl, job):
        self.ctl, self.job = ctl, job
        self.folder = spool(ctl.state, job)
        self.out = self.err = None       # files of the machine's
        self.pid, self.status, self.noted, self.looks = 0, None, False, False
        self.sampler = self.over = self.rusage = None

    def run(self, bell):
        """Start the script and wait for its end; its wait status. A generator."""
        script, blob = self.ctl.store.script(self.job.id)
        given = marshal.loads(blob)
        try:
            path = yield from self._spool(script)
            if not path:
                return _signal.SIGTERM
            try:
                yield from self._await_folder()
                self.pid = self._start(path, given)
            except OSError:
                return LAUNCH_FAILURE
            return (yield from self._wait(bell))
        finally:
            remove_spool(self.ctl.state, self.job)

    def _start(self, path, given):
        """Start the script; its process id. OSError if its files cannot be opened."""
        own_mask = os.umask(given["umask"])
        try:
            stdin = self._open_files()
            try:
                return machine.here.start(BatchProgram(
                    self.job, [path, *given["args"]], self.environment(given),
                    {0: stdin, 1: self.out, 2: self.err}))
            finally:
                machine.here.close(stdin)
        finally:
            os.umask(own_mask)

    def close(self):
        """Let go of the job's files."""
        for file in {self.out, self.err} - {None}:
            machine.here.close(file)
        self.out = self.err = None

    def _spool(self, script):
        """Write the script where its interpreter reads it: the file's name. While the disk has no
        room for all of it the job waits; None if it was ended meanwhile. A generator."""
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
                yield from machine.here.nap(0.5)
            if self.ctl.store.job(self.job.id).state == "COMPLETING":
                return None

    def _open_files(self):
        """Open stdin, stdout and stderr as -i, -o and -e say, in this order; returns stdin. OSError if
        one cannot be: then those behind it are not made."""
        job = self.job
        out, err, stdin = self._names()
        how = os.O_WRONLY | os.O_CREAT | (
            os.O_APPEND if job.open_mode == "append" or job.restarts and not job.open_mode
            else os.O_TRUNC)
        # append in any case: the script's and slurmstepd's lines must not overwrite each other
        how |= os.O_APPEND
        found = machine.here.open(stdin, os.O_RDONLY)
        try:
            self.out = machine.here.open(out, how)
            self.err = self.out if err == out else machine.here.open(err, how)
        except OSError as error:
            self._complain(f"Could not open output file {error.filename}: {error.strerror}")
            machine.here.close(found)
            raise
        return found

    def _names(self):
        """The names of the files for stdout, stderr and stdin."""
        job, values = self.job, job_values(self.job, self.job.batch_host)
        out = self._path(job.std_out or default_output(job), values)
        return (out, self._path(job.std_err, values) if job.std_err else out,
                self._path(job.std_in or "/dev/null", values))

    def _await_folder(self):
        """Give whoever submitted the job a second to make the folder of its output. A generator.

        Between the end of sbatch and this moment real Slurm takes 0.1 to 2 s, in which a client
        (submitit) makes the folder that is named after the job's id; the mock takes 2 ms.
        """
        folder = os.path.dirname(self._names()[0])
        if not self.ctl.clock.stepping:
            end = time.monotonic() + FOLDER_WAIT
            while not os.path.isdir(folder) and time.monotonic() < end:
                yield from machine.here.nap(0.01)

    def _path(self, pattern, values):
        return os.path.join(self.job.work_dir, fill(pattern, values))

    def _complain(self, text):
        """A line of slurmstepd's in the job's error file, or in its log when there is none. It is
        lost on a full disk: what is done with the job goes on."""
        try:
            machine.here.put(machine.here.own(2) if self.err is None else self.err,
                             complaint(self.job, text).encode("utf-8", "surrogateescape"))
        except OSError:
            return

    def environment(self, given):
        """The script's environment (bytes), but for its process id."""
        env = dict(item.split(b"=", 1) for item in given["env"])
        path_was = os.fsdecode(env.get(b"PATH", b"/usr/local/bin:/usr/bin:/bin"))
        more = batch_variables(self.ctl, self.job, machine.here.pid())
        more["PATH"] = node_path(self.ctl.state, path_was)
        more.update(own_variables(self.ctl.state))
        more["PWD"] = self.job.work_dir
        more.setdefault("TMPDIR", os.fsdecode(env.get(b"TMPDIR", b"/tmp")))
        if b"SLURM_CPUS_PER_TASK" in env:    # of the job in which sbatch stood
            more.setdefault("SLURM_CPUS_PER_TASK", str(self.job.cpus_per_task))
        env.update({os.fsencode(k): os.fsencode(v) for k, v in more.items()})
        env.pop(b"", None)               # --export=ALL,=x: Python refuses a variable without a name
        return env

    def _wait(self, bell):
        """Mind the script until it has ended; its wait status. A generator."""
        began = time.monotonic()
        self.sampler = Sampler(self.ctl, self.job.start_time, {(0, 0): self.pid}, self._of_steps,
                               first_memory(self.job), self.job.acctg_freq)
        yield from machine.here.beside(lambda seconds: self.turn(bell, seconds))
        yield from self._sweep(time.monotonic() - began < MOMENT)
        if self.over:
            self._over_memory()          # once more, when the task is looked at for the last time
        return self.status

    def turn(self, bell, seconds):
        """One look at the script, and a wait of up to `seconds` for the bell; True when it has ended."""
        ended = machine.here.ended(self.pid)
        if ended:
            self.status, self.rusage = ended
            return True
        if self.looks:
            self._look()
        self.looks = True                # it has just been started: not before something happened
        bell.wait(min(seconds, self._patience()))
        return False

    def _look(self):
        """Obey what was decided about the job, and mind its memory."""
        self._obey()
        over = self.sampler.turn()
        if over and not self.over:
            self.over = over
            self._over_memory()
            self._note()
            self._signal(_signal.SIGKILL)

    def _signal(self, *signums):
        """Signal the script and all that came from it."""
        found = tree(table(), machine.here.pid(), self.pid)
        for signum in signums:
            send(found, signum)

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
        self._complain(OVER_MEMORY.format(step=f"{self.job.id}.batch", used=used, limit=limit))
        self._complain(OVER_MEMORY_NOTE)

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

    def _obey(self):
        """Look what has been decided about the job."""
        ctl = self.ctl
        if not os.path.exists(ctl.store.file):
            # somebody removed the state directory: this cluster is no more
            self._signal(_signal.SIGKILL)
            machine.here.leave()
            return
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
            self._signal(_signal.SIGCONT, _signal.SIGTERM)
        elif not job.kill_time:
            self._signal(_signal.SIGKILL)

    def _note(self):
        job = self.job
        when = stamp(self.ctl.now)
        text = log.CANCELLED.format(
            what=f"JOB {job.id}", node=job.batch_host, time=when,
            why={"TIMEOUT": " DUE TO TIME LIMIT", "PREEMPTED": " DUE TO PREEMPTION",
                 "REQUEUED": " DUE TO JOB REQUEUE", "REQUEUE_HOLD": " DUE TO JOB REQUEUE"
                 }.get("PREEMPTED" if job.preempt_time else job.final, ""))
        self._complain(text)

    def _sweep(self, young):
        """The script is over: nothing that it left in the background stays; what heeds SIGTERM may say a
        last word. young: it ran for a moment only. A generator."""
        for signum in (_signal.SIGTERM, _signal.SIGKILL):
            left = machine.here.left_behind(self.ctl.state, self.job.id, machine.here.pid(), self.pid,
                                            young)
            if not left:
                return
            send(left, signum)
            if signum == _signal.SIGTERM:
                yield from machine.here.grace(left)


class BatchProgram(Program):
    """What the script's process becomes; env: its environment, but for the process id."""

    signals = (*Program.signals, _signal.SIGHUP)

    def __init__(self, job, argv, env, files):
        super().__init__(argv, job.work_dir, files)
        self.job, self.env = job, env

    def environment(self):
        """{name: value} as bytes."""
        return {**self.env, b"SLURM_TASK_PID": str(machine.here.pid()).encode()}

    def no_folder(self, error):
        """It runs in /tmp."""
        return log.to_tmp(self.job.batch_host, self.folder, error.strerror)

    def refused(self, error):
        """slurmstepd's line: the script, or the interpreter that it names, could not be executed."""
        return complaint(self.job, f"execve(): {interpreter(self.argv[0])}: {error.strerror}")


def complaint(job, text):
    """A line of slurmstepd's about a job."""
    return log.stepd_error(job.batch_host, text)


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
    from ..common.records import unpack_alloc
    return {0: share.mem for share in unpack_alloc(job.alloc)[:1]}


def pause(seconds):
    """Wait so many real seconds."""
    import select
    select.select((), (), (), seconds)
