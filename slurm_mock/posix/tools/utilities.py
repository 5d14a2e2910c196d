"""The small programs that scripts call, as coroutines of (process, argv) -> exit code.

What gives way, streams or asks for the world's clock is written here and in the
modules named below; the others come from just-bash (see posix/tools/borrowed.py).
"""

import os

from ..wait import Wait
from .arguments import complain, guarded, misused, split_options
from .wrappers import seconds_of

# ---- time ------------------------------------------------------------------------

async def sleep(process, argv):
    """sleep NUMBER[smhd]...: on the world's clock. Raises Misused."""
    total = 0.0
    if len(argv) < 2:
        return await complain(process, argv, "missing operand\nTry 'sleep --help' for more information.")
    for text in argv[1:]:
        seconds = seconds_of(text)
        if text.startswith("-") and text != "--":
            raise misused(argv, f"invalid option -- '{text[1:2]}'")
        if seconds is None:
            raise misused(argv, f"invalid time interval ‘{text}’")
        total += seconds
    if total:
        await Wait(until=process.world.now + min(total, 1e10))
    return 0


async def date(process, argv):
    """date: see posix/tools/dates.py."""
    from .dates import date as show
    return await show(process, argv)


# ---- who and where ------------------------------------------------------------------

async def hostname(process, argv):
    """hostname [-s]: the host's name, with -s up to the first dot."""
    node = process.world.node_name(process.env)
    short = {"-s", "--short"} & set(argv[1:])
    await process.write((node.split(".")[0] if short else node) + "\n")
    return 0


async def uname(process, argv):
    """uname [-asnrvmo]: what system this is."""
    given, _ = split_options(argv)
    node = process.world.node_name(process.env)
    values = {"s": "Linux", "n": node, "r": "6.1.0", "v": "#1 SMP", "m": "x86_64", "o": "GNU/Linux"}
    letters = "snrvmo" if "a" in given else [x for x in "snrvmo" if x in given] or ["s"]
    await process.write(" ".join(values[x] for x in letters) + "\n")
    return 0


def user_name():
    """The person's name, for whoami and id; where Python knows none (see posix/people.py) the one
    of $USER, not root's; a number where pwd has no entry."""
    import pwd

    from ..people import Person
    try:
        entry = pwd.getpwuid(os.getuid())
        return os.environ.get("USER", entry.pw_name) if isinstance(entry, Person) else entry.pw_name
    except KeyError:
        return str(os.getuid())


async def whoami(process, argv):
    """whoami: the person's name."""
    await process.write(user_name() + "\n")
    return 0


async def id_(process, argv):
    """id [-u | -g] [-n]: the person's and the group's number, or name."""
    from ..people import group_name
    given, _ = split_options(argv)
    uid, gid = os.getuid(), os.getgid()
    if "u" in given:
        text = user_name() if "n" in given else str(uid)
    elif "g" in given:
        text = group_name(gid) if "n" in given else str(gid)
    else:
        text = f"uid={uid}({user_name()}) gid={gid}({group_name(gid)}) groups={gid}({group_name(gid)})"
    await process.write(text + "\n")
    return 0


async def nproc(process, argv):
    """nproc: how many CPUs the process may use."""
    await process.write(process.world.nproc(process.env) + "\n")
    return 0


async def printenv(process, argv):
    """printenv [NAME]...: the environment, or values of it; exit code 1 if one is not there."""
    if len(argv) == 1:
        await process.write("".join(f"{k}={v}\n" for k, v in process.env.items()))
        return 0
    code = 0
    for name in argv[1:]:
        if name in process.env:
            await process.write(process.env[name] + "\n")
        else:
            code = 1
    return code


async def echo(process, argv):
    """echo: as the shell's own."""
    from types import SimpleNamespace

    from ..shell.builtins import echo as builtin
    return await builtin(SimpleNamespace(process=process), argv)


async def true(process, argv):
    """true, sync: exit code 0."""
    return 0


async def false(process, argv):
    """false: exit code 1."""
    return 1


async def by_builtin(process, argv):
    """Programs of the same name as a builtin of the shell's: printf, test, [, pwd, kill."""
    from ..shell.builtins import BUILTINS
    from ..shell.interpreter import Shell
    one = Shell(process, argv[0])
    await one.call_builtin(BUILTINS[argv[0].rpartition("/")[2]], argv)
    return one.status


async def which(process, argv):
    """which NAME...: the files that programs' names mean; exit code 1 if one means none."""
    code = 0
    for name in argv[1:]:
        path = process.world.programs.which(name, process.env, process.cwd)
        if path:
            await process.write(path + "\n")
        code = code if path else 1
    return code


async def clear(process, argv):
    """clear: there is no terminal to clear."""
    return 0


async def awk(process, argv):
    """awk: see posix/tools/awk.py."""
    from .awk import awk as run_awk
    return await run_awk(process, argv)


async def bc(process, argv):
    """bc: see posix/tools/calculator.py."""
    from .calculator import bc as calculate
    return await calculate(process, argv)


async def ps(process, argv):
    """ps: the processes of this session; options do nothing."""
    lines = ["    PID TTY          TIME CMD"]
    lines += [f"{p.pid:>7} ?        00:00:00 {os.path.basename(p.name)}"
              for p in process.world.processes.values() if p.session == process.session]
    await process.write("\n".join(lines) + "\n")
    return 0


TABLE = {
    "sleep": sleep, "date": date, "hostname": hostname, "uname": uname, "whoami": whoami, "id": id_,
    "nproc": nproc, "printenv": printenv, "echo": echo, "true": true, "false": false,
    "printf": by_builtin, "test": by_builtin, "[": by_builtin, "pwd": by_builtin,
    "kill": by_builtin, "which": which, "clear": clear, "bc": bc, "awk": awk, "mawk": awk,
    "gawk": awk, "ps": ps, "sync": true}


# Programs whose modules are read when they are first called: their names -> module with a TABLE.
LATER = {name: module for module, names in {
    "wrappers": "env nohup nice stdbuf timeout xargs",
    "text_tools": "cat head tail wc tee yes seq diff",
    "file_tools": "mkdir rmdir rm cp mv ln touch chmod basename dirname realpath readlink mktemp",
    "sed": "sed", "grep": "grep egrep fgrep", "sorting": "sort"}.items() for name in names.split()}


def find(name):
    """The function of a program; None if there is none of that name."""
    if name in TABLE:
        return guarded(TABLE[name])
    if name in LATER:
        from importlib import import_module
        return guarded(import_module("." + LATER[name], __package__).TABLE[name])
    from . import borrowed
    return borrowed.find(name)
