"""Shell arithmetic: $((...)), ((...)), let, array subscripts. bash(1), ARITHMETIC EVALUATION."""

import re

TOKEN = re.compile(r"\s*(?:(\d+#[0-9a-zA-Z@_]+|0[xX][0-9a-fA-F]+|\d+)|([A-Za-z_]\w*)|"
                   r"(<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|[-+*/%<>=!~&^|?:,()\[\]]))")
LEVELS = [("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", ">", "<=", ">="),
          ("<<", ">>"), ("+", "-"), ("*", "/", "%")]


class ArithmeticProblem(Exception):
    """An expression cannot be computed; the text is bash's."""


def wrap(number):
    """To 64 bits, as the machine computes."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def decimal(text):
    """A decimal number of any length, which Python reads only in pieces: its last 64 bits count."""
    sign, value = (-1 if text[0] == "-" else 1), 0
    for at in range(0, len(text), 4000):
        piece = text[at:at + 4000].lstrip("-")
        value = (value * pow(10, len(piece), 1 << 64) + int(piece or 0)) % (1 << 64)
    return sign * value


class Evaluator:
    """Computes one expression. get(name, index or None) -> text, put(name, index, text).

    A rule reads what its first line shows, from the token at `at` on, and gives its value, a whole
    number of 64 bits. Raises ArithmeticProblem.
    """

    def __init__(self, text, get, put, depth=0):
        self.text, self.get, self.put, self.depth = text, get, put, depth
        self.tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            found = TOKEN.match(text, at)
            if not found:
                raise ArithmeticProblem(f"{self.text}: syntax error: invalid arithmetic operator "
                                        f"(error token is \"{text[at:].lstrip()}\")")
            self.tokens.append((found.lastindex, found.group(found.lastindex), found.start(found.lastindex)))
            at = found.end()
        self.at = 0
        self.quiet = 0                   # > 0: this branch is only read, not computed

    def value(self):
        """The value of the whole expression; 0 for an empty one. Raises ArithmeticProblem."""
        if not self.tokens:
            return 0
        result = self.comma()
        if self.at < len(self.tokens):
            self.fail("syntax error in expression")
        return result

    def fail(self, why):
        """Raise ArithmeticProblem with bash's words, and the text from this token on."""
        rest = self.text[self.tokens[self.at][2]:] if self.at < len(self.tokens) else (
            self.tokens[-1][1] if self.tokens else "")
        raise ArithmeticProblem(f"{self.text}: {why} (error token is \"{rest}\")")

    def peek(self):
        """The operator that stands here; None for a number, a name and the end."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) and self.tokens[
            self.at][0] == 3 else None

    def take(self, op):
        """Is this the operator that stands here? Then it is consumed."""
        if self.peek() != op:
            return False
        self.at += 1
        return True

    def comma(self):
        """assignment { "," assignment }: the last one's value."""
        result = self.assignment()
        while self.take(","):
            result = self.assignment()
        return result

    def target(self):
        """name or name[index], if one stands here: (name, index or None); None if none does. Raises
        ArithmeticProblem."""
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != 2:
            return None
        name = self.tokens[self.at][1]
        self.at += 1
        index = None
        if self.take("["):
            begin = self.tokens[self.at][2] if self.at < len(self.tokens) else 0
            depth = 1
            while self.at < len(self.tokens):
                op = self.peek()
                depth += {"[": 1, "]": -1}.get(op, 0)
                if not depth:
                    break
                self.at += 1
            else:
                self.fail("syntax error: operand expected")
            index = self.text[begin:self.tokens[self.at][2]].strip()
            self.at += 1
        return name, index

    def assignment(self):
        """target ("=" | "+=" | ...) assignment | choice."""
        saved = self.at
        target = self.target()
        op = self.peek() if target else None
        if op in ("=", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "<<=", ">>="):
            self.at += 1
            right = self.assignment()
            if op != "=":
                right = self.apply(op[:-1], self.read(target), right)
            return self.store(target, right)
        self.at = saved
        return self.choice()

    def choice(self):
        """binary [ "?" assignment ":" choice ]; only the branch that is taken is computed."""
        test = self.binary(0)
        if not self.take("?"):
            return test
        self.quiet += not test
        yes = self.assignment()
        self.quiet -= not test
        if not self.take(":"):
            self.fail("`:' expected for conditional expression")
        self.quiet += bool(test)
        no = self.choice()
        self.quiet -= bool(test)
        return yes if test else no

    def binary(self, level):
        """binary(level + 1) { operator of LEVELS[level] binary(level + 1) }; behind the last level,
        power."""
        if level == len(LEVELS):
            return self.power()
        left = self.binary(level + 1)
        while self.peek() in LEVELS[level]:
            op = self.peek()
            self.at += 1
            skip = op == "&&" and not left or op == "||" and left
            self.quiet += bool(skip)
            right = self.binary(level + 1)
            self.quiet -= bool(skip)
            left = self.apply(op, left, right)
        return left

    def power(self):
        """unary [ "**" power ]."""
        base = self.unary()
        if self.take("**"):
            exponent = self.power()
            if exponent < 0:
                self.fail("exponent less than 0")
            return wrap(pow(base, exponent, 1 << 64))
        return base

    def unary(self):
        """("++" | "--") target | ("-" | "+" | "!" | "~") unary | primary."""
        for op in ("++", "--"):
            if self.peek() == op:
                self.at += 1
                target = self.target()
                if not target:
                    return self.unary() if op == "++" else -(-self.unary())
                return self.store(target, self.read(target) + (1 if op == "++" else -1))
        for op, function in (("-", lambda v: -v), ("+", lambda v: v), ("!", lambda v: int(not v)),
                             ("~", lambda v: ~v)):
            if self.take(op):
                return wrap(function(self.unary()))
        return self.primary()

    def primary(self):
        """number | target [ "++" | "--" ] | "(" comma ")"."""
        if self.take("("):
            result = self.comma()
            if not self.take(")"):
                self.fail("missing `)'")
            return result
        target = self.target()
        if target:
            value = self.read(target)
            for op, step in (("++", 1), ("--", -1)):
                if self.take(op):
                    self.store(target, value + step)
                    break
            return value
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != 1:
            self.fail("syntax error: operand expected")
        text = self.tokens[self.at][1]
        self.at += 1
        return self.number(text)

    def number(self, text):
        """A number's text (12, 0octal, 0xhex, base#digits) as a whole number. Raises
        ArithmeticProblem."""
        if "#" in text:
            base, digits = text.split("#")
            if not 2 <= int(base[:4]) <= 64:
                raise ArithmeticProblem(f"{self.text}: invalid arithmetic base (error token is \"{text}\")")
            value = 0
            for ch in digits:
                digit = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_".index(
                    ch.lower() if int(base) <= 36 else ch)
                if digit >= int(base):
                    raise ArithmeticProblem(f"{self.text}: value too great for base (error token is "
                                            f"\"{text}\")")
                value = value * int(base) + digit
            return wrap(value)
        try:
            if text[:2] in ("0x", "0X"):
                return wrap(int(text, 16))
            return wrap(int(text, 8) if text[0] == "0" and len(text) > 1 else decimal(text))
        except ValueError:
            raise ArithmeticProblem(f"{text}: value too great for base (error token is \"{text}\")"
                                    ) from None

    def read(self, target):
        """The value of a variable, whose text is an expression itself; 0 in a branch that is not
        computed. Raises ArithmeticProblem."""
        if self.quiet:
            return 0
        text = self.get(*target).strip()
        if not text:
            return 0
        if re.fullmatch(r"-?\d+", text) and not re.match(r"-?0\d", text):
            return wrap(decimal(text))
        if self.depth > 100:
            raise ArithmeticProblem(f"{self.text}: expression recursion level exceeded "
                                    f"(error token is \"{text}\")")
        return Evaluator(text, self.get, self.put, self.depth + 1).value()

    def store(self, target, value):
        """Assign a value, but not in a branch that is not computed; the value, of 64 bits."""
        value = wrap(value)
        if not self.quiet:
            self.put(*target, str(value))
        return value

    def apply(self, op, a, b):
        """a op b for an operator of LEVELS, as C computes it. Raises ArithmeticProblem for a
        division by 0."""
        if op in ("/", "%"):
            if not b:
                if self.quiet:
                    return 0
                self.at -= 1
                self.fail("division by 0")
            quotient = abs(a) // abs(b)
            quotient = quotient if (a < 0) == (b < 0) else -quotient
            return wrap(quotient if op == "/" else a - b * quotient)
        return wrap(int({
            "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "<<": lambda: a << (b & 63),
            ">>": lambda: a >> (b & 63), "<": lambda: a < b, ">": lambda: a > b,
            "<=": lambda: a <= b, ">=": lambda: a >= b, "==": lambda: a == b, "!=": lambda: a != b,
            "&": lambda: a & b, "^": lambda: a ^ b, "|": lambda: a | b,
            "&&": lambda: bool(a) and bool(b), "||": lambda: bool(a) or bool(b)}[op]()))
