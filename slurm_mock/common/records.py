"""The records that the whole mock speaks of: jobs, steps, nodes, partitions, reservations.

A record is a plain object with named fields and nothing else.  The same field
list makes the table in the store, so a record and its row cannot drift apart.
Times are whole seconds since the epoch on the cluster's clock (0: not set),
time limits are minutes, memory is MiB, as in Slurm itself.
"""

INFINITE = -1          # a limit that is not there ("UNLIMITED"); in a job's time_limit: none is said
UNLIMITED = -2         # in a job's time_limit: it asks to have none
FOREVER = 1 << 30      # minutes, longer than any limit
NOT_SET = None         # an option that was not given

# Job states, with the short code that squeue prints (job_state_string in Slurm).
STATE_CODES = {
    "PENDING": "PD", "RUNNING": "R", "SUSPENDED": "S", "COMPLETED": "CD",
    "CANCELLED": "CA", "FAILED": "F", "TIMEOUT": "TO", "NODE_FAIL": "NF",
    "PREEMPTED": "PR", "BOOT_FAIL": "BF", "DEADLINE": "DL",
    "OUT_OF_MEMORY": "OOM", "COMPLETING": "CG", "CONFIGURING": "CF",
    "REQUEUED": "RQ", "REQUEUE_HOLD": "RH", "REQUEUE_FED": "RF",
    "RESIZING": "RS", "REVOKED": "RV", "SIGNALING": "SI",
    "SPECIAL_EXIT": "SE", "STAGE_OUT": "SO", "STOPPED": "ST",
}

# A job's phase: where the controller keeps it.  squeue and scontrol know the
# first three, sacct all of them.
PENDING, ACTIVE, ENDED, PURGED = 0, 1, 2, 3

# Steps that are not started by srun carry these ids (slurm.h).
STEP_BATCH, STEP_EXTERN, STEP_INTERACTIVE = -5, -4, -6
STEP_NAMES = {STEP_BATCH: "batch", STEP_EXTERN: "extern", STEP_INTERACTIVE: "interactive"}

# Why a job that no node can ever serve has failed (its reason).
BAD_CONSTRAINTS = "BadConstraints"

# What starts a job's processes.
BATCH, ALLOC, SIMULATED = "batch", "alloc", "simulated"


def record(name, table, fields):
    """Make a record class.

    `fields` is a list of (field, SQL column type, default).  The class has the
    fields as slots, a keyword constructor, and `row()`/`from_row()` in that order.
    """
    names = tuple(f for f, _, _ in fields)
    defaults = {f: d for f, _, d in fields}

    class Record:
        __slots__ = names

        def __init__(self, **values):
            for field in names:
                setattr(self, field, values.pop(field, defaults[field]))
            if values:
                raise TypeError(f"{name} has no field {', '.join(values)}")

        def row(self):
            return tuple([getattr(self, field) for field in names])

        @classmethod
        def from_row(cls, row):
            self = cls.__new__(cls)
            for field, value in zip(names, row):
                setattr(self, field, value)
            return self

        def copy(self, **changes):
            twin = type(self).from_row(self.row())
            for field, value in changes.items():
                setattr(twin, field, value)
            return twin

        def __repr__(self):
            return f"<{name} {getattr(self, names[0])}>"

    Record.__name__ = Record.__qualname__ = name
    Record.table, Record.fields = table, fields
    Record.columns = names
    return Record


# The id that Debian's packages give the user slurm.  A cluster has that user, though a laptop that plays it has not.
SLURM_UID = 64030


Job = record("Job", "jobs", [
    ("id", "INTEGER PRIMARY KEY", None),
    ("phase", "INTEGER NOT NULL", PENDING),
    ("kind", "TEXT NOT NULL", BATCH),
    ("state", "TEXT NOT NULL", "PENDING"),
    ("final", "TEXT", ""),                   # what a COMPLETING job will end as
    ("reason", "TEXT NOT NULL", "None"),
    ("priority", "INTEGER NOT NULL", 0),     # 0: held
    ("direct_priority", "INTEGER", 0),       # 1: somebody gave it, it is not computed
    ("name", "TEXT", ""),
    ("user", "TEXT", ""), ("uid", "INTEGER", 0),
    ("group_name", "TEXT", ""), ("gid", "INTEGER", 0),
    ("account", "TEXT", ""), ("qos", "TEXT", "normal"), ("wckey", "TEXT", ""),
    ("qos_given", "INTEGER", 0),
    ("assoc_id", "INTEGER", 0),              # see slurmdbd/assoc_mgr.py
    ("partition", "TEXT", ""),               # as asked: may be a list until it starts
    ("reservation", "TEXT", ""),
    # arrays: a pending record stands for all tasks in array_tasks; a task that
    # starts is split off with an id of its own, as slurmctld does
    ("array_id", "INTEGER", 0), ("array_task", "INTEGER", None),
    ("array_tasks", "TEXT", ""), ("array_limit", "INTEGER", 0),
    ("array_count", "INTEGER", 0), ("array_min", "INTEGER", 0),
    ("array_max", "INTEGER", 0), ("array_step", "INTEGER", 1),
    # heterogeneous jobs: id of the leader, this component's number
    ("het_id", "INTEGER", 0), ("het_offset", "INTEGER", None), ("het_set", "TEXT", ""),
    # times
    ("submit_time", "INTEGER", 0), ("eligible_time", "INTEGER", 0),
    ("begin_time", "INTEGER", 0), ("accrue_time", "INTEGER", 0),
    ("start_time", "INTEGER", 0), ("end_time", "INTEGER", 0),
    ("suspend_time", "INTEGER", 0), ("pre_suspend", "INTEGER", 0),   # seconds run before
    ("deadline", "INTEGER", 0), ("expected_start", "INTEGER", 0),
    ("last_sched_eval", "INTEGER", 0), ("preempt_time", "INTEGER", 0),
    ("time_limit", "INTEGER", INFINITE),     # minutes
    ("time_min", "INTEGER", 0),
    # what is asked for (None: not said)
    ("min_nodes", "INTEGER", 1), ("max_nodes", "INTEGER", 0), ("nodes_given", "INTEGER", 0),
    ("ntasks", "INTEGER", 1), ("ntasks_given", "INTEGER", 0),
    ("cpus_per_task", "INTEGER", 1), ("cpus_per_task_given", "INTEGER", 0),
    ("ntasks_per_node", "INTEGER", 0), ("ntasks_per_socket", "INTEGER", 0),
    ("ntasks_per_core", "INTEGER", 0), ("min_cpus_node", "INTEGER", 1),
    ("sockets_per_node", "INTEGER", None), ("cores_per_socket", "INTEGER", None),
    ("threads_per_core", "INTEGER", None), ("core_spec", "INTEGER", None),
    ("mem_per_node", "INTEGER", None), ("mem_per_cpu", "INTEGER", None),
    ("mem_per_gpu", "INTEGER", None), ("min_tmp_disk", "INTEGER", 0),
    ("gres", "TEXT", ""),                    # per node: gpu:K80:2
    ("tres_per_job", "TEXT", ""), ("tres_per_node", "TEXT", ""),
    ("tres_per_socket", "TEXT", ""), ("tres_per_task", "TEXT", ""),
    ("cpus_per_gpu", "INTEGER", None),
    ("licenses", "TEXT", ""), ("features", "TEXT", ""), ("prefer", "TEXT", ""),
    ("req_nodes", "TEXT", ""), ("exc_nodes", "TEXT", ""),
    ("exclusive", "TEXT", ""),               # "", exclusive, user, mcs, shared
    ("overcommit", "INTEGER", 0), ("contiguous", "INTEGER", 0),
    ("switches", "INTEGER", 0), ("switch_wait", "INTEGER", -1), ("delay_boot", "INTEGER", 0),
    ("ntasks_per_tres", "INTEGER", 0), ("gpus_implied", "INTEGER", 0),
    ("acctg_freq", "INTEGER", 0),
    ("container", "TEXT", ""), ("batch_features", "TEXT", ""), ("spread_job", "INTEGER", 0),
    ("use_min_nodes", "INTEGER", 0),
    ("cpu_freq", "TEXT", ""), ("gpu_freq", "TEXT", ""), ("gpu_bind", "TEXT", ""),
    ("gres_binding", "TEXT", ""),            # "", Yes, No (--gres-flags)
    ("nice", "INTEGER", 0), ("network", "TEXT", ""),
    ("distribution", "TEXT", ""), ("hint", "TEXT", ""), ("power", "TEXT", ""),
    ("dependency", "TEXT", ""), ("kill_invalid_dep", "TEXT", ""),
    ("hold", "TEXT", ""),                    # "", user, admin
    ("requeue", "INTEGER", 1), ("restarts", "INTEGER", 0), ("reboot", "INTEGER", 0),
    ("batch_flag", "INTEGER", 1),
    ("signal", "TEXT", ""), ("warn_time", "INTEGER", 0),   # --signal, and when
    ("over_time", "INTEGER", 0),             # seconds that it may run beyond its limit
    ("mail_time", "INTEGER", 0),             # when a part of the time limit is to be told of
    ("mail_type", "TEXT", ""), ("mail_user", "TEXT", ""),
    ("comment", "TEXT", ""), ("admin_comment", "TEXT", ""), ("system_comment", "TEXT", ""),
    ("cluster_features", "TEXT", ""), ("burst_buffer", "TEXT", ""),
    # the program
    ("command", "TEXT", ""), ("work_dir", "TEXT", ""),
    ("std_in", "TEXT", "/dev/null"), ("std_out", "TEXT", ""), ("std_err", "TEXT", ""),
    ("open_mode", "TEXT", ""), ("submit_line", "TEXT", ""), ("submit_host", "TEXT", ""),
    ("alloc_node", "TEXT", ""), ("alloc_sid", "INTEGER", 0),
    ("export", "TEXT", ""),
    # what it got
    ("nodelist", "TEXT", ""),                # folded
    ("alloc", "TEXT", ""),                   # what it has of each node, see pack_alloc
    ("num_nodes", "INTEGER", 0), ("num_cpus", "INTEGER", 0), ("alloc_tres", "TEXT", ""),
    ("batch_host", "TEXT", ""), ("sched_nodes", "TEXT", ""),
    ("exit_code", "INTEGER", 0),             # a wait status: code << 8 | signal
    ("derived_ec", "INTEGER", 0), ("failed_node", "TEXT", ""),
    ("cancelled_by", "INTEGER", None),       # uid
    ("next_step", "INTEGER", 0),
    # between controller and supervisor
    ("launched", "INTEGER", 0),              # 1: a supervisor has begun to run the script
    ("kill_time", "INTEGER", 0),             # COMPLETING: when SIGKILL follows SIGTERM
    ("sim_seconds", "INTEGER", 0),           # simulated: how long it will run
])


Step = record("Step", "steps", [
    ("job_id", "INTEGER NOT NULL", 0), ("step_id", "INTEGER NOT NULL", 0),
    ("name", "TEXT", ""), ("state", "TEXT", "RUNNING"),
    ("start_time", "INTEGER", 0), ("end_time", "INTEGER", 0),
    ("nodelist", "TEXT", ""), ("num_nodes", "INTEGER", 1),
    ("ntasks", "INTEGER", 1), ("num_cpus", "INTEGER", 1), ("mem", "INTEGER", 0),
    ("tasks_per_node", "TEXT", ""), ("alloc", "TEXT", ""), ("alloc_tres", "TEXT", ""),
    ("exit_code", "INTEGER", 0), ("cancelled_by", "INTEGER", None),
    ("time_limit", "INTEGER", INFINITE), ("layout", "TEXT", "Block"),
    ("submit_line", "TEXT", ""), ("pid", "INTEGER", 0), ("host", "TEXT", ""),
    ("user_usec", "INTEGER", 0), ("sys_usec", "INTEGER", 0),      # measured by wait4
    ("usage", "TEXT", ""),                   # of each task, see slurmd/jobacct_gather.py
])


Node = record("Node", "nodes", [
    ("name", "TEXT PRIMARY KEY", ""), ("idx", "INTEGER", 0),
    ("addr", "TEXT", ""), ("hostname", "TEXT", ""), ("port", "INTEGER", 6818),
    ("cpus", "INTEGER", 1), ("boards", "INTEGER", 1), ("sockets", "INTEGER", 1),
    ("cores", "INTEGER", 1), ("threads", "INTEGER", 1),
    ("memory", "INTEGER", 1), ("tmp_disk", "INTEGER", 0), ("weight", "INTEGER", 1),
    ("features", "TEXT", ""), ("active_features", "TEXT", ""),
    ("gres", "TEXT", ""),                    # gpu:K80:2,...
    ("core_spec", "INTEGER", 0), ("mem_spec", "INTEGER", 0),
    ("state", "TEXT", "IDLE"),               # base: IDLE, DOWN, UNKNOWN, FUTURE
    ("flags", "TEXT", ""),                   # comma list: DRAIN, NO_RESPOND, FAIL, ...
    ("reason", "TEXT", ""), ("reason_uid", "INTEGER", 0), ("reason_user", "TEXT", ""),
    ("reason_time", "INTEGER", 0),
    ("boot_time", "INTEGER", 0), ("slurmd_start", "INTEGER", 0), ("last_busy", "INTEGER", 0),
    ("cpu_load", "INTEGER", 0), ("free_mem", "INTEGER", 0), ("owner", "TEXT", ""),
    ("comment", "TEXT", ""), ("extra", "TEXT", ""),
])


Partition = record("Partition", "partitions", [
    ("name", "TEXT PRIMARY KEY", ""), ("idx", "INTEGER", 0),
    ("nodes", "TEXT", ""),                   # folded node list
    ("options", "BLOB", b""),                # the other keys of its slurm.conf line: a marshalled dict
    ("state", "TEXT", "UP"),                 # UP, DOWN, DRAIN, INACTIVE
])


Reservation = record("Reservation", "reservations", [
    ("name", "TEXT PRIMARY KEY", ""),
    ("start_time", "INTEGER", 0), ("end_time", "INTEGER", 0),
    ("nodes", "TEXT", ""), ("partition", "TEXT", ""), ("flags", "TEXT", ""),
    ("users", "TEXT", ""), ("accounts", "TEXT", ""), ("features", "TEXT", ""),
    ("core_cnt", "INTEGER", 0), ("licenses", "TEXT", ""),
])


class Share:
    """What one job holds of one node: CPUs, memory in MiB, GRES as {"gpu:K80": [indices]}, tasks."""

    __slots__ = ("node", "cpus", "mem", "gres", "tasks")

    def __init__(self, node, cpus, mem=0, gres=None, tasks=0):
        self.node, self.cpus, self.mem, self.gres, self.tasks = node, cpus, mem, gres or {}, tasks


def pack_alloc(shares):
    """Shares -> the text kept in Job.alloc; `unpack_alloc` is its inverse."""
    return ";".join(
        f"{s.node}|{s.cpus}|{s.mem}|{s.tasks}|"
        + ",".join(f"{kind}={'+'.join(map(str, idx))}" for kind, idx in sorted(s.gres.items()))
        for s in shares)


def unpack_alloc(text):
    """The text of Job.alloc -> list of Share, in node order."""
    shares = []
    for part in text.split(";") if text else ():
        node, cpus, mem, tasks, gres = part.split("|")
        kinds = {}
        for item in gres.split(",") if gres else ():
            kind, _, idx = item.partition("=")
            kinds[kind] = [int(i) for i in idx.split("+")] if idx else []
        shares.append(Share(node, int(cpus), int(mem), kinds, int(tasks)))
    return shares


def job_label(job):
    """The id as squeue and sacct print it: 12, 12_3, 12_[0-3%2], 12+1."""
    if job.array_id:
        if job.array_task is not None:
            return f"{job.array_id}_{job.array_task}"
        if not job.array_tasks:
            return str(job.id)           # all its tasks were cancelled, one by one
        limit = f"%{job.array_limit}" if job.array_limit else ""
        return f"{job.array_id}_[{job.array_tasks}{limit}]"
    if job.het_offset is not None:
        return f"{job.het_id}+{job.het_offset}"
    return str(job.id)


def cpus_asked(job):
    """CPUs that the job needs at least."""
    tasks = min(job.ntasks, job.min_nodes) if job.overcommit else job.ntasks
    return max(tasks * job.cpus_per_task, job.min_nodes)


def minutes_asked(job):
    """The time limit that a job asks for, in minutes; INFINITE (or 0) where it says nothing."""
    return FOREVER if job.time_limit == UNLIMITED else job.time_limit or 0


def min_cpus(job):
    """CPUs that each of the job's nodes must have at least."""
    return max(job.min_cpus_node, job.cpus_per_task * max(1, job.ntasks_per_node))


def exit_text(status):
    """A wait status -> Slurm's ExitCode "code:signal"."""
    return f"{status >> 8 & 255}:{status & 127}"
