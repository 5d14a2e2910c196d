"""sed: the stream editor, with the commands and addresses that scripts use."""

import errno
import os

from .sed_script import Script, Wrong


class Quit(Exception):
    """q (which shows the line) or Q: the exit code."""

    def __init__(self, code, shows):
        super().__init__(code)
        self.code, self.shows = code, shows


class Editor:
    """Runs commands over lines; what it prints is in `out`.

    space and hold are the two buffers, number is the line's, from 1; later: what a has to say
    behind the line.
    """

    def __init__(self, commands, quiet, end="\n"):
        self.commands, self.quiet, self.end = commands, quiet, end
        self.hold, self.last_form, self.out = "", None, []

    def edit(self, lines, ends_well=True):
        """Edit lines (without their ends): the text. ends_well: has the last one an end? Raises
        Quit, and Wrong for what a command cannot do here."""
        self.lines, self.number, self.out, self.later = lines, 0, [], []
        while self.number < len(lines):
            self.space = self.next()
            try:
                self.cycle()
            except Quit as end:
                if end.shows and not self.quiet:
                    self.put(self.space)
                self.flush()
                raise
        text = "".join(self.out)
        return text if ends_well or not text.endswith(self.end) else text[:-1]

    def next(self):
        """The next line, which must be there."""
        self.number += 1
        return self.lines[self.number - 1]

    def put(self, text):
        """Print a text and an end of line."""
        self.out.append(text + self.end)

    def flush(self):
        """Print what was to come behind the line."""
        self.out += self.later
        self.later = []

    def cycle(self):
        """Run the commands on the line that is in `space`, and print it. Raises Quit, Wrong."""
        at, self.replaced = 0, False
        while at < len(self.commands):
            one = self.commands[at]
            at += 1
            if not self.chosen(one):
                if one.letter == "{":
                    at = one.end
                continue
            letter = one.letter
            if letter in "btT":
                jump = letter == "b" or self.replaced == (letter == "t")
                self.replaced = False if letter != "b" else self.replaced
                at = one.end if jump else at
            elif letter == "d" or letter == "D" and "\n" not in self.space:
                return self.flush()
            elif letter == "D":
                self.space = self.space.partition("\n")[2]
                at = 0
            elif letter in "nN":
                if self.number >= len(self.lines):
                    break
                if letter == "n":
                    if not self.quiet:
                        self.put(self.space)
                    self.flush()
                    self.space = self.next()
                else:
                    self.space += "\n" + self.next()
            elif letter in "qQ":
                raise Quit(one.text, letter == "q")
            elif letter == "c":
                if one.second is None or one.inverted or not one.inside:
                    self.put(one.text)
                return self.flush()
            else:
                self.simple(one)
        if not self.quiet:
            self.put(self.space)
        return self.flush()

    def simple(self, one):
        """Run a command that goes on with the next one. Raises Wrong for r, w and F."""
        letter = one.letter
        if letter == "s":
            self.substitute(one)
        elif letter == "p":
            self.put(self.space)
        elif letter == "P":
            self.put(self.space.partition("\n")[0])
        elif letter == "=":
            self.out.append(f"{self.number}\n")
        elif letter == "a":
            self.later.append(one.text + "\n")
        elif letter == "i":
            self.put(one.text)
        elif letter == "y":
            self.space = self.space.translate(str.maketrans(*one.table))
        elif letter == "g":
            self.space = self.hold
        elif letter == "G":
            self.space += "\n" + self.hold
        elif letter == "h":
            self.hold = self.space
        elif letter == "H":
            self.hold += "\n" + self.space
        elif letter == "x":
            self.space, self.hold = self.hold, self.space
        elif letter == "l":
            self.put(self.space.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") + "$")
        elif letter in "rwF":
            raise Wrong(f"the command {letter} does not work in the browser lab")

    def matches(self, address):
        """Does an address (see Script.address) mean this line? Raises Wrong."""
        kind = address[0]
        if kind == "line":
            return self.number == address[1]
        if kind == "last":
            return self.number == len(self.lines)
        if kind == "step":
            _, first, step = address
            return self.number == first if not step else self.number >= first and (self.number - first) % step == 0
        return bool(self.form(address[1]).search(self.space))

    def form(self, form):
        """A command's regular expression, or for None the last one used. Raises Wrong if there was
        none."""
        self.last_form = form or self.last_form
        if self.last_form is None:
            raise Wrong("-e expression #1, char 0: no previous regular expression")
        return self.last_form

    def chosen(self, one):
        """Is a command meant for this line, by its addresses and !? Raises Wrong."""
        if one.first is None:
            return not one.inverted
        if one.second is None:
            return self.matches(one.first) != one.inverted
        return self.within(one) != one.inverted

    def within(self, one):
        """Is this line in the range of a command with two addresses? Notes whether the range goes
        on. Raises Wrong."""
        kind = one.second[0]
        if not one.inside:
            if not self.matches(one.first) and not (one.first == ("line", 0) and self.number == 1):
                return False
            one.inside = True
            if kind == "line":
                one.until = one.second[1]
            elif kind == "plus":
                one.until = self.number + one.second[1]
            elif kind == "multiple":
                one.until = -(-self.number // max(1, one.second[1])) * max(1, one.second[1])
            elif kind == "last" or one.first != ("line", 0):
                one.inside = self.number < len(self.lines) or kind == "regex"
                return True
        if kind in ("line", "plus", "multiple"):
            one.inside = self.number < one.until
        elif self.matches(one.second):
            one.inside = False
        return True

    def substitute(self, one):
        """s: change `space`; t and T learn whether anything was. Raises Wrong."""
        form, everywhere, count = self.form(one.form), "g" in one.flags, 0

        def by(match):
            nonlocal count
            count += 1
            if count < one.text or count > one.text and not everywhere:
                return match.group()
            return replacement(one.by, match)

        before = self.space
        self.space = form.sub(by, before, 0 if everywhere or one.text > 1 else 1)
        if count >= one.text:
            self.replaced = True
            if "p" in one.flags:
                self.put(self.space)


def replacement(text, match):
    """The second half of s for one match: &, \\1, \\n, and \\U \\L \\u \\l \\E."""
    out, case, once, i = [], None, None, 0

    def add(piece):
        nonlocal once
        piece = {"U": str.upper, "L": str.lower}.get(case, str)(piece)
        if once and piece:
            piece = {"u": str.upper, "l": str.lower}[once](piece[0]) + piece[1:]
            once = None
        out.append(piece)

    while i < len(text):
        letter = text[i]
        i += 1
        if letter == "&":
            add(match.group())
        elif letter == "\\" and i < len(text):
            letter = text[i]
            i += 1
            if letter.isdecimal():
                add((match.group(int(letter)) or "") if int(letter) <= match.re.groups else "")
            elif letter in "ULE":
                case = None if letter == "E" else letter
            elif letter in "ul":
                once = letter
            else:
                add({"n": "\n", "t": "\t"}.get(letter, letter))
        else:
            add(letter)
    return "".join(out)


USAGE = "Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n"


async def sed(process, argv):
    """sed [-nEsz] [-i[SUFFIX]] [-e SCRIPT] [-f FILE] [SCRIPT] [FILE]...: exit code 0, or what q
    says; 1 for a mistake in script or words; 2 if a file cannot be read, 4 for a folder, a script's
    file and a label that is missing.
    sed(1)."""
    scripts, names, quiet, extended, in_place, rest = [], [], False, False, None, list(argv[1:])
    separate, end = False, "\n"
    try:
        while rest:
            word = rest.pop(0)
            if word in ("-e", "--expression", "-f", "--file"):
                if not rest:
                    await process.write(f"sed: option requires an argument -- '{word.lstrip('-')[0]}'\n" + USAGE, 2)
                    return 1
                value = rest.pop(0)
                scripts.append(value if "e" in word[:3] else script_file(process, value))
            elif word.startswith(("--expression=", "--file=")):
                value = word.partition("=")[2]
                scripts.append(value if "exp" in word else script_file(process, value))
            elif word.startswith(("-i", "--in-place")) and not word.startswith("-ie"):
                in_place = word.removeprefix("--in-place").removeprefix("=").removeprefix("-i")
            elif word in ("--null-data", "--zero-terminated"):
                end = "\0"
            elif word in ("--quiet", "--silent", "--regexp-extended", "--separate", "--posix", "--unbuffered", "--debug"):
                quiet, extended = quiet or word in ("--quiet", "--silent"), extended or word == "--regexp-extended"
            elif word.startswith("-") and word != "-" and set(word[1:]) <= set("nErsuz"):
                quiet, extended = quiet or "n" in word, extended or bool(set("Er") & set(word))
                separate, end = separate or "s" in word, "\0" if "z" in word else end
            elif word.startswith("-n") and word[2:3] in ("e", "i"):
                quiet = True
                rest.insert(0, "-" + word[2:])
            elif word.startswith("-e"):
                scripts.append(word[2:])
            elif word == "--":
                names += rest
                rest = []
            elif word.startswith("-") and word != "-":
                raise Wrong(f"invalid option -- '{word[1]}'" if word[1] != "-" else f"unrecognized option '{word}'")
            else:
                names.append(word)
        if not scripts:
            if not names:
                await process.write(USAGE, 2)
                return 1
            scripts.append(names.pop(0))
        editor = Editor(Script("\n".join(scripts), extended).read(), quiet, end)
        return await run(process, editor, names, in_place, separate)
    except Wrong as problem:
        await process.write(f"sed: {problem}\n", 2)
        return problem.code


def script_file(process, name):
    """The text of a script's file. Raises Wrong."""
    try:
        with open(os.path.join(process.cwd, name), encoding="utf-8", errors="surrogateescape") as file:
            return file.read().rstrip("\n")
    except OSError as error:
        raise Wrong(f"couldn't open file {name}: {error.strerror}", 4) from None


async def run(process, editor, names, in_place, separate):
    """Edit the files one by one (in place, or with -s), else all as one; the exit code. in_place:
    the suffix of the copy that stays, "" for none; None: print. Raises Wrong, OSError."""
    texts, code = [], 0
    for name in names or ["-"]:
        try:
            texts.append((name, await contents(process, name)))
        except OSError as error:
            what = "couldn't edit {}: not a regular file" if error.errno == 21 and in_place is not None \
                else "read error on {}: Is a directory" if error.errno == 21 else "can't read {}: " + error.strerror
            await process.write(f"sed: {what.format(name)}\n", 2)
            code = 4 if error.errno == 21 else 2
    if in_place is None and not separate:
        texts = [("-", "".join(text if text.endswith(editor.end) or i == len(texts) - 1 else text + editor.end
                               for i, (_, text) in enumerate(texts)))]
    for name, text in texts:
        lines = text.split(editor.end)
        ends_well = not text or lines[-1] == ""
        if lines[-1] == "":
            lines.pop()
        ended = None
        try:
            made = editor.edit(lines, ends_well)
        except Quit as end:
            made, ended = "".join(editor.out), end.code
            if in_place is not None:
                made += "".join(line + editor.end for line in lines[editor.number:])
        if in_place is None:
            await process.write(made)
        else:
            path = os.path.join(process.cwd, name)
            if in_place:
                with open(path + in_place if "*" not in in_place else os.path.join(
                        os.path.dirname(path), in_place.replace("*", os.path.basename(path))), "w",
                        encoding="utf-8", errors="surrogateescape", newline="") as file:
                    file.write(text)
            with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
                file.write(made)
        if ended is not None:
            return ended
    return code


async def contents(process, name):
    """The text of a file, of standard input for "-". Raises OSError."""
    if name == "-":
        return (await process.read(0)).decode("utf-8", "surrogateescape")
    path = os.path.join(process.cwd, name)
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        return file.read()


TABLE = {"sed": sed}
