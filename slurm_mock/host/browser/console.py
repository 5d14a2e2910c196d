"""A login shell for somebody who types: line after line, on a cluster in this interpreter.

The page's console is one (see _ext/browser/try_it). Output goes to a function as it comes, a
line can be interrupted, and between two lines the cluster's clock goes on with the reader's.
"""

import codecs
import os
import time

from ...posix.files import Bytes, Sink
from ...posix.shell.errors import Exit, Leave
from ...posix.shell.interpreter import Shell
from ...posix.shell.parser import parse, unfinished
from ...posix.shell.scanner import SyntaxProblem
from ...posix.wait import Wait
from . import install
from .world import world

# Cluster seconds that may pass at most between two lines: a laptop that slept for a night
# would have to work out that night's jobs first.
LONGEST_PAUSE = 3600

INTERRUPTED = 130                        # $? after Ctrl-C: 128 + SIGINT


class Typed(Shell):
    """A shell whose script is typed: its messages name no line."""

    async def complain(self, text, raw=False):
        """Write a message of the shell's to stderr, without a line's number; raw is not heeded."""
        await self.process.write(f"{self.title}: {text}\n", 2)


class Console:
    """A shell in the folder `home`, with the environment `env`.

    show(stream, text) gets what the commands print; stream is "out" or "err".
    """

    def __init__(self, env, home, show):
        self.env, self.home, self.cwd = env, home, home
        self.files = {1: printing(show, "out"), 2: printing(show, "err")}
        self.pending = ""                # lines of a command that is not complete yet
        self.process = self.shell = None
        self.start("", 0)
        self.finish()

    # ---- lines ------------------------------------------------------------

    @property
    def prompt(self):
        """What stands before the next line."""
        if self.pending:
            return "> "
        folder = self.cwd
        if folder == self.home or folder.startswith(self.home + "/"):
            folder = "~" + folder[len(self.home):]
        return f"{folder} $ "

    def enter(self, line, pause=0.0):
        """Take a line that was typed `pause` seconds after the last one's end.

        True if there is something to do now (see go_on), False if the command goes on in
        another line.
        """
        text = self.pending + line + "\n"
        if unfinished(text):
            self.pending = text
            return False
        self.pending = ""
        self.start(text, max(0.0, min(pause, LONGEST_PAUSE)))
        return True

    def go_on(self, seconds):
        """Work on the line for about so many real seconds; is it done?"""
        end = time.monotonic() + seconds
        world.run_until(self.process, lambda: time.monotonic() >= end)
        if self.process.status is None:
            return False
        self.cwd = self.process.cwd
        code = self.process.status
        if code & 127:
            # it was torn out of whatever it did
            self.shell.status = 128 + (code & 127)
            self.shell.loops = self.shell.depth = self.shell.careless = self.shell.sourced = 0
            self.shell.calls = []
        return True

    def finish(self):
        """Work on the line until it is done."""
        while not self.go_on(1.0):
            continue

    def run(self, line, pause=0.0):
        """enter() and finish() in one."""
        if self.enter(line, pause):
            self.finish()

    def interrupt(self):
        """Ctrl-C: end what runs in the foreground, or forget a command that is not complete.

        True if nothing ran: the next line can be typed.
        """
        if self.process.status is None:
            world.interrupt(self.process)
            return False
        self.pending = ""
        self.shell.status = INTERRUPTED
        return True

    # ---- the shell ----------------------------------------------------------

    def start(self, text, pause):
        """A new process that carries out a text as the console's shell."""
        before = self.process
        self.process = world.spawn(
            lambda process: self.carry_out(process, text, pause), self.env, self.cwd,
            {0: Bytes(b""), **{n: file.dup() for n, file in self.files.items()}}, name="bash")
        if before:
            self.process.handlers = before.handlers

    async def carry_out(self, process, text, pause):
        """Carry out a text in a process, which is the shell's from now on; its exit code. pause:
        cluster seconds that pass first."""
        if self.shell is None:
            self.shell = Typed(process, "bash")
            self.shell.shopt["expand_aliases"] = True
            await self.shell.start_up()
        shell, shell.process = self.shell, process
        if pause:
            await Wait(lambda: world.clock.ctl)  # whose clock it is
            await Wait(until=world.now + pause)
        try:
            await shell.sequence(parse(text))
        except SyntaxProblem as problem:
            await shell.complain(problem.text)
            shell.status = 2
        except Exit as end:
            # a mistake that would end a script does not end a shell in which somebody types
            shell.status = end.code
            if text.split()[:1] in (["exit"], ["logout"]):
                await self.leave()
        except Leave:
            pass
        return shell.status

    async def leave(self):
        """exit: the next line is typed in a new shell, in the home folder."""
        await self.shell.finish()
        self.shell.process.cwd = self.home
        self.env["PWD"] = self.home
        self.shell = Typed(self.shell.process, "bash")
        self.shell.shopt["expand_aliases"] = True
        await self.shell.start_up()


def printing(show, stream):
    """An open file whose text goes to show(stream, text), whole characters at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def take(data):
        text = decoder.decode(data)
        if text:
            show(stream, text)

    return Sink(take)


def log_in(cluster, user, home, files, facts, show, root="/tmp", load=None):
    """Make a cluster and a user's home folder with files in it; a Console there. Raises ActivateError.

    files: {name: [text, mode]}; facts: text of the lesson's block, for the folder above all
    others; root: where the state lies; load: other people's jobs (None: as the cluster has them).
    """
    install()
    from ...site import activate
    os.makedirs(home, exist_ok=True)
    if facts:
        with open(os.path.join(os.path.dirname(home), "_config.yml"), "w", encoding="utf-8") as f:
            f.write(facts)
    for name, (text, mode) in files.items():
        path = os.path.join(home, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path, mode)
    env = {"HOME": home, "USER": user, "LOGNAME": user, "MOCK_SLURM_USER": user, "TZ": "UTC",
           "LANG": "C.UTF-8", "COLUMNS": "100", "PATH": "/usr/bin:/bin", "PWD": home,
           "SHELL": "/bin/bash", "MOCK_SLURM_ROOT": os.path.join(root, "state")}
    where = activate.place(cluster, None, env, home)
    activate.ensure(where, env, home, 0.0, load).close()
    env.update({k: v for k, v in activate.environment(where, env).items() if v is not None})
    return Console(env, home, show)
