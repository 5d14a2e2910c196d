"""What the mock says in Slurm's words, in one place, to be held against the original.

Source: Slurm 22.05.8, as printed; slurm_errno.c and the commands' sources name them.
"""

TRY_HELP = 'Try "{name} --help" for more information'

# slurm_strerror(): what follows "Batch job submission failed: " and the like
BAD_PARTITION = "Invalid partition name specified"
NODE_COUNT = "Node count specification invalid"
NO_ACCOUNT = "Invalid account or account/partition combination specified"
BAD_RESERVATION = "Requested reservation is invalid"
BAD_CONFIG = "Requested node configuration is not available"
BAD_FEATURE = "Invalid feature specification"
BAD_NODE = "Invalid node name specified"
NO_TASKS_FOR_GPUS = ("Failed to validate job spec. --gpus-per-task used without either --gpus or "
                     "-n/--ntasks is not allowed.")
BAD_GRES = "Invalid generic resource (gres) specification"
UNSUPPORTED_GRES = "Requested GRES option unsupported by configured SelectType plugin"
FEWER_GPUS = "Failed to validate job spec, --gpus < -N"
BAD_JOB_ID = "Invalid job id specified"
BAD_DEPENDENCY = "Job dependency problem"
BAD_ARRAY = "Invalid job array specification"
BAD_TIME_LIMIT = "Requested time limit is invalid (missing or exceeds some limit)"
BAD_TASKS = "More processors requested than permitted"
NOT_IN_PARTITION = "Requested nodes not in this partition"
BAD_TASK_MEMORY = "Memory required by task is not available"
BAD_QOS = "Invalid qos specification"
POLICY = ("Job violates accounting/QOS policy (job submit limit, user's size and/or time "
          "limits)")
BAD_LICENSES = "Invalid license specification"
PARTITION_DOWN = "Required partition not available (inactive or drain)"
NO_PERMISSION = "Access/permission denied"
ALREADY_DONE = "Job/step already completing or completed"
FINISHED = "Job has already finished"
PRIORITY_WILL_CHANGE = "Changes to job priority are not persistent, change nice instead"
JOB_PENDING = "Job is pending execution"
NOT_PENDING = "Job is no longer pending execution"
NOT_REQUEUEABLE = "Requested operation is presently disabled"
MEMORY_SPEC = "Memory specification can not be satisfied"
GROUP_DENIED = "User's group not permitted to use this partition"
NO_DEFAULT_PARTITION = "No partition specified or system default partition"

# lines that slurmstepd leaves in a job's error file
OVER_MEMORY = "StepId={step} exceeded memory limit ({used} > {limit}), being killed"
OVER_MEMORY_NOTE = "Exceeded job memory limit"
JOB_CANCELLED = "*** {what} ON {node} CANCELLED AT {time}{why} ***"

BAD_CONSTRAINTS = "BadConstraints"       # a reason
BAD_RANGE = "_parse_single_range: Invalid range: `{range}'"
BAD_TIME = "Invalid time specification (pos=0): {value}"
FEWER_NODES = ("Warning: can't run {tasks} processes on {nodes} nodes, "
               "setting nnodes to {tasks}")

TOO_MANY_NAMED = ("Required nodelist includes more nodes than permitted by max-node count "
                  "({named} > {most}). Eliminating nodes from the nodelist.")
PLANE_TOO_LARGE = "Too few processes for the requested {plane,node} distribution"
NO_NODES_LISTED = ("With Arbitrary distribution you need to specify a nodelist or hostfile with "
                   "the -w option")
NOT_AS_LISTED = "You asked for {tasks} tasks but hostlist specified {listed} nodes"
DEADLINE_BEFORE_BEGIN = "Incompatible begin and deadline time specification"

# what srun and salloc say first when a job has to wait for more than free nodes
WHY_QUEUED = {
    "PartitionNodeLimit": "Requested partition configuration not available now",
    "PartitionTimeLimit": "Requested partition configuration not available now",
    "PartitionConfig": "Requested partition configuration not available now",
    "PartitionDown": "Partition in DOWN state",
    "JobHeldUser": "Job is in held state, pending scheduler release",
    "ReqNodeNotAvail": "Required node not available (down, drained or reserved)",
}
# what is refused where a job must start at once, and may not yet
NOT_YET = ("JobHeldUser", "JobHeldAdmin", "BeginTime", "Dependency")
BUSY = "Requested nodes are busy"
TIMED_OUT = "Connection timed out"
NO_BINDING = "cluster configuration lacks support for cpu binding"
LOUD_AND_QUIET = "don't specify both --verbose (-v) and --quiet (-Q)"
STEP_BUSY = "Job {job} step creation temporarily disabled, retrying (Requested nodes are busy)"
STEP_CREATED = "Step created for job {job}"
STEP_ABORTED = "Job step aborted: Waiting up to {seconds} seconds for job step to finish."
PER_NODE_IGNORED = (
    "Warning: can't honor --ntasks-per-node set to {each} which doesn't match the requested tasks "
    "{tasks} with the number of requested nodes {nodes}. Ignoring --ntasks-per-node.")
NO_SIGNS = "The +=/-= notation is not supported when updating nodes.  No reservation {done}."
NO_TERMINAL = ("error: ioctl(TIOCGWINSZ): Inappropriate ioctl for device\n"
               "srun: error: Not using a pseudo-terminal, disregarding --pty option")
STILL_HELD = "Job is in held state, pending scheduler release"
REQUEUED_HELD = "job requeued in held state"
UNSUPPORTED = "Requested operation not supported on this system"
BAD_USER = "Invalid user id"
NO_REASON = "You must specify a reason when DOWNING or DRAINING a node"
BAD_NODE_STATE = "Invalid node state specified"
BAD_PARTITION_STATE = "Invalid partition state specified"
BAD_TIME_MIN = "Invalid time-min specification (exceeds job's time or other limits)"
BAD_NICE = "Invalid --nice value"
PACKJOB = ("Warning: the \"packjob\" component separator is being deprecated. Please, use \"hetjob\" "
           "instead.")
NOT_ALONE = "Operation not permitted on individual component of heterogeneous job"
NO_GROUP = ("error: Requested het-group offset exceeds highest hetjob index "
            "({asked} > {last})")
CPU_SPEC = "CPU count per node can not be satisfied"
CORE_SPEC = "Socket, core and/or thread specification can not be satisfied"
DISK_SPEC = "Temporary disk specification can not be satisfied"
NO_CORE_SPEC = ("Ignoring -S since it's not allowed by configuration "
                "(AllowSpecResourcesUsage = No)")
NO_THREAD_SPEC = ("Ignoring --thread-spec since it's not allowed by configuration "
                  "(AllowSpecResourcesUsage = No)")
BAD_BATCH_FEATURE = "Job --batch option is invalid or not a subset of --constraints"
BAD_FREQUENCY = "Invalid accounting frequency requested"
REBOOT_DENIED = "rebooting of nodes is only allowed for admins"
NO_TRES_TO_TASK = ("gres_job_state_validate: --ntasks-per-tres needs either a GRES GPU "
                   "specification or a node/ntask specification")
NO_CLUSTER = "No cluster '{name}' known by database."
UNREACHABLE_CLUSTER = ("'{name}' can't be reached now, or it is an invalid entry for {source}.  "
                       "Use 'sacctmgr list clusters' to see available clusters.")
