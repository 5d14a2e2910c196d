"""bc: whole and decimal numbers with `scale`, as job scripts use it (echo "scale=2; 10/3" | bc)."""

import re
from decimal import ROUND_DOWN, Decimal, getcontext

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|([a-z][a-z0-9_]*)|(<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%^]=|[-+*/%^()=<>!]))")


class Problem(Exception):
    """bc cannot read or compute a line."""


async def bc(process, argv):
    """bc [-l] [FILE]...: compute the lines of files, then those of standard input; exit code 0.
    Raises OSError for a file that cannot be read. bc(1), but for if, for, while, functions and
    other bases."""
    names = [a for a in argv[1:] if not a.startswith("-")]
    text = ""
    for name in names:
        with open(f"{process.cwd}/{name}", encoding="utf-8") as f:
            text += f.read()
    text += (await process.read(0)).decode()
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
        except Problem as problem:
            await process.write(f"(standard_in) 1: {problem}\n", 2)
            continue
        except ZeroDivisionError:
            await process.write("Runtime error (func=(main), adr=3): Divide by zero\n", 2)
            continue
        if not silent:
            await process.write(state.shown(value) + "\n")
    return 0


class Calculator:
    """Names and `scale`: what lines know of each other.

    A rule reads what its first line shows, from the token at `at` on, and gives its value, a
    Decimal. Raises Problem, and ZeroDivisionError.
    """

    def __init__(self, scale):
        self.names = {"scale": Decimal(scale)}
        getcontext().prec = 200

    @property
    def scale(self):
        """How many digits behind the point a division gives."""
        return int(self.names["scale"])

    def shown(self, value):
        """A value as bc prints it: no 0 before the point."""
        text = f"{value:f}"
        negative, text = text.startswith("-"), text.lstrip("-")
        text = text[1:] if text.startswith("0.") else text
        if not text.strip("0."):
            return "0"
        return "-" * negative + text

    def line(self, text):
        """Compute a line: (its value, is it an assignment, which prints nothing?). Raises Problem,
        ZeroDivisionError."""
        self.tokens, at = [], 0
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
            return Decimal(text)
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
        """sqrt, length, scale, and -l's s c a l e, of a value; these with a float's 15 digits.
        Raises Problem for other names; ValueError and decimal.InvalidOperation for a value without
        a root or logarithm."""
        import math
        if name == "sqrt":
            return self.cut(value.sqrt(), max(self.scale, self.places(value)))
        if name == "length":
            return Decimal(len(str(value).replace(".", "").lstrip("-0") or "0"))
        if name == "scale":
            return Decimal(self.places(value))
        if name in ("s", "c", "a", "l", "e"):
            done = {"s": math.sin, "c": math.cos, "a": math.atan, "l": math.log, "e": math.exp}[name](value)
            return self.cut(Decimal(done), self.scale)
        raise Problem(f"Function {name} not defined")

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
            if exponent < 0:
                return self.cut(Decimal(1) / a ** -exponent, self.scale)
            return self.cut(a ** exponent, min(self.places(a) * exponent, max(self.scale, self.places(a))))
        return Decimal(int({"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "==": a == b,
                            "!=": a != b, "&&": bool(a and b), "||": bool(a or b)}[op]))
