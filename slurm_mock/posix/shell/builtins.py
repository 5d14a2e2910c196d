"""What the shell does itself: the builtins of bash(1), but for those that need a terminal.

Each is a coroutine of (shell, args), args[0] its name, that gives the exit code; what is wrong with
its words it says on stderr.  What writes raises OSError, what assigns raises ReadOnly and
ArithmeticProblem (posix/shell/simple.py takes the first).
"""

import errno
import os

from .arithmetic import ArithmeticProblem
from .conditions import BadTest, Test
from .declare import DECLARING
from .errors import Discard, Exit, Leave
from .jobs import error, jobs, kill, trap, wait
from .operands import misused, options, refuse, whole
from .printing import printf
from .reading import mapfile, read
from .scanner import RESERVED, unescape
from .settings import alias, set_, shopt, ulimit, umask, unalias
from .variables import ReadOnly


async def true(shell, args):
    """:, true, and what there is nothing to do for here (disown, enable): exit code 0."""
    return 0


async def false(shell, args):
    """false: exit code 1."""
    return 1


async def echo(shell, args):
    """echo [-neE] [WORD ...]: the words; -n without an end of line, -e with the escapes of $'...',
    \\c ends it."""
    end, escapes, i = "\n", False, 1
    while i < len(args) and len(args[i]) > 1 and args[i][0] == "-" and set(args[i][1:]) <= set("neE"):
        end = "" if "n" in args[i] else end
        for letter in args[i][1:]:
            escapes = {"e": True, "E": False}.get(letter, escapes)
        i += 1
    text = " ".join(args[i:])
    if escapes:
        if "\\c" in text:
            text, end = text[:text.index("\\c")], ""
        text = unescape(text.replace("\\0", "\\"))
    await shell.process.write(text + end)
    return 0


async def pwd(shell, args):
    """pwd: the working directory, as PWD has it."""
    await shell.process.write(shell.process.cwd + "\n")
    return 0


async def cd(shell, args):
    """cd [FOLDER | -]: to HOME without one, to OLDPWD with -; links are not resolved (-P is as -L)."""
    operands = options(args, "LPe@")[1] if args[1:2] != ["-"] else ["-"]
    if len(operands) > 1:
        return await error(shell, args, "too many arguments")
    name = operands[0] if operands else shell.get("HOME")
    if name is None:
        return await error(shell, args, "HOME not set")
    if name == "-":
        name = shell.get("OLDPWD")
        if name is None:
            return await error(shell, args, "OLDPWD not set")
        await shell.process.write(name + "\n")
    path = os.path.normpath(os.path.join(shell.process.cwd, name))
    path = path[1:] if path.startswith("//") else path
    try:
        if not os.path.isdir(path):
            os.listdir(path)
        if not os.access(path, os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as problem:
        return await error(shell, args, f"{name}: {problem.strerror}")
    shell.assign("OLDPWD", shell.process.cwd)
    shell.process.cwd = path
    shell.assign("PWD", path)
    for variable in ("PWD", "OLDPWD"):
        shell.variables[variable].exported = True
        shell.publish(variable)
    return 0


async def exit_(shell, args):
    """exit [CODE]: raises Exit, with $? without a code."""
    raise Exit(await code_of(shell, args))


async def code_of(shell, args):
    """The exit code that exit and return are given: $? without one, 2 for what is no number. Raises
    Discard for too many words."""
    if len(args) == 1:
        return shell.status
    number = whole(args[1])
    if number is None:
        return await error(shell, args, f"{args[1]}: numeric argument required", 2)
    if len(args) > 2:
        raise Discard(await error(shell, args, "too many arguments"))
    return number & 255


async def return_(shell, args):
    """return [CODE]: raises Leave, Discard; exit code 2 outside of functions and sourced files."""
    if not shell.calls and not shell.sourced:
        return await error(shell, args, "can only `return' from a function or sourced script", 2)
    raise Leave("return", await code_of(shell, args))


async def leave_loop(shell, args):
    """break [COUNT], continue [COUNT]: raises Leave, Exit for what is no number; outside of loops it
    only complains."""
    if not shell.loops:
        await error(shell, args, "only meaningful in a `for', `while', or `until' loop")
        return 0
    count = whole(args[1]) if len(args) > 1 else 1
    if count is None:
        raise Exit(await error(shell, args, f"{args[1]}: numeric argument required", 128))
    if len(args) > 2:
        raise Discard(await error(shell, args, "too many arguments"))
    if count < 1:
        # it leaves all the same, and every loop that it is in
        shell.status = await error(shell, args, f"{args[1]}: loop count out of range")
        raise Leave("break", shell.loops, failed=True)
    raise Leave(args[0], count)


async def eval_(shell, args):
    """eval [WORD ...]: the words, joined by blanks, as commands; what discards these leaves an exit
    code alone. Raises Exit, Leave."""
    shell.status = 0
    try:
        await shell.lines(" ".join(args[1:]), quiet=True, where="eval: ", line=shell.line)
    except Discard as end:
        return end.code
    return shell.status


async def source(shell, args):
    """source, . FILE [WORD ...]: a file's commands in this shell, the words as its parameters.
    Raises Exit, and Leave for break and continue."""
    if len(args) < 2:
        refuse(args[0], "filename argument required")
    name = args[1]
    path = os.path.join(shell.process.cwd, name)
    if "/" not in name and not os.path.exists(path):
        for folder in (shell.get("PATH") or "").split(":"):
            if os.path.isfile(os.path.join(folder, name)):
                path = os.path.join(folder, name)
                break
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as f:
            text = f.read()
    except IsADirectoryError:
        return await error(shell, args, f"{name}: is a directory")
    except OSError as problem:
        await shell.complain(f"{name}: {problem.strerror}")
        return 1
    if text.startswith("\x7fELF"):
        return await error(shell, args, f"{name}: cannot execute binary file", 126)
    text = text.replace("\0", "")
    params, title = shell.params, shell.title
    if len(args) > 2:
        shell.params = args[2:]
    shell.title = name
    shell.sourced += 1
    shell.status = 0
    try:
        await shell.lines(text, quiet=True)
    except Leave as leave:
        if leave.kind != "return":
            raise
        shell.status = leave.count
    except Discard as end:
        shell.status = end.code
    finally:
        shell.sourced -= 1
        shell.title = title
        if len(args) > 2:
            shell.params = params
    return shell.status


async def exec_(shell, args):
    """exec [-a NAME] [PROGRAM [WORD ...]]: a program instead of this shell: raises Exit; without
    one, only the redirections stay."""
    if len(args) > 1 and args[1] == "-a":
        del args[1:3]
    if len(args) == 1:
        return 0
    if "/" not in args[1] and not shell.which(args[1]):
        raise Exit(await error(shell, args, f"{args[1]}: not found", 127))
    await shell.external(args[1:], [])
    raise Exit(shell.status)


async def command(shell, args):
    """command [-pvV] NAME [WORD ...]: a builtin or program, though there be a function of its name."""
    rest = args[1:]
    if rest and rest[0] in ("-v", "-V"):
        return await type_(shell, ["command", *rest])
    rest = rest[1:] if rest and rest[0] in ("-p", "--") else rest
    if not rest:
        return 0
    if rest[0] in BUILTINS:
        return await BUILTINS[rest[0]](shell, rest)
    await shell.external(rest, [])
    return shell.status


async def builtin(shell, args):
    """builtin NAME [WORD ...]: a builtin, though there be a function of its name."""
    if len(args) < 2:
        return 0
    if args[1] not in BUILTINS:
        return await error(shell, args, f"{args[1]}: not a shell builtin")
    return await BUILTINS[args[1]](shell, args[1:])


async def type_(shell, args):
    """type [-tpP] NAME ..., command -v|-V NAME ...: what a name means to this shell; exit code 1
    for none."""
    flags = [a for a in args[1:] if a.startswith("-")]
    short, code = args[0] == "command" and "-v" in flags, 0
    for name in (a for a in args[1:] if not a.startswith("-")):
        path = shell.which(name)
        kind = ("alias" if name in shell.aliases else "keyword" if name in RESERVED
                else "function" if name in shell.functions
                else "builtin" if name in BUILTINS or name in DECLARING else "file" if path else "")
        if not kind:
            code = 1
            if not flags or "-V" in flags:
                await error(shell, args, f"{name}: not found")
        elif "-t" in flags:
            await shell.process.write(kind + "\n")
        elif short or "-p" in flags or "-P" in flags:
            if short or kind == "file":
                await shell.process.write((path if kind == "file" else name) + "\n")
        else:
            text = {"alias": f"{name} is aliased to `{shell.aliases.get(name)}'",
                    "keyword": f"{name} is a shell keyword", "function": f"{name} is a function",
                    "builtin": f"{name} is a shell builtin", "file": f"{name} is {path}"}[kind]
            if kind == "function":
                text += "\n" + shell.functions[name].source
            await shell.process.write(text + "\n")
    return code


async def hash_(shell, args):
    """hash NAME ...: exit code 1 for a name that means no file; nothing is remembered, and options
    do nothing."""
    if any(a.startswith("-") for a in args[1:]) or len(args) == 1:
        return 0
    for name in args[1:]:
        if not shell.which(name):
            return await error(shell, args, f"{name}: not found")
    return 0


async def shift(shell, args):
    """shift [COUNT]: drop so many parameters (1); exit code 1 if there are fewer."""
    count = whole(args[1]) if len(args) > 1 else 1
    if count is None:
        return await error(shell, args, f"{args[1]}: numeric argument required")
    if count < 0:
        return await error(shell, args, f"{args[1]}: shift count out of range")
    if count > len(shell.params):
        return 1
    del shell.params[:count]
    return 0


async def unset(shell, args):
    """unset [-f | -v] NAME[INDEX] ...: variables, and functions of the names that are no variable.
    Raises ArithmeticProblem, and Failed for a bad option."""
    found, names = options(args, "fvn")
    only, code = {letter for letter, _ in found}, 0
    for name in names:
        base, bracket, index = name.partition("[")
        if "f" not in only and base in shell.variables:
            try:
                shell.unset(base, index.rstrip("]") if bracket else None)
            except ReadOnly:
                code = await error(shell, args, f"{base}: cannot unset: readonly variable")
        elif "v" not in only:
            shell.functions.pop(name, None)
    return code


async def test(shell, args):
    """test EXPRESSION, [ EXPRESSION ]: exit code 0 if it is true, 1 if not, 2 for a mistake."""
    operands = args[1:]
    if args[0] == "[":
        if not operands or operands[-1] != "]":
            return await error(shell, args, "missing `]'", 2)
        operands = operands[:-1]
    try:
        return int(not Test(shell, operands).result())
    except BadTest as problem:
        return await error(shell, args, str(problem), 2)


async def let(shell, args):
    """let EXPRESSION ...: compute each; exit code 0 if the last is not 0."""
    value = 0
    if len(args) == 1:
        return await error(shell, args, "expression expected")
    for expression in args[1:]:
        try:
            value = shell.evaluate(expression)
        except ArithmeticProblem as problem:
            return await error(shell, args, str(problem))
    return int(not value)


async def times(shell, args):
    """times: CPU times, of which there are none here."""
    await shell.process.write("0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n")
    return 0


async def getopts(shell, args):
    """getopts LETTERS NAME [WORD ...]: the next option into NAME, with OPTIND and OPTARG; exit code
    1 behind the last. bash(1), POSIX.1 getopts."""
    if len(args) < 3:
        return await misused(shell, "getopts")
    letters, name, given = args[1], args[2], args[3:] or shell.params
    index = max(1, whole(shell.get("OPTIND") or "") or 1)
    inside = getattr(shell, "option_place", (index, 1))
    place = inside[1] if inside[0] == index else 1
    if index > len(given) or not given[index - 1].startswith("-") or given[index - 1] == "-":
        shell.assign(name, "?")
        return 1
    word = given[index - 1]
    if word == "--":
        shell.assign("OPTIND", str(index + 1))
        shell.assign(name, "?")
        return 1
    letter, place = word[place], place + 1
    quiet, known = letters.startswith(":"), letter != ":" and letter in letters
    shell.unset("OPTARG")
    needs = known and letters[letters.index(letter) + 1:letters.index(letter) + 2] == ":"
    if needs:
        value = word[place:] or (given[index] if index < len(given) else None)
        index += 1 if word[place:] else 2
        if value is None:
            index -= 1
            if quiet:
                shell.assign("OPTARG", letter)
            else:
                await shell.process.write(f"{shell.title}: option requires an argument -- {letter}\n", 2)
            shell.assign(name, ":" if quiet else "?")
            shell.assign("OPTIND", str(index))
            return 0
        shell.assign("OPTARG", value)
        place = 1
    elif place >= len(word):
        index, place = index + 1, 1
    shell.option_place = (index, place)
    shell.assign("OPTIND", str(index))
    if not known:
        if quiet:
            shell.assign("OPTARG", letter)
        else:
            await shell.process.write(f"{shell.title}: illegal option -- {letter}\n", 2)
        letter = "?"
    shell.assign(name, letter)
    return 0


async def pushd(shell, args):
    """pushd [FOLDER], popd, dirs: the stack of folders, printed afterwards."""
    stack = shell.__dict__.setdefault("folders", [])
    before = shell.process.cwd
    if args[0] == "pushd":
        if len(args) == 1:
            if not stack:
                return await error(shell, args, "no other directory")
            args = [args[0], stack.pop(0)]
        code = await cd(shell, args)
        if code:
            return code
        stack.insert(0, before)
    elif args[0] == "popd":
        if not stack:
            return await error(shell, args, "directory stack empty")
        await cd(shell, ["cd", stack.pop(0)])
    home = shell.get("HOME") or "//"
    shown = ["~" + p[len(home):] if p == home or p.startswith(home + "/") else p
             for p in (shell.process.cwd, *stack)]
    await shell.process.write(" ".join(shown) + "\n")
    return 0


async def no_terminal(shell, args):
    """fg, bg: there is no job control; exit code 1."""
    return await error(shell, args, "no job control")


BUILTINS = {
    ":": true, "true": true, "false": false, "echo": echo, "printf": printf, "pwd": pwd, "cd": cd,
    "exit": exit_, "return": return_, "break": leave_loop, "continue": leave_loop, "eval": eval_,
    "source": source, ".": source, "exec": exec_, "command": command, "builtin": builtin,
    "type": type_, "hash": hash_, "shift": shift, "set": set_, "shopt": shopt, "unset": unset,
    "test": test, "[": test, "let": let, "trap": trap, "wait": wait, "jobs": jobs, "kill": kill,
    "times": times, "umask": umask, "ulimit": ulimit, "getopts": getopts, "alias": alias,
    "unalias": unalias, "pushd": pushd, "popd": pushd, "dirs": pushd, "read": read,
    "mapfile": mapfile, "readarray": mapfile, "fg": no_terminal, "bg": no_terminal, "disown": true,
    "enable": true}
