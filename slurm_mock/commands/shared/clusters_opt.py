"""-M, --clusters and SLURM_CLUSTERS: the mock's cluster is the only one that its database knows.

Source: the --clusters option of squeue(1), sbatch(1) and the others.
"""

from .call import Fail

NO_CLUSTER = "No cluster '{name}' known by database."
UNREACHABLE_CLUSTER = ("'{name}' can't be reached now, or it is an invalid entry for {source}.  "
                       "Use 'sacctmgr list clusters' to see available clusters.")


def chosen(call, value=None):
    """The cluster that a command is about: its name where one was asked for, else "".

    value: that of the option; without one, SLURM_CLUSTERS of the environment counts.  Unknown
    names are told of, and refused (Fail) where no known one stands beside them.
    """
    source = "--cluster"
    if value is None:
        value, source = call.env.get("SLURM_CLUSTERS"), "SLURM_CLUSTERS"
        if value is None:
            return ""
    mine = call.controller.config.get("ClusterName", "")
    names = value.lower().split(",")
    unknown = [name for name in names if name not in (mine.lower(), "all")]
    for name in unknown:
        call.error(NO_CLUSTER.format(name=name))
    if len(unknown) == len(names):
        raise Fail.error(UNREACHABLE_CLUSTER.format(name=value, source=source))
    return mine
