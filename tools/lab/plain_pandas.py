"""A stand-in for pandas where no compiled package can be fetched: the lab of `make offline`, and tests.

The lab takes pandas from Pyodide's makers when a notebook first imports it.  Where nobody can be
reached this file is served as the wheel of pandas: tables of lists, and of pandas' interface
what the challenges and slurm_magic use.  pandas itself runs in all other tests.
"""

import csv
import html
import re

# What stands under each table, which is then plain text.
NOTE = ""


class Series:
    def __init__(self, values, index=None, name=None):
        self.values = list(values)
        self.index = list(range(len(self.values)) if index is None else index)
        self.name = name

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        return iter(self.values)

    def __getitem__(self, label):
        return self.values[self.index.index(label)]

    def each(self, function):
        return Series(map(function, self.values), self.index, self.name)

    def __eq__(self, other):
        return self.each(lambda value: value == other)

    def __ne__(self, other):
        return self.each(lambda value: value != other)

    __hash__ = None

    def isin(self, values):
        return self.each(lambda value: value in values)

    def sum(self):
        return sum(self.values)

    def tolist(self):
        return list(self.values)

    @property
    def str(self):
        return Texts(self)

    @property
    def iloc(self):
        return self.values

    def __repr__(self):
        rows = [f"{label}  {value}" for label, value in zip(self.index, self.values, strict=True)]
        return "\n".join([*rows, f"Name: {self.name}"])


class Texts:
    def __init__(self, series):
        self.series = series

    def __getattr__(self, method):
        return lambda *given: self.series.each(lambda text: getattr(text, method)(*given))

    def contains(self, pattern):
        return self.series.each(lambda text: bool(re.search(pattern, text)))


class Places:
    def __init__(self, table):
        self.table = table

    def __getitem__(self, key):
        rows, column = key
        return self.table[rows][column]


class DataFrame:
    def __init__(self, rows=(), columns=(), index=None):
        self.columns, self.rows = list(columns), [list(row) for row in rows]
        self.index = list(range(len(self.rows)) if index is None else index)

    def __len__(self):
        return len(self.rows)

    @property
    def empty(self):
        return not self.rows

    def __getitem__(self, key):
        if isinstance(key, str):
            at = self.columns.index(key)
            return Series((row[at] for row in self.rows), self.index, key)
        return self.only(key)

    def only(self, wanted):
        kept = [(row, label) for row, label, keep in zip(self.rows, self.index, wanted, strict=True) if keep]
        return DataFrame([row for row, _ in kept], self.columns, [label for _, label in kept])

    def query(self, text):
        raise NotImplementedError(f"the stand-in for pandas has no query ({text})")

    @property
    def loc(self):
        return Places(self)

    def drop_duplicates(self, column):
        values = self[column].values
        return self.only([value not in values[:place] for place, value in enumerate(values)])

    def set_index(self, column):
        at = self.columns.index(column)
        rest = [[value for place, value in enumerate(row) if place != at] for row in self.rows]
        return DataFrame(rest, [name for name in self.columns if name != column], self[column].values)

    def __repr__(self):
        table = [["", *map(str, self.columns)]]
        table += [[str(label), *map(str, row)] for label, row in zip(self.index, self.rows, strict=True)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in table]
        return "\n".join([*lines, NOTE] if NOTE else lines)

    def _repr_html_(self):
        """Rows and cells as pandas has them; of a long text the beginning (display.max_colwidth)."""
        if NOTE:
            return None

        def cell(value, tag):
            text = str(value)
            return f"<{tag}>{html.escape(text if len(text) <= 50 else text[:46] + '...')}</{tag}>"

        head = "".join(cell(name, "th") for name in ["", *self.columns])
        rows = ["<tr>" + cell(label, "th") + "".join(cell(value, "td") for value in row) + "</tr>"
                for label, row in zip(self.index, self.rows, strict=True)]
        return f'<table class="dataframe"><tr>{head}</tr>{"".join(rows)}</table>'


def number(text):
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def typed(rows, columns):
    """A column of numbers holds numbers, any other one texts."""
    by_column = [[number(text) for text in column] for column in zip(*rows, strict=True)]
    kept = [column if all(not isinstance(value, str) for value in column) else list(map(str, texts))
            for column, texts in zip(by_column, zip(*rows, strict=True), strict=True)]
    return DataFrame(zip(*kept, strict=True) if kept else [], columns)


def read_table(file, sep, on_bad_lines):
    """Lines with too many fields are left out, as slurm_magic asks for (pandas warns of them, too)."""
    lines = [line.split() for line in file.read().splitlines()]
    return typed([line for line in lines[1:] if len(line) == len(lines[0])], lines[0] if lines else [])


def read_csv(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    return typed(rows[1:], rows[0])
