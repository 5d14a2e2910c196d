"""What runs around a step: --prolog and --epilog, which srun itself runs, --task-prolog and --task-epilog on the node.

A task's prolog says on its output what the task gets: "export NAME=VALUE", "unset NAME", "print TEXT".  Source: srun(1),
slurm.conf(5) (TaskProlog); what each says when it fails is what Slurm 22.05.8 was seen to say (cases/commands/92-prologs).
"""

import os

from ... import machine
from ...common import log
from ...machine.daemonize import Program

NOT_RUN = "Run command failed - configuration error"


class Script(Program):
    """One such script. env: its environment; node: whose slurmstepd runs it, "" for srun itself."""

    def __init__(self, argv, env, folder, files, node=""):
        super().__init__(argv, folder, files)
        self.env, self.node = env, node

    def environment(self):
        """{name: value}."""
        return self.env

    def no_folder(self, error):
        """The task says so; its script goes without a word."""
        return "" if self.node else None

    def refused(self, error):
        """Of a script that cannot be executed, though it looks as if it could."""
        text = f"execve(): {self.argv[0]}: {error.strerror}"
        return log.stepd_error(self.node, text) if self.node else log.line("srun", text, "error")


def told(output):
    """What the output (bytes) of a task's prolog says: ({variable: value, or None for none}, what it prints)."""
    changes, printed = {}, b""
    for line in output.splitlines(True):
        word, _, rest = line.partition(b" ")
        rest, text = rest.lstrip(), rest.strip(b"\n").decode("utf-8", "surrogateescape")
        if word == b"print":
            printed += rest
        elif word == b"export" and "=" in text:
            name, _, value = text.partition("=")
            changes[name.strip()] = value
        elif word == b"unset" and text.strip():
            changes[text.strip()] = None
    return changes, printed


class Scripts:
    """Part of step.Run, which has the call, the step, its tasks (crew) and their environments."""

    context = ""                 # SLURM_SCRIPT_CONTEXT of srun and, behind that, of the tasks

    def own_script(self, which):
        """srun's own "prolog" or "epilog"; its exit code. A generator."""
        path = self.given.get(which, "none")
        if path.lower() == "none":
            return 0
        self.context = f"{which}_srun"
        if not path:
            return 0
        script = self.call.path(path)
        try:
            if not os.access(script, os.R_OK | os.X_OK):
                os.close(os.open(script, os.O_RDONLY))
                raise PermissionError(13, "Permission denied")
        except OSError as error:
            self.call.log(f"Access denied for {path}: {error.strerror}")
            return 0
        env = {**self.call.env, **self.of_job(), "SLURM_SCRIPT_CONTEXT": self.context}
        self.call.out.flush()
        status, _ = yield from self._run(Script([script, *self.command], env, self.call.cwd, {}))
        code = status >> 8 & 255
        if status & 127:
            self.call.error("script did not exit normally")
            code = 1
        if code and which == "epilog":
            self.call.error(f"srun epilog failed status={code}")
        elif code:
            self.call.error(f"srun prolog failed rc = {code}. Aborting step.")
            self.waiting()
            self.call.log(f"launch/slurm: launch_p_step_launch: StepId={self.step.job_id}.{self.step.step_id} "
                          "aborted before step completely launched.")
        return code

    def task_prologs(self, env_of):
        """Run --task-prolog for each task: what it says is in `self.prologed`, a task of which it fails has its end.
        env_of(task): its environment. A generator."""
        path = self.given.get("task-prolog")
        for task in self.crew.tasks if path else ():
            status, output, why = 1 << 8, b"", self._unfit(path, "user task_prolog")
            if why:
                self.slurmstepd(task.node, f"run_command: {why}")
                why = NOT_RUN
            else:
                end, ours = machine.here.pipe(writes=True)
                env = {**env_of(task), "SLURM_SCRIPT_CONTEXT": "prolog_task"}
                status, output = yield from self._run(
                    Script([path], env, self.folder(), {1: end, 2: end}, task.node), end, ours)
                why = output.decode("utf-8", "replace") if status & 127 else None
            if why is not None:
                self.slurmstepd(task.node, f"user task_prolog did not exit normally. reason: {why}")
                status = 1 << 8
            if status:
                self.slurmstepd(task.node, f"--task-prolog failed status={status >> 8}")
                task.status = status
            changes, printed = told(output)
            self.prologed[task.rank] = {**changes, "SLURM_SCRIPT_CONTEXT": "prolog_task"}, printed

    def changed(self, env, rank):
        """A task's environment with what srun's prolog and the task's say."""
        if self.context:
            env["SLURM_SCRIPT_CONTEXT"] = self.context
        for name, value in self.prologed.get(rank, ({}, b""))[0].items():
            if value is None:
                env.pop(name, None)
            else:
                env[name] = value
        return env

    def task_epilogs(self, env_of):
        """Run --task-epilog for each task that has ended. env_of(task): the environment it began with. A generator."""
        path = self.given.get("task-epilog")
        for task in self.crew.tasks if path else ():
            if self._unfit(path, "user task_epilog"):
                self.slurmstepd(task.node, f"Could not run user task_epilog [{path}]: access denied")
                status = -1
            else:
                null = machine.here.open(os.devnull, os.O_WRONLY)
                env = {**env_of(task), "SLURM_SCRIPT_CONTEXT": "epilog_task"}
                status, _ = yield from self._run(Script([path], env, self.folder(), {1: null}, task.node), null)
            if status:
                self.slurmstepd(task.node, f"TaskEpilog failed status={status}")

    @staticmethod
    def _unfit(path, what):
        """Why a node runs no such script; "" if it does."""
        if not path.startswith("/"):
            return f"{what} is not fully qualified pathname ({path})"
        if not os.path.exists(path):
            return f"{what} can not be executed ({path}) No such file or directory"
        return "" if os.access(path, os.R_OK | os.X_OK) else f"{what} can not be executed ({path}) Permission denied"

    def _run(self, script, end=None, ours=None):
        """Run a script; (its wait status, what came through the pipe `ours`); of one that cannot be started it is told, as if
        it had ended with 1. end: a file that is the script's alone. A generator."""
        here, output, ended = machine.here, b"", None
        try:
            pid = here.start(script)
        except OSError as error:
            self.call.error(f"run_srun_script: fork: {error.strerror}")
            return 1 << 8, b""
        finally:
            if end is not None:
                here.close(end)

        def turn(seconds):
            nonlocal output, ended, ours
            if ours is not None:
                here.ready(self.crew.bell, [ours], [], seconds)
                data = here.take(ours)
                output += data or b""
                if data is None:
                    here.close(ours)
                    ours = None
            ended = ended or here.ended(pid)
            if ended and ours is None:
                return True
            if ours is None:
                self.crew.bell.wait(seconds)
            return False

        yield from here.beside(turn)
        return ended[0], output
