"""The machine under the mock: who starts processes, signals them, and lets time pass.

`here` is the machine that all runs on.  An entry point puts it there: `host.local` this computer
with its own processes, `host.browser` one interpreter whose processes are coroutines, which is
how a browser runs jobs.  Nothing else in the package asks which of the two it is.

A command that has to wait is a generator: it says `yield from machine.here.sleep(...)`.
This computer waits at once and yields nothing; the other machine's wait goes up to its
scheduler, which lets other processes go on meanwhile.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
    from typing import Any, Protocol, TypeVar

    Value = TypeVar("Value")
    # slurmctld.controller.Controller and commands.shared.call.Call: they stand above the machine,
    # which hands them on to what stands there, too.
    Controller = Any
    Call = Any

    class Locks(Protocol):
        """Who is alive, by numbers (see locks.py); the locks go with the process that holds them."""

        def hold(self, who: int) -> bool: ...
        def drop(self, who: int) -> None: ...
        def holder(self, who: int) -> int: ...
        def poke(self, who: int) -> bool: ...
        def close(self) -> None: ...

    class Bell(Protocol):
        """What wakes a waiting process; `wait` takes real seconds (None: for ever), and gives the
        numbers of the signals that came."""

        def wait(self, timeout: "float | None") -> bytes: ...

    class Process(Protocol):
        """One of all processes; `state` is its letter (proc(5)); `turns` grows when it runs, where
        the machine can tell."""

        pid: int
        parent: int
        session: int
        state: str
        turns: object


class Machine:
    """What is asked of a machine. Seconds are the machine's where not the cluster's are meant;
    `ctl` is a slurmctld.controller.Controller, `state` the path of a cluster's state directory."""

    # cluster seconds that pass in one of the machine's, where nobody says (0: see slurmctld/clock.py)
    speed = 1.0

    def finish(self, steps: "Generator[Any, None, Value]", call: "Call | None" = None) -> "Value":
        """Run a command's generator to its end; what it returns. call: the commands.shared.call.Call
        that it works on, on whose cluster time passes (None: that of the environment)."""
        raise NotImplementedError

    # ---- processes --------------------------------------------------------

    def pid(self) -> int:
        """The id of the process that asks."""
        raise NotImplementedError

    def alive(self, state: str) -> "Locks":
        """The locks of a state directory (see locks.py)."""
        raise NotImplementedError

    def supervise(self, ctl: "Controller", *job_ids: int) -> None:
        """See that batch jobs get their supervisors (slurmd/slurmstepd.py)."""
        raise NotImplementedError

    def keep(self, ctl: "Controller") -> None:
        """Have somebody do on time what is due (slurmctld/keeper.py)."""
        raise NotImplementedError

    def terminal(self) -> bool:
        """Is there a terminal to write to?"""
        raise NotImplementedError

    def crew(self, tasks: "list[Any]", files: "Any") -> "Any":
        """The tasks of a step (slurmd.task.Task), to be started, with their files
        (slurmd.task.Files): a slurmd.task.Crew, or what does the same."""
        raise NotImplementedError

    def table(self) -> "Mapping[int, Process]":
        """All processes by their ids."""
        raise NotImplementedError

    def environments(self) -> "Iterable[tuple[int, list[bytes]]]":
        """(process id, [entries of its first environment]) of other processes."""
        raise NotImplementedError

    def amounts(self, pid: int) -> "Sequence[int]":
        """What a process has used (common.jobacct.FIELDS, there are the units); () if that cannot be
        seen."""
        raise NotImplementedError

    def send(self, pids: "Iterable[int]", signum: int) -> None:
        """Signal processes; those that have gone meanwhile are fine."""
        raise NotImplementedError

    def stop(self, pids: "Collection[int]") -> None:
        """Stop processes, and return when they have."""
        raise NotImplementedError

    def bell(self, *signals: int) -> "Bell":
        """What wakes a waiting process (see locks.py)."""
        raise NotImplementedError

    def child(self, command: "list[str]", env: "Mapping[str, str]", folder: str) -> int:
        """Start a command as a child with this process's streams; its process id. env: its
        environment, folder: the directory that it begins in."""
        raise NotImplementedError

    def ended(self, pid: int) -> "int | None":
        """A child's wait status; None while it runs."""
        raise NotImplementedError

    # ---- time: what yields is for `yield from` -----------------------------

    def settle(self, ctl: "Controller") -> None:
        """On a stepping clock: let all that can happen at this moment happen."""
        raise NotImplementedError

    def sleep(self, ctl: "Controller", seconds: float) -> "Iterable[object]":
        """Sleep so many seconds on the cluster's clock."""
        raise NotImplementedError

    def watch(self, ctl: "Controller", done: "Callable[[], object]") -> "Iterable[object]":
        """Wait until done()."""
        raise NotImplementedError

    def mind(self, ctl: "Controller", turn: "Callable[[float], object]") -> "Iterable[object]":
        """Call turn(real seconds that it may wait) until it returns true."""
        raise NotImplementedError

    def beside(self, turn: "Callable[[float], object]") -> "Iterable[object]":
        """Like mind, for a process that leaves the clock to others."""
        raise NotImplementedError

    def pause(self, ctl: "Controller", ready: "Callable[[], object]") -> "Iterable[object]":
        """Wait for others to go on: until ready(), or a little."""
        raise NotImplementedError

    # ---- programs ----------------------------------------------------------

    def launchers(self, state: str) -> None:
        """Write the commands' files into a state directory."""
        raise NotImplementedError

    def become(self, call: "Call", name: str) -> int:
        """Run the program that stands on PATH behind the mock's; its exit code."""
        raise NotImplementedError


here: Machine = None  # type: ignore[assignment]  # until an entry point has put one there
