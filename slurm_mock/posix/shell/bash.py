"""bash as a program: its own options, and whether it reads a file, a text or its standard input."""

import os

from .builtins import set_
from .interpreter import Shell

# Options that change nothing here.
LONG = ("--login", "--norc", "--noprofile", "--posix")
VERSION = "GNU bash, version 5.2.15(1)-release (in-process)\n"
# Letters that are options of `set`.
SET = "euxfnCav"


class Words:
    """bash's command line, read: `settings` for set, is there a -c, a -s, the operands."""

    def __init__(self, argv):
        self.settings, self.command, self.from_input, self.version = [], False, False, False
        i = 1
        while i < len(argv) and argv[i][:1] in "-+" and len(argv[i]) > 1 and argv[i] != "--":
            word = argv[i]
            i += 1
            if word == "--version":
                self.version = True
                break
            if word in LONG:
                continue
            if word in ("-o", "+o"):
                self.settings += [word, argv[i]]
                i += 1
                continue
            self._letters(word)
            if word.endswith("o"):
                self.settings += ["-o", argv[i]]
                i += 1
        self.operands = argv[i + 1:] if argv[i:i + 1] == ["--"] else argv[i:]

    def _letters(self, word):
        self.command = self.command or "c" in word[1:]
        self.from_input = self.from_input or "s" in word[1:]
        rest = "".join(c for c in word[1:] if c in SET)
        if rest:
            self.settings.append(word[0] + rest)


async def bash(process, argv, name=None):
    """bash: a script's file, -c TEXT, or standard input; its exit code.

    name: $0 of a script that was started by itself.
    """
    words = Words(argv)
    if words.version:
        await process.write(VERSION)
        return 0
    operands, base = words.operands, os.path.basename(argv[0])
    if words.command:
        if not operands or words.from_input:
            await process.write(f"{argv[0]}: -c: option requires an argument\n", 2)
            return 2
        text, given = operands[0], operands[1:]
        one = Shell(process, given[0] if given else argv[0], given[1:], given[0] if given else base)
        one.is_command_string = True
    elif operands and not words.from_input:
        path = os.path.join(process.cwd, operands[0])
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as f:
                text = f.read()
        except OSError as error:
            await process.write(f"{argv[0]}: {operands[0]}: {error.strerror}\n", 2)
            return 127 if isinstance(error, FileNotFoundError) else 126
        one = Shell(process, name or operands[0], operands[1:], name or operands[0])
    else:
        text = (await process.read(0)).decode("utf-8", "surrogateescape")
        one = Shell(process, argv[0], operands, base)
    one.is_bash = base == "bash"
    if words.settings:
        await set_(one, ["set", *words.settings])
    return await one.run(text)
