"""One call of a command: what it was given, where it writes, whose cluster it asks.

Commands are functions of a Call, so they run the same from a launcher's process,
from a test and in the browser.
"""

import os

from ... import machine
from ...common import log, release
from ...common.getopt import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO

    from ...slurmctld.controller import Controller

FORMAT_AND_LONG = ("Options -o(--format) and -l(--long) are mutually exclusive. "
                   "Please remove one and retry.")
# Variables that say what a command ends with where it fails, and where it has to start a job at once and cannot; who reads
# them.
EXITS = {"SLURM_EXIT_ERROR": ("sbatch", "srun", "salloc", "sattach"), "SLURM_EXIT_IMMEDIATE": ("srun", "salloc")}
TRY_HELP = 'Try "{name} --help" for more information'


class Fail(Exception):
    """Ends a command with an exit code, and a message on standard error or none.

    It is made by the level of its message: Fail.fatal("..."), Fail.error("..."), Fail.info("...")
    are lines of Slurm's log ("squeue: error: ..."), Fail.bare("...") is a line as it stands, and
    Fail(code=1) says nothing.

    text    the message, without its end; "" for none
    code    the exit code
    errno   an error of slurm_errno whose text follows the message's (as %m does in C), or None
    level   of common/log.py; None for a bare line
    """

    def __init__(self, text="", code=1, level="info", errno=None):
        super().__init__(text)
        self.text, self.code, self.level, self.errno = text, code, level, errno

    @classmethod
    def fatal(cls, text, code=1):
        """As Slurm's fatal()."""
        return cls(text, code, "fatal")

    @classmethod
    def error(cls, text, code=1, errno=None):
        """As Slurm's error(), and then the command ends."""
        return cls(text, code, "error", errno)

    @classmethod
    def info(cls, text, code=1):
        """A line of the log that has no word for its level."""
        return cls(text, code)

    @classmethod
    def bare(cls, text, code=1, errno=None):
        """A line that is none of the log's: written by printf, or by slurm_perror with an errno."""
        return cls(text, code, None, errno)

    def line(self, call):
        """What goes to standard error."""
        text = self.text if self.errno is None else f"{self.text}: {call.strerror(self.errno)}"
        if not text or self.level is not None and log.hushed(self.level, call.quiet):
            return ""
        return f"{text}\n" if self.level is None else log.line(call.name, text, self.level)

    def __str__(self):
        from ...common.slurm_errno import strerror
        return self.text if self.errno is None else f"{self.text}: {strerror(self.errno)}"


class Call:
    """argv (without the command's name), environment, working directory, streams.

    `stdin`, `out` and `err` are binary files; `state` is the cluster's state directory; `release`
    is that of Slurm of which the command is (a number of release.RELEASES); `quiet` says how often -Q stands,
    from the moment on at which the command heeds it.
    """

    quiet = 0

    def __init__(self, name: str, argv: "list[str]", env: "dict[str, str]", cwd: str,
                 stdin: "BinaryIO", out: "BinaryIO", err: "BinaryIO", state: str,
                 release: int = release.CURRENT) -> None:
        self.name, self.argv, self.env, self.cwd = name, argv, env, cwd
        self.stdin, self.out, self.err, self.state = stdin, out, err, state
        self.release = release
        self._controller: "Controller | None" = None
        self.interrupted = False

    @property
    def controller(self) -> "Controller":
        """The cluster's controller, opened at first use."""
        if self._controller is None:
            from ...slurmctld.controller import Controller
            self._controller = Controller.open(self.state, self.env)
        return self._controller

    def close(self) -> None:
        """Let go of the cluster (a process of its own just ends)."""
        if self._controller is not None:
            self._controller.close()
            self._controller = None

    def print(self, text="", end="\n"):
        """Text on stdout, with `end` behind it; it is not flushed."""
        self.out.write((text + end).encode("utf-8", "surrogateescape"))

    def error(self, text):
        """A message as Slurm's log writes it: "squeue: error: ..."."""
        self.log(text, "error")

    def log(self, text, level="info"):
        """A line of the log on stderr, unless -Q hushes it."""
        if not log.hushed(level, self.quiet):
            self.tell(log.line(self.name, text, level))

    def tell(self, text):
        """Text on stderr, as it stands, after what is on stdout."""
        self.out.flush()
        self.err.write(text.encode("utf-8", "surrogateescape"))
        self.err.flush()

    def strerror(self, errno):
        """The text of an error of slurm_errno, as this command's release has it."""
        from ...common.slurm_errno import strerror
        return strerror(errno, self.release)

    def getopt(self, table, permute=True, argv=None, code=1):
        """Parse argv with a table of options -> ([(Option, value)], operands). Raises Fail with exit
        code `code`."""
        from ...common.getopt import getopt
        try:
            return getopt(self.argv if argv is None else argv, table, permute, self.release)
        except UsageError as error:
            raise Fail.bare(log.line(self.name, error) + TRY_HELP.format(name=self.name),
                            code) from None

    def environment(self, table):
        """What input environment variables say of a table's options: {dest: value}."""
        from ...common.getopt import environment
        return environment(table, self.env, self.release)

    def informs(self, names, synopsis, table):
        """Answer --version, --help and --usage, if one is among the options' names; was it?"""
        if "version" in names:
            self.print(release.package_version(self.release))
        elif "help" in names or "usage" in names:
            from . import help as shaped
            self.print(shaped.text(self.name, synopsis, table, self.release, "usage" in names), end="")
        else:
            return False
        return True

    def node_names(self, text):
        """The names of a node list that was typed; tells of a range that can't be read. Raises
        BadHostlist."""
        from ...common.hostlist import BadHostlist, typed
        try:
            return typed(text)
        except BadHostlist as bad:
            if bad.told is not None:
                self.error(bad.told)
            raise

    def path(self, name):
        """A file name of this call -> absolute path."""
        return os.path.join(self.cwd, name)


def exit_code(call, variable, tell=False):
    """The exit code that a variable of EXITS says; 1 where it says none, which is told (tell), or where the command does not
    read it."""
    if call.name not in EXITS[variable]:
        return 1
    from ...common.parse_time import atoi
    code = atoi(call.env.get(variable, "1"))
    if not code and tell:
        call.error(f"{variable} has zero value")
    return code & 255 if code else 1


def run(function: "Callable[[Call], Any]", call: "Call") -> int:
    """Run a command's function; its exit code. A Fail, a store that cannot be read and a Ctrl-C
    become messages and codes; what is a mistake of the mock's own is raised."""
    return machine.here.finish(steps(function, call), call)


def steps(function, call):
    """The same as a generator, whose value is the exit code: it yields what the command waits
    for, on a machine that does not wait at once."""
    from ...store.connection import StoreError
    try:
        for variable in EXITS.keys() & call.env.keys():
            exit_code(call, variable, tell=True)
        code = function(call) or 0
        if not isinstance(code, int):
            code = (yield from code) or 0
    except Fail as fail:
        call.out.flush()
        text = fail.line(call)
        if text:
            call.err.write(text.encode("utf-8", "surrogateescape"))
        code = fail.code
        if code == 1 and "SLURM_EXIT_ERROR" in call.env:
            code = exit_code(call, "SLURM_EXIT_ERROR")
    except StoreError as error:
        call.error(str(error))
        code = 1
    except (OverflowError, ValueError) as error:
        # beyond 63 bits for SQLite, beyond 4300 digits for Python
        if not isinstance(error, OverflowError) and not str(error).startswith("Exceeds the limit"):
            raise
        call.error("a number is too large")
        code = 1
    except KeyboardInterrupt:
        call.interrupted = True
        code = 130
    except Exception as error:
        from _sqlite3 import Error

        from ...store.connection import explain
        if not isinstance(error, Error):
            raise
        call.error(str(explain(error, os.path.join(call.state, "store.db"))))
        code = 1
    try:
        call.out.flush()
        call.err.flush()
    except BrokenPipeError:
        # the reader (head, less) has gone: nothing more to say, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 141
    return code
