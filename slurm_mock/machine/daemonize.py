"""Processes that outlive the command that made them: keepers and supervisors."""

import _signal
import gc
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, NoReturn, Protocol

    class Reopened(Protocol):
        """An open store (store.connection.Connection), as far as it matters here."""

        path: str

        def close(self) -> None: ...
        def reopen(self) -> None: ...


def detach(store: "Reopened", function: "Callable[..., object]", calls: "Sequence[tuple[Any, ...]]",
           afresh: bool) -> None:
    """Run function(state, *args) for each args of `calls`, in processes of their own that outlive
    this one. store: the open store of the state directory. Raises OSError where there can be no
    more processes.

    afresh: each in a new interpreter, not in a fork of this one.
    """
    store.close()
    try:
        pid = os.fork()
        if not pid:
            _become_daemons(store.path, function, calls, afresh)
        os.waitpid(pid, 0)
    finally:
        store.reopen()


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
        # nobody is there to see it: the log keeps it for a bug report
        import traceback
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def find(program: str, env: "Mapping[str, str]") -> str:
    """The file that a program's name means, on the PATH of `env`. Raises FileNotFoundError."""
    if "/" in program:
        return program
    for folder in env.get("PATH", "/usr/bin:/bin").split(":"):
        path = os.path.join(folder or ".", program)
        if os.path.isfile(path) and os.access(path, os.X_OK):
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
            os.write(2, f"salloc: error: {not_run(command[0], error)}\n".encode())
        finally:
            os._exit(code)
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
    return pid


def not_run(program: str, error: "OSError") -> str:
    """Why a command could not be run (OSError), in salloc's words."""
    if isinstance(error, FileNotFoundError):
        return f'_fork_command: Unable to find command "{program}"'
    return f'Unable to exec command "{program}": {error.strerror}'
