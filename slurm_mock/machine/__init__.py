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
    # one of the machine's own kind (see own, open and pipe)
    File = Any
    # ru_utime and the other fields of getrusage(2)
    Usage = Any
    # daemonize.Program
    Program = Any

    class Locks(Protocol):
        """Who is alive, by numbers (see locks.py); the locks go with the process that holds them."""

        def hold(self, who: int) -> bool:
            """Take the number's lock; False if another process has it."""
            ...

        def drop(self, who: int) -> None:
            """Let go of it, whether held or not."""
            ...

        def holder(self, who: int) -> int:
            """The id of the process that holds it; 0 if none does."""
            ...

        def poke(self, who: int) -> bool:
            """Wake its holder; False if there is none."""
            ...

        def close(self) -> None:
            """Let go of all that is held."""
            ...

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
    `ctl` is a slurmctld.controller.Controller, `state` the path of a cluster's state directory.
    What a machine does not do in its own way raises NotImplementedError."""

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

    def interrupted_by(self, *signals: int) -> "Callable[[], object]":
        """Let these signals raise KeyboardInterrupt in this process, but for those that are ignored; what
        returns gives them back what they did before."""
        raise NotImplementedError

    def left_behind(self, state: str, job_id: int, owner: int, script: int,
                    young: bool) -> "Collection[int]":
        """Process ids of what a job's script left when it ended (see proctrack.left_behind)."""
        raise NotImplementedError

    def leave(self) -> None:
        """End this process at once, or where that cannot be, as soon as it gives way."""
        raise NotImplementedError

    # ---- children ----------------------------------------------------------

    def start(self, program: "Program") -> int:
        """Start a daemonize.Program as a child; its process id. Raises OSError if there can be no
        further process."""
        raise NotImplementedError

    def child(self, command: "list[str]", env: "Mapping[str, str]", folder: str) -> int:
        """Start a command as a child with this process's streams; its process id. env: its
        environment, folder: the directory that it begins in."""
        raise NotImplementedError

    def ended(self, pid: int) -> "tuple[int, Usage] | None":
        """(a child's wait status, what it used: ru_utime and the other fields of getrusage(2)), to be
        asked for once; None while it runs."""
        raise NotImplementedError

    def signal_child(self, pid: int, signum: int) -> None:
        """Signal a child that runs, with all that is in its session."""
        raise NotImplementedError

    def sweep_child(self, pid: int) -> None:
        """Kill what a child that has ended left in its session."""
        raise NotImplementedError

    def kill_children(self, pids: "Collection[int]") -> "dict[int, tuple[int, Usage]]":
        """Kill children with what they left, for good: {process id: as `ended`} of those that one could
        still see end."""
        raise NotImplementedError

    # ---- files: what own, open and pipe give is the machine's own kind of file ----

    # can others look on at what a step's tasks write (sattach)? Then all of it passes through srun
    onlookers = True

    def own(self, stream: int) -> "File":
        """This process's file 0, 1 or 2: for a child, or for put and take."""
        raise NotImplementedError

    def open(self, name: str, flags: int) -> "File":
        """Open a file by its absolute name, with flags of os.open. Raises OSError."""
        raise NotImplementedError

    def close(self, file: "File") -> None:
        """Let go of a file. A child that was started with it keeps it."""
        raise NotImplementedError

    def pipe(self, writes: bool) -> "tuple[File, File]":
        """(the child's end, ours) of a pipe; writes: the child writes to it. Raises OSError."""
        raise NotImplementedError

    def take(self, file: "File") -> "bytes | None":
        """What can be read now, as bytes: none if there is nothing yet. None at the end."""
        raise NotImplementedError

    def offer(self, file: "File", data: bytes) -> int:
        """Write what fits now; how many bytes that was. Raises OSError where nobody reads."""
        raise NotImplementedError

    def put(self, file: "File", data: bytes) -> None:
        """Write bytes, all of them. Raises OSError, when some may be lost."""
        raise NotImplementedError

    def ready(self, bell: "Bell", reads: "Collection[File]", writes: "Collection[File]",
              seconds: float) -> "tuple[Collection[File], Collection[File]]":
        """(of the files `reads` those from which something may be taken, of `writes` those to which
        something may be offered); waits up to `seconds` for one of them, or for the bell."""
        raise NotImplementedError

    def one_output(self) -> bool:
        """Do this process's stdout and stderr end in the same place?"""
        raise NotImplementedError

    def input_kind(self) -> str:
        """What this process reads: "terminal", "nothing" (/dev/null, or a closed file), or "data"."""
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

    def nap(self, seconds: float) -> "Iterable[object]":
        """Wait so many seconds of the machine's."""
        raise NotImplementedError

    def grace(self, pids: "Collection[int]") -> "Iterable[object]":
        """Wait a moment, in which processes that were signalled may end."""
        raise NotImplementedError

    # ---- programs ----------------------------------------------------------

    def launchers(self, state: str) -> None:
        """Write the commands' files into a state directory."""
        raise NotImplementedError

    def become(self, call: "Call", name: str) -> int:
        """Run the program that stands on PATH behind the mock's; its exit code."""
        raise NotImplementedError


here: Machine = None  # type: ignore[assignment]  # until an entry point has put one there
