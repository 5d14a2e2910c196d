"""Numbers, sizes and counts of the command line, read as C reads them.

Source: proc_args.c; tests/conformance/cases/commands/83-numbers.sh.
"""

from .parse_time import INT_MAX, LONG_MAX, BadValue, as_int, leading_number, strtol

UNITS = {"K": 1024, "M": 1024 * 1024}      # of counts
MEMORY_UNITS = {"K": 0, "M": 1, "G": 1024, "T": 1024 * 1024}      # a K is rounded up to whole MiB


class BadNumber(BadValue):
    """What a command says of a number that is none, or that is too large."""


def parse_int(name: str, text: str, positive: bool = True) -> int:
    """A whole number of an option, 32 bits of it. name: what it is of, as the message says it; positive:
    it must be above 0 (otherwise none is 0). Raises BadNumber, whose text is Slurm's."""
    number, rest = strtol(text)
    if rest or number < 0 or (positive and not number):
        raise BadNumber(f'Invalid numeric value "{text}" for {name}.')
    if number == LONG_MAX:
        raise BadNumber(f"Numeric argument ({number}) to big for {name}.")
    return as_int(number)


def _resource_count(what: str, text: str, rest: str, number: int, least: int) -> "tuple[int, str]":
    unit = rest[:1].upper()
    if unit in UNITS:
        number, rest = number * UNITS[unit], rest[1:]
    if rest[:1] not in ("", "-") or number < least:
        raise BadNumber(f'Invalid numeric value "{text}" for {what}.')
    if number > INT_MAX:
        raise BadNumber(f"Numeric argument ({number}) to big for {what}.")
    return number, rest


def parse_resource(what: str, text: str) -> "int | None":
    """One part of -B: COUNT or LEAST-MOST, with k or m -> the count or the least; None for any ("" or "*").
    Raises BadNumber, whose text is Slurm's."""
    if text[:1] in ("", "*"):
        return None
    number, rest = strtol(text)
    least, rest = _resource_count(what, text, rest, number, 0)
    if rest:
        number, rest = strtol(rest[1:])
        _resource_count(what, text, rest, number, 1)
    return least


def _nodes(text: str) -> int:
    number, rest = strtol(text)
    if rest == text:
        number = -1
    else:
        for unit, size in UNITS.items():
            if rest[:1].upper() == unit:
                number, rest = number * size, rest[1:]
    if rest.strip(" \t\n\v\f\r"):
        raise BadNumber(f'"{text}" is not a valid node count')
    return as_int(number)


def parse_node_count(text: str) -> "tuple[int, int]":
    """-N "2", "2-4", "1k" -> (least, most nodes); 0 of most: no limit. Raises BadNumber, whose text is Slurm's."""
    low, dash, high = text.partition("-")
    least = _nodes(low)
    most = _nodes(high) if dash else least
    if least < 0:
        if not dash:
            raise BadNumber(f'"{text}" is not a valid node count')
        least = 1
    if most and most < least:
        raise BadNumber(f"Maximum node count {most} is less than minimum node count {least}")
    return least, most


def parse_memory(text: str) -> int:
    """"4G" -> 4096 MiB; no suffix is M; K is rounded up. What is too large for 64 bits loses its first ones.
    Raises BadValue."""
    number, rest = leading_number(text)
    unit = rest.upper()
    if len(unit) == 2 and unit[1] == "B":
        unit = unit[0]
    if rest == text or not 0 <= number <= LONG_MAX or (unit or "M") not in MEMORY_UNITS:
        raise BadValue(text)
    size = MEMORY_UNITS[unit or "M"]
    return (number * size if size else (number + 1023) // 1024) & ((1 << 64) - 1)


def memory_text(mib: int) -> str:
    """MiB -> Slurm's short form: 64000M, 4G, 1.50T only where nothing is lost."""
    for unit in "MGTP":
        if mib % 1024 or not mib or unit == "P":
            return f"{mib}{unit}"
        mib //= 1024
    return f"{mib}P"
