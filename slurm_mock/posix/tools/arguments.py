"""What the small programs share: their options, their files, their complaints."""

import errno
import os
import re

# What a letter behind a number multiplies it by.
FACTORS = {"b": 512, **{letter + end: (1000 if end == "B" else 1024) ** power for power, letters in
                        enumerate(("", "kK", "M", "G", "T", "P")) for letter in letters for end in ("", "B", "iB")}}


class Misused(Exception):
    """The words of a program are wrong: its complaint, its exit code."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.text, self.code = text, code


def guarded(function):
    """A program that complains of its words, where `function` raises Misused."""
    async def program(process, argv):
        try:
            return await function(process, argv)
        except Misused as problem:
            return await complain(process, argv, problem.text, problem.code)
    return program


def misused(argv, text, code=1):
    """The Misused that sends to --help too."""
    return Misused(f"{text}\nTry '{argv[0]} --help' for more information.", code)


async def complain(process, argv, text, code=1):
    """Say on stderr what is wrong, behind the program's name; the exit code `code`."""
    await process.write(f"{argv[0]}: {text}\n", 2)
    return code


async def inputs(process, argv, names, function):
    """Await function(name, File) for each file, standard input for none or "-"; the exit code, 1
    where a file cannot be opened, which it says on stderr."""
    code = 0
    for name in names or ["-"]:
        if name == "-":
            await function(name, process.files[0])
            continue
        try:
            if os.path.isdir(os.path.join(process.cwd, name)):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            file = process.open(name, os.O_RDONLY)
        except OSError as error:
            code = await complain(process, argv, f"{name}: {error.strerror}")
            continue
        await function(name, file)
        file.close()
    return code


def split_options(argv, valued="", known=None, long="", code=1):
    """Words behind a program's name -> ({letter: value or ""}, operands); the letters of `valued`
    take a value.

    long: names of long options, each with the letter that it means (lines:n); without one it stands
    by its name.  Raises Misused with `code` for a value that is missing and, where `known` tells
    the letters without a value, for what is neither.
    """
    found, operands, i = {}, [], 1
    names = dict(one.partition(":")[::2] for one in long.split())

    def value(shown):
        nonlocal i
        if i == len(argv):
            raise misused(argv, f"option {shown}", code)
        i += 1
        return argv[i - 1]

    while i < len(argv):
        word = argv[i]
        i += 1
        if word == "--":
            operands += argv[i:]
            break
        if word.startswith("--"):
            name, equals, text = word[2:].partition("=")
            if known is not None and name not in names:
                raise misused(argv, f"unrecognized option '{word}'", code)
            letter = names.get(name) or name
            if letter in valued and not equals:
                text = value(f"'--{name}' requires an argument")
            found[letter] = text
        elif word.startswith("-") and len(word) > 1:
            for at, letter in enumerate(word[1:], 1):
                if letter in valued:
                    found[letter] = word[at + 1:] or value(f"requires an argument -- '{letter}'")
                    break
                if known is not None and letter not in known:
                    raise misused(argv, f"invalid option -- '{letter}'", code)
                found[letter] = ""
        else:
            operands.append(word)
    return found, operands


def amount(text, what):
    """A count of head or tail: (its sign or "", the number), with its factor (2k). Raises Misused:
    invalid number of `what`."""
    found = re.fullmatch(r"([-+]?)([0-9]{1,18})([A-Za-z]*)", text)
    if not found or found.group(3) and found.group(3) not in FACTORS:
        raise Misused(f"invalid number of {what}: ‘{text}’")
    return found.group(1), int(found.group(2)) * FACTORS.get(found.group(3), 1)
