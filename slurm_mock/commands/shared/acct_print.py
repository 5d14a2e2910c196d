"""sacct's ways to print: a table, or values between delimiters. Source: sacct(1), -p and -P."""

from ...common.print_fields import raw

# How sacct, sstat and sshare tell of a field that is not there.
BAD_FIELD = 'Invalid field requested: "{name}"'


def header(cols, parsable, delimiter):
    """The title lines. parsable: "", "p" (a delimiter after the last value too) or "P"."""
    if parsable:
        line = raw(delimiter).join(field.name for field, _ in cols)
        return [line + (raw(delimiter) if parsable == "p" else "")]
    names = "".join(f"{_pad(field.name[:abs(width)], width)} " for field, width in cols)
    return [names, "".join("-" * abs(width) + " " for _, width in cols)]


def _pad(text, width):
    return text.ljust(-width) if width < 0 else text.rjust(width)


def printer(cols, view, parsable, delimiter):
    """-> function row -> line."""
    delimiter = raw(delimiter)

    def values(row):
        for field, width in cols:
            text = field.text(row, view)
            if field.kind == "date" and text is not None and len(text) > abs(width):
                text = text[:abs(width)]
            yield text, field, width

    def parsable_line(row):
        line = delimiter.join(text or "" for text, _, _ in values(row))
        return line + (delimiter if parsable == "p" else "")

    def table_line(row):
        cells = []
        for text, field, width in values(row):
            if text is None:
                text = ""
            elif field.kind == "str" and len(text) > abs(width):
                text = text[:abs(width) - 1] + "+" if width else ""
            cells.append(_pad(text, width) + " ")
        return "".join(cells)

    return parsable_line if parsable else table_line
