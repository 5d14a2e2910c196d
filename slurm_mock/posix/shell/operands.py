"""What builtins share of their words: whole numbers, options, how they are called."""

import re

from .errors import Failed

USAGE = {
    "cd": "[-L|[-P [-e]] [-@]] [dir]", "getopts": "optstring name [arg ...]",
    "kill": "[-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]",
    "printf": "[-v var] format [arguments]",
    "read": "[-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] "
            "[-u fd] [name ...]",
    "mapfile": "[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] "
               "[array]",
    "set": "[-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]",
    "source": "filename [arguments]", "trap": "[-lp] [[arg] signal_spec ...]",
    "umask": "[-p] [-S] [mode]", "unalias": "[-a] name [name ...]", "unset": "[-f] [-v] [-n] [name ...]"}
USAGE["readarray"], USAGE["."] = USAGE["mapfile"], USAGE["source"]
DECLARE = "[-aAfFgiIlnrtux] [name[=value] ...] or {} -p [-aAfFilnrtux] [name ...]"
USAGE.update({"declare": DECLARE.format("declare"), "typeset": DECLARE.format("typeset"),
              "local": "[option] name[=value] ...", "export": "[-fn] [name[=value] ...] or export -p",
              "readonly": "[-aAf] [name[=value] ...] or readonly -p"})


def whole(text):
    """The number that a decimal text of 64 bits means, as strtoimax has it; None for any other."""
    found = re.fullmatch(r"\s*([-+]?[0-9]{1,30})\s*", text)
    value = int(found.group(1)) if found else None
    return value if value is not None and -1 << 63 <= value < 1 << 63 else None


def is_name(text):
    """Can a variable have this name?"""
    return re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text) is not None


def is_target(text):
    """Can be assigned to what has this name: a variable, or an element of an array?"""
    return is_name(text.partition("[")[0]) and ("[" not in text or text.endswith("]"))


def usage(name):
    """How a builtin is called, as bash tells it; "" for one whose words are not kept here."""
    return f"{name}: usage: {name} {USAGE[name]}" if name in USAGE else ""


def refuse(name, text):
    """Raise Failed with bash's words for a bad option, its exit code 2."""
    raise Failed("\n".join(filter(None, (f"{name}: {text}", usage(name)))), 2)


async def misused(shell, name):
    """Tell how a builtin is called; exit code 2."""
    await shell.process.write(usage(name) + "\n", 2)
    return 2


def options(args, plain, valued=""):
    """Words with options -> ([(letter, value or "")], operands); `valued` letters take a value.
    Raises Failed for a letter that is in neither, and where a value is missing."""
    found, i = [], 1
    while i < len(args) and args[i].startswith("-") and len(args[i]) > 1:
        word = args[i]
        i += 1
        if word == "--":
            break
        for at, letter in enumerate(word[1:], 1):
            if letter in valued:
                value = word[at + 1:]
                if not value:
                    if i == len(args):
                        refuse(args[0], f"-{letter}: option requires an argument")
                    value = args[i]
                    i += 1
                found.append((letter, value))
                break
            if letter not in plain:
                refuse(args[0], f"-{letter}: invalid option")
            found.append((letter, ""))
    return found, args[i:]
