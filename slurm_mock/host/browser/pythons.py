"""python3 in this interpreter: a program of its own, but for the memory it shares.

It runs without giving way; `time.sleep` counts on the cluster's clock, and the sleep is
made up for when the program ends, or at once where the program is the user's own.
"""

import io
import os
import sys
import time

from ...posix.files import Null
from ...posix.wait import Wait


async def run(process, argv):
    """The program's exit code."""
    words = list(argv[1:])
    while words and words[0] in ("-u", "-B", "-I", "-E", "-s", "-S", "-q"):
        words.pop(0)
    if words and words[0] in ("-V", "--version"):
        await process.write(f"Python {'.'.join(map(str, sys.version_info[:3]))}\n")
        return 0
    if words and words[0] == "-c":
        source, name, args = words[1], "<string>", ["-c", *words[2:]]
    elif words and words[0] == "-m":
        return await module(process, argv, words)
    elif words and words[0] != "-":
        path = os.path.join(process.cwd, words[0])
        try:
            with open(path, encoding="utf-8") as f:
                source = f.read()
        except OSError as error:
            await process.write(f"{argv[0]}: can't open file {path!r}: [Errno {error.errno}] "
                                f"{error.strerror}\n", 2)
            return 2
        name, args = path, words
    else:
        source, name, args = (await process.read(0)).decode(), "<stdin>", ["-", *words[1:]]
    return await execute(process, lambda space: exec(compile(source, name, "exec"), space), args, name)


async def module(process, argv, words):
    """-m MODULE [ARGUMENTS...] (words): run the module as a program; its exit code."""
    import runpy
    if len(words) < 2:
        await process.write("Argument expected for the -m option\n", 2)
        return 2
    return await execute(process, lambda space: runpy.run_module(words[1], run_name="__main__"),
                         words[1:], words[1])


async def execute(process, body, args, name):
    """Call body(namespace) with the process's streams, arguments, environment and folder."""
    stdin = io.TextIOWrapper(io.BytesIO(await process.read(0) if not _is_null(process) else b""))
    pieces, slept = [], 0.0

    class Out(io.TextIOBase):
        def __init__(self, fd):
            self.fd = fd

        def write(self, text):
            pieces.append((self.fd, text))
            return len(text)

        @property
        def buffer(self):
            fd = self.fd

            class Raw(io.RawIOBase):
                def write(self, data):
                    pieces.append((fd, bytes(data)))
                    return len(data)
            return Raw()

    def sleep(seconds):
        nonlocal slept
        slept += seconds

    kept = (sys.stdin, sys.stdout, sys.stderr, sys.argv, dict(os.environ), os.getcwd(), time.sleep,
            list(sys.path))
    code = 0
    try:
        sys.stdin, sys.stdout, sys.stderr, sys.argv = stdin, Out(1), Out(2), args
        os.environ.clear()
        os.environ.update(process.env)
        os.chdir(process.cwd)
        time.sleep = sleep
        sys.path.insert(0, os.path.dirname(name) if os.path.isabs(name) else "")
        body({"__name__": "__main__", "__file__": name, "__builtins__": __builtins__})
    except SystemExit as end:
        if isinstance(end.code, str):
            pieces.append((2, end.code + "\n"))
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException as error:
        # as python3 itself does: the traceback of the program on stderr, exit code 1
        import traceback
        here = error.__traceback__
        # a compiled module was somewhere else before it was put where it is
        ours = os.path.dirname(here.tb_frame.f_code.co_filename)
        while here and here.tb_frame.f_code.co_filename.startswith(ours):
            here = here.tb_next
        pieces.append((2, "".join(traceback.format_exception(type(error), error, here))))
        code = 1
    finally:
        (sys.stdin, sys.stdout, sys.stderr, sys.argv, env, cwd, time.sleep, sys.path[:]) = kept
        os.environ.clear()
        os.environ.update(env)
        os.chdir(cwd)
    if slept:
        await Wait(until=process.world.now + slept)
    for fd, data in pieces:
        if fd in process.files:
            await process.write(data, fd)
    return code


def _is_null(process):
    return isinstance(process.files.get(0), Null) or 0 not in process.files
