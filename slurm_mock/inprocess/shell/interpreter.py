"""Walks the tree of a script. One Shell is one process's: a subshell is a copy in a new one."""

import os

from ..kernel import Wait
from . import glob, words
from . import tree as t
from .arithmetic import ArithmeticProblem, Evaluator
from .errors import Exit, Failed, Leave
from .parser import parse
from .redirections import Redirections
from .scanner import SyntaxProblem
from .simple import SimpleCommands
from .subshells import Subshells
from .variables import ReadOnly, Variables

# After so many commands a script lets other processes have their turn.
PATIENCE = 200


class Shell(SimpleCommands, Subshells, Redirections, Variables):
    """A shell in a process.  name: $0;  params: $1 ...;  title: what its messages begin with."""

    def __init__(self, process, name="bash", params=(), title=None):
        super().__init__(process.env)
        self.process, self.name, self.params = process, name, list(params)
        self.title = title or name
        self.functions, self.aliases = {}, {}
        self.options = dict.fromkeys(("errexit", "nounset", "pipefail", "xtrace", "noglob", "noexec",
                                      "noclobber", "allexport", "verbose"), False)
        self.shopt = dict.fromkeys(("nullglob", "dotglob", "extglob", "expand_aliases", "globstar",
                                    "nocasematch", "inherit_errexit", "lastpipe", "nocaseglob"), False)
        self.traps, self.caught = {}, []
        self.status, self.line, self.pid = 0, 0, process.pid
        self.pipestatus, self.background, self.jobs = [0], 0, []
        self.careless = 0                # > 0: set -e does not apply here
        self.depth = self.loops = self.sourced = self.commands = 0
        self.is_command_string = False
        self.is_bash = True              # as sh it reads no start-up file
        self.substituted = None          # the status of the last $(...) of this command
        self.calls = []
        self.temporary = []
        self.begun = None
        self.becomes = False             # is this subshell there for one program only?

    # ---- a whole script -----------------------------------------------------

    async def run(self, text):
        """Run a script to its end; its exit code."""
        self.begun = self.now()
        try:
            await self.start_up()
            await self.lines(text)
        except Exit as end:
            self.status = end.code
        except Leave:
            pass
        return await self.finish()

    async def finish(self):
        """The trap of EXIT, and what has to be tidied up."""
        action = self.traps.pop("EXIT", None)
        if action:
            status = self.status
            try:
                await self.lines(action)
                self.status = status
            except Exit as end:
                self.status = end.code
        for name in self.temporary:
            os.unlink(name)
        return self.status

    async def start_up(self):
        """The file that BASH_ENV names."""
        name = self.process.env.get("BASH_ENV") if self.is_bash else None
        if name and os.path.exists(name):
            with open(name, encoding="utf-8", errors="surrogateescape") as f:
                await self.lines(f.read(), quiet=True)
            self.line = 0

    async def lines(self, text, quiet=False):
        """Run a text as commands of this shell. Lines before a syntax error are run, as bash does."""
        saved = self.line
        try:
            tree = parse(text)
        except SyntaxProblem as problem:
            good = self.whole_part(text, problem.line)
            if good is not None:
                await self.sequence(good)
            await self.complain(f"line {problem.line}: {problem.text}", raw=True)
            if "unexpected token" in problem.text:
                bad = text.split("\n")[problem.line - 1] if problem.line <= text.count("\n") + 1 else ""
                await self.complain(f"line {problem.line}: `{bad}'", raw=True)
            self.status = 1 if "bad substitution" in problem.text else 2
            raise Exit(self.status) from None
        await self.sequence(tree)
        if quiet:
            self.line = saved

    @staticmethod
    def whole_part(text, line):
        """The commands on the lines before `line`, as many as can be read."""
        rows = text.split("\n")
        for count in range(min(line - 1, len(rows)), 0, -1):
            try:
                return parse("\n".join(rows[:count]) + "\n")
            except SyntaxProblem:
                continue
        return None

    def copy(self, env):
        """This shell for another process, whose environment is `env`."""
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.copy_variables(env)
        other.functions, other.aliases = dict(self.functions), dict(self.aliases)
        other.options, other.shopt = dict(self.options), dict(self.shopt)
        other.params = list(self.params)
        other.traps = {k: v for k, v in self.traps.items() if v == ""}
        other.caught, other.jobs, other.temporary = [], [], []
        other.becomes = False
        other.pipestatus = list(self.pipestatus)
        other.calls = list(self.calls)
        return other

    async def complain(self, text, raw=False):
        """A message as bash writes it."""
        where = text if raw else f"line {self.line}: {text}"
        await self.process.write(f"{self.title}: {where}\n", 2)

    def now(self):
        from .. import world
        return world.clock_now()

    # ---- lists ----------------------------------------------------------------

    async def sequence(self, node):
        for item, background in node.items:
            if background:
                await self.start_background(item)
            else:
                await self.and_or(item)
            if self.caught:
                await self.run_traps()

    async def and_or(self, node):
        if not node.rest:
            return await self.pipeline(node.first)
        self.careless += 1
        try:
            await self.pipeline(node.first, last=False)
            for number, (op, pipeline) in enumerate(node.rest):
                if (op == "&&") != (self.status == 0):
                    continue
                last = number == len(node.rest) - 1
                if last:
                    self.careless -= 1
                try:
                    await self.pipeline(pipeline, last=last)
                finally:
                    if last:
                        self.careless += 1
        finally:
            self.careless -= 1
        return None

    async def pipeline(self, node, last=True):
        begun = self.now() if node.timed else 0
        if node.negated:
            self.careless += 1
        try:
            if len(node.commands) == 1:
                await self.command(node.commands[0])
                if not isinstance(node.commands[0], (t.Group, t.Redirected)):
                    self.pipestatus = [self.status]
            else:
                await self.piped(node)
        finally:
            if node.negated:
                self.careless -= 1
        if node.timed:
            passed = self.now() - begun
            minutes = f"{int(passed // 60)}m{passed % 60:.3f}s"
            await self.process.write(
                f"real {passed:.2f}\nuser 0.00\nsys 0.00\n" if node.timed == "-p" else
                f"\nreal\t{minutes}\nuser\t0m0.000s\nsys\t0m0.000s\n", 2)
        if node.negated:
            self.status = int(not self.status)
        elif self.status and last and self.options["errexit"] and not self.careless \
                and not isinstance(node.commands[0] if len(node.commands) == 1 else None,
                                   (t.Group, t.If, t.For, t.While, t.ForArithmetic, t.Case)):
            raise Exit(self.status)
        self.commands += 1
        if self.commands % PATIENCE == 0:
            await Wait(breath=True)

    # ---- commands ------------------------------------------------------------------

    async def command(self, node):
        """Any command; leaves its exit code in `status`."""
        handler = self.HANDLERS[type(node)]
        try:
            await handler(self, node)
        except (words.Unset, ReadOnly) as problem:
            await self.report(problem)
            raise Exit(self.status) from None
        except ArithmeticProblem as problem:
            await self.report(problem)
            if isinstance(node, t.Simple):
                raise Exit(1) from None
        except Failed as problem:
            await self.report(problem)

    async def group(self, node):
        await self.sequence(node.body)

    async def subshell(self, node):
        files = {n: f.dup() for n, f in self.process.files.items()}
        child = self.fork(self.tree_runner(node.body), files)
        await self.wait_for(child)
        self.status = self.code_of(child.status)

    async def redirected(self, node):
        self.line = node.line
        try:
            saved = await self.redirect(node.redirections)
        except Failed as problem:
            await self.report(problem)
            return
        try:
            await self.command(node.command)
        finally:
            self.restore(saved)

    async def test(self, tree):
        """A condition: set -e does not apply. Is it true?"""
        self.careless += 1
        try:
            await self.sequence(tree)
        finally:
            self.careless -= 1
        return self.status == 0

    async def if_(self, node):
        for test, body in node.branches:
            if await self.test(test):
                return await self.sequence(body)
        self.status = 0
        if node.otherwise:
            await self.sequence(node.otherwise)
        return None

    async def loop(self, body):
        """One turn of a loop; does it go on?"""
        self.loops += 1
        try:
            await self.sequence(body)
        except Leave as leave:
            if leave.kind == "return":
                raise
            if leave.count > 1 and self.loops > 1:
                raise Leave(leave.kind, leave.count - 1) from None
            self.status = 0
            return leave.kind == "continue"
        finally:
            self.loops -= 1
            self.commands += 1
        if self.commands % PATIENCE == 0:
            await Wait(breath=True)
        return True

    async def for_(self, node):
        self.line = node.line
        values = list(self.params) if node.words is None else await words.fields(self, node.words)
        self.status = 0
        for value in values:
            self.assign(node.name, value)
            if not await self.loop(node.body):
                break

    async def for_arithmetic(self, node):
        self.line = node.line
        self.status = 0
        await self.compute(node.start)
        while not node.test.parts or await self.compute(node.test):
            if not await self.loop(node.body):
                break
            await self.compute(node.step)

    async def while_(self, node):
        status = 0
        while await self.test(node.test) != node.until:
            self.status = 0
            if not await self.loop(node.body):
                return
            status = self.status
        self.status = status

    async def case(self, node):
        self.line = node.line
        value = await words.text(self, node.word)
        self.status, falls = 0, False
        for patterns, body, end in node.branches:
            if not falls:
                for one in patterns:
                    form = await words.pattern(self, one)
                    if glob.matches(form, value) or self.shopt["nocasematch"] and glob.matches(
                            form.lower(), value.lower()):
                        break
                else:
                    continue
            await self.sequence(body)
            falls = end == ";&"
            if end == ";;":
                return

    async def function(self, node):
        self.functions[node.name] = node
        self.status = 0

    async def arithmetic(self, node):
        self.line = node.line
        try:
            self.status = int(not await self.compute(node.word))
        except ArithmeticProblem as problem:
            await self.complain(f"((: {problem}")
            self.status = 1

    async def condition(self, node):
        from .conditions import holds
        self.line = node.line
        self.status = int(not await holds(self, node.expression))

    async def compute(self, word):
        """The value of an arithmetic expression."""
        return self.evaluate(await words.text(self, word))

    def evaluate(self, text):
        return Evaluator(text, lambda n, i: self.value(n, i) or self.need(n),
                         lambda n, i, v: self.assign(n, v, i)).value()

    def need(self, name):
        if self.options["nounset"]:
            raise words.Unset(name, f"{name}: unbound variable")
        return ""

    # ---- traps ----------------------------------------------------------------------------

    def catch(self, signum):
        self.caught.append(signum)

    async def run_traps(self):
        while self.caught:
            action = self.traps.get(self.caught.pop(0))
            if action:
                status = self.status
                await self.lines(action, quiet=True)
                self.status = status

    HANDLERS = {
        t.Simple: SimpleCommands.simple, t.Redirected: redirected, t.Group: group, t.Subshell: subshell,
        t.If: if_, t.For: for_, t.ForArithmetic: for_arithmetic, t.While: while_, t.Case: case,
        t.Function: function, t.Compute: arithmetic, t.Condition: condition}

