"""Columns: a format such as "%.18i %9P" or "jobid:10,name:.8" made into one line printer.

A format is read once and becomes a template for Python's % operator, whose
precision and width mean what C's mean, so that a line costs one formatting.
Source: the options -o and -O of squeue(1) and sinfo(1).

Widths count bytes, as in C.  A line with other than ASCII characters is therefore
made of Latin-1 characters that stand for the bytes of UTF-8 (`raw`), and all lines
are written by `to_bytes`.
"""

from _operator import attrgetter

from .parse_time import WIDEST, leading_number, whole
from .release import CURRENT, there

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    # function (record, view) -> text: what both are is the command's
    Text = Callable[[Any, Any], Any]


class Field:
    """One thing that can be printed.

    header  the column's title
    text    function (record, view) -> str, or None for what C prints as "(null)"
    needs   names of the record's columns that `text` reads, separated by blanks
    cut     False: a right-justified value wider than its column is printed whole; a text:
            only what begins with it is cut
    attr    instead of `text`: the record's column, shown as it is, "(null)" when empty
    plain   the text once more, as SQL, for a job that is plain (commands/squeue/plain.py), in which {null}
            stands for what the column shows of a missing text: `attr` where
            there is one; None: only `text` can tell
    since   the release of Slurm with which it came, and with which it went: `until`, None for never
    """

    __slots__ = ("header", "text", "needs", "cut", "cut_header", "attr", "plain", "since", "until")

    def __init__(self, header: str, text: "Text | None" = None, needs: str = "",
                 cut: "bool | str" = True, cut_header: bool = True, attr: "str | None" = None,
                 plain: "str | None" = None, since: int = 2205, until: "int | None" = None) -> None:
        self.header, self.needs, self.attr = header, attr or needs, attr
        self.plain = plain or attr
        self.text = text or (lambda record, view: getattr(record, attr))  # type: ignore[arg-type]  # one of the two is said
        self.cut, self.cut_header = cut, cut_header
        self.since, self.until = since, until


def known(fields: "Mapping[str, Field]", key: str, release: int = CURRENT) -> "Field | None":
    """The Field of a letter or name in {key: Field}, where that release has it; else None."""
    field = fields.get(key)
    return field if field and there(field.since, field.until, release) else None


class Column:
    """A field as a format asks for it: width 0 means as wide as the text."""

    __slots__ = ("field", "width", "right", "suffix")

    def __init__(self, field: "Field", width: int = 0, right: bool = False,
                 suffix: str = "") -> None:
        self.field, self.right, self.suffix = field, right, suffix
        self.width = min(width, WIDEST)

    def spec(self, cut: "bool | str") -> str:
        """This column as part of a %-template."""
        if self.width > 0:
            if not self.right:
                spec = f"%-{self.width}.{self.width}s"
            elif cut is True:
                spec = f"%{self.width}.{self.width}s"
            else:
                spec = f"%{self.width}s"
        else:
            spec = "%s " if self.width < 0 else "%s"
        return spec + self.suffix.replace("%", "%%")

    def null(self) -> str:
        """What C's printf makes of a missing string in this column."""
        return "" if not self.right and 0 < self.width < 6 else "(null)"


# How squeue, sinfo and sprio tell of a field that is not there.
BAD_FORMAT = "Invalid job format specification: {what}"
PREFIX = Field("", lambda record, view: "")


def raw(text: str) -> str:
    """Text -> its UTF-8 bytes as Latin-1 characters."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")


def to_bytes(line: str) -> bytes:
    """A line made by a printer -> the bytes to write."""
    return line.encode("latin-1", "replace")


ALL = "|".join([f"%{c}" for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"])


def letters(text: str, fields: "Mapping[str, Field]", bad: "Callable[[str], object]",
            everything: str = ALL, release: int = CURRENT) -> "list[Column]":
    """Read a format of the -o kind -> [Column].

    `fields` is {letter: Field}; `bad(letter)` is told of letters that `release` does not know,
    which print as they stand. "%all" means `everything`. Sources: as above.
    """
    all_of_them = text.lower() == "%all"
    if all_of_them:
        text = everything
    columns = []
    prefix, percent, rest = text.partition("%")
    if prefix:
        columns.append(Column(PREFIX, suffix=raw(prefix)))
    for token in (t for t in rest.split("%") if t) if percent else ():
        right = token[0] == "."
        i = start = 1 if right else 0
        while i < len(token) and token[i] in "0123456789":
            i += 1
        width = whole(token[start:i] or "0")
        letter, suffix = token[i:i + 1], raw(token[i + 1:])
        field = known(fields, letter, release)
        if field is not None:
            columns.append(Column(field, width, right, suffix))
        elif not all_of_them:
            bad(letter)
            columns.append(Column(PREFIX, suffix=raw("%" + token)))
    return columns


def names(text: str, find: "Callable[[str], Field | None]",
          bad: "Callable[[str], object]") -> "list[Column]":
    """Read a format of the -O kind, "name[:[.]width[suffix]],..." -> [Column].

    `find(name)` gives the Field of a lower-case name or None; `bad(name)` is told of
    unknown ones, which print only their suffix.
    """
    columns = []
    for token in (t for t in text.split(",") if t):
        name, colon, rest = token.partition(":")
        width, right, suffix = 20, False, ""
        if colon:
            right = rest.startswith(".")
            width, suffix = leading_number(rest[1:] if right else rest)
        field = find(name.lower())
        if field is None:
            bad(name)
            columns.append(Column(PREFIX, suffix=raw(suffix)))
        else:
            columns.append(Column(field, width, right, raw(suffix)))
    return columns


def needs(columns: "Iterable[Column]") -> "list[str]":
    """The names of the record's columns that these columns read, each once."""
    found = {}
    for column in columns:
        for name in column.field.needs.split():
            found[name] = True
    return list(found)


def header(columns: "Iterable[Column]") -> str:
    """The title line, without line end."""
    return "".join([c.spec(c.field.cut_header) % c.field.header for c in columns])


def template(columns: "Iterable[Column]") -> str:
    """What % makes a line of, with a value for each column that shows a field."""
    return "".join([c.spec(c.field.cut) if c.field is not PREFIX
                    else c.suffix.replace("%", "%%") for c in columns])


def printer(columns: "Sequence[Column]", view: "Any") -> "Callable[[Any], str]":
    """-> function record -> line (without line end). view: what the fields' `text` gets as second."""
    shown = [c for c in columns if c.field is not PREFIX]
    form = template(columns)
    getters = [attrgetter(c.field.attr) if c.field.attr else _bound(c.field.text, view)
               for c in shown]
    for place, c in enumerate(shown):
        if c.right and c.width > 0 and isinstance(c.field.cut, str):
            getters[place] = _cut(getters[place], c.field.cut, c.width)
    nulls = [c.null() for c in shown]

    def line(record: "Any") -> str:
        values = [get(record) for get in getters]
        if "" in values or None in values:
            values = [null if v is None or v == "" and c.field.attr else v
                      for v, null, c in zip(values, nulls, shown)]
        text = form % tuple(values)
        if text.isascii():
            return text
        return form % tuple([raw(v) if isinstance(v, str) else v for v in values])

    return line


def _cut(get: "Callable[[Any], Any]", start: str, width: int) -> "Callable[[Any], Any]":
    def text(record: "Any") -> "Any":
        value = get(record)
        return value[:width] if value.startswith(start) else value
    return text


def _bound(text: "Text", view: "Any") -> "Callable[[Any], Any]":
    return lambda record: text(record, view)
