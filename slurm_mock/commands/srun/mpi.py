"""--mpi: which kinds of MPI a cluster has.  Source: srun(1), --mpi; the plugins that Debian's Slurm 22.05.8 has."""

import re

from ..shared.call import Fail

KINDS = ("none", "openmpi", "cray_shasta", "pmi2", "pmix")
VERSION = re.compile(r"pmix_v[2-9]")          # which of them there is, differs from site to site
LIST = "MPI plugin types are...\n\tpmix\n\tnone\n\tcray_shasta\n\tpmi2\nspecific pmix plugin versions available: pmix_v4\n"
NO_PLUGIN = (
    "Couldn't find the specified plugin name for mpi/{kind} looking at all files", "cannot find mpi plugin for mpi/{kind}",
    "MPI: Cannot create context for mpi/{kind}", "MPI: Unable to load any plugin",
    "Invalid MPI type '{kind}', --mpi=list for acceptable types")


def check_mpi(request):
    """Look at --mpi. Raises Fail for a kind that there is not."""
    kind = request.given.get("mpi")
    if kind == "list":
        request.call.print(LIST, end="")
        raise Fail(code=0)
    if kind not in KINDS and not VERSION.fullmatch(kind):
        *lines, last = [line.format(kind=kind) for line in NO_PLUGIN]
        for line in lines:
            request.call.error(line)
        raise Fail.error(last)
