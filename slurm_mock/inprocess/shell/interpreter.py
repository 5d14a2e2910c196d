"""Walks the tree of a script. One Shell is one process's: a subshell is a copy in a new one."""

import os
import signal as _signals

from ..files import Bytes, Pipe
from ..kernel import Signalled, Wait
from . import glob, words
from . import tree as t
from .arithmetic import ArithmeticProblem, Evaluator
from .parser import parse
from .scanner import SyntaxProblem
from .variables import ReadOnly, Variables

# After so many commands a script lets other processes have their turn.
PATIENCE = 200


class Leave(Exception):
    """break, continue, return: leaves `count` loops, or a function with an exit code."""

    def __init__(self, kind, count=1):
        super().__init__(kind)
        self.kind, self.count = kind, count


class Exit(Exception):
    """The shell ends."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Failed(Exception):
    """A command cannot be carried out: its message without the shell's name, its exit code."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.text, self.code = text, code


class Shell(Variables):
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

    async def piped(self, node):
        """Each command in a process of its own, from one pipe to the next."""
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

    # ---- processes ---------------------------------------------------------------

    @staticmethod
    def node_runner(node):
        async def run(shell):
            shell.becomes = isinstance(node, t.Simple)
            await shell.command(node)
        return run

    @staticmethod
    def tree_runner(tree):
        async def run(shell):
            await shell.sequence(tree)
        return run

    def fork(self, run, files, name="bash", keep_careless=True):
        """A subshell: run(its Shell) in a new process with these files; the Process."""
        from .. import world
        env = dict(self.process.env)
        shell = self.copy(env)
        if not keep_careless:
            shell.careless = 0

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
            return await shell.finish()

        child = world.spawn(main, env, self.process.cwd, files, self.process, name=name)
        for signum, handler in self.process.handlers.items():
            if handler is None:
                child.handlers[signum] = None
        return child

    def copy(self, env):
        """This shell for another process, whose environment is `env`."""
        other = Shell.__new__(Shell)
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

    async def report(self, problem):
        """Say what went wrong, and take its exit code."""
        text = getattr(problem, "text", None) or str(problem)
        await self.complain(text)
        self.status = getattr(problem, "code", 1)

    async def start_background(self, item):
        from ..files import Null
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
        self.jobs.append(child)
        self.status = 0

    async def wait_for(self, child):
        """Until a child has ended (or, being traced by nobody, never stops)."""
        if child.status is None:
            await Wait(lambda: child.status is not None)

    @staticmethod
    def code_of(status):
        return 128 + (status & 127) if status & 127 else status >> 8

    async def substitute(self, tree):
        """$(...): what it prints, without the ends of lines behind it."""
        pipe = Pipe()
        files = {n: f.dup() for n, f in self.process.files.items()}
        if 1 in files:
            files[1].close()
        files[1] = pipe.writer
        child = self.fork(self.tree_runner(tree), files, keep_careless=self.careless > 0)
        if not (self.options["errexit"] and self.shopt["inherit_errexit"]):
            child.no_errexit = True
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

    async def process_file(self, tree):
        """<(...): a file with what it prints."""
        import tempfile
        number, name = tempfile.mkstemp(prefix="sh-")
        os.close(number)
        from ..files import Disk
        files = {n: f.dup() for n, f in self.process.files.items()}
        if 1 in files:
            files[1].close()
        files[1] = Disk(os.open(name, os.O_WRONLY))
        child = self.fork(self.tree_runner(tree), files)
        await self.wait_for(child)
        self.temporary.append(name)
        return name

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

    # ---- simple commands ----------------------------------------------------------------

    async def simple(self, node):
        self.line, self.substituted = node.line, None
        if self.options["noexec"]:
            return
        args = []
        named = [w for w in node.words if isinstance(w, t.Assignment)]
        try:
            args = await words.fields(self, [w for w in node.words if not isinstance(w, t.Assignment)])
            if args and args[0] in self.aliases and self.shopt["expand_aliases"]:
                args = self.aliases[args[0]].split() + args[1:]
            given = []
            for one in node.assignments:
                given.append((one, await self.assigned(one)))
                if not args and not node.redirections:
                    self.put(*given[-1])
        except Failed as problem:
            await self.report(problem)
            return
        if self.options["xtrace"]:
            await self.trace(args, given, named)
        try:
            saved = await self.redirect(node.redirections)
        except Failed as problem:
            await self.report(problem)
            return
        try:
            if not args:
                for assignment, value in given if node.redirections else ():
                    self.put(assignment, value)
                self.status = self.substituted or 0
            else:
                await self.call(args, given, named)
        finally:
            if args[:1] != ["exec"] or len(args) > 1:
                self.restore(saved)
            else:
                self.forget(saved)

    async def trace(self, args, given, named):
        prompt = self.get("PS4") or "+ "
        for assignment, value in given:
            if isinstance(value, str):
                await self.process.write(f"{prompt}{assignment.name}={words.quote(value) if value else ''}\n", 2)
        if args:
            shown = " ".join(a if a and words.quote(a) == a else "'" + a.replace("'", "'\\''") + "'"
                             for a in args)
            await self.process.write(f"{prompt}{shown}\n", 2)

    async def assigned(self, assignment):
        """The value that an assignment gives: text, or [(index or None, text)] of an array."""
        if isinstance(assignment.value, list):
            found = []
            for index, word in assignment.value:
                if index is None:
                    found += [(None, v) for v in await words.fields(self, [word])]
                else:
                    found.append((await words.text(self, index), await words.text(self, word)))
            index = None
        else:
            found = await words.text(self, assignment.value)
        return found

    def put(self, assignment, value):
        """Carry out an assignment whose value is known."""
        if isinstance(value, list):
            self.assign_array(assignment.name, value, assignment.append)
            return
        index = None
        if assignment.index is not None:
            index = "".join(p.text for p in assignment.index.parts if isinstance(p, t.Text))
            if any(not isinstance(p, t.Text) for p in assignment.index.parts):
                index = self.simple_text(assignment.index)
        self.assign(assignment.name, value, index, assignment.append)

    def simple_text(self, word):
        """A subscript of variables and text, without waiting for anything."""
        coroutine = words.text(self, word)
        try:
            coroutine.send(None)
        except StopIteration as end:
            return end.value
        coroutine.close()
        raise Failed("$(...) in a subscript on the left of = does not work in the browser lab: "
                     "put it into a variable first")

    async def call(self, args, given, named=()):
        """Run a command by its words: a function, a builtin, or a program."""
        from .builtins import BUILTINS, DECLARING
        name = args[0]
        if name in self.functions:
            await self.in_environment(given, self.call_function(args))
        elif name in DECLARING:
            values = [(a, await self.assigned(a)) for a in named]
            self.status = await DECLARING[name](self, args, values)
        elif name in BUILTINS:
            await self.in_environment(given, self.call_builtin(BUILTINS[name], args))
        else:
            await self.external(args, given)

    async def call_builtin(self, function, args):
        try:
            self.status = await function(self, args) or 0
        except OSError as error:
            await self.complain(f"{args[0]}: write error: {error.strerror}")
            self.status = 1

    async def in_environment(self, given, coroutine):
        """Run with assignments that hold for this command alone."""
        if not given:
            return await coroutine
        before = {a.name: self.variables.get(a.name) for a, _ in given}
        for assignment, value in given:
            self.variables.pop(assignment.name, None) if before[assignment.name] is None else None
            self.put(assignment, value)
            self.variables[assignment.name].exported = True
            self.publish(assignment.name)
        try:
            return await coroutine
        finally:
            for name, old in before.items():
                if old is None:
                    self.variables.pop(name, None)
                else:
                    self.variables[name] = old
                self.publish(name)

    async def call_function(self, args):
        if self.depth > 200:
            raise Failed(f"{args[0]}: maximum function nesting level exceeded (200)")
        params, self.params = self.params, args[1:]
        self.depth += 1
        self.calls.append(args[0])
        self.open_scope()
        loops, self.loops = self.loops, 0
        try:
            await self.command(self.functions[args[0]].body)
        except Leave as leave:
            if leave.kind != "return":
                raise
            self.status = leave.count
        finally:
            self.loops = loops
            self.close_scope()
            self.calls.pop()
            self.depth -= 1
            self.params = params

    async def external(self, args, given):
        """Run a program as a child and wait for it."""
        from .. import programs
        env = dict(self.process.env)
        for assignment, value in given:
            if isinstance(value, str):
                env[assignment.name] = value
        try:
            main = programs.find(args, env, self.process.cwd, self)
        except programs.NotRunnable as problem:
            await self.complain(problem.text, raw=problem.raw)
            self.status = problem.code
            return
        if self.becomes:
            # a subshell for one program is that program, as bash does by exec
            self.process.env = self.process.first_env = env
            self.status = await main(self.process)
            return
        from .. import world
        files = {n: f.dup() for n, f in self.process.files.items()}
        child = world.spawn(main, env, self.process.cwd, files, self.process, name=args[0])
        await self.wait_for(child)
        self.status = self.code_of(child.status)
        signum = child.status & 127
        if signum and signum not in (_signals.SIGPIPE, _signals.SIGINT) and self.process.status is None:
            what = {15: "Terminated", 9: "Killed", 11: "Segmentation fault", 6: "Aborted",
                    1: "Hangup", 10: "User defined signal 1", 12: "User defined signal 2"}.get(signum)
            if what:
                await self.complain(f"{child.pid} {what:<23} {' '.join(args)}")

    # ---- redirections --------------------------------------------------------------------

    async def redirect(self, redirections):
        """Carry out redirections; what restore() needs. Raises Failed."""
        saved, files = {}, self.process.files

        def keep(fd):
            if fd not in saved:
                saved[fd] = files.get(fd)
            elif fd in files:
                files[fd].close()

        try:
            for one in redirections:
                await self.redirect_one(one, keep)
        except Failed:
            self.restore(saved)
            raise
        return saved

    async def redirect_one(self, one, keep):
        files, op = self.process.files, one.op
        fd = one.fd if one.fd is not None else 0 if op[0] == "<" else 1
        if isinstance(fd, str):
            name, fd = fd, 10
            while fd in files:
                fd += 1
            self.assign(name, str(fd))
        if op in ("<<", "<<<"):
            data = await words.text(self, one.target) + ("\n" if op == "<<<" else "")
            keep(fd)
            files[fd] = Bytes(data.encode("utf-8", "surrogateescape"))
            return
        found = await words.fields(self, [one.target])
        if len(found) != 1:
            raise Failed("ambiguous redirect")
        name = found[0]
        if op in (">&", "<&"):
            if name == "-":
                keep(fd)
                files.pop(fd, None)
                return
            source = name.rstrip("-")
            if source.isdecimal():
                if int(source) not in files:
                    raise Failed(f"{source}: Bad file descriptor")
                copy = files[int(source)].dup()
                keep(fd)
                files[fd] = copy
                if name.endswith("-"):
                    files.pop(int(source)).close()
                return
            op = "&>"
        how = {"<": os.O_RDONLY, "<>": os.O_RDWR | os.O_CREAT}.get(
            op, os.O_WRONLY | os.O_CREAT | (os.O_APPEND if ">>" in op else os.O_TRUNC))
        try:
            if self.options["noclobber"] and op == ">" and os.path.isfile(
                    os.path.join(self.process.cwd, name)):
                raise Failed(f"{name}: cannot overwrite existing file")
            if not name:
                raise FileNotFoundError(2, os.strerror(2))
            file = self.process.open(name, how)
        except OSError as error:
            raise Failed(f"{name}: {error.strerror}") from None
        keep(fd)
        files[fd] = file
        if op[0] == "&":
            keep(2)
            files[2] = file.dup()

    def restore(self, saved):
        files = self.process.files
        for fd, old in saved.items():
            if fd in files:
                files[fd].close()
            if old is None:
                files.pop(fd, None)
            else:
                files[fd] = old

    def forget(self, saved):
        """`exec >file`: the redirections stay."""
        for old in saved.values():
            if old is not None:
                old.close()

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
        t.Simple: simple, t.Redirected: redirected, t.Group: group, t.Subshell: subshell,
        t.If: if_, t.For: for_, t.ForArithmetic: for_arithmetic, t.While: while_, t.Case: case,
        t.Function: function, t.Compute: arithmetic, t.Condition: condition}


__all__ = ["Exit", "Failed", "Leave", "Shell", "Signalled"]
