"""grep, egrep and fgrep, with the options that scripts use."""

import errno
import os
import re

from .posix_regex import BadPattern, translate
from .posix_regex import compiled as checked

VALUED = {"e": "regexp", "f": "file", "m": "max-count", "A": "after-context", "B": "before-context",
          "C": "context"}
LONG = {"regexp": "e", "file": "f", "max-count": "m", "after-context": "A", "before-context": "B",
        "context": "C", "ignore-case": "i", "invert-match": "v", "count": "c", "line-number": "n",
        "only-matching": "o", "extended-regexp": "E", "fixed-strings": "F", "basic-regexp": "G",
        "perl-regexp": "P", "line-regexp": "x", "word-regexp": "w", "quiet": "q", "silent": "q",
        "no-messages": "s", "files-with-matches": "l", "files-without-match": "L", "recursive": "r",
        "with-filename": "H", "no-filename": "h", "text": "a", "line-buffered": "", "color": "", "colour": "",
        "include": "include", "exclude": "exclude", "null-data": "z"}
LETTERS = set("ivcnoEFGPxwqslLrRHhaeyfmABCzbIU")
USAGE = "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n"


class Wrong(Exception):
    """A mistake in the words; the text is grep's."""


def parse(argv):
    """grep's words -> ({letter: value or True}, patterns, file names). Raises Wrong."""
    found, patterns, operands, rest = {}, [], [], list(argv[1:])

    def note(letter, value):
        if letter == "e":
            patterns.extend(value.split("\n"))
        elif letter:
            found[letter] = value

    while rest:
        word = rest.pop(0)
        if word == "--":
            operands += rest
            break
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if name not in LONG:
                raise Wrong(f"grep: unrecognized option '{word}'\n" + USAGE)
            letter = LONG[name]
            takes = letter in VALUED or letter in ("include", "exclude")
            note(letter, (value if equals else rest.pop(0) if rest else "") if takes else True)
        elif word.startswith("-") and word != "-":
            for at, letter in enumerate(word[1:], 1):
                if letter.isdecimal():
                    found["C"] = word[at:]
                    break
                if letter not in LETTERS:
                    raise Wrong(f"grep: invalid option -- '{letter}'\n" + USAGE)
                if letter in VALUED:
                    value = word[at + 1:]
                    if not value:
                        if not rest:
                            raise Wrong(f"grep: option requires an argument -- '{letter}'\n" + USAGE)
                        value = rest.pop(0)
                    note(letter, value)
                    break
                note({"R": "r", "y": "i"}.get(letter, letter), True)
        else:
            operands.append(word)
    return found, patterns, operands


async def grep(process, argv):
    """grep, egrep, fgrep [OPTION]... PATTERN [FILE]...: exit code 0 if a line was chosen, 1 if
    none, 2 after an error. grep(1)."""
    try:
        given, patterns, names = parse(argv)
        for letter in "mABC":
            if letter in given and not given[letter].isdecimal():
                raise Wrong(f"grep: {'invalid max count' if letter == 'm' else given[letter] + ': invalid context length argument'}\n")
        if "f" in given:
            with open(os.path.join(process.cwd, given["f"]), encoding="utf-8", errors="surrogateescape") as file:
                patterns += file.read().splitlines()
        elif not patterns:
            if not names:
                raise Wrong(USAGE)
            patterns = names.pop(0).split("\n")
        form = compiled(given, patterns, os.path.basename(argv[0]))
    except Wrong as problem:
        await process.write(str(problem), 2)
        return 2
    except OSError as error:
        await process.write(f"grep: {given['f']}: {error.strerror}\n", 2)
        return 2
    return await Search(process, given, form, names).run()


def compiled(given, patterns, name):
    """One re pattern for all of grep's; given: the options of parse, name: grep's own. Raises Wrong."""
    parts, groups = [], 0
    for pattern in patterns:
        try:
            if "F" in given or name == "fgrep":
                part = re.escape(pattern)
            elif "P" in given:
                part = pattern
            else:
                part = translate(pattern, "E" in given or name == "egrep")
            own = checked(part).groups
        except BadPattern as problem:
            raise Wrong(f"grep: {problem}\n") from None
        # back references count the groups of this pattern alone
        part = re.sub(r"\\(.)", lambda m: f"(?:\\{int(m.group(1)) + groups})" if groups and m.group(1) in "123456789"
                      else m.group(), part, flags=re.S)
        groups += own
        part = f"(?:{part})"
        if "x" in given:
            part = rf"\A{part}\Z"
        elif "w" in given:
            part = rf"(?<!\w){part}(?!\w)"
        parts.append(part)
    return re.compile("|".join(parts) if parts else r"(?!)", (re.I if "i" in given else 0) | (
        re.M if "z" in given else 0))


class Search:
    """One run of grep: given is of parse, form of compiled."""

    def __init__(self, process, given, form, names):
        self.process, self.given, self.form, self.names = process, given, form, names
        self.code, self.found, self.pieces = 1, False, []
        around = given.get("C", "0")
        self.before, self.after = int(given.get("B", around)), int(given.get("A", around))
        self.printed = False
        self.end = "\0" if "z" in given else "\n"

    async def run(self):
        """Search all files, and print; the exit code."""
        process, given = self.process, self.given
        names = self.names or (["."] if "r" in given else ["-"])
        named = "r" in given and (len(names) > 1 or names[0] != "-") or len(names) > 1
        self.show_name = ("H" in given or named) and "h" not in given
        if not self.names and "r" in given:
            names = ["."]
        bad = False
        for name, shown in self.files(names):
            try:
                if name == "-":
                    data, shown = await process.read(0), "(standard input)"
                else:
                    path = os.path.join(process.cwd, name)
                    if os.path.isdir(path):
                        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                    with open(path, "rb") as file:
                        data = file.read()
            except OSError as error:
                if "s" not in given:
                    await self.flush()
                    await process.write(f"grep: {shown}: {error.strerror}\n", 2)
                bad = True
                continue
            if self.file(shown, data.decode("utf-8", "surrogateescape")) and "q" in given:
                return 0
            await self.flush()
        return 2 if bad and not ("q" in given and self.found) else 0 if self.found else 1

    def files(self, names):
        """(name to open, name to show), below folders with -r."""
        for name in names:
            path = os.path.join(self.process.cwd, name)
            if "r" in self.given and os.path.isdir(path):
                for folder, folders, files in os.walk(path):
                    folders.sort()
                    for file in sorted(files):
                        if self.wanted(file):
                            full = os.path.join(folder, file)
                            below = os.path.relpath(full, path)
                            yield full, below if not self.names else os.path.join(name, below)
            else:
                yield name, name

    def wanted(self, name):
        """Do --include and --exclude let a file of this name pass?"""
        from fnmatch import fnmatchcase
        given = self.given
        return ("include" not in given or fnmatchcase(name, given["include"])) and not (
            "exclude" in given and fnmatchcase(name, given["exclude"]))

    async def flush(self):
        """Print what has been gathered."""
        if self.pieces:
            await self.process.write("".join(self.pieces))
            self.pieces = []

    def file(self, name, text):
        """Search one file's text and gather what is to be printed; was a line chosen?"""
        given, lines = self.given, text.split(self.end)
        if lines[-1] == "":
            lines.pop()
        limit = int(given["m"]) if "m" in given else len(lines)
        chosen = []
        for number, line in enumerate(lines):
            if len(chosen) >= limit:
                break
            if bool(self.form.search(line)) != ("v" in given):
                chosen.append(number)
        self.found |= bool(chosen) if "L" not in given else not chosen
        if "q" in given:
            return bool(chosen)
        if "l" in given or "L" in given:
            if bool(chosen) == ("l" in given):
                self.pieces.append(name + "\n")
        elif "c" in given:
            self.pieces.append((f"{name}:" if self.show_name else "") + f"{len(chosen)}\n")
        elif "o" in given:
            for number in chosen if "v" not in given else ():
                for match in self.form.finditer(lines[number]):
                    if match.group():
                        self.put(name, number, match.group(), ":")
        else:
            self.show(name, lines, chosen)
        return bool(chosen)

    def show(self, name, lines, chosen):
        """Gather the chosen lines (their numbers, from 0) with those around them."""
        marked, last = set(chosen), None
        around = sorted({near for number in chosen
                         for near in range(max(0, number - self.before), min(len(lines), number + self.after + 1))})
        for number in around:
            if self.before or self.after:
                if (last is None and self.printed) or (last is not None and number > last + 1):
                    self.pieces.append("--\n")
                last = number
            self.put(name, number, lines[number], ":" if number in marked else "-")
            self.printed = True

    def put(self, name, number, text, mark):
        """Gather a line: behind the file's name and the line's number, if they are asked for, each
        with `mark`."""
        head = f"{name}{mark}" if self.show_name else ""
        if "n" in self.given:
            head += f"{number + 1}{mark}"
        self.pieces.append(head + text + self.end)


TABLE = {"grep": grep, "egrep": grep, "fgrep": grep}
