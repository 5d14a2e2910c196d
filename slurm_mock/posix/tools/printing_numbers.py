"""seq."""

from decimal import Decimal, InvalidOperation


async def sequence(process, argv):
    """seq [-s SEPARATOR] [-w] [-f FORMAT] [FIRST [STEP]] LAST: numbers from the first to the last.
    seq(1)."""
    words, separator, form, wide = argv[1:], "\n", None, False
    while words and words[0].startswith("-") and not words[0][1:2].isdecimal() and words[0][1:2] != ".":
        word = words.pop(0)
        if word[:2] in ("-s", "-f"):
            value = word[2:] or (words.pop(0) if words else "")
            separator, form = (value, form) if word[1] == "s" else (separator, value)
        elif word in ("-w", "--equal-width"):
            wide = True
        else:
            await process.write(f"seq: invalid option -- '{word.lstrip('-')[:1]}'\n", 2)
            return 1
    if not 1 <= len(words) <= 3:
        await process.write("seq: missing operand\nTry 'seq --help' for more information.\n", 2)
        return 1
    try:
        numbers = [Decimal(w) for w in words]
    except InvalidOperation:
        bad = next(w for w in words if not w.replace(".", "", 1).lstrip("-+").isdecimal())
        await process.write(f"seq: invalid floating point argument: ‘{bad}’\n"
                            "Try 'seq --help' for more information.\n", 2)
        return 1
    first, step, last = (Decimal(1), Decimal(1), numbers[0]) if len(numbers) == 1 else (
        (numbers[0], Decimal(1), numbers[1]) if len(numbers) == 2 else numbers)
    if not step:
        await process.write(f"seq: invalid Zero increment value: ‘{words[1]}’\n"
                            "Try 'seq --help' for more information.\n", 2)
        return 1
    places = max(0, *(-n.as_tuple().exponent for n in (first, step)))
    found, value = [], first
    while value <= last if step > 0 else value >= last:
        found.append(form % value if form else f"{value:.{places}f}")
        value += step
    if wide:
        width = max((len(f) for f in found), default=0)
        found = [("-" + f[1:].zfill(width - 1)) if f.startswith("-") else f.zfill(width) for f in found]
    if found:
        await process.write(separator.join(found) + "\n")
    return 0
