"""On which node each task of a step runs. Source: srun(1), --distribution."""

from .hostlist import expand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .records import Job, Step

_NODES = ("block", "cyclic")
_SOCKETS = ("block", "cyclic", "fcyclic")
_PACKS = ("pack", "nopack")


def spelled_out(text: str) -> str:
    """What --distribution asks for, stars and blank levels filled in: "*:*:fcyclic,Pack" ->
    "block:cyclic:fcyclic,pack". plane is another matter. ValueError where it is none."""
    levels, comma, flag = text.lower().partition(",")
    words = [word for word in levels.split(":") if word]
    if not 0 < len(words) <= 3:
        raise ValueError(text)
    for i, word in enumerate(words):
        if word == "*":
            words[i] = words[1] if i == 2 else ("block", "cyclic")[i]
    if flag and flag not in _PACKS:
        raise ValueError(text)
    if words in (["arbitrary"], ["hostfile"]):
        return "arbitrary" + comma * bool(flag) + flag
    if len(words) == 1 and words[0] in _PACKS:
        if flag not in ("", words[0]):
            raise ValueError(text)
        return words[0]
    if words[0] not in _NODES or not set(words[1:]) <= set(_SOCKETS):
        raise ValueError(text)
    return ":".join(words) + comma * bool(flag) + flag


def _plane(distribution: str) -> int:
    """The size of a plane, 0 where the distribution is another."""
    return int(distribution.partition("=")[2] or 1) if distribution.startswith("plane") else 0


def packs(distribution: str) -> bool:
    """Does the distribution fill as few nodes as will do?"""
    return distribution.endswith("pack") and not distribution.endswith("nopack")


def tasks_on_nodes(ntasks: int, rooms: "Sequence[int]", distribution: str) -> "list[int]":
    """How many of a step's tasks run on each node; rooms: how many have CPUs there."""
    size = _plane(distribution)
    if size:
        return _planes(ntasks, rooms, size)
    if packs(distribution) and not distribution.startswith("cyclic"):
        return _packed(ntasks, rooms)
    return deal(ntasks, rooms)


def reaches_all_nodes(job: "Job") -> bool:
    """Is there a task for each node that a Job asks for, in planes of that size? A look at the
    numbers that were given only, as sbatch and salloc take before they ask for anything."""
    nodes = max(job.min_nodes, len(expand(job.req_nodes)) if job.req_nodes else 1)
    tasks = job.ntasks if job.ntasks_given else nodes * job.ntasks_per_node or 1
    size = _plane(job.distribution)
    return tasks // size >= nodes or (nodes - 1) * size < tasks


def deal(ntasks: int, rooms: "Sequence[int]") -> "list[int]":
    """How many of `ntasks` go where: one to each in turn, as far as there is room."""
    counts = [0] * len(rooms)
    while ntasks > 0:
        before = ntasks
        for i, room in enumerate(rooms):
            if ntasks and counts[i] < room:
                counts[i] += 1
                ntasks -= 1
        if ntasks == before:
            break
    return counts


def _planes(ntasks: int, rooms: "Sequence[int]", size: int) -> "list[int]":
    """One task to each node first, then in rounds up to `size` to each (the first one counts),
    while CPUs last.

    A round in which no node that was given a task had a CPU left after it is the last that looks
    at CPUs: that is why plane=1, whose first round gives nothing, never does.
    """
    counts = [1 if i < ntasks else 0 for i in range(len(rooms))]
    left, turn, crowded = ntasks - sum(counts), size - 1, False
    while left:
        spare = False
        for i, room in enumerate(rooms):
            free = room - counts[i]
            given = min(turn, left) if crowded else max(0, min(turn, left, free))
            spare = spare or given > 0 and free > 1
            counts[i] += given
            left -= given
        crowded, turn = crowded or not spare, size
    return counts


def _packed(ntasks: int, rooms: "Sequence[int]") -> "list[int]":
    """One task to each node, then node after node is filled; what is too much is dealt out."""
    counts = [1 if i < ntasks else 0 for i in range(len(rooms))]
    left = ntasks - sum(counts)
    for i, room in enumerate(rooms):
        given = min(left, max(0, room - counts[i]))
        counts[i] += given
        left -= given
    return [count + more for count, more in zip(counts, deal(left, [left] * len(rooms)))]


def layout(counts: "Sequence[int]", distribution: str) -> "list[int]":
    """The node index of each rank, in the order of ranks.

    counts: tasks on each node. block (the default) fills a node before the next; cyclic deals
    one to each in turn, plane=SIZE so many to each; arbitrary=1,0,1 names the node of each.
    """
    kind, _, rest = distribution.lower().partition("=")
    if kind == "arbitrary" and rest:
        return [int(i) for i in rest.split(",")]
    size = 1 if kind.startswith("cyclic") else _plane(distribution.lower())
    if not size:
        return [i for i, count in enumerate(counts) for _ in range(count)]
    left, order = list(counts), []
    while any(left):
        for i in range(len(left)):
            take = min(size, left[i])
            order += [i] * take
            left[i] -= take
    return order


def named(distribution: str) -> str:
    """The part of --distribution that says so, to be kept: "Block", "Cyclic", "Plane=2",
    "Arbitrary=1,0,1"."""
    if distribution.startswith("arbitrary="):
        return distribution.capitalize()
    first = distribution.split(":")[0].split(",")[0]
    known = first.lower().startswith(("cyclic", "plane"))
    return first.capitalize() if known else "Block"


def shown(text: str) -> str:
    """What `named` gave, as scontrol and sacct show it."""
    kind = text.partition("=")[0]
    return "arbitrary task distribution" if kind == "Arbitrary" else kind


def of_step(step: "Step") -> "list[int]":
    """The node index of each rank of a Step, in its own node list."""
    if not step.tasks_per_node:
        return [0] * step.ntasks
    return layout([int(n) for n in step.tasks_per_node.split(",")], step.layout)
