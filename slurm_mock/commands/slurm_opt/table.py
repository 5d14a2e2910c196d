"""The options by which a job is asked for, common to sbatch, srun and salloc.

The table says for each option its name, letter, where it may stand, and what it sets
of the Job; `Request` collects them and makes the Job.  Source: sbatch(1), srun(1),
salloc(1); the messages are those of Slurm 22.05.8.
"""

from ...common import parse_time, slurm_errno
from ...common.getopt import NONE, OPTIONAL, REQUIRED, Option
from ...common.hostlist import BadHostlist
from ...common.records import INFINITE, UNLIMITED, Job
from ..shared.call import Fail

SBATCH, SRUN, SALLOC = "b", "r", "a"
ALL = SBATCH + SRUN + SALLOC


def _o(name, letter, arg, where, text, dest=None):
    return (Option(name, letter, arg, text, dest or name), where)


TABLE = [
    _o("account", "A", REQUIRED, ALL, "charge the job to this account (allocation)"),
    _o("array", "a", REQUIRED, SBATCH, "submit a job array, such as 0-15%4"),
    _o("acctg-freq", "", REQUIRED, ALL, "how often usage is sampled"),
    _o("batch", "", REQUIRED, SBATCH, "features of the node that runs the script"),
    _o("bb", "", REQUIRED, ALL, "what is wanted of a burst buffer"),
    _o("bbf", "", REQUIRED, ALL, "a file that says what is wanted of a burst buffer"),
    _o("begin", "b", REQUIRED, ALL, "do not start before this time"),
    _o("chdir", "D", REQUIRED, ALL, "working directory of the job"),
    _o("clusters", "M", REQUIRED, ALL, "clusters to submit to"),
    _o("cluster", "", REQUIRED, ALL, "another name of --clusters", dest="clusters"),
    _o("cluster-constraint", "", REQUIRED, ALL, "features of the cluster"),
    _o("comment", "", REQUIRED, ALL, "a comment kept with the job"),
    _o("constraint", "C", REQUIRED, ALL, "features that the nodes must have"),
    _o("contiguous", "", NONE, ALL, "nodes side by side"),
    _o("container", "", REQUIRED, ALL, "folder of a container to run in"),
    _o("context", "", REQUIRED, ALL, "SELinux context"),
    _o("core-spec", "S", REQUIRED, ALL, "cores kept for the system"),
    _o("cores-per-socket", "", REQUIRED, ALL, "least cores per socket"),
    _o("cpus-per-gpu", "", REQUIRED, ALL, "CPUs for each GPU"),
    _o("cpus-per-task", "c", REQUIRED, ALL, "CPUs for each task"),
    _o("deadline", "", REQUIRED, ALL, "drop the job if it cannot end by then"),
    _o("delay-boot", "", REQUIRED, ALL, "minutes to wait before nodes are rebooted"),
    _o("dependency", "d", REQUIRED, ALL, "start after other jobs: afterok:12"),
    _o("distribution", "m", REQUIRED, ALL, "how tasks are dealt out to nodes"),
    _o("error", "e", REQUIRED, SBATCH + SRUN, "file for the error output"),
    _o("exclude", "x", REQUIRED, ALL, "not on these nodes"),
    _o("exclusive", "", OPTIONAL, ALL, "share the nodes with no other job"),
    _o("export", "", REQUIRED, SBATCH + SRUN, "environment variables to hand on"),
    _o("export-file", "", REQUIRED, SBATCH, "file with environment variables"),
    _o("extra-node-info", "B", REQUIRED, ALL, "sockets[:cores[:threads]] of a node"),
    _o("get-user-env", "", OPTIONAL, SBATCH + SALLOC, "the environment of a fresh login"),
    _o("gid", "", REQUIRED, ALL, "run as this group (root only)"),
    _o("gpus", "G", REQUIRED, ALL, "GPUs of the whole job"),
    _o("gpus-per-node", "", REQUIRED, ALL, "GPUs of each node"),
    _o("gpus-per-socket", "", REQUIRED, ALL, "GPUs of each socket"),
    _o("gpus-per-task", "", REQUIRED, ALL, "GPUs of each task"),
    _o("gpu-bind", "", REQUIRED, ALL, "how tasks are bound to GPUs"),
    _o("gpu-freq", "", REQUIRED, ALL, "GPU frequency"),
    _o("gres", "", REQUIRED, ALL, "generic resources of each node: gpu:2"),
    _o("gres-flags", "", REQUIRED, ALL, "how generic resources are dealt out"),
    _o("het-group", "", REQUIRED, SRUN, "components of a heterogeneous job to run in: 0,1 or 0-1"),
    _o("hint", "", REQUIRED, ALL, "compute_bound, memory_bound, [no]multithread"),
    _o("hold", "H", NONE, ALL, "submit the job held"),
    _o("ignore-pbs", "", NONE, SBATCH, "pass over #PBS lines"),
    _o("input", "i", REQUIRED, SBATCH + SRUN, "file for standard input"),
    _o("job-name", "J", REQUIRED, ALL, "name of the job"),
    _o("kill-on-invalid-dep", "", REQUIRED, SBATCH, "yes: cancel when the dependency can't hold"),
    _o("licenses", "L", REQUIRED, ALL, "licenses, name:count"),
    _o("mail-type", "", REQUIRED, ALL, "when to send mail: BEGIN, END, FAIL, ALL"),
    _o("mail-user", "", REQUIRED, ALL, "to whom"),
    _o("mcs-label", "", REQUIRED, ALL, "MCS label"),
    _o("mem", "", REQUIRED, ALL, "memory of each node, MiB or with K M G T"),
    _o("mem-bind", "", REQUIRED, ALL, "how memory is bound"),
    _o("mem-per-cpu", "", REQUIRED, ALL, "memory for each CPU"),
    _o("mem-per-gpu", "", REQUIRED, ALL, "memory for each GPU"),
    _o("mincpus", "", REQUIRED, ALL, "least CPUs of a node"),
    _o("network", "", REQUIRED, ALL, "network of the job"),
    _o("nice", "", OPTIONAL, ALL, "lower the priority by this much"),
    _o("no-kill", "k", OPTIONAL, ALL, "go on when a node fails"),
    _o("no-requeue", "", NONE, SBATCH, "never put the job back into the queue"),
    _o("nodefile", "F", REQUIRED, ALL, "file with the list of nodes"),
    _o("nodelist", "w", REQUIRED, ALL, "these nodes at least"),
    _o("nodes", "N", REQUIRED, ALL, "how many nodes, or least-most"),
    _o("ntasks", "n", REQUIRED, ALL, "how many tasks"),
    _o("ntasks-per-core", "", REQUIRED, ALL, "most tasks per core"),
    _o("ntasks-per-gpu", "", REQUIRED, ALL, "tasks for each GPU"),
    _o("ntasks-per-node", "", REQUIRED, ALL, "tasks on each node"),
    _o("ntasks-per-socket", "", REQUIRED, ALL, "most tasks per socket"),
    _o("ntasks-per-tres", "", REQUIRED, ALL, "another name of --ntasks-per-gpu",
       dest="ntasks-per-gpu"),
    _o("open-mode", "", REQUIRED, SBATCH + SRUN, "append or truncate output files"),
    _o("output", "o", REQUIRED, SBATCH + SRUN, "file for standard output"),
    _o("overcommit", "O", NONE, ALL, "more tasks than CPUs"),
    _o("oversubscribe", "s", NONE, ALL, "share nodes with other jobs"),
    _o("parsable", "", NONE, SBATCH, "print the job id only"),
    _o("partition", "p", REQUIRED, ALL, "partition to run in"),
    _o("power", "", REQUIRED, ALL, "power management"),
    _o("prefer", "", REQUIRED, ALL, "features that would be good to have"),
    _o("priority", "", REQUIRED, ALL, "priority (operators only)"),
    _o("profile", "", REQUIRED, ALL, "what to profile"),
    _o("propagate", "", OPTIONAL, SBATCH + SRUN, "limits to hand on"),
    _o("qos", "q", REQUIRED, ALL, "quality of service"),
    _o("quiet", "Q", NONE, ALL, "say less"),
    _o("reboot", "", NONE, ALL, "reboot the nodes first"),
    _o("requeue", "", NONE, SBATCH, "may be put back into the queue"),
    _o("reservation", "", REQUIRED, ALL, "use this reservation"),
    _o("signal", "", REQUIRED, ALL, "[B:]signal[@seconds before the end]"),
    _o("sockets-per-node", "", REQUIRED, ALL, "least sockets of a node"),
    _o("spread-job", "", NONE, ALL, "over as many nodes as possible"),
    _o("switches", "", REQUIRED, ALL, "most leaf switches"),
    _o("tasks-per-node", "", REQUIRED, ALL, "another name of --ntasks-per-node",
       dest="ntasks-per-node"),
    _o("test-only", "", NONE, SBATCH + SRUN, "say when the job would start, and leave it"),
    _o("thread-spec", "", REQUIRED, ALL, "threads kept for the system"),
    _o("threads-per-core", "", REQUIRED, ALL, "least threads of a core"),
    _o("time", "t", REQUIRED, ALL, "time limit: minutes, h:m:s, d-h"),
    _o("time-min", "", REQUIRED, ALL, "least time limit"),
    _o("tmp", "", REQUIRED, ALL, "least temporary disk of a node"),
    _o("uid", "", REQUIRED, ALL, "run as this user (root only)"),
    _o("use-min-nodes", "", NONE, ALL, "the smaller end of a node range"),
    _o("verbose", "v", NONE, ALL, "say more"),
    _o("wait", "W", NONE, SBATCH, "return when the job has ended"),
    _o("wait-all-nodes", "", REQUIRED, SBATCH + SALLOC, "1: begin when all nodes are ready"),
    _o("wckey", "", REQUIRED, ALL, "workload key"),
    _o("wrap", "", REQUIRED, SBATCH, "a command line instead of a script"),
    _o("version", "V", NONE, ALL, "print the version"),
    _o("help", "h", NONE, ALL, "print this list"),
    _o("usage", "", NONE, ALL, "print a short form"),
    # salloc's own
    _o("bell", "", NONE, SALLOC, "ring when the allocation is there"),
    _o("no-bell", "", NONE, SALLOC, "do not ring"),
    _o("no-shell", "", NONE, SALLOC, "leave the allocation and run nothing"),
    _o("immediate", "I", OPTIONAL, SRUN + SALLOC, "give up unless it starts within seconds"),
    _o("kill-command", "K", OPTIONAL, SALLOC, "end the command when the job ends"),
    # srun's own
    _o("kill-on-bad-exit", "K", OPTIONAL, SRUN, "end the step when a task fails"),
    _o("label", "l", NONE, SRUN, "put the task's number before each line"),
    _o("multi-prog", "", NONE, SRUN, "a file says which task runs what"),
    _o("pty", "", NONE, SRUN, "a terminal for task 0"),
    _o("unbuffered", "u", NONE, SRUN, "do not buffer output by line"),
    _o("wait", "W", REQUIRED, SRUN, "seconds to wait after the first task's end"),
    _o("disable-status", "X", NONE, SRUN, "no status on the first Ctrl-C"),
    _o("exact", "", NONE, SRUN, "only what the step asks for"),
    _o("overlap", "", OPTIONAL, SRUN, "share resources with other steps"),
    _o("whole", "", NONE, SRUN, "all that the job has of its nodes"),
    _o("interactive", "", NONE, SRUN, "the interactive step of salloc"),
    _o("jobid", "", REQUIRED, SRUN, "run in this job"),
    _o("relative", "r", REQUIRED, SRUN, "begin at this node of the job"),
    _o("no-allocate", "Z", NONE, SRUN, "without an allocation (SlurmUser only)"),
    _o("preserve-env", "E", NONE, SRUN, "keep node and task counts of the environment"),
    _o("mpi", "", REQUIRED, SRUN, "kind of MPI"),
    _o("cpu-bind", "", REQUIRED, SRUN, "how tasks are bound to CPUs"),
    _o("cpu-freq", "", REQUIRED, ALL, "CPU frequency"),
    _o("resv-ports", "", OPTIONAL, SRUN, "reserve ports"),
    _o("slurmd-debug", "", REQUIRED, SRUN, "say more on the node"),
    _o("task-epilog", "", REQUIRED, SRUN, "run after each task"),
    _o("task-prolog", "", REQUIRED, SRUN, "run before each task"),
    _o("threads", "T", REQUIRED, SRUN, "how many threads start the tasks"),
    _o("bcast", "", OPTIONAL, SRUN, "copy the program to the nodes first"),
    _o("bcast-exclude", "", REQUIRED, SRUN, "libraries that --bcast leaves out"),
    _o("send-libs", "", OPTIONAL, SRUN, "--bcast copies the program's libraries, too"),
    _o("compress", "", OPTIONAL, SRUN, "how --bcast compresses"),
    _o("accel-bind", "", REQUIRED, SRUN, "how tasks are bound to accelerators"),
    _o("cpu_bind", "", REQUIRED, SRUN, "another name of --cpu-bind", dest="cpu-bind"),
    _o("epilog", "", REQUIRED, SRUN, "run by srun itself after the step"),
    _o("prolog", "", REQUIRED, SRUN, "run by srun itself before the step"),
    _o("msg-timeout", "", REQUIRED, SRUN, "seconds to wait for an answer"),
    _o("quit-on-interrupt", "", NONE, SRUN, "end on the first Ctrl-C"),
    _o("x11", "", OPTIONAL, SRUN + SALLOC, "hand windows on to the X server"),
    _o("debugger-test", "", NONE, SRUN, "for tests of debuggers"),
]


def table(command):
    """The options of one command (SBATCH, SRUN or SALLOC)."""
    return [option for option, where in TABLE if command in where]


# Options that always have a value.
VALUED = frozenset(option.name for option, _ in TABLE if option.arg == REQUIRED)

# Options whose value is a count, with the field they set.
COUNTS = {
    "ntasks": "ntasks", "cpus-per-task": "cpus_per_task", "ntasks-per-node": "ntasks_per_node",
    "ntasks-per-socket": "ntasks_per_socket", "ntasks-per-core": "ntasks_per_core",
    "mincpus": "min_cpus_node", "sockets-per-node": "sockets_per_node",
    "cores-per-socket": "cores_per_socket", "threads-per-core": "threads_per_core",
    "cpus-per-gpu": "cpus_per_gpu",
}
MEMORY = {"mem": "mem_per_node", "mem-per-cpu": "mem_per_cpu", "mem-per-gpu": "mem_per_gpu",
          "tmp": "min_tmp_disk"}
TEXT = {
    "account": "account", "array": "array_tasks", "chdir": "work_dir", "comment": "comment",
    "constraint": "features", "dependency": "dependency",
    "exclude": "exc_nodes", "job-name": "name", "licenses": "licenses",
    "mail-user": "mail_user", "nodelist": "req_nodes",
    "partition": "partition", "qos": "qos", "reservation": "reservation", "wckey": "wckey",
    "prefer": "prefer", "cluster-constraint": "cluster_features", "network": "network",
}
FILES = {"input": "std_in", "output": "std_out", "error": "std_err"}
# What sbatch itself heeds: the job knows nothing of it.
OF_THE_COMMAND = frozenset(("wrap", "parsable", "quiet", "wait", "test-only"))
FLAGS = {"use-min-nodes": "use_min_nodes", "contiguous": "contiguous",
         "overcommit": "overcommit", "reboot": "reboot"}


# What is said of options (opt.c, slurm_opt.c).
FEWER_NODES = ("Warning: can't run {tasks} processes on {nodes} nodes, "
               "setting nnodes to {tasks}")
TOO_MANY_NAMED = ("Required nodelist includes more nodes than permitted by max-node count "
                  "({named} > {most}). Eliminating nodes from the nodelist.")
NO_NODES_LISTED = ("With Arbitrary distribution you need to specify a nodelist or hostfile with "
                   "the -w option")
NO_CORE_SPEC = ("Ignoring -S since it's not allowed by configuration "
                "(AllowSpecResourcesUsage = No)")


def _gpus(value):
    """"a100:2,v100" -> "gres:gpu:a100:2,gres:gpu:v100"."""
    return ",".join(f"gres:gpu:{part}" for part in value.split(","))


class Request:
    """Options collected from several sources; a later source wins."""

    def __init__(self, call, now, quiet=False):
        self.call, self.now, self.quiet = call, now, quiet
        self.job = Job()
        self.job.requeue = -1    # as JobRequeue says
        self.given = {}          # option name -> value, as last set
        self.typed = set()       # those of them that no variable set
        self.order = []          # node of each rank, where srun got a list of them
        self.immediate = 0       # seconds in which the job must start (1: at once); 0: no matter
        self.verbose = 0         # how often -v stands on the command line

    def apply(self, found):
        """Take parsed options [(Option, value)] into the job."""
        for option, value in found:
            self.given[option.dest] = value
            self.typed.add(option.dest)
            self.set(option.dest, value)

    def environment(self, names):
        """Take input variables such as SBATCH_PARTITION; names: {variable: option}."""
        for variable, option in names.items():
            value = self.call.env.get(variable)
            if value is not None:
                self.given[option] = value
                self.typed.discard(option)
                # an empty value is one, but for options that need none
                self.set(option, value if value or option in VALUED else None)
                if option == "clusters" and self.quiet:
                    self._known_clusters(value)

    def set(self, name, value):
        """One option. Raises Fail in Slurm's words."""
        job = self.job
        if name in COUNTS:
            job_field = COUNTS[name]
            setattr(job, job_field, self._count(name, value))
            if name == "ntasks":
                job.ntasks_given = 1
            elif name == "cpus-per-task":
                job.cpus_per_task_given = 1
        elif name in MEMORY:
            try:
                setattr(job, MEMORY[name], parse_time.parse_memory(value))
            except parse_time.BadValue:
                self._invalid(name)
        elif name in FILES:
            setattr(job, FILES[name], "/dev/null" if value.lower() == "none" else value)
        elif name in TEXT:
            setattr(job, TEXT[name], value)
        elif name in FLAGS:
            setattr(job, FLAGS[name], 1)
        else:
            special = getattr(self, "_" + name.replace("-", "_"), None)
            if special:
                special(value)
            elif name not in OF_THE_COMMAND:
                from .rare import take
                take(self, name, value)

    def _invalid(self, name):
        raise Fail.error(f"Invalid --{name} specification", 255)

    def _count(self, name, value, dashes="--"):
        number = parse_time.whole(value) if value.isdecimal() else 0
        if number < 1:
            raise Fail.error(f'Invalid numeric value "{value}" for {dashes}{name}.')
        return number

    # options that need more than a number or a text; the names follow the options'

    def _nodes(self, value):
        try:
            low, high = (0, 0) if value == "0" else parse_time.parse_node_range(value)
        except parse_time.BadValue:
            raise Fail.error(f'"{value}" is not a valid node count', 255) from None
        if high < low:
            raise Fail.error(f"Maximum node count {high} is less than minimum node count {low}",
                             255)
        self.job.min_nodes, self.job.max_nodes, self.job.nodes_given = low, high, 1

    def _time(self, value):
        minutes = self._limit("time", value)
        # a number of minutes that is too large is read as none, a time that is stays one
        beyond = minutes == parse_time.MOST_MINUTES and value.isdecimal()
        self.job.time_limit = UNLIMITED if beyond or minutes == INFINITE else minutes

    def _time_min(self, value):
        self.job.time_min = self._limit("time-min", value)

    def _limit(self, name, value):
        try:
            return parse_time.parse_limit(value) or INFINITE
        except parse_time.BadValue:
            return self._invalid(name)

    def _begin(self, value):
        self.job.begin_time = self._when("begin", value)

    def _deadline(self, value):
        self.job.deadline = self._when("deadline", value)

    def _when(self, name, value):
        try:
            return parse_time.parse_when(value, self.now)
        except parse_time.BadValue:
            text = parse_time.BAD_TIME.format(value=value)
            self.call.err.write((text + "\n").encode("utf-8", "surrogateescape"))
            return self._invalid(name)

    def _nice(self, value):
        try:
            self.job.nice = 100 if value is None else int(value)
        except ValueError:
            self.job.nice = 0
        if abs(self.job.nice) > 2147483645:
            raise Fail.error("Invalid --nice value, out of range (+/- 2147483645)", 255)

    def _hold(self, value):
        self.job.hold = "user"

    def _exclusive(self, value):
        if value not in (None, "", "user", "mcs"):
            self._invalid("exclusive")
        self.job.exclusive = value or "exclusive"

    def _oversubscribe(self, value):
        self.job.exclusive = "shared"

    def _gres(self, value):
        if any(not part.split(":")[0] for part in value.split(",")):
            raise Fail.error(self.call.strerror(slurm_errno.ESLURM_INVALID_GRES))
        self.job.gres = ",".join(p.removeprefix("gres:") for p in value.split(","))
        self.job.tres_per_node = ",".join("gres:" + p.removeprefix("gres:")
                                          for p in value.split(","))

    def _gpus_per_node(self, value):
        self._gres(_gpus(value).replace("gres:", ""))

    def _gpus(self, value):
        self.job.tres_per_job = _gpus(value)

    def _gpus_per_task(self, value):
        self.job.tres_per_task = _gpus(value)

    def _gpus_per_socket(self, value):
        self.job.tres_per_socket = _gpus(value)

    def _requeue(self, value):
        self.job.requeue = 1

    def _no_requeue(self, value):
        self.job.requeue = 0

    def _open_mode(self, value):
        if value[:1] not in ("a", "t"):
            self._invalid("open-mode")
        self.job.open_mode = "append" if value[0] == "a" else "truncate"

    def _mail_type(self, value):
        from ...slurmctld.mail import types
        known = types(value)
        if known is None:
            self._invalid("mail-type")
        self.job.mail_type = known

    def _kill_on_invalid_dep(self, value):
        if value.lower() not in ("yes", "no"):
            self._invalid("kill-on-invalid-dep")
        self.job.kill_invalid_dep = value.lower()

    def _signal(self, value):
        from ...common.signals import parse_warning
        if parse_warning(value) is None:
            self._invalid("signal")
        self.job.signal = value

    def _export(self, value):
        self.job.export = value

    def _extra_node_info(self, value):
        fields = value.split(":")
        names = ("sockets_per_node", "cores_per_socket", "threads_per_core")
        for name, field, place in zip(names, fields, ("first", "second", "third")):
            if field != "*":
                setattr(self.job, name, self._count(f"{place} arg of -B", field, ""))

    def _nodefile(self, value):
        try:
            with open(self.call.path(value), encoding="utf-8", errors="replace") as f:
                self.job.req_nodes = ",".join(f.read().split())
        except OSError as error:
            self.call.error(f"slurm_allocate_resources error opening file {value}, "
                            f"{error.strerror}")
            raise Fail.error("Invalid --nodefile node file", 255) from None

    def _core_spec(self, value):
        if not self.quiet:
            self.call.error(NO_CORE_SPEC)

    def _clusters(self, value):
        if not self.quiet:
            self._known_clusters(value)
        self.given["clusters"] = self.call.controller.config.get("ClusterName", "")

    def _known_clusters(self, value):
        from ..shared.clusters_opt import chosen
        chosen(self.call, value)

    def _uid(self, value):
        if not self.call.controller.caller.admin:
            raise Fail.error("--uid only permitted by root user", 255)

    def _gid(self, value):
        if not self.call.controller.caller.admin:
            raise Fail.error("--gid only permitted by root user", 255)

    # ---- the job ----------------------------------------------------------

    def finished(self):
        """The Job with what follows from several options together."""
        job = self.job
        if "hint" in self.given:
            from .rare import hint
            hint(self)
        job.qos_given = int("qos" in self.given)
        if sum(m is not None for m in (job.mem_per_node, job.mem_per_cpu, job.mem_per_gpu)) > 1:
            raise Fail.fatal("--mem, --mem-per-cpu, and --mem-per-gpu are mutually exclusive.")
        if job.mem_per_cpu == 0:
            job.mem_per_cpu, job.mem_per_node = None, 0
        wrong = not self.room_for_named_nodes()
        if job.distribution.startswith("plane") and self.call.name != "srun":
            from ...common.step_layout import reaches_all_nodes
            if not reaches_all_nodes(job):
                raise Fail.error("Too few processes for the requested {plane,node} distribution")
        if job.ntasks_per_tres:
            from .rare import tasks_of_gpus
            tasks_of_gpus(job)
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

    def room_for_named_nodes(self):
        """Does -w name no more nodes than -N allows? srun passes over those that are too many."""
        job = self.job
        if not job.req_nodes and "nodelist" not in self.given:
            return True
        try:
            named = self.call.node_names(job.req_nodes)
        except BadHostlist:
            raise Fail.error("memory allocation failure") from None
        if not named:
            job.req_nodes, job.min_nodes, job.nodes_given = "", 0, 1      # slurmctld refuses that
        if not job.nodes_given or not len(named) > job.max_nodes > 0:
            return True
        if self.call.name == "srun":
            self.call.error(TOO_MANY_NAMED.format(named=len(named), most=job.max_nodes))
            job.req_nodes = ",".join(named[:job.max_nodes])
            return True
        self.call.error(f"invalid number of nodes (-N {len(named)}-{job.max_nodes})")
        job.min_nodes = len(named)
        return False
