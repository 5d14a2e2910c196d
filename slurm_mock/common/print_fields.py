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


class Field:
    """One thing that can be printed.

    header  the column's title
    text    function (record, view) -> str, or None for what C prints as "(null)"
    needs   names of the record's columns that `text` reads, separated by blanks
    cut     False: a right-justified value wider than its column is printed whole; a text:
            only what begins with it is cut
    attr    instead of `text`: the record's column, shown as it is, "(null)" when empty
    plain   the text once more, as SQL, for a job that is plain (commands/squeue/plain.py): `attr` where
            there is one; None: only `text` can tell
    since   the release of Slurm with which it came, and with which it went: `until`, None for never
    """

    __slots__ = ("header", "text", "needs", "cut", "cut_header", "attr", "plain", "since", "until")

    def __init__(self, header, text=None, needs="", cut=True, cut_header=True, attr=None,
                 plain=None, since=2205, until=None):
        self.header, self.needs, self.attr = header, attr or needs, attr
        self.plain = plain or attr
        self.text = text or (lambda record, view: getattr(record, attr))
        self.cut, self.cut_header = cut, cut_header
        self.since, self.until = since, until


def known(fields, key, release=CURRENT):
    """The Field of a letter or name in {key: Field}, where that release has it; else None."""
    field = fields.get(key)
    return field if field and there(field.since, field.until, release) else None


class Column:
    """A field as a format asks for it: width 0 means as wide as the text."""

    __slots__ = ("field", "width", "right", "suffix")

    def __init__(self, field, width=0, right=False, suffix=""):
        self.field, self.right, self.suffix = field, right, suffix
        self.width = min(width, WIDEST)

    def spec(self, cut):
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

    def null(self):
        """What C's printf makes of a missing string in this column."""
        return "" if not self.right and 0 < self.width < 6 else "(null)"


# How squeue, sinfo and sprio tell of a field that is not there.
BAD_FORMAT = "Invalid job format specification: {what}"
PREFIX = Field("", lambda record, view: "")


def raw(text):
    """Text -> its UTF-8 bytes as Latin-1 characters."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")


def to_bytes(line):
    """A line made by a printer -> the bytes to write."""
    return line.encode("latin-1", "replace")


ALL = "|".join([f"%{c}" for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"])


def letters(text, fields, bad, everything=ALL, release=CURRENT):
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


def names(text, find, bad):
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


def needs(columns):
    """The record's columns that these columns read, each once."""
    found = {}
    for column in columns:
        for name in column.field.needs.split():
            found[name] = True
    return list(found)


def header(columns):
    """The title line, without line end."""
    return "".join([c.spec(c.field.cut_header) % c.field.header for c in columns])


def template(columns):
    """What % makes a line of, with a value for each column that shows a field."""
    return "".join([c.spec(c.field.cut) if c.field is not PREFIX
                    else c.suffix.replace("%", "%%") for c in columns])


def printer(columns, view):
    """-> function record -> line (without line end)."""
    shown = [c for c in columns if c.field is not PREFIX]
    form = template(columns)
    getters = [attrgetter(c.field.attr) if c.field.attr else _bound(c.field.text, view)
               for c in shown]
    for place, c in enumerate(shown):
        if c.right and c.width > 0 and isinstance(c.field.cut, str):
            getters[place] = _cut(getters[place], c.field.cut, c.width)
    nulls = [c.null() for c in shown]

    def line(record):
        values = [get(record) for get in getters]
        if "" in values or None in values:
            values = [null if v is None or v == "" and c.field.attr else v
                      for v, null, c in zip(values, nulls, shown)]
        text = form % tuple(values)
        if text.isascii():
            return text
        return form % tuple([raw(v) if isinstance(v, str) else v for v in values])

    return line


def _cut(get, start, width):
    def text(record):
        value = get(record)
        return value[:width] if value.startswith(start) else value
    return text


def _bound(text, view):
    return lambda record: text(record, view)
