"""The small programs that scripts call, as coroutines of (process, argv) -> exit code.

What gives way, streams or asks for the cluster's clock is written here and in the
modules named below; the others come from just-bash (see borrowed.py).
"""

import os

from .kernel import Wait


async def complain(process, argv, text, code=1):
    await process.write(f"{argv[0]}: {text}\n", 2)
    return code


async def inputs(process, argv, names, function):
    """Call function(name, File) for each file, standard input for none or "-"; worst exit code."""
    code = 0
    for name in names or ["-"]:
        if name == "-":
            await function(name, process.files[0])
            continue
        try:
            if os.path.isdir(os.path.join(process.cwd, name)):
                raise IsADirectoryError(21, os.strerror(21))
            file = process.open(name, os.O_RDONLY)
        except OSError as error:
            code = await complain(process, argv, f"{name}: {error.strerror}")
            continue
        await function(name, file)
        file.close()
    return code


async def whole(file):
    parts = []
    while True:
        data = await file.read(65536)
        if not data:
            return b"".join(parts)
        parts.append(data)


def split_options(argv, valued=""):
    """(-abc VALUE operands) -> ({letter: value or ""}, operands); long options by their name."""
    found, operands, i = {}, [], 1
    while i < len(argv):
        word = argv[i]
        i += 1
        if word == "--":
            operands += argv[i:]
            break
        if word.startswith("--") and len(word) > 2:
            name, _, value = word[2:].partition("=")
            found[name] = value
        elif word.startswith("-") and len(word) > 1:
            for at, letter in enumerate(word[1:], 1):
                if letter in valued:
                    found[letter] = word[at + 1:] or (argv[i] if i < len(argv) else "")
                    i += not word[at + 1:]
                    break
                found[letter] = ""
        else:
            operands.append(word)
    return found, operands


# ---- text ---------------------------------------------------------------------

async def cat(process, argv):
    given, names = split_options(argv)
    number, begin = 0, True

    async def one(name, file):
        nonlocal number, begin
        while True:
            data = await file.read(65536)
            if not data:
                return
            if not {"n", "b", "E", "A", "s"} & set(given):
                await process.write(data)
                continue
            out = []
            for line in data.splitlines(keepends=True):
                if begin and ("n" in given and "b" not in given or "b" in given and line.strip()):
                    number += 1
                    out.append(b"%6d\t" % number)
                begin = line.endswith(b"\n")
                out.append(line.replace(b"\n", b"$\n") if "E" in given or "A" in given else line)
            await process.write(b"".join(out))

    return await inputs(process, argv, names, one)


async def head(process, argv):
    if len(argv) > 1 and argv[1][1:].isdigit() and argv[1][0] == "-":
        argv = [argv[0], "-n", argv[1][1:], *argv[2:]]
    given, names = split_options(argv, "nc")
    count = given.get("n", given.get("lines", given.get("c", given.get("bytes", "10"))))
    if not count.lstrip("-+").isdigit():
        return await complain(process, argv, f"invalid number of lines: '{count}'")
    number, first = int(count), True
    in_bytes = "c" in given or "bytes" in given

    async def one(name, file):
        nonlocal first
        if len(names) > 1 and "q" not in given or "v" in given:
            shown = "standard input" if name == "-" else name
            await process.write(("" if first else "\n") + f"==> {shown} <==\n")
        first = False
        if in_bytes or count.startswith("-"):
            data = await whole(file)
            if in_bytes:
                await process.write(data[:number] if number >= 0 else data[:number])
            else:
                await process.write(b"".join(data.splitlines(keepends=True)[:number]))
            return
        for _ in range(number):
            line = await file.line()
            if not line:
                break
            await process.write(line)

    return await inputs(process, argv, names, one)


async def tail(process, argv):
    if len(argv) > 1 and argv[1][1:].isdigit() and argv[1][0] in "-+":
        argv = [argv[0], "-n", argv[1].lstrip("-"), *argv[2:]]
    given, names = split_options(argv, "nc")
    if "f" in given or "F" in given:
        return await complain(process, argv, "-f does not work in the browser lab: nothing changes "
                                             "while you look")
    count = given.get("n", given.get("lines", given.get("c", given.get("bytes", "10"))))
    number, first = int(count.lstrip("-+") or 0), True

    async def one(name, file):
        nonlocal first
        if len(names) > 1 and "q" not in given:
            await process.write(("" if first else "\n") + f"==> {name} <==\n")
        first = False
        data = await whole(file)
        if "c" in given or "bytes" in given:
            data = data[number - 1:] if count.startswith("+") else data[-number:] if number else b""
        else:
            lines = data.splitlines(keepends=True)
            lines = lines[max(0, number - 1):] if count.startswith("+") else lines[-number:] if number else []
            data = b"".join(lines)
        await process.write(data)

    return await inputs(process, argv, names, one)


async def wc(process, argv):
    given, names = split_options(argv)
    letters = [x for x in "lwmc" if x in given] or ["l", "w", "c"]
    rows = []

    async def one(name, file):
        data = await whole(file)
        count = {"l": data.count(b"\n"), "w": len(data.split()), "c": len(data),
                 "m": len(data.decode("utf-8", "replace"))}
        rows.append(([count[x] for x in letters], "" if name == "-" and not names else name))

    code = await inputs(process, argv, names, one)
    if len(names) > 1:
        rows.append(([sum(r[0][i] for r in rows) for i in range(len(letters))], "total"))
    width = max((len(str(n)) for numbers, _ in rows for n in numbers), default=1)
    if len(letters) == 1 and len(rows) == 1:
        width = 1
    elif any(name in ("", "-") for _, name in rows):
        width = max(width, 7)
    for numbers, name in rows:
        text = " ".join(f"{n:>{width}}" for n in numbers)
        await process.write(f"{text} {name}\n" if name else f"{text}\n")
    return code


async def tee(process, argv):
    given, names = split_options(argv)
    how = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if "a" in given or "append" in given else os.O_TRUNC)
    files, code = [], 0
    for name in names:
        try:
            files.append(process.open(name, how))
        except OSError as error:
            code = await complain(process, argv, f"{name}: {error.strerror}")
    while True:
        data = await process.files[0].read(65536)
        if not data:
            break
        await process.write(data)
        for file in files:
            await file.write(data)
    for file in files:
        file.close()
    return code


async def diff(process, argv):
    """diff [-q] [-u] FILE FILE"""
    import difflib
    given, names = split_options(argv)
    if len(names) != 2:
        return await complain(process, argv, f"missing operand after '{argv[-1]}'\ndiff: Try 'diff --help' "
                                             "for more information.", 2)
    texts = []

    async def one(name, file):
        texts.append((await whole(file)).decode("utf-8", "surrogateescape").splitlines(keepends=True))

    if await inputs(process, argv, names, one):
        return 2
    a, b = texts
    if a == b:
        return 0
    if "q" in given:
        await process.write(f"Files {names[0]} and {names[1]} differ\n")
        return 1
    if "u" in given:
        await process.write("".join(difflib.unified_diff(a, b, *names)))
        return 1
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        letter = {"replace": "c", "delete": "d", "insert": "a"}[kind]
        left = span(a1, a2) if kind != "insert" else str(a1)
        right = span(b1, b2) if kind != "delete" else str(b1)
        await process.write(f"{left}{letter}{right}\n" + "".join(f"< {line}" for line in a[a1:a2])
                            + ("---\n" if kind == "replace" else "")
                            + "".join(f"> {line}" for line in b[b1:b2]))
    return 1


def span(first, last):
    """Lines first .. last, the last not counted, as diff writes them."""
    return f"{first + 1},{last}" if last - first > 1 else str(first + 1)


async def yes(process, argv):
    line = (" ".join(argv[1:]) or "y") + "\n"
    block = line * max(1, 4096 // len(line))
    while True:
        await process.write(block)


async def seq(process, argv):
    from .printing_numbers import sequence
    return await sequence(process, argv)


# ---- time ------------------------------------------------------------------------

async def sleep(process, argv):
    """sleep where no cluster is on: its clock is then nobody's."""
    from . import world
    from ..commands.sleep import UNITS
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
        await Wait(until=world.clock_now() + min(total, 1e10))
    return 0


async def date(process, argv):
    from .dates import date as show
    return await show(process, argv)


# ---- who and where ------------------------------------------------------------------

async def hostname(process, argv):
    node = process.env.get("SLURMD_NODENAME") or os.uname().nodename
    short = {"-s", "--short"} & set(argv[1:])
    await process.write((node.split(".")[0] if short else node) + "\n")
    return 0


async def uname(process, argv):
    given, _ = split_options(argv)
    have = os.uname()
    node = process.env.get("SLURMD_NODENAME") or have.nodename
    values = {"s": "Linux", "n": node, "r": "6.1.0", "v": "#1 SMP", "m": "x86_64", "o": "GNU/Linux"}
    letters = "snrvmo" if "a" in given else [x for x in "snrvmo" if x in given] or ["s"]
    await process.write(" ".join(values[x] for x in letters) + "\n")
    return 0


def user_name():
    import pwd
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


async def whoami(process, argv):
    await process.write(user_name() + "\n")
    return 0


async def id_(process, argv):
    from ..controller import group_name
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
    await process.write(process.env.get("SLURM_CPUS_ON_NODE", "1").split("(")[0] + "\n")
    return 0


# ---- running others -----------------------------------------------------------------

async def run(process, words, env=None, stdin=None):
    """Run a program as a child; its exit code."""
    from . import programs, world
    env = dict(process.env) if env is None else env
    try:
        main = programs.find(words, env, process.cwd)
    except programs.NotRunnable as problem:
        raise Missing(problem) from None
    files = {n: f.dup() for n, f in process.files.items()}
    if stdin is not None:
        files[0].close()
        files[0] = stdin
    child = world.spawn(main, env, process.cwd, files, process, name=words[0])
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
    import signal
    process.handlers[signal.SIGHUP] = None
    return await env(process, ["nohup", *argv[1:]])


async def nice(process, argv):
    words = argv[1:]
    if words and words[0] == "-n":
        words = words[2:]
    elif words and words[0].startswith("-"):
        words = words[1:]
    return await env(process, [argv[0], *words])


async def timeout(process, argv):
    from . import world
    from ..commands.sleep import UNITS
    given, i = {}, 1
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
    from . import programs
    from .shell.builtins import signal_number
    try:
        main = programs.find(argv[i + 1:], process.env, process.cwd)
    except programs.NotRunnable as problem:
        return await complain(process, argv, f"failed to run command ‘{argv[i + 1]}’: "
                                             f"{Missing(problem).why}", problem.code)
    files = {n: f.dup() for n, f in process.files.items()}
    child = world.spawn(main, dict(process.env), process.cwd, files, process, name=argv[i + 1])
    signum = signal_number(given.get("-s", "TERM"))
    await Wait(lambda: child.status is not None, until=world.clock_now() + seconds if seconds else None)
    if child.status is not None:
        return 128 + (child.status & 127) if child.status & 127 else child.status >> 8
    end_tree(world, child.pid, signum)
    if "-k" in given:
        await Wait(lambda: child.status is not None, until=world.clock_now() + float(given["-k"]))
        end_tree(world, child.pid, 9)
    await Wait(lambda: child.status is not None)
    return 137 if signum == 9 else 124


def end_tree(world, pid, signum):
    """Signal a process and all that comes from it."""
    from ..processes import tree
    for one in [pid, *tree(world.processes, pid)]:
        world.kill(one, signum)


async def xargs(process, argv):
    from .files import Null
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
        from .shell.scanner import unescape
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
    text = argv[1:]
    end = "\n"
    while text and text[0] in ("-n", "-e", "-E"):
        end = "" if text[0] == "-n" else end
        text = text[1:]
    await process.write(" ".join(text) + end)
    return 0


async def true(process, argv):
    return 0


async def false(process, argv):
    return 1


async def by_builtin(process, argv):
    """Programs of the same name as a builtin of the shell's: printf, test, [, pwd, kill."""
    from .shell.builtins import BUILTINS
    from .shell.interpreter import Shell
    return await BUILTINS[argv[0].rpartition("/")[2]](Shell(process, argv[0]), argv)


async def which(process, argv):
    from . import programs
    code = 0
    for name in argv[1:]:
        path = programs.which(name, process.env, process.cwd)
        if path:
            await process.write(path + "\n")
        code = code if path else 1
    return code


async def clear(process, argv):
    return 0


async def awk(process, argv):
    from .awk import awk as run_awk
    return await run_awk(process, argv)


async def bc(process, argv):
    from .calculator import bc as calculate
    return await calculate(process, argv)


async def ps(process, argv):
    from . import world
    lines = ["    PID TTY          TIME CMD"]
    lines += [f"{p.pid:>7} ?        00:00:00 {os.path.basename(p.name)}"
              for p in world.processes.values() if p.session == process.session]
    await process.write("\n".join(lines) + "\n")
    return 0


TABLE = {
    "cat": cat, "head": head, "tail": tail, "wc": wc, "tee": tee, "yes": yes, "diff": diff, "seq": seq,
    "sleep": sleep, "date": date, "hostname": hostname, "uname": uname, "whoami": whoami, "id": id_,
    "nproc": nproc, "env": env, "printenv": printenv, "nohup": nohup, "nice": nice,
    "timeout": timeout, "xargs": xargs, "echo": echo, "true": true, "false": false,
    "printf": by_builtin, "test": by_builtin, "[": by_builtin, "pwd": by_builtin,
    "kill": by_builtin, "which": which, "clear": clear, "bc": bc, "awk": awk, "mawk": awk, "gawk": awk, "ps": ps, "sync": true,
    "stdbuf": nice}


def find(name):
    """The function of a program; None if there is none of that name."""
    from . import borrowed, file_tools
    return TABLE.get(name) or file_tools.TABLE.get(name) or borrowed.find(name)
