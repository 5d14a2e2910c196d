"""subprocess.Popen for programs in this interpreter: what starts them does not notice."""

import errno
import io
import os
import subprocess
import sys

from ...posix.exec import NotRunnable
from ...posix.files import Bytes, Null, Pipe, Sink
from .world import world


class Popen(subprocess.Popen):
    """Like its base class. The program runs while somebody waits for it or reads from it."""

    def __init__(self, args, bufsize=-1, executable=None, stdin=None, stdout=None, stderr=None,
                 preexec_fn=None, close_fds=True, shell=False, cwd=None, env=None,
                 universal_newlines=None, startupinfo=None, creationflags=0, restore_signals=True,
                 start_new_session=False, pass_fds=(), *, text=None, encoding=None, errors=None,
                 **_more):
        self.args, self.returncode = args, None
        self._waitpid_lock = self._communication_started = self._input = None
        self._child_created = False      # what the base class's __del__ asks for
        self.text_mode = encoding or errors or text or universal_newlines
        self.encoding, self.errors = encoding, errors
        words = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
        words = [os.fsdecode(word) for word in words]
        if shell:
            words = ["sh", "-c", *words]
        elif executable:
            words[0] = os.fsdecode(executable)
        folder = os.path.abspath(os.fsdecode(cwd) if cwd is not None else os.getcwd())
        if not os.path.isdir(folder):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), folder)
        environment = dict(os.environ if env is None else env)
        environment = {os.fsdecode(k): os.fsdecode(v) for k, v in environment.items()}
        try:
            main = world.programs.find(words, environment, folder)
        except NotRunnable as problem:
            kind, code = (PermissionError, 13) if problem.code == 126 else (FileNotFoundError, 2)
            if problem.elsewhere:
                raise kind(code, problem.text.partition(": ")[2], words[0]) from None
            raise kind(code, os.strerror(code), words[0]) from None
        self.stdin = self.stdout = self.stderr = None
        files = {0: self._reads(stdin), 1: self._writes(stdout, "stdout", 1)}
        files[2] = files[1].dup() if stderr == subprocess.STDOUT else self._writes(stderr, "stderr", 2)
        self.process = world.spawn(main, environment, folder, files, new_session=start_new_session,
                                   name=words[0])
        self.pid = self.process.pid

    # ---- streams ------------------------------------------------------------

    def _reads(self, what):
        if what == subprocess.PIPE:
            pipe = Pipe()
            self.stdin = self._wrap(io.BufferedWriter(Writing(pipe)))
            return pipe.reader
        if what is None or what == subprocess.DEVNULL:
            return Null()
        return Bytes(os.read(_number(what), 1 << 30))

    def _writes(self, what, name, fd):
        if what == subprocess.PIPE:
            pipe = Pipe()
            setattr(self, name, self._wrap(io.BufferedReader(Reading(pipe, self))))
            return pipe.writer
        if what is None:
            return Sink(lambda data: show(data, fd))
        if what == subprocess.DEVNULL:
            return Null()
        number = _number(what)
        return Sink(lambda data: os.write(number, data))

    def _wrap(self, stream):
        if not self.text_mode:
            return stream
        return io.TextIOWrapper(stream, encoding=self.encoding or "utf-8",
                                errors=self.errors or ("strict" if self.encoding else "surrogateescape"),
                                write_through=True)

    # ---- waiting ------------------------------------------------------------

    def poll(self):
        """Let the program take a turn; its returncode, None while it runs."""
        if self.returncode is None:
            world.turn_of(self.process)
            self._note()
        return self.returncode

    def wait(self, timeout=None):
        """Let the program run to its end; its returncode. timeout is not heeded."""
        if self.returncode is None:
            world.run(self.process)
            self._note()
        return self.returncode

    def communicate(self, input=None, timeout=None):
        """Hand `input` in, let the program run to its end; (what it wrote to stdout, to stderr),
        None for what is no pipe. timeout is not heeded."""
        if self.stdin:
            if input:
                self.stdin.write(input)
            self.stdin.close()
        out = self.stdout.read() if self.stdout else None
        self.wait()
        err = self.stderr.read() if self.stderr else None
        return out, err

    def _note(self):
        status = self.process.status
        if status is not None:
            self.returncode = -(status & 127) if status & 127 else status >> 8

    def send_signal(self, sig):
        """Signal the program, and let it take a turn."""
        world.kill(self.pid, sig)
        self.poll()

    def terminate(self):
        """Send SIGTERM."""
        self.send_signal(15)

    def kill(self):
        """Send SIGKILL."""
        self.send_signal(9)

    def __exit__(self, kind, value, trace):
        for stream in (self.stdout, self.stderr, self.stdin):
            if stream:
                stream.close()
        self.wait()

    def __del__(self, _maxsize=None, _warn=None):
        """Nothing of the operating system's is held."""


class Reading(io.RawIOBase):
    """The notebook's end of a pipe that a program writes to: reading lets the program run."""

    def __init__(self, pipe, popen):
        self.pipe, self.popen = pipe, popen

    def readable(self):
        """It is."""
        return True

    def readinto(self, buffer):
        """Fill the buffer with what there is, letting the program run until there is something; how
        many bytes, 0 at the end."""
        pipe, process = self.pipe, self.popen.process
        if not pipe.data and not pipe.written:
            world.run_until(process, lambda: pipe.data or pipe.written or process.status is not None)
        data = bytes(pipe.data[:len(buffer)])
        del pipe.data[:len(buffer)]
        buffer[:len(data)] = data
        return len(data)

    def close(self):
        """Nobody reads from the pipe any more."""
        if not self.closed:
            self.pipe.reader.close()
        super().close()


class Writing(io.RawIOBase):
    """The notebook's end of a pipe that a program reads from."""

    def __init__(self, pipe):
        self.pipe = pipe

    def writable(self):
        """It is."""
        return True

    def write(self, data):
        """Put bytes into the pipe, all of them; how many. Raises BrokenPipeError where nobody reads."""
        if not self.pipe.reader.users:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
        self.pipe.data += data
        return len(data)

    def close(self):
        """Nothing more will be written: the program comes to the end of its input."""
        if not self.closed:
            self.pipe.writer.close()
        super().close()


def _number(what):
    return what if isinstance(what, int) else what.fileno()


def show(data, fd=1):
    """Write bytes where the notebook shows what a program prints."""
    stream = sys.stdout if fd == 1 else sys.stderr
    stream.write(data.decode("utf-8", "replace"))
    stream.flush()


def system(command):
    """os.system."""
    code = Popen(command, shell=True).wait()
    return -code if code < 0 else code << 8
