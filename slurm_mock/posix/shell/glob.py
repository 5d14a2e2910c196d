"""Shell patterns: matching text, and the names of files. bash(1), Pattern Matching."""

import os
import re

CLASSES = {"alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
           "space": r"\s", "blank": r" \t", "punct": r"!-/:-@\[-`{-~", "xdigit": "0-9A-Fa-f",
           "cntrl": r"\x00-\x1f\x7f", "print": r"\x20-\x7e", "graph": r"\x21-\x7e"}


def escape(text):
    """Text that is to be matched as it stands, as a pattern."""
    return re.sub(r"([\\*?\[\]!+@(){}|^-])", r"\\\1", text)


def has_magic(pattern):
    """Does a pattern match more than one text?"""
    return re.search(r"(?<!\\)(?:\\\\)*[*?\[]|(?<!\\)(?:\\\\)*[+@!]\(", pattern) is not None


def plain(pattern):
    """The text that a pattern without magic matches."""
    return re.sub(r"\\(.)", r"\1", pattern, flags=re.S)


def regex(pattern, any_text=".*", any_one="."):
    """A pattern as a regular expression for re.S; any_text and any_one stand for * and ?."""
    out, i, closers = [], 0, []
    while i < len(pattern):
        ch = pattern[i]
        i += 1
        if ch == "\\" and i < len(pattern):
            out.append(re.escape(pattern[i]))
            i += 1
        elif ch in "?*+@!" and pattern[i:i + 1] == "(":
            i += 1
            if ch == "!":
                out.append("(?:(?!(?:")
                closers.append(")$)" + any_text + ")")
            else:
                out.append("(?:")
                closers.append(")" + {"@": ""}.get(ch, ch))
        elif ch == ")" and closers:
            out.append(closers.pop())
        elif ch == "|" and closers:
            out.append("|")
        elif ch == "*":
            out.append(any_text)
        elif ch == "?":
            out.append(any_one)
        elif ch == "[":
            found = _set(pattern, i)
            if found:
                text, i = found
                out.append(text)
            else:
                out.append(r"\[")
        else:
            out.append(re.escape(ch))
    # an extended pattern that does not end is a text like any other
    return "".join(out) if not closers else re.escape(plain(pattern))


def _set(pattern, i):
    """[...] from behind the bracket: (regular expression, where it ends); None if it is none."""
    start, negated = i, pattern[i:i + 1] in ("!", "^")
    i += negated
    body, first = [], True
    while i < len(pattern) and (first or pattern[i] != "]"):
        first = False
        if pattern.startswith("[:", i) and ":]" in pattern[i:]:
            end = pattern.index(":]", i)
            body.append(CLASSES.get(pattern[i + 2:end], ""))
            i = end + 2
            continue
        ch = pattern[i]
        if ch == "\\" and i + 1 < len(pattern):
            i += 1
            body.append(re.escape(pattern[i]))
        elif ch == "-":
            # behind a class it begins no range
            body.append("\\-" if pattern[i - 2:i] == ":]" else "-")
        else:
            body.append("\\" + ch if ch in "\\[]^&~|" else ch)
        i += 1
    if i >= len(pattern) or i == start + negated:
        return None
    return f"[{'^' if negated else ''}{''.join(body)}]", i + 1


def compiled(expression):
    """A regular expression of regex(); one that matches nothing where a set is none, like [z-a]."""
    try:
        return re.compile(expression, re.S)
    except re.error:
        return re.compile(r"(?!)")


def matches(pattern, text):
    """Does a pattern match all of a text?"""
    return compiled(regex(pattern)).fullmatch(text) is not None


def files(pattern, folder, dots=False):
    """The sorted names that a pattern with magic means, relative to a folder."""
    start = "/" if pattern.startswith("/") else ""
    pieces = [p for p in pattern.split("/") if p]
    found = [start]
    for number, piece in enumerate(pieces):
        last, following = number == len(pieces) - 1, []
        for base in found:
            if not has_magic(piece):
                name = base + plain(piece)
                if os.path.lexists(os.path.join(folder, name)):
                    following.append(name if last else name + "/")
                continue
            form = compiled(regex(piece))
            try:
                names = os.listdir(os.path.join(folder, base or "."))
            except OSError:
                names = []
            for name in names:
                if form.fullmatch(name) and (not name.startswith(".") or dots
                                             or piece.startswith((".", "\\."))):
                    if last:
                        following.append(base + name)
                    elif os.path.isdir(os.path.join(folder, base + name)):
                        following.append(base + name + "/")
        found = following
    if pattern.endswith("/"):
        found = [name + "/" for name in found if os.path.isdir(os.path.join(folder, name))]
    return sorted(found)                 # by code points, as C.UTF-8 sorts
