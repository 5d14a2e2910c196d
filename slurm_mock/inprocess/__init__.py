"""The mock without an operating system's processes: all runs as coroutines of one interpreter.

`install()` makes it the machine that the whole package runs on (see ../machine.py).  The
browser does so, and so do the tests that compare the two.  Time is always the stepping
clock's: it moves when somebody waits, and then at once.
"""

from .kernel import World

world = World()


def install():
    """Run everything in this interpreter from now on; the Machine."""
    from .people import provide
    provide()
    from .. import machine
    from .runner import InProcess
    if not isinstance(machine.here, InProcess):
        machine.here = InProcess()
    return machine.here


def uninstall():
    """Back to the operating system's processes."""
    from .. import machine
    machine.here = machine.Machine()
    world.__init__()


def run(argv, env, cwd, stdin=b"", shell=False):
    """Run a command to its end: (exit code as subprocess gives it, stdout, stderr as bytes).

    argv: words; with `shell` a text for bash.  For tests; notebooks use popen.py.
    """
    from . import programs
    from .files import Bytes, Sink
    out, err = [], []
    words = ["bash", "-c", argv] if shell else list(argv)
    try:
        main = programs.find(words, env, cwd)
    except programs.NotRunnable as problem:
        return problem.code, b"", f"{words[0]}: {problem.text}\n".encode()
    process = world.spawn(main, dict(env), cwd, {0: Bytes(stdin), 1: Sink(out.append),
                                                 2: Sink(err.append)}, name=words[0])
    status = world.run(process)
    code = -(status & 127) if status & 127 else status >> 8
    return code, b"".join(out), b"".join(err)
