"""mkdir, rm, cp, mv and their like: programs that change or name files.

Coroutines of (process, argv) -> exit code: 0, or 1 where something could not be done, which they say
on stderr.
"""

import errno
import os
import shutil
import tempfile

from .arguments import complain, split_options


def at(process, name):
    """The path of a name, as a process in its working directory means it."""
    return os.path.join(process.cwd, name)


async def mkdir(process, argv):
    """mkdir [-p] [-m MODE] FOLDER ...: make folders. Raises ValueError for a mode that is not octal."""
    given, names = split_options(argv, "m")
    code = 0
    for name in names:
        try:
            if "p" in given or "parents" in given:
                os.makedirs(at(process, name), exist_ok=True)
            else:
                os.mkdir(at(process, name))
            if given.get("m"):
                os.chmod(at(process, name), int(given["m"], 8))
        except OSError as error:
            code = await complain(process, argv, f"cannot create directory ‘{name}’: {error.strerror}")
    return code if names else await complain(process, argv, "missing operand\nTry 'mkdir --help' for more information.")


async def rmdir(process, argv):
    """rmdir [-p] FOLDER ...: remove empty folders, with -p those above them."""
    given, names = split_options(argv)
    code = 0
    for name in names:
        try:
            os.rmdir(at(process, name))
            parent = os.path.dirname(name)
            while "p" in given and parent:
                os.rmdir(at(process, parent))
                parent = os.path.dirname(parent)
        except OSError as error:
            code = await complain(process, argv, f"failed to remove '{name}': {error.strerror}")
    return code


async def rm(process, argv):
    """rm [-rfdv] FILE ...: remove files, with -r folders and what is in them, with -d empty folders."""
    given, names = split_options(argv)
    force, deep = "f" in given or "force" in given, {"r", "R", "recursive"} & set(given)
    code = 0
    for name in names:
        path = at(process, name)
        try:
            if os.path.isdir(path) and not os.path.islink(path):
                if not deep:
                    if "d" in given:
                        os.rmdir(path)
                        continue
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                shutil.rmtree(path)
            else:
                os.unlink(path)
            if "v" in given:
                await process.write(f"removed '{name}'\n")
        except FileNotFoundError as error:
            if not force:
                code = await complain(process, argv, f"cannot remove '{name}': {error.strerror}")
        except OSError as error:
            code = await complain(process, argv, f"cannot remove '{name}': {error.strerror}")
    if not names and not force:
        return await complain(process, argv, "missing operand\nTry 'rm --help' for more information.")
    return code


async def transfer(process, argv):
    """cp [-rapnv] [-t FOLDER] SOURCE ... TARGET, and mv [-nv]: copy, or rename."""
    given, names = split_options(argv, "t")
    moving, code = argv[0].endswith("mv"), 0
    if "t" in given:
        names.append(given["t"])
    if len(names) < 2:
        text = "missing file operand" if not names else f"missing destination file operand after '{names[0]}'"
        return await complain(process, argv, f"{text}\nTry '{argv[0]} --help' for more information.")
    *sources, target = names
    folder = os.path.isdir(at(process, target))
    if len(sources) > 1 and not folder:
        return await complain(process, argv, f"target '{target}'" + (
            " is not a directory" if os.path.exists(at(process, target)) else ": No such file or directory"))
    for name in sources:
        source = at(process, name)
        goal = os.path.join(at(process, target), os.path.basename(name.rstrip("/"))) if folder else at(process, target)
        try:
            if not os.path.lexists(source):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            if "n" in given and os.path.exists(goal):
                continue
            if moving:
                if os.path.exists(goal) and os.path.samefile(source, goal):
                    code = await complain(process, argv, f"'{name}' and '{target}' are the same file")
                    continue
                shutil.move(source, goal)
            elif os.path.isdir(source):
                if not {"r", "R", "a", "recursive"} & set(given):
                    code = await complain(process, argv, f"-r not specified; omitting directory '{name}'")
                    continue
                shutil.copytree(source, goal, symlinks=True, dirs_exist_ok=True)
            else:
                if os.path.exists(goal) and os.path.samefile(source, goal):
                    code = await complain(process, argv, f"'{name}' and '{target}' are the same file")
                    continue
                (shutil.copy2 if {"p", "a"} & set(given) else shutil.copy)(source, goal)
            if "v" in given:
                shown = os.path.join(target, os.path.basename(name)) if folder else target
                await process.write(f"{'renamed ' if moving else ''}'{name}' -> '{shown}'\n")
        except FileNotFoundError as error:
            what = f"cannot stat '{name}'" if not os.path.lexists(source) else (
                f"cannot move '{name}' to '{target}'" if moving else f"cannot create regular file '{target}'")
            code = await complain(process, argv, f"{what}: {error.strerror}")
        except OSError as error:
            code = await complain(process, argv, f"cannot create regular file '{target}': {error.strerror}")
    return code


async def ln(process, argv):
    """ln [-sfn] TARGET [NAME]: one link to a file, with -s a symbolic one."""
    given, names = split_options(argv)
    if len(names) == 1:
        names.append(os.path.basename(names[0]))
    source, target = names[0], at(process, names[1])
    if os.path.isdir(target) and "n" not in given:
        target = os.path.join(target, os.path.basename(source))
    kind = "symbolic link" if "s" in given else "hard link"
    try:
        if "f" in given and os.path.lexists(target):
            os.unlink(target)
        os.symlink(source, target) if "s" in given else os.link(at(process, source), target)
    except OSError as error:
        return await complain(process, argv, f"failed to create {kind} '{names[1]}': {error.strerror}")
    return 0


async def touch(process, argv):
    """touch [-c] [-d DATE] FILE ...: make files, and set their times to now or to a date."""
    given, names = split_options(argv, "drt")
    code = 0
    for name in names:
        path = at(process, name)
        try:
            if not os.path.exists(path):
                if "c" in given:
                    continue
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o666))
            moment = process.world.clock.date()
            if given.get("d"):
                from .dates import parse
                moment = parse(given["d"], moment or 0.0, False)
            os.utime(path, None if moment is None else (moment, moment))
        except OSError as error:
            code = await complain(process, argv, f"cannot touch '{name}': {error.strerror}")
    return code


async def chmod(process, argv):
    """chmod MODE FILE ...: change modes, octal or as changed_mode reads them; -R and -v do nothing.
    Raises KeyError as that does."""
    words = [a for a in argv[1:] if a not in ("-R", "-v", "--")]
    mode, names, code = words[0], words[1:], 0
    for name in names:
        path = at(process, name)
        try:
            before = os.stat(path).st_mode & 0o7777
            os.chmod(path, changed_mode(before, mode))
        except OSError as error:
            code = await complain(process, argv, f"cannot access '{name}': {error.strerror}")
        except ValueError:
            return await complain(process, argv, f"invalid mode: ‘{mode}’\nTry 'chmod --help' for more information.")
    return code


def changed_mode(before, text):
    """755, u+x, go-rwx,a=r -> the new mode of a file with the mode `before`. Raises ValueError, and
    KeyError for a letter that is none of rwxX and ugoa."""
    if text.isdigit():
        return int(text, 8)
    for clause in text.split(","):
        at_op = next(i for i, c in enumerate(clause + "=") if c in "+-=")
        if at_op == len(clause):
            raise ValueError(text)
        who, op, what = clause[:at_op] or "a", clause[at_op], clause[at_op + 1:]
        bits = 0
        for letter in what:
            bits |= {"r": 0o444, "w": 0o222, "x": 0o111, "X": 0o111 if before & 0o111 else 0}[letter]
        mask = 0
        for letter in who:
            mask |= {"u": 0o700, "g": 0o070, "o": 0o007, "a": 0o777}[letter]
        before = {"+": before | bits & mask, "-": before & ~(bits & mask),
                  "=": before & ~mask | bits & mask}[op]
    return before


async def basename(process, argv):
    """basename [-a] [-s SUFFIX] NAME ..., basename NAME [SUFFIX]: the last part of names."""
    words = argv[1:]
    suffix, many = "", False
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word == "-s":
            suffix, many = words.pop(0), True
        elif word == "-a":
            many = True
    if not words:
        return await complain(process, argv, "missing operand\nTry 'basename --help' for more information.")
    if not many and len(words) > 1:
        suffix, words = words[1], words[:1]
    for name in words:
        base = os.path.basename(name.rstrip("/")) or "/"
        base = base[:-len(suffix)] if suffix and base.endswith(suffix) and base != suffix else base
        await process.write(base + "\n")
    return 0


async def dirname(process, argv):
    """dirname NAME ...: names without their last part."""
    for name in argv[1:]:
        trimmed = name.rstrip("/") or "/"
        folder = os.path.dirname(trimmed) if "/" in trimmed else "."
        await process.write((folder.rstrip("/") or "/") + "\n")
    return 0


async def realpath(process, argv):
    """realpath [-e] FILE ...: absolute paths without links; exit code 1 where a folder (-e: the
    file) is missing."""
    given, names = split_options(argv)
    code = 0
    for name in names:
        path = os.path.realpath(at(process, name))
        if not os.path.exists(os.path.dirname(path)) or "e" in given and not os.path.exists(path):
            code = await complain(process, argv, f"{name}: No such file or directory")
        else:
            await process.write(path + "\n")
    return code


async def readlink(process, argv):
    """readlink [-f | -e | -m] FILE ...: what a link says, or the absolute path without links; exit
    code 1 for what is no link."""
    given, names = split_options(argv)
    code = 0
    for name in names:
        if {"f", "e", "m"} & set(given):
            await process.write(os.path.realpath(at(process, name)) + "\n")
        elif os.path.islink(at(process, name)):
            await process.write(os.readlink(at(process, name)) + "\n")
        else:
            code = 1
    return code


async def mktemp(process, argv):
    """mktemp [-d] [-p FOLDER] [-t] [TEMPLATE]: make a file, or with -d a folder, that was not
    there; its name."""
    given, names = split_options(argv, "p")
    folder = given.get("p") or process.env.get("TMPDIR") or "/tmp"
    template = names[0] if names else "tmp.XXXXXXXXXX"
    if names and "p" not in given and "t" not in given:
        folder = process.cwd
    stem, marks = template.rstrip("X"), len(template) - len(template.rstrip("X"))
    if marks < 3:
        return await complain(process, argv, f"too few X's in template ‘{template}’")
    path = os.path.join(process.cwd, folder, stem)
    try:
        if "d" in given:
            found = tempfile.mkdtemp(prefix=os.path.basename(path), dir=os.path.dirname(path) or ".")
        else:
            fd, found = tempfile.mkstemp(prefix=os.path.basename(path), dir=os.path.dirname(path) or ".")
            os.close(fd)
    except OSError as error:
        return await complain(process, argv, f"failed to create file via template ‘{template}’: {error.strerror}")
    if names and folder == process.cwd and not os.path.isabs(template):
        found = os.path.relpath(found, process.cwd)
    elif not os.path.isabs(folder):
        found = os.path.join(folder, os.path.basename(found))
    await process.write(found + "\n")
    return 0


TABLE = {"mkdir": mkdir, "rmdir": rmdir, "rm": rm, "cp": transfer, "mv": transfer, "ln": ln,
         "touch": touch, "chmod": chmod, "basename": basename, "dirname": dirname,
         "realpath": realpath, "readlink": readlink, "mktemp": mktemp}
