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


# what Python says of an expression -> what GNU's say
WORDS = {"bad character range": "Invalid range end", "min repeat greater": "Invalid content of \\{\\}",
         "invalid group reference": "Invalid back reference", "cannot refer to an open": "Invalid back reference",
         "missing )": "Unmatched ( or \\("}


def compiled(text, flags=0):
    """re.compile of what translate gives. Raises BadPattern."""
    try:
        return re.compile(text, flags)
    except (re.error, OverflowError, RecursionError) as problem:
        why = next((ours for theirs, ours in WORDS.items() if str(problem).startswith(theirs)), str(problem))
        raise BadPattern(why) from None


def translate(pattern, extended=False):
    """The pattern for re.compile of a basic (or an extended) regular expression. Raises BadPattern."""
    out, i, depth, opened, atom, repeated = [], 0, 0, [], 0, False

    def repeat(mark):
        # a* repeated is (a*)*: Python would read *? and *+ in its own way
        nonlocal repeated
        if repeated:
            out.insert(atom, "(?:")
            out.append(")")
        out.append(mark)
        repeated = True

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
        if not (letter == "*" and not escaped or letter in "+?{" and escaped != extended):
            repeated = False
            atom = len(out)
        if letter in SPECIAL:
            if escaped == extended or extended and letter == "{" and not re.match(r"\d*(,\d*)?}", pattern[i:]):
                out.append("\\" + letter)
            elif letter == "{":
                end = re.match(r"(\d*(?:,\d*)?)" + (r"\}" if extended else r"\\\}"), pattern[i:])
                if not end:
                    raise BadPattern("Unmatched { or \\{" if extended else "Unmatched \\{")
                count = end.group(1)
                if any(int(n[:6]) > 32767 for n in re.findall(r"\d+", count)):
                    raise BadPattern("Regular expression too big")
                i += end.end()
                if not begins:
                    repeat("{" + ("0" + count if count.startswith(",") else count) + "}")
            elif letter in "+?" and begins:
                out.append("\\" + letter if not extended else "")
            elif letter in "+?":
                repeat(letter)
            else:
                depth += {"(": 1, ")": -1}.get(letter, 0)
                if depth < 0:
                    raise BadPattern("Unmatched ) or \\)")
                if letter == "(":
                    opened.append(len(out))
                elif letter == ")":
                    atom = opened.pop()
                out.append(letter)
        elif escaped:
            out.append(ESCAPES.get(letter) or ("\\" + letter if letter in "wWsSbB123456789" else re.escape(letter)))
        elif letter == "[":
            text, i = bracket(pattern, i)
            out.append(text)
        elif letter == "*":
            if not begins and out[-1] != "^":
                repeat("*")
            elif not extended:
                out.append(r"\*")
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
        # a minus behind a class would begin a range
        if pattern[i] == "-" and i > first and pattern[i - 2:i] == ":]" and pattern[i + 1:i + 2] not in ("]", ""):
            raise BadPattern("Invalid range end")
        out += "\\" + pattern[i] if pattern[i] in "\\[]&|~" else pattern[i]
        i += 1
    if i >= len(pattern):
        raise BadPattern("Invalid regular expression")
    return out + "]", i + 1
