"""`scontrol update`: what may be changed of jobs, nodes and partitions, and by whom.

Source: scontrol(1), "JOBS/NODES/PARTITIONS - SPECIFICATIONS FOR UPDATE COMMAND".
"""

import marshal

from . import admit, licenses, messages, quota
from .cluster import Part
from .controller import Refused
from .hostlist import BadHostlist, expand, fold
from .model import ACTIVE, ENDED, PENDING, Job, Node, Partition

# What an owner may change only while the job waits.
WHILE_PENDING = {
    "account", "begin_time", "contiguous", "cpus_per_task", "deadline",
    "dependency", "exc_nodes", "exclusive", "features", "gres", "tres_per_node", "licenses",
    "max_nodes", "mem_per_cpu", "mem_per_node", "min_cpus_node", "min_nodes", "min_tmp_disk",
    "ntasks", "wckey", "ntasks_per_node", "partition", "qos", "req_nodes", "reservation",
    "std_err", "std_in", "std_out", "work_dir", "prefer", "threads_per_core", "core_spec",
    "nodes_given", "num_nodes", "num_cpus", "ntasks_given", "cpus_per_task_given"}
ALWAYS = {"comment", "name", "requeue", "time_limit", "time_min", "mail_type", "mail_user",
          "end_time", "array_limit", "nice"}
OPERATOR = {"priority", "admin_comment", "system_comment"}


def update_job(ctl, job, changes):
    """Change fields (model names) of a job the caller may steer. Raises Refused."""
    with ctl.store:
        job = ctl.store.job(job.id)
        if job.phase >= ENDED:
            raise Refused(messages.FINISHED)
        for name, value in changes.items():
            _allowed(ctl, job, name, value)
        cluster = ctl.cluster()
        passing = changes.get("priority") and not ctl.caller.admin
        if passing and not job.direct_priority:
            del changes["priority"]      # slurmctld computes it anew at once
        if "nice" in changes and job.direct_priority:
            del changes["nice"]          # of no effect on a priority that somebody gave
        for name, value in changes.items():
            setattr(job, name, _checked(ctl, cluster, job, name, value))
        if "begin_time" in changes:
            job.eligible_time = 0 if job.begin_time > ctl.now else ctl.now
            if job.begin_time > ctl.now and not job.hold:
                job.reason = "BeginTime"
        if "time_limit" in changes and job.phase == ACTIVE:
            job.end_time = job.start_time + job.time_limit * 60 if job.time_limit > 0 else 0
        if changes.keys() & {"partition", "gres", "features", "req_nodes", "mem_per_node",
                             "mem_per_cpu", "min_nodes", "ntasks", "cpus_per_task"}:
            parts = [cluster.parts[p] for p in job.partition.split(",")]
            admit.fits(cluster, job, parts)
            admit.count(cluster, job, parts)
        if ("priority" not in changes and job.phase == PENDING and not job.hold
                and not job.direct_priority):
            job.priority = admit.priority(ctl, job)
        elif "priority" in changes and not job.priority:
            job.hold = "admin" if ctl.caller.admin and ctl.caller.uid != job.uid else "user"
            job.reason = "JobHeldAdmin" if job.hold == "admin" else "JobHeldUser"
            job.direct_priority = job.eligible_time = 0
        elif "priority" in changes:
            job.direct_priority, job.nice = 1, 0
        ctl.store.update(job)
        ctl.dirty()
    ctl.moved()
    if passing:
        raise Refused(messages.PRIORITY_WILL_CHANGE)     # done, but not for long


def _allowed(ctl, job, name, value):
    if name in ("deadline", "contiguous") and value and not ctl.caller.admin:
        raise Refused(messages.NO_PERMISSION)
    if name == "priority" and value and job.hold:
        raise Refused(messages.STILL_HELD)
    if name in OPERATOR and not ctl.caller.admin:
        if name == "priority" and value is not None and value <= job.priority:
            return                       # a user may lower his own job's priority
        raise Refused(messages.NO_PERMISSION)
    if name in WHILE_PENDING and job.phase != PENDING:
        raise Refused(messages.NOT_PENDING)
    if name == "nice" and value < 0 and not ctl.caller.admin:
        raise Refused(messages.NO_PERMISSION)
    if name == "time_limit" and not ctl.caller.admin and job.phase == ACTIVE:
        longer = value is None or value < 0 or value > job.time_limit > 0
        if longer:
            raise Refused(messages.NO_PERMISSION)
    elif name == "time_limit" and not ctl.caller.admin and job.time_limit > 0:
        most = ctl.parts()[job.partition.split(",")[0]].max_time
        if most is not None and not 0 <= value <= max(most, job.time_limit):
            raise Refused(messages.NO_PERMISSION)
    if name not in WHILE_PENDING | ALWAYS | OPERATOR:
        raise Refused(messages.UNSUPPORTED)


def _checked(ctl, cluster, job, name, value):
    """The new value, if it is one that a submission could have had."""
    if name == "partition":
        if any(p not in cluster.parts for p in value.split(",")):
            raise Refused(messages.BAD_PARTITION)
    elif name == "dependency":
        return admit.depends(ctl, job, value)
    elif name in ("req_nodes", "exc_nodes"):
        admit.node_names(cluster, value)
    elif name == "licenses":
        try:
            licenses.check(ctl.config, value)
        except licenses.BadLicenses:
            raise Refused(messages.BAD_LICENSES) from None
    elif name == "features" and value and not admit.features_exist(cluster, value):
        raise Refused(messages.BAD_FEATURE)
    elif name == "gres":
        job.gres = value
        admit.known_gres(ctl, cluster, job)
    elif name == "reservation" and value and value not in [r.name for r in cluster.reservations]:
        raise Refused(messages.BAD_RESERVATION)
    elif name == "account":
        assoc = quota.association(ctl, job.user, value, job.partition)
        job.assoc_id = assoc.id if assoc else 0
        return assoc.account if assoc else value.lower()
    elif name == "qos":
        return quota.quality(ctl, ctl.book().by_id(job.assoc_id), value) or job.qos
    return value


def top(ctl, jobs):
    """`scontrol top`: the jobs take over the highest priorities of their owner's waiting jobs in the
    partition, one after the other; what they win by it the owner's other jobs lose in equal parts.
    It is kept in the nice values.

    Raises Refused. Source: scontrol(1), and what 22.05.8 was seen to do.
    """
    with ctl.store:
        jobs = [ctl.mine(job) for job in {job.id: job for job in jobs}.values()]
        for job in jobs:
            if job.phase != PENDING:
                raise Refused(messages.NOT_PENDING)
            if not job.priority:
                raise Refused(messages.STILL_HELD)
        first, chosen = jobs[0], [job.id for job in jobs]
        rivals = [job for job in ctl.store.select(Job, "WHERE phase=0 AND uid=? AND priority>0 AND "
                                                  "partition=? ORDER BY id", (first.uid, first.partition))]
        highest = sorted((job.priority for job in rivals), reverse=True)
        won = 0
        for job, priority in zip(jobs, highest):
            won += priority - job.priority
            _move(ctl, job, priority)
        others = [job for job in rivals if job.id not in chosen]
        for number, job in enumerate(others):
            part = won // (len(others) - number)
            won -= part
            _move(ctl, job, job.priority - part)
        ctl.dirty()
    ctl.moved()


def _move(ctl, job, priority):
    """Give a waiting job this priority by its nice value."""
    job.nice += job.priority - priority
    job.priority = priority
    ctl.store.update(job, "nice", "priority")


# ---- nodes and partitions: operators only --------------------------------------

def update_node(ctl, names, changes):
    """Change nodes: state (DRAIN, RESUME, DOWN, ...), reason, comment, weight, features."""
    if not ctl.caller.admin:
        raise Refused(messages.BAD_USER)
    with ctl.store:
        nodes = {n.name: n for n in ctl.store.select(Node)}
        for name in names:
            if name not in nodes:
                raise Refused(messages.BAD_NODE)
        for name in names:
            node = nodes[name]
            if "reason" in changes:
                node.reason = changes["reason"]
                node.reason_user, node.reason_uid = ctl.caller.user, ctl.caller.uid
                node.reason_time = ctl.now
            if "state" in changes:
                _set_state(ctl, node, changes["state"].upper(), changes)
            for field in ("comment", "extra", "weight", "features", "active_features"):
                if field in changes:
                    setattr(node, field, changes[field])
            ctl.store.update(node)
        ctl.dirty()
    ctl.moved()


def _set_state(ctl, node, state, changes):
    flags = [f for f in node.flags.split(",") if f]
    if state in ("DRAIN", "FAIL"):
        if not (changes.get("reason") or node.reason):
            raise Refused(messages.NO_REASON)
        flags = [f for f in flags if f != state] + [state]
    elif state in ("RESUME", "IDLE", "UNDRAIN"):
        drop = ("DRAIN",) if state == "UNDRAIN" else ("DRAIN", "FAIL", "NO_RESPOND")
        flags = [f for f in flags if f not in drop]
        if state != "UNDRAIN":
            if node.state == "DOWN":
                node.state = "IDLE"
            node.reason, node.reason_time, node.reason_user = "", 0, ""
    elif state == "DOWN":
        node.state = "DOWN"
        _fail_jobs(ctl, node)
    else:
        raise Refused(messages.BAD_NODE_STATE)
    node.flags = ",".join(flags)


def _fail_jobs(ctl, node):
    """A node goes down: its jobs end with NODE_FAIL, or wait again."""
    from . import events
    from .model import BATCH, SIMULATED, Job
    for job in ctl.store.select(Job, "WHERE phase=?", (ACTIVE,)):
        if node.name not in expand(job.nodelist):
            continue
        job.failed_node = node.name
        job.final = "REQUEUED" if job.kind == BATCH and job.requeue else "NODE_FAIL"
        if job.kind == SIMULATED:
            job.state, job.reason = "NODE_FAIL", "NodeDown"
            events.finish(ctl, job, ctl.now)
        else:
            ctl.store.update(job, "failed_node")
            events.begin_kill(ctl, job, ctl.now)


def _known_nodes(ctl, text):
    """A node list, or ALL, -> folded; Refused where it names a node that is not there (slurmctld
    refuses, too, but has then given the partition the nodes that are)."""
    known = [node.name for node in ctl.store.select(Node)]
    try:
        names = known if text.upper() == "ALL" else expand(text)
    except BadHostlist:
        raise Refused(messages.BAD_NODE) from None
    if not set(names) <= set(known):
        raise Refused(messages.BAD_NODE)
    return fold(names)


def update_partition(ctl, name, changes):
    """Change a partition: State, and any key of its slurm.conf line."""
    if not ctl.caller.admin:
        raise Refused(messages.BAD_USER)
    with ctl.store:
        found = ctl.store.select(Partition, "WHERE name=?", (name,))
        if not found:
            raise Refused(messages.BAD_PARTITION)
        part = found[0]
        options = marshal.loads(part.options)
        for key, value in changes.items():
            if key == "State":
                if value.upper() not in ("UP", "DOWN", "DRAIN", "INACTIVE"):
                    raise Refused(messages.BAD_PARTITION_STATE)
                part.state = value.upper()
            elif key == "Nodes":
                part.nodes = _known_nodes(ctl, value)
            else:
                options[key] = value
        part.options = marshal.dumps(options, 4)
        Part(part, options)              # a value that cannot be read must not get in
        ctl.store.update(part)
        ctl.dirty()
    ctl.moved()
