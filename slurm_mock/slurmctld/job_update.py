"""What may be changed of a job that is there, and by whom: `scontrol update job`, `scontrol top`.

Source: scontrol(1), "JOBS - SPECIFICATIONS FOR UPDATE COMMAND"; update_job() in job_mgr.c.
"""

from ..common import slurm_errno
from ..common.hostlist import readable
from ..common.records import ACTIVE, ENDED, PENDING
from ..common.slurm_errno import Refused
from . import acct_policy, job_mgr, job_submit, licenses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..common.records import Job
    from .cluster import Cluster
    from .state import State

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


def update_job(ctl: "State", job: "Job", changes: "dict[str, Any]") -> bool:
    """Change fields (names of common.records.Job) of a job that the caller may steer. Will slurmctld
    soon change the priority that was given anew? Raises Refused."""
    with ctl.store:
        job = ctl.again(job)
        if job.phase >= ENDED:
            raise Refused(slurm_errno.ESLURM_JOB_FINISHED)
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
            job_submit.fits(cluster, job, parts)
            job_mgr.count(cluster, job, parts)
        if ("priority" not in changes and job.phase == PENDING and not job.hold
                and not job.direct_priority):
            job.priority = job_mgr.priority(ctl, job)
        elif "priority" in changes and not job.priority:
            job.hold = "admin" if ctl.caller.admin and ctl.caller.uid != job.uid else "user"
            job.reason = "JobHeldAdmin" if job.hold == "admin" else "JobHeldUser"
            job.direct_priority = job.eligible_time = 0
        elif "priority" in changes:
            job.direct_priority, job.nice = 1, 0
        job_mgr.forget_limit(ctl, job)
        ctl.store.update(job)
        ctl.dirty()
    return bool(passing)


def _allowed(ctl: "State", job: "Job", name: str, value: "Any") -> None:
    if name in ("deadline", "contiguous") and value and not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_ACCESS_DENIED)
    if name == "priority" and value and job.hold:
        raise Refused(slurm_errno.ESLURM_JOB_HELD)
    if name in OPERATOR and not ctl.caller.admin:
        if name == "priority" and value is not None and value <= job.priority:
            return                       # a user may lower his own job's priority
        raise Refused(slurm_errno.ESLURM_ACCESS_DENIED)
    if name in WHILE_PENDING and job.phase != PENDING:
        raise Refused(slurm_errno.ESLURM_JOB_NOT_PENDING)
    if name == "nice" and value < 0 and not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_ACCESS_DENIED)
    if name == "time_limit" and not ctl.caller.admin and job.phase == ACTIVE:
        longer = value is None or value < 0 or value > job.time_limit > 0
        if longer:
            raise Refused(slurm_errno.ESLURM_ACCESS_DENIED)
    elif name == "time_limit" and not ctl.caller.admin and job.time_limit > 0:
        most = ctl.parts()[job.partition.split(",")[0]].max_time
        if most is not None and not 0 <= value <= max(most, job.time_limit):
            raise Refused(slurm_errno.ESLURM_ACCESS_DENIED)
    if name not in WHILE_PENDING | ALWAYS | OPERATOR:
        raise Refused(slurm_errno.ESLURM_NOT_SUPPORTED)


def _checked(ctl: "State", cluster: "Cluster", job: "Job", name: str, value: "Any") -> "Any":
    """The new value, if it is one that a submission could have had."""
    if name == "partition":
        if any(p not in cluster.parts for p in value.split(",")):
            raise Refused(slurm_errno.ESLURM_INVALID_PARTITION_NAME)
    elif name == "dependency":
        return job_submit.depends(ctl, job, value)
    elif name in ("req_nodes", "exc_nodes"):
        job_submit.node_names(cluster, value)
        return readable(value)
    elif name == "licenses":
        try:
            licenses.check(ctl.config, value)
        except licenses.BadLicenses:
            raise Refused(slurm_errno.ESLURM_INVALID_LICENSES) from None
    elif name == "features" and value and not job_submit.features_exist(cluster, value):
        raise Refused(slurm_errno.ESLURM_INVALID_FEATURE)
    elif name == "gres":
        job.gres = value
        job_submit.known_gres(ctl, cluster, job)
    elif name == "reservation" and value and value not in [r.name for r in cluster.reservations]:
        raise Refused(slurm_errno.ESLURM_RESERVATION_INVALID)
    elif name == "account":
        assoc = acct_policy.association(ctl, job.user, value, job.partition)
        job.assoc_id = assoc.id if assoc else 0
        return assoc.account if assoc else value.lower()
    elif name == "qos":
        return acct_policy.quality(ctl, ctl.book().by_id(job.assoc_id), value) or job.qos
    return value


def top(ctl: "State", jobs: "Iterable[Job]") -> None:
    """`scontrol top`: the jobs take over the highest priorities of their owner's waiting jobs in the
    partition, one after the other; what they win by it the owner's other jobs lose in equal parts.
    It is kept in the nice values.

    Raises Refused. Source: scontrol(1), and what 22.05.8 was seen to do.
    """
    from ..store.queue import waiting_of
    with ctl.store:
        jobs = [ctl.mine(job) for job in {job.id: job for job in jobs}.values()]
        for job in jobs:
            if job.phase != PENDING:
                raise Refused(slurm_errno.ESLURM_JOB_NOT_PENDING)
            if not job.priority:
                raise Refused(slurm_errno.ESLURM_JOB_HELD)
        first, chosen = jobs[0], [job.id for job in jobs]
        rivals = waiting_of(ctl.store, first.uid, first.partition)
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


def _move(ctl: "State", job: "Job", priority: int) -> None:
    """Give a waiting job this priority by its nice value."""
    job.nice += job.priority - priority
    job.priority = priority
    ctl.store.update(job, "nice", "priority")
