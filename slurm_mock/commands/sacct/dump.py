"""sacct --json and --yaml."""

from ..shared import data_parser
from ..shared.dump import write
from .process import rows


def dump(call, query, view):
    """Print the jobs that were asked for, each with its steps; the exit code."""
    call.controller.settle()
    jobs = []
    for row in rows(query, view):
        if row.step is None:
            jobs.append((row, []))
        elif jobs:
            jobs[-1][1].append(row)
    return write(call, "jobs", [data_parser.account_job(row, steps, view)
                                for row, steps in jobs], query.dump, database=True)
