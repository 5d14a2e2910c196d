"""What one job is asked for: options of several sources become a Job.

Source: sbatch(1), srun(1), salloc(1); the messages are those of Slurm 22.05.8.
"""

from ...common.getopt import NONE, REQUIRED
from ...common.hostlist import BadHostlist
from ...common.records import Job
from ..shared.call import Fail
from .args_resources import tasks_of_gpus
from .table import LETTERS, PREFIXES, SBATCH, SRUN, named, rows, variables

FEWER_NODES = "Warning: can't run {tasks} processes on {nodes} nodes, setting nnodes to {tasks}"
TOO_MANY_NAMED = ("Required nodelist includes more nodes than permitted by max-node count "
                  "({named} > {most}). Eliminating nodes from the nodelist.")
NO_NODES_LISTED = ("With Arbitrary distribution you need to specify a nodelist or hostfile with "
                   "the -w option")

# How all input environment variables begin.
_BEGINNINGS = (*[prefix + "_" for prefix in PREFIXES.values()], "SRUN_")

# Of which validate has something to say.
_TOGETHER = {"mem", "mem-per-cpu", "mem-per-gpu", "core-spec", "thread-spec", "ntasks-per-gpu", "ntasks-per-tres"}


def sets(value):
    """Does a variable with this value set an option that takes none? Nothing does, and yes, and a number but 0."""
    digits = value.removeprefix("-")
    return value.lower() in ("", "yes") or digits.isascii() and digits.isdecimal() and int(digits) > 0


class Request:
    """Options collected from several sources; a later source wins."""

    def __init__(self, call, now):
        self.call, self.now = call, now
        self.job = Job()
        self.job.requeue = -1    # as JobRequeue says
        self.given = {}          # option name -> value, as last set
        self.typed = set()       # those of them that no variable set
        self.order = []          # node of each rank, where srun got a list of them
        self.immediate = 0       # seconds in which the job must start (1: at once); 0: no matter
        self.verbose = 0         # how often -v stands on the command line
        self.debug = 0           # what a variable such as SBATCH_DEBUG says beside that
        self.nodes_of_job = 0    # that SLURM_JOB_NUM_NODES says, of an srun in a job; 0: nothing
        self.quiet = 0           # how often -Q stands on the command line

    @property
    def command(self):
        """The letter of the command whose options these are; mpirun asks as srun does."""
        return LETTERS.get(self.call.name, SRUN)

    def apply(self, found):
        """Take parsed options [(Opt, value)] into the job. Raises Fail in Slurm's words."""
        for option, value in found:
            self.given[option.dest] = value
            self.typed.add(option.dest)
            self._set(named(option), value)

    def environment(self, inside=False):
        """Take input variables such as SBATCH_PARTITION; inside: those of the job that an srun
        stands in. Raises Fail in Slurm's words."""
        env = self.call.env
        if not any(name.startswith(_BEGINNINGS) for name in env):
            return                       # as on most login nodes: no need to look for each
        for variable, row in variables(self.command, self.call.release, inside):
            value = env.get(variable)
            if value is not None and (row.arg != NONE or sets(value)):
                self.given[row.dest] = value
                self.typed.discard(row.dest)
                self._set(row, value)

    def outside(self):
        """srun outside of a job heeds what a job would be told in, too, such as SLURM_JOB_NUM_NODES. Raises
        Fail for what cannot be read."""
        for name, row in rows(self.command, self.call.release).items():
            value = self.call.env.get(row.step_shown) if row.step_shown else None
            if value is not None and name != "jobid":
                self.given[name] = value
                self._set(row, value)

    def validate(self):
        """Look at options that do not go together: before all else that is made of them. Raises Fail."""
        if _TOGETHER & self.given.keys():
            from .validate import validate
            validate(self)

    def look_over(self):
        """Look at what options only name: files, and the cluster. Raises Fail."""
        given = self.given
        if "nodefile" in given:
            from .args_resources import read_nodefile
            read_nodefile(self)
        if "bbf" in given:
            import os
            if not os.path.isfile(self.call.path(given["bbf"])):
                raise Fail.error("Invalid --bbf specification")
        if "clusters" in given:
            from ..shared.clusters_opt import chosen
            given["clusters"] = chosen(self.call, given["clusters"])

    def _set(self, row, value):
        # an empty value is one, but for options that need none
        if row.set:
            row.set(self, row, value if value or row.arg == REQUIRED else None)

    def finished(self):
        """The Job with what follows from several options together. Raises Fail."""
        job = self.job
        if self.command != SRUN:         # srun has done so before, for a step inside of a job, too
            self.validate()
        if "hint" in self.given:
            from .hint import heed
            heed(self)
        if self.command != SRUN:
            self.look_over()
        job.qos_given = int("qos" in self.given)
        if "ntasks" in self.given and not job.ntasks and not job.nodes_given:
            job.min_nodes, job.nodes_given = 0, 1    # so many that 32 bits of them are none
        if job.mem_per_cpu == 0:
            job.mem_per_cpu, job.mem_per_node = None, 0
        wrong = self._negative() or not self.room_for_named_nodes()
        if job.distribution.startswith("plane") and self.call.name != "srun":
            from ...common.step_layout import reaches_all_nodes
            if not reaches_all_nodes(job):
                raise Fail.error("Too few processes for the requested {plane,node} distribution")
        if job.ntasks_per_tres:
            tasks_of_gpus(job)
        self._tasks()
        if job.nodes_given and job.ntasks_given and job.ntasks < job.min_nodes:
            # Slurm warns and takes fewer nodes
            self.call.log(FEWER_NODES.format(tasks=job.ntasks, nodes=job.min_nodes))
            job.min_nodes = job.ntasks
            job.max_nodes = max(job.max_nodes and min(job.max_nodes, job.ntasks), job.ntasks)
        if 0 < job.deadline < job.begin_time:
            self.call.error("Incompatible begin and deadline time specification")
            wrong = True
        if wrong:
            raise Fail()
        if job.distribution.startswith("arbitrary") and not job.req_nodes:
            raise Fail.error(NO_NODES_LISTED)
        return job

    def _negative(self):
        """Is a number not above 0, because 32 bits do not hold what was typed? Says so. Of no tasks sbatch asks
        slurmctld."""
        job, wrong = self.job, False
        for what, option, number, least in (("tasks", "-n", job.ntasks, self.command != SBATCH),
                                            ("cpus per task", "-c", job.cpus_per_task, 1)):
            if number < least:
                self.call.error(f"invalid number of {what} ({option} {number})")
                wrong = True
        return wrong

    def _tasks(self):
        """The number of tasks from that of nodes, or the other way round."""
        job = self.job
        if "extra-node-info" in self.given and not job.ntasks_given:
            job.ntasks = max(job.min_nodes, 1) * (job.sockets_per_node or 1) * (
                job.cores_per_socket or 1) * (job.threads_per_core or 1)
        elif job.nodes_given and not job.ntasks_given:
            job.ntasks = max(job.min_nodes, 1)
            if job.ntasks_per_node:
                job.ntasks = job.min_nodes * job.ntasks_per_node
        elif job.ntasks_per_node and job.ntasks_given and not job.nodes_given:
            job.min_nodes = max(1, -(-job.ntasks // job.ntasks_per_node))
        elif job.ntasks_per_node and not job.ntasks_given:
            job.ntasks = job.ntasks_per_node

    def room_for_named_nodes(self):
        """Does -w name no more nodes than -N allows? srun passes over those that are too many.
        Raises Fail for a list that can't be read."""
        job = self.job
        if not job.req_nodes and "nodelist" not in self.given:
            return True
        try:
            named = self.call.node_names(job.req_nodes)
        except BadHostlist as bad:
            if job.nodes_given and self.call.name == "srun" and bad.told is not None:
                self.call.error(bad.told)            # srun reads the list once more
            raise Fail.error("memory allocation failure") from None
        named = [name for name in named if name]
        if not named:
            job.req_nodes = ""
            if not job.nodes_given:
                job.min_nodes, job.nodes_given = 0, 1      # slurmctld refuses that
        if not job.nodes_given or not len(named) > job.max_nodes > 0:
            return True
        if self.call.name == "srun":
            self.call.error(TOO_MANY_NAMED.format(named=len(named), most=job.max_nodes))
            job.req_nodes = ",".join(named[:job.max_nodes])
            return True
        self.call.error(f"invalid number of nodes (-N {len(named)}-{job.max_nodes})")
        job.min_nodes = len(named)
        return False

    @property
    def loudness(self):
        """How much the command is to say of itself, 0: nothing. SBATCH_DEBUG says a number instead
        of all -v, SALLOC_DEBUG and SLURM_DEBUG one that is added; mpirun is silent."""
        if self.call.name not in LETTERS:
            return 0
        if self.command == SBATCH:
            return self.debug or self.verbose
        return self.debug + self.verbose

    def tell(self, inside=False):
        """-v: say which options are in effect; inside: of a step in a job that was there before.  -Q: say
        less from now on. Raises Fail where both are given."""
        self.call.quiet = self.quiet
        if self.loudness:
            from .verbose import print_options
            print_options(self, self.loudness, inside)
