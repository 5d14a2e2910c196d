"""The tables of sacctmgr, sreport and sshare: columns under a title and a line of dashes.

A value is text, a number or None, which prints as nothing.  Parsable tables have bars
between their columns ("ending": behind the last one, too).  Source: print_fields.c of Slurm.
"""

from .parse_time import elapsed_text, width_of
from .release import CURRENT, there

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    # ((names with least letters), key, title, width, kind[, since[, until]])
    Row = tuple[Any, ...]

# What a column shows: text; a number; minutes or seconds as a time; a real number; a moment.
TEXT, UINT, MINUTES, SECONDS, DOUBLE, DATE = "text", "uint", "minutes", "seconds", "double", "date"


class Column:
    """width: in characters, negative is flush left; value: function (row) -> value."""

    __slots__ = ("title", "width", "kind", "value")

    def __init__(self, title: str, width: int, kind: str, value: "Callable[[Any], Any]") -> None:
        self.title, self.width, self.kind, self.value = title, width, kind, value


class Table:
    """parsable: "", "ending" (-p) or "bare" (-P); delimiter stands instead of the bar."""

    def __init__(self, columns: "Sequence[Column]", parsable: str = "", header: bool = True,
                 delimiter: str = "|") -> None:
        self.columns, self.parsable, self.header = columns, parsable, header
        self.delimiter = delimiter

    def lines(self, rows: "Iterable[Any]") -> "Iterator[str]":
        """The whole table, line by line."""
        if self.header:
            yield from self.head()
        for row in rows:
            yield self.line([told(c, c.value(row)) for c in self.columns])

    def head(self) -> "Iterator[str]":
        """The titles and, where the table is not parsable, dashes below them."""
        yield self.line([c.title for c in self.columns], mark="")
        if not self.parsable:
            yield "".join("-" * abs(c.width) + " " for c in self.columns)

    def line(self, texts: "Sequence[str]", mark: str = "+") -> str:
        """One line of texts, a text for each column; mark: what tells of a cut one."""
        if self.parsable:
            return self.delimiter.join(texts) + (self.delimiter if self.parsable == "ending" else "")
        return "".join(cell(t, c.width, mark if c.kind == TEXT else "") + " "
                       for t, c in zip(texts, self.columns))


def cell(text: str, width: int, mark: str = "+") -> str:
    """A text in a column: cut, the cut marked, where it does not fit."""
    size = abs(width)
    if len(text) > size and mark:
        text = text[:size - 1] + mark
    elif len(text) > size:
        text = text[:size]
    return text.ljust(size) if width < 0 else text.rjust(size)


def told(column: "Column", value: "Any") -> str:
    """A value as the text of its column's kind: minutes and seconds as a time, a DATE (seconds since
    the epoch) as local time; "" for None."""
    if value is None:
        return ""
    if column.kind == MINUTES:
        return elapsed_text(value * 60, hours=True)
    if column.kind == SECONDS:
        return elapsed_text(value, hours=True)
    if column.kind == DOUBLE:
        return f"{value:f}"
    if column.kind == DATE:
        from .parse_time import stamp
        return stamp(value)
    return str(value)


def fits(word: str, name: str, least: int) -> bool:
    """Is `word` a name, cut short to no fewer than `least` letters (case does not matter)?"""
    word, name = word.lower(), name.lower()
    return word == name or len(word) >= least and name.startswith(word)


class UnknownField(Exception):
    """A format names a column that there is not; the text is its name."""


def columns(words: "Iterable[str]", table: "Sequence[Row]",
            values: "Mapping[str, Callable[[Any], Any]]", release: int = CURRENT) -> "list[Column]":
    """Format words such as "user%20" -> [Column].

    table: rows ((names with least letters), key, title, width, kind) and, where it came or went
    with a release, since and until; the first that fits and that `release` has is taken.
    values: {key: function (row) -> value}, a key without one prints as nothing. Raises UnknownField.
    """
    made = []
    for word in words:
        word, percent, width = word.partition("%")
        row = next((r for r in table if any(fits(word, name, least) for name, least in r[0])
                    and there(*r[5:], release=release)),  # type: ignore[misc]  # a row ends with until
                   None)
        if row is None:
            raise UnknownField(word)
        _, key, title, own, kind = row[:5]
        made.append(Column(title, width_of(width) or own, kind, values.get(key, _nothing)))
    return made


def _nothing(row: object) -> None:
    return None
