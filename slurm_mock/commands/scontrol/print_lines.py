"""What `scontrol show` prints of one thing, as data: lines of rows (label, function, since, until).

A row is "Label=value" on its line.  The function is given what is shown; None leaves the row out,
and a line without rows is left out, too.  A row without a label is its value as it stands; a value
that is a list is lines of its own.  since and until, where they are given: the releases with which
the row came and went (common/release.py).
"""

from ...common.release import CURRENT, there

NULL = "(null)"


def lines(table, shown, release=CURRENT):
    """The lines of a thing, without their ends.  shown: what the functions are given."""
    found = []
    for rows in table:
        told = []
        for label, value_of, *when in rows:
            value = value_of(shown) if there(*when, release=release) else None
            if isinstance(value, list):
                found += value
            elif value is not None:
                told.append(f"{label}={value}" if label else str(value))
        if told:
            found.append(" ".join(told))
    return found


def joined(found, one_line):
    """The text of a record, line ends included.  one_line: as with --oneliner."""
    return (" " if one_line else "\n   ").join(found) + ("\n" if one_line else "\n\n")
