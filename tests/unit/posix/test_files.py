"""posix/files.py: open files, shared and closed by the last, and pipes."""

import asyncio
import os
import signal

import pytest

from slurm_mock.posix.files import FULL, Bytes, Disk, Null, Pipe, Sink, whole
from slurm_mock.posix.wait import Signalled, Wait


def now(coroutine):
    """The value of a coroutine that has nothing to wait for."""
    with pytest.raises(StopIteration) as end:
        coroutine.send(None)
    return end.value.value


def test_a_pipe_ends_when_the_last_writer_has_gone():
    pipe = Pipe()
    second = pipe.writer.dup()
    now(pipe.writer.write(b"one\ntwo"))
    pipe.writer.close()
    assert now(pipe.reader.line()) == b"one\n" and not pipe.written
    second.close()
    assert pipe.written and now(whole(pipe.reader)) == b"two"


def test_a_full_pipe_makes_its_writer_wait_and_an_unread_one_ends_him():
    pipe = Pipe()
    now(pipe.writer.write(b"x" * FULL))
    waiting = pipe.writer.write(b"y")
    assert isinstance(waiting.send(None), Wait)
    waiting.close()
    pipe.reader.close()
    with pytest.raises(Signalled) as ended:
        now(pipe.writer.write(b"z"))
    assert ended.value.signum == signal.SIGPIPE


def test_an_empty_pipe_makes_its_reader_wait():
    pipe = Pipe()
    reading = pipe.reader.read(10)
    wait = reading.send(None)
    assert not wait.done()
    now(pipe.writer.write(b"a"))
    assert wait.done()
    with pytest.raises(StopIteration) as end:
        reading.send(None)
    assert end.value.value == b"a"


def test_lines_of_a_file_on_disk_leave_the_rest_to_the_next_reader(tmp_path):
    (tmp_path / "f").write_bytes(b"one\n" + b"x" * 2000 + b"\nlast")
    file = Disk(os.open(tmp_path / "f", os.O_RDONLY))
    assert now(file.line()) == b"one\n" and len(now(file.line())) == 2001
    assert now(file.read(100)) == b"last" and now(file.line()) == b""
    file.dup().close()
    os.fstat(file.fd)
    file.close()
    with pytest.raises(OSError):
        os.fstat(file.fd)


def test_what_takes_and_what_gives_nothing():
    taken = []
    now(Sink(taken.append).write(bytearray(b"a")))
    assert taken == [b"a"] and now(Null().write(b"b")) is None and now(Null().read(5)) == b""
    text = Bytes(b"1\n2")
    assert now(text.line()) == b"1\n" and now(text.line()) == b"2" and now(text.read(5)) == b""
    with pytest.raises(OSError):
        now(text.write(b""))
    assert asyncio.iscoroutinefunction(Null.read)
