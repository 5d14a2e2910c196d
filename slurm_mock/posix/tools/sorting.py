"""sort, as scripts use it: by bytes (LC_ALL=C, as a job's C.UTF-8 has it), numbers, keys, versions."""

import errno
import os
import re
from functools import cmp_to_key

VALUED = {"k": "key", "t": "field-separator", "o": "output", "S": "buffer-size", "T": "temporary-directory"}
LONG = {**{name: letter for letter, name in VALUED.items()}, "numeric-sort": "n", "reverse": "r", "unique": "u",
        "human-numeric-sort": "h", "version-sort": "V", "ignore-case": "f", "ignore-leading-blanks": "b",
        "general-numeric-sort": "g", "check": "c", "stable": "s", "month-sort": "M", "dictionary-order": "d",
        "zero-terminated": "z", "random-sort": "R", "parallel": "parallel"}
LETTERS = set("nruhVfbgcCsMdzkotST")
SIZES = {"": 0, "K": 1, "k": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
KEY = re.compile(r"(\d+)(?:\.(\d+))?([bdfghinrMV]*)(?:,(\d+)(?:\.(\d+))?([bdfghinrMV]*))?$")


class Wrong(Exception):
    """A mistake in the words; the text is sort's."""


def parse(argv):
    """sort's words -> ({letter: value or True}, keys as text, file names). Raises Wrong."""
    given, keys, names, rest = {}, [], [], list(argv[1:])
    while rest:
        word = rest.pop(0)
        if word == "--":
            names += rest
            break
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if name not in LONG:
                raise Wrong(f"unrecognized option '{word}'\nTry 'sort --help' for more information.")
            letter = LONG[name]
            value = True if letter not in VALUED else value if equals else rest.pop(0) if rest else ""
            keys.append(value) if letter == "k" else given.__setitem__(letter, value)
        elif word.startswith("-") and word != "-":
            for at, letter in enumerate(word[1:], 1):
                if letter not in LETTERS:
                    raise Wrong(f"invalid option -- '{letter}'\nTry 'sort --help' for more information.")
                if letter in VALUED:
                    if not word[at + 1:] and not rest:
                        raise Wrong(f"option requires an argument -- '{letter}'\n"
                                    "Try 'sort --help' for more information.")
                    value = word[at + 1:] or rest.pop(0)
                    keys.append(value) if letter == "k" else given.__setitem__(letter, value)
                    break
                given[letter] = True
        else:
            names.append(word)
    return given, keys, names


class Key:
    """What of a line is compared, and how (-k 2,2n). Raises Wrong for a text that is no key."""

    def __init__(self, text, separator, given):
        found = KEY.match(text)
        if not found or found.group(1) == "0":
            raise Wrong(f"invalid number at field start: invalid count at start of '{text}'" if not found else
                        f"-: invalid field specification '{text}'")
        first, at, one, last, until, two = found.groups()
        self.first, self.at = int(first) - 1, int(at or 1) - 1
        self.last, self.until = int(last) if last else None, int(until or 0)
        self.separator = separator
        letters = (one or "") + (two or "")
        self.how = {x: True for x in letters} or {x: True for x in "nrhVfbgMd" if x in given}

    def of(self, line):
        """The part of a line that this key compares; "" where the line is too short."""
        if self.separator:
            fields = line.split(self.separator)
            starts, place = [], 0
            for field in fields:
                starts.append((place, place + len(field)))
                place += len(field) + 1
        else:
            # a field begins with the blanks before it
            starts = [match.span() for match in re.finditer(r"[ \t]*[^ \t]+|[ \t]+$", line)]
        if self.first >= len(starts):
            return ""
        begin = starts[self.first][0]
        if "b" in self.how:
            begin += len(line[begin:]) - len(line[begin:].lstrip(" \t"))
        begin += self.at
        if self.last is None or self.last > len(starts):
            return line[begin:]
        low, high = starts[self.last - 1]
        return line[begin:low + self.until if self.until else high]


def value(text, how):
    """A key's text as what compares in the order that the letters of `how` ask for."""
    if "n" in how:
        found = re.match(r"\s*(-?\d*\.?\d*)", text).group(1)
        return float(found) if re.search(r"\d", found) else 0.0
    if "g" in how:
        try:
            return float(re.match(r"\s*(\S*)", text).group(1))
        except ValueError:
            return float("-inf")
    if "h" in how:
        found = re.match(r"\s*(-?)(\d*\.?\d*)([KkMGTPE]?)", text)
        amount = float(found.group(2)) if re.search(r"\d", found.group(2)) else 0.0
        sign = -1 if found.group(1) else 1
        return (sign * SIZES[found.group(3)] if amount else 0, sign * amount)
    if "V" in how:
        return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) if part else (False, -1, "")
                for part in re.split(r"(\d+)", text)]
    if "M" in how:
        name = text.strip()[:3].upper()
        return MONTHS.index(name) + 1 if name in MONTHS else 0
    if "d" in how:
        text = re.sub(r"[^\w \t]", "", text)
    if "f" in how:
        text = text.upper()
    return text.encode("utf-8", "surrogateescape")


def comparison(given, keys):
    """Two functions cmp(line, line), as the options ask for: by the keys alone, and with all of the
    line where these are equal (but not for -s and -u). Raises Wrong."""
    whole = {x: True for x in "nrhVfbgMd" if x in given}
    separator = given.get("t")
    parts = [Key(text, separator, given) for text in keys]

    def compare(a, b):
        for part in parts or [None]:
            one, other = (part.of(a), part.of(b)) if part else (a, b)
            how = part.how if part else whole
            if "b" in how and not part:
                one, other = one.lstrip(" \t"), other.lstrip(" \t")
            x, y = value(one, how), value(other, how)
            if x != y:
                return (-1 if x < y else 1) * (-1 if "r" in how else 1)
        return 0

    def with_rest(a, b):
        found = compare(a, b)
        if found or "s" in given or "u" in given:
            return found
        x, y = a.encode("utf-8", "surrogateescape"), b.encode("utf-8", "surrogateescape")
        return ((x > y) - (x < y)) * (-1 if "r" in given else 1)

    return compare, with_rest


async def sort(process, argv):
    """sort [OPTION]... [FILE]...: exit code 0; 1 for -c and unsorted lines; 2 after an error. sort(1)."""
    try:
        given, keys, names = parse(argv)
        if len(given.get("t", "x")) != 1:
            if given["t"] == "\\0":
                given["t"] = "\0"
            else:
                raise Wrong(f"multi-character tab ‘{given['t']}’" if given["t"] else "empty tab")
        compare, order = comparison(given, keys)
        lines, end = [], "\0" if "z" in given else "\n"
        for name in names or ["-"]:
            lines += await read(process, name, end)
    except Wrong as problem:
        await process.write(f"sort: {problem}\n", 2)
        return 2
    if "c" in given or "C" in given:
        for number, (a, b) in enumerate(zip(lines, lines[1:]), 2):
            if order(a, b) > 0 or "u" in given and compare(a, b) == 0:
                if "c" in given:
                    await process.write(f"sort: {(names or ['-'])[0]}:{number}: disorder: {b}\n", 2)
                return 1
        return 0
    lines.sort(key=cmp_to_key(order))
    if "u" in given:
        lines = [line for i, line in enumerate(lines) if not i or compare(lines[i - 1], line)]
    text = "".join(line + end for line in lines)
    if "o" in given:
        try:
            with open(os.path.join(process.cwd, given["o"]), "w", encoding="utf-8", errors="surrogateescape",
                      newline="") as file:
                file.write(text)
        except OSError as error:
            await process.write(f"sort: open failed: {given['o']}: {error.strerror}\n", 2)
            return 2
    else:
        await process.write(text)
    return 0


async def read(process, name, end):
    """The lines of a file, or of standard input for "-", which `end` ends. Raises Wrong."""
    if name == "-":
        data = await process.read(0)
    else:
        path = os.path.join(process.cwd, name)
        try:
            if os.path.isdir(path):
                raise Wrong(f"read failed: {name}: {os.strerror(errno.EISDIR)}")
            with open(path, "rb") as file:
                data = file.read()
        except OSError as error:
            raise Wrong(f"cannot read: {name}: {error.strerror}") from None
    lines = data.decode("utf-8", "surrogateescape").split(end)
    if lines[-1] == "":
        lines.pop()
    return lines


TABLE = {"sort": sort}
