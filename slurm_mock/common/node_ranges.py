"""A partition's nodes as ranges of numbers: quick where thousands of names would be slow.

n[1-4000,5001-10000] is two ranges; to take n17 out of it makes them three.
"""

from .hostlist import cut_name, split_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Ranges:
    """The nodes of a list that is folded and in order, as hostlist.fold writes it.

    groups: (prefix, its ranges of numbers: first, last, least number of digits), in that order;
    a name without a number has none.

    Raises ValueError for the few lists whose ranges would grow together when a name between them
    is taken out, as n1 and n2 in n[1,01,2]: only fold can tell.
    """

    def __init__(self, text: str) -> None:
        self.groups = [_read(part) for part in split_list(text)[0]]

    def __len__(self) -> int:
        return sum([sum([high - low + 1 for low, high, _ in ranges]) if ranges else 1
                    for _, ranges in self.groups])

    def __contains__(self, name: str) -> bool:
        prefix, digits = cut_name(name)
        if not digits:
            return (prefix, []) in self.groups
        number = int(digits)
        return any(low <= number <= high and str(number).zfill(width) == digits
                   for known, ranges in self.groups if known == prefix
                   for low, high, width in ranges)

    def without(self, names: "Iterable[str]") -> "Ranges":
        """The same without these nodes, all of which are in it."""
        gone = set(names)
        numbers: "dict[str, list[int]]" = {}
        for name in gone:
            prefix, digits = cut_name(name)
            if digits:
                numbers.setdefault(prefix, []).append(int(digits))
        rest = Ranges("")
        for prefix, ranges in self.groups:
            left = _cut_out(ranges, sorted(numbers.get(prefix, ())))
            if left or not ranges and prefix not in gone:
                rest.groups.append((prefix, left))
        return rest

    def __str__(self) -> str:
        """The list, folded."""
        return ",".join([prefix + _written(ranges) for prefix, ranges in self.groups])


def _read(part: str) -> "tuple[str, list[tuple[int, int, int]]]":
    """"n[1-3,7]" -> ("n", [(1, 3, 1), (7, 7, 1)]): first, last, least number of digits."""
    prefix, bracket, inside = part.partition("[")
    if not bracket:
        prefix, inside = cut_name(part)
    ranges, before = [], -2
    for text in inside.rstrip("]").split(",") if inside else ():
        low, _, high = text.partition("-")
        high = high or low
        # as long as both are, or as the first one where it begins with 0
        width = len(low) if low[0] == "0" or len(low) == len(high) else 0
        ranges.append((int(low), int(high), width))
        if int(low) <= before + 1:
            raise ValueError(part)
        before = int(high)
    return prefix, ranges


def _cut_out(ranges: "Iterable[tuple[int, int, int]]",
             numbers: "Sequence[int]") -> "list[tuple[int, int, int]]":
    """Ranges without some numbers of theirs, both in order."""
    left, at = [], 0
    for low, high, width in ranges:
        while at < len(numbers) and numbers[at] <= high:
            if low < numbers[at]:
                left.append((low, numbers[at] - 1, width))
            low, at = numbers[at] + 1, at + 1
        if low <= high:
            left.append((low, high, width))
    return left


def _written(ranges: "Sequence[tuple[int, int, int]]") -> str:
    words = []
    for low, high, width in ranges:
        first, last = str(low).zfill(width), str(high).zfill(width)
        words.append(first if low == high else f"{first}-{last}")
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return words[0]
    return f"[{','.join(words)}]" if words else ""
