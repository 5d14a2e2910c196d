"""Times and durations, read and written as Slurm does.

Sources: the TIME FORMATS of sbatch(1), squeue(1), sacct(1).
"""

import time

from .records import INFINITE

# Real Slurm would print gigabytes of blanks.
WIDEST = 65535


LONG_MAX = (1 << 63) - 1
INT_MAX = MOST_MINUTES = (1 << 31) - 1
LAST_MOMENT = 253402300799      # the end of the year 9999: later ones have no date to show


# How commands tell of a time that can't be read.
BAD_TIME = "Invalid time specification (pos=0): {value}"


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
    """A time limit -> minutes, rounded up, MOST_MINUTES at most; INFINITE for "infinite",
    "unlimited", "-1".

    Forms: minutes, minutes:seconds, hours:minutes:seconds, days-hours,
    days-hours:minutes, days-hours:minutes:seconds. Raises BadValue.
    """
    secs = parse_duration(text)
    return INFINITE if secs == INFINITE else min((secs + 59) // 60, MOST_MINUTES)


def parse_duration(text: str) -> int:
    """The same forms -> seconds; INFINITE for "infinite", "unlimited", "-1". Raises BadValue."""
    if text.lower() in ("infinite", "unlimited", "-1"):
        return INFINITE
    days, dash, rest = text.partition("-")
    fields = (rest if dash else text).split(":")
    if (dash and days and not is_number(days)) or not all(is_number(f) for f in fields) or len(fields) > 3:
        raise BadValue(text)
    n = [whole(f) for f in fields]
    if dash:
        n += [0] * (3 - len(n))
        return whole(days or "0") * 86400 + n[0] * 3600 + n[1] * 60 + n[2]
    if len(n) == 1:
        return n[0] * 60
    if len(n) == 2:
        return n[0] * 60 + n[1]
    return n[0] * 3600 + n[1] * 60 + n[2]


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


_DAY_TIMES = {"midnight": 0, "noon": 12, "fika": 15, "teatime": 16, "elevenses": 11}
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def parse_when(text: str, now: float) -> int:
    """A point in time (--begin, --deadline, sacct -S) -> seconds since the epoch, read in local time.
    now: seconds since the epoch on the cluster's clock.

    Forms: now[+count[units]], HH:MM[:SS][AM|PM], today, tomorrow, midnight, noon,
    fika, teatime, MMDD[YY], MM/DD[/YY], MM.DD[.YY], YYYY-MM-DD[THH:MM[:SS]], uts<seconds>.
    A time of day that has passed means tomorrow. Nothing is later than LAST_MOMENT. Raises BadValue.
    """
    word = text.strip().lower()
    if word.startswith("uts") and is_number(word[3:]):
        return _shown(whole(word[3:]), text)
    if word.startswith("now"):
        return _shown(_relative(word[3:], text, now), text)
    local = time.localtime(now)
    day, clock = None, None
    if len(word) >= 10 and word[4] == "-" and "t" in word:
        word = word.replace("t", " ", 1)
    for token in word.replace(",", " ").split():
        if token in ("today", "tomorrow"):
            then = time.localtime(now + (86400 if token == "tomorrow" else 0))
            day = (then.tm_year, then.tm_mon, then.tm_mday)
        elif token in _DAY_TIMES:
            clock = (_DAY_TIMES[token], 0, 0)
        elif token in ("am", "pm") and clock:
            clock = _half_day(clock, token, text)
        elif ":" in token:
            clock = _clock(token, text)
        else:
            day = _date(token, local, now, text)
    if day is None and clock is None:
        raise BadValue(text)
    y, m, d = day or (local.tm_year, local.tm_mon, local.tm_mday)
    hour, minute, second = clock or (0, 0, 0)
    try:
        when = int(time.mktime((y, m, d, hour, minute, second, 0, 0, -1)))
    except (OverflowError, ValueError):
        raise BadValue(text) from None
    if day is None and when < now:
        when = int(time.mktime((y, m, d + 1, hour, minute, second, 0, 0, -1)))
    return when


def _shown(when: int, text: str) -> int:
    """A moment that has a date."""
    if abs(when) > LAST_MOMENT:
        raise BadValue(text)
    return when


def _relative(rest: str, text: str, now: float) -> int:
    rest = rest.strip()
    if not rest:
        return int(now)
    sign, rest = rest[0], rest[1:].strip()
    i = 0
    while i < len(rest) and is_number(rest[i]):
        i += 1
    unit = rest[i:].strip() or "second"
    if sign not in "+-" or not i:
        raise BadValue(text)
    for name, size in _UNITS.items():
        # a unit may be cut short to its first letters, or stand in the plural
        if name.startswith(unit) or unit == name + "s":
            return int(now) + (1 if sign == "+" else -1) * whole(rest[:i]) * size
    raise BadValue(text)


def _half_day(clock: "tuple[int, int, int]", half: str, text: str) -> "tuple[int, int, int]":
    hour, minute, second = clock
    if not 1 <= hour <= 12:
        raise BadValue(text)
    return (hour % 12 + (12 if half == "pm" else 0), minute, second)


def _clock(token: str, text: str) -> "tuple[int, int, int]":
    half = ""
    if token.endswith(("am", "pm")):
        token, half = token[:-2], token[-2:]
    parts = token.split(":")
    if not 2 <= len(parts) <= 3 or not all(is_number(p) for p in parts):
        raise BadValue(text)
    clock = (whole(parts[0]), whole(parts[1]), whole(parts[2]) if len(parts) > 2 else 0)
    if half:
        return _half_day(clock, half, text)
    if clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        raise BadValue(text)
    return clock


def _date(token: str, local: "time.struct_time", now: float, text: str) -> "tuple[int, int, int]":
    year = None
    if "-" in token:
        parts = token.split("-")
        if len(parts) == 3:
            year, month, date = parts
        elif len(parts) == 2:
            month, date = parts
        else:
            raise BadValue(text)
    else:
        for sep in "/.":
            if sep in token:
                parts = token.split(sep)
                break
        else:
            if len(token) not in (4, 6):
                raise BadValue(text)
            parts = [token[i:i + 2] for i in range(0, len(token), 2)]
        if not 2 <= len(parts) <= 3:
            raise BadValue(text)
        month, date = parts[:2]
        year = parts[2] if len(parts) == 3 else None
    try:
        number, day = int(month), int(date)
        full = int(year) if year is not None else local.tm_year
    except ValueError:
        raise BadValue(text) from None
    if full < 100:
        full += 2000
    if not (1 <= number <= 12 and 1 <= day <= 31 and 1970 <= full <= 3000):
        raise BadValue(text)
    if year is None and (number, day) < (local.tm_mon, local.tm_mday):
        full += 1
    return full, number, day


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
