"""srun: run tasks in parallel, as a step of a job or with an allocation of its own."""

import _signal
import os

from ... import machine
from ...common import log, slurm_errno
from ...common.fname import fill, job_values, of_task
from ...common.parse_time import as_int, atoi, is_number, stamp, strtol
from ...common.proc_args import parse_int
from ...common.records import ACTIVE, ENDED
from ...machine.locks import STEP
from ...slurmd.attach import Stage, folder
from ...slurmd.env import (asks_for_gres, job_variables, node_path, own_variables, step_variables,
                           task_variables, without_gpus)
from ...slurmd.jobacct_gather import Sampler
from ...slurmd.task import Crew, Files, Unopened
from ..shared.call import Fail
from ..shared.submit import exported, umask
from ..slurm_opt.output_env import of_step
from .allocate import Allocated
from .ends import ENDING, Ends, not_created
from .scripts import Scripts
from .verbose import Told

NO_COMMAND = "No command given to execute."


def job_named(call, ctl, text):
    """The running job a step goes into. text: its id. Raises Fail."""
    job = ctl.store.job(int(text)) if is_number(text) else None
    if job is None or (job.uid != ctl.caller.uid and not ctl.caller.admin):
        call.error(f"Unable to confirm allocation for job {text}: "
                   + call.strerror(slurm_errno.ESLURM_INVALID_JOB_ID))
    elif job.phase > ACTIVE:
        call.error(f"Slurm job {text} has expired")
    else:
        return job
    raise Fail.info(f"Check SLURM_JOB_ID environment variable. Expired or invalid job {text}")


def _is_terminal(stream):
    try:
        return os.isatty(stream.fileno())
    except (AttributeError, OSError, ValueError):
        return False


class Run(Allocated, Told, Ends, Scripts):
    """One step from its creation to its end."""

    def __init__(self, call, ctl, job, request, command, more):
        self.call, self.ctl, self.job = call, ctl, job
        self.request, self.command, self.more = request, command, more
        self.given, self.asked = request.given, request.job
        self.status, self.aborted, self.interrupted = 0, False, 0.0
        self.sampler = self.over = None
        self.first_end, self.late, self.minded = 0, False, False
        self.prologed = {}           # rank: ({variable: value}, what is printed), of --task-prolog
        self.unlaunched = self.left = False      # see Ends.unopened

    def go(self):
        """Create the step, run its tasks, say what went wrong; srun's exit code. A generator.
        Raises Fail."""
        self.notices()
        if self.ctl.config.get("KillOnBadExit") == "1":
            self.given = {"kill-on-bad-exit": "1", **self.given}
        self.tell_job()
        step, counts, nodes = yield from self.create()
        self.step, self.nodes = step, nodes
        self.stage = Stage(folder(self.ctl.state, step.job_id, step.step_id))
        tasks = self.new_tasks(counts, nodes)
        self.crew = crew = Crew(tasks, self.files(), heeds=(*ENDING, _signal.SIGALRM))
        if "SLURM_UMASK" in self.call.env:
            crew.umask = umask(self.call.env["SLURM_UMASK"])

        def env_of(task):
            return self.environment(task, step, counts, nodes)
        self.ctl.alive.hold(STEP + machine.here.pid())
        try:
            try:
                if self.sampled_too_seldom():
                    raise self.not_launched(slurm_errno.ESLURMD_INVALID_ACCT_FREQ)
                yield from self.own_script("prolog")
                self.tell_launch(tasks)
                programs = [self.program(task.rank) for task in tasks]
                yield from self.task_prologs(env_of)
                crew.start(lambda rank: programs[rank], lambda task: self.changed(env_of(task), task.rank),
                           self.folder(), self.path, {rank: told for rank, (_, told) in self.prologed.items()})
            except OSError as error:
                raise self.not_started(error) from None
            except Unopened as bad:
                self.unopened(bad)
            else:
                self.sampler = Sampler(self.ctl, step.start_time, {
                    (task.rank, nodes.index(task.node)): task.pid for task in tasks},
                    limits={i: self.memory(n, self.held(nodes, counts)[n])
                            for i, n in enumerate(nodes)}, acctg_freq=self.asked.acctg_freq)
                yield from machine.here.mind(self.ctl, self.turn)
                yield from self.task_epilogs(env_of)
            self.minded = True
        finally:
            crew.kill()                  # no task may outlive who minds it
            crew.hang_up()
            for task in tasks:
                self.stage.ended(task.rank, task.status or 0)
            self.stage.close()
            self.status = crew.worst() if self.minded else 1 << 8
            self.measure(step)
            cancelled = (self.aborted or (self.status & 127) == 9) and not self.late
            told = crew.told(_signal.SIGKILL if self.late else None) if self.minded and not cancelled else self.status
            if not self.left:
                self.end_step(step, told, "CANCELLED" if cancelled and self.status else None)
            self.ctl.alive.drop(STEP + machine.here.pid())
        if self.unlaunched:
            self.status = 0
            return 0
        if self.over:
            self.over_memory()               # once more, when the tasks are looked at for the last time
        self.say_ends()
        if self.status & 127 in (_signal.SIGKILL, _signal.SIGTERM) and (not self.aborted or "kill-on-bad-exit" in self.given):
            self.call.log(f"Force Terminated StepId={step.job_id}.{step.step_id}")
        yield from self.own_script("epilog")
        if self.status & 127:
            return 128 + (self.status & 127)
        return self.status >> 8 & 255

    def say_ends(self):
        """Say how tasks ended of which it has not been said."""
        for line in self.report():
            text = line.removeprefix(log.WORDS["error"])
            self.call.log(text, "info" if text == line else "error")

    def notices(self):
        """What is asked for that there is not: a terminal, of which it tells, ports, and GPUs. Raises
        Fail for all but the terminal."""
        if "pty" in self.given and not _is_terminal(self.call.out):
            self.no_terminal()
            del self.given["pty"]
        if parse_int("--resv-port", self.given.get("resv-ports") or "0", positive=False) \
                and "ports=" not in self.ctl.config.get("MpiParams", ""):
            raise not_created(self.job.id, slurm_errno.ESLURM_PORTS_INVALID)
        if self.inside:
            from .inside import notices
            notices(self)
        elif self.given.get("cpus-per-gpu") and atoi(self.given["cpus-per-gpu"]) and not asks_for_gres(self.job):
            raise not_created(self.job.id, slurm_errno.ESLURM_INVALID_GRES)

    def no_terminal(self):
        """--pty where srun has no terminal."""
        self.call.error("ioctl(TIOCGWINSZ): Inappropriate ioctl for device")
        self.call.error("Not using a pseudo-terminal, disregarding --pty option")

    def end_step(self, step, status, state):
        """Enter the end of the step. status: a wait status; state: None where the status says it."""
        self.ctl.end_step(step, status, state)

    def steps(self):
        """The Steps that this run has made."""
        return [self.step]

    # ---- the tasks -------------------------------------------------------------

    def files(self):
        """The Files of the tasks: -o, -e and -i, labels, a terminal for --pty."""
        asked, given = self.asked, self.given
        def name(option, value):
            if option not in given or value.startswith("-") or value[:3].lower() == "all":
                return None              # srun looks at the beginning only: all.txt is "all"
            number, rest = strtol(value)
            if not rest and as_int(number) < self.step.ntasks:
                return str(number)       # of the task of that number alone; "" is 0
            return "/dev/null" if value.lower() == "none" else f"./{value}" if is_number(value) else value
        terminal = "pty" in given and machine.here.terminal()
        if "pty" in given and not terminal:
            self.no_terminal()
        return Files(name("output", asked.std_out), name("error", asked.std_err),
                     name("input", asked.std_in), "label" in given,
                     asked.open_mode == "append", terminal, self.stage, "unbuffered" in given)

    def path(self, task, pattern):
        """File name of -o, -e, -i for a task."""
        values = job_values(self.job, task.node, str(self.step.step_id),
                            self.nodes.index(task.node), task.rank)
        # what srun opens itself is where srun is
        return os.path.join(self.folder() if of_task(pattern) else self.call.cwd, fill(pattern, values))

    def folder(self):
        """The folder in which the tasks begin: --chdir, or srun's own."""
        chdir = self.given.get("chdir")
        return self.call.path(chdir) if chdir else self.call.cwd

    def program(self, rank):
        """What a task runs, [program, arguments]; with --multi-prog the file says it. Raises Fail."""
        if "multi-prog" not in self.given:
            program = self.command[0]
            if "/" in program and not program.startswith("/"):
                program = f"{self.call.cwd}/{program}"
            return [program, *self.command[1:]]
        from .multi_prog import read
        for ranks, words in read(self.call, self.command[0]):
            if ranks is None or rank in ranks:
                offset = rank if ranks is None else ranks.index(rank)
                return [w.replace("%t", str(rank)).replace("%o", str(offset)) for w in words]
        raise Fail.error(f"Configuration file {self.command[0]} invalid, no record for task id "
                         f"{rank}")

    def environment(self, task, step, counts, nodes):
        """The whole environment of a task (called in the task's process)."""
        node_index = nodes.index(task.node)
        gtids = [t.rank for t in self.crew.tasks if t.node == task.node]
        local = gtids.index(task.rank)
        # an empty one hands on nothing
        export = self.asked.export or ("NONE" if self.given.get("export") == "" else "ALL")
        # srun takes nothing beside NONE, sbatch does
        env = exported(self.call, "NONE" if "NONE" in export.split(",") else export)
        env.update(self.of_job())
        inside = "SLURM_JOB_ID" in self.call.env
        env = without_gpus(self.job, env)        # the batch script's are not the step's
        told = of_step(self.given, self.asked, step.ntasks > step.num_nodes, inside,
                       self.call.release)
        env.update(told)
        if len(gtids) == 1:
            env.pop("SLURMD_TRES_BIND", None)        # one task has all that the step has there
        if inside:
            known = job_variables(self.ctl, self.job)
            env["SLURM_JOB_CPUS_PER_NODE_PACK_GROUP_0"] = known["SLURM_JOB_CPUS_PER_NODE"]
            env["SLURM_JOB_PARTITION"] = self.job.partition
        env.update(step_variables(self.ctl, self.job, step, counts, max(0, 3 + self.request.loudness - self.request.quiet)))
        if "SLURM_UMASK" in self.call.env:
            env["SLURM_UMASK"] = self.call.env["SLURM_UMASK"]
        env.update(task_variables(self.ctl, self.job, step, task.rank, node_index, local, gtids,
                                  machine.here.pid(),
                                  told.get("SLURMD_TRES_BIND", "").removeprefix("gpu:"), self.gres))
        if self.asked.cpus_per_task_given:
            env["SLURM_CPUS_PER_TASK"] = str(self.asked.cpus_per_task)
        if "label" in self.given:
            env["SLURM_LABELIO"] = "1"
        if self.given.get("mpi") == "none":
            env.pop("SLURM_MPI_TYPE", None)
        if self.more:
            env.update(self.more(task, local, len(gtids)))
        if "PATH" in env:
            env["PATH"] = node_path(self.ctl.state, env["PATH"])
        env.update(own_variables(self.ctl.state))
        env.setdefault("TMPDIR", "/tmp")
        return env

    def of_job(self):
        """The job's variables, as far as they are not there already."""
        inside, known = "SLURM_JOB_ID" in self.call.env, job_variables(self.ctl, self.job)
        if not inside:
            known["SLURM_SUBMIT_DIR"] = self.call.cwd
        return {k: v for k, v in known.items()
                if (k not in self.call.env if inside else not k.startswith("SLURM_MEM_PER_"))}

    def turn(self, timeout):
        """One look at the tasks and at what the controller has decided; True when all is over."""
        rings = self.crew.turn(timeout)
        for ring in rings:
            if ring == _signal.SIGINT:
                self.interrupt()
            elif ring in ENDING and not self.aborted:
                self.forced(ring)
            elif ring == _signal.SIGCONT:
                self.call.log("got SIGCONT")
        if _signal.SIGURG in rings or not rings:
            self.obey()
        over = self.sampler.turn()
        if over and not self.over:
            self.over = over
            self.over_memory()
            self.step.cancelled_by = 0       # by root: slurmstepd asks for it
            self.abort(signum=_signal.SIGKILL)
        if ("kill-on-bad-exit" in self.given and not self.aborted
                and self.given["kill-on-bad-exit"] != "0"
                and any(t.status for t in self.crew.tasks)):
            self.say_ends()
            self.terminating()
            self.abort(quiet=True)
        self.too_late()
        return self.crew.done

    def measure(self, step):
        """Note what the tasks used."""
        ended = {(t.rank, self.nodes.index(t.node)): t.rusage for t in self.crew.tasks if t.rusage}
        for used in ended.values():
            step.user_usec += int(used.ru_utime * 1e6)
            step.sys_usec += int(used.ru_stime * 1e6)
        step.usage = self.sampler.result(ended) if self.sampler else ""

    def obey(self):
        """Has the job or this step been cancelled?"""
        job = self.ctl.store.job(self.job.id)
        if (job.state == "COMPLETING" or job.phase >= ENDED) and not self.call.env.get("MOCK_SLURM_DRIVEN"):
            self.job = job
            if self.aborted and not job.kill_time:
                self.crew.send(_signal.SIGKILL)
            self.abort()
            return
        for step in self.ctl.store.steps(self.job.id):
            if step.step_id == self.step.step_id and step.cancelled_by is not None:
                self.step.cancelled_by = step.cancelled_by
                # of a step alone slurmctld asks for the end at once, with no time to heed it
                self.abort(signum=_signal.SIGKILL, told=True)

    def slurmstepd(self, node, text):
        """A line of a node's slurmstepd, which comes out at srun."""
        line = log.stepd_error(node, text).encode()
        self.stage.write(0, 2, line)
        self.call.err.write(line)
        self.call.err.flush()

    def abort(self, quiet=False, signum=_signal.SIGTERM, told=False):
        """End the tasks, with the lines that srun (unless quiet) and slurmstepd write. told: srun hears
        of it from slurmctld, when slurmstepd has begun with it."""
        if self.aborted:
            return
        self.aborted = True
        if not quiet and not told:
            self.waiting()
        node = self.crew.tasks[0].node
        final = self.ctl.store.job(self.job.id).final
        why = " DUE TO TIME LIMIT" if final == "TIMEOUT" else ""
        line = log.CANCELLED.format(
            what=f"STEP {self.step.job_id}.{self.step.step_id}", node=node,
            time=stamp(self.ctl.now), why=why)
        self.slurmstepd(node, line)
        if told:
            self.waiting()
        self.crew.send(_signal.SIGCONT)
        self.crew.send(signum)
