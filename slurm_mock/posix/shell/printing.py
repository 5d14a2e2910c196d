"""printf."""

import re
import time

from . import words
from .jobs import error
from .operands import is_target, misused, refuse
from .scanner import unescape

DIRECTIVE = re.compile(r"%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|j|z|t|L)?"
                       r"(\([^)]*\)T|[diouxXeEfFgGcsbqaA]))")


async def printf(shell, args):
    """printf [-v NAME] FORMAT [ARGUMENTS]: the format is used again while arguments are left."""
    args, name = list(args), None
    if args[1:2] == ["-v"]:
        if len(args) < 3:
            refuse("printf", "-v: option requires an argument")
        name = args[2]
        if not is_target(name):
            return await error(shell, args, f"`{name}': not a valid identifier", 2)
        del args[1:3]
    if args[1:2] == ["--"]:
        del args[1]
    if len(args) < 2:
        return await misused(shell, "printf")
    form, rest, out, code = args[1], args[2:], [], 0
    while True:
        text, used, stop, problems = fill(shell, form, rest)
        out.append(text)
        for problem in problems:
            await shell.complain(f"printf: {problem}")
            code = code or int(not problem.startswith("warning"))
        rest = rest[used:]
        if not rest or not used or stop:
            break
    text = "".join(out)
    if name:
        base, bracket, index = name.partition("[")
        shell.assign(base, text.partition("\0")[0], index.rstrip("]") if bracket else None)
    else:
        await shell.process.write(text)
    return code


def fill(shell, form, args):
    """One pass over the format: (text, arguments used, did \\c stop it?, problems)."""
    out, used, at, problems = [], 0, 0, []

    def following():
        nonlocal used
        used += 1
        return args[used - 1] if used <= len(args) else None

    while at < len(form):
        percent = form.find("%", at)
        plain = form[at:percent if percent >= 0 else len(form)]
        if "\\c" in plain:
            out.append(unescape(plain[:plain.index("\\c")]))
            return "".join(out), min(used, len(args)), True, problems
        out.append(unescape(plain).replace("\\\"", '"'))
        if percent < 0:
            break
        found = DIRECTIVE.match(form, percent)
        if not found:
            begun = re.compile(r"%[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|-?\d*))?[hljztL]*").match(form, percent).end()
            problems.append(f"`{form[begun]}': invalid format character" if begun < len(form)
                            else f"`{form[percent:]}': missing format character")
            return "".join(out), len(args), True, problems
        at = found.end()
        if found.group() == "%%":
            out.append("%")
            continue
        flags, width, precision, kind = found.groups()
        if width == "*":
            width = str(number(following(), problems))
            if width.startswith("-"):
                flags, width = flags + "-", width[1:]
        if precision == "*":
            precision = str(number(following(), problems))
        # who asks for so much would wait for ever; a negative precision counts as none
        if max(len(width or ""), len(precision or "")) > 7:
            problems.append(f"{form[percent:at]}: this width or precision is too great for the browser lab")
            return "".join(out), len(args), True, problems
        precision = None if (precision or "").startswith("-") else precision
        text, stop = value(shell, kind, flags, width or "", precision, following(), problems)
        out.append(text)
        if stop:
            return "".join(out), min(used, len(args)), True, problems
    return "".join(out), min(used, len(args)), False, problems


def value(shell, kind, flags, width, precision, arg, problems):
    """One directive's text, and whether %b met \\c. Adds what is wrong with `arg` to `problems`."""
    form = "%" + flags + width + ("" if precision is None else "." + precision)
    if kind in "di":
        return (form + "d") % number(arg, problems), False
    if kind in "ouxX":
        n = number(arg, problems)
        n = n + (1 << 64) if n < 0 else n
        if kind == "o" and "#" in flags:
            return ("%" + flags.replace("#", "") + width + "s") % f"0{n:o}", False
        return (form + {"u": "d"}.get(kind, kind)) % n, False
    if kind in "eEfFgG":
        return (form + kind) % decimal(arg, problems), False
    if kind in "aA":
        return float.hex(decimal(arg, problems)), False
    plain = "%" + flags.replace("0", "").replace("+", "") + width
    if kind == "c":
        return (plain + "s") % (arg or "")[:1], False
    if kind == "q":
        return (plain + "s") % words.quote(arg or ""), False
    if kind.endswith("T"):
        moment = shell.now() if arg in (None, "-1", "-2") else float(number(arg, problems))
        try:
            return time.strftime(kind[1:-2] or "%X", time.localtime(moment)), False
        except (ValueError, OverflowError, OSError):
            problems.append(f"{arg}: a year beyond what can be shown")
            return "", False
    arg, stop = arg or "", False
    if kind == "b":
        if "\\c" in arg:
            arg, stop = arg[:arg.index("\\c")], True
        arg = unescape(arg.replace("\\0", "\\"))
    if precision is not None:
        arg = arg[:int(precision or 0)]
    return (plain + "s") % arg, stop


def number(text, problems):
    """An argument as a whole number of 64 bits: decimal, 0octal, 0xhex, 'c for a character's code; 0
    for none. Adds what is wrong to `problems`."""
    text = (text or "").strip()
    if text[:1] in "'\"" and text:
        return ord(text[1]) if len(text) > 1 else 0
    found = re.match(r"[-+]?(0[xX][0-9a-fA-F]+|\d+)?", text)
    digits = found.group()
    if digits != text or text in "+-":
        if text:
            problems.append(f"{text}: invalid {'hex ' if re.match('[-+]?0[xX]', text) else ''}number")
    if not digits.lstrip("+-"):
        return 0
    sign = -1 if digits[0] == "-" else 1
    digits = digits.lstrip("+-")
    try:
        base = 16 if digits[:2].lower() == "0x" else 8 if digits[0] == "0" and len(digits) > 1 else 10
        found = sign * int(digits[:400], base)
        if not -1 << 63 <= found < 1 << 64:
            problems.append(f"warning: {text}: Numerical result out of range")
            found = (1 << 63) - 1 if sign > 0 else -1 << 63
        return found
    except ValueError:
        problems.append(f"{text}: invalid octal number")
        return 0


def decimal(text, problems):
    """An argument as a float, 'c for a character's code; 0.0 for none. Adds what is wrong to
    `problems`."""
    text = (text or "").strip()
    if not text:
        return 0.0
    if text[0] in "'\"":
        return float(ord(text[1])) if len(text) > 1 else 0.0
    found = re.match(r"[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf|nan)", text)
    if not found or found.group() != text:
        problems.append(f"{text}: invalid number")
    return float(found.group()) if found else 0.0
