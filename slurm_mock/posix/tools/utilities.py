"""The small programs that scripts call, as coroutines of (process, argv) -> exit code.

What gives way, streams or asks for the world's clock is written here and in the
modules named below; the others come from just-bash (see posix/tools/borrowed.py).
"""

import os

from ..exec import NotRunnable
from ..wait import Signalled, Wait
from .arguments import complain, split_options

# Seconds in a unit of sleep's and timeout's.
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

# ---- time ------------------------------------------------------------------------

async def sleep(process, argv):
    """sleep NUMBER[smhd]...: on the world's clock."""
    total = 0.0
    if len(argv) < 2:
        return await complain(process, argv, "missing operand\nTry 'sleep --help' for more information.")
    for text in argv[1:]:
        unit = UNITS.get(text[-1:])
        try:
            seconds = float(text[:-1] if unit else text) * (unit or 1)
        except ValueError:
            seconds = -1.0
        if not seconds >= 0:
            return await complain(process, argv, f"invalid time interval '{text}'\n"
                                                 "Try 'sleep --help' for more information.")
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


# ---- running others -----------------------------------------------------------------

async def run(process, words, env=None, stdin=None):
    """Run a program as a child, with another environment or standard input (a File) if they are
    given; its exit code. Raises Missing."""
    env = dict(process.env) if env is None else env
    try:
        main = process.world.programs.find(words, env, process.cwd)
    except NotRunnable as problem:
        raise Missing(problem) from None
    files = {n: f.dup() for n, f in process.files.items()}
    if stdin is not None:
        files[0].close()
        files[0] = stdin
    child = process.world.spawn(main, env, process.cwd, files, process, name=words[0])
    await Wait(lambda: child.status is not None)
    return 128 + (child.status & 127) if child.status & 127 else child.status >> 8


class Missing(Exception):
    """A program that another one should run is not there."""

    def __init__(self, problem):
        super().__init__(problem.text)
        self.code = problem.code
        why = problem.text.rpartition(": ")[2]
        self.why = "No such file or directory" if why == "command not found" else why


async def env(process, argv):
    """env [-i] [-u NAME] [NAME=VALUE]... [PROGRAM [WORD]...]: run a program in a changed
    environment; without one, print it."""
    found, i = dict(process.env), 1
    while i < len(argv):
        word = argv[i]
        if word in ("-i", "-", "--ignore-environment"):
            found = {}
        elif word == "-u":
            i += 1
            found.pop(argv[i], None)
        elif "=" in word:
            name, _, value = word.partition("=")
            found[name] = value
        else:
            break
        i += 1
    if i >= len(argv):
        await process.write("".join(f"{k}={v}\n" for k, v in found.items()))
        return 0
    try:
        return await run(process, argv[i:], found)
    except Missing as problem:
        return await complain(process, argv, f"‘{argv[i]}’: {problem.why}", problem.code)


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


async def nohup(process, argv):
    """nohup PROGRAM [WORD]...: run a program that ignores SIGHUP; its output goes where it went."""
    import signal
    process.handlers[signal.SIGHUP] = None
    return await env(process, ["nohup", *argv[1:]])


async def nice(process, argv):
    """nice [-n NUMBER] PROGRAM [WORD]..., and stdbuf with one option: run a program; nothing else
    changes here."""
    words = argv[1:]
    if words and words[0] == "-n":
        words = words[2:]
    elif words and words[0].startswith("-"):
        words = words[1:]
    return await env(process, [argv[0], *words])


async def timeout(process, argv):
    """timeout [-s SIGNAL] [-k SECONDS] SECONDS[smhd] PROGRAM [WORD]...: 124 if the program had to
    be ended, 125 for a mistake in the words, else its exit code. Raises Signalled after SIGKILL,
    ValueError for a bad -s or -k."""
    world, given, i = process.world, {}, 1
    while i < len(argv) and argv[i].startswith("-"):
        if argv[i] in ("-s", "-k"):
            given[argv[i]] = argv[i + 1]
            i += 1
        elif argv[i].startswith("--signal="):
            given["-s"] = argv[i].partition("=")[2]
        i += 1
    if len(argv) < i + 2:
        return await complain(process, argv, "missing operand\nTry 'timeout --help' for more information.", 125)
    text = argv[i]
    unit = UNITS.get(text[-1:])
    try:
        seconds = float(text[:-1] if unit else text) * (unit or 1)
    except ValueError:
        return await complain(process, argv, f"invalid time interval ‘{text}’\n"
                                             "Try 'timeout --help' for more information.", 125)
    from ..shell.jobs import signal_number
    try:
        main = world.programs.find(argv[i + 1:], process.env, process.cwd)
    except NotRunnable as problem:
        return await complain(process, argv, f"failed to run command ‘{argv[i + 1]}’: "
                                             f"{Missing(problem).why}", problem.code)
    files = {n: f.dup() for n, f in process.files.items()}
    child = world.spawn(main, dict(process.env), process.cwd, files, process, name=argv[i + 1])
    signum = signal_number(given.get("-s", "TERM"))
    await Wait(lambda: child.status is not None, until=world.now + seconds if seconds else None)
    if child.status is not None:
        return 128 + (child.status & 127) if child.status & 127 else child.status >> 8
    end_tree(world, child.pid, signum)
    if "-k" in given:
        await Wait(lambda: child.status is not None, until=world.now + float(given["-k"]))
        end_tree(world, child.pid, 9)
    await Wait(lambda: child.status is not None)
    if signum == 9:
        raise Signalled(9)               # it ends itself by the same
    return 124


def end_tree(world, pid, signum):
    """Signal a process and what comes from it in the same session; who is stopped goes on, to notice."""
    import signal
    first = world.processes.get(pid)
    if first is None:
        return
    for one in [pid, *(p.pid for p in world.descendants(pid) if p.session == first.session)]:
        world.kill(one, signum)
        if signum not in (signal.SIGKILL, signal.SIGCONT):
            world.kill(one, signal.SIGCONT)


async def xargs(process, argv):
    """xargs [-0r] [-d END] [-n COUNT] [-I MARK] [PROGRAM [WORD]...]: run a program, one at a time,
    with words of standard input; 123 if one failed, 124 if one ended by 255. -L counts words as -n
    does, -P -s -t do nothing."""
    from ..files import Null
    given, i = {}, 1
    while i < len(argv) and argv[i].startswith("-"):
        word = argv[i]
        i += 1
        if word[:2] in ("-n", "-I", "-P", "-L", "-d", "-s"):
            value = word[2:] or argv[i]
            i += not word[2:]
            given[word[:2]] = value
        else:
            given[word] = ""
    command = argv[i:] or ["echo"]
    text = (await process.read(0)).decode("utf-8", "surrogateescape")
    if "-0" in given:
        words = [w for w in text.split("\0") if w]
    elif "-d" in given:
        from ..shell.scanner import unescape
        words = [w for w in text.split(unescape(given["-d"]))]
        words = words[:-1] if words and words[-1] == "" else words
    elif "-I" in given:
        words = [line.strip() for line in text.splitlines() if line.strip()]
    else:
        import shlex
        try:
            words = shlex.split(text)
        except ValueError:
            return await complain(process, argv, "unmatched quote; by default quotes are special to "
                                                 "xargs unless you use the -0 option")
    if "-I" in given:
        calls = [[c.replace(given["-I"], w) for c in command] for w in words]
    else:
        size = int(given.get("-n") or given.get("-L") or 0) or len(words) or 1
        calls = [command + words[k:k + size] for k in range(0, len(words), size)]
        if not words:
            calls = [] if "-r" in given or "--no-run-if-empty" in given else [command]
    code = 0
    for call in calls:
        try:
            ended = await run(process, call, stdin=Null())
        except Missing as problem:
            return await complain(process, argv, f"{call[0]}: {problem.why}", problem.code)
        if ended == 255:
            return await complain(process, argv, f"{call[0]}: exited with status 255; aborting", 124)
        code = 123 if ended else code
    return code


async def echo(process, argv):
    """echo [-n] [WORD]...: the words; no escapes, -e and -E do nothing."""
    text = argv[1:]
    end = "\n"
    while text and text[0] in ("-n", "-e", "-E"):
        end = "" if text[0] == "-n" else end
        text = text[1:]
    await process.write(" ".join(text) + end)
    return 0


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
    return await BUILTINS[argv[0].rpartition("/")[2]](Shell(process, argv[0]), argv)


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
    "nproc": nproc, "env": env, "printenv": printenv, "nohup": nohup, "nice": nice,
    "timeout": timeout, "xargs": xargs, "echo": echo, "true": true, "false": false,
    "printf": by_builtin, "test": by_builtin, "[": by_builtin, "pwd": by_builtin,
    "kill": by_builtin, "which": which, "clear": clear, "bc": bc, "awk": awk, "mawk": awk,
    "gawk": awk, "ps": ps, "sync": true, "stdbuf": nice}


# Programs whose modules are read when they are first called: their names -> module with a TABLE.
LATER = {name: module for module, names in {
    "text_tools": "cat head tail wc tee yes seq diff",
    "file_tools": "mkdir rmdir rm cp mv ln touch chmod basename dirname realpath readlink mktemp",
    "sed": "sed", "grep": "grep egrep fgrep", "sorting": "sort"}.items() for name in names.split()}


def find(name):
    """The function of a program; None if there is none of that name."""
    if name in TABLE:
        return TABLE[name]
    if name in LATER:
        from importlib import import_module
        return import_module("." + LATER[name], __package__).TABLE[name]
    from . import borrowed
    return borrowed.find(name)
