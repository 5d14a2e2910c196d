"""trap, wait, jobs, kill: signals, and commands in the background.

Builtins as in posix/shell/builtins.py.
"""

import signal as _signals

from ..wait import Wait
from . import words
from .errors import Failed

SIGNALS = {name: getattr(_signals, name).value for name in dir(_signals)
           if name.startswith("SIG") and not name.startswith("SIG_")}


def signal_number(text):
    """TERM, SIGTERM or 15 -> 15. Raises ValueError."""
    if text.isdecimal():
        return int(text)
    name = text.upper()
    name = name if name.startswith("SIG") else "SIG" + name
    if name not in SIGNALS:
        raise ValueError(text)
    return SIGNALS[name]


async def error(shell, args, text, code=1):
    """Complain on stderr in a builtin's name (args[0]); the exit code `code`."""
    await shell.complain(f"{args[0]}: {text}")
    return code


async def trap(shell, args):
    """trap [-p] [[ACTION] SIGNAL...]: what the shell does at a signal or at its end (EXIT); "-"
    undoes it, "" ignores the signal. Raises Failed for ERR, DEBUG and RETURN."""
    rest = args[1:]
    if not rest or rest[0] == "-p":
        for name, action in (shell.traps or shell.parents_traps).items():
            shown = name if name in ("EXIT", "ERR") else _signals.Signals(name).name
            await shell.process.write(f"trap -- {words.quote(action, True)} {shown}\n")
        return 0
    if rest[0] == "-l":
        return await kill(shell, ["kill", "-l"])
    rest = rest[1:] if rest[0] == "--" else rest
    action, names = (rest[0], rest[1:]) if len(rest) > 1 else ("-", rest)
    shell.parents_traps = {}
    for name in names:
        if name.upper() in ("EXIT", "0"):
            key = "EXIT"
        elif name.upper() in ("ERR", "DEBUG", "RETURN"):
            raise Failed(f"trap: {name.upper()} does not work in the browser lab")
        else:
            try:
                key = signal_number(name)
            except ValueError:
                return await error(shell, args, f"{name}: invalid signal specification")
        if action == "-":
            shell.traps.pop(key, None)
            shell.process.handlers.pop(key, None)
        else:
            shell.traps[key] = action
            if key != "EXIT":
                shell.process.handlers[key] = shell.catch if action else None
    return 0


async def wait(shell, args):
    """wait [-n] [PID | %NUMBER ...]: until background commands end, or a trapped signal comes; the
    last one's exit code, 127 for one that is not there, 128 + the signal's number."""
    targets = []
    for word in args[1:]:
        if word in ("-n", "-f"):
            continue
        number = word.lstrip("%")
        found = ([j for j in shell.jobs if str(j.pid) == word] if not word.startswith("%") else
                 shell.jobs[int(number) - 1:int(number)] if number.isdigit() else shell.jobs[-1:])
        if not found:
            if word.startswith("%"):
                return await error(shell, args, f"{word}: no such job", 127)
            return await error(shell, args, f"pid {word} is not a child of this shell", 127)
        targets += found
    everyone, first = not targets, "-n" in args
    targets = targets or list(shell.jobs)
    if first and not any(j.status is None for j in targets):
        return 127
    before = sum(j.status is not None for j in targets)

    def over():
        ended = sum(j.status is not None for j in targets)
        return bool(shell.caught) or (ended > before if first else ended == len(targets))

    if not over():
        await Wait(over)
    if shell.caught:
        return 128 + shell.caught[0]
    if first:
        done = [j for j in targets if j.status is not None][-1]
        return shell.code_of(done.status)
    if everyone:
        shell.jobs.clear()
        return 0
    return shell.code_of(targets[-1].status)


async def jobs(shell, args):
    """jobs [-p]: a line, or with -p the process id, of each background command that still runs."""
    running = [j for j in shell.jobs if j.status is None]
    for number, job in enumerate(running, 1):
        text = str(job.pid) if "-p" in args else f"[{number}]{'+' if job is running[-1] else '-'}  Running                 {job.name} &"
        await shell.process.write(text + "\n")
    return 0


async def kill(shell, args):
    """kill [-SIGNAL | -s SIGNAL | -n NUMBER] PID | %NUMBER ...: send a signal (TERM); kill -l
    NUMBER: its name. Raises ValueError for -l and what is no signal."""
    rest, signum = args[1:], _signals.SIGTERM
    if rest and rest[0] == "-l":
        if len(rest) > 1:
            await shell.process.write(_signals.Signals(signal_number(rest[1])).name[3:] + "\n")
        return 0
    if rest and rest[0].startswith("-") and rest[0] != "--":
        text = rest[1] if rest[0] in ("-s", "-n") else rest[0][1:]
        rest = rest[2:] if rest[0] in ("-s", "-n") else rest[1:]
        try:
            signum = signal_number(text)
        except ValueError:
            return await error(shell, args, f"{text}: invalid signal specification")
    code = 0
    for word in rest:
        if word == "--":
            continue
        if word.startswith("%"):
            number = word[1:]
            found = shell.jobs[int(number) - 1:int(number)] if number.isdigit() else shell.jobs[-1:]
            pids = [j.pid for j in found]
        else:
            if not word.lstrip("-").isdigit():
                code = await error(shell, args, f"{word}: arguments must be process or job IDs")
                continue
            pids = [shell.process.pid if int(word) == shell.pid else int(word)]
        for pid in pids:
            if not shell.process.world.kill(pid, signum):
                code = await error(shell, args, f"({word}) - No such process")
    await Wait(breath=True)
    return code
