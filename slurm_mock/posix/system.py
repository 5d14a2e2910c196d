"""What a system has in /bin and /usr/bin, and what runs a script: the shell, and the small tools."""

import os

from .exec import SYSTEM
from .tools import utilities

SHELLS = ("bash", "sh", "dash")


def program(path, env):
    """The program of a system's at a path (see exec.Programs.finders)."""
    folder, name = os.path.split(path)
    if folder not in SYSTEM:
        return None
    return shell if name in SHELLS else utilities.find(name)


def interpreter(name):
    """What runs a shell's script (see exec.Programs.interpreters)."""
    return script if name in SHELLS else None


async def shell(process, argv):
    """bash, sh: read when it is first called."""
    from .shell.bash import bash
    return await bash(process, argv)


async def script(process, words, argv, title):
    """A shell's script by its file."""
    from .shell.bash import bash
    return await bash(process, [*words, *argv], title)
