"""Which program a command's words mean, and how it runs in this interpreter.

On PATH lie the mock's commands (its bin and node folders), files of the user's own, and
in /bin and /usr/bin what posix/tools/utilities.py has: nothing of the machine's own is ever started.
"""

import os
import sys

from ... import commands
from ...posix.kernel import NotRunnable
from ...posix.tools import utilities

# Where a machine keeps its own programs; the folder of the interpreter's own is such a one.
SYSTEM = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin",
          *([os.path.dirname(sys.executable)] if sys.executable else []))
SHELLS = ("bash", "sh", "dash")
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


async def impossible(process, argv):
    await process.write(f"{argv[0]}: this command does not work in the browser lab\n", 2)
    return 1


def which(name, env, cwd):
    """The file that a program's name means; None if there is none."""
    if "/" in name:
        path = os.path.join(cwd, name)
        return name if _built_in(path, env) or os.path.isfile(path) and os.access(path, os.X_OK) \
            else None
    for folder in env.get("PATH", "/usr/local/bin:/usr/bin:/bin").split(":"):
        path = os.path.join(cwd, folder or ".", name)
        if _built_in(path, env):
            # where a system keeps it
            return path if folder not in SYSTEM else f"/usr/bin/{name}"
        if folder not in SYSTEM and os.path.isfile(path) and os.access(path, os.X_OK):
            return os.path.join(folder, name)
    return None


def _built_in(path, env):
    """The function(process, argv) of a path at which this machine has a program; None."""
    folder, name = os.path.split(os.path.normpath(path))
    state = env.get("MOCK_SLURM_STATE")
    if state and folder == os.path.join(state, "bin") and name in (*commands.SLURM, "sleep"):
        return slurm if name not in BLOCKING else impossible
    if state and folder == os.path.join(state, "node") and name in commands.NODE:
        return slurm if name == "mpirun" else utilities.find(name)
    if folder in SYSTEM:
        if name in SHELLS:
            return shell
        if name in PYTHONS:
            return python
        if name in STAND_INS:
            from .stand_ins import TABLE
            return TABLE[name]
        return utilities.find(name)
    return None


def find(argv, env, cwd, parent=None):
    """main(process) -> coroutine for a command's words. Raises NotRunnable, in bash's words."""
    name = argv[0]
    path = which(name, env, cwd)
    if path is None:
        raise _missing(name, cwd, env)
    path = os.path.join(cwd, path)
    function = _built_in(path, env)
    if function:
        return lambda process: function(process, argv)
    return script(path, argv)


def _missing(name, cwd, env):
    if "/" in name:
        path = os.path.join(cwd, name)
        if os.path.isdir(path):
            return NotRunnable(f"{name}: Is a directory", 126)
        if os.path.exists(path):
            return NotRunnable(f"{name}: Permission denied", 126)
        return NotRunnable(f"{name}: No such file or directory", 127)
    if name in ELSEWHERE:
        return NotRunnable(f"{name}: this program does not run in the browser lab", 127)
    return NotRunnable(f"{name}: command not found", 127)


def script(path, argv):
    """A file of the user's: its first line says what runs it."""
    with open(path, "rb") as f:
        head = f.read(256)
    if head.startswith(b"\x7fELF"):
        raise NotRunnable(f"{argv[0]}: a compiled program does not run in the browser lab", 126)
    line = head.split(b"\n")[0].decode("utf-8", "replace")
    words = line[2:].split() if line.startswith("#!") else ["/bin/sh"]
    if words[:1] and os.path.basename(words[0]) == "env":
        words = [w for w in words[1:] if w != "-S"]
    program = os.path.basename(words[0]) if words else "sh"
    if program in SHELLS:
        return lambda process: shell(process, [program, *words[1:], path, *argv[1:]], argv[0])
    if program in PYTHONS or program.startswith("python3."):
        return lambda process: python(process, [program, path, *argv[1:]])
    raise NotRunnable(f"{argv[0]}: {words[0] if words else ''}: bad interpreter: No such file or "
                      "directory", 126)


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
        while self.pieces:
            fd, data = self.pieces.pop(0)
            if fd in self.process.files:
                await self.process.write(data, fd)


class Input:
    """A process's standard input for a command, which reads it at once: others go on meanwhile."""

    def __init__(self, process):
        self.process = process

    def _now(self, coroutine):
        from ...posix.kernel import world
        try:
            while True:
                wait = coroutine.send(None)
                world.drive(wait.done or (lambda: False), wait.until)
        except StopIteration as end:
            return end.value

    def read(self, count=-1):
        file = self.process.files.get(0)
        if file is None:
            return b""
        return self._now(self.process.read(0) if count is None or count < 0 else file.read(count))

    def readline(self):
        return self._now(self.process.line(0))

    def isatty(self):
        return False


class Stream:
    """A binary file that keeps what is written, in the order of all streams."""

    def __init__(self, pieces, fd):
        self.pieces, self.fd = pieces, fd

    def write(self, data):
        self.pieces.append((self.fd, bytes(data)))
        return len(data)

    def flush(self):
        """Passed on when the command gives way or ends."""

    def isatty(self):
        return False


async def shell(process, argv, name=None):
    """bash: a script's file, -c TEXT, or standard input. name: $0 of a script started by itself."""
    from ...posix.shell.interpreter import Shell
    options, i, text, from_input = [], 1, None, False
    while i < len(argv) and argv[i][:1] in "-+" and len(argv[i]) > 1 and argv[i] != "--":
        word = argv[i]
        i += 1
        if word in ("--login", "--norc", "--noprofile", "--posix", "--version"):
            if word == "--version":
                await process.write("GNU bash, version 5.2.15(1)-release (in-process)\n")
                return 0
            continue
        if word in ("-o", "+o"):
            options += [word, argv[i]]
            i += 1
            continue
        letters = word[1:]
        if "c" in letters:
            text = True
        from_input = from_input or "s" in letters
        rest = "".join(c for c in letters if c in "euxfnCav")
        if rest:
            options.append(word[0] + rest)
        if letters.endswith("o"):
            options += ["-o", argv[i]]
            i += 1
    operands = argv[i + 1:] if argv[i:i + 1] == ["--"] else argv[i:]
    given = ()
    if from_input:
        operands, given = [], operands
    if text:
        if not operands:
            await process.write(f"{argv[0]}: -c: option requires an argument\n", 2)
            return 2
        text, given = operands[0], operands[1:]
        title = given[0] if given else os.path.basename(argv[0])
        one = Shell(process, given[0] if given else argv[0], given[1:], title)
        one.is_command_string = True
    elif operands:
        title = operands[0]
        path = os.path.join(process.cwd, title)
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as f:
                text = f.read()
        except OSError as error:
            await process.write(f"{argv[0]}: {title}: {error.strerror}\n", 2)
            return 127 if isinstance(error, FileNotFoundError) else 126
        one = Shell(process, title, operands[1:], name or title)
        one.name = name or title
    else:
        text = (await process.read(0)).decode("utf-8", "surrogateescape")
        one = Shell(process, argv[0], given, os.path.basename(argv[0]))
    one.is_bash = os.path.basename(argv[0]) == "bash"
    if options:
        from ...posix.shell.builtins import set_
        await set_(one, ["set", *options])
    return await one.run(text)


async def python(process, argv):
    """python3: FILE, -c TEXT, -m MODULE or standard input, in this interpreter."""
    from .pythons import run
    return await run(process, argv)
