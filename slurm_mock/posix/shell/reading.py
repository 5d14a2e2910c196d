"""read and mapfile.

Builtins as in posix/shell/builtins.py.
"""

import re

from ..wait import Wait
from .jobs import error
from .operands import is_target, options, whole


async def line_of(shell, fd, end="\n", count=None):
    """(text without its end, was the end there?), not a byte more than that. count: at most so many
    characters, and then the end counts as there; end None: nothing ends it. Zero bytes go."""
    process = shell.process
    if end == "\n" and count is None:
        data = await process.line(fd)
        text = data.decode("utf-8", "surrogateescape").replace("\0", "")
        return (text[:-1], True) if text.endswith("\n") else (text, False)
    parts, left, stop = bytearray(), count, None if end is None else (end or "\0").encode()
    whole_one = False
    while left is None or left > 0:
        file = process.files.get(fd)
        byte = await file.read(1) if file else b""
        if not byte or byte == stop:
            whole_one = bool(byte)
            break
        # a character's other bytes belong to it
        for _ in range((byte[0] >= 0xC0) + (byte[0] >= 0xE0) + (byte[0] >= 0xF0)):
            byte += await file.read(1)
        parts += byte
        left = left and left - 1
    else:
        whole_one = True
    return parts.decode("utf-8", "surrogateescape").replace("\0", ""), whole_one


async def descriptor(shell, args, given):
    """The number of the open file that -u names, 0 without it; None if there is none, which it says."""
    fd = whole(given.get("u", "0"))
    if fd is None or fd < 0:
        await error(shell, args, f"{given['u']}: invalid file descriptor specification")
    elif fd not in shell.process.files:
        await error(shell, args, f"{fd}: invalid file descriptor: Bad file descriptor")
    else:
        return fd
    return None


async def arrives(shell, fd, seconds):
    """Is there something to read before so many seconds have passed?  Only a pipe lets one wait."""
    pipe = getattr(shell.process.files[fd], "pipe", None)

    def ready():
        return pipe is None or pipe.data or pipe.written

    if not ready() and seconds:
        await Wait(ready, until=shell.now() + seconds)
    return bool(ready())


async def read(shell, args):
    """read [-r] [-a ARRAY] [-d END] [-n|-N COUNT] [-t SECONDS] [-u FD] [NAME ...]: one line into
    variables (REPLY), split at IFS; -e -i -p -s change nothing. The exit code: 1 at the end of the
    file, 142 when nothing came in time. Raises ReadOnly, and Failed for a bad option."""
    found, names = options(args, "ers", "adnNptui")
    given = dict(found)
    for letter in "nN":
        if (whole(given.get(letter, "0")) or 0) < 0 or whole(given.get(letter, "0")) is None:
            return await error(shell, args, f"{given[letter]}: invalid number")
    if not re.fullmatch(r"\d{1,9}\.?\d*|\.\d+", given.get("t", "0")):
        return await error(shell, args, f"{given['t']}: invalid timeout specification")
    fd = await descriptor(shell, args, given)
    if fd is None:
        return 1
    for name in [given["a"]] if "a" in given else names:
        if not is_target(name):
            return await error(shell, args, f"`{name}': not a valid identifier")
    if "t" in given:
        there = await arrives(shell, fd, float(given["t"]))
        if not float(given["t"]):
            return int(not there)
        if not there:
            return 142
    end = None if "N" in given else given.get("d", "\n")
    count = given.get("N", given.get("n"))
    text, whole_one = await line_of(shell, fd, end and end[:1], int(count) if count else None)
    if "r" not in given:
        while text.endswith("\\") and not text.endswith("\\\\") and whole_one and end == "\n":
            more, whole_one = await line_of(shell, fd)
            text = text[:-1] + more
    marks = []                           # which characters a backslash protects from splitting
    if "r" not in given:
        plain, i = "", 0
        while i < len(text):
            if text[i] == "\\" and i + 1 < len(text):
                i += 1
                marks.append(len(plain))
            plain += text[i]
            i += 1
        text = plain
    ifs = shell.get("IFS")
    ifs = " \t\n" if ifs is None else ifs
    if "a" in given:
        shell.assign_array(given["a"], [(None, w) for w in cut(text, ifs, marks, 0)])
    elif not names:
        shell.assign("REPLY", text)
    elif "N" in given:
        shell.assign(names[0], text)
    else:
        parts = cut(text, ifs, marks, len(names))
        for number, name in enumerate(names):
            shell.assign(name, parts[number] if number < len(parts) else "")
    return 0 if whole_one else 1


def cut(text, ifs, marks, most):
    """Split at IFS into `most` parts (0: as many as there are); the last takes the rest."""
    blank = "".join(c for c in ifs if c in " \t\n")
    parts, i, n = [], 0, len(text)

    def at(place, letters):
        return text[place] in letters and place not in marks

    while i < n and at(i, blank):
        i += 1
    while i < n:
        if most and len(parts) == most - 1:
            rest = text[i:]
            end = len(rest)
            while end and at(i + end - 1, blank):
                end -= 1
            rest = rest[:end]
            # one delimiter at the very end goes, if it is the only one left
            if rest and at(i + end - 1, ifs) and not any(at(i + k, ifs) for k in range(end - 1)):
                rest = rest[:-1]
            parts.append(rest)
            return parts
        start = i
        while i < n and not at(i, ifs):
            i += 1
        parts.append(text[start:i])
        while i < n and at(i, blank):
            i += 1
        if i < n and at(i, ifs) and not at(i, blank):
            i += 1
            while i < n and at(i, blank):
                i += 1
    return parts


async def mapfile(shell, args):
    """mapfile, readarray [-t] [-d END] [-n COUNT] [-O FIRST] [-s COUNT] [-u FD] [ARRAY]: lines into an
    array (MAPFILE). Raises ReadOnly, and Failed for a bad option and for -c and -C, which do not work
    here."""
    found, names = options(args, "t", "dnOsuCc")
    given, numbers = dict(found), {}
    if "C" in given or "c" in given:
        return await error(shell, args, "-C and -c do not work in the browser lab")
    for letter, what in (("n", "line count"), ("s", "line count"), ("O", "array origin")):
        numbers[letter] = whole(given.get(letter, "0"))
        if numbers[letter] is None or numbers[letter] < 0:
            return await error(shell, args, f"{given[letter]}: invalid {what}")
    fd = await descriptor(shell, args, given)
    if fd is None:
        return 1
    name, end = names[0] if names else "MAPFILE", given.get("d", "\n")
    if not is_target(name):
        return await error(shell, args, f"`{name}': not a valid identifier")
    skip, most, rows = numbers["s"], numbers["n"], []
    while not most or len(rows) < most + skip:
        text, whole_one = await line_of(shell, fd, end[:1])
        if not text and not whole_one:
            break
        rows.append(text if "t" in given or not whole_one or not end else text + end[:1])
        if not whole_one:
            break
    shell.assign_array(name, [(str(at), r) for at, r in enumerate(rows[skip:], numbers["O"])], "O" in given)
    return 0
