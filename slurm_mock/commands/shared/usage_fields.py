"""The fields of sacct and sstat that tell what a step's tasks used.

A field is a function (row, view) -> text, None where nothing was measured: the step is none,
runs (for sacct), or ended before the first sample.  Source: sacct(1), Job Accounting Fields.
"""

from ...common.hostlist import expand
from ...common.jobacct import unpack
from ...common.parse_time import elapsed_text

MICRO = 1_000_000


def tasks(row):
    """What each task of an ended step used, as far as it was measured."""
    return unpack(row.step.usage) if row.step and row.step.end_time else ()


def mean(found, name):
    """What each of the tasks `found` used of it on the average: microseconds, bytes or a count, whole."""
    return total(found, name) // len(found)


def top(found, name):
    """What that task used of it that used most: microseconds, bytes or a count."""
    return max(_amount(t, name) for t in found)


def bottom(found, name):
    """What that task used of it that used least: microseconds, bytes or a count."""
    return min(_amount(t, name) for t in found)


def total(found, name):
    """What the tasks `found` used of it together: microseconds, bytes or a count. name: the field
    of a task's record."""
    return sum(_amount(t, name) for t in found)


def _amount(task, name):
    """An amount as Slurm counts it: memory in bytes."""
    return getattr(task, name) * (1024 if name in ("rss", "vm") else 1)


def _text(name, amount, view):
    if name == "cpu":
        return elapsed_text(amount // MICRO, True)
    if name in ("read", "write"):
        return disk(amount, view)
    return view.size(amount, 0)


def disk(amount, view):
    """Bytes as sacct shows them, in MiB."""
    amount /= 1 << 20
    if not amount:
        return "0"
    return view.size(amount, 2) if amount > 1 else f"{amount:.2f}M"


def _field(name, pick):
    def text(row, view):
        found = tasks(row)
        return _text(name, pick(found, name), view) if found else None
    return text


def average(name):
    """Ave...: of all tasks."""
    return _field(name, mean)


def most(name):
    """Max...: of the task that used most."""
    return _field(name, top)


def least(name):
    """Min...: of the task that used least."""
    return _field(name, bottom)


def whose(found, name, pick):
    """The first task that used most (or least)."""
    return pick(found, key=lambda t: _amount(t, name) if name != "cpu" else t.cpu // MICRO)


def where(name, pick=max):
    """...Node: where that task ran."""
    def text(row, view):
        found = tasks(row)
        return expand(row.step.nodelist)[whose(found, name, pick).node] if found else None
    return text


def which(name, pick=max):
    """...Task: its rank."""
    def text(row, view):
        found = tasks(row)
        return str(whose(found, name, pick).rank) if found else None
    return text


def speed(row, view):
    """AveCPUFreq: the mock does not watch how fast its CPUs run."""
    return "0" if row.step and row.step.end_time else None


_IN = (("cpu", "cpu"), ("energy", ""), ("fs/disk", "read"), ("mem", "rss"), ("pages", "pages"),
       ("vmem", "vm"))
_OUT = (("energy", ""), ("fs/disk", "write"))


def _listed(names, pick, unmeasured):
    def text(row, view):
        found = tasks(row)
        if not found:
            return unmeasured if row.step and row.step.end_time else None
        return ",".join(
            f"{tres}=" + ("0" if not name else
                          elapsed_text(pick(found, name) // MICRO, True) if name == "cpu" else
                          view.size(pick(found, name), 0))
            for tres, name in names)
    return text


def read_in(pick):
    """TRESUsageIn...: all that was measured, as "cpu=00:00:01,energy=0,..."."""
    return _listed(_IN, pick, "energy=0" if pick in (mean, total) else None)


def put_out(pick):
    """TRESUsageOut...: what was written."""
    return _listed(_OUT, pick, "energy=0" if pick in (mean, total) else None)


def _by(names, pick, told):
    def text(row, view):
        found = tasks(row)
        return ",".join(f"{tres}={told(row, found, name, pick)}" for tres, name in names) \
            if found else None
    return text


def _node(row, found, name, pick):
    task = whose(found, name, pick) if name else found[0]
    return expand(row.step.nodelist)[task.node]


def _rank(row, found, name, pick):
    return whose(found, name, pick).rank


def in_nodes(pick):
    """TRESUsageIn...Node."""
    return _by(_IN, pick, _node)


def in_tasks(pick):
    """TRESUsageIn...Task; energy is no task's."""
    return _by([pair for pair in _IN if pair[1]], pick, _rank)


def out_nodes(pick):
    """TRESUsageOut...Node."""
    return _by(_OUT, pick, _node)


def out_tasks(pick):
    """TRESUsageOut...Task."""
    return _by(_OUT[1:], pick, _rank)
