"""The commands: a file each, or a folder for a big one, with `main(call)` -> exit code."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# What stands on PATH when the mock is on: Slurm's commands ...
SLURM = ("sbatch", "srun", "salloc", "scancel", "squeue", "sinfo", "scontrol", "sacct", "sacctmgr",
         "sreport", "sdiag", "seff", "sprio", "sshare", "sstat", "sattach", "sbcast", "strigger")
# ... and what a job finds on a node: the node's name, its clock, modules, MPI.
NODE = ("sleep", "hostname", "date", "mpirun")


def find(name: str) -> "Callable[[Any], Any]":
    """The function of the command `name`. Raises ModuleNotFoundError."""
    folder = "node." if name in NODE else ""
    module = __import__(f"{__name__}.{folder}{name}", fromlist=["main"])
    return module.main
