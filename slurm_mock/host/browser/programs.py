"""The programs of this interpreter: Slurm's commands, those of a job's node, Python, stand-ins.

On PATH lie the mock's commands (its bin and node folders), files of the user's own, and in
/bin and /usr/bin what posix/system.py has.
"""

import os

from ... import commands
from ...posix import system
from ...posix.exec import SYSTEM, Programs
from ...posix.tools import utilities

PYTHONS = ("python", "python3")
# What jobs of the lesson start, and cannot be here: see stand_ins.py.
STAND_INS = ("declare-memory", "jupyter", "jupyter-notebook", "jupyter-lab")

# Programs that people type and that cannot be here; the message says so, instead of "not found".
ELSEWHERE = frozenset("""gcc cc g++ c++ gfortran clang make cmake mpicc mpif90 mpicxx ssh scp sftp
rsync curl wget git vi vim nano emacs top htop man less more screen tmux sudo su apt apt-get dnf yum
pip pip3 conda mamba docker singularity apptainer perl ruby node npm java Rscript R julia matlab
openssl systemctl service gdb strace""".split())

# Commands of the mock's that wait for another process's hand; here nobody could lend it.
BLOCKING = ("sattach",)


# ---- what lies where: see posix/exec.py ------------------------------------------

def of_slurm(path, env):
    """The program at a path in the cluster's folders of commands."""
    state = env.get("MOCK_SLURM_STATE")
    if not state:
        return None
    folder, name = os.path.split(path)
    if folder == os.path.join(state, "bin") and name in (*commands.SLURM, "sleep"):
        return slurm if name not in BLOCKING else impossible
    if folder == os.path.join(state, "node") and name in commands.NODE:
        return slurm if name == "mpirun" else utilities.find(name)
    return None


def of_lab(path, env):
    """Python and the stand-ins, where a system has its programs."""
    folder, name = os.path.split(path)
    if folder not in SYSTEM:
        return None
    if name in PYTHONS:
        return python
    if name in STAND_INS:
        from .stand_ins import TABLE
        return TABLE[name]
    return None


def interpreter(name):
    """What runs a script in Python."""
    return python_script if name in PYTHONS or name.startswith("python3.") else None


PROGRAMS = Programs((of_slurm, of_lab, system.program), (system.interpreter, interpreter), ELSEWHERE)


# ---- how they run ------------------------------------------------------------------

async def impossible(process, argv):
    """A command that cannot be carried out here; it says so."""
    await process.write(f"{argv[0]}: this command does not work in the browser lab\n", 2)
    return 1


async def python(process, argv):
    """python3: FILE, -c TEXT, -m MODULE or standard input, in this interpreter."""
    from .pythons import run
    return await run(process, argv)


async def python_script(process, words, argv, title):
    """A script in Python, by its file; what else stands in its first line is not heeded."""
    return await python(process, [words[0], *argv])


async def slurm(process, argv):
    """One of the mock's commands."""
    from ...commands.shared.call import Call, steps
    name = os.path.basename(argv[0])
    streams = Streams(process)
    call = Call(name, list(argv[1:]), process.env, process.cwd, streams.stdin, streams.out,
                streams.err, process.env["MOCK_SLURM_STATE"])
    work = steps(commands.find(name), call)
    try:
        while True:
            try:
                wait = next(work)
            except StopIteration as end:
                return end.value
            await streams.pass_on()
            await wait
    finally:
        call.close()
        await streams.pass_on()


class Streams:
    """A command's binary files, and what of them is not yet passed on to the process's."""

    def __init__(self, process):
        self.process = process
        self.stdin = Input(process)
        self.pieces = []
        self.out, self.err = Stream(self.pieces, 1), Stream(self.pieces, 2)

    async def pass_on(self):
        """Write what the command has written to the process's files 1 and 2."""
        while self.pieces:
            fd, data = self.pieces.pop(0)
            if fd in self.process.files:
                await self.process.write(data, fd)


class Input:
    """A process's standard input for a command, which reads it at once: others go on meanwhile."""

    def __init__(self, process):
        self.process = process

    def _now(self, coroutine):
        world = self.process.world
        try:
            while True:
                wait = coroutine.send(None)
                world.drive(wait.done or (lambda: False), wait.until)
        except StopIteration as end:
            return end.value

    def read(self, count=-1):
        """Up to `count` bytes, all until the end without a count."""
        file = self.process.files.get(0)
        if file is None:
            return b""
        return self._now(self.process.read(0) if count is None or count < 0 else file.read(count))

    def readline(self):
        """A line, with its end; b"" at the end of the input."""
        return self._now(self.process.line(0))

    def isatty(self):
        """It is no terminal."""
        return False


class Stream:
    """A binary file that keeps what is written, in the order of all streams."""

    def __init__(self, pieces, fd):
        self.pieces, self.fd = pieces, fd

    def write(self, data):
        """Keep bytes until they are passed on; how many."""
        self.pieces.append((self.fd, bytes(data)))
        return len(data)

    def flush(self):
        """Passed on when the command gives way or ends."""

    def isatty(self):
        """It is no terminal."""
        return False
