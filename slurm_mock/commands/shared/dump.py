"""--json and --yaml of squeue, sinfo and sacct: everything, whatever the filters say."""

from ...common import serializer
from .view import View


def _write(call, key, records, kind, database=False):
    call.print(serializer.write(serializer.document(key, records, database), kind), end="")
    return 0


def _view(call):
    ctl = call.controller
    ctl.settle()
    view = View(ctl, call.env)
    view.all = False
    return view
