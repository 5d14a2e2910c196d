"""Regular expressions as grep and sed write them (regex(7)) in the words of Python's re."""

import re

CLASSES = {"alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
           "space": r"\s", "blank": r" \t", "punct": r"!-/:-@\[-`{-~", "xdigit": "0-9a-fA-F",
           "cntrl": r"\x00-\x1f\x7f", "print": r"\x20-\x7e", "graph": r"\x21-\x7e"}
# GNU's escapes that Python spells otherwise
ESCAPES = {"<": r"\b(?=\w)", ">": r"\b(?<=\w)", "`": r"\A", "'": r"\Z"}
SPECIAL = "(){}|+?"


class BadPattern(ValueError):
    """The text is grep's complaint."""


def translate(pattern, extended=False):
    """The pattern for re.compile of a basic (or an extended) regular expression. Raises BadPattern."""
    out, i, depth = [], 0, 0
    while i < len(pattern):
        letter = pattern[i]
        i += 1
        escaped = letter == "\\"
        if escaped:
            if i == len(pattern):
                raise BadPattern("Trailing backslash")
            letter = pattern[i]
            i += 1
        begins = not out or out[-1] in ("(", "|")
        if letter in SPECIAL:
            if escaped == extended or extended and letter == "{" and not re.match(r"\d*(,\d*)?}", pattern[i:]):
                out.append("\\" + letter)
            elif letter == "{":
                end = re.match(r"(\d*(?:,\d*)?)" + (r"\}" if extended else r"\\\}"), pattern[i:])
                if not end:
                    raise BadPattern("Unmatched { or \\{" if extended else "Unmatched \\{")
                count = end.group(1)
                out.append("{" + ("0" + count if count.startswith(",") else count) + "}")
                i += end.end()
            elif letter in "+?" and begins:
                out.append("\\" + letter if not extended else "")
            else:
                depth += {"(": 1, ")": -1}.get(letter, 0)
                if depth < 0:
                    raise BadPattern("Unmatched ) or \\)")
                out.append(letter)
        elif escaped:
            out.append(ESCAPES.get(letter) or ("\\" + letter if letter in "wWsSbB123456789" else re.escape(letter)))
        elif letter == "[":
            text, i = bracket(pattern, i)
            out.append(text)
        elif letter == "*":
            out.append(("" if extended else r"\*") if begins or out[-1] == "^" else "*")
        elif letter == "^":
            out.append("^" if extended or begins else r"\^")
        elif letter == "$":
            ends = i == len(pattern) or pattern.startswith(("\\)", "\\|"), i)
            out.append("$" if extended or ends else r"\$")
        else:
            out.append(letter if letter == "." else re.escape(letter))
    if depth:
        raise BadPattern("Unmatched ( or \\(")
    return "".join(out)


def bracket(pattern, start):
    """The bracket expression behind the [ before `start`: (it in Python's words, where what follows
    begins). Raises BadPattern."""
    i, out = start, "["
    if pattern[i:i + 1] == "^":
        out, i = "[^", i + 1
    first = i
    while i < len(pattern) and (pattern[i] != "]" or i == first):
        if pattern.startswith("[:", i) and ":]" in pattern[i + 2:]:
            end = pattern.index(":]", i + 2)
            if pattern[i + 2:end] not in CLASSES:
                raise BadPattern("Invalid character class name")
            out += CLASSES[pattern[i + 2:end]]
            i = end + 2
            continue
        out += "\\" + pattern[i] if pattern[i] in "\\[]&|~" else pattern[i]
        i += 1
    if i >= len(pattern):
        raise BadPattern("Invalid regular expression")
    return out + "]", i + 1
