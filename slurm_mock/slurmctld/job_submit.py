"""What a job must pass to be accepted; job_mgr.py enters it into the queue.

The order of the checks is slurmctld's (job_mgr.c, _job_create and
validate_job_create_req): it decides which of two mistakes is named.
"""

from ..common import job_array, slurm_errno
from ..common.hostlist import BadHostlist, expand, readable, typed
from ..common.records import INFINITE, SIMULATED, UNLIMITED, cpus_asked, gave_empty, min_cpus, minutes_asked
from ..common.slurm_errno import FailedJob, Refused, RefusedWithId
from ..common.tres import parse_gres
from ..conf.params import accounted, enforced, memory_setting, most_memory, task_frequency
from ..slurmdbd.assoc_mgr import barred
from .acct_policy import charge, submission
from .job_mgr import count, least_nodes
from .select_nodes import candidates, has_features, place, too_much_memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..common.records import Job, Node
    from .cluster import Cluster, Part
    from .state import State

# What is said before the error's own text: of GRES (gres_job_state_validate in gres.c) ...
# ... of what every node has too little of (node_scheduler.c) ...
CPU_SPEC = "CPU count per node can not be satisfied"
MEMORY_SPEC = "Memory specification can not be satisfied"
DISK_SPEC = "Temporary disk specification can not be satisfied"
CORE_SPEC = "Socket, core and/or thread specification can not be satisfied"
# ... and of --reboot.
REBOOT_DENIED = "rebooting of nodes is only allowed for admins"
# The longest texts, in bytes (_test_job_desc_fields).
LENGTHS = {
    1024: ("account", "comment", "features", "licenses", "mail_user", "name", "network", "partition", "prefer", "qos",
           "reservation", "tres_per_job", "tres_per_node", "tres_per_socket", "tres_per_task", "wckey"),
    4096: ("array_tasks", "std_err", "std_in", "std_out", "work_dir"), 8192: ("burst_buffer",),
    131072: ("dependency",)}


def check(ctl: "State", job: "Job", cluster: "Cluster | None" = None, trial: bool = False,
          script: bytes = b"") -> None:
    """Complete the job from the configuration. Raises slurm_errno.Refused.

    cluster: as it is now, where the caller knows it. What runs there is not asked for. trial: for
    --test-only (see select_nodes.place). script: the batch script.
    """
    lengths(ctl, job, script)
    only_text(job)
    cluster = cluster or ctl.cluster(empty=True)
    if gave_empty(job, "gres"):
        raise Refused(slurm_errno.ESLURM_INVALID_TRES)
    known_gres(ctl, cluster, job)
    if job.gres or job.tres_per_job or job.tres_per_task or job.tres_per_socket or job.mem_per_gpu or job.ntasks_per_tres:
        from .gres_validate import validate
        validate(job)
    if job.nice < 0 and not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_INVALID_NICE)
    if job.reboot and not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_ACCESS_DENIED, REBOOT_DENIED)
    if job.array_tasks:
        array(ctl, job)
    if job.requeue < 0:
        job.requeue = int(ctl.config.get("JobRequeue", "1") != "0")
    asked = node_names(cluster, job.req_nodes)
    job.req_nodes = readable(job.req_nodes)
    parts = partitions(ctl, cluster, job)
    sampled(ctl.config, job, parts[0])
    if job.nodes_given and not job.min_nodes and (job.array_tasks or not job.batch_flag):
        raise Refused(slurm_errno.ESLURM_INVALID_NODE_COUNT)
    partition_limits(ctl, cluster, job, parts)
    times(ctl, job, parts)
    memory(ctl, cluster, job, parts)
    if job.licenses:
        from . import licenses
        try:
            licenses.check(ctl.config, job.licenses)
        except licenses.BadLicenses:
            raise Refused(slurm_errno.ESLURM_INVALID_LICENSES) from None
    if asked & node_names(cluster, job.exc_nodes):
        raise Refused(slurm_errno.ESLURM_INVALID_NODE_NAME)
    job.exc_nodes = readable(job.exc_nodes)
    job.dependency = depends(ctl, job, job.dependency)
    if job.features and not features_exist(cluster, job.features):
        raise RefusedWithId(slurm_errno.ESLURM_INVALID_FEATURE)
    if job.prefer and not features_exist(cluster, job.prefer):
        raise RefusedWithId(slurm_errno.ESLURM_INVALID_PREFER)
    chosen = set(named_features(job.batch_features)) if job.batch_features else set()
    if gave_empty(job, "batch_features") or not chosen <= set(named_features(job.features)):
        raise Refused(slurm_errno.ESLURM_BATCH_CONSTRAINT)
    if job.reservation and job.reservation not in [r.name for r in cluster.reservations]:
        raise RefusedWithId(slurm_errno.ESLURM_RESERVATION_INVALID)
    if job.nodes_given and not job.min_nodes and not job.hold:
        raise RefusedWithId(slurm_errno.ESLURM_INVALID_NODE_COUNT)
    job.partition = ",".join(p.name for p in parts)
    if not job.hold:                         # of a held job slurmctld does not ask
        try:
            fits(cluster, job, parts, trial)
        except Refused:
            job.min_nodes = least_nodes(job)
            count(cluster, job, parts)       # what is kept of it says so
            raise
        inside(cluster, job)
    count(cluster, job, parts, trial)
    if job.kind != SIMULATED and "limits" in enforced(ctl.config):
        submission(ctl, job, parts[0])


def lengths(ctl: "State", job: "Job", script: bytes) -> None:
    """Is no text longer than slurmctld takes? Raises Refused."""
    from ..conf.params import parameter
    for most, fields in LENGTHS.items():
        if any(len((getattr(job, field) or "").encode("utf-8", "surrogateescape")) > most for field in fields):
            raise Refused(slurm_errno.ESLURM_PATHNAME_TOO_LONG)
    if len(script) > parameter(ctl.config, "max_script_size"):
        raise Refused(slurm_errno.ESLURM_PATHNAME_TOO_LONG)


def inside(cluster: "Cluster", job: "Job") -> None:
    """Has the job's reservation as many nodes as it needs? Raises Refused."""
    for res in cluster.reservations:
        if res.name == job.reservation and "FLEX" not in res.flags.split(","):
            if job.min_nodes > len(expand(res.nodes)):
                raise RefusedWithId(slurm_errno.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE)


def sampled(config: "Mapping[str, str]", job: "Job", part: "Part") -> None:
    """Is the memory of a job that has a limit looked at as often as JobAcctGatherFrequency says? Raises Refused."""
    limit = job.mem_per_node if job.mem_per_cpu is None else job.mem_per_cpu
    if limit is None:
        limit, _ = memory_setting("Def", part.options, config)
    seldom = task_frequency(config.get("JobAcctGatherFrequency", "30"))
    if limit and seldom is not None and (job.acctg_freq < 0 or job.acctg_freq > seldom):
        raise Refused(slurm_errno.ESLURMD_INVALID_ACCT_FREQ)


def known_gres(ctl: "State", cluster: "Cluster", job: "Job") -> None:
    """Are the kinds of --gres ones that the cluster has, and goes what is asked for by GPU with
    select/linear? The commands themselves look first. Raises Refused."""
    known = {name for node in cluster.nodes.values() for name, _ in parse_gres(node.gres)}
    types = set(filter(None, ctl.config.get("GresTypes", "").split(","))) | known
    if any(name not in types for name, _ in parse_gres(job.gres, asked=True)):
        raise Refused(slurm_errno.ESLURM_INVALID_GRES)
    if ctl.config.get("SelectType", "").endswith("linear") and (
            job.tres_per_job or job.tres_per_task or job.tres_per_socket or job.cpus_per_gpu
            or job.mem_per_gpu):
        raise Refused(slurm_errno.ESLURM_UNSUPPORTED_GRES)


def times(ctl: "State", job: "Job", parts: "Sequence[Part]") -> None:
    """Do --time-min and --deadline go with the time limits? A job that names no limit gets the
    default of its partition. Raises Refused."""
    said = job.time_limit != INFINITE
    if not said and parts[0].default_time:
        job.time_limit = parts[0].default_time
    longest = max((float("inf") if p.max_time is None else p.max_time for p in parts), default=float("inf"))
    if job.time_min > longest or (job.time_min == INFINITE and job.time_limit != UNLIMITED):
        raise Refused(slurm_errno.ESLURM_INVALID_TIME_MIN_LIMIT)
    if job.time_min and 0 < (job.time_limit or 0) < job.time_min:
        raise Refused(slurm_errno.ESLURM_INVALID_TIME_MIN_LIMIT)
    if job.deadline and job.deadline < ctl.now:
        raise Refused(slurm_errno.ESLURM_INVALID_TIME_LIMIT)
    if job.deadline and job.time_min and job.deadline < ctl.now + job.time_min * 60:
        raise Refused(slurm_errno.ESLURM_INVALID_TIME_MIN_LIMIT)
    if job.deadline and not said and not job.time_min:
        job.time_min = 1


def depends(ctl: "State", job: "Job", text: str) -> str:
    """--dependency in slurmctld's own words. Raises Refused."""
    if not text or text == "0":
        return ""
    from . import dependency
    try:
        items = dependency.parse(dependency.strip_marks(text))[1]
        if job.id and any(other in (job.id, job.array_id) for _, other, _, _ in items if other):
            # nobody can wait for himself
            raise RefusedWithId(slurm_errno.ESLURM_DEPENDENCY)
        return dependency.written(text, lambda other: bool(ctl.store.array_jobs(other)))
    except dependency.BadDependency:
        raise RefusedWithId(slurm_errno.ESLURM_DEPENDENCY) from None


def only_text(job: "Job") -> None:
    """Bytes that are no UTF-8 (a name typed in another encoding) become the mark for that: the
    store keeps text."""
    from ..store.connection import readable
    for field in job.columns:
        value = getattr(job, field)
        if isinstance(value, str) and not value.isascii():
            setattr(job, field, readable(value))


def partitions(ctl: "State", cluster: "Cluster", job: "Job") -> "list[Part]":
    """The partitions a job asks for (or the default), its account and QOS: they are found first.
    Raises Refused."""
    if gave_empty(job, "partition"):
        raise Refused(slurm_errno.ESLURM_INVALID_PARTITION_NAME, "invalid partition specified: (null)")
    if not job.partition:
        default = cluster.default_partition()
        if default is None:
            raise Refused(slurm_errno.ESLURM_DEFAULT_PARTITION_NOT_SET)
        job.partition = default.name
    parts = []
    for name in job.partition.split(","):
        part = cluster.parts.get(name)
        if part is None:
            raise Refused(slurm_errno.ESLURM_INVALID_PARTITION_NAME,
                          f"invalid partition specified: {name}")
        parts.append(part)
    if accounted(ctl.config):
        if gave_empty(job, "account") and "associations" in enforced(ctl.config):
            raise Refused(slurm_errno.ESLURM_INVALID_ACCOUNT)
        if gave_empty(job, "qos") and "qos" in enforced(ctl.config):
            raise Refused(slurm_errno.ESLURM_INVALID_QOS)
        charge(ctl, job)
    else:
        job.qos = ""
    for part in parts:
        groups = part.options.get("AllowGroups", "ALL")
        if part.flag("RootOnly") and not ctl.caller.admin:
            raise Refused(slurm_errno.ESLURM_ACCESS_DENIED)
        if part.flag("DisableRootJobs") and ctl.caller.user == "root":
            raise Refused(slurm_errno.ESLURM_USER_ID_MISSING)
        if groups.upper() != "ALL" and not ctl.caller.admin \
                and ctl.caller.group not in groups.split(","):
            raise Refused(slurm_errno.ESLURM_JOB_MISSING_REQUIRED_PARTITION_GROUP)
        if part.state in ("DRAIN", "INACTIVE"):
            raise Refused(slurm_errno.ESLURM_PARTITION_NOT_AVAIL)
    return parts


def array(ctl: "State", job: "Job") -> None:
    """--array within MaxArraySize: the job's array_* fields. Raises Refused."""
    from ..common.parse_time import leading_number
    step = job.array_tasks.partition(":")[2]
    try:
        tasks, limit = job_array.parse(job.array_tasks)
    except job_array.BadArray:
        raise Refused(slurm_errno.ESLURM_INVALID_ARRAY) from None
    if tasks[-1] >= int(ctl.config.get("MaxArraySize", 1001)):
        raise Refused(slurm_errno.ESLURM_INVALID_ARRAY)
    job.array_tasks, job.array_limit = job_array.pack(tasks), limit
    job.array_count, job.array_min, job.array_max = len(tasks), tasks[0], tasks[-1]
    job.array_step = leading_number(step)[0] or 1


def node_names(cluster: "Cluster", text: str) -> "set[str]":
    """The nodes of a list. Raises Refused where there is no such node."""
    try:
        names = typed(text) if text else []
    except BadHostlist:
        raise Refused(slurm_errno.ESLURM_INVALID_NODE_NAME) from None
    if any(name not in cluster.nodes for name in names):
        raise Refused(slurm_errno.ESLURM_INVALID_NODE_NAME)
    return set(names)


def features_exist(cluster: "Cluster", text: str) -> bool:
    """Has each feature that the constraint names at least one node?"""
    have = set()
    for node in cluster.nodes.values():
        have.update(node.features.split(","))
    return all(word in have for word in named_features(text))


def named_features(text: str) -> "list[str]":
    """The features that a constraint such as "[a*2&b]|c" names."""
    for mark in "&|[](),":
        text = text.replace(mark, " ")
    return [word.split("*")[0] for word in text.split()]


def gpus_enough(cluster: "Cluster", job: "Job", part: "Part") -> bool:
    """Has the partition as many GPUs as the whole job asks for (--gpus)?"""
    have: "dict[tuple[str, str], int]" = {}
    for name in part.node_names:
        for (gres, kind), number in parse_gres(cluster.nodes[name].gres).items():
            have[gres, kind] = have.get((gres, kind), 0) + number
    for (name, kind), n in parse_gres(job.tres_per_job, asked=True).items():
        if sum(c for (g, k), c in have.items() if g == name and kind in ("", k)) < n:
            return False
    return True


def partition_limits(ctl: "State", cluster: "Cluster", job: "Job", parts: "Sequence[Part]") -> None:
    """EnforcePartLimits: refuse what the partitions' limits would keep waiting for ever; with ANY
    one partition that takes the job is enough. Raises Refused."""
    enforced_for = ctl.config.get("EnforcePartLimits", "NO").upper()
    if enforced_for == "NO":
        return
    faults = [over_limit(cluster, job, part) for part in parts]
    if any(faults) if enforced_for == "ALL" else all(faults):
        raise Refused(next(fault for fault in faults if fault))


def over_limit(cluster: "Cluster", job: "Job", part: "Part") -> int:
    """What a partition never gives to this job, as an error's number; 0 if it may start there."""
    why = None if job.kind == SIMULATED else barred(part, job.account, job.qos)
    if why:
        return (slurm_errno.ESLURM_INVALID_ACCOUNT if why[0] == "account"
                else slurm_errno.ESLURM_INVALID_QOS)
    if cpus_asked(job) > cluster.cpus_of(part):
        return slurm_errno.ESLURM_TOO_MANY_REQUESTED_CPUS
    if job.req_nodes and not set(expand(job.req_nodes)) <= part.node_set:
        return slurm_errno.ESLURM_REQUESTED_NODES_NOT_IN_PARTITION
    if (job.min_nodes > min(len(part.node_names), part.max_nodes or len(part.node_names))
            or part.max_nodes is not None and job.max_nodes > part.max_nodes):
        return slurm_errno.ESLURM_INVALID_NODE_COUNT
    if part.max_time is not None and minutes_asked(job) > part.max_time:
        return slurm_errno.ESLURM_INVALID_TIME_LIMIT
    return 0


def memory(ctl: "State", cluster: "Cluster", job: "Job", parts: "Sequence[Part]") -> None:
    """MaxMemPerCPU and MaxMemPerNode: who asks for more memory per CPU than that gets more CPUs,
    and who asks for more of a node than its CPUs may have gets more of its CPUs. Raises Refused
    where EnforcePartLimits does not let it wait."""
    if job.mem_per_cpu is None and job.mem_per_node is None:
        return
    most, per_cpu = most_memory(parts[0], ctl.config)
    if most and per_cpu and job.mem_per_cpu is not None and job.mem_per_cpu > most:
        ratio = -(-job.mem_per_cpu // most)
        job.cpus_per_task *= ratio
        job.mem_per_cpu = -(-job.mem_per_cpu // ratio)
        if not job.ntasks_given:
            job.min_cpus_node = max(job.min_cpus_node, job.cpus_per_task)
    elif most and per_cpu and job.mem_per_node is not None:
        # all of a node (--mem=0) is as much as the smallest has
        least = job.mem_per_node or min((cluster.nodes[name].memory for name in parts[0].node_names),
                                        default=0)
        job.min_cpus_node = max(job.min_cpus_node, -(-least // most))
    if ctl.config.get("EnforcePartLimits", "NO").upper() != "NO" and all(
            too_much_memory(job, part, ctl.config) for part in parts):
        raise Refused(slurm_errno.ESLURM_INVALID_TASK_MEMORY)


def fits(cluster: "Cluster", job: "Job", parts: "Iterable[Part]", trial: bool = False) -> None:
    """Could the job ever run here? Too many nodes may wait for more to come; a node that no node is
    like may not. Raises FailedJob."""
    why = ""
    parts = [part for part in parts
             if part.max_time is None or (job.time_min or minutes_asked(job)) <= part.max_time]
    if not parts:
        return                          # nodes are not asked where the time is too long
    for part in parts:
        if (cpus_asked(job) > cluster.cpus_of(part) or too_much_memory(job, part, cluster.config)
                or least_nodes(job) > len(part.node_names)):
            return                      # the partition may grow: it waits
        nodes = [n for _, n, _ in candidates(cluster, job, part).nodes]
        lacks = {n.name: lacking(n, job) for n in nodes}
        good = [n for n in nodes if not lacks[n.name]]
        if not good:
            # of several nodes' faults slurmctld names the last one's
            named = [lacks[n] for n in part.node_names if n in lacks]
            why = named[-1] if named else why
            continue
        why = ""
        if not any(gres_on(n, job) and tasks_fit(n, job) for n in good) or not gpus_enough(cluster, job, part):
            continue
        if job.req_nodes and not set(expand(job.req_nodes)) <= part.node_set:
            continue
        if job.kind == SIMULATED or place(cluster, job, part, empty=True, trial=trial):
            return
    raise FailedJob(slurm_errno.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE, why)


def lacking(node: "Node", job: "Job") -> str:
    """What a node has too little of for this job, in slurmctld's words; "" if nothing."""
    if min_cpus(job) > node.cpus:
        return CPU_SPEC
    if memory_asked(job) > node.memory:
        return MEMORY_SPEC
    if job.min_tmp_disk > node.tmp_disk:
        return DISK_SPEC
    if ((job.sockets_per_node or 0) > node.sockets or (job.cores_per_socket or 0) > node.cores
            or (job.threads_per_core or 0) > node.threads):
        return CORE_SPEC
    return ""


def tasks_fit(node: "Node", job: "Job") -> bool:
    """Has the node as many CPUs, in all and of a socket, as --ntasks-per-core, --ntasks-per-socket and --cpus-per-gpu
    name?"""
    return (max(job.ntasks_per_core or 0, job.cpus_per_gpu or 0) <= node.cpus
            and (job.ntasks_per_socket or 0) <= node.cores * node.threads)


def gres_on(node: "Node", job: "Job") -> bool:
    """Has the node the GRES (--gres) and the features that the job asks of each of its nodes?"""
    have = parse_gres(node.gres)
    for (name, kind), n in parse_gres(job.gres, asked=True).items():
        # what one node must have
        total = sum(c for (hn, hk), c in have.items() if hn == name and kind in ("", hk))
        if total < n:
            return False
    return not job.features or has_features(node, job.features)


def memory_asked(job: "Job") -> int:
    """The MiB that a node must have. What a partition's default asks is not looked at here."""
    if job.mem_per_node is not None:
        return job.mem_per_node
    return (job.mem_per_cpu or 0) * job.cpus_per_task
