"""One call of a command: what it was given, where it writes, whose cluster it asks.

Commands are functions of a Call, so they run the same from a launcher's process,
from a test and in the browser.
"""

import os

from ... import machine
from ...common import messages, release
from ...common.getopt import UsageError


class Fail(Exception):
    """Ends a command: `text` (may be empty) on stderr after "name: ", exit code `code`.

    With `plain` the text is written as it stands.
    """

    def __init__(self, text="", code=1, plain=False):
        self.text, self.code, self.plain = text, code, plain


class Call:
    """argv (without the command's name), environment, working directory, streams.

    `stdin`, `out` and `err` are binary files; `state` is the cluster's state directory, `release`
    the release of Slurm that the command is of (a number of release.RELEASES).
    """

    def __init__(self, name, argv, env, cwd, stdin, out, err, state):
        self.name, self.argv, self.env, self.cwd = name, argv, env, cwd
        self.stdin, self.out, self.err, self.state = stdin, out, err, state
        self.release = release.CURRENT
        self._controller = None
        self.interrupted = False

    @property
    def controller(self):
        """The cluster's controller, opened at first use."""
        if self._controller is None:
            from ...slurmctld.controller import Controller
            self._controller = Controller.open(self.state, self.env)
        return self._controller

    def close(self):
        """Let go of the cluster (a process of its own just ends)."""
        if self._controller is not None:
            self._controller.close()
            self._controller = None

    def print(self, text="", end="\n"):
        self.out.write((text + end).encode("utf-8", "surrogateescape"))

    def error(self, text):
        """A message as Slurm's log writes it: "squeue: error: ..."."""
        self.log(f"error: {text}")

    def log(self, text):
        """A line on stderr after the command's name."""
        self.out.flush()
        self.err.write(f"{self.name}: {text}\n".encode("utf-8", "surrogateescape"))
        self.err.flush()

    def getopt(self, table, permute=True, argv=None, code=1):
        """Parse argv with a table of options -> ([(Option, value)], operands). Raises Fail with exit
        code `code`."""
        from ...common.getopt import getopt
        try:
            return getopt(self.argv if argv is None else argv, table, permute, self.release)
        except UsageError as error:
            raise Fail(f"{self.name}: {error}\n"
                       + messages.TRY_HELP.format(name=self.name) + "\n", code,
                       plain=True) from None

    def environment(self, table):
        """What input environment variables say of a table's options: {dest: value}."""
        from ...common.getopt import environment
        return environment(table, self.env, self.release)

    def informs(self, names, synopsis, table):
        """Answer --version, --help and --usage, if one is among the options' names; was it?"""
        if "version" in names:
            self.print(release.PACKAGE_VERSION)
        elif "help" in names or "usage" in names:
            from ...common.getopt import usage
            self.print(usage(self.name, synopsis, table, self.release), end="")
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
            if bad.range is not None:
                self.error(messages.BAD_RANGE.format(range=bad.range))
            raise

    def path(self, name):
        """A file name of this call -> absolute path."""
        return os.path.join(self.cwd, name)


def run(function, call):
    """Run a command's function; its exit code. Errors become messages, never tracebacks."""
    return machine.here.finish(steps(function, call))


def steps(function, call):
    """The same as a generator, whose value is the exit code: it yields what the command waits
    for, on a machine that does not wait at once."""
    from ...store.store import StoreError
    try:
        code = function(call) or 0
        if not isinstance(code, int):
            code = (yield from code) or 0
    except Fail as fail:
        call.out.flush()
        if fail.text:
            text = fail.text if fail.plain else f"{call.name}: {fail.text}\n"
            call.err.write(text.encode("utf-8", "surrogateescape"))
        code = fail.code
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

        from ...store.store import explain
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
