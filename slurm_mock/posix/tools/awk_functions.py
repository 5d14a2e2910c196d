"""awk's values, and the functions that the language has: length, substr, gsub, sprintf ..."""

import math
import re
from functools import lru_cache

from ..shell.glob import CLASSES
from .awk_parser import AwkProblem


class Seen(str):
    """Text that came from outside: a number where it looks like one."""


def number(value):
    """A value as a float: what its text begins with, 0.0 if that is no number."""
    if isinstance(value, float):
        return value
    found = re.match(r"\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)", value)
    return float(found.group()) if found else 0.0


def numeric(value):
    """Is a value compared as a number: a float, or text from outside that looks like one?"""
    return isinstance(value, float) or isinstance(value, Seen) and re.fullmatch(
        r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", value) is not None


def whole_number(value):
    """A value as an int of 64 bits, without its fraction; 0 for what is no number."""
    found = number(value)
    return 0 if found != found else int(max(-2.0 ** 63, min(found, 2.0 ** 63 - 1024)))


def computed(function):
    """A float as C computes it: inf where it is too great, nan where there is none."""
    try:
        return float(function())
    except (OverflowError, ZeroDivisionError):
        return math.inf
    except ValueError:
        return math.nan


@lru_cache(256)
def regex(text):
    """A pattern of awk's in the words of Python's re: [:classes:] are spelled out. Raises AwkProblem."""
    found = text
    for name, body in CLASSES.items():
        found = found.replace(f"[:{name}:]", body)
    try:
        re.compile(found)
    except (re.error, OverflowError) as problem:
        raise AwkProblem(f"regular expression compile failed ({problem})\n{text}") from None
    return found


class Functions:
    """What Run (posix/tools/awk.py) computes when a program calls a function of the language.

    The arguments are values (float or text), but trees for length, split, sub, gsub and match; so
    are the results. Source: POSIX.1 awk, Functions.
    """

    def do_length(self, *args):
        """length [(TEXT)]: its characters, those of $0 without one; the elements of an array."""
        if args and args[0][0] == "name" and isinstance(self.space(args[0][1]).get(args[0][1]), dict):
            return float(len(self.array(args[0][1])))
        return float(len(self.text(self.value(args[0])) if args else self.line))

    def do_substr(self, text, start, count=None):
        """substr(TEXT, START [, COUNT]): characters from START on, the first is 1."""
        text, first = self.text(text), whole_number(computed(lambda: round(number(start))))
        last = len(text) + 1 if count is None else first + whole_number(computed(lambda: round(number(count))))
        return text[max(first, 1) - 1:max(last - 1, 0)]

    def do_index(self, text, piece):
        """index(TEXT, PIECE): where it stands, the first character is 1; 0 if it does not."""
        return float(self.text(text).find(self.text(piece)) + 1)

    def do_split(self, text, array, separator=None):
        """split(TEXT, ARRAY [, SEPARATOR]): the parts as elements 1, 2 ...; how many."""
        if separator is None:
            mark = self.globals["FS"]
        else:
            mark = separator[1] if separator[0] == "regex" else self.text(self.value(separator))
        text = self.text(self.value(text))
        parts = re.split(regex(mark), text) if separator and separator[0] == "regex" and text else self.cut(text, mark)
        found = self.array(array[1])
        found.clear()
        found.update({str(i): Seen(p) for i, p in enumerate(parts, 1)})
        return float(len(parts))

    def do_sub(self, pattern, by, target=("field", ("number", 0.0)), count=1):
        """sub(REGEX, BY [, TARGET]): replace the first `count` matches (0: all) in a variable, $0
        without one; how many. & in BY is the match."""
        form = self.text(self.value(by))

        def put(match):
            return re.sub(r"\\\\|\\&|&", lambda m: {"&": match.group(), "\\&": "&"}.get(m.group(), "\\"), form)

        text, times = re.subn(self.pattern(pattern), put, self.text(self.value(target)), count=count)
        if times:
            self.put(target, text)
        return float(times)

    def do_gsub(self, pattern, by, target=("field", ("number", 0.0))):
        """gsub(REGEX, BY [, TARGET]): as sub, but every match."""
        return self.do_sub(pattern, by, target, 0)

    def do_match(self, text, pattern):
        """match(TEXT, REGEX): where it matches, 0 if nowhere; sets RSTART and RLENGTH."""
        found = re.search(self.pattern(pattern), self.text(self.value(text)))
        self.globals["RSTART"] = float(found.start() + 1 if found else 0)
        self.globals["RLENGTH"] = float(found.end() - found.start() if found else -1)
        return self.globals["RSTART"]

    def do_sprintf(self, form="", *args):
        """sprintf(FORMAT, VALUE...): the text; values that are missing count as ""."""
        left = list(args)

        def one(match):
            flags, kind = match.group(1), match.group(2)
            if kind == "%":
                return "%"
            while "*" in flags:
                flags = flags.replace("*", str(whole_number(left.pop(0) if left else 0.0)), 1)
            if re.search(r"\d{7}", flags):
                raise AwkProblem(f"%{flags}{kind}: this width or precision is too great for the browser lab")
            value = left.pop(0) if left else ""
            if kind in "di":
                return f"%{flags}d" % whole_number(value)
            if kind in "ouxX":
                return f"%{flags}{'d' if kind == 'u' else kind}" % whole_number(value)
            if kind in "eEfFgG":
                return f"%{flags}{kind}" % number(value)
            if kind == "c":
                return f"%{flags}s" % (chr(whole_number(value) & 0xFF) if isinstance(value, float) else value[:1])
            return f"%{flags}s" % self.text(value)

        return re.sub(r"%([-+ #0]*[\d*]*(?:\.[\d*]*)?)([a-zA-Z%])", one, self.text(form))

    def do_tolower(self, text):
        """tolower(TEXT): in small letters."""
        return self.text(text).lower()

    def do_toupper(self, text):
        """toupper(TEXT): in capital letters."""
        return self.text(text).upper()

    def do_int(self, value):
        """int(NUMBER): without its fraction."""
        found = number(value)
        return float(int(found)) if math.isfinite(found) else found

    def do_sqrt(self, value):
        """sqrt(NUMBER); nan below 0."""
        return computed(lambda: math.sqrt(number(value)))

    def do_exp(self, value):
        """exp(NUMBER); inf for one that is too great."""
        return computed(lambda: math.exp(number(value)))

    def do_log(self, value):
        """log(NUMBER), to the base e; -inf for 0, nan below."""
        return computed(lambda: math.log(number(value))) if number(value) else -math.inf

    def do_sin(self, value):
        """sin(NUMBER), in radians."""
        return computed(lambda: math.sin(number(value)))

    def do_cos(self, value):
        """cos(NUMBER), in radians."""
        return computed(lambda: math.cos(number(value)))

    def do_atan2(self, a, b):
        """atan2(Y, X): the angle, in radians."""
        return math.atan2(number(a), number(b))

    def do_rand(self):
        """rand(): from 0 up to 1; every run gives the same row of numbers."""
        return self.random.random()

    def do_srand(self, seed=0.0):
        """srand([SEED]): begin the row of a seed (0); the seed before."""
        before, self.seed = self.seed, number(seed)
        self.random.seed(self.seed)
        return before

    def do_close(self, name):
        """close(FILE): 0, or -1 if the program has not written to it."""
        file = self.files.pop(self.text(name), None)
        if file:
            file.close()
        return 0.0 if file else -1.0

    def do_fflush(self, *_names):
        """fflush([FILE]): there is nothing to do; 0."""
        return 0.0

    # how many arguments they take, at least and at most, if it is not 1
    ARGUMENTS = {"length": (0, 1), "substr": (2, 3), "index": (2, 2), "split": (2, 3), "sub": (2, 3),
                 "gsub": (2, 3), "match": (2, 2), "sprintf": (1, 999), "atan2": (2, 2), "rand": (0, 0),
                 "srand": (0, 1), "fflush": (0, 1)}
    # the functions of the language by their names
    CALLS = {"length": do_length, "substr": do_substr, "index": do_index, "split": do_split,
             "sub": do_sub, "gsub": do_gsub, "match": do_match, "sprintf": do_sprintf,
             "tolower": do_tolower, "toupper": do_toupper, "int": do_int, "sqrt": do_sqrt,
             "exp": do_exp, "log": do_log, "sin": do_sin, "cos": do_cos, "atan2": do_atan2,
             "rand": do_rand, "srand": do_srand, "close": do_close, "fflush": do_fflush}
