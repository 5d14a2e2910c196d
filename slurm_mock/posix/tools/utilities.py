"""The small programs that scripts call, as coroutines of (process, argv) -> exit code.

What gives way, streams or asks for the world's clock is written here and in the
modules named below; the others come from just-bash (see posix/tools/borrowed.py).
"""

import os
import re

from ..exec import NotRunnable
from ..files import whole
from ..wait import Signalled, Wait
from .arguments import Misused, complain, guarded, misused, split_options

# Seconds in a unit of sleep's and timeout's.
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

# ---- time ------------------------------------------------------------------------

def seconds_of(text):
    """A length of time (1.5, 2m, inf) in seconds; None for what is none."""
    found = re.fullmatch(r"(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|inf|infinity)([smhd]?)", text)
    return float(found.group(1)) * UNITS.get(found.group(2), 1) if found else None


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
    """env [-i] [-u NAME] [-C FOLDER] [-S TEXT] [NAME=VALUE]... [PROGRAM [WORD]...]: run a program in a
    changed environment; without one, print it. Raises Misused."""
    found, words = dict(process.env), list(argv[1:])
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("-i", "-", "--ignore-environment"):
            found = {}
        elif word == "--":
            break
        elif word[:2] in ("-u", "-C", "-S") or word.startswith(("--unset=", "--chdir=", "--split-string=")):
            letter = {"--u": "u", "--c": "C", "--s": "S"}.get(word[:3], word[1])
            value = word.partition("=")[2] if word[:2] == "--" else word[2:] or (words.pop(0) if words else None)
            if value is None:
                raise misused(argv, f"option requires an argument -- '{letter}'", 125)
            if letter == "u":
                found.pop(value, None)
            elif letter == "S":
                words = value.split() + words
            elif os.path.isdir(os.path.join(process.cwd, value)):
                process.cwd = os.path.normpath(os.path.join(process.cwd, value))
            else:
                raise Misused(f"cannot change directory to '{value}': No such file or directory", 125)
        else:
            raise misused(argv, f"invalid option -- '{word[1]}'" if word[1] != "-" else
                          f"unrecognized option '{word}'", 125)
    while words and "=" in words[0]:
        name, _, found[name] = words.pop(0).partition("=")
    if not words:
        await process.write("".join(f"{k}={v}\n" for k, v in found.items()))
        return 0
    return await instead(process, argv, words, found)


async def instead(process, argv, words, environment=None, form="‘{}’: {}"):
    """Run a program for another one whose words are argv; its exit code. form: how that one says that
    there is none. Raises Misused."""
    try:
        return await run(process, words, environment)
    except Missing as problem:
        raise Misused(form.format(words[0], problem.why), problem.code) from None


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
    """nohup PROGRAM [WORD]...: run a program that ignores SIGHUP; its output goes where it went. Raises
    Misused."""
    import signal
    words = argv[2:] if argv[1:2] == ["--"] else argv[1:]
    if not words:
        raise misused(argv, "missing operand", 125)
    process.handlers[signal.SIGHUP] = None
    return await instead(process, argv, words, form="failed to run command '{}': {}")


async def nice(process, argv):
    """nice [-n NUMBER] [PROGRAM [WORD]...]: run a program, no other than without it; alone, 0. Raises
    Misused."""
    words, value = list(argv[1:]), None
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        value = word.partition("=")[2] if word.startswith("--adjustment=") else word[1:].removeprefix("n")
        if not value:
            if not words:
                raise misused(argv, "option requires an argument -- 'n'", 125)
            value = words.pop(0)
        if not re.fullmatch(r"[-+]?\d+", value):
            raise Misused(f"invalid adjustment ‘{value}’", 125)
    if words:
        return await instead(process, argv, words)
    if value is not None:
        raise misused(argv, "a command must be given with an adjustment", 125)
    await process.write("0\n")
    return 0


async def stdbuf(process, argv):
    """stdbuf -i|-o|-e MODE ... PROGRAM [WORD]...: run a program, no other than without it. Raises
    Misused."""
    words, modes = list(argv[1:]), 0
    while words and words[0].startswith("-"):
        word = words.pop(0)
        found = re.fullmatch("--(?:input|output|error)=(.*)|-[ioe](.*)", word)
        if not found:
            raise misused(argv, f"invalid option -- '{word[1:2]}'", 125)
        mode = found.group(1) or found.group(2) or (words.pop(0) if words else "")
        if not re.fullmatch(r"L|\d+[kKMG]?B?", mode):
            raise Misused(f"invalid mode ‘{mode}’", 125)
        modes += 1
    if not words:
        raise misused(argv, "missing operand", 125)
    if not modes:
        raise misused(argv, "you must specify a buffering mode option", 125)
    return await instead(process, argv, words)


async def timeout(process, argv):
    """timeout [-s SIGNAL] [-k SECONDS] [--preserve-status] SECONDS[smhd] PROGRAM [WORD]...: 124 if the
    program had to be ended, 137 if it was killed, 125 for a mistake in the words, else its exit code.
    Raises Misused, and Signalled after SIGKILL."""
    from ..shell.jobs import signal_number
    world, words, given = process.world, list(argv[1:]), {}
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        if word.startswith(("--signal=", "--kill-after=")):
            given[word[2]] = word.partition("=")[2]
        elif word[1] in "sk":
            if not word[2:] and not words:
                raise misused(argv, f"option requires an argument -- '{word[1]}'", 125)
            given[word[1]] = word[2:] or words.pop(0)
        elif word == "--preserve-status":
            given["p"] = ""
        elif word not in ("--foreground", "--verbose", "-v"):
            raise misused(argv, f"invalid option -- '{word[1]}'" if word[1] != "-" else
                          f"unrecognized option '{word}'", 125)
    limits = {}
    for name, text in (("k", given.get("k", "0")), ("", words[0] if len(words) > 1 else "0")):
        limits[name] = seconds_of(text)
        if limits[name] is None:
            raise misused(argv, f"invalid time interval ‘{text}’", 125)
    try:
        signum = signal_number(given.get("s", "TERM"))
    except ValueError:
        raise misused(argv, f"‘{given['s']}’: invalid signal", 125) from None
    if len(words) < 2:
        # GNU's says no more
        await process.write(f"Try '{argv[0]} --help' for more information.\n", 2)
        return 125
    try:
        main = world.programs.find(words[1:], process.env, process.cwd)
    except NotRunnable as problem:
        raise Misused(f"failed to run command ‘{words[1]}’: {Missing(problem).why}", problem.code) from None
    files = {n: f.dup() for n, f in process.files.items()}
    child = world.spawn(main, dict(process.env), process.cwd, files, process, name=words[1])

    async def ended(after):
        await Wait(lambda: child.status is not None, until=world.now + min(after, 1e10) if after else None)
        return child.status is not None

    def code():
        return 128 + (child.status & 127) if child.status & 127 else child.status >> 8

    if await ended(limits[""]):
        return code()
    end_tree(world, child.pid, signum)
    killed = signum == 9
    if limits["k"] and not await ended(limits["k"]):
        end_tree(world, child.pid, 9)
        killed = True
    await ended(0)
    if killed:
        raise Signalled(9)               # it ends itself by the same
    return code() if "p" in given else 124


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
    """xargs [-0rt] [-d END] [-n COUNT] [-L LINES] [-I MARK] [-a FILE] [PROGRAM [WORD]...]: run a program,
    one at a time, with words of standard input; 123 if one failed, 124 if one ended by 255. -P and -s
    change nothing. Raises Misused."""
    from ..files import Null
    given, i = {}, 1
    long = {"null": "0", "no-run-if-empty": "r", "verbose": "t", "max-args": "n", "max-lines": "L",
            "max-procs": "P", "delimiter": "d", "replace": "I", "max-chars": "s", "arg-file": "a"}
    while i < len(argv) and argv[i].startswith("-"):
        word = argv[i]
        i += 1
        name, equals, value = word[2:].partition("=")
        if word == "--":
            break
        if word[:2] == "--":
            if name not in long:
                raise misused(argv, f"unrecognized option '{word}'")
            given[long[name]] = value or "{}"
            continue
        for at, letter in enumerate(word[1:], 2):
            if letter in "nIPLdsa":
                if not word[at:] and i == len(argv):
                    raise misused(argv, f"option requires an argument -- '{letter}'")
                given[letter] = word[at:] or argv[i]
                i += not word[at:]
                break
            if letter not in "0rtx":
                raise misused(argv, f"invalid option -- '{letter}'")
            given[letter] = ""
    for letter in "nLP":
        if letter in given and not given[letter].isdecimal():
            raise misused(argv, f'invalid number "{given[letter]}" for -{letter} option')
        if given.get(letter, "1").strip("0") == "" and letter != "P":
            raise misused(argv, f"value {given[letter]} for -{letter} option should be >= 1")
    command = argv[i:] or ["echo"]
    if "a" in given:
        try:
            file = process.open(given["a"], os.O_RDONLY)
        except OSError as error:
            raise Misused(f"Cannot open input file ‘{given['a']}’: {error.strerror}") from None
        data = await whole(file)
        file.close()
    else:
        data = await process.read(0)
    text = data.decode("utf-8", "surrogateescape")
    try:
        lines = pieces(text, given)
    except ValueError:
        raise Misused("unmatched quote; by default quotes are special to xargs unless you use the -0 "
                      "option") from None
    words = [word for line in lines for word in line]
    if "I" in given:
        calls = [[c.replace(given["I"], w) for c in command] for w in words]
    elif "L" in given:
        size = int(given["L"])
        calls = [command + [w for line in lines[k:k + size] for w in line] for k in range(0, len(lines), size)]
    else:
        size = int(given.get("n", 0)) or len(words) or 1
        calls = [command + words[k:k + size] for k in range(0, len(words), size)]
    if not words and "I" not in given:
        calls = [] if "r" in given else [command]
    code = 0
    for call in calls:
        if "t" in given:
            await process.write(" ".join(call) + "\n", 2)
        try:
            ended = await run(process, call, stdin=Null())
        except Missing as problem:
            raise Misused(f"{call[0]}: {problem.why}", problem.code) from None
        if ended == 255:
            raise Misused(f"{call[0]}: exited with status 255; aborting", 124)
        code = 123 if ended else code
    return code


def pieces(text, given):
    """The words that xargs reads, for each line a list: of -0, -d and -I each is one of its own. A line
    that ends by a blank goes on. Raises ValueError for a quote without its end."""
    if "0" in given or "d" in given:
        from ..shell.scanner import unescape
        words = text.split(unescape(given["d"])[:1] or "\0" if "d" in given else "\0")
        return [[w] for w in (words[:-1] if words[-1] == "" else words)]
    text = text.replace("\0", "")
    if "I" in given:
        return [[line.lstrip()] for line in text.split("\n") if line.strip()]
    import shlex
    if "L" in given:
        text = re.sub(r"[ \t]\n", " ", text)
        return [shlex.split(line) for line in text.split("\n") if line.strip()]
    return [shlex.split(text)]


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
    "nproc": nproc, "env": env, "printenv": printenv, "nohup": nohup, "nice": nice,
    "timeout": timeout, "xargs": xargs, "echo": echo, "true": true, "false": false,
    "printf": by_builtin, "test": by_builtin, "[": by_builtin, "pwd": by_builtin,
    "kill": by_builtin, "which": which, "clear": clear, "bc": bc, "awk": awk, "mawk": awk,
    "gawk": awk, "ps": ps, "sync": true, "stdbuf": stdbuf}


# Programs whose modules are read when they are first called: their names -> module with a TABLE.
LATER = {name: module for module, names in {
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
