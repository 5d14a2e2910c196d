"""Text of a shell script -> tree (posix/shell/tree.py). The grammar is that of bash(1)."""

from . import tree as t
from .scanner import BREAKS, RESERVED, Scanner, SyntaxProblem

UNARY = set("abcdefghknoprstuvwxzGLNORS")
BINARY = {"==", "=", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot",
          "-ef"}


def parse(text, line=1):
    """The Sequence of a whole script. Raises SyntaxProblem."""
    return Parser(text, line).whole()


def unfinished(text):
    """Does a typed text go on in another line, as far as one can see?"""
    parser = Parser(text)
    try:
        parser.sequence(())
    except SyntaxProblem as problem:
        return "unexpected end of file" in problem.text or "unexpected EOF" in problem.text
    rest = text.rstrip("\n")
    return parser.document_open or (len(rest) - len(rest.rstrip("\\"))) % 2 == 1


class Parser(Scanner):
    """Reads commands; words are read by the Scanner.

    A rule reads what its first line shows, from `at` on, and gives the Node; what has a reserved
    word before it begins behind that. Raises SyntaxProblem where the text is no such thing.
    """

    def __init__(self, text, line=1):
        super().__init__(text, line, Parser)

    def whole(self):
        """The Sequence of all of the text. Raises SyntaxProblem."""
        found = self.sequence(())
        if self.at < len(self.text):
            self.unexpected()
        return found

    # ---- lists -------------------------------------------------------------

    def sequence(self, ends):
        """Commands up to one of the reserved words or operators in `ends` (not consumed)."""
        items = []
        while True:
            self.newlines()
            if self.at >= len(self.text) or self.is_end(ends):
                return t.Sequence(items)
            start = self.at
            command = self.and_or()
            background = ""
            self.blanks()
            if self.looking_at("&") and not self.looking_at("&&"):
                background = self.text[start:self.at].strip()
                self.at += 1
            elif self.looking_at(";") and not self.looking_at(";;") and not self.looking_at(";&"):
                self.at += 1
            elif self.at < len(self.text) and self.text[self.at] != "\n" and not self.is_end(ends):
                self.unexpected()
            items.append((command, background))

    def is_end(self, ends):
        """Does one of the reserved words or operators in `ends` stand here?"""
        for end in ends:
            if end.isalpha() or end == "}":
                if self.reserved() == end:
                    return True
            elif self.looking_at(end):
                return True
        return False

    def body(self, *ends):
        """A sequence that must not be empty, and its end, which is consumed; (it, the end)."""
        found = self.sequence(ends)
        if not found.items:
            self.unexpected()
        for end in ends:
            if (self.reserved() == end) if end.isalpha() or end == "}" else self.looking_at(end):
                self.at += len(end)
                return found, end
        self.unexpected()

    def and_or(self):
        """pipeline { ("&&" | "||") newlines pipeline }."""
        first, rest = self.pipeline(), []
        while True:
            self.blanks()
            if not (self.looking_at("&&") or self.looking_at("||")):
                return t.AndOr(first, rest)
            op = self.text[self.at:self.at + 2]
            self.at += 2
            self.newlines()
            rest.append((op, self.pipeline()))

    def pipeline(self):
        """{ "!" | time [ -p ] } command { ("|" | "|&") newlines command }."""
        negated, timed = False, False
        while True:
            self.blanks()
            word = self.reserved()
            if word == "!":
                negated = not negated
            elif word == "time":
                timed = True
            else:
                break
            self.at += len(word)
            if timed:
                self.blanks()
                if self.reserved_text() == "-p":
                    self.at += 2
                    timed = "-p"
        commands, both = [self.command()], []
        while True:
            self.blanks()
            if self.looking_at("|&"):
                self.at += 2
                both.append(True)
            elif self.looking_at("|") and not self.looking_at("||"):
                self.at += 1
                both.append(False)
            else:
                return t.Pipeline(commands, both, negated, timed)
            self.newlines()
            commands.append(self.command())

    # ---- commands -----------------------------------------------------------

    def command(self):
        """compound command [ redirections ] | function | simple command. What begins with (( and is
        no expression is a subshell in a subshell."""
        self.blanks()
        line, word = self.line, self.reserved()
        if self.looking_at("(("):
            saved = self.at, self.line
            try:
                self.at += 2
                node = t.Compute(self.arithmetic_word("))"), line)
            except SyntaxProblem:
                self.at, self.line = saved
                node = self.subshell()
        elif self.looking_at("("):
            node = self.subshell()
        elif word in self.READERS:
            self.at += len(word)
            node = self.READERS[word](self)
            if isinstance(node, t.Function):
                return node
        elif word in RESERVED and word not in ("in", "!", "time"):
            self.unexpected()
        else:
            return self.simple()
        redirections = self.redirections()
        return t.Redirected(node, redirections, line) if redirections else node

    def subshell(self):
        """The list in the parentheses that stand here."""
        self.at += 1
        body, _ = self.body(")")
        return t.Subshell(body)

    def read_group(self):
        """{ list }, behind the brace."""
        body, _ = self.body("}")
        return t.Group(body)

    def read_if(self):
        """list then list { elif list then list } [ else list ] fi."""
        branches, otherwise = [], None
        while True:
            test, _ = self.body("then")
            body, end = self.body("elif", "else", "fi")
            branches.append((test, body))
            if end == "else":
                otherwise, end = self.body("fi")
            if end == "fi":
                return t.If(branches, otherwise)

    def read_until(self):
        """list do list done, of until."""
        return self.read_while(until=True)

    def read_while(self, until=False):
        """list do list done."""
        test, _ = self.body("do")
        body, _ = self.body("done")
        return t.While(test, body, until)

    def read_for(self):
        """name [ in { word } ] body | "((" start ; test ; step "))" body."""
        line = self.line
        self.blanks()
        if self.looking_at("(("):
            self.at += 2
            parts = [self.arithmetic_word(end) for end in (";", ";", "))")]
            self.blanks()
            if self.looking_at(";"):
                self.at += 1
            return t.ForArithmetic(*parts, self.do_body(), line)
        name = self.name()
        if not name:
            self.unexpected()
        words = None
        self.newlines()
        if self.reserved_text() == "in":
            self.at += 2
            words = []
            while True:
                self.blanks()
                if self.at >= len(self.text) or self.text[self.at] in ";\n":
                    break
                words.append(self.word() or self.unexpected())
        self.blanks()
        if self.looking_at(";"):
            self.at += 1
        return t.For(name, words, self.do_body(), line)

    def do_body(self):
        """do list done, or { list }: the Sequence."""
        self.newlines()
        word = self.reserved()
        if word not in ("do", "{"):
            self.unexpected()
        self.at += len(word)
        return self.body("done" if word == "do" else "}")[0]

    def read_case(self):
        """word in { [ "(" ] pattern { "|" pattern } ")" list (";;" | ";&" | ";;&") } esac; the last
        one may lack its end."""
        line = self.line
        self.blanks()
        word = self.word() or self.unexpected()
        self.newlines()
        if self.reserved_text() != "in":
            self.unexpected()
        self.at += 2
        branches = []
        while True:
            self.newlines()
            if self.reserved() == "esac":
                self.at += 4
                return t.Case(word, branches, line)
            if self.looking_at("("):
                self.at += 1
            patterns = []
            while True:
                self.blanks()
                patterns.append(self.word() or self.unexpected())
                self.blanks()
                if self.looking_at("|"):
                    self.at += 1
                    continue
                if not self.looking_at(")"):
                    self.unexpected()
                self.at += 1
                break
            body = self.sequence((";;", ";&", "esac"))
            end = next((e for e in (";;&", ";;", ";&") if self.looking_at(e)), "")
            self.at += len(end)
            branches.append((patterns, body, end or ";;"))

    def read_function(self):
        """name [ "()" ] command, behind `function`."""
        self.blanks()
        name = self.until_break()
        self.blanks()
        if self.looking_at("("):
            self.at += 1
            self.blanks()
            self.expect(")")
        return self.function(name)

    def function(self, name):
        """A function's body, behind its name; it is kept as it was written too."""
        self.newlines()
        start = self.at
        body = self.command()
        return t.Function(name, body, f"{name} () {self.text[start:self.at].strip()}")

    def read_select(self):
        """name [ in { word } ] body."""
        found = self.read_for()
        return t.Select(found.name, found.words, found.body, found.line)

    def read_coproc(self):
        """Raises SyntaxProblem: there is no coproc here."""
        raise SyntaxProblem(self.line, "coproc does not work in the browser lab")

    # ---- simple commands -----------------------------------------------------

    def simple(self):
        """{ assignment | redirection | word }: a Simple; a Function, where () stands behind the
        first word."""
        assignments, words, redirections, line = [], [], [], self.line
        while True:
            self.blanks()
            redirection = self.redirection()
            if redirection:
                redirections.append(redirection)
                continue
            if self.at >= len(self.text) or self.text[self.at] in BREAKS and self.text[
                    self.at:self.at + 2] not in ("<(", ">("):
                break
            if not words or words[0].plain() in ("declare", "local", "export", "readonly",
                                                 "typeset"):
                found = self.assignment()
                if found:
                    (words if words else assignments).append(found)
                    continue
            word = self.word()
            if word is None:
                break
            if not words and not assignments and word.plain():
                self.blanks()
                if self.looking_at("()") or (self.looking_at("(") and self.text[
                        self.at + 1:].lstrip(" \t").startswith(")")):
                    self.at = self.text.index(")", self.at) + 1
                    return self.function(word.plain())
            words.append(word)
        if not (assignments or words or redirections):
            self.unexpected()
        return t.Simple(assignments, words, redirections, line)

    def assignment(self):
        """name=value, name+=value, name[index]=value, name=(...); None if it is none."""
        saved = self.at, self.line
        name = self.name()
        index = None
        if name and self.looking_at("["):
            self.at += 1
            try:
                index = self.word_until("]")
            except SyntaxProblem:
                name = ""
        append = self.looking_at("+=")
        if not name or not (append or self.looking_at("=")):
            self.at, self.line = saved
            return None
        self.at += 2 if append else 1
        if self.looking_at("(") and index is None:
            self.at += 1
            return t.Assignment(name, index, append, self.elements())
        return t.Assignment(name, index, append, self.word() or t.Word([], self.line))

    def elements(self):
        """{ word | [index]=word } ")", behind the parenthesis: [(index or None, Word)]."""
        found = []
        while True:
            self.newlines()
            if self.looking_at(")"):
                self.at += 1
                return found
            index = None
            if self.looking_at("["):
                saved = self.at
                self.at += 1
                index = self.word_until("]")
                if self.looking_at("="):
                    self.at += 1
                else:
                    self.at, index = saved, None
            word = self.word()
            if word is None and index is None:
                self.unexpected()
            found.append((index, word or t.Word([], self.line)))

    def redirections(self):
        """{ redirection }: a list, which may be empty."""
        found = []
        while True:
            self.blanks()
            one = self.redirection()
            if not one:
                return found
            found.append(one)

    OPERATORS = ("<<<", "<<-", "&>>", "<<", "<>", "<&", ">>", ">&", ">|", "&>", "<", ">")

    def redirection(self):
        """[ number | {name} ] operator word: a Redirection; None if none stands here."""
        saved, fd = self.at, None
        digits = self.at
        while digits < len(self.text) and self.text[digits].isdecimal():
            digits += 1
        if digits > self.at and digits < len(self.text) and self.text[digits] in "<>":
            fd, self.at = int(self.text[self.at:digits]), digits
        elif self.looking_at("{"):
            end = self.text.find("}", self.at)
            name = self.text[self.at + 1:end]
            if end > 0 and name.isidentifier() and self.text[end + 1:end + 2] in ("<", ">"):
                fd, self.at = name, end + 1
        op = next((op for op in self.OPERATORS if self.looking_at(op)), None)
        if op is None or op in "<>" and self.text[self.at + 1:self.at + 2] == "(":
            self.at = saved
            return None
        line = self.line
        self.at += len(op)
        self.blanks()
        if op in ("<<", "<<-"):
            return self.here_document(fd, op, line)
        target = self.word() or self.unexpected()
        return t.Redirection(fd, op, target, line)

    # ---- [[ ]] ------------------------------------------------------------------

    def read_condition(self):
        """either "]]", behind [[."""
        line = self.line
        expression = self.either()
        self.newlines()
        self.expect("]]")
        return t.Condition(expression, line)

    def either(self):
        """both { "||" both }: a tuple, as in t.Condition."""
        left = self.both()
        while True:
            self.newlines()
            if not self.looking_at("||"):
                return left
            self.at += 2
            left = ("or", left, self.both())

    def both(self):
        """test { "&&" test }."""
        left = self.test()
        while True:
            self.newlines()
            if not self.looking_at("&&"):
                return left
            self.at += 2
            left = ("and", left, self.test())

    def test(self):
        """-x word | word op word | word | "!" test | "(" either ")"."""
        self.newlines()
        if self.looking_at("("):
            self.at += 1
            found = self.either()
            self.newlines()
            self.expect(")")
            return found
        if self.looking_at("!") and self.text[self.at + 1:self.at + 2].isspace():
            self.at += 1
            return ("not", self.test())
        word = self.word() or self.unexpected()
        plain = word.plain() or ""
        self.blanks()
        if len(plain) == 2 and plain[0] == "-" and plain[1] in UNARY and not self.ends_test():
            return ("unary", plain, self.word() or self.unexpected())
        op = next((op for op in sorted(BINARY, key=len, reverse=True) if self.looking_at(op)
                   and (not op[-1].isalpha()
                        or self.text[self.at + len(op):self.at + len(op) + 1].isspace())), None)
        if op is None:
            return ("word", word)
        self.at += len(op)
        self.blanks()
        right = self.word(pattern=op == "=~") or self.unexpected()
        return ("binary", op, word, right)

    def ends_test(self):
        """Does ]], &&, || or ) stand here: is a word like -f no operator?"""
        return self.looking_at("]]") or self.looking_at("&&") or self.looking_at("||") \
            or self.looking_at(")")

    # the reserved word that begins a command -> what reads the rest of it
    READERS = {"if": read_if, "for": read_for, "while": read_while, "until": read_until,
               "case": read_case, "{": read_group, "[[": read_condition, "function": read_function,
               "select": read_select, "coproc": read_coproc}
