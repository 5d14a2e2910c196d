"""What a step used, as `sacct --json` tells it: lists of TRES under "requested" and "consumed".

Slurm's words: "requested" is what went in (CPU time, memory, bytes read), "consumed" what came
out (bytes written).
"""

from ...common.hostlist import expand
from . import usage_fields as usage

# (type, name, id, the field of jobacct.Used)
IN = (("cpu", None, 1, "cpu"), ("mem", None, 2, "rss"), ("energy", None, 3, ""),
      ("fs", "disk", 6, "read"), ("vmem", None, 7, "vm"), ("pages", None, 8, "pages"))
OUT = (("energy", None, 3, ""), ("fs", "disk", 6, "write"))


def step_tres(row):
    """A step (a Row) -> {"requested": {"max": [...], ...}, "consumed": ...}."""
    found = usage.tasks(row)
    return {"requested": _lists(row, found, IN), "consumed": _lists(row, found, OUT)}


def _lists(row, found, tres):
    if not found:
        # never measured; the energy of a step is counted by its node
        energy = [_one("energy", None, 3, 0)] if row.step.end_time else []
        return {"max": [], "min": [], "average": energy, "total": energy}
    return {"max": _extreme(row, found, tres, usage.top, max),
            "min": _extreme(row, found, tres, usage.bottom, min),
            "average": _amounts(found, tres, usage.mean),
            "total": _amounts(found, tres, usage.total)}


def _amounts(found, tres, pick):
    return [_one(kind, name, number, _amount(found, field, pick))
            for kind, name, number, field in tres]


def _extreme(row, found, tres, pick, which):
    """With the task that it was, and its node."""
    nodes, told = expand(row.step.nodelist), []
    for kind, name, number, field in tres:
        task = usage.whose(found, field, which) if field else None
        told.append({**_one(kind, name, number, _amount(found, field, pick)),
                     "task": task.rank if task else 0, "node": nodes[task.node if task else 0]})
    return told


def _amount(found, field, pick):
    """Milliseconds of CPU time, bytes of the rest."""
    if not field:
        return 0
    return pick(found, field) // (1000 if field == "cpu" else 1)


def _one(kind, name, number, count):
    return {"type": kind, "name": name, "id": number, "count": count}
