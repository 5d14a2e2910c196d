"""What processes have used, as a record: the numbers that jobacct_gather takes and accounting keeps.

cpu is CPU time in microseconds; rss and vm are KiB; pages major faults; read and write bytes.
Source: getrusage(2), proc(5).
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

FIELDS = ("cpu", "rss", "vm", "pages", "read", "write")


class Used:
    """What one task used; `node` is the index in the step's node list. amounts: those of FIELDS
    in their order; none where nothing was seen, which counts as 0 each."""

    __slots__ = ("rank", "node", *FIELDS)

    if TYPE_CHECKING:
        cpu: int
        rss: int
        vm: int
        pages: int
        read: int
        write: int

    def __init__(self, rank: int, node: int, *amounts: int) -> None:
        self.rank, self.node = rank, node
        for name, amount in zip(FIELDS, amounts or (0,) * len(FIELDS)):
            setattr(self, name, amount)

    def top(self, other: "Used | None") -> None:
        """Raise each amount to that of another sample (None: there was none)."""
        for name in FIELDS if other else ():
            setattr(self, name, max(getattr(self, name), getattr(other, name)))


def pack(tasks: "Iterable[Used]") -> str:
    """Records -> the text kept in Step.usage: "rank,node,cpu,...;..."; `unpack` is its inverse."""
    return ";".join(",".join(str(getattr(t, name)) for name in ("rank", "node", *FIELDS))
                    for t in tasks)


def unpack(text: str) -> "list[Used]":
    """The text of Step.usage -> records, in its order."""
    return [Used(*map(int, part.split(","))) for part in text.split(";")] if text else []
