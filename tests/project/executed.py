"""Which lines of slurm_mock's functions a run executes.  It must be one process: a pytest run
(`-p tests.project.executed`), or the in-process machine's interpreter (conformance/in_process.py).

EXECUTED names the file that the answer goes to, as JSON: {path in slurm_mock: [lines]}.
"""

import atexit
import json
import os
import sys
import threading

PACKAGE = os.sep + "slurm_mock" + os.sep
FUNCTION = 0x1                           # CO_OPTIMIZED, which code of modules and classes has not


def lines_of(path):
    """The lines of a file's functions; what an import executes is not among them."""
    with open(path, encoding="utf-8") as file:
        todo, found = [compile(file.read(), path, "exec")], set()
    while todo:
        code = todo.pop()
        todo += [const for const in code.co_consts if hasattr(const, "co_lines")]
        if code.co_flags & FUNCTION:
            found |= {line for _, _, line in code.co_lines() if line and line != code.co_firstlineno}
    return found


class Watch:
    """Notes each line of a function of slurm_mock's that is executed from now on."""

    def __init__(self):
        self.seen, self.where = {}, {}

    def start(self):
        threading.settrace(self.call)
        sys.settrace(self.call)

    def call(self, frame, event, arg):
        code = frame.f_code
        if code not in self.where:
            name = code.co_filename
            inside = PACKAGE in name and code.co_flags & FUNCTION
            self.where[code] = self.seen.setdefault(
                name.rpartition(PACKAGE)[2].replace(os.sep, "/"), set()) if inside else None
        return None if self.where[code] is None else self.line

    def line(self, frame, event, arg):
        if event == "line":
            self.where[frame.f_code].add(frame.f_lineno)
        return self.line

    def write(self, path):
        sys.settrace(None)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({name: sorted(lines) for name, lines in self.seen.items()}, file)


def watch():
    """Watch this process to its end."""
    one = Watch()
    one.start()
    atexit.register(one.write, os.environ["EXECUTED"])


if "EXECUTED" in os.environ:
    watch()
