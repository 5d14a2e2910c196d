"""A program of awk -> a tree of tuples, each with its kind first. The grammar is POSIX awk's."""

import re

KEYWORDS = {"BEGIN", "END", "function", "func", "if", "else", "while", "for", "do", "break", "continue",
            "next", "exit", "return", "delete", "in", "getline", "print", "printf"}
OPERATORS = ("&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "**", "==", "<=", ">=", "!=",
             "!~", ">>", *"{}()[];,+-*/%^!<>|?:~$=\n")
ENDS_OPERAND = {"NUMBER", "STRING", "REGEX", "NAME", "FUNC", ")", "]", "$"}


class AwkProblem(Exception):
    """A program cannot be read, or asks for what does not work here."""


def tokens(text):
    """A program's text as [(kind, value)], ("EOF", "") at its end; a slash begins a regular
    expression where no operand stands before it. Raises AwkProblem."""
    found, i = [], 0
    while i < len(text):
        ch = text[i]
        if ch in " \t\r" or text.startswith("\\\n", i):
            i += 2 if ch == "\\" else 1
        elif ch == "#":
            while i < len(text) and text[i] != "\n":
                i += 1
        elif ch == '"':
            end, value = i + 1, []
            while end < len(text) and text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            value = unescape(text[i + 1:end])
            found.append(("STRING", value))
            i = end + 1
        elif ch == "/" and (not found or found[-1][0] not in ENDS_OPERAND):
            end, inside = i + 1, False
            while end < len(text) and (text[end] != "/" or inside):
                inside = text[end] == "[" or inside and text[end] != "]"
                end += 2 if text[end] == "\\" else 1
            if end >= len(text):
                raise AwkProblem("unterminated regexp")
            found.append(("REGEX", text[i + 1:end].replace("\\/", "/")))
            i = end + 1
        elif ch.isdecimal() or ch == "." and text[i + 1:i + 2].isdecimal():
            match = re.match(r"(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text[i:])
            found.append(("NUMBER", float(match.group())))
            i += match.end()
        elif ch.isalpha() or ch == "_":
            name = re.match(r"\w+", text[i:]).group()
            i += len(name)
            if name in KEYWORDS:
                found.append((name, name))
            else:
                found.append(("FUNC" if text[i:i + 1] == "(" else "NAME", name))
        else:
            op = next((op for op in OPERATORS if text.startswith(op, i)), None)
            if op is None:
                raise AwkProblem(f"syntax error at `{ch}'")
            found.append((op, op))
            i += len(op)
    return [*found, ("EOF", "")]


def unescape(text):
    """The text that one between quotes means: \\n, \\t, \\ooo ...; other backslashes stay."""
    table = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "/": "/", "a": "\a", "b": "\b",
             "f": "\f", "v": "\v"}

    def one(match):
        body = match.group(1)
        return chr(int(body, 8)) if body[0] in "01234567" else table.get(body, "\\" + body)

    return re.sub(r"\\([0-7]{1,3}|.)", one, text, flags=re.S)


class Parser:
    """rules: [(pattern, action)]; functions: {name: (parameters, body)}.

    A rule of the grammar reads what its first line shows, from the token at `at` on, and gives its
    tuple. Raises AwkProblem where the program does not go on so.
    """

    def __init__(self, text):
        self.tokens, self.at = tokens(text), 0
        self.rules, self.functions, self.no_in, self.in_print = [], {}, 0, 0
        self.skip("\n", ";")
        while self.kind != "EOF":
            self.item()
            self.skip("\n", ";")

    @property
    def kind(self):
        """The kind of the token that stands here."""
        return self.tokens[self.at][0]

    def take(self, *kinds):
        """The value of the token that stands here, consumed, if it is one of these kinds; else None."""
        if self.kind in kinds:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def need(self, kind):
        """The value of the token that stands here, consumed. Raises AwkProblem if it is of another
        kind."""
        if self.kind != kind:
            raise AwkProblem("syntax error at or near " + ("end of program" if self.kind == "EOF" else
                             "newline" if self.kind == "\n" else str(self.tokens[self.at][1])))
        self.at += 1
        return self.tokens[self.at - 1][1]

    def skip(self, *kinds):
        """Consume all tokens of these kinds."""
        while self.take(*kinds):
            continue

    def item(self):
        """function name ( names ) block | [ pattern ] [ block ]: one more of `functions` or
        `rules`; a pattern is ("BEGIN",), ("END",), ("when", e), ("range", e, e) or None."""
        if self.take("function", "func"):
            name = self.take("NAME") or self.need("FUNC")
            self.need("(")
            names = []
            while self.kind != ")":
                names.append(self.need("NAME"))
                self.take(",")
            self.need(")")
            self.skip("\n")
            self.functions[name] = (names, self.block())
            return
        pattern = None
        if self.kind in ("BEGIN", "END"):
            pattern = (self.take("BEGIN", "END"),)
        elif self.kind != "{":
            pattern = ("when", self.expression())
            if self.take(","):
                pattern = ("range", pattern[1], self.expression())
        self.rules.append((pattern, self.block() if self.kind == "{" else None))

    def block(self):
        """{ statement } in braces: ("block", statements)."""
        self.need("{")
        found = []
        self.skip("\n", ";")
        while not self.take("}"):
            found.append(self.statement())
            self.skip("\n", ";")
        return ("block", found)

    def body(self):
        """statement | ";", which may stand on the next line."""
        self.skip("\n")
        return ("block", []) if self.take(";") else self.statement()

    def statement(self):
        """block | if | while | do | for | break | continue | next | exit | return | delete | print
        | expression."""
        if self.kind == "{":
            return self.block()
        if self.take("if"):
            self.need("(")
            test = self.expression()
            self.need(")")
            yes = self.body()
            saved = self.at
            self.skip("\n", ";")
            if self.take("else"):
                return ("if", test, yes, self.body())
            self.at = saved
            return ("if", test, yes, None)
        if self.take("while"):
            self.need("(")
            test = self.expression()
            self.need(")")
            return ("while", test, self.body())
        if self.take("do"):
            body = self.body()
            self.skip("\n", ";")
            self.need("while")
            self.need("(")
            test = self.expression()
            self.need(")")
            return ("do", test, body)
        if self.take("for"):
            return self.loop()
        for word in ("break", "continue", "next"):
            if self.take(word):
                return (word,)
        for word in ("exit", "return"):
            if self.take(word):
                return (word, None if self.kind in (";", "\n", "}") else self.expression())
        if self.take("delete"):
            name = self.need("NAME")
            return ("delete", name, self.subscript() if self.kind == "[" else None)
        if self.kind in ("print", "printf"):
            return self.output()
        return ("expression", self.expression())

    def loop(self):
        """( name in array ) body: ("each", ...); ( [statement] ; [expression] ; [statement] ) body:
        ("for", ...)."""
        self.need("(")
        if [kind for kind, _ in self.tokens[self.at:self.at + 4]] == ["NAME", "in", "NAME", ")"]:
            name = self.need("NAME")
            self.need("in")
            array = self.need("NAME")
            self.need(")")
            return ("each", name, array, self.body())
        start = None if self.kind == ";" else self.statement()
        self.need(";")
        test = None if self.kind == ";" else self.expression()
        self.need(";")
        step = None if self.kind == ")" else self.statement()
        self.need(")")
        return ("for", start, test, step, self.body())

    def output(self):
        """(print | printf) [ list ] [ (> | >> | "|") concatenation ]: (word, expressions, sign,
        where to)."""
        word, args = self.take("print", "printf"), []
        self.in_print += 1
        saved = self.at
        if self.take("("):
            # print (a)(b) > "f" is no list in parentheses, print (a, b) is
            self.in_print -= 1
            args = self.list(")")
            self.need(")")
            self.in_print += 1
            if self.kind not in (";", "\n", "}", ">", ">>", "|", "EOF"):
                self.at, args = saved, self.list()
        elif self.kind not in (";", "\n", "}", ">", ">>", "|", "EOF"):
            args = self.list()
        self.in_print -= 1
        how = self.take(">", ">>", "|")
        return (word, args, how, self.concatenation() if how else None)

    def list(self, *ends):
        """[ expression { "," expression } ], up to one of `ends`, which stays: the expressions."""
        found = []
        while self.kind not in ends:
            found.append(self.expression())
            if not self.take(","):
                break
            self.skip("\n")
        return found

    def subscript(self):
        """[ list ], with the brackets: the expressions."""
        self.need("[")
        found = self.list("]")
        self.need("]")
        return found

    # ---- expressions ---------------------------------------------------------

    def expression(self):
        """choice [ ("=" | "+=" | ...) expression ]. Raises AwkProblem where the left is no variable."""
        left = self.choice()
        op = self.take("=", "+=", "-=", "*=", "/=", "%=", "^=")
        if op:
            if left[0] not in ("name", "field", "element"):
                raise AwkProblem("syntax error: assignment to what is no variable")
            return ("assign", op, left, self.expression())
        return left

    def choice(self):
        """chain(0) [ "?" expression ":" expression ]."""
        test = self.chain(0)
        if self.take("?"):
            self.skip("\n")
            yes = self.expression()
            self.skip("\n")
            self.need(":")
            self.skip("\n")
            return ("choice", test, yes, self.expression())
        return test

    def chain(self, level):
        """chain(level + 1) { operator chain(level + 1) } for || && in ~, from the weakest; behind
        them, comparison."""
        if level == 4:
            return self.comparison()
        ops = (("||",), ("&&",), ("in",), ("~", "!~"))[level]
        left = self.chain(level + 1)
        while self.kind in ops:
            op = self.take(*ops)
            if op in ("||", "&&"):
                self.skip("\n")
            left = ("in", [left], self.need("NAME")) if op == "in" else (
                ("match" if op in ("~", "!~") else "logic"), op, left, self.chain(level + 1))
        return left

    def comparison(self):
        """concatenation [ ("<" | "<=" | ...) concatenation ]; in print's list, > is none."""
        left = self.concatenation()
        ops = ("<", "<=", "==", "!=", ">=") if self.in_print else ("<", "<=", "==", "!=", ">", ">=")
        op = self.take(*ops)
        return ("compare", op, left, self.concatenation()) if op else left

    def concatenation(self):
        """sum { sum }, while an operand begins here that has no sign."""
        left = self.sum()
        while self.kind in ("NUMBER", "STRING", "NAME", "FUNC", "$", "!", "(", "-", "+", "++", "--"):
            if self.kind in ("+", "-"):
                break
            left = ("concat", left, self.sum())
        return left

    def sum(self):
        """product { ("+" | "-") product }."""
        left = self.product()
        while self.kind in ("+", "-"):
            op = self.take("+", "-")
            left = ("math", op, left, self.product())
        return left

    def product(self):
        """unary { ("*" | "/" | "%") unary }."""
        left = self.unary()
        while self.kind in ("*", "/", "%"):
            op = self.take("*", "/", "%")
            left = ("math", op, left, self.unary())
        return left

    def unary(self):
        """("!" | "-" | "+") unary | power."""
        op = self.take("!", "-", "+")
        if op:
            return ("unary", op, self.unary())
        return self.power()

    def power(self):
        """postfix [ ("^" | "**") unary ]."""
        base = self.postfix()
        if self.take("^", "**"):
            return ("math", "^", base, self.unary())
        return base

    def postfix(self):
        """("++" | "--") primary | primary [ "++" | "--" ]: ("step", sign, target, is it before?)."""
        op = self.take("++", "--")
        if op:
            return ("step", op, self.primary(), True)
        target = self.primary()
        if target[0] in ("name", "field", "element") and self.kind in ("++", "--"):
            return ("step", self.take("++", "--"), target, False)
        return target

    def primary(self):
        """number | string | regex | $ operand | ( list ) [ in name ] | name ( list ) | name
        subscript | name. Raises AwkProblem for getline too."""
        kind, value = self.tokens[self.at]
        self.at += 1
        if kind in ("NUMBER", "STRING", "REGEX"):
            return (kind.lower(), value)
        if kind == "$":
            return ("field", self.postfix() if self.kind in ("++", "--") else
                    self.unary() if self.kind in ("-", "+", "!") else self.primary())
        if kind == "(":
            before, self.in_print = self.in_print, 0
            found = self.list(")")
            self.need(")")
            self.in_print = before
            if len(found) > 1 or self.kind == "in" and len(found) != 1:
                self.need("in")
                return ("in", found, self.need("NAME"))
            if not found:
                raise AwkProblem("syntax error: nothing in parentheses")
            return ("group", found[0])
        if kind in ("NAME", "FUNC"):
            if kind == "FUNC" or value in BUILTINS and self.kind == "(":
                self.need("(")
                before, self.in_print = self.in_print, 0
                args = self.list(")")
                self.need(")")
                self.in_print = before
                return ("call", value, args)
            if value == "length":
                return ("call", "length", [])
            return ("element", value, self.subscript()) if self.kind == "[" else ("name", value)
        if kind == "getline":
            raise AwkProblem("getline does not work in the browser lab")
        self.at -= 1
        return self.need("an expression")


BUILTINS = {"length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "tolower",
            "toupper", "int", "sqrt", "exp", "log", "sin", "cos", "atan2", "rand", "srand", "system",
            "close", "fflush"}
