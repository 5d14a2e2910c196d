"""The processes that this computer starts: daemons, which outlive the command that made them (keepers,
supervisors), and children."""

import _signal
import gc
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Any, NoReturn, Protocol

    class Reopened(Protocol):
        """An open store (store.connection.Connection), as far as it matters here."""

        path: str

        def close(self) -> None:
            """Close the file, before a fork."""
            ...

        def reopen(self) -> None:
            """Open it again, in the process that goes on."""
            ...

# Signals that may reach a child before it is itself: they must not ring its parent's bell.
EARLY = (_signal.SIGTERM, _signal.SIGINT, _signal.SIGCONT, _signal.SIGUSR1, _signal.SIGUSR2)


def detach(store: "Reopened", function: "Callable[..., object]", calls: "Sequence[tuple[Any, ...]]",
           afresh: bool) -> None:
    """Run function(state, *args) for each args of `calls`, in processes of their own that outlive
    this one. store: the open store of the state directory. Raises OSError where there can be no
    more processes.

    afresh: each in a new interpreter, not in a fork of this one.
    """
    # a signal whose handler raises must not find the store closed
    masked = _signal.pthread_sigmask(_signal.SIG_BLOCK, EARLY)
    store.close()
    try:
        pid = os.fork()
        if not pid:
            _signal.pthread_sigmask(_signal.SIG_SETMASK, masked)
            _become_daemons(store.path, function, calls, afresh)
        os.waitpid(pid, 0)
    finally:
        store.reopen()
        _signal.pthread_sigmask(_signal.SIG_SETMASK, masked)


def _start_afresh(state: str, function: "Callable[..., object]",
                  args: "tuple[Any, ...]") -> "NoReturn":
    """Run function(state, *args) in a new interpreter in place of this one (launch.daemon)."""
    import sys
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    body = (f"import sys; sys.path.insert(0, {os.path.dirname(package)!r}); "
            "from slurm_mock.launch import daemon; "
            f"daemon({function.__module__!r}, {function.__name__!r}, {state!r}, {args!r})")
    env = {name: value for name, value in os.environ.items()
           if name != "MOCK_SLURM_DRIVEN" and not name.startswith("SLURM_")}
    os.execve(sys.executable, [sys.executable, "-IS", "-c", body], env)


def _become_daemons(state: str, function: "Callable[..., object]",
                    calls: "Sequence[tuple[Any, ...]]", afresh: bool) -> "NoReturn":
    """In a child: start a process for each of `calls`, arguments of the function, and end."""
    try:
        os.setsid()
        for args in calls:
            if not os.fork():
                _become_daemon(state, function, args, afresh)
    finally:
        os._exit(0)


def _become_daemon(state: str, function: "Callable[..., object]", args: "tuple[Any, ...]",
                   afresh: bool) -> "NoReturn":
    """A process without terminal and without files of its parent's runs the function."""
    code = 1
    try:
        null = os.open(os.devnull, os.O_RDWR)
        log = os.open(os.path.join(state, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(null, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.closerange(3, 256)
        os.chdir(state)
        os.umask(0o077)
        gc.set_threshold(700)            # Python's own; commands have more (launch.launch)
        if afresh:
            _start_afresh(state, function, args)
        function(state, *args)
        code = 0
    except BaseException:
        keep_traceback()
    finally:
        os._exit(code)


def keep_traceback() -> None:
    """Write what is being handled to the log, a daemon's stderr: nobody is there to see it, but a bug report
    can have it."""
    import traceback
    os.write(2, traceback.format_exc().encode())


class Program:
    """A program that is to be started: what its process has to know of it.

    argv: its words; files: {0, 1 or 2: a file of the machine's, or Named}, for all others it has its
    parent's; the same object twice is one open file; folder: where it runs; terminal: a
    pty.Terminal of its own; signals: what it must not inherit as ignored.
    """

    terminal: "Any" = None
    umask: "int | None" = None       # None: that of who starts it
    signals: "tuple[int, ...]" = (
        _signal.SIGUSR1, _signal.SIGUSR2, _signal.SIGCHLD, _signal.SIGPIPE, _signal.SIGTERM, _signal.SIGINT)

    def __init__(self, argv: "list[str]", folder: str, files: "Mapping[int, Any]") -> None:
        self.argv, self.folder, self.files = argv, folder, files

    def environment(self) -> "Mapping[Any, Any]":
        """{name: value}, as text or bytes; asked for in the new process. Raises OSError."""
        raise NotImplementedError

    def no_folder(self, error: "OSError") -> "str | None":
        """The folder cannot be entered (OSError): what to say on stderr, if it may run in /tmp instead;
        None if it must not."""
        return None

    def refused(self, error: "OSError") -> str:
        """What to say on stderr of a program that cannot be run (OSError)."""
        raise NotImplementedError


class Named:
    """A file that a child itself opens; flags: of os.open."""

    def __init__(self, name: str, flags: int) -> None:
        self.name, self.flags = name, flags


def start(program: "Program") -> int:
    """Start a Program as a child of this process, which leads a session of its own; its process id.
    Raises OSError."""
    owner = os.getpid()
    # a signal that comes before the child is itself must wait for it
    _signal.pthread_sigmask(_signal.SIG_BLOCK, EARLY)
    try:
        pid = os.fork()
    except OSError:
        _signal.pthread_sigmask(_signal.SIG_UNBLOCK, EARLY)
        raise
    if not pid:
        become(program, owner)
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, EARLY)
    return pid


def become(program: "Program", owner: int) -> "NoReturn":
    """In a child of `owner` (a process id): become the program, or say why not and end with the errno."""
    code = 1
    try:
        os.setsid()
        _signal.set_wakeup_fd(-1)
        for signum in program.signals:
            _signal.signal(signum, _signal.SIG_DFL)
        _signal.pthread_sigmask(_signal.SIG_UNBLOCK, EARLY)
        env = program.environment()
        if program.umask is not None:
            os.umask(program.umask)
        if program.terminal:
            program.terminal.become()
        _take_files(program.files)
        _enter(program)
        if os.getppid() != owner:
            os._exit(1)                  # the owner was killed: the job is not ours any more
        # --export==x: Python refuses a variable without a name
        env = {name: value for name, value in env.items() if name}
        os.execve(find(program.argv[0], env), program.argv, env)
    except OSError as error:
        code = error.errno or 1
        os.write(2, program.refused(error).encode("utf-8", "surrogateescape"))
    finally:
        os._exit(code)


def _enter(program: "Program") -> None:
    """Enter the program's folder, or /tmp where it may run there, too. Raises OSError."""
    try:
        os.chdir(program.folder)
    except OSError as error:
        text = program.no_folder(error)
        if text is None:
            raise
        os.write(2, text.encode("utf-8", "surrogateescape"))
        os.chdir("/tmp")


def _take_files(files: "Mapping[int, Any]") -> None:
    """Let the files be 0, 1 and 2 of this process, and no others be open."""
    for number in (0, 1, 2):
        file = files.get(number)
        if file is not None:
            if number == 2 and file is files.get(1):
                file = 1
            elif isinstance(file, Named):
                file = os.open(file.name, file.flags, 0o666)
            os.dup2(file, number)
    os.closerange(3, 256)


def find(program: str, env: "Mapping[str, str]", without: "Collection[str]" = ()) -> str:
    """The file that a program's name means, on the PATH of `env` but for the folders `without`; without a
    PATH no name means one. Raises FileNotFoundError."""
    if "/" in program:
        return program
    for folder in env["PATH"].split(":") if "PATH" in env else ():
        path = os.path.join(folder or ".", program)
        if folder not in without and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise FileNotFoundError(2, "No such file or directory", program)


def fork(command: "list[str]", env: "Mapping[str, str]", folder: str) -> int:
    """Start the command as a child of this process, in `folder` and with the environment `env`;
    its process id. A Ctrl-C is for the command from then on."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            _signal.set_wakeup_fd(-1)
            for signum in (_signal.SIGUSR1, _signal.SIGCHLD, _signal.SIGPIPE):
                _signal.signal(signum, _signal.SIG_DFL)
            os.chdir(folder)
            os.execve(find(command[0], env), command, env)
        except OSError as error:
            from ..common import log
            os.write(2, log.line("salloc", not_run(command[0], error), "error").encode())
        finally:
            os._exit(code)
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
    return pid


def not_run(program: str, error: "OSError") -> str:
    """Why a command could not be run (OSError), in salloc's words."""
    if isinstance(error, FileNotFoundError):
        return f'_fork_command: Unable to find command "{program}"'
    return f'Unable to exec command "{program}": {error.strerror}'
