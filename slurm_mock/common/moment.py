"""Points in time as people write them (--begin, --deadline, sacct -S): "now+1hour", "10:00", "tomorrow noon", "2030-01-01T10:00".

Source: the TIME FORMATS of sbatch(1); parse_time.c, whose scanner this one follows letter by letter, for a message says at
which it ends; tests/conformance/cases/commands/87-times.sh.
"""

import time

from .parse_time import LAST_MOMENT, BadValue, strtol

DAY = 24 * 60 * 60
# Hours that have a name.
NAMED = {"midnight": 0, "noon": 12, "fika": 15, "teatime": 16}
# The longer ones first, as they are looked for.
UNITS = (("seconds", 1), ("second", 1), ("minutes", 60), ("minute", 60), ("hours", 3600), ("hour", 3600), ("days", DAY), ("day", DAY),
         ("weeks", 7 * DAY), ("week", 7 * DAY))
BLANKS = " \t"
SPACES = " \t\n\v\f\r"
FIRST_UTS = 1000000


class BadTime(BadValue):
    """The text is no point in time.  Its text is what Slurm says of it, with the position of the first letter
    that it can't read."""

    def __init__(self, text: str, pos: int) -> None:
        super().__init__(f"Invalid time specification (pos={pos}): {text}")


class _Scan:
    """A text, and what was read of it: a time of day, a date, each None where it is not said.  The year None: the next, or
    the last."""

    def __init__(self, text: str, now: float) -> None:
        self.text, self.now, self.pos = text, now, 0
        self.clock: "tuple[int, int, int] | None" = None
        self.month: "int | None" = None
        self.day: "int | None" = None
        self.year: "int | None" = None

    def at(self, offset: int) -> str:
        return self.text[offset:offset + 1]

    def digit(self, offset: int) -> bool:
        return self.at(offset) in tuple("0123456789")

    def bad(self, offset: int) -> BadTime:
        return BadTime(self.text, offset)

    def number(self, offset: int, most: int = 2, least: int = 1) -> "tuple[int, int]":
        """(a number of so many digits, the position behind it)."""
        end = offset
        while end < offset + most and self.digit(end):
            end += 1
        if end < offset + least:
            raise self.bad(end)
        return int(self.text[offset:end]), end

    def within(self, offset: int, low: int, high: int) -> "tuple[int, int]":
        number, end = self.number(offset)
        if not low <= number <= high:
            raise self.bad(end - 2)
        return number, end

    # ---- what a text may have, each read from self.pos on, which then is behind it ------------

    def time_of_day(self) -> None:
        """HH:MM[:SS] [AM|PM]."""
        hour, end = self.within(self.pos, 0, 23)
        if self.at(end) != ":":
            raise self.bad(end)
        second = 0
        minute, end = self.two(end + 1)
        if self.at(end) == ":":
            second, end = self.two(end + 1)
        while self.at(end) and self.at(end) in SPACES:
            end += 1
        half = self.text[end:end + 2].lower()
        if half in ("am", "pm"):
            if hour > 12:
                raise self.bad(end)
            hour = hour % 12 + (12 if half == "pm" else 0)
            end += 2
        self.clock, self.pos = (hour, minute, second), end

    def two(self, offset: int) -> "tuple[int, int]":
        """Minutes or seconds: two digits, at most 59."""
        number, end = self.number(offset, least=2)
        if number > 59:
            raise self.bad(end - 2)
        return number, end

    def date(self) -> None:
        """YYYY-MM-DD, or MMDD[YY] with dots or slashes between, or nothing."""
        if self.at(self.pos + 4) == "-" and self.at(self.pos + 7) == "-":
            year, end = self.number(self.pos, 4, 4)
            month, end = self.within(end + 1, 1, 12)
            day, end = self.within(end + 1, 1, 31)
            self.month, self.day, self.year, self.pos = month, day, year, end
            return
        month, end = self.within(self.pos, 1, 12)
        end += self.at(end) in (".", "/")
        day, end = self.within(end, 1, 31)
        end += self.at(end) in (".", "/")
        if self.digit(end):
            short, end = self.number(end, 2, 2)
            if short:
                self.year = 2000 + short
        self.month, self.day, self.pos = month, day, end

    def relative(self) -> None:
        """now[+COUNT[UNIT]]."""
        offset = self.pos + 3
        while self.at(offset) and self.at(offset) in BLANKS:
            offset += 1
        sign = self.at(offset)
        delta, end = 0, self.pos + offset            # as the original counts where "now" does not come first
        if sign and sign in "+-":
            delta, end = self.delta(self.pos + offset)
        elif sign and sign != "\n":
            raise self.bad(self.pos + offset)
        self.moment(self.now + (-delta if sign == "-" else delta))
        self.pos = end

    def delta(self, sign: int) -> "tuple[int, int]":
        """(seconds, the position behind them) of COUNT[UNIT], behind the sign."""
        offset, count, digits = sign + 1, 0, 0
        while self.at(offset) not in ("", "\n"):
            letter = self.at(offset)
            name, size = next(((name, size) for name, size in UNITS
                               if self.text[offset:offset + len(name)].lower() == name), ("", 1))
            if letter in SPACES:
                offset += 1
            elif name:
                offset, count = offset + len(name), count * size
                break
            elif self.digit(offset):
                offset, count, digits = offset + 1, count * 10 + int(letter), digits + 1
            else:
                raise self.bad(offset - 1)
        if not digits:
            raise self.bad(sign)
        return count, offset

    def moment(self, when: float, clock: bool = True) -> None:
        if abs(when) > LAST_MOMENT:
            raise self.bad(len(self.text))
        day = time.localtime(when)
        self.year, self.month, self.day = day.tm_year, day.tm_mon, day.tm_mday
        if clock:
            self.clock = (day.tm_hour, day.tm_min, day.tm_sec)

    def all(self) -> None:
        """The whole text."""
        while self.at(self.pos) not in ("", "\n"):
            rest = self.text[self.pos:self.pos + 8].lower()
            hour = next((name for name in NAMED if rest.startswith(name)), "")
            if rest[0] in BLANKS or self.at(self.pos) in "-T":
                self.pos += 1
            elif rest.startswith("today"):
                self.moment(self.now, clock=False)
                self.pos += len("today")
            elif rest == "tomorrow":
                self.moment(self.now + DAY, clock=False)
                self.pos += len("tomorrow")
            elif hour:
                self.clock, self.pos = (NAMED[hour], 0, 0), self.pos + len(hour)
            elif rest.startswith("now"):
                self.relative()
            elif not self.digit(self.pos):
                raise self.bad(self.pos)
            elif ":" in (self.at(self.pos + 1), self.at(self.pos + 2)):
                self.time_of_day()
            else:
                self.date()


def parse_when(text: str, now: float, past: bool = False) -> int:
    """A point in time -> seconds since the epoch, read in local time; 0 where nothing is said. now: seconds since
    the epoch on the cluster's clock; past: what does not say its day or year is the last such one, and not the next.
    Nothing is later than LAST_MOMENT. Raises BadTime."""
    if text[:3].lower() == "uts":
        number, rest = strtol(text[3:])
        if not FIRST_UTS <= number <= LAST_MOMENT or rest:
            raise BadTime(text, 0)
        return number
    scan = _Scan(text, now)
    scan.all()
    if scan.clock is None and scan.month is None:
        return 0
    here = time.localtime(now)
    hour, minute, second = scan.clock or (0, 0, 0)
    if scan.month is None:
        later = not past and (hour, minute) <= (here.tm_hour, here.tm_min)
        scan.moment(now + (DAY if later else 0), clock=False)
    month, day, year = scan.month or 1, scan.day or 1, scan.year
    if year is None and past:
        year = here.tm_year - (month > here.tm_mon)
    elif year is None:
        year = here.tm_year + ((month, day, hour, minute) <= (here.tm_mon, here.tm_mday, here.tm_hour, here.tm_min))
    try:
        return int(time.mktime((year, month, day, hour, minute, second, 0, 0, -1)))
    except (OverflowError, ValueError):
        raise BadTime(text, len(text)) from None
