"""The open files of processes: on disk, pipes, and what a host takes or gives."""

import errno
import os
import signal

from .wait import Signalled, Wait

# A writer waits while so many bytes lie unread in a pipe (pipe(7)).
FULL = 65536


class File:
    """An open file, shared by all who have it; closed when the last lets go.

    A kind of file gives its own `read`, `write`, `line` and `released`; what it leaves out is as
    here.
    """

    def __init__(self):
        self.users = 1

    def dup(self):
        """The same file for one more user (dup(2))."""
        self.users += 1
        return self

    def close(self):
        """One user lets go; with the last one the file is released."""
        self.users -= 1
        if not self.users:
            self.released()

    def released(self):
        """The last user has gone."""

    async def read(self, count):
        """At most `count` bytes as soon as there are any; b"" at the end. Raises OSError: EBADF
        where nothing can be read."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    async def write(self, data):
        """Write all of the bytes, and wait where that needs others. Raises OSError: EBADF where
        nothing can be written."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    def take(self, count):
        """What can be read without waiting, as bytes: none if there is nothing yet. None at the end, or
        where nothing can be read."""
        reading = self.read(count)
        try:
            reading.send(None)
        except StopIteration as end:
            return end.value or None
        except OSError:
            return None
        reading.close()
        return b""

    def put(self, data):
        """Write all of it at once. Raises OSError."""
        writing = self.write(data)
        try:
            writing.send(None)
        except StopIteration:
            return
        writing.close()
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    async def line(self):
        """One line with its end; what follows stays for the next reader. b"" at the end; the last
        line may lack its end. Raises OSError."""
        parts = bytearray()
        while not parts.endswith(b"\n"):
            byte = await self.read(1)
            if not byte:
                break
            parts += byte
        return bytes(parts)


class Null(File):
    """/dev/null: nothing to read, and what is written is gone."""

    async def read(self, count):
        return b""

    async def write(self, data):
        return None


class Disk(File):
    """A file of the file system, by its descriptor."""

    def __init__(self, fd):
        super().__init__()
        self.fd = fd

    async def read(self, count):
        return os.read(self.fd, count)

    async def write(self, data):
        while data:
            data = data[os.write(self.fd, data):]

    async def line(self):
        """One line with its end; where the file can be sought in, it is read piece by piece and the
        place put back."""
        try:
            start = os.lseek(self.fd, 0, os.SEEK_CUR)
        except OSError:
            return await super().line()
        data = bytearray()
        while True:
            more = os.read(self.fd, 512)
            data += more
            end = data.find(b"\n")
            if end >= 0:
                del data[end + 1:]
                os.lseek(self.fd, start + len(data), os.SEEK_SET)
                return bytes(data)
            if not more:
                return bytes(data)

    def released(self):
        os.close(self.fd)


class Bytes(File):
    """Something to read that is known already: a here-document, what a host gives."""

    def __init__(self, data):
        super().__init__()
        self.data, self.at = data, 0

    async def read(self, count):
        data = self.data[self.at:self.at + count]
        self.at += len(data)
        return data

    async def line(self):
        end = self.data.find(b"\n", self.at) + 1
        return await self.read((end or len(self.data)) - self.at)


class Sink(File):
    """Hands all that is written to a function of bytes."""

    def __init__(self, take):
        super().__init__()
        self.take = take

    async def write(self, data):
        self.take(bytes(data))


class Pipe:
    """A pipe; `reader` and `writer` are its ends."""

    def __init__(self):
        self.data = bytearray()
        self.reader, self.writer = Reader(self), Writer(self)

    @property
    def written(self):
        """Has the last writer gone?"""
        return not self.writer.users

    def take(self):
        """All that is there now."""
        data = bytes(self.data)
        self.data.clear()
        return data


class Reader(File):
    """The end of a pipe that is read."""

    def __init__(self, pipe):
        super().__init__()
        self.pipe = pipe

    async def read(self, count):
        """At most `count` bytes: waits until there are any; b"" when the last writer has gone."""
        pipe = self.pipe
        if not pipe.data and not pipe.written:
            await Wait(lambda: pipe.data or pipe.written)
        data = bytes(pipe.data[:count])
        del pipe.data[:count]
        return data


class Writer(File):
    """The end of a pipe that is written to."""

    def __init__(self, pipe):
        super().__init__()
        self.pipe = pipe

    async def write(self, data):
        """Write all of it, though the pipe overflow; waits while it is full. Raises Signalled
        (SIGPIPE) where nobody reads."""
        pipe = self.pipe
        while True:
            if not pipe.reader.users:
                raise Signalled(signal.SIGPIPE)
            if len(pipe.data) < FULL:
                break
            await Wait(lambda: len(pipe.data) < FULL or not pipe.reader.users)
        pipe.data += data

    def put(self, data):
        """Write all of it at once, though the pipe be full. Raises BrokenPipeError where nobody reads."""
        if not self.pipe.reader.users:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
        self.pipe.data += data

    def offer(self, data):
        """Write what fits; how many bytes that was. Raises BrokenPipeError where nobody reads."""
        piece = data[:max(0, FULL - len(self.pipe.data))]
        self.put(piece)
        return len(piece)


async def whole(file):
    """All that is left to read in a File, as bytes. Raises OSError."""
    parts = []
    while True:
        data = await file.read(65536)
        if not data:
            return b"".join(parts)
        parts.append(data)
