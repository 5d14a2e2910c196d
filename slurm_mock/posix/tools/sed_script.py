"""Reads a script of sed's into commands (posix/tools/sed.py runs them)."""

import re

from .posix_regex import BadPattern, compiled, translate


class Wrong(Exception):
    """A mistake in the script or the words; the text is sed's, and so the exit code."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.code = code


class Command:
    """One command: its addresses, whether they are inverted, its letter, and what belongs to it.

    text: of a i c r w, the exit code of q, the number of s; label: of b t T and :; form, by, flags:
    of s; table: two texts, of y; end: where b t T jump to, and the place of a block's }.
    """

    def __init__(self, first, second, inverted, letter):
        self.first, self.second, self.inverted, self.letter = first, second, inverted, letter
        self.text = self.label = self.form = self.by = self.flags = self.end = self.table = None
        self.inside = False              # of a range of two addresses
        self.until = 0                   # line number at which it ends, if that is known


class Script:
    """Reads a script's text into commands. What reads raises Wrong."""

    def __init__(self, text, extended):
        self.text, self.at, self.extended = text, 0, extended
        self.commands, self.open = [], []
        self.replacement = False         # the second half of s, in which brackets mean nothing

    def fail(self, why):
        """Raise Wrong, with the place in the script."""
        raise Wrong(f"-e expression #1, char {self.at}: {why}")

    def peek(self):
        """The character that stands here; "" at the end."""
        return self.text[self.at:self.at + 1]

    def skip(self, letters=" \t"):
        """Go on behind the characters that are in `letters`."""
        while self.peek() and self.peek() in letters:
            self.at += 1

    def read(self):
        """The Commands of all of the text, in turn. Raises Wrong."""
        while True:
            self.skip(" \t\n;")
            if not self.peek():
                break
            if self.peek() == "#":
                self.at = (self.text.find("\n", self.at) + 1) or len(self.text)
                continue
            self.command()
        if self.open:
            raise Wrong("-e expression #1, char 0: unmatched `{'")
        labels = {c.label: i for i, c in enumerate(self.commands) if c.letter == ":"}
        for one in self.commands:
            if one.letter in "btT":
                if one.label and one.label not in labels:
                    raise Wrong(f"can't find label for jump to `{one.label}'", 4)
                one.end = labels.get(one.label, len(self.commands))
        return self.commands

    def command(self):
        """[ address [ , address ] ] { ! } letter and what belongs to it: one more Command. Raises
        Wrong."""
        first = self.address()
        second = None
        self.skip()
        if first is not None and self.peek() == ",":
            self.at += 1
            self.skip()
            second = self.address(True)
            if second is None:
                self.fail("unexpected `,'")
        self.skip()
        inverted = False
        while self.peek() == "!":
            inverted, self.at = True, self.at + 1
            self.skip()
        letter = self.peek()
        self.at += 1
        if not letter:
            self.at -= 1
            self.fail("missing command")
        one = Command(first, second, inverted, letter)
        self.commands.append(one)
        if first == ("line", 0) and (second is None or second[0] != "regex"):
            self.fail("invalid usage of line address 0")
        if letter == "{":
            self.open.append(one)
        elif letter == "}":
            if not self.open:
                self.fail("unexpected `}'")
            self.open.pop().end = len(self.commands) - 1
            self.ended()
        elif letter in "dDpPqQgGhHxnNl=F":
            if letter in "qQ":
                self.skip()
                code = re.match(r"\d*", self.text[self.at:]).group()
                self.at += len(code)
                one.text = int(code or 0)
            self.ended()
        elif letter in "btT:":
            self.skip()
            stop = re.compile(r"[;\n}]" if letter != ":" else r"[;\n]").search(self.text, self.at)
            stop = stop.start() if stop else len(self.text)
            one.label = self.text[self.at:stop].strip()
            self.at = stop
            if letter == ":" and not one.label:
                self.fail('":" lacks a label')
        elif letter in "aic":
            one.text = self.addition()
        elif letter in "rw":
            self.skip()
            stop = self.text.find("\n", self.at)
            stop = len(self.text) if stop < 0 else stop
            one.text, self.at = self.text[self.at:stop], stop
        elif letter == "s":
            self.substitution(one)
        elif letter == "y":
            mark = self.peek()
            self.at += 1
            one.table = [self.delimited(mark, "y").replace("\\\\", "\\").replace("\\n", "\n") for _ in (1, 2)]
            if len(one.table[0]) != len(one.table[1]):
                self.fail("strings for `y' command are different lengths")
            self.ended()
        else:
            self.fail(f"unknown command: `{letter}'")

    def ended(self):
        """Raise Wrong if something stands behind a command."""
        self.skip()
        if self.peek() and self.peek() not in ";\n}#":
            self.at += 1
            self.fail("extra characters after command")

    def address(self, second=False):
        """The address that stands here, its kind first: ("line", n), ("last",), ("step", first,
        step), ("regex", form), as the second one also ("plus", n), ("multiple", n); None if none
        does. Raises Wrong."""
        letter = self.peek()
        if letter.isdecimal():
            number = re.match(r"\d+", self.text[self.at:]).group()
            self.at += len(number)
            if self.peek() == "~":
                step = re.match(r"~(\d*)", self.text[self.at:])
                self.at += step.end()
                return ("step", int(number), int(step.group(1) or 0))
            return ("line", int(number))
        if letter == "$":
            self.at += 1
            return ("last",)
        if second and letter in "+~" and letter:
            number = re.match(r"\d*", self.text[self.at + 1:]).group()
            self.at += 1 + len(number)
            return ("plus" if letter == "+" else "multiple", int(number or 0))
        if letter and letter in "/\\":
            if letter == "\\":
                self.at += 1
            mark = self.peek()
            self.at += 1
            pattern = self.delimited(mark, "address")
            ignore = self.peek() == "I"
            self.at += ignore
            return ("regex", self.compile(pattern, ignore))
        return None

    def delimited(self, mark, what):
        """The text up to the next `mark` that is not escaped, which is consumed; a class in
        brackets may hold it. what: "s", "y" or "address", for the complaint. Raises Wrong."""
        out = []
        while True:
            letter = self.peek()
            if not letter or letter == "\n" and what == "address":
                self.at = len(self.text)
                self.fail({"s": "unterminated `s' command", "y": "unterminated `y' command",
                           "address": "unterminated address regex"}[what])
            self.at += 1
            if letter == "\\":
                after = self.peek()
                self.at += 1
                out.append(after if after == mark and mark not in "()|+?{}&" else letter + after)
            elif letter == mark:
                return "".join(out)
            elif letter == "[" and what != "y" and not self.replacement:
                end = re.compile(r"\[\^?\]?(?:\[:\w+:\]|[^\]])*\]").match(self.text, self.at - 1)
                if end:
                    out.append(end.group())
                    self.at = end.end()
                else:
                    out.append(letter)
            else:
                out.append(letter)

    def compile(self, pattern, ignore=False, many=False):
        """A regular expression for re; None for an empty one, which means the last one used. Raises
        Wrong."""
        if pattern == "":
            return None
        try:
            return compiled(translate(pattern.replace("\\n", "\n").replace("\\t", "\t"), self.extended),
                            (re.I if ignore else 0) | (re.M if many else 0))
        except BadPattern as problem:
            self.fail(str(problem))

    def substitution(self, one):
        """Read what belongs to s into its Command: form, by, flags, and in text which match it
        begins with. Raises Wrong."""
        mark = self.peek()
        self.at += 1
        pattern = self.delimited(mark, "s")
        self.replacement = True
        one.by = self.delimited(mark, "s")
        self.replacement = False
        flags = re.match(r"[gpiIeMm0-9]*", self.text[self.at:]).group()
        self.at += len(flags)
        one.flags = flags
        count = re.search(r"\d+", flags)
        one.text = int(count.group()) if count else 1
        for flag in "gp":
            if flags.count(flag) > 1:
                self.fail(f"multiple `{flag}' options to `s' command")
        if len(re.findall(r"\d+", flags)) > 1:
            self.fail("multiple number options to `s' command")
        if count and not one.text:
            self.fail("number option to `s' command may not be zero")
        one.form = self.compile(pattern, "i" in flags.lower(), "m" in flags.lower())
        used = max((int(n) for n in re.findall(r"\\(?:[^0-9]|([1-9]))", one.by, re.S) if n), default=0)
        if one.form is not None and used > one.form.groups:
            self.fail(f"invalid reference \\{used} on `s' command's RHS")
        if self.peek() == "w":
            self.fail("the flag w does not work in the browser lab")
        self.skip()
        if self.peek() and self.peek() not in ";\n}#":
            self.at += 1
            self.fail("unknown option to `s'")

    def addition(self):
        """The text of a, i and c: one line, or several that end by a backslash. Raises Wrong."""
        self.skip()
        if self.peek() == "\\":
            self.at += 1
            self.skip()
            if self.peek() == "\n":
                self.at += 1
        if not self.peek():
            self.fail("expected \\ after `a', `c' or `i'")
        out = []
        while self.peek() and self.peek() != "\n":
            if self.peek() == "\\":
                self.at += 1
            out.append(self.peek())
            self.at += 1
        self.at += 1
        return "".join(out)
