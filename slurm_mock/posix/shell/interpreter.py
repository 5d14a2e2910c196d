"""Walks the tree of a script. One Shell is one process's: a subshell is a copy in a new one."""

import os
import re

from ..wait import Wait
from . import glob, words
from . import tree as t
from .arithmetic import ArithmeticProblem, Evaluator
from .errors import Discard, Exit, Failed, Leave
from .parser import parse
from .redirections import Redirections
from .scanner import SyntaxProblem
from .simple import SimpleCommands
from .subshells import Subshells
from .variables import ReadOnly, Variables

# How bash names a function in the environment: BASH_FUNC_name%%.
EXPORTED = "BASH_FUNC_"

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
        self.parents_traps = {}          # of a subshell: what `trap` tells until it sets its own
        self.status, self.line, self.pid = 0, 0, process.pid
        self.pipestatus, self.background, self.jobs, self.parents_jobs = [0], 0, [], []
        self.careless = 0                # > 0: set -e does not apply here
        self.depth = self.loops = self.sourced = self.commands = 0
        self.is_command_string = False
        self.is_bash = True              # as sh it reads no start-up file
        self.substituted = None          # the status of the last $(...) of this command
        self.calls = []
        self.temporary = []
        self.begun = None
        self.becomes = False             # is this subshell there for one program only?
        self.final = None                # of bash -c: the command that it becomes, as its last one
        self.begin_folder()
        self.take_functions()

    # ---- a whole script -----------------------------------------------------

    def begin_folder(self):
        """PWD: what the environment says, if that is where the process is."""
        told, here = self.process.env.get("PWD", ""), self.process.cwd
        if not (os.path.isabs(told) and os.path.isdir(told) and os.path.samefile(told, here)):
            told = os.path.realpath(here)
        self.assign("PWD", told)
        self.variables["PWD"].exported = True
        self.publish("PWD")

    async def run(self, text):
        """Run a script to its end; its exit code."""
        self.begun = self.now()
        try:
            await self.start_up()
            await self.lines(text, whole=True)
        except Exit as end:
            self.status = end.code
        except Leave:
            pass
        except RecursionError:
            await self.too_deep()
        return await self.finish()

    async def finish(self):
        """The trap of EXIT, and what has to be tidied up; the exit code."""
        action = self.traps.pop("EXIT", None)
        if action:
            status = self.status
            try:
                await self.lines(action, where="exit trap: ")
                self.status = status
            except Discard:
                self.status = status
            except Exit as end:
                self.status = end.code
            except Leave:
                pass
        for name in self.temporary:
            os.unlink(name)
        return self.status

    async def start_up(self):
        """Run the file that BASH_ENV names; what is wrong with it does not keep the script from
        running. Raises Exit."""
        name = self.process.env.get("BASH_ENV") if self.is_bash else None
        path = os.path.join(self.process.cwd, name or "")
        if not name or not os.path.exists(path):
            return
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as f:
                text = f.read()
        except OSError as problem:
            why = problem.strerror if not os.path.isdir(path) else "is a directory"
            await self.complain(f"{name}: {why}", raw=True)
            return
        title, self.title = self.title, name
        self.sourced += 1
        try:
            # every script reads the same: parsed once
            world = self.process.world
            if world.start_up is None or world.start_up[0] != text:
                world.start_up = text, parse(text)
            await self.sequence(world.start_up[1])
        except SyntaxProblem:
            try:
                await self.lines(text)
            except Discard:
                pass
        except Discard as end:
            self.status = end.code
        except Leave:
            pass
        finally:
            self.title = title
            self.sourced -= 1
        self.line = 0

    def take_functions(self):
        """Functions that the parent has exported."""
        for name, text in self.process.env.items():
            if name.startswith(EXPORTED) and name.endswith("%%"):
                name = name[len(EXPORTED):-2]
                try:
                    definition = parse(f"{name} {text}").items[0][0].first.commands[0]
                except (SyntaxProblem, IndexError):
                    continue
                self.functions[name] = definition

    async def lines(self, text, quiet=False, whole=False, where="", line=1):
        """Run a text as commands of this shell. Lines before a syntax error are run, as bash does.
        Raises Exit, Discard after a syntax error, and Leave.

        quiet: what stands behind it is still on the same line as before. whole: it is all that this
        shell has to do. where: what the message of a syntax error says before the line. line: the
        number of the text's first one.
        """
        saved = self.line
        try:
            tree = parse(text, line)
        except SyntaxProblem as problem:
            at = problem.line - line + 1
            good = self.whole_part(text, at, line)
            if good is not None:
                await self.sequence(good)
            where = "" if "bad substitution" in problem.text else where
            await self.complain(f"{where}line {problem.line}: {problem.text}", raw=True)
            if "unexpected token" in problem.text:
                bad = text.split("\n")[at - 1] if at <= text.count("\n") + 1 else ""
                await self.complain(f"{where}line {problem.line}: `{bad}'", raw=True)
            self.status = 2 if "bad substitution" not in problem.text else 1
            raise Discard(self.status) from None
        if whole and self.is_command_string:
            self.final = last_program(tree)
        await self.sequence(tree)
        if quiet:
            self.line = saved

    @staticmethod
    def whole_part(text, at, first):
        """The commands on the lines before number `at`, as many as can be read; the first line has
        the number `first` for whoever asks."""
        rows = text.split("\n")
        for count in range(min(at - 1, len(rows)), 0, -1):
            try:
                return parse("\n".join(rows[:count]) + "\n", first)
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
        other.parents_traps = dict(self.traps)
        other.caught, other.jobs, other.temporary = [], [], []
        other.parents_jobs = self.jobs or self.parents_jobs
        other.becomes = False
        other.pipestatus = list(self.pipestatus)
        other.calls = list(self.calls)
        return other

    async def complain(self, text, raw=False):
        """A message as bash writes it."""
        where = text if raw else f"line {self.line}: {text}"
        await self.process.write(f"{self.title}: {where}\n", 2)

    def now(self):
        """Seconds on the world's clock."""
        return self.process.world.now

    # ---- lists ----------------------------------------------------------------

    async def sequence(self, node):
        """Run a list of commands, those with & in the background; then the traps of signals that
        came. Raises Exit, Leave."""
        for item, background in node.items:
            if background:
                await self.start_background(item, background)
            else:
                await self.and_or(item)
            if self.caught:
                await self.run_traps()

    async def and_or(self, node):
        """Run pipelines joined by && and ||; set -e looks at the last one alone. Raises Exit, Leave."""
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
        """Run a pipeline, with ! and time; `last`: it is one that set -e looks at. Raises Exit
        where that ends the shell, and Leave."""
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
            form = "real %2R\nuser %2U\nsys %2S" if node.timed == "-p" else self.get("TIMEFORMAT")
            await self.process.write(timing(form, passed), 2)
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
        """Any command; leaves its exit code in `status`. Raises Exit where the shell ends by it, as
        for a variable that is not set under set -u, and Leave."""
        handler = self.HANDLERS[type(node)]
        try:
            await handler(self, node)
        except (words.Unset, ReadOnly) as problem:
            await self.report(problem)
            raise (Exit if isinstance(problem, words.Unset) else Discard)(self.status) from None
        except ArithmeticProblem as problem:
            await self.report(problem)
            if not isinstance(node, (t.Condition, t.ForArithmetic)):
                raise Discard(1) from None
        except Failed as problem:
            await self.report(problem)

    async def group(self, node):
        """{ list; }: the commands in this shell."""
        await self.sequence(node.body)

    async def subshell(self, node):
        """(list): the commands in a copy of this shell; waits for it."""
        files = {n: f.dup() for n, f in self.process.files.items()}
        child = self.fork(self.tree_runner(node.body), files)
        await self.wait_for(child)
        self.status = self.code_of(child.status)

    async def redirected(self, node):
        """A compound command with redirections, undone behind it."""
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
        """Run a condition, to which set -e does not apply: is it true?"""
        self.careless += 1
        try:
            await self.sequence(tree)
        finally:
            self.careless -= 1
        return self.status == 0

    async def if_(self, node):
        """if, elif, else: the first list whose condition is true."""
        for test, body in node.branches:
            if await self.test(test):
                return await self.sequence(body)
        self.status = 0
        if node.otherwise:
            await self.sequence(node.otherwise)
        return None

    async def loop(self, body):
        """One turn of a loop; does it go on? Raises Leave for return, and for break and continue of
        more loops than this one."""
        self.loops += 1
        try:
            await self.sequence(body)
        except Leave as leave:
            if leave.kind == "return":
                raise
            if leave.count > 1 and self.loops > 1:
                raise Leave(leave.kind, leave.count - 1, leave.failed) from None
            self.status = self.status if leave.failed else 0
            return leave.kind == "continue"
        finally:
            self.loops -= 1
            self.commands += 1
        if self.commands % PATIENCE == 0:
            await Wait(breath=True)
        return True

    async def for_(self, node):
        """for NAME in WORDS: a turn for each word, for each parameter where there is no `in`."""
        self.line = node.line
        values = list(self.params) if node.words is None else await words.fields(self, node.words)
        self.status = 0
        for value in values:
            try:
                self.assign(node.name, value)
            except ReadOnly as problem:
                await self.report(problem)
                break
            if not await self.loop(node.body):
                break

    async def select(self, node):
        """select: a menu on stderr, and a line read for each turn."""
        values = list(self.params) if node.words is None else await words.fields(self, node.words)
        width = len(str(len(values)))
        menu = "".join(f"{number:>{width}}) {value}\n" for number, value in enumerate(values, 1))
        self.status, shown = 0, False
        while values:
            await self.process.write(("" if shown else menu) + (self.get("PS3") or "#? "), 2)
            line = await self.process.line(0)
            if not line:
                await self.process.write("\n", 2)
                self.status = 1
                return
            reply = line.decode("utf-8", "surrogateescape").rstrip("\n").strip()
            shown = bool(reply)
            if not reply:
                continue
            self.assign("REPLY", reply)
            chosen = int(reply) if reply.isdecimal() else 0
            self.assign(node.name, values[chosen - 1] if 0 < chosen <= len(values) else "")
            if not await self.loop(node.body):
                return

    async def for_arithmetic(self, node):
        """for ((start; test; step)): turns while `test` is not 0; without a test, for ever."""
        self.line = node.line
        self.status = 0
        await self.compute(node.start)
        while not node.test.parts or await self.compute(node.test):
            if not await self.loop(node.body):
                break
            await self.compute(node.step)

    async def while_(self, node):
        """while and until: turns as long as the condition asks for them."""
        status = 0
        while await self.test(node.test) != node.until:
            self.status = 0
            if not await self.loop(node.body):
                return
            status = self.status
        self.status = status

    async def case(self, node):
        """case: the lists of the branches whose pattern matches the word, as ;; ;& and ;;& tell."""
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
        """Note a function's definition under its name."""
        self.functions[node.name] = node
        self.status = 0

    async def arithmetic(self, node):
        """((expression)): exit code 0 if the value is not 0; 1 for a mistake too."""
        self.line = node.line
        try:
            self.status = int(not await self.compute(node.word))
        except ArithmeticProblem as problem:
            await self.complain(f"((: {problem}")
            self.status = 1
        except ReadOnly as problem:
            await self.report(problem)

    async def condition(self, node):
        """[[ expression ]]: exit code 0 if it is true, 2 for a regular expression that is none."""
        from .conditions import BadTest, holds
        self.line = node.line
        try:
            self.status = int(not await holds(self, node.expression))
        except BadTest:
            self.status = 2              # bash says nothing of it either

    async def compute(self, word):
        """The value of an arithmetic expression, a Word. Raises ArithmeticProblem, and what an
        expansion raises."""
        return self.evaluate(await words.text(self, word))

    def evaluate(self, text):
        """The value of an arithmetic expression's text, a whole number. Raises ArithmeticProblem;
        Unset and ReadOnly for its variables."""
        return Evaluator(text, self.operand, lambda n, i, v: self.assign(n, v, i)).value()

    def operand(self, name, index):
        """The text of a variable in an expression; "" where it has none. Raises Unset under set -u
        for one that is not set."""
        text = self.value(name, index)
        if text is None and self.options["nounset"] and index is None:
            raise words.Unset(name, f"{name}: unbound variable")
        return text or ""

    # ---- traps ----------------------------------------------------------------------------

    def catch(self, signum):
        """A process's handler of a signal with a trap: note it for run_traps."""
        self.caught.append(signum)

    async def run_traps(self):
        """Carry out the traps of the signals that came; $? stays what it was. Raises Exit, Leave."""
        while self.caught:
            action = self.traps.get(self.caught.pop(0))
            if action:
                status = self.status
                try:
                    await self.lines(action, quiet=True, where="trap: ")
                except Discard:
                    pass
                self.status = status

    HANDLERS = {
        t.Simple: SimpleCommands.simple, t.Redirected: redirected, t.Group: group, t.Subshell: subshell,
        t.If: if_, t.For: for_, t.Select: select, t.ForArithmetic: for_arithmetic, t.While: while_, t.Case: case,
        t.Function: function, t.Compute: arithmetic, t.Condition: condition}


def last_program(tree):
    """The simple command, without redirections, that a text ends with; None. bash -c has no need of
    a process of its own for it: it execs."""
    item, background = tree.items[-1] if tree.items else (None, True)
    if background:
        return None
    pipeline = item.rest[-1][1] if item.rest else item.first
    command = pipeline.commands[0]
    if len(pipeline.commands) > 1 or pipeline.negated or pipeline.timed:
        return None
    return command if isinstance(command, t.Simple) and not command.redirections else None


def timing(form, passed):
    """What `time` says of so many seconds, as TIMEFORMAT asks for; no process uses CPU time here."""
    form = "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS" if form is None else form

    def one(found):
        digits, long, letter = found.groups()
        if letter in "%P":
            return "%" if letter == "%" else "0.00"
        seconds, digits = passed if letter == "R" else 0.0, int(digits or 3)
        return f"{int(seconds // 60)}m{seconds % 60:.{digits}f}s" if long else f"{seconds:.{digits}f}"

    return re.sub(r"%(\d?)(l?)([RUSP%])", one, form) + "\n" if form else ""
