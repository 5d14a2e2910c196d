"""Do the GRES that a job asks for, per job, node, socket and task, go together, and with its nodes and tasks?

The commands ask this before they ask slurmctld.  Source: gres_job_state_validate and _test_gres_cnt in gres.c;
tests/conformance/cases/commands/86-gres-together.sh.
"""

from ..common import slurm_errno
from ..common.slurm_errno import Refused
from ..common.tres import SHARED, parse_gres

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..common.records import Job

NO_GPU = "Requested mem_per_tres=gres:gpu:{mem} but did not request any GPU."
NO_TRES_TO_TASK = ("gres_job_state_validate: --ntasks-per-tres needs either a GRES GPU "
                   "specification or a node/ntask specification")
# What does not go together, by {name} of the GRES.
BELOW = "Failed to ensure --{name}s >= --gres={name}/--{name}s-per-node >= --{name}s-per-socket"
TASK_BELOW = "Failed to ensure --{name}s >= --{name}s-per-task"
NO_SOCKETS = "--{name}s-per-socket option requires --sockets-per-node specification"
CPUS_TWICE = "--cpus-per-{name} is mutually exclusive with --cpus-per-task"
NOT_BY_NODES = "Failed to validate job spec, --{name}s is not multiple of --gres={name}/--{name}s-per-node"
NODES_DIFFER = ("Failed to validate job spec. Based on --{name} and --gres={name}/--{name}s-per-node required nodes ({wanted}) "
                "doesn't fall between min_nodes ({least}) and max_nodes ({most}) boundaries.")
NOT_BY_SOCKETS = "Failed to validate job spec, --gres={name}/--{name}s-per-node not multiple of --{name}s-per-socket."
SOCKETS_DIFFER = ("Failed to validate job spec. Based on --gres={name}/--{name}s-per-node and --{name}s-per-socket required "
                  "number of sockets differ from --sockets-per-node.")
NOT_BY_TASKS_PER = "Failed to validate job spec, -n/--ntasks has to be a multiple of --ntasks-per-{name}."
JOB_NOT_BY_TASKS = "Failed to validate job spec, --{name}s not multiple of --{name}s-per-task"
TASKS_DIFFER = ("Failed to validate job spec. Based on --{name}s and --{name}s-per-task number of requested tasks differ "
                "from -n/--ntasks.")
NO_TASKS = ("Failed to validate job spec. --{name}s-per-task used without either --{name}s or "
            "-n/--ntasks is not allowed.")
NODE_NOT_BY_TASKS = "Failed to validate job spec, --gres={name}/--{name}s-per-node not multiple of --{name}s-per-task."
NODE_TASKS_DIFFER = ("Failed to validate job spec. Based on --gres={name}/--{name}s-per-node and --{name}s-per-task requested "
                     "number of tasks per node differ from --ntasks-per-node.")
SOCKET_NOT_BY_TASKS = "Failed to validate job spec, --{name}s-per-socket not multiple of --{name}s-per-task."
SOCKET_TASKS_DIFFER = ("Failed to validate job spec. Based on --{name}s-per-socket and --{name}s-per-task requested number of "
                       "tasks per sockets differ from --ntasks-per-socket.")
CPUS_DIFFER = ("Failed to validate job spec. Based on --cpus-per-{name} and --{name}s-per-task requested number of cpus "
               "differ from -c/--cpus-per-task.")
FEWER = "Failed to validate job spec, --{name}s < -N"
NO_COUNT = (1 << 64) - 1       # the least count that is none in 64 bits
NO_LIMIT = 4294967294         # how Slurm shows a number of nodes that is not said


class Wanted:
    """How much of one kind of GRES a job asks for: in all, of each node, socket and task, and CPUs with each. 0: nothing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.job = self.node = self.socket = self.task = self.cpus = 0

    @property
    def counted(self) -> bool:
        """Is any of it asked for?"""
        return bool(self.job or self.node or self.socket or self.task)


def validate(job: "Job") -> None:
    """Look at a job's request, and complete its numbers of nodes, tasks and CPUs from it. Raises Refused."""
    wanted: "dict[tuple[str, str], Wanted]" = {}
    beyond: "list[bool]" = []

    def take(text: str, field: str) -> None:
        for (name, kind), count in parse_gres(text, asked=True).items():
            beyond.append(count >= NO_COUNT)
            setattr(wanted.setdefault((name, kind), Wanted(name)), field, 1 if beyond[-1] else count)

    if (job.tres_per_task or job.ntasks_per_tres) and not job.ntasks_given and (
            job.nodes_given and job.min_nodes == job.max_nodes):
        _tasks_from_nodes(job)
    if job.cpus_per_gpu:
        take(f"gpu:{job.cpus_per_gpu}", "cpus")
    take(job.tres_per_job, "job")
    take(job.gres, "node")
    take(job.tres_per_socket, "socket")
    take(job.tres_per_task, "task")
    if job.ntasks_per_tres and job.ntasks_given and job.ntasks % job.ntasks_per_tres:
        raise Refused(slurm_errno.ESLURM_INVALID_GRES, NOT_BY_TASKS_PER.format(name="gpu"))
    gpus = [want for want in wanted.values() if want.name == "gpu" and want.counted]
    if job.ntasks_per_tres and not gpus and not job.gpus_implied and not job.ntasks_given:
        raise Refused(slurm_errno.ESLURM_INVALID_GRES, NO_TRES_TO_TASK)
    if job.ntasks_per_tres and not gpus:
        job.gpus_implied = job.ntasks // job.ntasks_per_tres
    if job.mem_per_gpu and not gpus and not job.gpus_implied:
        raise Refused(slurm_errno.ESLURM_INVALID_GRES, NO_GPU.format(mem=job.mem_per_gpu))
    for want in wanted.values():
        wrong = _fault(job, want)
        if wrong:
            raise Refused(slurm_errno.ESLURM_INVALID_GRES, wrong.format(
                name=want.name, wanted=want.node and want.job // want.node, least=job.min_nodes if job.nodes_given else NO_LIMIT,
                most=job.max_nodes or NO_LIMIT))
        if want.name in SHARED and (want.job and job.max_nodes != 1 or want.socket and job.sockets_per_node != 1
                                    or want.task and job.ntasks != 1):
            raise Refused(slurm_errno.ESLURM_INVALID_GRES)
    typed = {name for name, kind in wanted if kind}
    # CPUs with each GPU hold for those of a type, too; a number of GPUs does not
    if any(name in typed and not kind and want.counted for (name, kind), want in wanted.items()):
        raise Refused(slurm_errno.ESLURM_INVALID_GRES_TYPE)
    if any(beyond):
        raise Refused(slurm_errno.ESLURM_INVALID_TRES)
    shared = [want for want in wanted.values() if want.name in SHARED]
    if shared and (gpus or job.gpu_freq):
        raise Refused(slurm_errno.ESLURM_INVALID_GRES)


def _tasks_from_nodes(job: "Job") -> None:
    if job.ntasks_per_tres:
        each = job.ntasks_per_tres
    elif job.ntasks_per_node:
        each = job.ntasks_per_node
    elif not job.cpus_per_task_given:
        each = 1
    else:
        return
    job.ntasks, job.ntasks_given = job.min_nodes * each, 1


def _fault(job: "Job", want: Wanted) -> str:
    """What is wrong with a kind of GRES; "" for nothing. Numbers that follow are set on the way, as Slurm does."""
    return (_order(job, want) or _by_nodes(job, want)
            or _divided(job, want.node, want.socket, "sockets_per_node", NOT_BY_SOCKETS, SOCKETS_DIFFER)
            or _by_tasks(job, want)
            or _divided(job, want.node, want.task, "ntasks_per_node", NODE_NOT_BY_TASKS, NODE_TASKS_DIFFER)
            or _divided(job, want.socket, want.task, "ntasks_per_socket", SOCKET_NOT_BY_TASKS, SOCKET_TASKS_DIFFER)
            or _cpus(job, want) or _node_count(job, want))


def _order(job: "Job", want: Wanted) -> str:
    if want.job and max(want.node, want.task, want.socket) > want.job:
        return BELOW
    if want.node and max(want.task, want.socket) > want.node:
        return TASK_BELOW
    if want.socket and not job.sockets_per_node:
        return NO_SOCKETS
    return CPUS_TWICE if want.cpus and job.cpus_per_task_given else ""


def _by_nodes(job: "Job", want: Wanted) -> str:
    if not (want.job and want.node):
        return ""
    nodes, rest = divmod(want.job, want.node)
    if rest:
        return NOT_BY_NODES
    if (job.nodes_given and nodes < job.min_nodes) or (job.max_nodes and nodes > job.max_nodes):
        return NODES_DIFFER
    job.min_nodes = job.max_nodes = nodes
    job.nodes_given = 1
    return ""


def _by_tasks(job: "Job", want: Wanted) -> str:
    if not want.task:
        return ""
    if not want.job:
        return "" if job.ntasks_given else NO_TASKS
    tasks, rest = divmod(want.job, want.task)
    if rest:
        return JOB_NOT_BY_TASKS
    if job.ntasks_given and job.ntasks != tasks:
        return TASKS_DIFFER
    job.ntasks, job.ntasks_given = tasks, 1
    return ""


def _divided(job: "Job", whole: int, part: int, field: str, uneven: str, differ: str) -> str:
    """How often a part goes into the whole is what `field` says, or it says so from now on."""
    if not (whole and part):
        return ""
    times, rest = divmod(whole, part)
    if rest:
        return uneven
    if getattr(job, field) not in (None, 0, times):
        return differ
    setattr(job, field, times)
    return ""


def _cpus(job: "Job", want: Wanted) -> str:
    if not (want.cpus and want.task):
        return ""
    if job.cpus_per_task_given and job.cpus_per_task != want.cpus * want.task:
        return CPUS_DIFFER
    job.cpus_per_task, job.cpus_per_task_given = want.cpus * want.task, 1
    return ""


def _node_count(job: "Job", want: Wanted) -> str:
    if not want.job:
        return ""
    if job.nodes_given and want.job < job.min_nodes:
        return FEWER
    if job.max_nodes > want.job:
        job.max_nodes = want.job
    return ""
