"""Times and durations, read and written as Slurm does.

Sources: the TIME FORMATS of sbatch(1), squeue(1), sacct(1).
"""

import time

from .records import INFINITE

# Real Slurm would print gigabytes of blanks.
WIDEST = 65535
LONG_MAX = (1 << 63) - 1
INT_MAX = (1 << 31) - 1
LAST_MOMENT = 253402300799      # the end of the year 9999: later ones have no date to show


class BadValue(ValueError):
    """The text is not of the form that the option takes."""


def is_number(text: str) -> bool:
    """Is this nothing but the digits 0 to 9, and at least one? Python's own isdecimal() and int() take
    those of all scripts."""
    return text.isascii() and text.isdecimal()


def whole(digits: str) -> int:
    """int(), of however many digits (Python refuses more than 4300): what is beyond reason stays so."""
    return int(digits[:4000])


# ---- durations -----------------------------------------------------------

def parse_limit(text: str) -> int:
    """A time limit -> minutes, rounded up, in 32 bits without a sign (one that is below 0 is very long);
    INFINITE for "infinite", "unlimited", "-1".

    Forms: minutes, minutes:seconds, hours:minutes:seconds, days-hours,
    days-hours:minutes, days-hours:minutes:seconds. Raises BadValue.
    """
    secs = parse_duration(text)
    minutes = secs if secs == INFINITE else int(as_int(secs + 59) / 60)
    return INFINITE if minutes == -1 else minutes & 0xFFFFFFFF       # Slurm's INFINITE is 32 bits of ones


def _is_timespec(text: str) -> bool:
    """Is this of the form of a duration: numbers, a dash behind the days, up to two colons?"""
    numbers = len([part for part in text.replace("-", ":").split(":") if part])
    dashes, colons = text.count("-"), text.count(":")
    if not numbers or dashes > 1 or colons > 2 or not text.isascii() or text.strip("0123456789-:") or "-" in text.partition(":")[2]:
        return False
    return not colons or numbers >= dashes + colons + 1


def _scanned(text: str, count: int) -> "list[int]":
    """As sscanf("%d:%d..."): up to so many numbers with colons between, each in 32 bits; what follows is passed over."""
    found: "list[int]" = []
    for part in text.split(":")[:count]:
        number, rest = strtol(part)
        if rest == part:
            break
        found.append(as_int(number))
        if rest:
            break
    return found


def parse_duration(text: str) -> int:
    """The same forms -> seconds, 32 bits of them; INFINITE for "infinite", "unlimited", "-1". Raises BadValue."""
    if text.lower() in ("infinite", "unlimited", "-1"):
        return INFINITE
    if not _is_timespec(text):
        raise BadValue(text)
    if "-" in text:
        days, _, rest = text.partition("-")
        number = as_int(strtol(days)[0]) if days else 0
        n = [0, 0, 0] if not days else (_scanned(rest, 3) + [0, 0, 0])[:3]
        if not days:
            number = -strtol(rest)[0]        # "-5" is a number with a sign
    else:
        number, n = 0, _scanned(text, 3)
        if len(n) < 3:
            n = [0, *n, 0][:3]
    return as_int(number * 86400 + n[0] * 3600 + n[1] * 60 + n[2])


def elapsed_text(seconds: float, hours: bool = False) -> str:
    """Seconds -> "1-02:03:04", "2:03:04", "3:04" as squeue's TIME; with `hours` "00:03:04" as sacct."""
    days, rest = divmod(max(0, int(seconds)), 86400)
    h, rest = divmod(rest, 3600)
    m, s = divmod(rest, 60)
    if days:
        return f"{days}-{h:02d}:{m:02d}:{s:02d}"
    if hours:
        return f"{h:02d}:{m:02d}:{s:02d}"
    return f"{h}:{m:02d}:{s:02d}" if h else f"{m}:{s:02d}"


def limit_text(minutes: "int | None", hours: bool = False, none: str = "UNLIMITED") -> str:
    """Minutes -> the text of a time limit ("1:00:00"; with `hours` "01:00:00"); `none` for INFINITE
    and None."""
    return none if minutes in (INFINITE, None) else elapsed_text(minutes * 60, hours)


# ---- points in time ------------------------------------------------------

def stamp(when: "float | None", empty: str = "Unknown", form: str = "%Y-%m-%dT%H:%M:%S") -> str:
    """Seconds since the epoch -> local time; `empty` when it is not set (0 or None). form: as
    strftime takes it."""
    return time.strftime(form, time.localtime(when)) if when else empty


# ---- numbers that a text begins with ------------------------------------

def leading_number(text: str) -> "tuple[int, str]":
    """As C's strtol: (number, what follows); (0, text) where it begins with none."""
    i = 0
    while i < len(text) and text[i] in " \t\n\v\f\r":
        i += 1
    start = i
    if i < len(text) and text[i] in "+-":
        i += 1
    digits = i
    while i < len(text) and text[i] in "0123456789":
        i += 1
    return (whole(text[start:i]), text[i:]) if i > digits else (0, text)


def strtol(text: str) -> "tuple[int, str]":
    """(the number in 64 bits that a text begins with, what follows); (0, text) where it begins with none."""
    number, rest = leading_number(text)
    return max(-LONG_MAX - 1, min(number, LONG_MAX)), rest


def as_int(number: int) -> int:
    """What C keeps of a number in 32 bits with a sign."""
    return (number + (1 << 31) & 0xFFFFFFFF) - (1 << 31)


def atoi(text: str) -> int:
    """The number that a text begins with, 0 for none, as C keeps it in 32 bits without sign: -1 is
    4294967295. What follows the number is passed over."""
    return strtol(text)[0] & 0xFFFFFFFF


def width_of(text: str) -> int:
    """The width in name%width, within reason; negative: aligned to the left."""
    return max(-WIDEST, min(WIDEST, leading_number(text)[0]))
