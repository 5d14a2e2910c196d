"""declare, local, export, readonly: variables with attributes."""

from .operands import is_name, refuse
from .quoting import shown
from .variables import Variable

# The letters that these take; declare and local take more.
LETTERS = {"export": "fnp", "readonly": "aAfp"}


async def declare(shell, args, given):
    """declare/typeset/local/export/readonly. args: its name, options and names without a value;
    given: (Assignment, value). The exit code. Raises ReadOnly, ArithmeticProblem. bash(1), SHELL
    BUILTIN COMMANDS."""
    flags, off, names = set(), set(), []
    for word in args[1:]:
        if word[:1] in "-+" and len(word) > 1 and word != "--":
            bad = next((c for c in word[1:] if c not in LETTERS.get(args[0], "aAfFgGiIlnprtuxc")), None)
            if bad:
                refuse(args[0], f"{word[0]}{bad}: invalid option")
            (flags if word[0] == "-" else off).update(word[1:])
        elif word != "--":
            names.append(word)
    command = args[0]
    if command == "local" and not shell.scopes:
        await shell.complain("local: can only be used in a function")
        return 1
    if "f" in flags or "F" in flags:
        return await functions(shell, names, flags)
    if "p" in flags or not names and not given:
        return await show(shell, command, flags, names)
    code = 0
    for assignment, value in given:
        if await fixed(shell, command, assignment.name) or "n" in flags and await itself(
                shell, command, assignment.name, value):
            code = 1
            continue
        variable = target(shell, command, assignment.name, flags)
        attributes(variable, command, flags, off, before=True)
        shell.put(assignment, value)
        attributes(shell.variables[shell.resolve(assignment.name) if not variable.reference
                                   else assignment.name], command, flags, off)
        shell.publish(assignment.name)
    for word in names:
        name, equals, value = word.partition("=")
        if not is_name(name.rstrip("+")):
            await shell.complain(f"{command}: `{word}': not a valid identifier")
            code = 1
            continue
        if equals and await fixed(shell, command, name.rstrip("+")):
            code = 1
            continue
        variable = target(shell, command, name.rstrip("+"), flags)
        attributes(variable, command, flags, off, before=True)
        if equals:
            if variable.reference:
                variable.value = value
            else:
                shell.assign(name.rstrip("+"), value, None, name.endswith("+"))
        attributes(variable, command, flags, off)
        shell.publish(name)
    return code


async def itself(shell, command, name, value):
    """Would declare -n make a variable mean itself? Then say so."""
    if command == "export" or value != name:
        return False
    await shell.complain(f"{command}: {name}: nameref variable self references not allowed")
    return True


async def fixed(shell, command, name):
    """Is a variable readonly? Then say so in the command's words."""
    variable = shell.variables.get(shell.resolve(name))
    if variable is None or not variable.readonly:
        return False
    await shell.complain(f"{command}: {name}: readonly variable" if command in ("declare", "local", "typeset")
                         else f"{name}: readonly variable")
    return True


def target(shell, command, name, flags):
    """The Variable that a command is about, made where it is missing: inside of a function its own,
    but for -g, export and readonly."""
    if command in ("local", "declare", "typeset") and shell.scopes and "g" not in flags:
        return shell.make_local(name)
    return shell.variables.setdefault(name, Variable())


def attributes(variable, command, flags, off, before=False):
    """Put the letters of -x and +x on a variable: with `before` those that decide what an
    assignment means (a A i l u n), else those that come after it (x r)."""
    if before:
        variable.keyed = variable.keyed or "A" in flags
        if ("a" in flags or "A" in flags) and not isinstance(variable.value, dict):
            variable.value = {} if variable.value is None else {0: variable.value}
        variable.integer = (variable.integer or "i" in flags) and "i" not in off
        variable.case = "l" if "l" in flags else "u" if "u" in flags else variable.case
        variable.reference = variable.reference or "n" in flags and command != "export"
        return
    if command == "export" and "n" in flags:
        variable.exported = False
    elif command == "export" or "x" in flags:
        variable.exported = True
    if "x" in off:
        variable.exported = False
    variable.readonly = variable.readonly or command == "readonly" or "r" in flags


async def functions(shell, names, flags):
    """declare -f, -F: print functions, or their names with -F; the exit code, 1 where one is missing."""
    code = 0
    for name in names or sorted(shell.functions):
        if name not in shell.functions:
            code = 1
        elif "F" in flags:
            await shell.process.write((name if names else f"declare -f {name}") + "\n")
        elif "x" in flags or flags == {"f"} and shell.functions and names and False:
            continue
        else:
            await shell.process.write(shell.functions[name].source + "\n")
    return code


async def export(shell, args, given):
    """export: with -f functions, as BASH_FUNC_name%% of the environment, else as declare; the exit
    code. Raises ReadOnly, ArithmeticProblem."""
    if "-f" in args[1:]:
        missing = 0
        for name in (n for n in args[1:] if not n.startswith("-")):
            if name in shell.functions:
                shell.process.env[f"BASH_FUNC_{name}%%"] = shell.functions[name].source[len(name) + 1:]
            else:
                missing = 1
                await shell.complain(f"export: {name}: not a function")
        return missing
    return await declare(shell, args, given)


async def show(shell, command, flags, names):
    """declare -p, or no names: print variables as commands that make them; the exit code, 1 where
    one is missing."""
    code = 0
    for name in names or sorted(shell.variables):
        variable = shell.variables.get(name)
        if variable is None:
            await shell.complain(f"{command}: {name}: not found")
            code = 1
            continue
        if not names and (command == "export" and not variable.exported
                          or command == "readonly" and not variable.readonly
                          or "x" in flags and not variable.exported):
            continue
        await shell.process.write(f"declare -{variable.letters() or '-'} {name}{shown(shell, variable)}\n")
    return code


DECLARING = {"declare": declare, "typeset": declare, "local": declare, "export": export,
             "readonly": declare}
