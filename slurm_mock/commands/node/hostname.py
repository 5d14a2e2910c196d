"""hostname: inside a job, the name of the node that Slurm gave it."""

import os

from ... import machine


def main(call):
    """Print the node's name; on the login node, and for all else, the machine's hostname."""
    node = call.env.get("SLURMD_NODENAME")
    flags = [a for a in call.argv if a.startswith("-")]
    if not node or any(f not in ("-s", "--short", "-f", "--fqdn", "--long", "-a") for f in flags) \
            or len(flags) < len(call.argv):
        code = machine.here.become(call, "hostname")
        if code and not call.argv:
            call.print(os.uname().nodename)
            return 0
        return code
    call.print(node.split(".")[0] if flags and flags[0] in ("-s", "--short") else node)
    return 0
