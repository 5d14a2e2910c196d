"""What srun in a job looks at that it need not look at elsewhere: the job's own variables, and what a step cannot ask for.

Source: opt.c and allocate.c of srun; what it says is what Slurm 22.05.8 was seen to say (cases/commands/
90-variables-in-a-job, 93-steps-in-a-job).
"""

from ...common import slurm_errno
from ...common.hostlist import BadHostlist
from ...common.parse_time import is_number, whole
from ...common.records import unpack_alloc
from ...slurmctld.gres_step import NOT_IN_JOB
from ..shared.call import Fail
from ..slurm_opt.request import Request
from ..slurm_opt.table import rows
from .ends import not_created

# Options that ask for GRES by the way; those that do so outright are looked at in gres_step.
GRES = ("gpus-per-socket", "cpus-per-gpu", "ntasks-per-gpu", "ntasks-per-tres")
# The job's variables that srun reads as options, though the job itself says it all.
MEMORY = ("mem", "mem-per-cpu", "mem-per-gpu")
CORES = ("Ignoring --core-spec value for a job step within an existing job. Set specialized cores at job allocation "
         "time.")


def heed(request, typed):
    """Read the job's variables beside a step's options; typed: names of those on the command line. Raises Fail."""
    call = request.call
    cluster = call.env.get("SLURM_WORKING_CLUSTER")
    if cluster is not None and cluster.count(":") < 2:
        raise Fail.error(f"malformed cluster addr and port in SLURM_WORKING_CLUSTER env var: '{cluster}'")
    other, memory = Request(call, request.now), []
    known = rows(request.command, call.release)
    for name in (*MEMORY, "nodes"):
        row = known[name]
        value = call.env.get(row.step_shown or row.variables(request.command)[0])
        if value is None:
            continue
        other.given[name] = value
        row.set(other, row, value)
        if name != "nodes":
            memory.append(name)
    if len(memory) > 1 and not typed & set(MEMORY):
        raise Fail.fatal("SLURM_MEM_PER_CPU, SLURM_MEM_PER_GPU, and SLURM_MEM_PER_NODE are mutually exclusive.")
    if "nodes" in other.given and "nodes" not in typed:
        request.nodes_of_job = other.job.min_nodes
    _nodes(call, request)


def _nodes(call, request):
    """SLURM_JOB_NODELIST must name as many nodes as are asked for. Raises Fail."""
    if "SLURM_JOB_NODELIST" not in call.env:
        return
    try:
        there = len([name for name in call.node_names(call.env["SLURM_JOB_NODELIST"]) if name])
    except BadHostlist:
        there = 0
    if not there:
        raise Fail.error("No nodes in allocation, can't run job")
    job = request.job
    wanted = job.min_nodes if job.nodes_given else min(request.nodes_of_job, job.ntasks if job.ntasks_given else there + 1)
    if wanted > there:
        raise Fail.error(f"Only allocated {there} nodes asked for {wanted}")


def _some(value):
    """Does a value ask for GRES: a count that is not 0, or a name?"""
    count = value.rpartition(":")[2]
    return value not in ("", "none") and (not is_number(count) or bool(whole(count)))


def notices(run):
    """What a step cannot have: GRES of a job without, cores for the system. Raises Fail."""
    given, job = run.given, run.job
    if "core-spec" in given:
        run.call.error(CORES)
    if given.get("gres") == "":
        raise not_created(job.id, slurm_errno.ESLURM_INVALID_TRES)
    kinds = run.ctl.config.get("GresTypes", "").split(",")
    if given.get("gres", "none") not in ("none", "0") and given["gres"].split(":")[0].removeprefix("gres/") not in kinds:
        raise Fail.error(run.call.strerror(slurm_errno.ESLURM_INVALID_GRES))
    if not any(share.gres for share in unpack_alloc(job.alloc)) and any(_some(given.get(name, "")) for name in GRES):
        run.call.error(NOT_IN_JOB)
        raise not_created(job.id, slurm_errno.ESLURM_INVALID_GRES)
