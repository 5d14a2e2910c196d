"""Heterogeneous jobs: components with resources of their own that start and end together.

The first component is the leader: it has the script, and its id names the whole job.  The
others are jobs with ids of their own, called 12+1, 12+2.  Source: sbatch(1), "hetjob"; what
slurmctld 22.05 refuses and shows was seen there.
"""

from ..common import slurm_errno
from ..common.hostlist import ranges
from ..common.records import ACTIVE, PENDING
from ..common.slurm_errno import FailedJob, Refused, RefusedWithId
from .job_mgr import components

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ..common.records import Job
    from .cluster import Cluster
    from .state import State


def submit(ctl: "State", jobs: "Sequence[Job]", script: "bytes | None" = None,
           environment: "bytes | None" = None) -> "Sequence[Job]":
    """Accept all components or none: the Jobs, the leader first. script, environment: bytes, the
    batch job's (an environment block as in /proc). Raises Refused."""
    from . import job_mgr, job_submit
    refused, used = None, 0
    with ctl.store:
        cluster = ctl.cluster(empty=True)
        for job in jobs:
            try:
                if job.array_tasks:
                    raise Refused(slurm_errno.ESLURM_INVALID_ARRAY)
                job_submit.check(ctl, job, cluster)
            except Refused as error:
                refused, used = error, used + isinstance(error, RefusedWithId)
                break
            used += 1
        ids = [ctl.store.next_job_id() for _ in range(used)]
        if isinstance(refused, FailedJob):
            job_mgr.fail(ctl, job, ids[-1])        # the others are forgotten
        if not refused:
            for offset, job in enumerate(jobs):
                job.id = ids[offset]
                job.het_id, job.het_offset, job.het_set = ids[0], offset, ranges(ids)
                job_mgr.enter(ctl, job)
                ctl.store.insert(job)
            if script is not None:
                ctl.store.put_script(ids[0], script, environment or b"")
            ctl.dirty()
    if refused:
        if ids:
            refused.job_id = ids[0]
        raise refused
    return jobs


def schedule(ctl: "State", cluster: "Cluster", now: int) -> None:
    """Start the heterogeneous jobs whose components all fit, on nodes of their own; write
    down why the others wait.  The queue's other jobs have been looked at before."""
    from ..store.queue import waiting_components
    from .job_mgr import note
    groups: "dict[int, list[Job]]" = {}
    for job in waiting_components(ctl.store):
        groups.setdefault(job.het_id, []).append(job)
    for jobs in groups.values():
        free = [job for job in jobs if job.priority and job.begin_time <= now
                and not job.dependency]
        whole = len(components(ctl, jobs[0].het_id, PENDING, ACTIVE)) == len(free)
        decisions, reasons = _places(cluster, free)
        if whole and not reasons:
            for decision in decisions:
                _start(ctl, cluster, decision, now)
            continue
        for job in free:
            note(ctl, job, reasons.get(job.id, "Resources"))


def _places(cluster: "Cluster", jobs: "Iterable[Job]") -> "tuple[list[Any], dict[int, str]]":
    """Room for all of the jobs at once: ([Decision], {job id: why there is none})."""
    from .backfill import Decision, closed, kept, partitions
    from .select_nodes import place
    decisions, reasons, taken = [], {}, 0
    for job in jobs:
        why = "PartitionConfig"
        for part in partitions(cluster, job):
            why = closed(cluster, job, part)
            if not why:
                shares = place(cluster, job, part, kept(cluster, job, part, []) | taken)
                if shares:
                    bits = cluster.bits()
                    taken |= sum(bits[share.node] for share in shares)
                    decisions.append(Decision(job, shares, part.name))
                    break
                why = "Resources"
        if why:
            reasons[job.id] = why
    return decisions, reasons


def _start(ctl: "State", cluster: "Cluster", decision: "Any", now: int) -> None:
    from . import job_mgr
    job = decision.job
    if not job.eligible_time:
        job.eligible_time = job.accrue_time = now
    job_mgr.start(ctl, cluster, job, decision, now)
    cluster.occupy(job)
    if job.het_offset:
        job.launched = 1                 # the leader's process is there for all
        ctl.store.update(job, "launched")
