"""Handing over to the machine's own program, where the mock's stand-in has nothing to say."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import Call


def become(call: "Call", name: str) -> int:
    """Run the program `name` that stands on PATH behind the mock's, with the arguments and streams
    of `call` (a commands.shared.call.Call); its exit code, as subprocess gives it, 127 if there is
    none."""
    from .daemonize import find
    mine = (os.path.join(call.state, "node"), os.path.join(call.state, "bin"))
    try:
        path = find(name, {"PATH": "/usr/bin:/bin", **call.env}, without=mine)
    except FileNotFoundError:
        return 127
    import subprocess
    done = subprocess.run([path, *call.argv], env=call.env, cwd=call.cwd, stdin=subprocess.DEVNULL,
                          capture_output=True)
    call.out.write(done.stdout)
    call.err.write(done.stderr)
    return done.returncode
