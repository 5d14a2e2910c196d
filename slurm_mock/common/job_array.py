"""Job arrays: one pending record stands for many tasks; a task that starts is split off."""

from .parse_time import is_number, leading_number, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class BadArray(ValueError):
    """The text is not an array specification."""


def parse(text: str) -> "tuple[list[int], int]":
    """--array "0-15:4,20%2" -> (task numbers in order, each once; how many may run at a time, 0 for
    all, too where no number follows the %). Raises BadArray."""
    spec, percent, limit = text.partition("%")
    spec = spec.strip()
    if spec.startswith("[") and spec.endswith("]"):
        spec = spec[1:-1]
    tasks: "list[int]" = []
    for part in spec.split(","):
        rest, colon, step = part.partition(":")
        low, dash, high = rest.partition("-")
        if not is_number(low) or (dash and not is_number(high)):
            raise BadArray(text)
        if colon and (not dash or not is_number(step) or not whole(step)):
            raise BadArray(text)
        last = whole(high) if dash else whole(low)
        if last < whole(low) or last - whole(low) > 4_000_001:
            raise BadArray(text)
        tasks += range(whole(low), last + 1, whole(step) if colon else 1)
    return sorted(set(tasks)), max(0, leading_number(limit)[0])


def unpack(text: str) -> "list[int]":
    """"0-3,7" -> [0, 1, 2, 3, 7]; "" -> []. Raises BadArray."""
    return parse(text)[0] if text else []


def pack(tasks: "Sequence[int]") -> str:
    """[0, 1, 2, 3, 7] -> "0-3,7"; an even stride longer than two as "0-12:4", as Slurm does."""
    from .hostlist import ranges
    if len(tasks) > 2:
        step = tasks[1] - tasks[0]
        if step > 1 and all(b - a == step for a, b in zip(tasks, tasks[1:])):
            return f"{tasks[0]}-{tasks[-1]}:{step}"
    return ranges(tasks)
