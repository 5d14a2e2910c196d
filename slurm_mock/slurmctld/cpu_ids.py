"""Which CPUs of a node a job has, as select/cons_tres would deal them out.

Cores for tasks of one CPU are taken from the node's sockets in turn (srun(1), --distribution:
the default's second word is cyclic), those of wider tasks from one socket after the other;
always from what earlier jobs on the node left.
"""

from ..common.hostlist import expand, ranges
from ..common.records import unpack_alloc, vpus


def cpu_ids(job, share, view):
    """The numbers of the CPUs, in order; from 0 on where the node is not known any more."""
    node = view.cluster.nodes.get(share.node)
    if node is None:
        return list(range(share.cpus))
    free = set(range(node.sockets * node.cores)) - spec_cores(node)
    use = view.cluster.use.get(share.node)
    for other in sorted(use.jobs if use else (), key=lambda j: (j.start_time, j.id)):
        if other.id == job.id:
            break
        for theirs in unpack_alloc(other.alloc):
            if theirs.node == share.node:
                free -= set(_cores(other, theirs.cpus, node, free))
    return sorted(core * vpus(node) + thread for core in _cores(job, share.cpus, node, free)
                  for thread in range(vpus(node)))


def spec_cores(node):
    """The cores that a node keeps for the system: those named, or the last ones of its sockets in turn
    (CoreSpecCount)."""
    if node.cpu_spec_list:
        return {int(cpu) // vpus(node) for cpu in expand(f"[{node.cpu_spec_list}]")}
    order = [socket * node.cores + core for core in reversed(range(node.cores))
             for socket in reversed(range(node.sockets))]
    return set(order[:node.core_spec])


def spec_cpus(node):
    """CPUSpecList as it is shown: the CPUs of those cores, on all of their threads; "" for none."""
    cpus = [core * node.threads + thread for core in spec_cores(node) for thread in range(node.threads)]
    return node.cpu_spec_list or ranges(sorted(cpus))


def _cores(job, cpus, node, free):
    """The cores that a job gets of those that are free."""
    wanted = -(-cpus // vpus(node))
    if job.distribution.split(",")[0].partition(":")[2].startswith("block"):
        return sorted(free)[:wanted]
    sockets = [sorted(c for c in free if c // node.cores == s) for s in range(node.sockets)]
    each = -(-job.cpus_per_task // vpus(node))
    found = []
    if 1 < job.cpus_per_task <= node.cores:  # tasks are not split: as many on a socket as it holds
        for socket in sockets:
            most = min(len(socket) // each * each, wanted - len(found))
            found += socket[:most]
            del socket[:most]
    while len(found) < wanted and any(sockets):
        for socket in sockets:
            if socket and len(found) < wanted:
                found.append(socket.pop(0))
    return found
