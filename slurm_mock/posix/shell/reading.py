"""read and mapfile.

Builtins as in posix/shell/builtins.py.
"""


async def line_of(shell, fd, end="\n", count=None):
    """(text without its end, was the end there?), not a byte more than that."""
    process = shell.process
    if end == "\n" and count is None:
        data = await process.line(fd)
        text = data.decode("utf-8", "surrogateescape")
        return (text[:-1], True) if text.endswith("\n") else (text, False)
    parts = bytearray()
    while count is None or len(parts) < count:
        file = process.files.get(fd)
        byte = await file.read(1) if file else b""
        if not byte:
            return parts.decode("utf-8", "surrogateescape"), False
        if byte == (end or "\0").encode():
            return parts.decode("utf-8", "surrogateescape"), True
        parts += byte
    return parts.decode("utf-8", "surrogateescape"), True


def options(args, valued):
    """Words with options -> ([(letter, value or "")], operands); `valued` letters take a value."""
    found, i = [], 1
    while i < len(args) and args[i].startswith("-") and len(args[i]) > 1:
        word = args[i]
        i += 1
        if word == "--":
            break
        at = 1
        while at < len(word):
            letter = word[at]
            at += 1
            if letter in valued:
                value = word[at:]
                if not value:
                    value = args[i] if i < len(args) else ""
                    i += 1
                found.append((letter, value))
                break
            found.append((letter, ""))
    return found, args[i:]


async def read(shell, args):
    """read [-r] [-a ARRAY] [-d END] [-n|-N COUNT] [-u FD] [NAME ...]: one line into variables
    (REPLY), split at IFS; other options change nothing. The exit code, 1 at the end of the file.
    Raises ReadOnly."""
    found, names = options(args, "adnNptui")
    given = dict(found)
    fd = int(given.get("u") or 0)
    if fd not in shell.process.files:
        await shell.complain(f"read: {fd}: invalid file descriptor: Bad file descriptor")
        return 1
    count = given.get("n") or given.get("N")
    end = given["d"] if "d" in given else "\n"
    text, whole = await line_of(shell, fd, end[:1], int(count) if count else None)
    if "r" not in given:
        while text.endswith("\\") and not text.endswith("\\\\") and whole and end == "\n":
            more, whole = await line_of(shell, fd)
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
    return 0 if whole else 1


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
    """mapfile, readarray [-t] [-d END] [-n COUNT] [-s COUNT] [-u FD] [ARRAY]: lines into an array
    (MAPFILE); -O, -c and -C change nothing. Raises ReadOnly."""
    found, names = options(args, "dnOsuCc")
    given = dict(found)
    fd, end = int(given.get("u") or 0), given["d"] if "d" in given else "\n"
    skip, most, rows = int(given.get("s") or 0), int(given.get("n") or 0), []
    while not most or len(rows) < most + skip:
        text, whole = await line_of(shell, fd, end[:1])
        if not text and not whole:
            break
        rows.append(text if "t" in given or not whole else text + (end or "\0"))
        if not whole:
            break
    shell.assign_array(names[0] if names else "MAPFILE", [(None, r) for r in rows[skip:]])
    return 0
