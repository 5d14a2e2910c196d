"""awk: runs what posix/tools/awk_parser.py has read. POSIX awk, without getline and pipes to commands."""

import math
import os
import random
import re

from ..files import whole
from .awk_functions import Functions, Seen, computed, number, numeric, regex, whole_number
from .awk_parser import AwkProblem, Parser, unescape


MOST_FIELDS = 10 ** 6
# Variables that are texts, whatever a program assigns.
TEXTS = {"FS", "OFS", "RS", "ORS", "SUBSEP", "OFMT", "CONVFMT"}


OUTSIDE = {"next": "improper use of next", "return": "return outside function body",
           "break": "break statement outside of loop", "continue": "continue statement outside of loop"}


class Leave(Exception):
    """next, exit, break, continue, return: `value` is exit's code (None: not told), or return's value."""

    def __init__(self, kind, value=None):
        super().__init__(kind)
        self.kind, self.value = kind, value


async def awk(process, argv):
    """awk [-F FS] [-v NAME=VALUE] [-f FILE | PROGRAM] [FILE | NAME=VALUE ...]: the exit code, 2
    after an error."""
    words, given, separator, text = list(argv[1:]), [], None, None
    try:
        while words and words[0].startswith("-") and words[0] != "-":
            word = words.pop(0)
            if word == "--":
                break
            value = word[2:] or (words.pop(0) if words else "")
            if word[:2] == "-F":
                separator = "\t" if value == "t" else unescape(value)
            elif word[:2] == "-v":
                given.append(value)
            elif word[:2] == "-f":
                try:
                    with open(os.path.join(process.cwd, value), encoding="utf-8", errors="surrogateescape") as f:
                        text = (text or "") + f.read() + "\n"
                except OSError as problem:
                    raise AwkProblem(f"couldn't open file {value} ({problem.strerror})") from None
            else:
                raise AwkProblem(f"option {word} is not known here")
        if text is None:
            if not words:
                raise AwkProblem("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]")
            text = words.pop(0)
        run = Run(process, Parser(text), separator)
        for one in given:
            run.outside(one)
        return await run.all(words)
    except RecursionError:
        problem = "functions are nested too deeply for the browser lab"
    except (AwkProblem, OSError) as found:
        problem = getattr(found, "strerror", None) or found
    await process.write(f"{argv[0]}: {problem}\n", 2)
    return 2


class Run(Functions):
    """One run of a program: variables, fields, output files.

    A value is a float or text, Seen if it came from outside. s and e are the tuples of awk_parser
    for a statement and an expression. What carries them out raises AwkProblem where that cannot be
    done here; statements raise Leave.
    """

    def __init__(self, process, program, separator):
        self.process, self.program = process, program
        self.globals = {"FS": " " if separator is None else separator, "OFS": " ", "ORS": "\n", "NR": 0.0,
                        "RS": "\n", "FNR": 0.0, "NF": 0.0, "SUBSEP": "\034", "RSTART": 0.0, "RLENGTH": -1.0,
                        "OFMT": "%.6g", "CONVFMT": "%.6g", "FILENAME": "", "ENVIRON": {
                            k: Seen(v) for k, v in process.env.items()}}
        self.locals, self.line, self.fields, self.out, self.files = [], "", [], [], {}
        self.ranges, self.seed = {}, 0.0
        self.random = random.Random(0)

    def outside(self, text):
        """Assign NAME=VALUE of the command line, with its escapes. Raises AwkProblem."""
        name, equals, value = text.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise AwkProblem(f"improper assignment: -v {text}")
        self.globals[name] = Seen(unescape(value))

    async def all(self, names):
        """BEGIN, the rules for the records of all files, END; the exit code. names: files and
        NAME=VALUE. Raises AwkProblem, OSError."""
        self.globals["ARGC"] = float(len(names) + 1)
        self.globals["ARGV"] = {"0": "awk", **{str(i): Seen(n) for i, n in enumerate(names, 1)}}
        code, rules = 0, self.program.rules
        try:
            try:
                self.once("BEGIN")
                await self.flush()
                if any(not p or p[0] != "BEGIN" for p, _ in rules):
                    await self.read(names)
            except Leave as leave:
                if leave.kind != "exit":
                    raise
                code = leave.value
                if not rules or leave.value is None:
                    code = 0
            try:
                self.once("END")
            except Leave as leave:
                code = leave.value if leave.value is not None else code
        finally:
            await self.flush()
            for file in self.files.values():
                file.close()
        return int(code or 0)

    def once(self, which):
        """The actions of "BEGIN" or "END". Raises Leave for exit, AwkProblem for any other."""
        try:
            self.rules(which)
        except Leave as leave:
            if leave.kind == "exit":
                raise
            raise AwkProblem(OUTSIDE[leave.kind]) from None

    async def read(self, names):
        """The rules for the records of each operand that is a file; of standard input if none is.
        Raises AwkProblem."""
        sources = [n for n in names if not re.match(r"[A-Za-z_]\w*=", n)]
        for name in names or ["-"]:
            if name not in sources and names:
                self.outside(name)
                continue
            await self.source(name)
        if names and not sources:
            await self.source("-")

    async def source(self, name):
        """The rules for the records of a file, or of standard input ("-"). Raises AwkProblem where
        it cannot be opened, and Leave but for next."""
        if name == "-":
            data = await self.process.read(0)
        else:
            try:
                file = self.process.open(name, os.O_RDONLY)
                data = await whole(file)
                file.close()
            except OSError as error:
                raise AwkProblem(f"cannot open \"{name}\" ({error.strerror})") from None
            self.globals["FILENAME"] = name
        self.globals["FNR"] = 0.0
        text, mark = data.decode("utf-8", "surrogateescape"), self.globals["RS"]
        if mark == "":
            records = [r for r in re.split(r"\n\n+", text.strip("\n")) if r]
        else:
            records = text.split(mark) if len(mark) == 1 else re.split(regex(mark), text)
            records = records[:-1] if records[-1] == "" else records
            if mark != "\n" and records and records[-1] == "\n":
                records.pop()
        for record in records:
            for name in ("NR", "FNR"):
                self.globals[name] = number(self.globals[name]) + 1
            self.record(record)
            try:
                self.rules(None)
            except Leave as leave:
                if leave.kind == "exit":
                    raise
                if leave.kind != "next":
                    raise AwkProblem(OUTSIDE[leave.kind]) from None
        await self.flush()

    async def flush(self):
        """Write what print has gathered for standard output. Raises OSError."""
        out, self.out = self.out, []
        if out:
            await self.process.write("".join(out))

    # ---- records ---------------------------------------------------------------

    def record(self, text):
        """Make a text the record: $0, its fields, NF."""
        self.line = Seen(text)
        self.fields = [Seen(f) for f in self.cut(text, self.globals["FS"])]
        self.globals["NF"] = float(len(self.fields))

    def cut(self, text, separator):
        """The fields of a text, as FS says: at blanks (" "), at a character, at a regular
        expression; "" for every character."""
        if separator == " ":
            return text.split()
        if not text:
            return []
        if len(separator) == 1:
            return text.split(separator)
        return re.split(regex(separator), text) if separator else list(text)

    def set_field(self, index, value):
        """Assign a field and make $0 anew; or $0 (index 0) and its fields."""
        if not index:
            self.record(self.text(value))
            return
        if index > MOST_FIELDS:
            raise AwkProblem(f"field {index} is too far for the browser lab")
        while len(self.fields) < index:
            self.fields.append(Seen(""))
        self.fields[index - 1] = value
        self.join()

    def join(self):
        """Make $0 and NF anew from the fields."""
        self.globals["NF"] = float(len(self.fields))
        self.line = Seen(self.globals["OFS"].join(map(self.text, self.fields)))

    # ---- rules and statements ---------------------------------------------------

    def rules(self, which):
        """Run the actions of "BEGIN" or "END"; for None, of the patterns that the record fits.
        Raises Leave."""
        for at, (pattern, action) in enumerate(self.program.rules):
            kind = pattern[0] if pattern else None
            if kind in ("BEGIN", "END"):
                if kind != which:
                    continue
            elif which is not None:
                continue
            elif kind == "when" and not self.true(pattern[1]):
                continue
            elif kind == "range":
                if not self.ranges.get(at):
                    if not self.true(pattern[1]):
                        continue
                    self.ranges[at] = True
                if self.true(pattern[2]):
                    self.ranges[at] = False
            if action is None:
                self.out.append(self.line + self.globals["ORS"])
            else:
                self.run(action)

    def run(self, s):
        """Carry out a statement. Raises Leave."""
        self.STATEMENTS[s[0]](self, s)

    def run_block(self, s):
        """{ statements }."""
        for one in s[1]:
            self.run(one)

    def run_if(self, s):
        """if (e) statement else statement."""
        if self.true(s[1]):
            self.run(s[2])
        elif s[3]:
            self.run(s[3])

    def turn(self, body):
        """One turn of a loop; does it go on? Raises Leave, but for break and continue."""
        try:
            self.run(body)
        except Leave as leave:
            if leave.kind not in ("break", "continue"):
                raise
            return leave.kind == "continue"
        return True

    def run_while(self, s):
        """while (e) statement."""
        while self.true(s[1]) and self.turn(s[2]):
            continue

    def run_do(self, s):
        """do statement while (e)."""
        while self.turn(s[2]) and self.true(s[1]):
            continue

    def run_for(self, s):
        """for (statement; e; statement) statement."""
        if s[1]:
            self.run(s[1])
        while (not s[2] or self.true(s[2])) and self.turn(s[4]):
            if s[3]:
                self.run(s[3])

    def run_each(self, s):
        """for (name in array) statement: for the keys that are there when it begins, in the order
        they came."""
        for key in list(self.array(s[2])):
            self.put(("name", s[1]), Seen(key))
            if not self.turn(s[3]):
                return

    def run_break(self, s):
        """break, continue, next: raises Leave."""
        raise Leave(s[0])

    def run_exit(self, s):
        """exit [e]: raises Leave with the code, None without e."""
        raise Leave("exit", whole_number(self.value(s[1])) & 255 if s[1] else None)

    def run_return(self, s):
        """return [e]: raises Leave with the value."""
        raise Leave("return", self.value(s[1]) if s[1] else "")

    def run_delete(self, s):
        """delete array[e], or all of an array."""
        if s[2] is None:
            self.array(s[1]).clear()
        else:
            self.array(s[1]).pop(self.key(s[2]), None)

    def run_expression(self, s):
        """An expression, for what it does."""
        self.value(s[1])

    def run_print(self, s):
        """print [list]: the values, or $0, with OFS between and ORS behind them."""
        values = [self.value(a) for a in s[1]] or [self.line]
        text = self.globals["OFS"].join(self.shown(v) for v in values) + self.globals["ORS"]
        self.emit(text, s[2], s[3])

    def run_printf(self, s):
        """printf list: a text by its format."""
        self.emit(self.do_sprintf(*[self.value(a) for a in s[1]]), s[2], s[3])

    def emit(self, text, how, target):
        """Print a text: where `how` is > or >>, to the file that the expression `target` names.
        Raises AwkProblem for a pipe, OSError."""
        if how is None:
            self.out.append(text)
            return
        if how == "|":
            raise AwkProblem("a pipe to a command does not work in the browser lab: put it behind awk")
        name = self.text(self.value(target))
        if name == "/dev/stdout":
            self.out.append(text)
            return
        if name not in self.files:
            try:
                self.files[name] = self.process.open(name, os.O_WRONLY | os.O_CREAT | (
                    os.O_APPEND if how == ">>" else os.O_TRUNC))
            except OSError as problem:
                raise AwkProblem(f'cannot open "{name}" for output ({problem.strerror})') from None
        # without waiting, though it be a full pipe
        self.files[name].put(text.encode("utf-8", "surrogateescape"))

    # ---- values ------------------------------------------------------------------

    def text(self, value):
        """A value as text; a number that is not whole by CONVFMT."""
        return self.by(self.globals["CONVFMT"], value) if isinstance(value, float) else value

    @staticmethod
    def by(form, value):
        """A number as text: a whole one as such, another by a format."""
        if not math.isfinite(value):
            return str(value)
        if value == int(value) and abs(value) < 1e16:
            return str(int(value))
        try:
            return form % value
        except (TypeError, ValueError):
            return form                  # there is no number in it

    def shown(self, value):
        """A value as print shows it; a number that is not whole by OFMT."""
        return self.by(self.globals["OFMT"], value) if isinstance(value, float) else value

    def true(self, e):
        """Is an expression true: a number that is not 0, text that is not empty?"""
        value = self.value(e)
        return number(value) != 0 if numeric(value) else value != ""

    def value(self, e):
        """The value of an expression."""
        return self.EXPRESSIONS[e[0]](self, e)

    def get_number(self, e):
        """A number, or a text between quotes."""
        return e[1]

    def get_regex(self, e):
        """/regex/ alone: does $0 match? 1 or 0."""
        return float(re.search(regex(e[1]), self.line) is not None)

    def get_group(self, e):
        """(e)."""
        return self.value(e[1])

    def get_field(self, e):
        """$e; "" beyond the last field. Raises AwkProblem below 0."""
        index = whole_number(self.value(e[1]))
        if index < 0:
            raise AwkProblem(f"trying to access out of range field {index}")
        if not index:
            return self.line
        return self.fields[index - 1] if index <= len(self.fields) else Seen("")

    def space(self, name):
        """The variables among which a name stands: the function's own, or all."""
        return self.locals[-1] if self.locals and name in self.locals[-1] else self.globals

    def get_name(self, e):
        """A variable; "" for one that has no value."""
        value = self.space(e[1]).get(e[1])
        if isinstance(value, dict):
            raise AwkProblem(f"illegal reference to array {e[1]}")
        return Seen("") if value is None else value

    def array(self, name):
        """The array of a name, {key: value}; a variable that is none becomes an empty one."""
        space = self.space(name)
        if not isinstance(space.get(name), dict):
            space[name] = {}
        return space[name]

    def key(self, indices):
        """A subscript's expressions as a key, joined by SUBSEP."""
        return self.globals["SUBSEP"].join(self.text(self.value(i)) for i in indices)

    def get_element(self, e):
        """array[list]; made, as "", if it was not there."""
        return self.array(e[1]).setdefault(self.key(e[2]), Seen(""))

    def get_in(self, e):
        """(list) in array: 1 or 0."""
        return float(self.key(e[1]) in self.array(e[2]))

    def put(self, target, value):
        """Assign to a variable, element or field; the value. NF changes the fields. Raises AwkProblem."""
        if target[0] == "field":
            index = whole_number(self.value(target[1]))
            if index < 0:
                raise AwkProblem(f"trying to access out of range field {index}")
            self.set_field(index, value)
        elif target[0] == "element":
            self.array(target[1])[self.key(target[2])] = value
        else:
            self.space(target[1])[target[1]] = self.text(value) if target[1] in TEXTS else value
            if target[1] == "NF":
                count = whole_number(value)
                if not 0 <= count <= MOST_FIELDS:
                    raise AwkProblem(f"NF cannot be {count} in the browser lab")
                self.fields = [*self.fields[:count], *[Seen("")] * (count - len(self.fields))]
                self.join()
        return value

    def get_assign(self, e):
        """target = e, target += e ...: the new value."""
        value = self.value(e[3])
        if e[1] != "=":
            value = self.compute(e[1][0], number(self.value(e[2])), number(value))
        return self.put(e[2], value)

    def get_step(self, e):
        """++target, target++ and with --: the value after, or before."""
        before = number(self.value(e[2]))
        after = self.put(e[2], before + (1 if e[1] == "++" else -1))
        return after if e[3] else before

    def get_choice(self, e):
        """e ? e : e."""
        return self.value(e[2] if self.true(e[1]) else e[3])

    def get_logic(self, e):
        """e && e, e || e: 1 or 0; the right side only if it matters."""
        left = self.true(e[2])
        return float(left and self.true(e[3]) if e[1] == "&&" else left or self.true(e[3]))

    def pattern(self, e):
        """The right side of ~ as a regular expression for re: a /regex/, or an expression's text."""
        return regex(e[1]) if e[0] == "regex" else regex(self.text(self.value(e)))

    def get_match(self, e):
        """e ~ e, e !~ e: 1 or 0."""
        found = re.search(self.pattern(e[3]), self.text(self.value(e[2]))) is not None
        return float(found == (e[1] == "~"))

    def get_compare(self, e):
        """e < e and its like: 1 or 0; as numbers if both look so, else as text."""
        a, b = self.value(e[2]), self.value(e[3])
        if numeric(a) and numeric(b):
            a, b = number(a), number(b)
        elif a == "" and isinstance(a, Seen) and isinstance(b, float):
            a = 0.0 if e[2][0] == "name" else a
        elif b == "" and isinstance(b, Seen) and isinstance(a, float):
            b = 0.0 if e[3][0] == "name" else b
        if isinstance(a, float) != isinstance(b, float):
            a, b = self.text(a), self.text(b)
        return float({"<": a < b, "<=": a <= b, "==": a == b, "!=": a != b, ">": a > b, ">=": a >= b}[e[1]])

    def get_concat(self, e):
        """e e: one text."""
        return self.text(self.value(e[1])) + self.text(self.value(e[2]))

    def get_math(self, e):
        """e + e and its like."""
        return self.compute(e[1], number(self.value(e[2])), number(self.value(e[3])))

    @staticmethod
    def compute(op, a, b):
        """a op b for + - * / % ^. Raises AwkProblem for a division by 0."""
        if op in "/%" and not b:
            raise AwkProblem("division by zero" + (" in %" if op == "%" else ""))
        return computed({"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b,
                         "%": lambda: math.fmod(a, b),
                         "^": lambda: math.pow(a, b) if a or b >= 0 else math.inf}[op])

    def get_unary(self, e):
        """!e: 1 or 0; -e, +e."""
        if e[1] == "!":
            return float(not self.true(e[2]))
        return number(self.value(e[2])) * (-1 if e[1] == "-" else 1)

    # ---- functions -----------------------------------------------------------------

    def get_call(self, e):
        """A function's value: the program's own, or the language's. Raises AwkProblem for system
        and for names of none."""
        name, args = e[1], e[2]
        if name in self.program.functions:
            return self.call_own(name, args)
        if name == "system":
            raise AwkProblem("system() does not work in the browser lab")
        if name not in self.CALLS:
            raise AwkProblem(f"function {name} not defined")
        least, most = self.ARGUMENTS.get(name, (1, 1))
        if not least <= len(args) <= most:
            raise AwkProblem(f"wrong number of arguments in call to {name}")
        if name in ("length", "split", "sub", "gsub", "match"):
            return self.CALLS[name](self, *args)
        return self.CALLS[name](self, *[self.value(a) for a in args])

    def call_own(self, name, args):
        """Call a function of the program; arrays are passed as they are, values as copies. Its
        value, "" without a return. Raises Leave for exit and next."""
        names, body = self.program.functions[name]
        own = dict.fromkeys(names)
        for parameter, arg in zip(names, args):
            if arg[0] == "name" and (isinstance(self.space(arg[1]).get(arg[1]), dict)
                                     or self.space(arg[1]).get(arg[1]) is None):
                own[parameter] = self.space(arg[1]).get(arg[1])
                if own[parameter] is None:
                    # it may turn out to be an array: then both mean the same one
                    own[parameter] = self.space(arg[1])[arg[1]] = {} if self.uses_array(body, parameter) else None
            else:
                own[parameter] = self.value(arg)
        self.locals.append(own)
        try:
            self.run(body)
        except Leave as leave:
            if leave.kind != "return":
                raise
            return leave.value
        finally:
            self.locals.pop()
        return Seen("")

    @staticmethod
    def uses_array(body, name):
        """Does a function's body use this name as an array?"""
        return f"('element', '{name}'" in repr(body) or f", '{name}')" in repr(body) and "'in'" in repr(body)

    # the kind of a statement, of an expression -> what carries it out
    STATEMENTS = {"block": run_block, "if": run_if, "while": run_while, "do": run_do,
                  "for": run_for, "each": run_each, "break": run_break,
                  "continue": run_break, "next": run_break, "exit": run_exit, "return": run_return,
                  "delete": run_delete, "expression": run_expression, "print": run_print,
                  "printf": run_printf}
    EXPRESSIONS = {"number": get_number, "string": get_number, "regex": get_regex, "group": get_group,
                   "field": get_field, "name": get_name, "element": get_element, "in": get_in,
                   "assign": get_assign, "step": get_step, "choice": get_choice,
                   "logic": get_logic, "match": get_match, "compare": get_compare,
                   "concat": get_concat, "math": get_math, "unary": get_unary, "call": get_call}
