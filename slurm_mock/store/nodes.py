"""What only a few ask of the nodes.  Each function takes the store first."""

from ..common.records import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from .store import Store


def totals(store: "Store") -> "tuple[int, int | None]":
    """How many nodes the cluster has, and their CPUs (None where it has none)."""
    count, cpus = store.ask("SELECT COUNT(*), SUM(cpus) FROM nodes")[0]
    return count, cpus


def not_idle(store: "Store", columns: "Collection[str]", names: "Collection[str]") -> "list[Node]":
    """Nodes that are not simply IDLE, and those of these names, in slurm.conf's order, with these
    columns read (records.Partial), "name" among them."""
    marks = ",".join("?" * len(names))
    return store.partial(Node, columns, f"WHERE state<>'IDLE' OR flags<>'' OR name IN ({marks}) "
                         "ORDER BY idx", list(names))


def were_busy(store: "Store", names: "Collection[str]", now: int) -> None:
    """Note that these nodes had a job until `now` (seconds since the epoch)."""
    marks = ",".join("?" * len(names))
    store.change(f"UPDATE nodes SET last_busy=? WHERE name IN ({marks})", (now, *names))
