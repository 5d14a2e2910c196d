"""Simple commands: assignments, functions, builtins, programs."""

import signal as _signals

from ..exec import NotRunnable
from . import tree as t
from . import words
from .errors import Failed, Leave
from .variables import ReadOnly


class SimpleCommands:
    """The part of a Shell that runs a command by its words."""

    async def simple(self, node):
        """Run a Simple: expand, assign, redirect, call; leaves the exit code in `status`. Raises
        what an expansion, an assignment or the command raises, but Failed only from the command."""
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
                await self.call(args, given, named, last=node is self.final and not self.traps)
        finally:
            if args[:1] != ["exec"] or len(args) > 1:
                self.restore(saved)
            else:
                self.forget(saved)

    async def trace(self, args, given, named):
        """set -x: print what is about to be run, behind PS4, on stderr."""
        prompt = self.get("PS4") or "+ "
        for assignment, value in given:
            if isinstance(value, str):
                await self.process.write(f"{prompt}{assignment.name}={words.quote(value) if value else ''}\n", 2)
        if args:
            shown = " ".join(a if a and words.quote(a) == a else "'" + a.replace("'", "'\\''") + "'"
                             for a in args)
            await self.process.write(f"{prompt}{shown}\n", 2)

    async def assigned(self, assignment):
        """The value that an assignment gives: text, or [(index or None, text)] of an array. Raises
        what an expansion raises."""
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
        """Carry out an assignment whose value is known. Raises ReadOnly, ArithmeticProblem, Failed."""
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
        """A subscript of variables and text, without waiting for anything. Raises Failed where it
        would have to wait."""
        coroutine = words.text(self, word)
        try:
            coroutine.send(None)
        except StopIteration as end:
            return end.value
        coroutine.close()
        raise Failed("$(...) in a subscript on the left of = does not work in the browser lab: "
                     "put it into a variable first")

    async def call(self, args, given, named=(), last=False):
        """Run a command by its words: a function, a builtin, or a program (which, as the last command
        of bash -c, takes the place of this shell)."""
        from .builtins import BUILTINS
        from .declare import DECLARING
        name = args[0]
        if name in self.functions:
            await self.in_environment(given, self.call_function(args))
        elif name in DECLARING:
            values = [(a, await self.assigned(a)) for a in named]
            await self.call_builtin(lambda shell, args: DECLARING[name](shell, args, values), args)
        elif name in BUILTINS:
            await self.in_environment(given, self.call_builtin(BUILTINS[name], args))
        else:
            await self.external(args, given, last)

    async def call_builtin(self, function, args):
        """Run a builtin, function(shell, args); leaves its exit code in `status`, 1 where it could
        not write or assign."""
        try:
            self.status = await function(self, args) or 0
        except (Failed, ReadOnly) as problem:
            await self.report(problem)
        except OSError as error:
            await self.complain(f"{args[0]}: write error: {error.strerror}")
            self.status = 1

    async def in_environment(self, given, coroutine):
        """Run with assignments that hold for this command alone."""
        given = [one for one in given if not await self.fixed(one[0].name)]
        if not given:
            return await coroutine
        before = {a.name: v and v.copy() for a, _ in given for v in [self.variables.get(a.name)]}
        for assignment, value in given:
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

    async def fixed(self, name):
        """Is a variable readonly? Then say so: a command is run without the assignment."""
        variable = self.variables.get(name)
        if variable is None or not variable.readonly:
            return False
        await self.complain(f"{name}: readonly variable")
        return True

    async def call_function(self, args):
        """Run a function with its own parameters and a scope for its variables. Raises Failed when
        200 are under way, and Exit."""
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

    def which(self, name):
        """The file that a program's name means; None if there is none."""
        process = self.process
        return process.world.programs.which(name, process.env, process.cwd)

    async def external(self, args, given, last=False):
        """Run a program as a child and wait for it, or with `last` instead of this shell."""
        programs, env = self.process.world.programs, dict(self.process.env)
        for assignment, value in given:
            if isinstance(value, str) and not await self.fixed(assignment.name):
                env[assignment.name] = value
        try:
            main = programs.find(args, env, self.process.cwd)
        except NotRunnable as problem:
            await self.complain(problem.text)
            self.status = problem.code
            return
        env["_"] = programs.which(args[0], env, self.process.cwd) or args[0]
        if last and env.get("SHLVL", "").isdecimal():
            env["SHLVL"] = str(max(0, int(env["SHLVL"]) - 1))
        if self.becomes or last:
            # a subshell for one program is that program, as bash does by exec
            self.process.env = self.process.first_env = env
            self.status = await main(self.process)
            return
        files = {n: f.dup() for n, f in self.process.files.items()}
        child = self.process.world.spawn(main, env, self.process.cwd, files, self.process, name=args[0])
        await self.wait_for(child)
        self.status = self.code_of(child.status)
        signum = child.status & 127
        if signum and signum not in (_signals.SIGPIPE, _signals.SIGINT) and self.process.status is None:
            what = {15: "Terminated", 9: "Killed", 11: "Segmentation fault", 6: "Aborted",
                    1: "Hangup", 10: "User defined signal 1", 12: "User defined signal 2"}.get(signum)
            if what:
                shown = " ".join(a if words.quote(a) == a else "'" + a.replace("'", "'\\''") + "'" for a in args)
                if signum in self.traps:
                    await self.process.write(what + "\n", 2)
                else:
                    await self.complain(f"{child.pid} {what:<23} {shown}")
