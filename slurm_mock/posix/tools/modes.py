"""Permission bits as chmod, mkdir -m and umask write them: 755, u+x,go-w."""

import re

CLAUSE = re.compile("([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)")
WHO = {"u": 0o4700, "g": 0o2070, "o": 0o1007, "a": 0o7777}


def changed_mode(before, text, mask=0, folder=False):
    """The new mode of a file (a folder) with the mode `before`; mask: the bits that a clause without
    u, g, o, a leaves alone. Raises ValueError for what is no mode."""
    if re.fullmatch("[0-7]{1,5}", text) and int(text, 8) <= 0o7777:
        return int(text, 8)
    for clause in text.split(","):
        found = CLAUSE.fullmatch(clause)
        if not found:
            raise ValueError(text)
        who = found.group(1)
        reach = 0
        for letter in who or "a":
            reach |= WHO[letter]
        for op, what in re.findall("([-+=])([rwxXst]+|[ugo]?)", found.group(2)):
            bits = 0
            for letter in what:
                if letter in "ugo":
                    bits |= (before >> "ogu".index(letter) * 3 & 7) * 0o111
                else:
                    bits |= {"r": 0o444, "w": 0o222, "x": 0o111, "s": 0o6000, "t": 0o1000,
                             "X": 0o111 if folder or before & 0o111 else 0}[letter]
            bits &= reach if who else ~mask
            # a folder keeps its s where it is not named
            cleared = reach & ~(0o6000 if folder else 0)
            before = {"+": before | bits, "-": before & ~bits, "=": before & ~cleared | bits}[op]
    return before
