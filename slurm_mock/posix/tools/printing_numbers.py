"""seq."""

import re
from decimal import Decimal

from ..wait import Wait
from .arguments import Misused, misused


def checked(form):
    """-f's format, whose one directive must be for a float. Raises Misused."""
    found = [m for m in re.finditer(r"%%|%[-+ #0']*[0-9]{0,6}(?:\.[0-9]{0,6})?L?(.?)", form, re.S) if m.group() != "%%"]
    if not found:
        raise Misused(f"format ‘{form}’ has no % directive")
    if not found[0].group(1):
        raise Misused(f"format ‘{form}’ ends in %")
    if found[0].group(1) not in "aefgAEFG":
        raise Misused(f"format ‘{form}’ has unknown %{found[0].group(1)} directive")
    if len(found) > 1:
        raise Misused(f"format ‘{form}’ has too many % directives")
    return form


async def sequence(process, argv):
    """seq [-s SEPARATOR] [-w] [-f FORMAT] [FIRST [STEP]] LAST: numbers from the first to the last.
    Raises Misused. seq(1)."""
    words, separator, form, wide = argv[1:], "\n", None, False
    while words and words[0].startswith("-") and not words[0][1:2].isdecimal() and words[0][1:2] != ".":
        word = words.pop(0)
        if word == "--":
            break
        if word[:2] in ("-s", "-f") or word.startswith(("--separator=", "--format=")):
            if word in ("-s", "-f") and not words:
                raise misused(argv, f"option requires an argument -- '{word[1]}'")
            value = word.partition("=")[2] if word[:2] == "--" else word[2:] or words.pop(0)
            separator, form = (value, form) if word.lstrip("-")[0] == "s" else (separator, value)
        elif word in ("-w", "--equal-width"):
            wide = True
        else:
            await process.write(f"seq: invalid option -- '{word.lstrip('-')[:1]}'\n", 2)
            return 1
    if not 1 <= len(words) <= 3:
        raise misused(argv, f"extra operand ‘{words[3]}’" if words else "missing operand")
    for word in words:
        if word.lower().lstrip("-+") == "nan":
            raise misused(argv, f"invalid ‘not-a-number’ argument: ‘{word}’")
        if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?", word):
            raise misused(argv, f"invalid floating point argument: ‘{word}’")
    numbers = [Decimal(w) for w in words]
    if form is not None:
        form = checked(form)
    first, step, last = (Decimal(1), Decimal(1), numbers[0]) if len(numbers) == 1 else (
        (numbers[0], Decimal(1), numbers[1]) if len(numbers) == 2 else numbers)
    if not step:
        await process.write(f"seq: invalid Zero increment value: ‘{words[1]}’\n"
                            "Try 'seq --help' for more information.\n", 2)
        return 1
    places = max(0, *(-n.as_tuple().exponent for n in (first, step)))
    count = int((last - first) / step) + 1 if (last - first) / step >= 0 else 0
    ends = [f"{n:.{places}f}" for n in (first, first + step * (count - 1))]
    spec = (f"0{max(map(len, ends))}" if wide else "") + f".{places}f"
    # piece by piece: who reads may have enough, and others have their turn
    for at in range(0, count, 1000):
        found = [form % (first + step * n) if form else format(first + step * n, spec)
                 for n in range(at, min(at + 1000, count))]
        await process.write(separator.join(found) + ("\n" if at + 1000 >= count else separator))
        await Wait(breath=True)
    return 0
