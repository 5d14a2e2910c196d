"""Brings other people's jobs (slurmctld/load.py) into a cluster: the opening state, and each arrival."""

from ..common.records import ACTIVE
from ..common.slurm_errno import Refused
from ..slurmdbd import register
from . import acct_policy, job_mgr, job_submit, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .cluster import Cluster
    from .state import State


def open_with_load(ctl: "State", path: str) -> None:
    """Put a new cluster into the opening state of its load.conf."""
    profile = load.read(path)
    cluster = ctl.cluster()
    now = ctl.now
    opening = load.opening(profile, cluster.nodes, cluster.parts, now)
    store = ctl.store
    with store:
        enrol_owners(ctl, profile, now)
        for names, state, flags, reason, since, user in opening.nodes:
            for name in names:
                node = cluster.nodes[name]
                node.state, node.flags, node.reason = state, flags, reason
                node.reason_time, node.reason_user = since, user
                store.update(node, "state", "flags", "reason", "reason_time", "reason_user")
        for reservation in opening.reservations:
            store.insert(reservation)
        for job in sorted(opening.jobs, key=lambda j: j.submit_time):
            add(ctl, job)
        schedule_arrival(ctl, profile, 0, now)


def enrol_owners(ctl, profile, now):
    """The owners of the jobs may charge their accounts."""
    book = ctl.book()
    for line in profile["user"].values():
        register.enrol(book, line["user"], line["account"], now)
    register.save(ctl.store, book)


def add(ctl, job, cluster=None):
    """Enter a job of somebody else's. cluster: as it is now, where that is known."""
    if job.phase == ACTIVE:
        acct_policy.charge(ctl, job)
        job.id = ctl.store.next_job_id()
        if job.array_task is not None and not job.array_id:
            job.array_id = job.id
        ctl.store.insert(job)
        return
    submitted = job.submit_time
    job.id = None
    try:
        job_submit.check(ctl, job, cluster)
    except Refused:
        # a job that this cluster's configuration cannot take is one job less
        return
    job.id = ctl.store.next_job_id()
    job_mgr.enter(ctl, job)
    job.submit_time = submitted or job.submit_time
    if job.eligible_time:
        job.eligible_time = job.accrue_time = job.submit_time
    ctl.store.insert(job)


def schedule_arrival(ctl, profile, n, now):
    """Remember when the n-th job arrives."""
    gap, _ = load.arrival(profile, n, now)
    ctl.store.set_meta("load_count", n)
    ctl.store.set_meta("load_next", int(now + max(1, gap)))


def arrive(ctl: "State", cluster: "Cluster", moment: int) -> None:
    """The arrival that is due: the job enters the queue, and the next is set."""
    profile = _profile(ctl)
    n = ctl.store.meta("load_count", 0)
    due = ctl.store.meta("load_next")
    _, job = load.arrival(profile, n, due)
    job.submit_time = due
    add(ctl, job, cluster)
    schedule_arrival(ctl, profile, n + 1, due)


_profiles = {}


def _profile(ctl):
    path = ctl.store.meta("load_conf")
    if path not in _profiles:
        _profiles[path] = load.read(path)
    return _profiles[path]
