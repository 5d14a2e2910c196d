"""Pipelines, subshells, background commands, $(...): all that needs a process of its own."""

import os

from ..files import Disk, Null, Pipe
from ..wait import Wait
from . import tree as t
from . import words
from .arithmetic import ArithmeticProblem
from .errors import Exit, Failed, Leave
from .jobs import Job
from .variables import ReadOnly


class Subshells:
    """The part of a Shell that starts copies of it."""

    async def piped(self, node):
        """A pipeline: each command in a process of its own, from one pipe to the next; leaves the
        exit code in `status`, all of them in `pipestatus`."""
        before, children = None, []
        for number, command in enumerate(node.commands):
            files = {n: f.dup() for n, f in self.process.files.items()}
            if before is not None:
                files.pop(0).close() if 0 in files else None
                files[0] = before
            before = None
            if number < len(node.commands) - 1:
                pipe = Pipe()
                before = pipe.reader
                if 1 in files:
                    files[1].close()
                files[1] = pipe.writer
                if node.both[number]:
                    files[2].close()
                    files[2] = pipe.writer.dup()
            children.append(self.fork(self.node_runner(command), files))
        for child in children:
            await self.wait_for(child)
        self.pipestatus = [self.code_of(child.status) for child in children]
        self.status = self.pipestatus[-1]
        if self.options["pipefail"]:
            self.status = next((c for c in reversed(self.pipestatus) if c), 0)

    @staticmethod
    def node_runner(node):
        """What fork() runs for one command: a coroutine of the new Shell."""
        async def run(shell):
            shell.becomes = isinstance(node, t.Simple)
            await shell.command(node)
        return run

    @staticmethod
    def tree_runner(tree):
        """What fork() runs for a Sequence: a coroutine of the new Shell."""
        async def run(shell):
            await shell.sequence(tree)
        return run

    def fork(self, run, files, name="bash", keep_careless=True, errexit=True):
        """A subshell: run(its Shell) in a new process with these files; the Process."""
        env = dict(self.process.env)
        shell = self.copy(env)
        if not keep_careless:
            shell.careless = 0
        if not errexit:
            shell.options["errexit"] = False

        async def main(process):
            shell.process = process
            try:
                await run(shell)
            except Exit as end:
                shell.status = end.code
            except Leave as leave:
                if leave.kind == "return":
                    shell.status = leave.count
            except (words.Unset, Failed, ReadOnly, ArithmeticProblem) as problem:
                await shell.report(problem)
            except RecursionError:
                await shell.too_deep()
            return await shell.finish()

        child = self.process.world.spawn(main, env, self.process.cwd, files, self.process, name=name)
        for signum, handler in self.process.handlers.items():
            if handler is None:
                child.handlers[signum] = None
        return child

    async def too_deep(self):
        """Say that the script calls itself deeper than this interpreter goes; exit code 1."""
        await self.complain("commands are nested too deeply for the browser lab")
        self.status = 1

    async def report(self, problem):
        """Say what went wrong, and take its exit code."""
        text = getattr(problem, "text", None) or str(problem)
        await self.complain(text)
        self.status = getattr(problem, "code", 1)

    async def start_background(self, item, text):
        """Start an AndOr, as its text has it, in a process of its own, without input; $! and `jobs`
        know it, nobody waits."""
        files = {n: f.dup() for n, f in self.process.files.items()}
        if 0 in files:
            files[0].close()
        files[0] = Null()

        alone = item.first.commands if not item.rest and not item.first.negated else ()

        async def run(shell):
            shell.becomes = len(alone) == 1 and isinstance(alone[0], t.Simple)
            await shell.and_or(item)

        child = self.fork(run, files, keep_careless=False)
        self.background = child.pid
        number = max((j.number for j in self.jobs if not j.told), default=0) + 1
        self.jobs.append(Job(child, number, text))
        self.status = 0

    async def wait_for(self, child):
        """Wait until a child has ended."""
        if child.status is None:
            await Wait(lambda: child.status is not None)

    @staticmethod
    def code_of(status):
        """A wait status as an exit code: 128 + the signal's number for who died of one."""
        return 128 + (status & 127) if status & 127 else status >> 8

    async def substitute(self, tree):
        """$(...): what it prints, without the ends of lines behind it, and without zero bytes;
        leaves its exit code in `status`."""
        pipe = Pipe()
        files = {n: f.dup() for n, f in self.process.files.items()}
        if 1 in files:
            files[1].close()
        files[1] = pipe.writer
        child = self.fork(self.tree_runner(tree), files, keep_careless=self.careless > 0,
                          errexit=self.shopt["inherit_errexit"])
        parts = []
        while True:
            data = await pipe.reader.read(65536)
            if not data:
                break
            parts.append(data)
        await self.wait_for(child)
        pipe.reader.close()
        self.status = self.substituted = self.code_of(child.status)
        text = b"".join(parts).replace(b"\0", b"").decode("utf-8", "surrogateescape")
        return text.rstrip("\n")

    async def process_file(self, node):
        """<(...): the name of a file with what it prints; >(...): the name of a pipe to it."""
        if node.reads:
            return self.process_pipe(node.script)
        import tempfile
        tree = node.script
        number, name = tempfile.mkstemp(prefix="sh-")
        os.close(number)
        files = {n: f.dup() for n, f in self.process.files.items()}
        if 1 in files:
            files[1].close()
        files[1] = Disk(os.open(name, os.O_WRONLY))
        child = self.fork(self.tree_runner(tree), files)
        await self.wait_for(child)
        self.temporary.append(name)
        return name

    def process_pipe(self, tree):
        """Start what reads; a name by which this shell and its children open the other end."""
        pipe = Pipe()
        files = {n: f.dup() for n, f in self.process.files.items()}
        if 0 in files:
            files[0].close()
        files[0] = pipe.reader
        self.fork(self.tree_runner(tree), files)
        fd = 63
        while fd in self.process.files:
            fd -= 1
        self.process.files[fd] = pipe.writer
        return f"/dev/fd/{fd}"
