"""bash as a program: its own options, and whether it reads a file, a text or its standard input."""

import os

from .builtins import set_, shopt
from .interpreter import Shell

# Options that change nothing here; of these RCFILE has a file behind it.
LONG = ("--login", "--norc", "--noprofile", "--posix", "--restricted", "--noediting", "--debugger",
        "--debug", "--protected")
RCFILE = ("--rcfile", "--init-file")
VERSION = "GNU bash, version 5.2.15(1)-release (in-process)\n"
# Letters that are options of `set`.
SET = "euxfnCav"
LETTERS = SET + "chilrspDBEHPTkbmt"


class Words:
    """bash's command line, read: `settings` for set, `shopt` for that, is there a -c, a -s, the
    operands; `bad`: the option that is none."""

    def __init__(self, argv):
        self.settings, self.command, self.from_input, self.version = [], False, False, False
        self.shopt, self.bad = [], None
        i = 1
        while i < len(argv) and argv[i][:1] in "-+" and argv[i] not in ("", "--", "-"):
            word = argv[i]
            i += 1
            if word == "--version":
                self.version = True
                break
            if word == "--verbose":
                self.settings.append("-v")
            if word in LONG or word == "--verbose":
                continue
            if word in RCFILE:
                i += 1
                continue
            if word.startswith("--") or not set(word[1:]) <= set(LETTERS + "oO"):
                self.bad = word
                break
            self._letters(word)
            for letter, found in (("o", self.settings), ("O", self.shopt)):
                if letter in word[1:]:
                    # alone, as `set` has it, it asks for the list
                    found += [word[0] + letter, *argv[i:i + 1]]
                    i += 1
        self.operands = argv[i + 1:] if argv[i:i + 1] in (["--"], ["-"]) else argv[i:]

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
    if words.bad:
        await process.write(f"{argv[0]}: {words.bad}: invalid option\n", 2)
        return 2
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
        if "\0" in text[:80]:
            await process.write(f"{operands[0]}: {operands[0]}: cannot execute binary file\n", 2)
            return 126
        one = Shell(process, name or operands[0], operands[1:], name or operands[0])
    else:
        text = (await process.read(0)).decode("utf-8", "surrogateescape")
        one = Shell(process, argv[0], operands, base)
    one.is_bash = base == "bash"
    for sign, name in zip(words.shopt[::2], words.shopt[1::2]):
        if await shopt(one, ["shopt", "-s" if sign == "-O" else "-u", name]):
            return 2
    if words.settings:
        code = await set_(one, ["bash", *words.settings])
        if code or words.settings[-1] in ("-o", "+o"):
            return code
    return await one.run(text)
