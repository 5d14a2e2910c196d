"""set, shopt, umask, ulimit, alias: what a shell is told to be like.

Builtins as in posix/shell/builtins.py.
"""

import os
import re

from ..tools.modes import changed_mode
from .jobs import error
from .operands import misused, options, refuse, whole
from .quoting import quote

LETTERS = {"e": "errexit", "u": "nounset", "x": "xtrace", "f": "noglob", "n": "noexec",
           "C": "noclobber", "a": "allexport", "v": "verbose"}


# Names of set -o that change nothing here.
NAMES = ("posix monitor history vi emacs errtrace functrace hashall braceexpand physical histexpand "
         "ignoreeof interactive-comments keyword nolog notify onecmd privileged").split()


async def set_(shell, args):
    """set [-+euxfnCav] [-+o NAME] [--] [WORD ...]: options and parameters of this shell; alone,
    print variables. Other letters and names of bash's do nothing."""
    i = 1
    while i < len(args):
        word = args[i]
        if word == "--":
            shell.params = args[i + 1:]
            return 0
        if word in ("-o", "+o"):
            i += 1
            name = args[i] if i < len(args) else ""
            if name in shell.options:
                shell.options[name] = word == "-o"
            elif not name:
                state = {**dict.fromkeys(NAMES, False), **shell.options, "braceexpand": True, "hashall": True,
                         "interactive-comments": True}
                await shell.process.write("".join(
                    f"{name:<15}\t{'on' if on else 'off'}\n" if word == "-o" else f"set {'-' if on else '+'}o {name}\n"
                    for name, on in sorted(state.items())))
            elif name not in NAMES:
                return await error(shell, args, f"{name}: invalid option name", 2)
        elif word[:1] in "-+" and len(word) > 1:
            for letter in word[1:]:
                if letter == "o":
                    i += 1
                    if args[i:i + 1] and args[i] in shell.options:
                        shell.options[args[i]] = word[0] == "-"
                elif letter in LETTERS:
                    shell.options[LETTERS[letter]] = word[0] == "-"
                elif letter not in "hmBEHTPbk":
                    refuse("set", f"{word[0]}{letter}: invalid option")
        else:
            shell.params = args[i:]
            return 0
        i += 1
    if len(args) == 1:
        for name in sorted(shell.variables):
            value = shell.get(name)
            if isinstance(value, str):
                await shell.process.write(f"{name}={quote(value) if value else ''}\n")
    return 0


# Options of shopt that change nothing here.
IDLE = set("""autocd assoc_expand_once cdable_vars cdspell checkhash checkjobs checkwinsize cmdhist
compat31 compat32 compat40 compat41 compat42 compat43 compat44 complete_fullquote direxpand dirspell
execfail extdebug extquote failglob force_fignore globasciiranges globskipdots gnu_errfmt histappend
histreedit histverify hostcomplete huponexit interactive_comments lithist localvar_inherit
localvar_unset login_shell mailwarn no_empty_cmd_completion noexpand_translation nocaseglob
patsub_replacement progcomp progcomp_alias promptvars restricted_shell shift_verbose sourcepath
varredir_close xpg_echo""".split())


async def shopt(shell, args):
    """shopt [-s | -u | -q | -o] NAME ...: set an option, unset it, or tell of it; exit code 1 if
    one is off."""
    names = [a for a in args[1:] if not a.startswith("-")]
    flags = "".join(a[1:] for a in args[1:] if a.startswith("-"))
    if "o" in flags:
        for name in names:
            shell.options[name] = "s" in flags
        return 0
    code = 0
    for name in names:
        if name not in shell.shopt and name not in IDLE:
            code = await error(shell, args, f"{name}: invalid shell option name")
        elif "s" in flags or "u" in flags:
            shell.shopt[name] = "s" in flags
        else:
            code = code or int(not shell.shopt.get(name))
            if "q" not in flags:
                await shell.process.write(f"{name:<15}\t{'on' if shell.shopt.get(name) else 'off'}\n")
    return code


async def umask(shell, args):
    """umask [-pS] [MODE]: print, or set, the mask of this interpreter: octal, or the bits that are
    kept as chmod has them. Raises Failed for a bad option."""
    found, names = options(args, "pS")
    given = {letter for letter, _ in found}
    mask = os.umask(0)
    os.umask(mask)
    if names and names[0][:1].isdecimal():
        if not re.fullmatch("[0-7]{1,4}", names[0]) or int(names[0], 8) > 0o777:
            return await error(shell, args, f"{names[0]}: octal number out of range")
        os.umask(int(names[0], 8))
    elif names:
        bad = re.search("[^ugoa]", names[0])
        if bad and bad.group() not in "+-=,":
            return await error(shell, args, f"`{bad.group()}': invalid symbolic mode operator")
        bad = re.search("[^ugoarwxXst,+=-]", names[0])
        try:
            kept = changed_mode(~mask & 0o777, names[0], 0)
        except ValueError:
            return await error(shell, args, f"`{bad.group() if bad else names[0]}': invalid symbolic "
                                            "mode character")
        os.umask(~kept & 0o777)
    if not names:
        parts = ("".join(x for x, bit in zip("rwx", (4, 2, 1)) if not mask >> place & bit)
                 for place in (6, 3, 0))
        shown = ",".join(f"{who}={what}" for who, what in zip("ugo", parts)) if "S" in given else f"{mask:04o}"
        await shell.process.write(("umask " + "-S " * ("S" in given) if "p" in given else "") + shown + "\n")
    return 0


async def ulimit(shell, args):
    """ulimit: always "unlimited"; what is set is taken, and holds for nobody."""
    if len(args) > 1 and args[-1][:1] != "-":
        if whole(args[-1]) is None and args[-1] not in ("unlimited", "hard", "soft"):
            return await error(shell, args, f"{args[-1]}: invalid number")
    else:
        await shell.process.write("unlimited\n")
    return 0


async def alias(shell, args):
    """alias NAME[=TEXT] ...: make an alias, or print one; used with shopt expand_aliases."""
    for word in args[1:]:
        name, equals, value = word.partition("=")
        if equals:
            shell.aliases[name] = value
        elif name in shell.aliases:
            await shell.process.write(f"alias {name}='{shell.aliases[name]}'\n")
        else:
            return await error(shell, args, f"{name}: not found")
    return 0


async def unalias(shell, args):
    """unalias -a, unalias NAME ...: forget all aliases, or some. Raises Failed for a bad option."""
    found, names = options(args, "a")
    if found:
        shell.aliases.clear()
    elif not names:
        return await misused(shell, "unalias")
    code = 0
    for name in names:
        if shell.aliases.pop(name, None) is None and not found:
            code = await error(shell, args, f"{name}: not found")
    return code
