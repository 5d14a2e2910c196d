"""What the small programs share: their options, their files, their complaints."""

import errno
import os


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


def split_options(argv, valued=""):
    """Words behind a program's name -> ({letter: value or ""}, operands); the letters of `valued`
    take a value, long options stand by their name. No option is refused."""
    found, operands, i = {}, [], 1
    while i < len(argv):
        word = argv[i]
        i += 1
        if word == "--":
            operands += argv[i:]
            break
        if word.startswith("--") and len(word) > 2:
            name, _, value = word[2:].partition("=")
            found[name] = value
        elif word.startswith("-") and len(word) > 1:
            for at, letter in enumerate(word[1:], 1):
                if letter in valued:
                    found[letter] = word[at + 1:] or (argv[i] if i < len(argv) else "")
                    i += not word[at + 1:]
                    break
                found[letter] = ""
        else:
            operands.append(word)
    return found, operands
