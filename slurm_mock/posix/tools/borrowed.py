"""Text and file tools from just-bash (PyPI, pure Python): find, cut, tr and their like.

Only its commands are used, by their interface execute(args, context); its package would
pull in network libraries that no command here needs, so it is entered beside its front door.
"""

import importlib
import importlib.util
import os
import re
import shutil
import stat
import sys
import types

from .arguments import complain

# name -> module under just_bash.commands, class
TOOLS = {
    "find": ("find.find", "FindCommand"),
    "ls": ("ls.ls", "LsCommand"), 
    "uniq": ("uniq.uniq", "UniqCommand"), "cut": ("cut.cut", "CutCommand"),
    "tr": ("tr.tr", "TrCommand"), "paste": ("paste.paste", "PasteCommand"),
    "comm": ("comm.comm", "CommCommand"), "join": ("join.join", "JoinCommand"),
    "nl": ("nl.nl", "NlCommand"), "fold": ("fold.fold", "FoldCommand"),
    "expand": ("expand.expand", "ExpandCommand"), "rev": ("rev.rev", "RevCommand"),
    "tac": ("tac.tac", "TacCommand"), "od": ("od.od", "OdCommand"),
    "base64": ("base64.base64", "Base64Command"), "stat": ("stat.stat", "StatCommand"),
    "du": ("du.du", "DuCommand"),
    "expr": ("expr.expr", "ExprCommand"), "column": ("column.column", "ColumnCommand"),
    "split": ("split.split", "SplitCommand"), "shuf": ("shuf.shuf", "ShufCommand"),
    "md5sum": ("checksum.checksum", "Md5sumCommand"),
    "sha256sum": ("checksum.checksum", "Sha256sumCommand"), "file": ("file.file", "FileCommand")}


def find(name):
    """The function(process, argv) of a tool; None if just-bash does not lend it, or is not there."""
    return tool if name in TOOLS and _package() else None


def _package():
    """just_bash without what its own __init__ imports; None where it is not installed."""
    if "just_bash" not in sys.modules:
        spec = importlib.util.find_spec("just_bash")
        if spec is None:
            return None
        package = types.ModuleType("just_bash")
        package.__path__, package.__spec__ = list(spec.submodule_search_locations), spec
        sys.modules["just_bash"] = package
    return sys.modules["just_bash"]


def _command(name):
    module, kind = TOOLS[name]
    return getattr(importlib.import_module(f"just_bash.commands.{module}"), kind)()


# Of these the standard input is read only when no file is named (the words without a dash).
OPERANDS = {"tr": 2}
NO_INPUT = {"find", "ls", "stat", "du", "expr", "file"}


async def tool(process, argv):
    """Run one of the tools; its exit code, 1 for words that it cannot make anything of."""
    name = os.path.basename(argv[0])
    command = _command(name)
    from just_bash.types import CommandContext, ExecutionLimits
    operands = [a for a in argv[1:] if not a.startswith("-") or a == "-"]
    files = [a for a in operands[OPERANDS.get(name, 0):] if a != "-" and os.path.exists(
        os.path.join(process.cwd, a))]
    text = ""
    if name not in NO_INPUT and (not files or "-" in operands) or "-" in operands:
        text = (await process.read(0)).decode("utf-8", "surrogateescape")
    big = 10 ** 9
    context = CommandContext(fs=Files(), cwd=process.cwd, env=dict(process.env), stdin=text,
                             limits=ExecutionLimits(big, big, big, big, big))

    async def execute(script, options=None):
        return await _nested(process, script)

    context.exec = execute
    try:
        result = await command.execute(list(argv[1:]), context)
    except (ValueError, LookupError, TypeError, ArithmeticError, re.error) as problem:
        # they trust their words
        return await complain(process, argv, f"{' '.join(argv[1:])}: {problem}")
    if result.stdout:
        await process.write(result.stdout)
    if result.stderr:
        await process.write(result.stderr, 2)
    return result.exit_code


async def _nested(process, script):
    """A command that a tool runs (find -exec), by a shell: its output and exit code."""
    from just_bash.types import ExecResult

    from ..files import Null, Sink
    from ..wait import Wait
    out, err, world = [], [], process.world
    main = world.programs.find(["bash", "-c", script], process.env, process.cwd)
    child = world.spawn(main, dict(process.env), process.cwd,
                        {0: Null(), 1: Sink(out.append), 2: Sink(err.append)}, process, name="bash")
    await Wait(lambda: child.status is not None)
    return ExecResult(b"".join(out).decode("utf-8", "surrogateescape"),
                      b"".join(err).decode("utf-8", "surrogateescape"),
                      128 + (child.status & 127) if child.status & 127 else child.status >> 8)


class Files:
    """The file system as just-bash's tools ask for it; paths are absolute.

    What reads or changes a file raises OSError. Bytes that are no text go through as they are.
    """

    def resolve_path(self, base, path):
        """The absolute path of a name in the folder `base`."""
        return os.path.normpath(os.path.join(base, path))

    async def read_file(self, path, encoding="utf-8"):
        """A file's text in an encoding."""
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as f:
            return f.read()

    async def read_file_bytes(self, path):
        """A file's bytes."""
        with open(path, "rb") as f:
            return f.read()

    async def write_file(self, path, content, encoding="utf-8"):
        """Write text (as UTF-8, whatever `encoding` says) or bytes as all of a file."""
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        with open(path, "wb") as f:
            f.write(data)

    async def append_file(self, path, content):
        """Write text or bytes at a file's end."""
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        with open(path, "ab") as f:
            f.write(data)

    async def exists(self, path):
        """Is there such a file, behind its links?"""
        return os.path.exists(path)

    async def is_file(self, path):
        """Is it a regular file, behind its links?"""
        return os.path.isfile(path)

    async def is_directory(self, path):
        """Is it a folder, behind its links?"""
        return os.path.isdir(path)

    async def mkdir(self, path, recursive=False):
        """Make a folder; recursive: with those above it, and it may be there."""
        os.makedirs(path, exist_ok=True) if recursive else os.mkdir(path)

    async def readdir(self, path):
        """The names in a folder, sorted."""
        return sorted(os.listdir(path))

    async def rm(self, path, recursive=False, force=False):
        """Remove a file; recursive: a folder with what is in it; force: it need not be there."""
        if recursive and os.path.isdir(path):
            shutil.rmtree(path)
        elif not force or os.path.lexists(path):
            os.unlink(path)

    async def stat(self, path):
        """A just-bash FsStat of a file, behind its links."""
        return self._stat(os.stat(path), os.path.islink(path))

    async def lstat(self, path):
        """A just-bash FsStat of a file, or of a link itself."""
        return self._stat(os.lstat(path), os.path.islink(path))

    @staticmethod
    def _stat(info, link):
        from just_bash.types import FsStat
        return FsStat(stat.S_ISREG(info.st_mode), stat.S_ISDIR(info.st_mode),
                      link and stat.S_ISLNK(info.st_mode), stat.S_IMODE(info.st_mode), info.st_size,
                      info.st_mtime, info.st_nlink)

    async def chmod(self, path, mode):
        """Set the mode bits of a file."""
        os.chmod(path, mode)

    async def symlink(self, target, link_path):
        """Make a link at `link_path` that says `target`."""
        os.symlink(target, link_path)

    async def readlink(self, path):
        """What a link says."""
        return os.readlink(path)

    async def utimes(self, path, atime, mtime):
        """Set a file's times, in seconds since the epoch."""
        os.utime(path, (atime, mtime))

    async def realpath(self, path):
        """The path without links."""
        return os.path.realpath(path)
