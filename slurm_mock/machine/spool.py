"""The spool folder of a node: where a batch job's script lies while it runs (SlurmdSpoolDir).
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..common.records import Job


def remove_spool(state: str, job: "Job") -> None:
    """Remove the folder in which a batch job's script lay."""
    folder = spool(state, job)
    try:
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        os.rmdir(folder)
    except OSError:
        # there is none, or whoever runs the job next has just made it
        return


def spool(state: str, job: "Job") -> str:
    """The folder of a running batch job's script."""
    return os.path.join(state, "spool", job.batch_host, f"job{job.id:05d}")
