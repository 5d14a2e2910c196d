"""mkdir, rm, cp, mv and their like: programs that change or name files.

Coroutines of (process, argv) -> exit code: 0, or 1 where something could not be done, which they say
on stderr.
"""

import errno
import os
import re
import shutil
import stat
import tempfile
import time

from .arguments import Misused, complain, misused, split_options
from .modes import changed_mode


def at(process, name):
    """The path of a name, as a process in its working directory means it."""
    return os.path.join(process.cwd, name)


async def mkdir(process, argv):
    """mkdir [-pv] [-m MODE] FOLDER ...: make folders. Raises Misused."""
    given, names = split_options(argv, "m", "pv", "parents:p mode:m verbose:v")
    code, mask = 0, os.umask(0)
    os.umask(mask)
    try:
        mode = changed_mode(0o777, given.get("m", "777"), mask, True)
    except ValueError:
        raise Misused(f"invalid mode ‘{given['m']}’") from None
    for name in names:
        try:
            there = os.path.isdir(at(process, name))
            if "p" in given:
                os.makedirs(at(process, name), exist_ok=True)
            else:
                os.mkdir(at(process, name))
            if "m" in given:
                os.chmod(at(process, name), mode)
            if "v" in given and not there:
                await process.write(f"mkdir: created directory '{name}'\n")
        except OSError as error:
            code = await complain(process, argv, f"cannot create directory ‘{name}’: {error.strerror}")
    return code if names else await complain(process, argv, "missing operand\nTry 'mkdir --help' for more information.")


async def rmdir(process, argv):
    """rmdir [-p] FOLDER ...: remove empty folders, with -p those above them. Raises Misused."""
    given, names = split_options(argv, "", "p", "parents:p")
    code = 0
    if not names:
        raise misused(argv, "missing operand")
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
    """rm [-rfdv] FILE ...: remove files, with -r folders and what is in them, with -d empty folders;
    -i and -I do not ask. Raises Misused."""
    given, names = split_options(argv, "", "rRfdviI", "recursive:r force:f dir:d verbose:v")
    force, deep = "f" in given, {"r", "R"} & set(given)
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
    """cp [-rapnv] [-t FOLDER] SOURCE ... TARGET, and mv [-nv]: copy, or rename. Raises Misused."""
    moving, code = argv[0].endswith("mv"), 0
    given, names = split_options(argv, "t", "fnvi" if moving else "rRapnvfidPL", "recursive:r archive:a verbose:v "
                                 "no-clobber:n force:f target-directory:t preserve:p")
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
    """ln [-sfnvT] [-t FOLDER] TARGET [NAME], ln ... TARGET ... FOLDER: links to files, with -s symbolic
    ones. Raises Misused."""
    given, names = split_options(argv, "t", "sfnvT", "symbolic:s force:f no-dereference:n verbose:v "
                                 "no-target-directory:T target-directory:t")
    if not names:
        raise misused(argv, "missing file operand")
    goal = given.get("t") or ("." if len(names) == 1 else names.pop())
    inside = "T" not in given and os.path.isdir(at(process, goal)) and not (
        "n" in given and os.path.islink(at(process, goal)))
    if not inside and (len(names) > 1 or "t" in given):
        why = os.strerror(errno.ENOTDIR if os.path.exists(at(process, goal)) else errno.ENOENT)
        raise Misused(f"target '{goal}': {why}")
    kind, code = "symbolic" if "s" in given else "hard", 0
    for source in names:
        shown = os.path.join(goal, os.path.basename(source.rstrip("/"))) if inside else goal
        target, path = at(process, shown), at(process, source)
        try:
            if "s" not in given and not os.path.lexists(path):
                code = await complain(process, argv, f"failed to access '{source}': {os.strerror(errno.ENOENT)}")
                continue
            if "s" not in given and os.path.isdir(path):
                code = await complain(process, argv, f"{source}: hard link not allowed for directory")
                continue
            if "f" in given and os.path.lexists(target):
                os.unlink(target)
            os.symlink(source, target) if "s" in given else os.link(path, target)
        except OSError as error:
            code = await complain(process, argv, f"failed to create {kind} link '{shown}': {error.strerror}")
        else:
            if "v" in given:
                await process.write(f"'{shown}' {'->' if 's' in given else '=>'} '{source}'\n")
    return code


async def touch(process, argv):
    """touch [-cam] [-d DATE | -t STAMP | -r FILE] FILE ...: make files, and set their times to now, to a
    date, or to those of a file. Raises Misused."""
    given, names = split_options(argv, "drt", "camf", "date:d reference:r no-create:c")
    if not names:
        raise misused(argv, "missing file operand")
    moment = process.world.clock.date()
    if "r" in given:
        try:
            moment = os.stat(at(process, given["r"])).st_mtime
        except OSError as error:
            raise Misused(f"failed to get attributes of '{given['r']}': {error.strerror}") from None
    elif "d" in given or "t" in given:
        from .dates import parse, stamp
        now = time.time() if moment is None else moment
        moment = parse(given["d"], now, False) if "d" in given else stamp(given["t"], now)
        if moment is None:
            raise Misused(f"invalid date format ‘{given.get('d', given.get('t'))}’")
    code = 0
    for name in names:
        path = at(process, name)
        try:
            if not os.path.exists(path):
                if "c" in given:
                    continue
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o666))
            new = time.time() if moment is None else moment
            info = os.stat(path)
            # -a and -m each leave the other time alone
            os.utime(path, None if moment is None and not {"a", "m"} & set(given) else (
                info.st_atime if "m" in given and "a" not in given else new,
                info.st_mtime if "a" in given and "m" not in given else new))
        except OSError as error:
            code = await complain(process, argv, f"cannot touch '{name}': {error.strerror}")
    return code


async def chmod(process, argv):
    """chmod [-Rv] [--reference=FILE] MODE FILE ...: change modes, which modes.changed_mode reads; with -R
    of all that is in folders. Raises Misused."""
    words, deep, tell, like, names = list(argv[1:]), False, False, None, []
    while words:
        word = words.pop(0)
        if word.startswith("--reference="):
            like = word.partition("=")[2]
        elif word in ("-R", "--recursive", "-v", "--verbose", "-f", "-c", "-Rv", "-vR", "-Rf", "--changes"):
            deep, tell = deep or "R" in word or word == "--recursive", tell or word in (
                "-v", "--verbose", "-Rv", "-vR")
        elif word == "--":
            names += words
            words = []
        elif re.fullmatch("-[^-rwxXstugoa,+=].*", word) or word.startswith("--"):
            raise misused(argv, f"invalid option -- '{word[1]}'" if word[1] != "-" else f"unrecognized option '{word}'")
        else:
            names.append(word)
    mode = names.pop(0) if like is None and names else None
    if not names:
        raise misused(argv, f"missing operand after ‘{mode}’" if mode else "missing operand")
    try:
        if like is not None:
            mode = f"{os.stat(at(process, like)).st_mode & 0o7777:o}"
        changed_mode(0, mode)
    except ValueError:
        raise misused(argv, f"invalid mode: ‘{mode}’") from None
    except OSError as error:
        raise Misused(f"failed to get attributes of '{like}': {error.strerror}") from None
    code, mask = 0, os.umask(0)
    os.umask(mask)
    for name in names:
        todo = [name]
        while todo:
            name = todo.pop(0)
            path = at(process, name)
            try:
                before, folder = os.stat(path).st_mode & 0o7777, os.path.isdir(path)
                after = changed_mode(before, mode, mask, folder)
                os.chmod(path, after)
                if tell:
                    def shown(bits):
                        return f"{bits:04o} ({stat.filemode(bits)[1:]})"
                    await process.write(f"mode of '{name}' changed from {shown(before)} to {shown(after)}\n"
                                        if before != after else f"mode of '{name}' retained as {shown(after)}\n")
                if deep and folder and not os.path.islink(path):
                    todo = [os.path.join(name, x) for x in sorted(os.listdir(path))
                            if not os.path.islink(os.path.join(path, x))] + todo
            except OSError as error:
                code = await complain(process, argv, f"cannot access '{name}': {error.strerror}")
    return code


async def basename(process, argv):
    """basename [-az] [-s SUFFIX] NAME ..., basename NAME [SUFFIX]: the last part of names. Raises
    Misused."""
    given, names = split_options(argv, "s", "az", "suffix:s multiple:a zero:z")
    suffix = given.get("s", "")
    if not names:
        raise misused(argv, "missing operand")
    if not {"a", "s"} & set(given):
        if len(names) > 2:
            raise misused(argv, f"extra operand ‘{names[2]}’")
        suffix, names = (names[1:] or [""])[0], names[:1]
    for name in names:
        base = os.path.basename(name.rstrip("/")) or name[:1]
        base = base[:-len(suffix)] if suffix and base.endswith(suffix) and base != suffix else base
        await process.write(base + ("\0" if "z" in given else "\n"))
    return 0


async def dirname(process, argv):
    """dirname [-z] NAME ...: names without their last part. Raises Misused."""
    given, names = split_options(argv, "", "z", "zero:z")
    if not names:
        raise misused(argv, "missing operand")
    for name in names:
        trimmed = name.rstrip("/") or name[:1]
        folder = os.path.dirname(trimmed) if "/" in trimmed else "."
        await process.write((folder.rstrip("/") or "/") + ("\0" if "z" in given else "\n"))
    return 0


async def realpath(process, argv):
    """realpath [-e] FILE ...: absolute paths without links; exit code 1 where a folder (-e: the
    file) is missing. Raises Misused."""
    given, names = split_options(argv, "", "eLPq", "canonicalize-existing:e quiet:q")
    if not names:
        raise misused(argv, "missing operand")
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
    code 1 for what is no link. Raises Misused."""
    given, names = split_options(argv, "", "femnqsv", "canonicalize:f canonicalize-existing:e "
                                 "canonicalize-missing:m no-newline:n quiet:q")
    if not names:
        raise misused(argv, "missing operand")
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
    there; its name. Raises Misused."""
    given, names = split_options(argv, "p", "dtqu", "directory:d tmpdir: quiet:q")
    if len(names) > 1:
        raise misused(argv, "too many templates")
    given.setdefault("p", given["tmpdir"]) if given.get("tmpdir") else None
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
        what = "directory" if "d" in given else "file"
        return 1 if "q" in given else await complain(
            process, argv, f"failed to create {what} via template ‘{template}’: {error.strerror}")
    if names and folder == process.cwd and not os.path.isabs(template):
        found = os.path.relpath(found, process.cwd)
    elif not os.path.isabs(folder):
        found = os.path.join(folder, os.path.basename(found))
    await process.write(found + "\n")
    return 0


TABLE = {"mkdir": mkdir, "rmdir": rmdir, "rm": rm, "cp": transfer, "mv": transfer, "ln": ln,
         "touch": touch, "chmod": chmod, "basename": basename, "dirname": dirname,
         "realpath": realpath, "readlink": readlink, "mktemp": mktemp}
