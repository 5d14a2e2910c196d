"""squeue --json and --yaml."""

from ...slurmctld.job_info import listed
from ..shared import data_parser
from ..shared.dump import whole_view, write


def dump(call, kind):
    """Print all jobs of the queue; the exit code."""
    view = whole_view(call)
    return write(call, "jobs", [data_parser.job(job, view)
                                for job in listed(view.controller.store.jobs())], kind)
