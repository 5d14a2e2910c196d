"""env, nohup, nice, stdbuf, timeout, xargs: programs that run another one.

Coroutines of (process, argv) -> exit code.
"""

import os
import re

from ..exec import NotRunnable
from ..files import whole
from ..wait import Signalled, Wait
from .arguments import Misused, misused

# Seconds in a unit of sleep's and timeout's.
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(text):
    """A length of time (1.5, 2m, inf) in seconds; None for what is none."""
    found = re.fullmatch(r"(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|inf|infinity)([smhd]?)", text)
    return float(found.group(1)) * UNITS.get(found.group(2), 1) if found else None


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
        elif word == "--foreground":
            given["f"] = ""
        elif word not in ("--verbose", "-v"):
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
    # in the foreground only the program is signalled, not what it started
    end = world.kill if "f" in given else lambda pid, number: end_tree(world, pid, number)
    end(child.pid, signum)
    killed = signum == 9
    if limits["k"] and not await ended(limits["k"]):
        end(child.pid, 9)
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


TABLE = {"env": env, "nohup": nohup, "nice": nice, "stdbuf": stdbuf, "timeout": timeout, "xargs": xargs}
