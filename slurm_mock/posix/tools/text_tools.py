"""cat, head, tail, wc, diff, tee, seq, yes: programs that read and write text.

Coroutines of (process, argv) -> exit code, 1 where a file cannot be opened.  No FILE, or "-", is
standard input.  What cannot be written raises OSError, and Signalled where nobody reads.
"""

import os
import re

from ..files import whole
from .arguments import amount, complain, inputs, split_options


async def cat(process, argv):
    """cat [-nbEsT] [FILE]...: files one after the other, with numbers of lines, $ at their ends, ^I
    for tabs; -s without a second empty line. Raises Misused."""
    given, names = split_options(argv, "", "nbEAsuTvet", "number:n number-nonblank:b show-ends:E show-all:A "
                                 "squeeze-blank:s show-tabs:T show-nonprinting:v")
    number, begin, empty = 0, True, False

    async def one(name, file):
        nonlocal number, begin, empty
        while True:
            data = await file.read(65536)
            if not data:
                return
            if not set("nbEAsTet") & set(given):
                await process.write(data)
                continue
            out = []
            for line in re.findall(rb"[^\n]*\n|[^\n]+", data):
                again, empty = empty, begin and line == b"\n"
                if "s" in given and again and empty:
                    continue
                if begin and ("n" in given and "b" not in given or "b" in given and line.strip()):
                    number += 1
                    out.append(b"%6d\t" % number)
                begin = line.endswith(b"\n")
                line = line.replace(b"\t", b"^I") if set("TAt") & set(given) else line
                out.append(line.replace(b"\n", b"$\n") if set("EAe") & set(given) else line)
            await process.write(b"".join(out))

    return await inputs(process, argv, names, one)


COUNTED = "lines:n bytes:c quiet:q silent:q verbose:v zero-terminated:z follow:f"


def counted(argv):
    """The words of head and tail: (given, names, sign, number, is it bytes?); -5 is -n 5, and +5
    with tail. Raises Misused."""
    old = re.fullmatch(r"([-+])([0-9]+)([cl]?)", argv[1]) if len(argv) > 1 else None
    if old and (old.group(1) == "-" or argv[0].endswith("tail")):
        argv = [argv[0], "-c" if old.group(3) == "c" else "-n",
                old.group(1).lstrip("-") + old.group(2), *argv[2:]]
    given, names = split_options(argv, "nc", "qvzfF", COUNTED)
    in_bytes = "c" in given
    sign, number = amount(given["c"] if in_bytes else given.get("n", "10"), "bytes" if in_bytes else "lines")
    return given, names, sign, number, in_bytes


def rows(data, given):
    """The lines of bytes with their ends, which are zero bytes for -z."""
    if "z" not in given:
        return re.findall(rb"[^\n]*\n|[^\n]+", data)
    return re.findall(rb"[^\0]*\0|[^\0]+", data)


async def head(process, argv):
    """head [-n COUNT | -c COUNT | -COUNT] [-qvz] [FILE]...: so many first lines (10), or bytes; less
    than 0: all but so many last ones. Raises Misused."""
    given, names, sign, number, in_bytes = counted(argv)
    first = True

    async def one(name, file):
        nonlocal first
        if len(names) > 1 and "q" not in given or "v" in given:
            shown = "standard input" if name == "-" else name
            await process.write(("" if first else "\n") + f"==> {shown} <==\n")
        first = False
        if in_bytes or sign == "-" or "z" in given:
            data = await whole(file)
            parts = data if in_bytes else rows(data, given)
            parts = parts[:max(0, len(parts) - number)] if sign == "-" else parts[:number]
            await process.write(parts if in_bytes else b"".join(parts))
            return
        for _ in range(number):
            line = await file.line()
            if not line:
                break
            await process.write(line)

    return await inputs(process, argv, names, one)


async def tail(process, argv):
    """tail [-n [+]COUNT | -c [+]COUNT | -COUNT] [-qvz] [FILE]...: so many last lines (10), or bytes;
    +: from that one on. Raises Misused."""
    given, names, sign, number, in_bytes = counted(argv)
    first = True
    if "f" in given or "F" in given:
        return await complain(process, argv, "-f does not work in the browser lab: nothing changes "
                                             "while you look")

    async def one(name, file):
        nonlocal first
        if len(names) > 1 and "q" not in given or "v" in given:
            shown = "standard input" if name == "-" else name
            await process.write(("" if first else "\n") + f"==> {shown} <==\n")
        first = False
        data = await whole(file)
        parts = data if in_bytes else rows(data, given)
        parts = parts[max(0, number - 1):] if sign == "+" else parts[max(0, len(parts) - number):]
        await process.write(parts if in_bytes else b"".join(parts))

    return await inputs(process, argv, names, one)


async def wc(process, argv):
    """wc [-lwmc] [FILE]...: the numbers of lines, words, characters, bytes, and their sums. Raises
    Misused."""
    given, names = split_options(argv, "", "lwmc", "lines:l words:w chars:m bytes:c")
    letters = [x for x in "lwmc" if x in given] or ["l", "w", "c"]
    rows = []

    async def one(name, file):
        data = await whole(file)
        count = {"l": data.count(b"\n"), "w": len(data.split()), "c": len(data),
                 "m": len(data.decode("utf-8", "replace"))}
        rows.append(([count[x] for x in letters], "" if name == "-" and not names else name))

    code = await inputs(process, argv, names, one)
    if len(names) > 1:
        rows.append(([sum(r[0][i] for r in rows) for i in range(len(letters))], "total"))
    width = max((len(str(n)) for numbers, _ in rows for n in numbers), default=1)
    if len(letters) == 1 and len(rows) == 1:
        width = 1
    elif any(name in ("", "-") for _, name in rows):
        width = max(width, 7)
    for numbers, name in rows:
        text = " ".join(f"{n:>{width}}" for n in numbers)
        await process.write(f"{text} {name}\n" if name else f"{text}\n")
    return code


async def tee(process, argv):
    """tee [-a] [FILE]...: standard input to standard output and to files. Raises Misused."""
    given, names = split_options(argv, "", "aip", "append:a ignore-interrupts:i")
    how = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if "a" in given else os.O_TRUNC)
    files, code = [], 0
    for name in names:
        try:
            files.append(process.open(name, how))
        except OSError as error:
            code = await complain(process, argv, f"{name}: {error.strerror}")
    while True:
        data = await process.files[0].read(65536)
        if not data:
            break
        await process.write(data)
        for file in files:
            await file.write(data)
    for file in files:
        file.close()
    return code


async def diff(process, argv):
    """diff [-q] [-u] FILE FILE: exit code 0 if they are the same, 1 if not, 2 after an error. Raises
    Misused."""
    import difflib
    given, names = split_options(argv, "", "qu", "brief:q unified:u", 2)
    if len(names) != 2:
        return await complain(process, argv, f"missing operand after '{argv[-1]}'\ndiff: Try 'diff --help' "
                                             "for more information.", 2)
    texts = []

    async def one(name, file):
        texts.append((await whole(file)).decode("utf-8", "surrogateescape").splitlines(keepends=True))

    if await inputs(process, argv, names, one):
        return 2
    a, b = texts
    if a == b:
        return 0
    if "q" in given:
        await process.write(f"Files {names[0]} and {names[1]} differ\n")
        return 1
    if "u" in given:
        await process.write("".join(difflib.unified_diff(a, b, *names)))
        return 1
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        letter = {"replace": "c", "delete": "d", "insert": "a"}[kind]
        left = span(a1, a2) if kind != "insert" else str(a1)
        right = span(b1, b2) if kind != "delete" else str(b1)
        await process.write(f"{left}{letter}{right}\n" + "".join(f"< {line}" for line in a[a1:a2])
                            + ("---\n" if kind == "replace" else "")
                            + "".join(f"> {line}" for line in b[b1:b2]))
    return 1


def span(first, last):
    """Lines first .. last, the last not counted, as diff writes them."""
    return f"{first + 1},{last}" if last - first > 1 else str(first + 1)


async def yes(process, argv):
    """yes [WORD]...: a line, "y", again and again, until nobody reads it."""
    line = (" ".join(argv[1:]) or "y") + "\n"
    block = line * max(1, 4096 // len(line))
    while True:
        await process.write(block)


async def seq(process, argv):
    """seq: see posix/tools/printing_numbers.py."""
    from .printing_numbers import sequence
    return await sequence(process, argv)


TABLE = {"cat": cat, "head": head, "tail": tail, "wc": wc, "tee": tee, "yes": yes, "seq": seq,
         "diff": diff}
