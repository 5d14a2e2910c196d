"""trap, wait, jobs, kill: signals, and commands in the background.

Builtins as in posix/shell/builtins.py.
"""

import signal as _signals

from ..wait import Wait
from . import words
from .errors import Failed
from .operands import misused, whole

SIGNALS = {name: getattr(_signals, name).value for name in dir(_signals)
           if name.startswith("SIG") and not name.startswith("SIG_")}
# the names as bash has them: 34 is RTMIN, 35 RTMIN+1, ... 64 RTMAX
NAMES = {**{64 - n: f"RTMAX-{n}" for n in range(15)}, **{34 + n: f"RTMIN+{n}" for n in range(16)},
         34: "RTMIN", 64: "RTMAX", **{n: name[3:] for name, n in SIGNALS.items() if 0 < n < 32 and name
                                      not in ("SIGCLD", "SIGIOT", "SIGPOLL")}}


class Job:
    """A command in the background: its process, the number that %1 means, its text; told: `jobs`
    or `wait` has said how it ended."""

    def __init__(self, process, number, text):
        self.process, self.number, self.text, self.told = process, number, text, False

    @property
    def pid(self):
        """The number of its process."""
        return self.process.pid

    @property
    def status(self):
        """Its wait status; None while it runs."""
        return self.process.status

    def line(self, mark):
        """The job as `jobs` shows it; mark: + for the last one, - for that before."""
        status, state = self.status, "Running"
        if status is not None:
            signum, code = status & 127, status >> 8
            state = (_signals.strsignal(signum) or str(signum)) if signum else f"Exit {code}" if code else "Done"
        return f"[{self.number}]{mark}  {state:<24}{self.text}{' &' if status is None else ''}\n"


def listed(shell):
    """The jobs that nobody was told the end of: what %1, %+ and `jobs` see; in a subshell without
    own ones, as $(jobs -p), those of its parent."""
    return [j for j in shell.jobs or shell.parents_jobs if not j.told]


def job(shell, word):
    """The Job that %1, %+, %-, %text or %?text means; None if there is none."""
    found, name = listed(shell), word[1:]
    if name in ("", "+", "%", "-"):
        return (found[-2:-1] or found[-1:] if name == "-" else found[-1:] or [None])[0] if found else None
    if name.isdecimal():
        return next((j for j in found if j.number == int(name)), None)
    return next((j for j in reversed(found) if (name[1:] in j.text if name[0] == "?" else
                                                j.text.startswith(name))), None)


def signal_number(text):
    """TERM, SIGTERM or 15 -> 15. Raises ValueError."""
    if text.isdecimal():
        number = int(text[:9])
        if number > 64:
            raise ValueError(text)
        return number
    name = text.upper().removeprefix("SIG")
    found = {"EXIT": 0, **{v: k for k, v in NAMES.items()}}.get(name, SIGNALS.get("SIG" + name))
    if found is None:
        raise ValueError(text)
    return found


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
            shown = name if name == "EXIT" else "SIG" + NAMES.get(name, str(name))
            await shell.process.write(f"trap -- {words.quote(action, True)} {shown}\n")
        return 0
    if rest[0] == "-l":
        return await kill(shell, ["kill", "-l"])
    rest = rest[1:] if rest[0] == "--" else rest
    if len(rest) == 1:
        try:
            signal_number(rest[0])
        except ValueError:
            return await misused(shell, "trap")
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
        if word.startswith("%"):
            found = job(shell, word)
            if not found:
                return await error(shell, args, f"{word}: no such job", 127)
        elif whole(word) is None:
            return await error(shell, args, f"`{word}': not a pid or valid job spec")
        else:
            found = next((j for j in shell.jobs if str(j.pid) == word), None)
            if not found:
                return await error(shell, args, f"pid {word} is not a child of this shell", 127)
        targets.append(found)
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
    for one in targets:
        one.told = True
    return shell.code_of(targets[-1].status)


async def jobs(shell, args):
    """jobs [-lprs]: a line, or with -p the process id, of each background command that still runs
    or whose end was not told yet."""
    found = listed(shell)
    for number, one in enumerate(found):
        mark = {len(found) - 1: "+", len(found) - 2: "-"}.get(number, " ")
        if "-p" in args:
            await shell.process.write(f"{one.pid}\n")
        elif not ("-r" in args and one.status is not None or "-s" in args):
            await shell.process.write(one.line(mark))
    for one in found:
        one.told = one.told or one.status is not None and "-p" not in args
    return 0


async def names(shell, args):
    """kill -l [SIGNAL ...]: the names of signals' numbers (or of those that exit codes tell), the
    numbers of names; alone, all of them."""
    if len(args) < 3:
        rows = [f"{n:>2}) SIG{NAMES[n]}" for n in sorted(NAMES)]
        await shell.process.write("".join(r + ("\t" if at % 5 else "\n") for at, r in enumerate(rows, 1)) + "\n")
    code = 0
    for word in args[2:]:
        try:
            if word.isdecimal():
                number = int(word[:9])
                shown = NAMES[number - 128 if number > 128 else number] if number else "EXIT"
            else:
                shown = str(signal_number(word))
        except (KeyError, ValueError):
            code = await error(shell, args, f"{word}: invalid signal specification")
        else:
            await shell.process.write(shown + "\n")
    return code


async def kill(shell, args):
    """kill [-SIGNAL | -s SIGNAL | -n NUMBER] PID | %JOB ...: send a signal (TERM); kill -l: see
    names."""
    rest, signum = args[1:], _signals.SIGTERM
    if rest and rest[0] in ("-l", "-L"):
        return await names(shell, args)
    if rest and rest[0].startswith("-") and rest[0] != "--":
        if rest[0] in ("-s", "-n") and len(rest) < 2:
            return await error(shell, args, f"{rest[0]}: option requires an argument")
        text = rest[1] if rest[0] in ("-s", "-n") else rest[0][1:]
        rest = rest[2:] if rest[0] in ("-s", "-n") else rest[1:]
        try:
            signum = signal_number(text)
        except ValueError:
            return await error(shell, args, f"{text}: invalid signal specification")
    rest = rest[1:] if rest[:1] == ["--"] else rest
    if not rest:
        return await misused(shell, "kill")
    code = 0
    for word in rest:
        if word.startswith("%"):
            found = job(shell, word)
            if not found:
                code = await error(shell, args, f"{word}: no such job")
                continue
            pid = found.pid
        elif whole(word) is None:
            code = await error(shell, args, f"{word}: arguments must be process or job IDs")
            continue
        else:
            pid = shell.process.pid if int(word) == shell.pid else int(word)
        if not shell.process.world.kill(pid, signum):
            code = await error(shell, args, f"({word}) - No such process")
    await Wait(breath=True)
    return code
