"""What processes have used, as a record: the numbers that jobacct_gather takes and accounting keeps.
"""

FIELDS = ("cpu", "rss", "vm", "pages", "read", "write")


class Used:
    """What one task used; `node` is the index in the step's node list."""

    __slots__ = ("rank", "node", *FIELDS)

    def __init__(self, rank, node, *amounts):
        self.rank, self.node = rank, node
        for name, amount in zip(FIELDS, amounts or (0,) * len(FIELDS)):
            setattr(self, name, amount)

    def top(self, other):
        """Raise each amount to that of another sample (None: there was none)."""
        for name in FIELDS if other else ():
            setattr(self, name, max(getattr(self, name), getattr(other, name)))


def pack(tasks):
    """Records -> the text kept in Step.usage."""
    return ";".join(",".join(str(getattr(t, name)) for name in ("rank", "node", *FIELDS))
                    for t in tasks)


def unpack(text):
    """The text of Step.usage -> records, by rank."""
    return [Used(*map(int, part.split(","))) for part in text.split(";")] if text else []
