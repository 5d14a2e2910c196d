"""The processes of jobs: who they are, whether they rest, and signals to them.

A job's processes are the descendants of its owner (the supervisor of a batch job, the
salloc or srun of an interactive one) and whoever is left in a session that began there.
On Linux they are read from /proc (proc(5)), elsewhere from ps(1).
"""

import os

from .. import machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import TypeVar

    Running = TypeVar("Running", bound=machine.Process)

# State letters of a process that waits for something (proc(5)).
RESTING = "SITtZXx"


# So many ids are asked for one by one sooner than all processes are listed.
FEW = 50


class Process:
    """pid, parent, session, state letter, and `turns`: a number that grows when it runs."""

    __slots__ = ("pid", "parent", "session", "state", "turns")

    def __init__(self, pid: int, parent: int, session: int, state: str, turns: object = 0) -> None:
        self.pid, self.parent, self.session = pid, parent, session
        self.state, self.turns = state, turns


def table() -> "Mapping[int, machine.Process]":
    """All processes of the machine that all runs on: {pid: process}."""
    return machine.here.table()


def machine_table(names: "Collection[str] | None" = None) -> "dict[int, Process]":
    """This computer's processes; names: of these in /proc only."""
    if not os.path.exists("/proc/self/stat"):
        return _ps_table()
    found = {}
    for name in names or os.listdir("/proc"):
        if name.isdecimal():
            fields = _stat(f"/proc/{name}/stat")
            if fields:
                found[int(name)] = Process(int(name), int(fields[1]), int(fields[3]), fields[0])
    return found


def _stat(path: str) -> "list[str] | None":
    """The fields of a stat file from the state letter on; None if the process has gone."""
    try:
        with open(path, "rb") as f:
            return f.read().rpartition(b")")[2].decode("ascii").split()
    except OSError:
        return None


def _ps_table() -> "dict[int, Process]":
    found = {}
    for line in os.popen("ps -A -o pid=,ppid=,sess=,state=,time=").read().splitlines():
        fields = line.split()
        if len(fields) >= 5 and fields[0].isdecimal():
            session = int(fields[2]) if fields[2].isdecimal() else 0
            found[int(fields[0])] = Process(int(fields[0]), int(fields[1]), session,
                                            fields[3][0], fields[4])
    return found


def tree(processes: "Mapping[int, Running]", root: int, session: int = 0) -> "dict[int, Running]":
    """The descendants of `root` (not itself), and members of sessions that begin among them
    or are `session` (whose leader may have gone)."""
    children: "dict[int, list[Running]]" = {}
    for p in processes.values():
        children.setdefault(p.parent, []).append(p)
    found: "dict[int, Running]" = {}
    todo = [root]
    while todo:
        for child in children.get(todo.pop(), ()):
            if child.pid not in found:
                found[child.pid] = child
                todo.append(child.pid)
    sessions = {p.session for p in found.values() if p.session in found} | {session or None}
    for p in processes.values():
        if p.session in sessions and p.pid not in found:
            found[p.pid] = p
    return found


def threads_of(pid: int) -> "list[tuple[str, object]]":
    """(state, turns) of each thread of a process, from /proc."""
    base = f"/proc/{pid}/task"
    found: "list[tuple[str, object]]" = []
    try:
        names = os.listdir(base)
    except OSError:
        return [("Z", 0)]
    for name in names:
        fields = _stat(f"{base}/{name}/stat")
        try:
            with open(f"{base}/{name}/schedstat", "rb") as f:
                turns: object = f.read().split()[2]
        except (OSError, IndexError):
            # a kernel without schedstat: CPU time says nearly the same
            turns = (fields[11], fields[12]) if fields else 0
        found.append((fields[0] if fields else "Z", turns))
    return found


def picture(root: int, whole: bool = False) -> "dict[int, list[tuple[str, object]]]":
    """The descendants of `root` as {pid: [(state, turns) of its threads]}; `whole`: with itself."""
    processes = table()
    pids = {*tree(processes, root), *([root] if whole else ())}
    if not os.path.exists("/proc/self/stat"):
        return {pid: [(processes[pid].state, processes[pid].turns)] for pid in pids & set(processes)}
    return {pid: threads_of(pid) for pid in pids}


def rests(before: "Mapping[int, list[tuple[str, object]]]",
          after: "Mapping[int, list[tuple[str, object]]]") -> bool:
    """Did all processes wait at one moment? True if none ran between two pictures."""
    return (before == after and bool(after)
            and all(state in RESTING for lines in after.values() for state, _ in lines))


def began_after(pid: int) -> "list[str] | None":
    """Names in /proc of the processes younger than `pid`, which began a moment ago; None where
    that cannot be told. Linux hands process ids out in turn (proc(5), pid_max and loadavg)."""
    try:
        with open("/proc/loadavg", "rb") as f:
            last = int(f.read().split()[-1])
        if 0 <= last - pid <= FEW:
            return [str(one) for one in range(pid + 1, last + 1) if _is_process(one)]
        names = [name for name in os.listdir("/proc") if name.isdecimal()]
    except (OSError, ValueError):
        return None
    if last >= pid:
        return [name for name in names if pid < int(name) <= last]
    # they have begun anew from below
    return [name for name in names if int(name) > pid or int(name) <= last]


def _is_process(pid: int) -> bool:
    """Is this the id of a process that is there? /proc has threads, too, if asked for by name."""
    try:
        with open(f"/proc/{pid}/status", "rb") as f:
            return b"\nTgid:\t%d\n" % pid in f.read()
    except OSError:
        return False


def left_behind(state: str, job_id: int, owner: int, script: int, young: bool) -> "set[int]":
    """Process ids of what a job's script left when it ended. young: it ran for a moment only."""
    names = began_after(script) if young else None
    if names == []:
        return set()
    return {*tree(machine_table(names), owner, script),
            *marked(state, job_id, machine_environments(names))}


def marked(state: str, job_id: "int | None" = None,
           among: "Iterable[tuple[int, list[bytes]]] | None" = None) -> "list[int]":
    """Process ids that carry this state directory's mark (and the job's) in their environment:
    what a job started, though its owner be dead and its session another. Linux only.
    among: what environments() gives, of fewer processes."""
    marks = [f"MOCK_SLURM_STATE={state}".encode(), b"MOCK_SLURM_DRIVEN=1"]
    if job_id is not None:
        marks.append(f"SLURM_JOB_ID={job_id}".encode())
    return [pid for pid, have in (environments() if among is None else among)
            if all(mark in have for mark in marks)]


def outside(state: str) -> "list[int]":
    """Process ids under `slurm-mock run` (or env) that are no job's: the user's own."""
    mark = f"MOCK_SLURM_STATE={state}".encode()
    return [pid for pid, have in environments()
            if mark in have and b"MOCK_SLURM_DRIVEN=1" not in have]


def environments() -> "Iterable[tuple[int, list[bytes]]]":
    """(process id, [entries of its first environment]) of other processes we may look into."""
    return machine.here.environments()


def machine_environments(names: "Collection[str] | None" = None) -> "list[tuple[int, list[bytes]]]":
    """The same of this computer's; names: of these in /proc only."""
    found: "list[tuple[int, list[bytes]]]" = []
    if not os.path.exists("/proc/self/environ"):
        return found
    for name in names or os.listdir("/proc"):
        if not name.isdecimal():
            continue
        try:
            with open(f"/proc/{name}/environ", "rb") as f:
                have = f.read().split(b"\0")
        except OSError:
            continue                     # gone, or somebody else's
        if int(name) != os.getpid():
            found.append((int(name), have))
    return found


# ---- signals -------------------------------------------------------------

def send(pids: "Iterable[int]", signum: int) -> None:
    """Signal processes; those that have gone meanwhile are fine."""
    machine.here.send(pids, signum)
