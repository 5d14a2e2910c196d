"""The input environment variables of sbatch, salloc and srun: which option each stands for.

Source: sbatch(1), salloc(1), srun(1), section "input environment variables".
"""

# <prefix>_<name> for all three, with the prefixes SBATCH, SALLOC and SLURM (srun).
_COMMON = {
    "ACCOUNT": "account", "ACCTG_FREQ": "acctg-freq", "BURST_BUFFER": "bb",
    "CLUSTERS": "clusters", "CONSTRAINT": "constraint", "CORE_SPEC": "core-spec",
    "CPU_FREQ_REQ": "cpu-freq", "CPUS_PER_GPU": "cpus-per-gpu", "DELAY_BOOT": "delay-boot",
    "EXCLUSIVE": "exclusive", "GPU_BIND": "gpu-bind", "GPU_FREQ": "gpu-freq", "GRES": "gres",
    "GRES_FLAGS": "gres-flags", "HINT": "hint", "MEM_BIND": "mem-bind", "NETWORK": "network",
    "NO_KILL": "no-kill", "OVERCOMMIT": "overcommit", "PARTITION": "partition", "POWER": "power",
    "PROFILE": "profile", "QOS": "qos", "REQ_SWITCH": "switches", "RESERVATION": "reservation",
    "SIGNAL": "signal", "SPREAD_JOB": "spread-job", "THREAD_SPEC": "thread-spec",
    "TIMELIMIT": "time", "USE_MIN_NODES": "use-min-nodes", "WAIT4SWITCH": "switch-wait",
    "WCKEY": "wckey",
}
# What sbatch and salloc read; inside a job the same names with SLURM_ tell about that job.
_JOB = {
    "CONTAINER": "container", "GPUS": "gpus", "GPUS_PER_NODE": "gpus-per-node",
    "GPUS_PER_TASK": "gpus-per-task", "MEM_PER_CPU": "mem-per-cpu", "MEM_PER_GPU": "mem-per-gpu",
    "MEM_PER_NODE": "mem", "THREADS_PER_CORE": "threads-per-core",
    "WAIT_ALL_NODES": "wait-all-nodes", "JOB_NAME": "job-name",
}


def _prefixed(prefix, *tables):
    return {f"{prefix}_{name}": option for table in tables for name, option in table.items()}


SBATCH = {"SLURM_CLUSTERS": "clusters"} | _prefixed("SBATCH", _COMMON, _JOB, {
    "ARRAY_INX": "array", "BATCH": "batch", "DISTRIBUTION": "distribution", "ERROR": "error",
    "EXPORT": "export", "GET_USER_ENV": "get-user-env", "IGNORE_PBS": "ignore-pbs",
    "INPUT": "input", "NO_REQUEUE": "no-requeue", "OPEN_MODE": "open-mode", "OUTPUT": "output",
    "REQUEUE": "requeue", "WAIT": "wait",
})
SALLOC = {"SLURM_CLUSTERS": "clusters"} | _prefixed("SALLOC", _COMMON, _JOB, {
    "BELL": "bell", "IMMEDIATE": "immediate", "KILL_CMD": "kill-command", "NO_BELL": "no-bell",
})
SRUN = _prefixed("SLURM", _COMMON, {
    "BCAST": "bcast", "BCAST_EXCLUDE": "bcast-exclude", "COMPRESS": "compress",
    "CPU_BIND": "cpu-bind", "DEPENDENCY": "dependency", "DISABLE_STATUS": "disable-status",
    "DISTRIBUTION": "distribution",
    "EPILOG": "epilog", "EXACT": "exact", "EXPORT_ENV": "export", "IMMEDIATE": "immediate",
    "KILL_BAD_EXIT": "kill-on-bad-exit", "LABELIO": "label", "MPI_TYPE": "mpi",
    "OPEN_MODE": "open-mode", "OVERLAP": "overlap", "PROLOG": "prolog",
    "REMOTE_CWD": "chdir", "RESV_PORTS": "resv-ports", "SEND_LIBS": "send-libs",
    "STDERRMODE": "error", "STDINMODE": "input", "STDOUTMODE": "output",
    "TASK_EPILOG": "task-epilog", "TASK_PROLOG": "task-prolog", "THREADS": "threads",
    "UNBUFFEREDIO": "unbuffered", "WAIT": "wait", "WORKING_DIR": "chdir",
}) | {"SRUN_CONTAINER": "container", "SRUN_CPUS_PER_TASK": "cpus-per-task",
      "SRUN_EXPORT_ENV": "export"}
