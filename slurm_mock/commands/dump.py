"""--json and --yaml of squeue, sinfo and sacct: everything, whatever the filters say."""

from ..formats import dump_records, dump_text
from ..formats.view import View
from ..model import Node


def _write(call, key, records, kind, database=False):
    call.print(dump_text.write(dump_text.document(key, records, database), kind), end="")
    return 0


def _view(call):
    ctl = call.controller
    ctl.settle()
    view = View(ctl, call.env)
    view.all = False
    return view


def squeue(call, kind):
    view = _view(call)
    from ..formats.squeue_sort import listed
    return _write(call, "jobs", [dump_records.job(job, view)
                                 for job in listed(view.controller.store.jobs())], kind)


def sinfo(call, kind):
    view = _view(call)
    nodes = view.controller.store.select(Node, "ORDER BY idx")
    return _write(call, "nodes", [dump_records.node(node, view) for node in nodes], kind)


def sacct(call, query, view):
    call.controller.settle()
    from .sacct import rows
    jobs = []
    for row in rows(query, view):
        if row.step is None:
            jobs.append((row, []))
        elif jobs:
            jobs[-1][1].append(row)
    return _write(call, "jobs", [dump_records.account_job(row, steps, view)
                                 for row, steps in jobs], query.dump, database=True)
