"""The mock without an operating system's processes: all runs as coroutines of one interpreter.

`install()` makes it the machine that the whole package runs on (see machine/__init__.py).  The
browser does so, and so do the tests that compare the two.  Time is always the stepping
clock's: it moves when somebody waits, and then at once.
"""


def install():
    """Run everything in this interpreter from now on; the Machine."""
    from .missing import provide
    provide()
    from ... import machine
    from .runner import InProcess
    if not isinstance(machine.here, InProcess):
        machine.here = InProcess()
    return machine.here


def uninstall():
    """End all that runs here, and go back to the operating system's processes."""
    from ... import machine
    from .. import local
    from .world import world
    world.clear()
    machine.here = local.Local()


def run(argv, env, cwd, stdin=b"", shell=False):
    """Run a command until it has ended and nobody else writes to its streams any more:
    (exit code as subprocess gives it, stdout, stderr as bytes).

    argv: words; with `shell` a text for bash.  For tests; notebooks use host/browser/popen.py.
    """
    from ...posix.exec import NotRunnable
    from ...posix.files import Bytes, Sink
    from .world import world
    out, err = [], []
    words = ["bash", "-c", argv] if shell else list(argv)
    try:
        main = world.programs.find(words, env, cwd)
    except NotRunnable as problem:
        return problem.code, b"", f"{words[0]}: {problem.text}\n".encode()
    sinks = [Sink(out.append), Sink(err.append)]
    process = world.spawn(main, dict(env), cwd, {0: Bytes(stdin), 1: sinks[0], 2: sinks[1]},
                          name=words[0])
    status = world.run(process)
    if any(sink.users for sink in sinks):
        world.run_until(process, lambda: not any(sink.users for sink in sinks), beyond=True)
    code = -(status & 127) if status & 127 else status >> 8
    return code, b"".join(out), b"".join(err)
