"""Words of the tree -> the arguments they mean. bash(1), EXPANSION.

On the way a word is a list of fields; a field is a list of (text, quoted) pieces, or None
for a field that an empty expansion left behind.
"""

import pwd
import re

from . import glob
from . import tree as t
from .arithmetic import ArithmeticProblem
from .quoting import quote, shown


class Unset(Exception):
    """${name:?why}, or a name that is not set under `set -u`: ends the script."""

    def __init__(self, name, text, code=1):
        super().__init__(text)
        self.name, self.text, self.code = name, text, code


# Stands between the fields of "$@" in a list of pieces.
BREAK = object()


async def fields(shell, words):
    """The arguments that a list of words means. Raises Unset, and what $(...) and $((...)) raise."""
    found = []
    for word in words:
        if len(word.parts) == 1 and isinstance(word.parts[0], t.Text) and word.parts[0].quoted:
            found.append(word.parts[0].text)
            continue
        for one in braces(word):
            for field in split(shell, await pieces(shell, one)):
                found.extend(names(shell, field))
    return found


async def text(shell, word):
    """One string, neither split nor matched against files: assignments, redirections, case. Raises
    as fields does."""
    joined = []
    for piece in await pieces(shell, word, assignment=True):
        joined.append(shell.ifs_first if piece is BREAK else piece[0])
    return "".join(joined)


async def pattern(shell, word):
    """A word as a pattern: what is quoted matches itself."""
    return "".join(" " if p is BREAK else glob.escape(p[0]) if p[1] else p[0]
                   for p in await pieces(shell, word, assignment=True))


def split(shell, found):
    """Pieces -> fields: at BREAKs, and unquoted expansions at the characters of IFS."""
    ifs = shell.get("IFS")
    ifs = " \t\n" if ifs is None else ifs
    blank = "".join(c for c in ifs if c in " \t\n")
    out, field, begun = [], [], False

    def flush():
        nonlocal field, begun
        if begun:
            out.append(field)
        field, begun = [], False

    for piece in found:
        if piece is BREAK:
            flush()
            begun = True
            continue
        value, quoted, expanded = piece
        if quoted or not expanded:
            if value or quoted:
                field.append((value, quoted))
                begun = True
            continue
        letters, ended = [], False       # ended: by blanks alone, and more may follow

        def push():
            if letters:
                field.append(("".join(letters), False))
                letters.clear()

        for ch in value:
            if ch not in ifs:
                letters.append(ch)
                begun, ended = True, False
            elif ch in blank:
                ended = ended or begun
                push()
                flush()
            elif begun or not ended:
                push()
                begun, ended = True, False
                flush()
            else:
                ended = False
        push()
    flush()
    return out


def names(shell, field):
    """A field -> what it is at last: the files that it matches, or its text."""
    plain = "".join(value for value, _ in field)
    if shell.options["noglob"] or not any(not q and any(c in v for c in "*?[")
                                          or not q and re.search(r"[+@!]\(", v) for v, q in field):
        return [plain]
    form = "".join(glob.escape(v) if q else v for v, q in field)
    if not glob.has_magic(form):
        return [plain]
    found = glob.files(form, shell.process.cwd, shell.shopt["dotglob"])
    if found:
        return found
    if shell.shopt["nullglob"]:
        return []
    return [plain]


# ---- pieces: (text, quoted, comes from an expansion?) ------------------------------

async def pieces(shell, word, assignment=False):
    """All expansions but splitting and file names: (text, quoted, comes from an expansion?) and
    BREAKs. Raises Unset, ArithmeticProblem, ReadOnly; TypeError for an Assignment, which is no
    word."""
    out = []
    for number, part in enumerate(word.parts):
        if isinstance(part, t.Text):
            value = part.text
            if not part.quoted and value:
                value = tilde(shell, value, number, word.parts, assignment)
                if isinstance(value, tuple):
                    out += [(value[0], True, False), (value[1], False, False)]
                    continue
            out.append((value, part.quoted, False))
        elif isinstance(part, t.Substitution):
            out.append((await shell.substitute(part.script), part.quoted, True))
        elif isinstance(part, t.Arithmetic):
            out.append((str(await shell.compute(part.word)), part.quoted, True))
        elif isinstance(part, t.ProcessFile):
            out.append((await shell.process_file(part), True, False))
        elif isinstance(part, t.Assignment):
            raise TypeError("an assignment is no word")
        else:
            out += await parameter(shell, part)
    return out


def tilde(shell, value, number, parts, assignment):
    """~ and ~NAME at the beginning of a word (part `number` of `parts`): (folder, the rest);
    `value` itself where nothing is to be expanded."""
    if number or not value.startswith("~"):
        return value
    name, slash, rest = value[1:].partition("/")
    if not slash and len(parts) > 1:
        return value
    if not name:
        home = shell.get("HOME") or ""
    elif name == "+":
        home = shell.get("PWD") or ""
    else:
        try:
            home = pwd.getpwnam(name).pw_dir
        except KeyError:
            return value
    return home, slash + rest


async def parameter(shell, p):
    """${...}, a t.Parameter -> pieces. Raises Unset, ReadOnly, ArithmeticProblem. bash(1),
    Parameter Expansion."""
    if p.op == "prefix":
        return listed(shell, sorted(n for n in shell.variables if n.startswith(p.name)), p.quoted, "@")
    index = None
    if p.index is not None:
        index = await text(shell, p.index) if len(p.index.parts) else ""
    name = p.name
    if p.indirect and index in ("@", "*"):
        return listed(shell, shell.keys(name), p.quoted, index)
    if p.indirect:
        name = shell.value(name, index) or ""
        index = None
        found = re.fullmatch(r"(\w+)\[(.*)\]", name)
        if found:
            name, index = found.groups()
        elif name and not re.fullmatch(r"[A-Za-z_]\w*|\d+|[@*#?$!-]", name):
            raise ArithmeticProblem(f"{name}: invalid variable name")
    if name in ("@", "*") or index in ("@", "*"):
        return await many(shell, p, name, index)
    value = shell.value(name, index)
    if p.length:
        need_set(shell, p, name, value)
        return [(str(len(value or "")), p.quoted, True)]
    op = p.op
    if op.lstrip(":") in ("-", "=", "?", "+") and op:
        absent = value is None or op[0] == ":" and not value
        if op[-1] == "+":
            return await inner(shell, p) if not absent else [("", p.quoted, True)]
        if absent:
            if op[-1] == "-":
                return await inner(shell, p)
            word = await text(shell, p.word)
            if op[-1] == "?":
                raise Unset(name, f"{name}: {word or 'parameter null or not set' if op[0] == ':' else word or 'parameter not set'}",
                            127 if shell.is_command_string else 1)
            if not re.match("[A-Za-z_]", name):
                raise Unset(name, f"${name}: cannot assign in this way")
            shell.assign(name, word, index)
            value = word
    need_set(shell, p, name, value)
    if value is None and op == "@":
        return [("", p.quoted, True)]
    value = value or ""
    if op and op[-1] not in "-=?+":
        value = await changed(shell, p, value, name)
    return [(value, p.quoted, True)]


def need_set(shell, p, name, value):
    """Raise Unset for a name without a value under set -u, if no operator provides for that."""
    if value is None and shell.options["nounset"] and name not in ("@", "*") and (
            not p.op or p.op[-1] not in "-=?+"):
        raise Unset(name, f"{name}: unbound variable", 127 if shell.is_command_string else 1)


async def inner(shell, p):
    """The word behind :- or :+, whose own quotes count."""
    found = await pieces(shell, p.word)
    if p.quoted:
        return [x if x is BREAK else (x[0], True, x[2]) for x in found] or [("", True, True)]
    return [x if x is BREAK or x[1] else (x[0], False, True) for x in found]


async def many(shell, p, name, index):
    """$@ $* ${array[@]} ${array[*]}, with an operator or without -> pieces. Raises Unset for ? and
    = where there is nothing."""
    values = list(shell.params) if name in ("@", "*") else shell.elements(name)
    kind = name if name in ("@", "*") else index
    if p.length:
        return [(str(len(values)), p.quoted, True)]
    op = p.op
    if op.lstrip(":") in ("-", "+", "=", "?") and op:
        empty = not values or op[0] == ":" and not "".join(values)
        if op[-1] == "+":
            return [("", p.quoted, True)] if empty and p.quoted else [] if empty else await inner(shell, p)
        if empty and op[-1] == "-":
            return await inner(shell, p)
        if empty:
            word = await text(shell, p.word)
            whole = name if name in ("@", "*") else f"{name}[{index}]"
            raise Unset(name, f"${whole}: cannot assign in this way" if op[-1] == "=" and name in ("@", "*")
                        else f"{whole}: bad array subscript" if op[-1] == "=" else
                        f"{whole}: {word or 'parameter null or not set'}", 127 if shell.is_command_string else 1)
    elif op == ":":
        start, count = await slice_of(shell, p)
        if name in ("@", "*"):
            values = [shell.name, *values]
            start = start if start >= 0 else max(0, len(values) + start)
            if start == 0 and count is None:
                values = values[0:]
            values = values[start:] if count is None else values[start:start + count]
        else:
            start = start if start >= 0 else max(0, len(values) + start)
            values = values[start:] if count is None else values[start:start + count]
    elif op == "@" and p.word.plain() in ("A", "K", "k") and name not in ("@", "*"):
        if p.word.plain() != "A":
            raise ArithmeticProblem(f"${{{name}[{index}]@{p.word.plain()}}} does not work in the browser lab")
        variable = shell.variables.get(shell.resolve(name))
        values = [f"declare -{variable.letters()} {name}{shown(shell, variable)}"] if variable else []
    elif op:
        values = [await changed(shell, p, v, name) for v in values]
    return listed(shell, values, p.quoted, kind)


def listed(shell, values, quoted, kind):
    """Values -> pieces: one text, joined by IFS, for a quoted * (`kind`), else one after the other."""
    if quoted and kind == "*":
        return [(shell.ifs_first.join(values), True, True)]
    out = []
    for number, value in enumerate(values):
        if number:
            out.append(BREAK)
        out.append((value, quoted, True))
    return out


async def slice_of(shell, p):
    """${name:start:count} -> (start, count or None)."""
    whole = await text(shell, p.word)
    depth, cut = 0, None
    for i, ch in enumerate(whole):
        depth += {"(": 1, ")": -1, "?": 1}.get(ch, 0)
        if ch == ":" and not depth:
            cut = i
            break
    start = shell.evaluate(whole[:cut] if cut is not None else whole)
    return start, shell.evaluate(whole[cut + 1:]) if cut is not None else None


async def changed(shell, p, value, name):
    """The operators that change a value: its new text."""
    op = p.op
    if op == ":":
        start, count = await slice_of(shell, p)
        start = start if start >= 0 else len(value) + start
        if start < 0:
            return ""
        end = len(value) if count is None else start + count if count >= 0 else len(value) + count
        if value and end < start:
            raise ArithmeticProblem(f"{count}: substring expression < 0")
        return value[start:end]
    if op == "@":
        return await transformed(shell, p, value, name)
    form = await pattern(shell, p.word)
    if op[0] == "/":
        other = await text(shell, p.other) if p.other else ""
        if not form:
            return {"/#": other + value, "/%": value + other}.get(op, value)
        expression = glob.regex(form)
        if op == "/#":
            expression = "^" + f"(?:{expression})"
        elif op == "/%":
            expression = f"(?:{expression})" + r"\Z"
        return glob.compiled(expression).sub(lambda m: other if m.group() or op != "//" else m.group(),
                                             value, count=0 if op == "//" else 1)
    if op[0] == "#":
        ends = range(len(value) + 1) if op == "#" else range(len(value), -1, -1)
        return next((value[i:] for i in ends if glob.matches(form, value[:i])), value)
    if op[0] == "%":
        starts = range(len(value), -1, -1) if op == "%" else range(len(value) + 1)
        return next((value[:i] for i in starts if glob.matches(form, value[i:])), value)
    case = str.upper if op[0] == "^" else str.lower
    some = [case(c) if (len(op) == 2 or not i) and glob.matches(form or "?", c) else c
            for i, c in enumerate(value)]
    return "".join(some)


async def transformed(shell, p, value, name):
    """${name@letter}: a value's new text. Raises ArithmeticProblem for a letter that is none."""
    kind = await text(shell, p.word)
    variable = shell.variables.get(shell.resolve(name))
    if kind in ("a", "A"):
        letters = variable.letters() if variable else ""
        if kind == "a":
            return letters
        made = f"{name}={quote(value, True)}"
        return "" if not variable else f"declare -{letters} {made}" if letters else made
    if kind == "P":
        # as bash does for a prompt, of whose escapes none is known here: "$HOME" is expanded
        from .scanner import Scanner
        from .parser import Parser
        return await text(shell, t.Word(Scanner(value, shell.line, Parser).quoted_parts(None, document=True),
                                        shell.line))
    from .scanner import unescape
    change = {"Q": lambda: quote(value, True), "K": lambda: quote(value, True), "U": value.upper,
              "L": value.lower, "u": lambda: value[:1].upper() + value[1:],
              "E": lambda: unescape(value).partition("\0")[0], "k": lambda: value}.get(kind)
    if change is None:
        raise ArithmeticProblem(f"${{{p.name}@{kind}}}: bad substitution")
    return change()


# ---- braces --------------------------------------------------------------------

def braces(word):
    """a{b,c}d -> the words it stands for."""
    if not any(isinstance(p, t.Text) and not p.quoted and "{" in p.text for p in word.parts):
        return [word]
    atoms = []
    for part in word.parts:
        if isinstance(part, t.Text) and not part.quoted:
            atoms.extend(part.text)
        else:
            atoms.append(part)
    return [_word(found, word.line) for found in _expand(atoms)]


def _word(atoms, line):
    parts = []
    for atom in atoms:
        if not isinstance(atom, str):
            parts.append(atom)
        elif parts and isinstance(parts[-1], t.Text) and not parts[-1].quoted:
            parts[-1] = t.Text(parts[-1].text + atom, False)
        else:
            parts.append(t.Text(atom, False))
    return t.Word(parts, line)


def _expand(atoms):
    for start, atom in enumerate(atoms):
        if atom != "{":
            continue
        depth, commas = 0, []
        for end in range(start, len(atoms)):
            ch = atoms[end]
            if ch == "{":
                depth += 1
            elif ch == "," and depth == 1:
                commas.append(end)
            elif ch == "}":
                depth -= 1
                if not depth:
                    break
        else:
            continue
        before, rest = atoms[:start], _expand(atoms[end + 1:])
        if commas:
            edges = [start, *commas, end]
            middle = [one for a, b in zip(edges, edges[1:]) for one in _expand(atoms[a + 1:b])]
        else:
            middle = _range(atoms[start + 1:end])
            if middle is None:
                continue
        return [before + m + r for m in middle for r in rest]
    return [atoms]


def _range(atoms):
    if not all(isinstance(a, str) for a in atoms):
        return None
    found = re.fullmatch(r"(-?\d+|[a-zA-Z])\.\.(-?\d+|[a-zA-Z])(?:\.\.(-?\d+))?", "".join(atoms))
    if not found:
        return None
    first, last, step = found.groups()
    size = abs(int(step or 1)) or 1
    if first.lstrip("-").isdecimal() and last.lstrip("-").isdecimal():
        width = max(len(first), len(last)) if re.match(r"-?0\d", first) or re.match(r"-?0\d", last) else 0
        a, b = int(first), int(last)
        numbers = range(a, b + 1, size) if a <= b else range(a, b - 1, -size)
        return [list(str(n).zfill(width)) for n in numbers]
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
        a, b = ord(first), ord(last)
        numbers = range(a, b + 1, size) if a <= b else range(a, b - 1, -size)
        return [[chr(n)] for n in numbers]
    return None
