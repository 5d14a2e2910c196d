"""[[ ... ]] and test: what can be asked of texts, numbers and files."""

import os
import re
import stat

from . import glob, words
from .operands import whole


class BadTest(Exception):
    """test cannot read its arguments; the text is bash's."""


async def holds(shell, e):
    """Is an expression of [[ ]], a t.Condition's, true? Raises BadTest, ArithmeticProblem, and what
    an expansion raises."""
    kind = e[0]
    if kind == "and":
        return await holds(shell, e[1]) and await holds(shell, e[2])
    if kind == "or":
        return await holds(shell, e[1]) or await holds(shell, e[2])
    if kind == "not":
        return not await holds(shell, e[1])
    if kind == "word":
        return bool(await words.text(shell, e[1]))
    if kind == "unary":
        return unary(shell, e[1], await words.text(shell, e[2]))
    op, left = e[1], await words.text(shell, e[2])
    if op in ("==", "=", "!="):
        form = await words.pattern(shell, e[3])
        if shell.shopt["nocasematch"]:
            form, left = form.lower(), left.lower()
        return glob.matches(form, left) == (op != "!=")
    if op == "=~":
        return matches(shell, left, await regex_of(shell, e[3]))
    right = await words.text(shell, e[3])
    if op.startswith("-") and op[1:] in NUMBERS:
        return NUMBERS[op[1:]](shell.evaluate(left), shell.evaluate(right))
    return binary(shell, left, op, right)


async def regex_of(shell, word):
    """The right side of =~: what is quoted matches itself."""
    return "".join(re.escape(p[0]) if p[1] else p[0]
                   for p in await words.pieces(shell, word, assignment=True))


def matches(shell, text, expression):
    """Is there a match of a regular expression? What it caught goes to BASH_REMATCH. Raises BadTest."""
    for name, body in glob.CLASSES.items():
        expression = expression.replace(f"[:{name}:]", body)
    try:
        found = re.search(expression, text, re.S)
    except re.error:
        raise BadTest(f"invalid regular expression `{expression}'") from None
    shell.assign_array("BASH_REMATCH", [] if found is None else
                       [(None, found.group(0)), *((None, g or "") for g in found.groups())])
    return found is not None


NUMBERS = {"eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b,
           "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b}


def unary(shell, op, value):
    """-f file, -n text, -v name ...: is it true? -t never is."""
    letter = op[1]
    if letter == "n":
        return bool(value)
    if letter == "z":
        return not value
    if letter == "v":
        name, _, index = value.rstrip("]").partition("[")
        if index in ("@", "*"):
            return bool(shell.elements(name))
        return shell.value(name, index or None) is not None
    if letter == "o":
        return bool(shell.options.get(value))
    if letter == "t":
        return False
    if letter == "R":
        return value in shell.variables and bool(shell.variables[value].reference)
    path = os.path.join(shell.process.cwd, value)
    if not value:
        return False
    try:
        info = os.lstat(path) if letter in "Lh" else os.stat(path)
    except OSError:
        return False
    mode = info.st_mode
    return {"e": lambda: True, "a": lambda: True, "f": lambda: stat.S_ISREG(mode),
            "d": lambda: stat.S_ISDIR(mode), "L": lambda: stat.S_ISLNK(mode),
            "h": lambda: stat.S_ISLNK(mode), "s": lambda: info.st_size > 0,
            "r": lambda: os.access(path, os.R_OK), "w": lambda: os.access(path, os.W_OK),
            "x": lambda: os.access(path, os.X_OK), "p": lambda: stat.S_ISFIFO(mode),
            "S": lambda: stat.S_ISSOCK(mode), "b": lambda: stat.S_ISBLK(mode),
            "c": lambda: stat.S_ISCHR(mode), "g": lambda: bool(mode & stat.S_ISGID),
            "u": lambda: bool(mode & stat.S_ISUID), "k": lambda: bool(mode & stat.S_ISVTX),
            "O": lambda: info.st_uid == os.geteuid(), "G": lambda: info.st_gid == os.getegid(),
            "N": lambda: info.st_mtime > info.st_atime}[letter]()


def binary(shell, left, op, right):
    """left op right for texts, files (-nt -ot -ef) and decimal numbers (-eq ...): is it true?
    Raises BadTest."""
    if op in ("=", "=="):
        return left == right
    if op == "!=":
        return left != right
    if op == "<":
        return left < right
    if op == ">":
        return left > right
    if op in ("-nt", "-ot", "-ef"):
        a, b = (os.path.join(shell.process.cwd, x) for x in (left, right))
        if op == "-ef":
            return os.path.exists(a) and os.path.exists(b) and os.path.samefile(a, b)
        time_a, time_b = (os.stat(x).st_mtime if os.path.exists(x) else -1 for x in (a, b))
        return time_a > time_b if op == "-nt" else time_a < time_b
    if op[1:] in NUMBERS:
        return NUMBERS[op[1:]](number(left), number(right))
    raise BadTest(f"{op}: binary operator expected")


def number(text):
    """A decimal number's text as int. Raises BadTest."""
    value = whole(text)
    if value is None:
        raise BadTest(f"{text}: integer expression expected")
    return value


OPERATORS = {"=", "==", "!=", "<", ">", "-nt", "-ot", "-ef", *(f"-{n}" for n in NUMBERS)}


class Test:
    """The arguments of test and [, without the ] at the end. test(1), POSIX.1 test."""

    def __init__(self, shell, args):
        self.shell, self.args, self.at = shell, args, 0

    def result(self):
        """Is it true? One to three arguments are read by their number, more by the grammar. Raises
        BadTest."""
        args = self.args
        if not args:
            return False
        if len(args) == 1:
            return bool(args[0])
        if len(args) == 2 and args[0] == "!":
            return not args[1]
        if len(args) == 3 and args[1] in OPERATORS:
            return binary(self.shell, args[0], args[1], args[2])
        found = self.either()
        if self.at < len(args):
            if len(args) == 2:
                raise BadTest(f"{args[0]}: unary operator expected")
            if len(args) == 3:
                raise BadTest(f"{args[1]}: binary operator expected")
            raise BadTest("too many arguments")
        return found

    def either(self):
        """both { -o both }: is it true? Raises BadTest."""
        found = self.both()
        while self.take("-o"):
            right = self.both()
            found = found or right
        return found

    def both(self):
        """one { -a one }: is it true? Raises BadTest."""
        found = self.one()
        while self.take("-a"):
            right = self.one()
            found = found and right
        return found

    def take(self, op):
        """Is this the argument that stands here? Then it is consumed."""
        if self.args[self.at:self.at + 1] == [op]:
            self.at += 1
            return True
        return False

    def one(self):
        """! one | a op b | ( either ) | -x a | text: is it true? Raises BadTest."""
        args, rest = self.args, len(self.args) - self.at
        if not rest:
            raise BadTest("argument expected")
        if self.take("!"):
            return not self.one()
        if rest >= 3 and args[self.at + 1] in OPERATORS:
            self.at += 3
            return binary(self.shell, args[self.at - 3], args[self.at - 2], args[self.at - 1])
        if args[self.at] == "(" and rest > 1:
            self.at += 1
            found = self.either()
            if not self.take(")"):
                raise BadTest("`)' expected")
            return found
        if rest >= 2 and len(args[self.at]) == 2 and args[self.at][0] == "-" \
                and args[self.at][1] in "abcdefghknoprstuvwxzGLNORS":
            self.at += 2
            return unary(self.shell, args[self.at - 2], args[self.at - 1])
        self.at += 1
        return bool(args[self.at - 1])
