"""The options by which a job is asked for, common to sbatch, srun and salloc: one row an option.

A row says all that is to be said of an option (Opt); who reads options reads this table: the parser
and --help, the input environment variables (request.Request), what a job is told (output_env), -v
(verbose), heterogeneous jobs (het) and the book's page (site/coverage.py).  Source: sbatch(1),
srun(1), salloc(1); slurm_cli_opt_t in slurm_opt.c, whose set_func, get_func and reset_each_pass are
`set`, `shown` and `own` here.
"""

from ...common.getopt import NONE, OPTIONAL, REQUIRED, Option, known
from ...common.release import CURRENT
from . import args_job, args_resources
from .args_job import count, flag, memory, text

SBATCH, SRUN, SALLOC = "b", "r", "a"
ALL = SBATCH + SRUN + SALLOC
# How a command's name stands in `commands`, and its input environment variables begin.
LETTERS = {"sbatch": SBATCH, "srun": SRUN, "salloc": SALLOC}
PREFIXES = {SBATCH: "SBATCH", SRUN: "SLURM", SALLOC: "SALLOC"}


class Opt(Option):
    """All that is to be said of one option of sbatch, salloc and srun.

    name, letter, arg, help, effect, since, until   as of every Option
    commands    those that take it: letters of ALL
    set         function (Request, row, value) that takes it into the job, raises Fail; None where
                the command itself looks whether it is given
    field       the Job's field that is set
    env         input environment variables: how it is called behind the prefix of each command, or
                {command: whole names, of which the last counts}
    step_env    the variable of a job that an srun inside of it reads, too
    tells       how what is started is told of it: {command: variable, whose value is the option's,
                or function (given, Job) -> {variable: value}}
    shown       in which way -v shows its value: a word of verbose.WAYS; "": as it is typed
    bare        how -v shows it where it has no value
    step_shown  the variable of a job that -v shows as this option of an srun inside of it
    sorted_as   what -v sorts it by, where that is not its name
    own         does each component of a heterogeneous job say it for itself? All others hold from
                one component to the next
    dest        its name in Request.given.  A row whose name is another only adds that spelling: all
                else stands in the row of that name (named)
    """

    __slots__ = ("commands", "set", "field", "step_env", "tells", "shown", "bare", "step_shown",
                 "sorted_as", "own")

    def __init__(self, name, letter, arg, commands, help, set=None, field=None, *, dest=None,
                 env="", step_env="", tells=(), shown="", bare="set", step_shown="",
                 sorted_as="", own=False, effect=True, since=2205, until=None):
        # no call of super(): there are 140 rows, made whenever a command starts
        self.name, self.letter, self.arg, self.help = name, letter, arg, help
        self.dest, self.env, self.effect = dest or name, env, effect
        self.since, self.until = since, until
        self.commands, self.set, self.field = commands, set, field
        self.step_env, self.tells = step_env, tells
        self.shown, self.bare, self.step_shown = shown, bare, step_shown
        self.sorted_as, self.own = sorted_as or self.dest, own

    def variables(self, command):
        """The input environment variables by which a command is told of the option."""
        if isinstance(self.env, str):
            return [f"{PREFIXES[command]}_{self.env}"] if self.env else []
        return self.env.get(command, "").split()


def job(told):
    """A way to tell of an option that sbatch and salloc share."""
    return {SBATCH: told, SALLOC: told}


def each(told):
    """A way to tell of an option that all three share."""
    return {SBATCH: told, SALLOC: told, SRUN: told}


def late(name, *options):
    """A function of args_bind, which is read when one of its options is given: few jobs have one. options: those of
    one that tells."""
    def called(given, *words):
        if options and not any(option in given for option in options):
            return {}
        from . import args_bind
        return getattr(args_bind, name)(given, *words)
    return called


# In the order in which --help lists them, and a message those that a beginning may mean.
TABLE = (
    Opt("account", "A", REQUIRED, ALL, "charge the job to this account (allocation)", text,
        "account", env="ACCOUNT"),
    Opt("array", "a", REQUIRED, SBATCH, "submit a job array, such as 0-15%4", text, "array_tasks",
        env="ARRAY_INX"),
    Opt("acctg-freq", "", REQUIRED, ALL, "how often usage is sampled", args_job.set_acctg_freq,
        env="ACCTG_FREQ", tells=job("SLURM_ACCTG_FREQ")),
    Opt("batch", "", REQUIRED, SBATCH, "features of the node that runs the script", text,
        "batch_features", env="BATCH"),
    Opt("bb", "", REQUIRED, ALL, "what is wanted of a burst buffer", text, "burst_buffer",
        env="BURST_BUFFER", effect=False),
    Opt("bbf", "", REQUIRED, ALL, "a file that says what is wanted of a burst buffer", effect=False),
    Opt("begin", "b", REQUIRED, ALL, "do not start before this time", args_job.set_moment,
        "begin_time", shown="moment"),
    Opt("chdir", "D", REQUIRED, ALL, "working directory of the job", text, "work_dir",
        env={SRUN: "SLURM_REMOTE_CWD SLURM_WORKING_DIR"}, shown="path"),
    Opt("clusters", "M", REQUIRED, ALL, "clusters to submit to",
        env={SBATCH: "SLURM_CLUSTERS SBATCH_CLUSTERS", SRUN: "SLURM_CLUSTERS",
             SALLOC: "SLURM_CLUSTERS SALLOC_CLUSTERS"}),
    Opt("cluster", "", REQUIRED, ALL, "another name of --clusters", dest="clusters"),
    Opt("cluster-constraint", "", REQUIRED, ALL, "features of the cluster", text,
        "cluster_features", env="CLUSTER_CONSTRAINT", effect=False),
    Opt("comment", "", REQUIRED, ALL, "a comment kept with the job", text, "comment"),
    Opt("constraint", "C", REQUIRED, ALL, "features that the nodes must have", text, "features",
        env="CONSTRAINT", sorted_as="contiguous, too", own=True),
    Opt("contiguous", "", NONE, ALL, "nodes side by side", flag, "contiguous", own=True),
    Opt("container", "", REQUIRED, ALL, "folder of a container to run in", text, "container",
        env={SBATCH: "SBATCH_CONTAINER", SALLOC: "SALLOC_CONTAINER", SRUN: "SRUN_CONTAINER"},
        tells=each("SLURM_CONTAINER"), effect=False),
    Opt("context", "", REQUIRED, ALL, "SELinux context", effect=False),
    Opt("core-spec", "S", REQUIRED, ALL, "cores kept for the system", args_job.number,
        env="CORE_SPEC", own=True, effect=False),
    Opt("cores-per-socket", "", REQUIRED, ALL, "least cores per socket", count, "cores_per_socket",
        env={SRUN: "SLURM_NCORES_PER_SOCKET"}, shown="field", own=True),
    Opt("cpus-per-gpu", "", REQUIRED, ALL, "CPUs for each GPU", count, "cpus_per_gpu",
        env="CPUS_PER_GPU", tells=job("SLURM_CPUS_PER_GPU"), shown="field", own=True),
    Opt("cpus-per-task", "c", REQUIRED, ALL, "CPUs for each task", args_resources.set_cpus_per_task,
        "cpus_per_task", env={SRUN: "SRUN_CPUS_PER_TASK"}, shown="field", own=True),
    Opt("deadline", "", REQUIRED, ALL, "drop the job if it cannot end by then", args_job.set_moment,
        "deadline", shown="moment"),
    Opt("delay-boot", "", REQUIRED, ALL, "minutes to wait before nodes are rebooted",
        args_job.set_delay_boot, "delay_boot", env="DELAY_BOOT", shown="elapsed", effect=False),
    Opt("dependency", "d", REQUIRED, ALL, "start after other jobs: afterok:12", text, "dependency",
        env={SRUN: "SLURM_DEPENDENCY"}, tells={SBATCH: "SLURM_JOB_DEPENDENCY", SRUN: "SLURM_JOB_DEPENDENCY"}),
    Opt("distribution", "m", REQUIRED, ALL, "how tasks are dealt out to nodes",
        args_resources.set_distribution, "distribution",
        env={SBATCH: "SBATCH_DISTRIBUTION", SRUN: "SLURM_DISTRIBUTION"},
        tells=job(args_resources.tell_job_distribution) | {SRUN: args_resources.tell_distribution},
        shown="field", own=True),
    Opt("error", "e", REQUIRED, SBATCH + SRUN, "file for the error output", args_job.set_file,
        "std_err", env={SBATCH: "SBATCH_ERROR", SRUN: "SLURM_STDERRMODE"}, shown="file"),
    Opt("exclude", "x", REQUIRED, ALL, "not on these nodes", text, "exc_nodes"),
    Opt("exclusive", "", OPTIONAL, ALL, "share the nodes with no other job",
        args_resources.set_exclusive, env="EXCLUSIVE", bare="exclusive", own=True),
    Opt("export", "", REQUIRED, SBATCH + SRUN, "environment variables to hand on", text, "export",
        env={SBATCH: "SBATCH_EXPORT", SRUN: "SLURM_EXPORT_ENV SRUN_EXPORT_ENV"},
        tells={SBATCH: args_job.tell_export}),
    Opt("export-file", "", REQUIRED, SBATCH, "file with environment variables"),
    Opt("extra-node-info", "B", REQUIRED, ALL, "sockets[:cores[:threads]] of a node",
        args_resources.set_extra_node_info, shown="no stars", own=True),
    Opt("get-user-env", "", OPTIONAL, SBATCH + SALLOC, "the environment of a fresh login",
        args_job.set_get_user_env, env={SBATCH: "SBATCH_GET_USER_ENV"},
        tells={SBATCH: args_job.tell_get_user_env}, bare="0"),
    Opt("gid", "", REQUIRED, ALL, "run as this group (root only)", args_job.for_root),
    Opt("gpus", "G", REQUIRED, ALL, "GPUs of the whole job", args_resources.set_gpus,
        "tres_per_job", env="GPUS", tells=job("SLURM_GPUS"),
        own=True),
    Opt("gpus-per-node", "", REQUIRED, ALL, "GPUs of each node", args_resources.set_gpus_per_node,
        env="GPUS_PER_NODE", tells=job("SLURM_GPUS_PER_NODE"), own=True),
    Opt("gpus-per-socket", "", REQUIRED, ALL, "GPUs of each socket", args_resources.set_gpus,
        "tres_per_socket", env="GPUS_PER_SOCKET", tells=job("SLURM_GPUS_PER_SOCKET"), own=True),
    Opt("gpus-per-task", "", REQUIRED, ALL, "GPUs of each task", args_resources.set_gpus,
        "tres_per_task", env="GPUS_PER_TASK",
        tells=job("SLURM_GPUS_PER_TASK") | {SRUN: args_resources.tell_gpus_per_task}, own=True),
    Opt("gpu-bind", "", REQUIRED, ALL, "how tasks are bound to GPUs", late("set_gpu_bind"),
        env="GPU_BIND", tells=job("SLURM_GPU_BIND") | {SRUN: args_resources.tell_gpu_bind}, own=True),
    Opt("gpu-freq", "", REQUIRED, ALL, "GPU frequency", late("set_gpu_freq"), env="GPU_FREQ",
        tells=job("SLURM_GPU_FREQ") | {SRUN: late("tell_gpu_freq", "gpu-freq")}, own=True, effect=False),
    Opt("gres", "", REQUIRED, ALL, "generic resources of each node: gpu:2", args_resources.set_gres,
        "tres_per_node", env="GRES", shown="field", own=True),
    Opt("gres-flags", "", REQUIRED, ALL, "how generic resources are dealt out",
        args_resources.set_gres_flags, env="GRES_FLAGS", own=True, effect=False),
    Opt("het-group", "", REQUIRED, SRUN, "components of a heterogeneous job to run in: 0,1 or 0-1",
        own=True),
    Opt("pack-group", "", REQUIRED, SRUN, "another name of --het-group", dest="het-group"),
    Opt("hint", "", REQUIRED, ALL, "compute_bound, memory_bound, [no]multithread", text, "hint",
        env={SBATCH: "SLURM_HINT SBATCH_HINT", SALLOC: "SALLOC_HINT SLURM_HINT", SRUN: "SLURM_HINT"}, tells=job(args_resources.tell_job_hint) | {SRUN: args_resources.tell_hint},
        own=True),
    Opt("hold", "H", NONE, ALL, "submit the job held", args_job.set_hold),
    Opt("ignore-pbs", "", NONE, SBATCH, "pass over #PBS lines", env="IGNORE_PBS", effect=False),
    Opt("input", "i", REQUIRED, SBATCH + SRUN, "file for standard input", args_job.set_file,
        "std_in", env={SBATCH: "SBATCH_INPUT", SRUN: "SLURM_STDINMODE"}, shown="file"),
    Opt("job-name", "J", REQUIRED, ALL, "name of the job", text, "name",
        env={SBATCH: "SBATCH_JOB_NAME"}, step_shown="SLURM_JOB_NAME"),
    Opt("kill-on-invalid-dep", "", REQUIRED, SBATCH, "yes: cancel when the dependency can't hold",
        args_job.set_kill_on_invalid_dep, shown="lower"),
    Opt("licenses", "L", REQUIRED, ALL, "licenses, name:count", text, "licenses", own=True),
    Opt("mail-type", "", REQUIRED, ALL, "when to send mail: BEGIN, END, FAIL, ALL",
        args_job.set_mail_type, shown="mail", own=True),
    Opt("mail-user", "", REQUIRED, ALL, "to whom", text, "mail_user", own=True),
    Opt("mcs-label", "", REQUIRED, ALL, "MCS label, which is only shown", text, "mcs_label", effect=False),
    Opt("mem", "", REQUIRED, ALL, "memory of each node, MiB or with K M G T", memory,
        "mem_per_node", env={SBATCH: "SBATCH_MEM_PER_NODE", SALLOC: "SALLOC_MEM_PER_NODE"},
        shown="node memory", step_shown="SLURM_MEM_PER_NODE", own=True),
    Opt("mem-bind", "", REQUIRED, ALL, "how memory is bound", late("set_mem_bind"),
        env="MEM_BIND",
        tells=job(late("tell_mem_bind", "mem-bind")) | {SRUN: late("tell_step_mem_bind", "mem-bind")},
        shown="binding", own=True, effect=False),
    Opt("mem-per-cpu", "", REQUIRED, ALL, "memory for each CPU", memory, "mem_per_cpu",
        env={SBATCH: "SBATCH_MEM_PER_CPU", SALLOC: "SALLOC_MEM_PER_CPU"}, shown="memory",
        step_shown="SLURM_MEM_PER_CPU", own=True),
    Opt("mem-per-gpu", "", REQUIRED, ALL, "memory for each GPU", memory, "mem_per_gpu",
        env="MEM_PER_GPU",
        tells=job(args_resources.tell_mem_per_gpu), shown="memory", own=True),
    Opt("mincpus", "", REQUIRED, ALL, "least CPUs of a node", count, "min_cpus_node", shown="field",
        own=True),
    Opt("network", "", REQUIRED, ALL, "network of the job", text, "network", env="NETWORK",
        tells=job("SLURM_NETWORK"), own=True, effect=False),
    Opt("nice", "", OPTIONAL, ALL, "lower the priority by this much", args_job.set_nice,
        bare="100"),
    Opt("no-kill", "k", OPTIONAL, ALL, "go on when a node fails", args_resources.set_no_kill,
        env="NO_KILL", shown="unset", effect=False),
    Opt("no-requeue", "", NONE, SBATCH, "never put the job back into the queue",
        args_job.set_no_requeue, env="NO_REQUEUE", bare="no-requeue"),
    Opt("nodefile", "F", REQUIRED, ALL, "file with the list of nodes", own=True),
    Opt("nodelist", "w", REQUIRED, ALL, "these nodes at least", text, "req_nodes", own=True),
    Opt("nodes", "N", REQUIRED, ALL, "how many nodes, or least-most", args_resources.set_nodes,
        shown="nodes", step_shown="SLURM_JOB_NUM_NODES", own=True),
    Opt("ntasks", "n", REQUIRED, ALL, "how many tasks", args_resources.set_ntasks, "ntasks",
        step_env="SLURM_NPROCS SLURM_NTASKS", shown="field", own=True),
    Opt("ntasks-per-core", "", REQUIRED, ALL, "most tasks per core", count, "ntasks_per_core",
        tells=each("SLURM_NTASKS_PER_CORE"), shown="field", own=True),
    Opt("ntasks-per-gpu", "", REQUIRED, ALL, "tasks for each GPU", count, "ntasks_per_tres",
        env={SRUN: "SLURM_NTASKS_PER_GPU"}, tells=job("SLURM_NTASKS_PER_GPU") | {SRUN: args_resources.tell_ntasks_per_gpu}, own=True),
    Opt("ntasks-per-node", "", REQUIRED, ALL, "tasks on each node", count, "ntasks_per_node",
        step_env="SLURM_NTASKS_PER_NODE", shown="field", own=True),
    Opt("ntasks-per-socket", "", REQUIRED, ALL, "most tasks per socket", count, "ntasks_per_socket",
        tells=each("SLURM_NTASKS_PER_SOCKET"), shown="field", own=True),
    Opt("ntasks-per-tres", "", REQUIRED, ALL, "tasks for each GPU", count, "ntasks_per_tres",
        env={SRUN: "SLURM_NTASKS_PER_TRES"}, tells=job("SLURM_NTASKS_PER_TRES") | {SRUN: args_resources.tell_ntasks_per_gpu}, own=True),
    Opt("open-mode", "", REQUIRED, SBATCH + SRUN, "append or truncate output files",
        args_job.set_open_mode, env="OPEN_MODE", tells={SBATCH: args_job.tell_open_mode},
        shown="letter"),
    Opt("output", "o", REQUIRED, SBATCH + SRUN, "file for standard output", args_job.set_file,
        "std_out", env={SBATCH: "SBATCH_OUTPUT", SRUN: "SLURM_STDOUTMODE"}, shown="file"),
    Opt("overcommit", "O", NONE, ALL, "more tasks than CPUs", flag, "overcommit", env="OVERCOMMIT",
        tells=each(args_resources.tell_overcommit), own=True),
    Opt("oversubscribe", "s", NONE, ALL, "share nodes with other jobs",
        args_resources.set_oversubscribe, bare="oversubscribe", own=True),
    Opt("parsable", "", NONE, SBATCH, "print the job id only"),
    Opt("partition", "p", REQUIRED, ALL, "partition to run in", text, "partition", env="PARTITION",
        own=True),
    Opt("power", "", REQUIRED, ALL, "power management", args_resources.set_power, "power",
        env="POWER", shown="field", own=True, effect=False),
    Opt("prefer", "", REQUIRED, ALL, "features that would be good to have", text, "prefer"),
    Opt("priority", "", REQUIRED, ALL, "priority (operators only)", args_job.set_priority),
    Opt("profile", "", REQUIRED, ALL, "what to profile", args_job.set_profile, env="PROFILE",
        tells=job(args_job.tell_profile), shown="profile", effect=False),
    Opt("propagate", "", OPTIONAL, SBATCH + SRUN, "limits to hand on", args_job.set_propagate,
        bare="ALL"),
    Opt("qos", "q", REQUIRED, ALL, "quality of service", text, "qos", env="QOS"),
    Opt("quiet", "Q", NONE, ALL, "say less", args_job.set_quiet),
    Opt("reboot", "", NONE, ALL, "reboot the nodes first", flag, "reboot"),
    Opt("requeue", "", NONE, SBATCH, "may be put back into the queue", args_job.set_requeue,
        env="REQUEUE", bare="requeue"),
    Opt("reservation", "", REQUIRED, ALL, "use this reservation", text, "reservation",
        env="RESERVATION"),
    Opt("signal", "", REQUIRED, ALL, "[B:]signal[@seconds before the end]", args_job.set_signal,
        env="SIGNAL", shown="signal"),
    Opt("sockets-per-node", "", REQUIRED, ALL, "least sockets of a node", count, "sockets_per_node",
        env={SRUN: "SLURM_NSOCKETS_PER_NODE"}, shown="field", own=True),
    Opt("spread-job", "", NONE, ALL, "over as many nodes as possible", flag, "spread_job",
        env="SPREAD_JOB", own=True),
    Opt("switches", "", REQUIRED, ALL, "most leaf switches", args_resources.set_switches,
        env="REQ_SWITCH", shown="switches", own=True, effect=False),
    # no option by name, only by its variables: seconds to wait for those switches
    Opt("", "", REQUIRED, ALL, "", args_resources.set_switch_wait, dest="switch-wait",
        env="WAIT4SWITCH"),
    Opt("tasks-per-node", "", REQUIRED, ALL, "another name of --ntasks-per-node",
        dest="ntasks-per-node"),
    Opt("test-only", "", NONE, SBATCH + SRUN, "say when the job would start, and leave it"),
    Opt("thread-spec", "", REQUIRED, ALL, "threads kept for the system",
        count, env="THREAD_SPEC", own=True, effect=False),
    Opt("threads-per-core", "", REQUIRED, ALL, "least threads of a core", count, "threads_per_core",
        env={SBATCH: "SBATCH_THREADS_PER_CORE", SALLOC: "SALLOC_THREADS_PER_CORE"},
        step_env="SLURM_THREADS_PER_CORE", tells=each(args_resources.tell_threads_per_core),
        shown="field", own=True),
    Opt("time", "t", REQUIRED, ALL, "time limit: minutes, h:m:s, d-h", args_job.set_time,
        "time_limit", env="TIMELIMIT", shown="limit"),
    Opt("time-min", "", REQUIRED, ALL, "least time limit", args_job.set_time_min, "time_min",
        shown="limit"),
    Opt("tmp", "", REQUIRED, ALL, "least temporary disk of a node", memory, "min_tmp_disk",
        shown="memory", own=True),
    Opt("uid", "", REQUIRED, ALL, "run as this user (root only)", args_job.for_root),
    Opt("use-min-nodes", "", NONE, ALL, "the smaller end of a node range", flag, "use_min_nodes",
        env="USE_MIN_NODES", own=True),
    Opt("verbose", "v", NONE, ALL, "say more", args_job.set_verbose, env="DEBUG"),
    Opt("wait", "W", NONE, SBATCH, "return when the job has ended", env="WAIT"),
    Opt("wait-all-nodes", "", REQUIRED, SBATCH + SALLOC, "1: begin when all nodes are ready", args_job.set_wait_all_nodes,
        env="WAIT_ALL_NODES", effect=False),
    Opt("wckey", "", REQUIRED, ALL, "workload key", text, "wckey", env="WCKEY"),
    Opt("wrap", "", REQUIRED, SBATCH, "a command line instead of a script"),
    Opt("version", "V", NONE, ALL, "print the version"),
    Opt("help", "h", NONE, ALL, "print this list"),
    Opt("usage", "", NONE, ALL, "print a short form"),
    # salloc's own
    Opt("bell", "", NONE, SALLOC, "ring when the allocation is there", env="BELL",
        bare="bell-always", effect=False),
    Opt("no-bell", "", NONE, SALLOC, "do not ring", env="NO_BELL", bare="bell-never", effect=False),
    Opt("no-shell", "", NONE, SALLOC, "leave the allocation and run nothing"),
    Opt("immediate", "I", OPTIONAL, SRUN + SALLOC, "give up unless it starts within seconds",
        args_job.set_immediate, env="IMMEDIATE", bare="1"),
    Opt("kill-command", "K", OPTIONAL, SALLOC, "end the command when the job ends", args_job.set_kill_command,
        env="KILL_CMD", bare="TERM"),
    # srun's own
    Opt("kill-on-bad-exit", "K", OPTIONAL, SRUN, "end the step when a task fails", args_job.number,
        env="KILL_BAD_EXIT", bare="1"),
    Opt("label", "l", NONE, SRUN, "put the task's number before each line", env="LABELIO"),
    Opt("multi-prog", "", NONE, SRUN, "a file says which task runs what", env="SRUN_MULTI"),
    Opt("pty", "", NONE, SRUN, "a terminal for task 0"),
    Opt("unbuffered", "u", NONE, SRUN, "do not buffer output by line", env="UNBUFFEREDIO"),
    Opt("wait", "W", REQUIRED, SRUN, "seconds to wait after the first task's end", args_job.number,
        env="WAIT"),
    Opt("disable-status", "X", NONE, SRUN, "no status on the first Ctrl-C", env="DISABLE_STATUS"),
    Opt("exact", "", NONE, SRUN, "only what the step asks for", env="EXACT"),
    Opt("overlap", "", OPTIONAL, SRUN, "share resources with other steps", env="OVERLAP"),
    Opt("whole", "", NONE, SRUN, "all that the job has of its nodes"),
    Opt("interactive", "", NONE, SRUN, "the interactive step of salloc"),
    Opt("jobid", "", REQUIRED, SRUN, "run in this job", args_job.count,
        step_shown="SLURM_JOB_ID", sorted_as="job"),
    Opt("relative", "r", REQUIRED, SRUN, "begin at this node of the job", args_job.number, own=True),
    Opt("no-allocate", "Z", NONE, SRUN, "without an allocation (SlurmUser only)"),
    Opt("preserve-env", "E", NONE, SRUN, "keep node and task counts of the environment"),
    Opt("mpi", "", REQUIRED, SRUN, "kind of MPI", env="MPI_TYPE", tells={SRUN: args_job.tell_mpi}, effect=False),
    Opt("cpu-bind", "", REQUIRED, SRUN, "how tasks are bound to CPUs", env="CPU_BIND",
        tells={SRUN: late("tell_cpu_bind", "cpu-bind", "hint", "ntasks-per-core", "ntasks-per-socket", "threads-per-core",
                          "extra-node-info")}, own=True, effect=False),
    Opt("cpu-freq", "", REQUIRED, ALL, "CPU frequency", late("set_cpu_freq"),
        env="CPU_FREQ_REQ", tells=each(late("tell_cpu_freq", "cpu-freq")), shown="frequency", own=True,
        effect=False),
    Opt("resv-ports", "", OPTIONAL, SRUN, "reserve ports", args_job.set_resv_ports, env="RESV_PORTS", effect=False),
    Opt("slurmd-debug", "", REQUIRED, SRUN, "say more on the node", effect=False),
    Opt("task-epilog", "", REQUIRED, SRUN, "run after each task", env="TASK_EPILOG"),
    Opt("task-prolog", "", REQUIRED, SRUN, "run before each task", env="TASK_PROLOG"),
    Opt("threads", "T", REQUIRED, SRUN, "how many threads start the tasks", args_job.set_threads,
        env="THREADS", sorted_as="max-threads", effect=False),
    Opt("bcast", "", OPTIONAL, SRUN, "copy the program to the nodes first", env="BCAST", own=True),
    Opt("bcast-exclude", "", REQUIRED, SRUN, "libraries that --bcast leaves out",
        env="BCAST_EXCLUDE", effect=False),
    Opt("send-libs", "", OPTIONAL, SRUN, "--bcast copies the program's libraries, too",
        args_job.set_send_libs, env="SEND_LIBS", effect=False),
    Opt("compress", "", OPTIONAL, SRUN, "how --bcast compresses", args_job.set_compress, env="COMPRESS", effect=False),
    Opt("accel-bind", "", REQUIRED, SRUN, "how tasks are bound to accelerators",
        late("set_accel_bind"), effect=False),
    Opt("cpu_bind", "", REQUIRED, SRUN, "another name of --cpu-bind", dest="cpu-bind",
        effect=False),
    Opt("epilog", "", REQUIRED, SRUN, "run by srun itself after the step", env="EPILOG"),
    Opt("prolog", "", REQUIRED, SRUN, "run by srun itself before the step", env="PROLOG"),
    Opt("msg-timeout", "", REQUIRED, SRUN, "seconds to wait for an answer", count, effect=False),
    Opt("quit-on-interrupt", "", NONE, SRUN, "end on the first Ctrl-C"),
    Opt("x11", "", OPTIONAL, SRUN + SALLOC, "hand windows on to the X server", args_job.set_x11, effect=False),
    Opt("debugger-test", "", NONE, SRUN, "for tests of debuggers", effect=False),
    # no option by name, but srun -v shows it: the nodes of the job
    Opt("", "", REQUIRED, SRUN, "", dest="(null)", step_shown="SLURM_JOB_NODELIST",
        sorted_as="alloc-nodelist"),
)


def named(option):
    """The row that says what an option does: of another spelling that of the usual one."""
    if option.name in (option.dest, ""):
        return option
    return next(row for row in TABLE if row.name == option.dest)


def table(command, release=None):
    """The options that a command (SBATCH, SRUN or SALLOC) takes, as they may be typed: [Opt].
    release: those of one release of Slurm; None: all, for who chooses as the parser does."""
    found = [row for row in TABLE if command in row.commands and (row.name or row.letter)]
    return found if release is None else known(found, release)


def rows(command, release=CURRENT):
    """The options of a command in one release: {name in Request.given: Opt}."""
    found = {}
    for row in known(TABLE, release):
        if command in row.commands:
            found.setdefault(row.dest, row)
    return found


def variables(command, release=CURRENT, inside=False):
    """[(input environment variable, Opt)] of a command, in the order in which they are read;
    inside: those of the job that an srun stands in."""
    known_rows = rows(command, release).values()
    if inside:
        return [(name, row) for row in known_rows for name in row.step_env.split()]
    common, own = [], []
    for row in known_rows:
        if row.env:
            # what all three read comes first; of two that say the same sbatch heeds GPUS_PER_NODE, the others GRES
            shared = row.commands == ALL if isinstance(row.env, str) else len(row.env) == len(ALL)
            if command == SBATCH and row.name == "gpus-per-node":
                shared = False
            (common if shared else own).extend((name, row) for name in row.variables(command))
    return common + own
