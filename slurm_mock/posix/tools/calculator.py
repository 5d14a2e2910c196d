"""bc: whole and decimal numbers with `scale`, as job scripts use it (echo "scale=2; 10/3" | bc)."""

import os
import re
from decimal import ROUND_DOWN, Decimal, DecimalException, getcontext, localcontext

# How many digits a number may have at most.
DIGITS = 5000
TOKEN = re.compile(r"\s*(?:([0-9A-F]+\.?[0-9A-F]*|\.[0-9A-F]+)|([a-z][a-z0-9_]*)|(<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%^]=|[-+*/%^()=<>!]))")


class Problem(Exception):
    """bc cannot read a line."""


class Runtime(Problem):
    """bc cannot compute a line."""


async def bc(process, argv):
    """bc [-l] [FILE]...: compute the lines of files, then those of standard input; exit code 0, 1
    for a file that cannot be read. bc(1), but for if, for, while, print and own functions."""
    names = [a for a in argv[1:] if not a.startswith("-")]
    text = ""
    for name in names:
        try:
            with open(os.path.join(process.cwd, name), encoding="utf-8", errors="replace") as f:
                text += f.read()
        except OSError:
            await process.write(f"File {name} is unavailable.\n", 2)
            return 1
    text += (await process.read(0)).decode("utf-8", "replace")
    state = Calculator(20 if "-l" in argv else 0)
    for line in re.sub(r"/\*.*?\*/|#[^\n]*", "", text, flags=re.S).replace(";", "\n").split("\n"):
        line = line.strip()
        if line in ("quit", "halt"):
            break
        if not line:
            continue
        if line.startswith('"') and line.endswith('"'):
            await process.write(line[1:-1])
            continue
        try:
            value, silent = state.line(line)
        except Runtime as problem:
            await process.write(f"Runtime error (func=(main), adr=4): {problem}\n", 2)
            continue
        except Problem as problem:
            await process.write(f"(standard_in) 1: {problem}\n", 2)
            continue
        except ZeroDivisionError:
            await process.write("Runtime error (func=(main), adr=3): Divide by zero\n", 2)
            continue
        except (DecimalException, OverflowError, RecursionError):
            await process.write("Runtime error: this is too long for the browser lab\n", 2)
            continue
        for warning in state.warnings:
            await process.write(f"Runtime warning (func=(main), adr=4): {warning}\n", 2)
        if not silent:
            shown = state.shown(value)
            await process.write("\\\n".join(shown[at:at + 68] for at in range(0, len(shown), 68)) + "\n")
    return 0


# scale, ibase and obase: from, to, and what bc says of a value beyond.
LIMITS = {"scale": (0, DIGITS // 2, "negative scale, set to 0"), "ibase": (2, 16, "ibase too {}, set to {}"),
          "obase": (2, 10 ** 6, "obase too {}, set to {}")}


def transcendent(name, x, scale):
    """s, c, a, l or e of a Decimal, with some digits more than `scale`."""
    with localcontext() as context:
        context.prec = min(DIGITS, scale + 30 + int(min(abs(x), DIGITS)))
        if name == "e":
            return x.exp()
        if name == "l":
            return x.ln() if x > 0 else 1 - Decimal(10) ** scale
        if name == "a":
            # the series is short for a small angle
            for _ in range(4):
                x = x / (1 + (1 + x * x).sqrt())
            term, total, n = x, Decimal(0), 1
            while abs(term) > Decimal(10) ** -(scale + 10):
                total, term, n = total + term / n, -term * x * x, n + 2
            return total * 16
        if abs(x) > 1000:
            x %= 8 * transcendent("a", Decimal(1), scale + 30)
        n = 1 if name == "s" else 0
        term, total = x if n else Decimal(1), Decimal(0)
        while abs(term) > Decimal(10) ** -(scale + 10) or n < abs(x):
            total, term, n = total + term, -term * x * x / ((n + 1) * (n + 2)), n + 2
        return total


class Calculator:
    """Names and `scale`: what lines know of each other.

    A rule reads what its first line shows, from the token at `at` on, and gives its value, a
    Decimal. Raises Problem, and ZeroDivisionError.
    """

    def __init__(self, scale):
        self.names = {"scale": Decimal(scale), "ibase": Decimal(10), "obase": Decimal(10)}
        self.warnings = []
        getcontext().prec = DIGITS

    @property
    def scale(self):
        """How many digits behind the point a division gives."""
        return int(self.names["scale"])

    def shown(self, value):
        """A value as bc prints it: in the base `obase`, with no 0 before the point."""
        base = int(self.names["obase"])
        if base != 10:
            return self.in_base(value, base)
        text = f"{value:f}"
        negative, text = text.startswith("-"), text.lstrip("-")
        text = text[1:] if text.startswith("0.") else text
        if not text.strip("0."):
            return "0"
        return "-" * negative + text

    def in_base(self, value, base):
        """A value in another base than 10; above 16 each digit is a decimal number."""
        def digit(number):
            return "0123456789ABCDEF"[number] if base <= 16 else f" {number:0{len(str(base - 1))}}"
        places, rest = self.places(value), abs(value) % 1
        left, before, behind, size = int(abs(value)), [], [], 1
        while left:
            left, number = divmod(left, base)
            before.append(digit(number))
        while len(str(size)) <= places:
            rest, size = rest * base, size * base
            behind.append(digit(int(rest)))
            rest %= 1
        text = "".join(reversed(before)) + ("." + "".join(behind) if behind else "")
        return "-" * (value < 0) + (text or digit(0)) if value else "0"

    def number(self, text):
        """A number's text in the base `ibase`: a digit that is too great counts as the greatest."""
        base, places = int(self.names["ibase"]), len(text.partition(".")[2])
        digits = text.replace(".", "")
        if base == 10 and digits.isdecimal():
            return Decimal(text)
        value = 0
        for ch in digits:
            value = value * base + (int(ch, 16) if len(digits) == 1 else min(int(ch, 16), base - 1))
        return self.cut(Decimal(value) / Decimal(base) ** places, places) if places else Decimal(value)

    def line(self, text):
        """Compute a line: (its value, is it an assignment, which prints nothing?). Raises Problem,
        ZeroDivisionError."""
        self.tokens, at, self.warnings = [], 0, []
        while at < len(text):
            found = TOKEN.match(text, at)
            if not found:
                raise Problem("syntax error")
            self.tokens.append((found.lastindex, found.group(found.lastindex)))
            at = found.end()
        self.at = 0
        silent = len(self.tokens) > 1 and self.tokens[0][0] == 2 and self.tokens[1][1] in (
            "=", "+=", "-=", "*=", "/=", "%=", "^=")
        value = self.assignment()
        if self.at < len(self.tokens):
            raise Problem("syntax error")
        if not silent:
            self.names["last"] = value
        return value, silent

    def peek(self):
        """The text of the token that stands here; None at the end."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def assignment(self):
        """name ("=" | "+=" | ...) assignment | binary."""
        if self.at + 1 < len(self.tokens) and self.tokens[self.at][0] == 2:
            name, op = self.tokens[self.at][1], self.tokens[self.at + 1][1]
            if op in ("=", "+=", "-=", "*=", "/=", "%=", "^="):
                self.at += 2
                value = self.assignment()
                if op != "=":
                    value = self.apply(op[0], self.names.get(name, Decimal(0)), value)
                if name in LIMITS:
                    least, most, words = LIMITS[name]
                    limited = min(max(Decimal(int(value)), least), most)
                    if limited != int(value):
                        self.warnings.append(words.format("small" if limited == least else "large", limited))
                    value = limited
                self.names[name] = value
                return value
        return self.binary(0)

    LEVELS = [("||",), ("&&",), ("<", ">", "<=", ">=", "==", "!="), ("+", "-"), ("*", "/", "%")]

    def binary(self, level):
        """binary(level + 1) { operator of LEVELS[level] binary(level + 1) }; behind the last level,
        unary."""
        if level == len(self.LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.peek() in self.LEVELS[level]:
            op = self.peek()
            self.at += 1
            left = self.apply(op, left, self.binary(level + 1))
        return left

    def unary(self):
        """("-" | "!") unary | power."""
        if self.peek() == "-":
            self.at += 1
            return -self.unary()
        if self.peek() == "!":
            self.at += 1
            return Decimal(int(not self.unary()))
        return self.power()

    def power(self):
        """primary [ "^" unary ]."""
        base = self.primary()
        if self.peek() == "^":
            self.at += 1
            return self.apply("^", base, self.unary())
        return base

    def primary(self):
        """number | name [ "(" assignment ")" ] | "(" assignment ")". Raises Problem."""
        if self.at >= len(self.tokens):
            raise Problem("syntax error")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == 1:
            return self.number(text)
        if text == "(":
            value = self.assignment()
            if self.peek() != ")":
                raise Problem("syntax error")
            self.at += 1
            return value
        if kind == 2:
            if self.peek() == "(":
                self.at += 1
                value = self.assignment()
                if self.peek() != ")":
                    raise Problem("syntax error")
                self.at += 1
                return self.function(text, value)
            return self.names.get(text, Decimal(0))
        raise Problem("syntax error")

    def function(self, name, value):
        """sqrt, length, scale, and -l's s c a l e, of a value. Raises Runtime for other names, and for
        the root of a negative value."""
        if name == "sqrt" and value < 0:
            raise Runtime("Square root of a negative number")
        if name == "sqrt":
            return self.cut(value.sqrt(), max(self.scale, self.places(value)))
        if name == "length":
            return Decimal(len(str(value).replace(".", "").lstrip("-0") or "0"))
        if name == "scale":
            return Decimal(self.places(value))
        if name in ("s", "c", "a", "l", "e"):
            return self.cut(transcendent(name, value, self.scale), self.scale)
        raise Runtime(f"Function {name} not defined.")

    @staticmethod
    def places(value):
        """How many digits a value has behind the point."""
        return max(0, -value.as_tuple().exponent)

    @staticmethod
    def cut(value, places):
        """A value with so many digits behind the point; what is beyond them is dropped."""
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)

    def apply(self, op, a, b):
        """a op b for an operator of LEVELS or ^, with as many digits as bc gives. Raises
        ZeroDivisionError."""
        places = max(self.places(a), self.places(b))
        if op in "+-" and len(op) == 1:
            return self.cut(a + b if op == "+" else a - b, places)
        if op == "*":
            return self.cut(a * b, min(self.places(a) + self.places(b), max(self.scale, places)))
        if op == "/":
            if not b:
                raise ZeroDivisionError
            return self.cut(a / b, self.scale)
        if op == "%":
            if not b:
                raise ZeroDivisionError
            quotient = self.cut(a / b, self.scale)
            return self.cut(a - quotient * b, max(self.scale + self.places(b), self.places(a)))
        if op == "^":
            exponent = int(b)
            if b != exponent:
                self.warnings.append("non-zero scale in exponent")
            if exponent < 0:
                return self.cut(Decimal(1) / a ** -exponent, self.scale)
            return self.cut(a ** exponent, min(self.places(a) * exponent, max(self.scale, self.places(a))))
        return Decimal(int({"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "==": a == b,
                            "!=": a != b, "&&": bool(a and b), "||": bool(a or b)}[op]))
