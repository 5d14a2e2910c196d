"""Characters of a shell script -> words (posix/shell/tree.py): quotes, expansions, here-documents."""

from . import tree as t

BLANKS = " \t"
BREAKS = " \t\n;&|()<>"
SPECIAL = "@*#?-$!"
RESERVED = {"if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until",
            "for", "in", "function", "time", "{", "}", "!", "[[", "]]", "select", "coproc"}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
           "e": "\033", "E": "\033", "\\": "\\", "'": "'", '"': '"', "?": "?"}
OPERATORS = (":-", ":=", ":?", ":+", "##", "%%", "//", "/#", "/%", "^^", ",,", "-", "=", "?", "+",
             "#", "%", "/", "^", ",", "@", ":")


class SyntaxProblem(Exception):
    """A text is no script: the line, and what bash says of it."""

    def __init__(self, line, text):
        super().__init__(text)
        self.line, self.text = line, text


class Scanner:
    """A place in a text; reads words from there on.

    parser(text, line): what reads a script that stands inside of a word, parser.Parser. What reads
    raises SyntaxProblem where the text ends too early.
    """

    def __init__(self, text, line, parser):
        self.text, self.at, self.line, self.parser, self.first = text, 0, line, parser, line
        self.documents = []              # here-documents whose text comes after this line
        self.document_open = False       # did the text end before a here-document's end?

    # ---- where we are ---------------------------------------------------------

    def looking_at(self, piece):
        """Does this text stand here?"""
        return self.text.startswith(piece, self.at)

    def expect(self, piece):
        """Consume what must stand here. Raises SyntaxProblem if it does not."""
        if not self.looking_at(piece):
            self.unexpected()
        self.at += len(piece)

    def unexpected(self):
        """Raise SyntaxProblem with what bash says of the token that stands here."""
        rest = self.text[self.at:]
        if not rest.strip():
            raise SyntaxProblem(self.first + self.text.count("\n") + (not self.text.endswith("\n")),
                                "syntax error: unexpected end of file")
        if rest[0] == "\n":
            token = "newline"
        else:
            token = next((op for op in (";;", "&&", "||", ">>", "<<") if rest.startswith(op)),
                         rest[0] if rest[0] in BREAKS else self.until_break())
        raise SyntaxProblem(self.line, f"syntax error near unexpected token `{token}'")

    def blanks(self):
        """Skip blanks, continued lines and a comment."""
        text = self.text
        while self.at < len(text):
            ch = text[self.at]
            if ch in BLANKS:
                self.at += 1
            elif ch == "\\" and text[self.at + 1:self.at + 2] == "\n":
                self.at += 2
                self.line += 1
            elif ch == "#" and (self.at == 0 or text[self.at - 1] in BREAKS):
                end = text.find("\n", self.at)
                self.at = end if end >= 0 else len(text)
            else:
                return

    def newlines(self):
        """Skip blanks, comments and ends of lines; read the here-documents that begin there."""
        while True:
            self.blanks()
            if not self.looking_at("\n"):
                return
            self.end_of_line()

    def end_of_line(self):
        """Consume the end of a line, and the here-documents that begin behind it."""
        self.at += 1
        self.line += 1
        for redirection, end, strip, quoted in self.documents:
            self.document(redirection, end, strip, quoted)
        self.documents = []

    def reserved_text(self):
        """The plain word that stands here, not consumed."""
        end = self.at
        while end < len(self.text) and self.text[end] not in BREAKS:
            end += 1
        return self.text[self.at:end]

    def reserved(self):
        """The reserved word that stands here; "" if there is none."""
        if self.at < len(self.text) and self.text[self.at] in "{}!" and self.text[
                self.at + 1:self.at + 2] in ("", *BREAKS):
            return self.text[self.at]
        word = self.reserved_text()
        return word if word in RESERVED and word not in "{}!" else ""

    def until_break(self):
        """The plain word that stands here, consumed; "" if there is none."""
        word = self.reserved_text()
        self.at += len(word)
        return word

    def name(self):
        """An identifier, consumed; "" if there is none."""
        end = self.at
        text = self.text
        while end < len(text) and (text[end] == "_" or text[end].isascii() and (
                text[end].isalpha() or end > self.at and text[end].isdecimal())):
            end += 1
        found, self.at = text[self.at:end], end
        return found

    # ---- here-documents ----------------------------------------------------------

    def here_document(self, fd, op, line):
        """word, behind << or <<-: a Redirection whose target is filled in at the end of the line.
        Raises SyntaxProblem."""
        word = self.word()
        if word is None:
            self.unexpected()
        quoted = any(getattr(p, "quoted", False) for p in word.parts)
        end = "".join(p.text for p in word.parts if isinstance(p, t.Text))
        redirection = t.Redirection(fd, "<<", None, line)
        self.documents.append((redirection, end, op == "<<-", quoted))
        return redirection

    def document(self, redirection, end, strip, quoted):
        """Read a here-document's lines up to `end` and make them its Redirection's target; strip:
        tabs before each go, quoted: nothing in it is expanded."""
        lines, begin = [], self.line
        while self.at < len(self.text):
            stop = self.text.find("\n", self.at)
            stop = stop if stop >= 0 else len(self.text)
            line = self.text[self.at:stop]
            self.at = min(stop + 1, len(self.text))
            self.line += 1
            line = line.lstrip("\t") if strip else line
            if line == end:
                break
            lines.append(line + "\n")
        else:
            self.document_open = True
        body = "".join(lines)
        if quoted:
            redirection.target = t.Word([t.Text(body, True)], begin)
        else:
            redirection.target = t.Word(Scanner(body, begin, self.parser).quoted_parts(None, document=True), begin)

    # ---- words --------------------------------------------------------------------

    def word(self, pattern=False):
        """The word that stands here; None if there is none. In a pattern of =~ parentheses
        and bars belong to the word."""
        parts, line, depth = [], self.line, 0
        while self.at < len(self.text):
            ch = self.text[self.at]
            if pattern and (ch in "()|" or depth and ch in " "):
                if ch == ")" and not depth:
                    break
                depth += {"(": 1, ")": -1}.get(ch, 0)
                self.literal(parts, ch)
                self.at += 1
                continue
            if ch in BREAKS:
                if ch in "<>" and self.text[self.at + 1:self.at + 2] == "(":
                    parts.append(self.process_file(ch))
                    continue
                if ch == "(" and parts and self.text[self.at - 1] in "?*+@!" and isinstance(
                        parts[-1], t.Text) and not parts[-1].quoted:
                    self.extended_pattern(parts)
                    continue
                break
            self.part(parts)
        return t.Word(parts, line) if parts else None

    def word_until(self, end):
        """Everything up to the text `end`, which is consumed, as a word. Raises SyntaxProblem."""
        parts, line = [], self.line
        while not self.looking_at(end):
            if self.at >= len(self.text):
                raise SyntaxProblem(line, f"unexpected EOF while looking for matching `{end}'")
            self.part(parts)
        self.at += len(end)
        return t.Word(parts, line)

    def part(self, parts):
        """Read one piece of a word and add it to `parts`. Raises SyntaxProblem."""
        ch = self.text[self.at]
        if ch == "\\":
            following = self.text[self.at + 1:self.at + 2]
            self.at += 2
            if following == "\n":
                self.line += 1
            elif following:
                parts.append(t.Text(following, True))
            else:
                self.literal(parts, "\\")
        elif ch == "'":
            parts.append(t.Text(self.single_quoted(), True))
        elif ch == '"':
            self.at += 1
            parts.extend(self.quoted_parts('"') or [t.Text("", True)])
        elif ch == "$" and self.text[self.at + 1:self.at + 2] == "'":
            self.at += 1
            # a text ends where a zero byte would stand
            parts.append(t.Text(unescape(self.single_quoted(escapes=True)).partition("\0")[0], True))
        elif ch == "$" and self.text[self.at + 1:self.at + 2] == '"':
            self.at += 2
            parts.extend(self.quoted_parts('"') or [t.Text("", True)])
        elif ch == "$":
            self.dollar(parts, False)
        elif ch == "`":
            parts.append(self.backquoted(False))
        else:
            if ch == "\n":
                self.line += 1
            self.literal(parts, ch)
            self.at += 1

    @staticmethod
    def literal(parts, ch):
        """Add unquoted text to `parts`, to the last one if that is such text too."""
        if parts and isinstance(parts[-1], t.Text) and not parts[-1].quoted:
            parts[-1].text += ch
        else:
            parts.append(t.Text(ch, False))

    def single_quoted(self, escapes=False):
        """The text between two ', which are consumed; escapes: \\' does not end it, as in $'...'.
        Raises SyntaxProblem."""
        start = end = self.at + 1
        while True:
            if end >= len(self.text):
                raise SyntaxProblem(self.line, "unexpected EOF while looking for matching `''")
            if self.text[end] == "'":
                break
            end += 2 if escapes and self.text[end] == "\\" else 1
        found, self.at = self.text[start:end], end + 1
        self.line += found.count("\n")
        return found

    def quoted_parts(self, end, document=False):
        """The parts of a double-quoted text up to `end`, which is consumed, or of a whole
        here-document. Raises SyntaxProblem."""
        parts, line, plain = [], self.line, []

        def flush():
            if plain:
                parts.append(t.Text("".join(plain), True))
                plain.clear()

        while True:
            if self.at >= len(self.text):
                if document:
                    flush()
                    return parts
                raise SyntaxProblem(line, f"unexpected EOF while looking for matching `{end}'")
            ch = self.text[self.at]
            if ch == end and not document:
                self.at += 1
                flush()
                return parts
            if ch == "\\":
                following = self.text[self.at + 1:self.at + 2]
                self.at += 2
                if following == "\n":
                    self.line += 1
                elif following and following in ('$`\\' if document else '$`"\\'):
                    plain.append(following)
                else:
                    plain.append("\\" + following)
            elif ch == "$":
                flush()
                self.dollar(parts, True)
            elif ch == "`":
                flush()
                parts.append(self.backquoted(True))
            else:
                if ch == "\n":
                    self.line += 1
                plain.append(ch)
                self.at += 1

    def extended_pattern(self, parts):
        """?(a|b) and its like, taken into the word as it stands."""
        self.literal(parts, "(")
        self.at += 1
        depth = 1
        while depth and self.at < len(self.text):
            ch = self.text[self.at]
            if ch in "(|)":
                depth += {"(": 1, ")": -1}.get(ch, 0)
                self.literal(parts, ch)
                self.at += 1
            else:
                self.part(parts)

    # ---- expansions -------------------------------------------------------------------

    def dollar(self, parts, quoted):
        """Read what begins with $ and add it to `parts`: an expansion, or the sign itself. Raises
        SyntaxProblem."""
        text, at = self.text, self.at
        following = text[at + 1:at + 2]
        if text.startswith("$((", at):
            saved = self.at, self.line
            self.at += 3
            try:
                parts.append(t.Arithmetic(self.arithmetic_word("))"), quoted))
                return
            except SyntaxProblem:
                self.at, self.line = saved
        if following == "(":
            self.at += 2
            parts.append(t.Substitution(self.script_until(")"), quoted))
        elif following == "[":
            self.at += 2
            parts.append(t.Arithmetic(self.word_until("]"), quoted))
        elif following == "{":
            self.at += 2
            parts.append(self.parameter(quoted))
        elif following and following in SPECIAL + "0123456789":
            self.at += 2
            parts.append(t.Parameter(following, None, "", None, None, False, False, quoted))
        else:
            self.at += 1
            name = self.name()
            if name:
                parts.append(t.Parameter(name, None, "", None, None, False, False, quoted))
            elif quoted:
                parts.append(t.Text("$", True))
            else:
                self.literal(parts, "$")

    def script_until(self, end):
        """A script inside of this text, up to `end`, which is consumed: its Sequence. Raises
        SyntaxProblem."""
        inner = self.parser(self.text, self.line)
        inner.at = self.at
        found = inner.sequence((end,))
        inner.blanks()
        if not inner.looking_at(end):
            if inner.at >= len(inner.text):
                raise SyntaxProblem(self.line, f"unexpected EOF while looking for matching `{end}'")
            inner.unexpected()
        self.at, self.line = inner.at + len(end), inner.line
        return found

    def process_file(self, ch):
        """<(script) or >(script), from the sign `ch` on: a ProcessFile. Raises SyntaxProblem."""
        self.at += 2
        return t.ProcessFile(self.script_until(")"), ch == ">")

    def backquoted(self, quoted):
        """`script`: a Substitution; a backslash in it protects $ ` and itself (quoted: " too).
        Raises SyntaxProblem."""
        line, found = self.line, []
        self.at += 1
        while True:
            if self.at >= len(self.text):
                raise SyntaxProblem(line, "unexpected EOF while looking for matching ``'")
            ch = self.text[self.at]
            if ch == "`":
                self.at += 1
                break
            following = self.text[self.at + 1:self.at + 2]
            if ch == "\\" and following and following in ('$`\\"' if quoted else "$`\\"):
                found.append(following)
                self.at += 2
                continue
            found.append(ch)
            self.at += 1
        text = "".join(found)
        self.line += text.count("\n")
        return t.Substitution(self.parser(text, line).whole(), quoted)

    def arithmetic_word(self, end):
        """An expression up to `end`, which is consumed, with the parentheses inside of it, as a
        Word. Raises SyntaxProblem."""
        parts, line, depth = [], self.line, 0
        while True:
            if self.at >= len(self.text):
                raise SyntaxProblem(line, f"unexpected EOF while looking for matching `{end}'")
            ch = self.text[self.at]
            if not depth and self.looking_at(end):
                self.at += len(end)
                return t.Word(parts, line)
            if ch in "()":
                depth += 1 if ch == "(" else -1
                if depth < 0:
                    raise SyntaxProblem(line, "missing `)'")
                self.literal(parts, ch)
                self.at += 1
            elif ch == "$":
                self.dollar(parts, True)
            elif ch == '"':
                self.at += 1
            else:
                self.part(parts)

    def parameter(self, quoted):
        """${...} after the brace, up to the closing one: a Parameter. Raises SyntaxProblem."""
        start, line = self.at, self.line
        length = indirect = False
        if self.looking_at("#") and not self.text[self.at + 1:self.at + 2] in ("}", ":", "-", "%"):
            length = True
            self.at += 1
        elif self.looking_at("!") and not self.text[self.at + 1:self.at + 2] in ("}", ":"):
            indirect = True
            self.at += 1
        name = self.name()
        if not name:
            ch = self.text[self.at:self.at + 1]
            end = self.at
            while end < len(self.text) and self.text[end].isdecimal():
                end += 1
            if end > self.at:
                name, self.at = self.text[self.at:end], end
            elif ch and ch in SPECIAL:
                name, self.at = ch, self.at + 1
        index = None
        if self.looking_at("[") and name:
            self.at += 1
            index = self.word_until("]")
        op, word, other = "", None, None
        if indirect and (self.looking_at("*}") or self.looking_at("@}")):
            op, self.at = "prefix", self.at + 1
        elif not self.looking_at("}"):
            op = next((op for op in OPERATORS if self.looking_at(op)), None)
            if op is None or not name:
                end = self.text.find("}", start)
                raise SyntaxProblem(line, f"${{{self.text[start:end]}}}: bad substitution")
            self.at += len(op)
            word = self.operand(op, quoted)
            if op[0] == "/" and self.looking_at("/"):
                self.at += 1
                other = self.operand("", quoted)
        self.expect("}")
        return t.Parameter(name, index, op, word, other, length, indirect, quoted)

    def operand(self, op, quoted):
        """The word behind an operator in ${...}, up to the closing brace (or slash), which is not
        consumed. Raises SyntaxProblem."""
        parts, line = [], self.line
        while not self.looking_at("}") and not (
                op[:1] == "/" and self.looking_at("/") and (parts or op in ("/#", "/%"))):
            if self.at >= len(self.text):
                raise SyntaxProblem(line, "unexpected EOF while looking for matching `}'")
            ch = self.text[self.at]
            if quoted and ch == "'" and op[:1] not in ("#", "%", "/", "^", ","):
                self.literal(parts, ch)
                self.at += 1
            else:
                self.part(parts)
        return t.Word(parts, line)


def unescape(text):
    """$'...' -> the text it means."""
    out, i = [], 0
    while i < len(text):
        ch = text[i]
        if ch != "\\" or i + 1 == len(text):
            out.append(ch)
            i += 1
            continue
        ch = text[i + 1]
        i += 2
        if ch in ESCAPES:
            out.append(ESCAPES[ch])
        elif ch in "01234567":
            end = i - 1
            while end < len(text) and end < i + 2 and text[end] in "01234567":
                end += 1
            out.append(byte(int(text[i - 1:end], 8) & 255))
            i = end
        elif ch in "xuU":
            most = {"x": 2, "u": 4, "U": 8}[ch]
            end = i
            while end < len(text) and end < i + most and text[end] in "0123456789abcdefABCDEF":
                end += 1
            code = int(text[i:end] or "0", 16)
            out.append("\\" + ch if end == i else byte(code) if ch == "x" else character(code))
            i = end
        else:
            out.append("\\" + ch)
    # bytes that are characters together become these
    return "".join(out).encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def byte(number):
    """A byte as it stands in a text."""
    return bytes([number]).decode("utf-8", "surrogateescape")


def character(code):
    """A character by its number; of what is none, the bytes that UTF-8 would have, none beyond it."""
    if 0xD800 <= code < 0xE000:
        return chr(code).encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
    return chr(code) if code < 0x110000 else ""
