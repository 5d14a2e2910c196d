"""Slurm's error numbers, what each is called and what it means: one row an error.

The number is what slurmctld answers and what `Refused` carries; its text is looked up where a
command prints it (`strerror`, as slurm_strerror).

Source: slurm_errno.h and slurm_errno.c; the rows are those that 22.05.8's slurm_strerror knows.
"""

from .release import CURRENT, as_of

# (symbol := number): text.  What differs between releases is {release: text} (common/release.py):
# {2411: "..."} came with 24.11, {2205: "...", 2411: None} went with it.
TEXTS = {
    (SLURM_SUCCESS := 0): "No error",
    (SLURM_ERROR := -1): "Unspecified error",

    # messages between commands and daemons
    (SLURM_UNEXPECTED_MSG_ERROR := 1000): "Unexpected message received",
    (SLURM_COMMUNICATIONS_CONNECTION_ERROR := 1001): "Communication connection failure",
    (SLURM_COMMUNICATIONS_SEND_ERROR := 1002): "Message send failure",
    (SLURM_COMMUNICATIONS_RECEIVE_ERROR := 1003): "Message receive failure",
    (SLURM_COMMUNICATIONS_SHUTDOWN_ERROR := 1004): "Communication shutdown failure",
    (SLURM_PROTOCOL_VERSION_ERROR := 1005): "Incompatible versions of client and server code",
    (SLURM_PROTOCOL_IO_STREAM_VERSION_ERROR := 1006): "I/O stream version number error",
    (SLURM_PROTOCOL_AUTHENTICATION_ERROR := 1007): "Protocol authentication error",
    (SLURM_PROTOCOL_INSANE_MSG_LENGTH := 1008): "Insane message length",
    (SLURM_MPI_PLUGIN_NAME_INVALID := 1009): "Invalid MPI plugin name",
    (SLURM_MPI_PLUGIN_PRELAUNCH_SETUP_FAILED := 1010): "MPI plugin's pre-launch setup failed",
    (SLURM_PLUGIN_NAME_INVALID := 1011): "Plugin initialization failed",
    (SLURM_UNKNOWN_FORWARD_ADDR := 1012): "Can't find an address, check slurm.conf",
    (SLURM_COMMUNICATIONS_MISSING_SOCKET_ERROR := 1013): "Unexpected missing socket error",

    # commands and slurmctld
    (SLURMCTLD_COMMUNICATIONS_CONNECTION_ERROR := 1800):
        "Unable to contact slurm controller (connect failure)",
    (SLURMCTLD_COMMUNICATIONS_SEND_ERROR := 1801):
        "Unable to contact slurm controller (send failure)",
    (SLURMCTLD_COMMUNICATIONS_RECEIVE_ERROR := 1802):
        "Unable to contact slurm controller (receive failure)",
    (SLURMCTLD_COMMUNICATIONS_SHUTDOWN_ERROR := 1803):
        "Unable to contact slurm controller (shutdown failure)",
    (SLURM_NO_CHANGE_IN_DATA := 1900): "Data has not changed since time specified",

    # what slurmctld refuses
    (ESLURM_INVALID_PARTITION_NAME := 2000): "Invalid partition name specified",
    (ESLURM_DEFAULT_PARTITION_NOT_SET := 2001):
        "No partition specified or system default partition",
    (ESLURM_ACCESS_DENIED := 2002): "Access/permission denied",
    (ESLURM_JOB_MISSING_REQUIRED_PARTITION_GROUP := 2003):
        "User's group not permitted to use this partition",
    (ESLURM_REQUESTED_NODES_NOT_IN_PARTITION := 2004): "Requested nodes not in this partition",
    (ESLURM_TOO_MANY_REQUESTED_CPUS := 2005): "More processors requested than permitted",
    (ESLURM_INVALID_NODE_COUNT := 2006): "Node count specification invalid",
    (ESLURM_ERROR_ON_DESC_TO_RECORD_COPY := 2007): "Unable to create job record, try again",
    (ESLURM_JOB_MISSING_SIZE_SPECIFICATION := 2008): "Job size specification needs to be provided",
    (ESLURM_JOB_SCRIPT_MISSING := 2009): "Job script not specified",
    (ESLURM_USER_ID_MISSING := 2010): "Invalid user id",
    (ESLURM_DUPLICATE_JOB_ID := 2011): "Duplicate job id",
    (ESLURM_PATHNAME_TOO_LONG := 2012): "Pathname of a file, directory or other parameter too long",
    (ESLURM_NOT_TOP_PRIORITY := 2013): "Immediate execution impossible, insufficient priority",
    (ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE := 2014):
        "Requested node configuration is not available",
    (ESLURM_REQUESTED_PART_CONFIG_UNAVAILABLE := 2015):
        "Requested partition configuration not available now",
    (ESLURM_NODES_BUSY := 2016): "Requested nodes are busy",
    (ESLURM_INVALID_JOB_ID := 2017): "Invalid job id specified",
    (ESLURM_INVALID_NODE_NAME := 2018): "Invalid node name specified",
    (ESLURM_WRITING_TO_FILE := 2019): "I/O error writing script/environment to file",
    (ESLURM_TRANSITION_STATE_NO_UPDATE := 2020): "Job can not be altered now, try again later",
    (ESLURM_ALREADY_DONE := 2021): "Job/step already completing or completed",
    (ESLURM_INTERCONNECT_FAILURE := 2022): "Error configuring interconnect",
    (ESLURM_BAD_DIST := 2023): "Task distribution specification invalid",
    (ESLURM_JOB_PENDING := 2024): "Job is pending execution",
    (ESLURM_BAD_TASK_COUNT := 2025): "Task count specification invalid",
    (ESLURM_INVALID_JOB_CREDENTIAL := 2026): "Error generating job credential",
    (ESLURM_IN_STANDBY_MODE := 2027): "Slurm backup controller in standby mode",
    (ESLURM_INVALID_NODE_STATE := 2028): "Invalid node state specified",
    (ESLURM_INVALID_FEATURE := 2029): "Invalid feature specification",
    (ESLURM_INVALID_AUTHTYPE_CHANGE := 2030):
        "AuthType change requires restart of all Slurm daemons and commands to take effect",
    (ESLURM_ACTIVE_FEATURE_NOT_SUBSET := 2031): "Active features not subset of available features",
    (ESLURM_INVALID_SCHEDTYPE_CHANGE := 2032):
        "SchedulerType change requires restart of the slurmctld daemon to take effect",
    (ESLURM_INVALID_SELECTTYPE_CHANGE := 2033):
        "SelectType change requires restart of the slurmctld daemon to take effect",
    (ESLURM_INVALID_SWITCHTYPE_CHANGE := 2034):
        "SwitchType change requires restart of all Slurm daemons and jobs to take effect",
    (ESLURM_FRAGMENTATION := 2035):
        "Immediate execution impossible, resources too fragmented for allocation",
    (ESLURM_NOT_SUPPORTED := 2036): "Requested operation not supported on this system",
    (ESLURM_DISABLED := 2037): "Requested operation is presently disabled",
    (ESLURM_DEPENDENCY := 2038): "Job dependency problem",
    (ESLURM_BATCH_ONLY := 2039): "Only batch jobs are accepted or processed",
    (ESLURM_TASKDIST_ARBITRARY_UNSUPPORTED := 2040):
        "Current SwitchType does not permit arbitrary task distribution",
    (ESLURM_TASKDIST_REQUIRES_OVERCOMMIT := 2041): "Requested more tasks than available processors",
    (ESLURM_JOB_HELD := 2042): "Job is in held state, pending scheduler release",
    (ESLURM_INVALID_CRED_TYPE_CHANGE := 2043):
        "CredType change requires restart of all Slurm daemons to take effect",
    (ESLURM_INVALID_TASK_MEMORY := 2044): "Memory required by task is not available",
    (ESLURM_INVALID_ACCOUNT := 2045): "Invalid account or account/partition combination specified",
    (ESLURM_INVALID_PARENT_ACCOUNT := 2046): "Invalid parent account specified",
    (ESLURM_SAME_PARENT_ACCOUNT := 2047): "Account already child of parent account specified",
    (ESLURM_INVALID_LICENSES := 2048): "Invalid license specification",
    (ESLURM_NEED_RESTART := 2049):
        "The node configuration changes that were made require restart of the slurmctld daemon to"
        " take effect",
    (ESLURM_ACCOUNTING_POLICY := 2050):
        "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
    (ESLURM_INVALID_TIME_LIMIT := 2051):
        "Requested time limit is invalid (missing or exceeds some limit)",
    (ESLURM_RESERVATION_ACCESS := 2052): "Access denied to requested reservation",
    (ESLURM_RESERVATION_INVALID := 2053): "Requested reservation is invalid",
    (ESLURM_INVALID_TIME_VALUE := 2054): "Invalid time specified",
    (ESLURM_RESERVATION_BUSY := 2055): "Requested reservation is in use",
    (ESLURM_RESERVATION_NOT_USABLE := 2056): "Requested reservation not usable now",
    (ESLURM_INVALID_WCKEY := 2057): "Invalid wckey specification",
    (ESLURM_RESERVATION_OVERLAP := 2058): "Requested reservation overlaps with another reservation",
    (ESLURM_PORTS_BUSY := 2059): "Required ports are in use",
    (ESLURM_PORTS_INVALID := 2060): "Requires more ports than can be reserved",
    (ESLURM_PROLOG_RUNNING := 2061): "PrologSlurmctld is still running",
    (ESLURM_NO_STEPS := 2062): "Job steps can not be run on this cluster",
    (ESLURM_INVALID_BLOCK_STATE := 2063): "Invalid block state specified",
    (ESLURM_INVALID_BLOCK_LAYOUT := 2064):
        "Functionality not available with current block layout mode",
    (ESLURM_INVALID_BLOCK_NAME := 2065): "Invalid block name specified",
    (ESLURM_INVALID_QOS := 2066): "Invalid qos specification",
    (ESLURM_QOS_PREEMPTION_LOOP := 2067): "QOS Preemption loop detected",
    (ESLURM_NODE_NOT_AVAIL := 2068): "Required node not available (down, drained or reserved)",
    (ESLURM_INVALID_CPU_COUNT := 2069): "CPU count specification invalid",
    (ESLURM_PARTITION_NOT_AVAIL := 2070): "Required partition not available (inactive or drain)",
    (ESLURM_CIRCULAR_DEPENDENCY := 2071): "Circular job dependency",
    (ESLURM_INVALID_GRES := 2072): "Invalid generic resource (gres) specification",
    (ESLURM_JOB_NOT_PENDING := 2073): "Job is no longer pending execution",
    (ESLURM_QOS_THRES := 2074): "Requested account has breached requested QOS usage threshold",
    (ESLURM_PARTITION_IN_USE := 2075): "Partition is in use",
    (ESLURM_STEP_LIMIT := 2076): "Step limit reached for this job",
    (ESLURM_JOB_SUSPENDED := 2077): "Job is current suspended, requested operation disabled",
    (ESLURM_CAN_NOT_START_IMMEDIATELY := 2078): "Job can not start immediately",
    (ESLURM_INTERCONNECT_BUSY := 2079): "Switch resources currently not available",
    (ESLURM_RESERVATION_EMPTY := 2080): "Reservation request lacks users, groups or accounts",
    (ESLURM_INVALID_ARRAY := 2081): "Invalid job array specification",
    (ESLURM_RESERVATION_NAME_DUP := 2082): "Duplicate reservation name",
    (ESLURM_JOB_STARTED := 2083): "Job has already started",
    (ESLURM_JOB_FINISHED := 2084): "Job has already finished",
    (ESLURM_JOB_NOT_RUNNING := 2085): "Job is not running",
    (ESLURM_JOB_NOT_PENDING_NOR_RUNNING := 2086): "Job is not pending nor running",
    (ESLURM_JOB_NOT_SUSPENDED := 2087): "Job is not suspended",
    (ESLURM_JOB_NOT_FINISHED := 2088): "Job is not finished",
    (ESLURM_TRIGGER_DUP := 2089): "Duplicate event trigger",
    (ESLURM_INTERNAL := 2090): "Slurm internal error, contact system administrator",
    (ESLURM_INVALID_BURST_BUFFER_CHANGE := 2091):
        "BurstBufferType change requires restart of slurmctld daemon to take effect",
    (ESLURM_BURST_BUFFER_PERMISSION := 2092): "Burst Buffer permission denied",
    (ESLURM_BURST_BUFFER_LIMIT := 2093): "Burst Buffer resource limit exceeded",
    (ESLURM_INVALID_BURST_BUFFER_REQUEST := 2094): "Burst Buffer request invalid",
    (ESLURM_PRIO_RESET_FAIL := 2095):
        "Changes to job priority are not persistent, change nice instead",
    (ESLURM_CANNOT_MODIFY_CRON_JOB := 2096): "Cannot modify scrontab jobs through scontrol",
    (ESLURM_INVALID_MCS_LABEL := 2099): "Invalid mcs_label specified",
    (ESLURM_BURST_BUFFER_WAIT := 2100): "Waiting for burst buffer",
    (ESLURM_PARTITION_DOWN := 2101): "Partition in DOWN state",
    (ESLURM_DUPLICATE_GRES := 2102): "Duplicate generic resource (gres) specification",
    (ESLURM_JOB_SETTING_DB_INX := 2103):
        "Job update not available right now, the DB index is being set, try again in a bit",
    (ESLURM_RSV_ALREADY_STARTED := 2104): "Reservation already started",
    (ESLURM_SUBMISSIONS_DISABLED := 2105): "System submissions disabled",
    (ESLURM_NOT_HET_JOB := 2106): "Job not heterogeneous job",
    (ESLURM_NOT_HET_JOB_LEADER := 2107): "Job not heterogeneous job leader",
    (ESLURM_NOT_WHOLE_HET_JOB := 2108):
        "Operation not permitted on individual component of heterogeneous job",
    (ESLURM_CORE_RESERVATION_UPDATE := 2109): "Core-based reservation can not be updated",
    (ESLURM_DUPLICATE_STEP_ID := 2110): "Duplicate job step id",
    (ESLURM_INVALID_CORE_CNT := 2111): "Core count for reservation node list is not consistent!",
    (ESLURM_X11_NOT_AVAIL := 2112): "X11 forwarding not available",
    (ESLURM_GROUP_ID_MISSING := 2113): "Invalid group id",
    (ESLURM_BATCH_CONSTRAINT := 2114):
        "Job --batch option is invalid or not a subset of --constraints",
    (ESLURM_INVALID_TRES := 2115): "Invalid Trackable RESource (TRES) specification",
    (ESLURM_INVALID_TRES_BILLING_WEIGHTS := 2116): "Invalid TRESBillingWeights specification",
    (ESLURM_INVALID_JOB_DEFAULTS := 2117): "Invalid JobDefaults specification",
    (ESLURM_RESERVATION_MAINT := 2118): "Job can not start due to maintenance reservation.",
    (ESLURM_INVALID_GRES_TYPE := 2119):
        "Invalid GRES specification (with and without type identification)",
    (ESLURM_REBOOT_IN_PROGRESS := 2120): "Reboot already in progress",
    (ESLURM_MULTI_KNL_CONSTRAINT := 2121):
        "Multiple KNL NUMA and/or MCDRAM constraints require use of a heterogeneous job",
    (ESLURM_UNSUPPORTED_GRES := 2122):
        "Requested GRES option unsupported by configured SelectType plugin",
    (ESLURM_INVALID_NICE := 2123): "Invalid --nice value",
    (ESLURM_INVALID_TIME_MIN_LIMIT := 2124):
        "Invalid time-min specification (exceeds job's time or other limits)",
    (ESLURM_DEFER := 2125):
        "Immediate execution impossible. Individual job submission scheduling attempts deferred",
    (ESLURM_CONFIGLESS_DISABLED := 2126): "ConfigLess mode is disabled in slurm configuration.",
    (ESLURM_ENVIRONMENT_MISSING := 2127): "Environment is missing in job",
    (ESLURM_RESERVATION_NO_SKIP := 2128): "Reservation given is not skipable, try deleting instead",
    (ESLURM_RESERVATION_USER_GROUP := 2129):
        "Reservations can't have users and groups specified, only one or the other",
    (ESLURM_PARTITION_ASSOC := 2130):
        "Multiple partition job request not supported when a partition is set in the association",
    (ESLURM_IN_STANDBY_USE_BACKUP := 2131):
        "Controller is in standby mode, try a different controller",
    (ESLURM_BAD_THREAD_PER_CORE := 2132):
        "Cannot request more threads per core than the job allocation",
    (ESLURM_INVALID_PREFER := 2133): "Invalid preferred feature specification",
    (ESLURM_INSUFFICIENT_GRES := 2134): "Insufficient GRES available in allocation",

    # SPANK
    (ESPANK_ERROR := 3000): "Generic error",
    (ESPANK_BAD_ARG := 3001): "Bad argument",
    (ESPANK_NOT_TASK := 3002): "Not in task context",
    (ESPANK_ENV_EXISTS := 3003): "Environment variable exists",
    (ESPANK_ENV_NOEXIST := 3004): "No such environment variable",
    (ESPANK_NOSPACE := 3005): "Buffer too small",
    (ESPANK_NOT_REMOTE := 3006): "Valid only in remote context",
    (ESPANK_NOEXIST := 3007): "Id/PID does not exist on this node",
    (ESPANK_NOT_EXECD := 3008): "Lookup by PID requested, but no tasks running",
    (ESPANK_NOT_AVAIL := 3009): "Item not available from this callback",
    (ESPANK_NOT_LOCAL := 3010): "Valid only in local or allocator context",

    # slurmd
    (ESLURMD_PIPE_ERROR_ON_TASK_SPAWN := 4000): "Pipe error on task spawn",
    (ESLURMD_KILL_TASK_FAILED := 4001): "Kill task failed",
    (ESLURMD_INVALID_ACCT_FREQ := 4003): "Invalid accounting frequency requested",
    (ESLURMD_INVALID_JOB_CREDENTIAL := 4004): "Invalid job credential",
    (ESLURMD_UID_NOT_FOUND := 4005): "User not found on host",
    (ESLURMD_GID_NOT_FOUND := 4006): "Group ID not found on host",
    (ESLURMD_CREDENTIAL_EXPIRED := 4007): "Job credential expired",
    (ESLURMD_CREDENTIAL_REVOKED := 4008): "Job credential revoked",
    (ESLURMD_CREDENTIAL_REPLAYED := 4009): "Job credential replayed",
    (ESLURMD_CREATE_BATCH_DIR_ERROR := 4010): "Slurmd could not create a batch directory or file",
    (ESLURMD_MODIFY_BATCH_DIR_ERROR := 4011): "Slurmd could not chown or chmod a batch directory",
    (ESLURMD_CREATE_BATCH_SCRIPT_ERROR := 4012): "Slurmd could not create a batch script",
    (ESLURMD_MODIFY_BATCH_SCRIPT_ERROR := 4013): "Slurmd could not chown or chmod a batch script",
    (ESLURMD_SETUP_ENVIRONMENT_ERROR := 4014): "Slurmd could not set up environment for batch job",
    (ESLURMD_SHARED_MEMORY_ERROR := 4015): "Slurmd shared memory error",
    (ESLURMD_SET_UID_OR_GID_ERROR := 4016): "Slurmd could not set UID or GID",
    (ESLURMD_SET_SID_ERROR := 4017): "Slurmd could not set session ID",
    (ESLURMD_CANNOT_SPAWN_IO_THREAD := 4018): "Slurmd could not spawn I/O thread",
    (ESLURMD_FORK_FAILED := 4019): "Slurmd could not fork job",
    (ESLURMD_EXECVE_FAILED := 4020): "Slurmd could not execve job",
    (ESLURMD_IO_ERROR := 4021): "Slurmd could not connect IO",
    (ESLURMD_PROLOG_FAILED := 4022): "Job prolog failed",
    (ESLURMD_EPILOG_FAILED := 4023): "Job epilog failed",
    (ESLURMD_SESSION_KILLED := 4024): "Session manager killed",
    (ESLURMD_TOOMANYSTEPS := 4025): "Too many job steps on node",
    (ESLURMD_STEP_EXISTS := 4026): "Job step already exists",
    (ESLURMD_JOB_NOTRUNNING := 4027): "Job step not running",
    (ESLURMD_STEP_SUSPENDED := 4028): "Job step is suspended",
    (ESLURMD_STEP_NOTSUSPENDED := 4029): "Job step is not currently suspended",
    (ESLURMD_INVALID_SOCKET_NAME_LEN := 4030): "Unix socket name exceeded maximum length",
    (ESLURMD_CONTAINER_RUNTIME_INVALID := 4031): "Container runtime not configured or invalid",
    (ESLURMD_CPU_BIND_ERROR := 4032): "Unable to satisfy cpu bind request",
    (ESLURMD_CPU_LAYOUT_ERROR := 4033): "Unable to layout tasks on given cpus",
    (ESCRIPT_CHDIR_FAILED := 4100): "unable to change directory to work directory",
    (ESCRIPT_OPEN_OUTPUT_FAILED := 4101): "could not open output file",
    (ESCRIPT_NON_ZERO_RETURN := 4102): "Script terminated with non-zero exit code",

    # sockets
    (SLURM_PROTOCOL_SOCKET_IMPL_ZERO_RECV_LENGTH := 5000): "Received zero length message",
    (SLURM_PROTOCOL_SOCKET_IMPL_NEGATIVE_RECV_LENGTH := 5001): "Received message length < 0",
    (SLURM_PROTOCOL_SOCKET_IMPL_NOT_ALL_DATA_SENT := 5002): "Failed to send entire message",
    (ESLURM_PROTOCOL_INCOMPLETE_PACKET := 5003): "Header lengths are longer than data received",
    (SLURM_PROTOCOL_SOCKET_IMPL_TIMEOUT := 5004): "Socket timed out on send/recv operation",
    (SLURM_PROTOCOL_SOCKET_ZERO_BYTES_SENT := 5005): "Zero Bytes were transmitted or received",

    # authentication
    (ESLURM_AUTH_CRED_INVALID := 6000): "Invalid authentication credential",
    (ESLURM_AUTH_FOPEN_ERROR := 6001): "Failed to open authentication public key",
    (ESLURM_AUTH_NET_ERROR := 6002): "Failed to connect to authentication agent",
    (ESLURM_AUTH_BADARG := 6004): "Bad argument to plugin function",
    (ESLURM_AUTH_MEMORY := 6005): "Memory management error",
    (ESLURM_AUTH_INVALID := 6006): "Authentication credential invalid",
    (ESLURM_AUTH_UNPACK := 6007): "Cannot unpack credential",
    (ESLURM_AUTH_SKIP := 6008): "Authentication does not apply to request",

    # accounting
    (ESLURM_DB_CONNECTION := 7000): "Unable to connect to database",
    (ESLURM_JOBS_RUNNING_ON_ASSOC := 7001): "Job(s) active, cancel job(s) before remove",
    (ESLURM_CLUSTER_DELETED := 7002): "Cluster deleted, commit/rollback immediately",
    (ESLURM_ONE_CHANGE := 7003): "Can only change one at a time",
    (ESLURM_BAD_NAME := 7004): "Unacceptable name given. (No '.' in name allowed)",
    (ESLURM_OVER_ALLOCATE := 7005): "You can not allocate more than 100% of a resource",
    (ESLURM_RESULT_TOO_LARGE := 7006): "Query result exceeds size limit",
    (ESLURM_DB_QUERY_TOO_WIDE := 7007): "Too wide of a date range in query",
    (ESLURM_DB_CONNECTION_INVALID := 7008): "Database connection reference is invalid",
    (ESLURM_NO_REMOVE_DEFAULT_ACCOUNT := 7009): "You can not remove the default account of a user",

    # federations
    (ESLURM_FED_CLUSTER_MAX_CNT := 7100): "Too many clusters in federation",
    (ESLURM_FED_CLUSTER_MULTIPLE_ASSIGNMENT := 7101):
        "Clusters can only be assigned to one federation",
    (ESLURM_INVALID_CLUSTER_FEATURE := 7102): "Invalid cluster feature specification",
    (ESLURM_JOB_NOT_FEDERATED := 7103): "Not a valid federated job",
    (ESLURM_INVALID_CLUSTER_NAME := 7104): "Invalid cluster name",
    (ESLURM_FED_JOB_LOCK := 7105): "Job locked by another sibling",
    (ESLURM_FED_NO_VALID_CLUSTERS := 7106): "No eligible clusters for federated job",

    # plug-ins and sites' own
    (ESLURM_MISSING_TIME_LIMIT := 8000): "Time limit specification required, but not provided",
    (ESLURM_INVALID_KNL := 8001): "Invalid KNL configuration (MCDRAM or NUMA option)",
    (ESLURM_PLUGIN_INVALID := 8002): "Plugin has invalid format or unable to be loaded",
    (ESLURM_PLUGIN_INCOMPLETE := 8003): "Plugin missing required symbol or function",

    # REST
    (ESLURM_REST_INVALID_QUERY := 9000): "Query empty or not RFC7320 compliant",
    (ESLURM_REST_FAIL_PARSING := 9001): "Failure during parsing",
    (ESLURM_REST_INVALID_JOBS_DESC := 9002):
        "Jobs description entry not found, empty or not dictionary or list",
    (ESLURM_REST_EMPTY_RESULT := 9003): "Nothing found with query",

    # data_t
    (ESLURM_DATA_PATH_NOT_FOUND := 9200): "Unable to resolve path",
    (ESLURM_DATA_PTR_NULL := 9201): "Data pointer is NULL",
    (ESLURM_DATA_CONV_FAILED := 9202): "Unable to convert Data type",
    (ESLURM_DATA_REGEX_COMPILE := 9203): "Unable to compile regex",
    (ESLURM_DATA_UNKNOWN_MIME_TYPE := 9204): "MIME type is unknown to any loaded plugins",
    (ESLURM_DATA_TOO_LARGE := 9205): "DATA too large to handle",

    # containers
    (ESLURM_CONTAINER_NOT_CONFIGURED := 10000): "Container support is not configured",
}


def strerror(number: int, release: int = CURRENT) -> str:
    """The text of an error's number as that release of Slurm has it; of what Slurm does not know,
    as the system's errors below 1000, the system's."""
    text: "str | None" = as_of(TEXTS.get(number), release)
    if text is None:
        import os
        return os.strerror(number)
    return text


class Refused(Exception):
    """A verb that slurmctld refuses.

    errno   the error's number, of the table above
    before  a line that Slurm writes before the error's text; "" for none
    job_id  the id that the refused job used up, entered by who gives ids (Controller.submit,
            het_job.submit); None where none was
    """

    job_id: "int | None" = None

    def __init__(self, errno: int, before: str = "") -> None:
        super().__init__(errno)
        self.errno, self.before = errno, before

    def says(self, release: int = CURRENT) -> str:
        """The text that a command of that release prints."""
        return strerror(self.errno, release)

    @property
    def text(self) -> str:
        """The same in the words of the release that the mock speaks."""
        return self.says()

    def __str__(self) -> str:
        return self.text


class RefusedWithId(Refused):
    """The job has its id already when the mistake is found: the next job gets another (job_mgr.c,
    _job_create: the record is made before these checks)."""


class FailedJob(RefusedWithId):
    """And it stays known, as a job that failed (job_mgr.fail_at_once)."""


class RefusedInWords(Refused):
    """Refused in words that no number has: what the mock alone refuses, or slurmctld does not look
    at.  words: the text."""

    def __init__(self, words: str) -> None:
        super().__init__(SLURM_ERROR)
        self.words = words

    def says(self, release: int = CURRENT) -> str:
        return self.words
