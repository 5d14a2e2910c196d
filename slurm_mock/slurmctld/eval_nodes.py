"""In which order a job takes the nodes that have room for it.

Nodes of one weight that stand side by side in slurm.conf's order are a set.  The lightest sets come
first; of these one that holds the nodes named, then the one that fits tightest, or the biggest where
none suffices.  A job that needs one more node takes the one of the set with the fewest CPUs that
suffice.  Pure functions.  Source: _eval_nodes() of select/cons_tres.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ..common.records import Node
    from .cluster import Use


class Room:
    """A node on which the job could have something. use: what others hold of it (None: nothing);
    cpus: those that the job could use; wanted: the job names it."""

    __slots__ = ("node", "use", "cpus", "wanted")

    def __init__(self, node: "Node", use: "Use | None", cpus: int, wanted: bool) -> None:
        self.node, self.use, self.cpus, self.wanted = node, use, cpus, wanted


class Set:
    """Neighbours of one weight: their Rooms. named: the place of the first one that the job names, None
    where it names none of them."""

    __slots__ = ("rooms", "weight", "named", "cpus", "count")

    def __init__(self, weight: int) -> None:
        self.weight, self.rooms = weight, []  # type: tuple[int, list[Room]]
        self.named: "int | None" = None
        self.cpus = self.count = 0            # of those that it does not name

    def add(self, room: "Room") -> None:
        """One more, the next in line."""
        if room.wanted:
            if self.named is None:
                self.named = len(self.rooms)
        else:
            self.cpus += room.cpus
            self.count += 1
        self.rooms.append(room)


def sets(rooms: "Sequence[Room]", weighed: bool = True) -> "list[Set]":
    """The sets of these Rooms, which stand in slurm.conf's order. weighed: do weights count?"""
    found: "list[Set]" = []
    last = -2
    for room in rooms:
        # a node that the job names belongs to its neighbours, whatever it weighs
        weight = room.node.weight if weighed else 0
        if room.node.idx != last + 1 or not room.wanted and found[-1].count and weight != found[-1].weight:
            found.append(Set(weight))
        elif not room.wanted and not found[-1].count:
            found[-1].weight = weight
        found[-1].add(room)
        last = room.node.idx
    return found


def best(found: "Sequence[Set]", cpus: int, nodes: int) -> "Set | None":
    """The set from which a job that needs so many CPUs and nodes more takes them; None if none has any."""
    def rank(one: "Set") -> "tuple[bool, int, bool, int]":
        sufficient = one.cpus >= cpus and one.count >= nodes
        return one.named is None, one.weight, not sufficient, one.cpus if sufficient else -one.cpus

    return min((one for one in found if one.count), key=rank, default=None)


def walk(one: "Set", nodes: int, suffices: "Callable[[Room], bool]") -> "Iterator[Room]":
    """The Rooms of a set that the job does not name, in the order in which it takes them. nodes: how many it
    needs; suffices(room): is one enough for all that it still needs?"""
    if one.named is not None:
        yield from (room for room in one.rooms[one.named:] if not room.wanted)
        yield from (room for room in reversed(one.rooms[:one.named]) if not room.wanted)
        return
    if nodes <= 1:
        enough = [room for room in one.rooms if suffices(room)]
        if enough:
            yield min(enough, key=lambda room: room.cpus)
            return
    yield from one.rooms
