"""-M, --clusters and SLURM_CLUSTERS: the mock's cluster is the only one that its database knows.

Source: the --clusters option of squeue(1), sbatch(1) and the others.
"""

from ...common import messages
from .call import Fail


def chosen(call, value=None):
    """The cluster that a command is about: its name where one was asked for, else "".

    value: that of the option; without one, SLURM_CLUSTERS of the environment counts.  Unknown
    names are told of, and refused (Fail) where no known one stands beside them.
    """
    source = "--cluster"
    if value is None:
        value, source = call.env.get("SLURM_CLUSTERS"), "SLURM_CLUSTERS"
        if not value:
            return ""
    mine = call.controller.config.get("ClusterName", "")
    names = value.lower().split(",")
    unknown = [name for name in names if name not in (mine.lower(), "all")]
    for name in unknown:
        call.error(messages.NO_CLUSTER.format(name=name))
    if len(unknown) == len(names):
        raise Fail("error: " + messages.UNREACHABLE_CLUSTER.format(name=value, source=source), 1)
    return mine
