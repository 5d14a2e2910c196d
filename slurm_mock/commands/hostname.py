"""hostname: inside a job, the name of the node that Slurm gave it."""

import os


def main(call):
    """Print the node's name; on the login node, and for all else, the machine's hostname."""
    node = call.env.get("SLURMD_NODENAME")
    flags = [a for a in call.argv if a.startswith("-")]
    if not node or any(f not in ("-s", "--short", "-f", "--fqdn", "--long", "-a") for f in flags) \
            or len(flags) < len(call.argv):
        call.print(os.uname().nodename) if not call.argv else _real(call)
        return 0
    call.print(node.split(".")[0] if flags and flags[0] in ("-s", "--short") else node)
    return 0


def _real(call):
    """Hand over to the machine's own hostname."""
    own = os.path.join(call.state, "node")
    for folder in call.env.get("PATH", "/usr/bin:/bin").split(":"):
        path = os.path.join(folder, "hostname")
        if folder != own and os.access(path, os.X_OK):
            os.execve(path, ["hostname", *call.argv], call.env)
    call.print(os.uname().nodename)
