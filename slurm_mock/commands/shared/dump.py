"""--json and --yaml: everything, whatever the filters say."""

from ...common import serializer
from .view import View


def write(call, key, records, kind, database=False):
    """Print records as slurmrestd would answer (kind: "json" or "yaml"); the exit code."""
    call.print(serializer.write(serializer.document(key, records, database), kind), end="")
    return 0


def whole_view(call):
    """A View of the cluster as it is, hidden partitions left out as for anybody."""
    ctl = call.controller
    ctl.settle()
    view = View(ctl, call.env)
    view.all = False
    return view
