"""Node lists, folded and unfolded as Slurm writes them: t02n[01-05,08],t03n02.

Source: the section on node ranges in slurm.conf(5) and `scontrol show hostlist`.
"""

from .parse_time import is_number
from .parse_time import whole as _whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


# No list has more names, nor a name's number more digits.
MOST, DIGITS = 100_000, 18
# No range has more names: with them Slurm refuses it.
MOST_OF_RANGE = 65_536

# What stands between two words of a list.
SEPARATORS = ", \t\n"


# How commands tell of a range that can't be read.
BAD_RANGE = "_parse_single_range: Invalid range: `{range}'"
LONG_RANGE = "_parse_single_range: Too many hosts in range `{range}'"


class BadHostlist(ValueError):
    """The text is not a node list (brackets or a range do not close or make sense).

    range: the range that can't be read; None where the fault is another one. told: the line by which
    commands tell of it, None without a range.
    """

    def __init__(self, text: str, range: "str | None" = None, how: str = BAD_RANGE) -> None:
        super().__init__(text)
        self.range = range
        self.told = None if range is None else how.format(range=range)


def split_list(text: str) -> "tuple[list[str], bool]":
    """Split at commas and blanks that stand outside of brackets: (the words, do brackets pair?)."""
    parts, depth, start, paired = [], 0, 0, True
    for i, ch in enumerate(text):
        if ch == "[":
            depth += 1
        elif ch == "]":
            paired = paired and depth > 0
            depth = max(0, depth - 1)
        elif ch in SEPARATORS and not depth:
            parts.append(text[start:i])
            start = i + 1
    parts.append(text[start:])
    return [p for p in parts if p], paired and not depth


def _numbers(spec: str, whole: str) -> "Iterator[str]":
    if "[" in spec:
        raise BadHostlist(whole)
    for part in spec.split(","):
        low, dash, high = part.partition("-")
        if not is_number(low) or (dash and not is_number(high)):
            raise BadHostlist(whole, part)
        if not dash:
            yield low
            continue
        first, last = _whole(low), _whole(high)
        if last < first:
            raise BadHostlist(whole, part)
        if last - first >= MOST_OF_RANGE:
            raise BadHostlist(whole, part, LONG_RANGE)
        if len(low) > DIGITS or len(high) > DIGITS:
            raise BadHostlist(whole, part)
        width = len(low) if low[0] == "0" or len(low) == len(high) else 0
        for n in range(first, last + 1):
            yield str(n).zfill(width)


def typed(text: str) -> "list[str]":
    """The names of a list as Slurm's commands read it, who let more pass than slurm.conf may have:
    n[1- is a node "n]", n[1-] is n1, [1- is 1-, and [ is a node without a name. Raises BadHostlist."""
    words = []
    for word in split_list(text)[0]:
        head, bracket, rest = word.partition("[")
        if bracket and "]" not in rest:
            word = head + "]" if head else rest
        words.append(word.replace("-]", "]") if "[" in word else word)
    return [name for word in words for name in ([word] if "[" not in word else expand(word))]


def readable(text: str) -> str:
    """A list that was typed, so that `expand` can read it. Raises BadHostlist."""
    try:
        expand(text)
    except BadHostlist:
        return ",".join(typed(text))
    return text


def expand(text: str) -> "list[str]":
    """"n[1-3],m5" -> ["n1", "n2", "n3", "m5"], in the order written; BadHostlist if malformed."""
    names = []
    parts, paired = split_list(text)
    if not paired:
        raise BadHostlist(text)
    for part in parts:
        left = part.find("[")
        if left < 0:
            names.append(part)
            continue
        right = part.index("]", left)
        head, tail = part[:left], part[right + 1:]
        if tail and "[" not in tail:
            raise BadHostlist(text)
        tails = expand(tail) if tail else [""]
        for number in _numbers(part[left + 1:right], text):
            if len(names) + len(tails) > MOST:
                raise BadHostlist(text)
            for end in tails:
                names.append(head + number + end)
    return names


def cut_name(name: str) -> "tuple[str, str]":
    """A name -> (prefix, digits at its end)."""
    prefix = name.rstrip("0123456789")
    return prefix, name[len(prefix):]


def order(name: str) -> "tuple[str, int, int]":
    """Key by which names are sorted: n9 before n10, a name without number first."""
    prefix, digits = cut_name(name)
    return prefix, int(digits or -1), len(digits)


def ranges(numbers: "Sequence[int]") -> str:
    """[1, 2, 3, 7] -> "1-3,7" (array tasks, CPU ids, GPU indices)."""
    if len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"{numbers[0]}-{numbers[-1]}"     # what an array of thousands mostly has left
    return _fold_numbers([(n, str(n)) for n in numbers])


def _padded(digits: str) -> bool:
    return digits[0] == "0" and len(digits) > 1


def _fold_numbers(items: "Sequence[tuple[int, str]]") -> str:
    out, i = [], 0
    while i < len(items):
        j = i
        while (j + 1 < len(items) and items[j + 1][0] == items[j][0] + 1
               and (len(items[j + 1][1]) == len(items[j][1])
                    or not _padded(items[j + 1][1]) and not _padded(items[i][1]))):
            j += 1
        out.append(items[i][1] if i == j else f"{items[i][1]}-{items[j][1]}")
        i = j + 1
    return ",".join(out)


def fold(names: "Iterable[str]", sort: bool = True) -> str:
    """["n1", "n2", "n3", "m5"] -> "m5,n[1-3]".

    With `sort` (as in sinfo and squeue) names are ordered and doubles dropped;
    without, the order given is kept, as `scontrol show hostlist` does.
    """
    cut = [cut_name(n) for n in names]
    if sort:
        cut = sorted(set(cut), key=lambda c: (c[0], int(c[1] or -1), len(c[1])))
    groups: "list[tuple[str, list[tuple[int, str]]]]" = []
    for prefix, digits in cut:
        if groups and groups[-1][0] == prefix and digits and groups[-1][1]:
            groups[-1][1].append((int(digits), digits))
        else:
            groups.append((prefix, [(int(digits), digits)] if digits else []))
    out = []
    for prefix, items in groups:
        if not items:
            out.append(prefix)
        elif len(items) == 1:
            out.append(prefix + items[0][1])
        else:
            out.append(f"{prefix}[{_fold_numbers(items)}]")
    return ",".join(out)


def host_key(names: str) -> "tuple[str, int]":
    """Sort key of a node list: its first name, digits at the end compared as a number. Raises
    BadHostlist."""
    name = expand(names)[0] if names else ""
    i = len(name)
    while i and is_number(name[i - 1]):
        i -= 1
    return name[:i], int(name[i:] or -1)
