"""Redirections: which files a command's numbers mean. bash(1), REDIRECTION."""

import errno
import os

from ..files import Bytes
from . import words
from .errors import Failed


class Redirections:
    """The part of a Shell that opens files for commands, and puts things back."""

    async def redirect(self, redirections):
        """Carry out redirections; what restore() needs. Raises Failed, and what an expansion raises."""
        saved, files = {}, self.process.files

        def keep(fd):
            if fd not in saved:
                saved[fd] = files.get(fd)
            elif fd in files:
                files[fd].close()

        try:
            for one in redirections:
                await self.redirect_one(one, keep)
        except Exception:                # of an expansion too: what was opened is closed again
            self.restore(saved)
            raise
        return saved

    async def redirect_one(self, one, keep):
        """Carry out one redirection; keep(fd) is called before a number changes. Raises Failed, and
        what an expansion raises."""
        files, op = self.process.files, one.op
        fd = one.fd if one.fd is not None else 0 if op[0] == "<" else 1
        if isinstance(fd, str):
            name, fd = fd, 10
            while fd in files:
                fd += 1
            self.assign(name, str(fd))
        if op in ("<<", "<<<"):
            data = await words.text(self, one.target) + ("\n" if op == "<<<" else "")
            keep(fd)
            files[fd] = Bytes(data.encode("utf-8", "surrogateescape"))
            return
        found = await words.fields(self, [one.target])
        if len(found) != 1:
            raise Failed("ambiguous redirect")
        name = found[0]
        if op in (">&", "<&"):
            if name == "-":
                keep(fd)
                files.pop(fd, None)
                return
            source = name.rstrip("-")
            if source.isdecimal():
                if int(source) not in files:
                    raise Failed(f"{source}: Bad file descriptor")
                copy = files[int(source)].dup()
                keep(fd)
                files[fd] = copy
                if name.endswith("-"):
                    files.pop(int(source)).close()
                return
            op = "&>"
        how = {"<": os.O_RDONLY, "<>": os.O_RDWR | os.O_CREAT}.get(
            op, os.O_WRONLY | os.O_CREAT | (os.O_APPEND if ">>" in op else os.O_TRUNC))
        try:
            if self.options["noclobber"] and op == ">" and os.path.isfile(
                    os.path.join(self.process.cwd, name)):
                raise Failed(f"{name}: cannot overwrite existing file")
            if not name:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            file = self.process.open(name, how)
        except OSError as error:
            raise Failed(f"{name}: {error.strerror}") from None
        keep(fd)
        files[fd] = file
        if op[0] == "&":
            keep(2)
            files[2] = file.dup()

    def restore(self, saved):
        """Close what redirect() has opened, and put the files back that it gave."""
        files = self.process.files
        for fd, old in saved.items():
            if fd in files:
                files[fd].close()
            if old is None:
                files.pop(fd, None)
            else:
                files[fd] = old

    def forget(self, saved):
        """`exec >file`: the redirections stay."""
        for old in saved.values():
            if old is not None:
                old.close()
