"""--distribution=arbitrary: a list of nodes, or a file of them, says where each task of srun runs.

Source: srun(1), --distribution and SLURM_HOSTFILE.
"""

from ...common import slurm_errno
from ...common.hostlist import MOST, BadHostlist, expand
from ...common.parse_time import is_number, whole
from ..shared.call import Fail
from .ends import not_created


def order(request):
    """The node of each rank, in the order of ranks; [] where the step is laid out otherwise.

    What the environment says of a job's tasks and nodes does not count where -m arbitrary is
    asked for; the Request's job gets the list's. Raises Fail.
    """
    call, job = request.call, request.job
    if job.distribution.startswith("arbitrary") and "ntasks" not in request.typed:
        job.ntasks_given = 0
    path = call.env.get("SLURM_HOSTFILE") if not job.req_nodes else (
        job.req_nodes if "/" in job.req_nodes else None)
    if path is not None:
        nodes = _read(call, path, job.ntasks if job.ntasks_given else None)
        if not request.job.req_nodes:
            flag = "".join(job.distribution.partition(",")[1:])
            job.distribution = "arbitrary" + flag
    elif not job.distribution.startswith("arbitrary"):
        return []
    else:
        try:
            nodes = call.node_names(job.req_nodes) if job.req_nodes else []
        except BadHostlist:
            raise Fail.error("memory allocation failure") from None
        if not nodes and not job.ntasks_given:
            raise Fail.error("invalid number of tasks (-n 0)")
    if not job.distribution.startswith("arbitrary"):
        job.req_nodes = ",".join(nodes)
        return []
    several = list(dict.fromkeys(nodes))
    job.req_nodes = ",".join(several)
    if not job.ntasks_given:
        job.ntasks, job.ntasks_given = len(nodes), 1
    if several and "nodes" not in request.typed:
        job.min_nodes = job.max_nodes = len(several)
        job.nodes_given = 1
    return nodes


def counts(request, ntasks, names, job_id):
    """How many of a step's tasks run on each of these nodes, where a list says where each does;
    without one each node gets a task. Raises Fail."""
    if not request.order and ntasks != len(names):
        raise Fail.error(f"You asked for {ntasks} tasks but hostlist specified 0 nodes")
    request.order = request.order or names
    if len(request.order) != ntasks:
        raise not_created(job_id, slurm_errno.SLURM_ERROR)
    return [request.order.count(name) for name in names]


def _read(call, path, wanted):
    """The first `wanted` nodes that a file names, all if that is None. Raises Fail."""
    shown = path if "/" in path else f"./{path}"
    failed = Fail.error("Failure getting NodeNames from hostfile")
    try:
        with open(call.path(path), errors="replace") as f:
            words = [word for line in f for word in line.partition("#")[0].split()]
    except OSError as error:
        call.error(f"slurm_allocate_resources error opening file {shown}, {error.strerror}")
        raise failed from None
    nodes = []
    for word in words:
        name, _, times = word.partition("*")
        try:
            found = expand(name)
            times = whole(times) if is_number(times) else 1
            if len(nodes) + len(found) * times > MOST:
                raise BadHostlist(word)
            nodes += found * times
        except BadHostlist:
            raise Fail.error("Unable to allocate resources",
                             errno=slurm_errno.ESLURM_INVALID_NODE_NAME) from None
    if wanted is not None and len(nodes) < wanted:
        call.error("Too few NodeNames in Slurm Hostfile")
        raise failed
    if not nodes:
        call.error("Hostlist is empty!")
        raise failed
    return nodes[:wanted]
