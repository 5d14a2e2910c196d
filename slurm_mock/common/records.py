"""The records that the whole mock speaks of: jobs, steps, nodes, partitions, reservations.

A record is a plain object with named fields and nothing else.  The same field
list makes the table in the store, so a record and its row cannot drift apart.
What is true or false is 1 or 0.
Times are whole seconds since the epoch on the cluster's clock (0: not set),
time limits are minutes, memory is MiB, as in Slurm itself.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from typing import Any, ClassVar, TypeVar

    from typing_extensions import Self, dataclass_transform

    Kind = TypeVar("Kind", bound="Record")
    Held = list[int] | int                   # of a GRES: indices of devices, or a count
else:
    def dataclass_transform(**how):
        """At run time nothing: it tells a type checker of the fields' keywords."""
        return lambda function: function

INFINITE = -1          # a limit that is not there ("UNLIMITED"); in a job's time_limit: none is said
UNLIMITED = -2         # in a job's time_limit: it asks to have none
FOREVER = 1 << 30      # minutes, longer than any limit

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


def step_name(step_id: int) -> str:
    """What a step is called behind its job's id: its number, or batch, extern, interactive."""
    return STEP_NAMES.get(step_id, str(step_id))


# Why a job that no node can ever serve has failed (its reason).
BAD_CONSTRAINTS = "BadConstraints"

# What starts a job's processes.
BATCH, ALLOC, SIMULATED = "batch", "alloc", "simulated"


class Record:
    """What all records have. Made by `record`; `kept_in` does it for a class whose body names the
    fields, so that a type checker knows them, too."""

    __slots__ = ()

    if TYPE_CHECKING:
        # the table in the store; (field, SQL column type, default); the fields' names
        table: ClassVar[str]
        fields: ClassVar[Sequence[tuple[str, str, object]]]
        columns: ClassVar[tuple[str, ...]]

    def __init__(self, **values: object) -> None:
        for field, _, default in self.fields:
            setattr(self, field, values.pop(field, default))
        if values:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(values)}")

    def row(self) -> "tuple[Any, ...]":
        """The values in the order of the fields."""
        return tuple([getattr(self, field) for field in self.columns])

    @classmethod
    def from_row(cls, row: "Iterable[object]") -> "Self":
        """The inverse of row()."""
        self = cls.__new__(cls)
        for field, value in zip(cls.columns, row):
            setattr(self, field, value)
        return self

    def copy(self, **changes: object) -> "Self":
        """The same record with other values in these fields."""
        twin = type(self).from_row(self.row())
        for field, value in changes.items():
            setattr(twin, field, value)
        return twin

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, self.columns[0])}>"


def record(name: str, table: str, fields: "Sequence[tuple[str, str, object]]") -> "type[Record]":
    """Make a record class.

    `fields` is a list of (field, SQL column type, default).  The class has the
    fields as slots, a keyword constructor, and `row()`/`from_row()` in that order.
    """
    columns = tuple([field for field, _, _ in fields])
    return type(name, (Record,), {"__slots__": columns, "__module__": __name__, "table": table,
                                  "fields": fields, "columns": columns})


# The SQL column type of an annotation.
_SQL = {int: "INTEGER", "int | None": "INTEGER", str: "TEXT", "str | None": "TEXT",
        float: "REAL", "float | None": "REAL", bytes: "BLOB"}


@dataclass_transform(kw_only_default=True)
def kept_in(table: str, key: str = "", needed: "Collection[str]" = ()) -> "Callable[[type[Kind]], type[Kind]]":
    """The record class of a class body `field: type = default`; its table is `table`.

    key: the field that is the primary key; needed: those that the table has as NOT NULL. A type is
    one of _SQL's.
    """
    def made(body: "type[Kind]") -> "type[Kind]":
        fields = [(name, _SQL[kind] + (" PRIMARY KEY" if name == key else
                                       " NOT NULL" if name in needed else ""), body.__dict__[name])
                  for name, kind in body.__annotations__.items()]
        return record(body.__name__, table, fields)  # type: ignore[return-value]  # it is the same, with slots
    return made


# The id that Debian's packages give the user slurm.  A cluster has that user, though a laptop that plays it has not.
SLURM_UID = 64030


@kept_in("jobs", key="id", needed=("phase", "kind", "state", "reason", "priority"))
class Job(Record):
    # none before it is accepted
    id: int = None  # type: ignore[assignment]
    phase: int = PENDING
    kind: str = BATCH
    state: str = "PENDING"
    final: str = ""                          # what a COMPLETING job will end as
    reason: str = "None"
    priority: int = 0                        # 0: held
    direct_priority: int = 0                 # 1: somebody gave it, it is not computed
    name: str = ""
    user: str = ""
    uid: int = 0
    group_name: str = ""
    gid: int = 0
    account: str = ""
    qos: str = "normal"
    wckey: str = ""
    qos_given: int = 0
    assoc_id: int = 0                        # see slurmdbd/assoc_mgr.py
    partition: str = ""                      # as asked: may be a list until it starts
    reservation: str = ""
    # arrays: a pending record stands for all tasks in array_tasks; a task that
    # starts is split off with an id of its own, as slurmctld does
    array_id: int = 0
    array_task: "int | None" = None
    array_tasks: str = ""
    array_limit: int = 0
    array_count: int = 0
    array_min: int = 0
    array_max: int = 0
    array_step: int = 1
    # heterogeneous jobs: id of the leader, this component's number
    het_id: int = 0
    het_offset: "int | None" = None
    het_set: str = ""
    # times
    submit_time: int = 0
    eligible_time: int = 0
    begin_time: int = 0
    accrue_time: int = 0
    start_time: int = 0
    end_time: int = 0
    suspend_time: int = 0
    pre_suspend: int = 0                     # seconds run before
    deadline: int = 0
    expected_start: int = 0
    last_sched_eval: int = 0
    preempt_time: int = 0
    time_limit: int = INFINITE               # minutes
    time_min: int = 0                        # minutes; 0: not said
    # what is asked for (None, or what no job can ask for: not said); memory and disk in MiB
    min_nodes: int = 1
    max_nodes: int = 0
    nodes_given: int = 0
    ntasks: int = 1
    ntasks_given: int = 0
    cpus_per_task: int = 1
    cpus_per_task_given: int = 0
    ntasks_per_node: int = 0
    ntasks_per_socket: int = 0
    ntasks_per_core: int = 0
    min_cpus_node: int = 1
    sockets_per_node: "int | None" = None
    cores_per_socket: "int | None" = None
    threads_per_core: "int | None" = None
    core_spec: "int | None" = None
    mem_per_node: "int | None" = None
    mem_per_cpu: "int | None" = None
    mem_per_gpu: "int | None" = None
    min_tmp_disk: int = 0
    gres: str = ""                           # per node: gpu:K80:2
    tres_per_job: str = ""
    tres_per_node: str = ""
    tres_per_socket: str = ""
    tres_per_task: str = ""
    cpus_per_gpu: "int | None" = None
    licenses: str = ""
    features: str = ""
    prefer: str = ""
    mcs_label: str = ""
    req_nodes: str = ""
    exc_nodes: str = ""
    exclusive: str = ""                      # "", exclusive, user, mcs, shared
    overcommit: int = 0
    contiguous: int = 0
    switches: int = 0
    switch_wait: int = -1                    # seconds; -1: as slurm.conf says
    delay_boot: int = 0                      # seconds
    ntasks_per_tres: int = 0
    gpus_implied: int = 0
    acctg_freq: int = 0                      # seconds; 0: as slurm.conf says; -1: never
    container: str = ""
    batch_features: str = ""
    spread_job: int = 0
    use_min_nodes: int = 0
    cpu_freq: str = ""
    gpu_freq: str = ""
    gpu_bind: str = ""
    gres_binding: str = ""                   # "", Yes, No (--gres-flags)
    nice: int = 0
    network: str = ""
    distribution: str = ""
    hint: str = ""
    power: str = ""
    dependency: str = ""
    kill_invalid_dep: str = ""
    hold: str = ""                           # "", user, admin
    requeue: int = 1
    restarts: int = 0
    reboot: int = 0
    batch_flag: int = 1
    signal: str = ""
    warn_time: int = 0                       # when the signal of --signal is due; 0: none is
    over_time: int = 0                       # seconds that it may run beyond its limit
    mail_time: int = 0                       # when a part of the time limit is to be told of; 0: none
    mail_type: str = ""
    mail_user: str = ""
    comment: "str | None" = None             # "" is one, too
    empty: str = ""                          # fields that an option gave an empty value, by comma
    admin_comment: str = ""
    system_comment: str = ""
    cluster_features: str = ""
    burst_buffer: str = ""
    # the program
    command: str = ""
    work_dir: str = ""
    std_in: str = "/dev/null"
    std_out: str = ""
    std_err: str = ""
    open_mode: str = ""
    submit_line: str = ""
    submit_host: str = ""
    alloc_node: str = ""
    alloc_sid: int = 0
    export: str = ""
    # what it got
    nodelist: str = ""                       # folded
    alloc: str = ""                          # node|cpus|mem|tasks|gres;..., see pack_alloc
    num_nodes: int = 0
    num_cpus: int = 0
    alloc_tres: str = ""
    batch_host: str = ""
    sched_nodes: str = ""
    exit_code: int = 0                       # a wait status: code << 8 | signal
    derived_ec: int = 0                      # the highest one of its steps, a wait status, too
    failed_node: str = ""
    cancelled_by: "int | None" = None        # uid
    next_step: int = 0
    start_after: float = 0.0                 # a batch job starts no sooner: who submitted it shall know of it
    # between controller and supervisor
    launched: int = 0                        # 1: a supervisor has begun to run the script
    kill_time: int = 0                       # COMPLETING: when SIGKILL follows SIGTERM
    sim_seconds: int = 0                     # simulated: how many seconds it will run


@kept_in("steps", needed=("job_id", "step_id"))
class Step(Record):
    job_id: int = 0
    step_id: int = 0                         # None on its way to step_mgr.begin_step: the next one
    name: str = ""
    state: str = "RUNNING"
    start_time: int = 0
    end_time: int = 0
    nodelist: str = ""
    num_nodes: int = 1
    ntasks: int = 1
    num_cpus: int = 1
    mem: int = 0
    tasks_per_node: str = ""
    alloc: str = ""
    alloc_tres: str = ""
    exit_code: int = 0
    cancelled_by: "int | None" = None
    time_limit: int = INFINITE
    layout: str = "Block"
    submit_line: str = ""
    pid: int = 0                             # of the srun that owns it
    host: str = ""
    user_usec: int = 0                       # microseconds
    sys_usec: int = 0                        # measured by wait4
    usage: str = ""                          # of each task, see slurmd/jobacct_gather.py


@kept_in("nodes", key="name")
class Node(Record):
    name: str = ""
    idx: int = 0
    addr: str = ""
    hostname: str = ""
    port: int = 6818
    cpus: int = 1
    boards: int = 1
    sockets: int = 1
    cores: int = 1
    threads: int = 1
    memory: int = 1                          # MiB, as the next one
    tmp_disk: int = 0
    weight: int = 1
    features: str = ""
    active_features: str = ""
    gres: str = ""                           # gpu:K80:2,...
    gres_counted: str = ""                   # names of those that no device stands behind: "tmpfs,nic*"; *: not consumed
    core_spec: int = 0                       # cores that the system keeps
    cpu_spec_list: str = ""                  # the same by their CPUs, where slurm.conf names them
    mem_spec: int = 0                        # MiB
    state: str = "IDLE"                      # base: IDLE, DOWN, UNKNOWN, FUTURE
    flags: str = ""                          # comma list: DRAIN, NO_RESPOND, FAIL, ...
    reason: str = ""
    reason_uid: int = 0
    reason_user: str = ""
    reason_time: int = 0
    boot_time: int = 0
    slurmd_start: int = 0
    last_busy: int = 0
    cpu_load: int = 0                        # hundredths
    free_mem: int = 0                        # MiB
    owner: str = ""
    comment: str = ""
    extra: str = ""


def vpus(node: "Node") -> int:
    """CPUs of a core that jobs are given: its threads, or 1 where slurm.conf counts only the cores
    (CPUs=)."""
    return max(1, node.cpus // max(1, node.sockets * node.cores))


def cpus_for_jobs(node: "Node") -> int:
    """CPUs of a node that jobs may have: all but those that the system keeps (CoreSpecCount)."""
    return node.cpus - node.core_spec * vpus(node)


@kept_in("partitions", key="name")
class Partition(Record):
    name: str = ""
    idx: int = 0
    nodes: str = ""                          # folded node list
    options: bytes = b""                     # its other keys of slurm.conf: {key: text}, by marshal
    state: str = "UP"                        # UP, DOWN, DRAIN, INACTIVE


@kept_in("reservations", key="name")
class Reservation(Record):
    name: str = ""
    start_time: int = 0
    end_time: int = 0
    nodes: str = ""
    partition: str = ""
    flags: str = ""
    users: str = ""
    accounts: str = ""
    features: str = ""
    core_cnt: int = 0
    licenses: str = ""


class Share:
    """What one job holds of one node: CPUs, memory in MiB, GRES as {"gpu:K80": [indices]}, tasks. Of a GRES
    that is only counted it holds a number instead of indices; of one that shares a GPU, too, under the
    GPU's index: {"tmpfs": 300, "mps@0": 50}."""

    __slots__ = ("node", "cpus", "mem", "gres", "tasks")

    def __init__(self, node: str, cpus: int, mem: int = 0, gres: "dict[str, Held] | None" = None,
                 tasks: int = 0) -> None:
        self.node, self.cpus, self.mem, self.gres, self.tasks = node, cpus, mem, gres or {}, tasks


def held_count(held: "Held") -> int:
    """How many of a GRES somebody holds."""
    return held if isinstance(held, int) else len(held)


def pack_alloc(shares: "Iterable[Share]") -> str:
    """Shares -> the text kept in Job.alloc; `unpack_alloc` is its inverse."""
    return ";".join(
        f"{s.node}|{s.cpus}|{s.mem}|{s.tasks}|"
        + ",".join(f"{kind}=" + (f"#{idx}" if isinstance(idx, int) else "+".join(map(str, idx)))
                   for kind, idx in sorted(s.gres.items()))
        for s in shares)


def unpack_alloc(text: str) -> "list[Share]":
    """The text of Job.alloc (or Step.alloc) -> list of Share, in the order of the nodes."""
    shares: "list[Share]" = []
    for part in text.split(";") if text else ():
        node, cpus, mem, tasks, gres = part.split("|")
        kinds: "dict[str, Held]" = {}
        for item in gres.split(",") if gres else ():
            kind, _, idx = item.partition("=")
            kinds[kind] = int(idx[1:]) if idx[:1] == "#" else [int(i) for i in idx.split("+")] if idx else []
        shares.append(Share(node, int(cpus), int(mem), kinds, int(tasks)))
    return shares


def cpus_asked(job: Job) -> int:
    """CPUs that a Job needs at least, in all."""
    tasks = min(job.ntasks, job.min_nodes) if job.overcommit else job.ntasks
    return max(tasks * job.cpus_per_task, job.min_nodes)


def minutes_asked(job: Job) -> int:
    """The time limit that a job asks for, in minutes; INFINITE (or 0) where it says nothing."""
    return FOREVER if job.time_limit == UNLIMITED else job.time_limit or 0


def min_cpus(job: Job) -> int:
    """CPUs that each of the job's nodes must have at least."""
    return max(job.min_cpus_node, job.cpus_per_task * max(1, job.ntasks_per_node))


def gave_empty(job: Job, field: str) -> bool:
    """Did an option give this field of the job an empty value? That is not as if nothing were said."""
    return field in job.empty.split(",")


def exit_text(status: int) -> str:
    """A wait status -> Slurm's ExitCode "code:signal"."""
    return f"{status >> 8 & 255}:{status & 127}"
