"""What happens by itself as time passes: starts, ends, time limits, other people's jobs.

`advance` brings the cluster from where it was to `now`, one moment after the other, inside one
transaction.  Real jobs only get marked here: slurmstepd runs them.  Source: _slurmctld_background
in controller.c.
"""

import time

from ..common.records import BATCH
from ..conf.params import min_age
from ..machine.locks import JOB
from ..machine.spool import remove_spool
from ..store import accounting, moments, queue
from . import mail
from .job_mgr import back_to_queue, finish, kill_hard, terminate, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..common.records import Job
    from .cluster import Cluster
    from .state import State


def advance(ctl: "State", now: int) -> None:
    """Do everything that is due up to `now` (seconds since the epoch), then schedule once more at
    `now`; in a transaction of the caller's."""
    from .job_scheduler import schedule
    cluster = None
    reap(ctl, now)
    while True:
        moment = next_time(ctl)
        if moment is None or moment > now:
            break
        cluster = cluster or ctl.cluster(moment)
        cluster.now = moment
        happen(ctl, cluster, moment)
        schedule(ctl, cluster, moment, seen=False)
    cluster = cluster or ctl.cluster(now)
    cluster.now = now
    purge(ctl, now)
    multifactor = ctl.config.get("PriorityType", "").endswith("multifactor")
    if multifactor:
        from .priority import recalculate
        recalculate(ctl, now)
    looked = ctl.clock.now()
    schedule(ctl, cluster, now)
    note_next(ctl, now, looked)


def note_next(ctl: "State", now: int, looked: float = 0.0) -> None:
    """Write down when somebody has to look again: at what happens then by itself, or at jobs
    whose time in the queue is over. looked: when the queue was looked at (with fractions; 0: it was
    not)."""
    purge_due = ctl.store.meta("purge_due")
    ctl.store.set_meta("next_event", min(next_time(ctl) or 1 << 60, start_due(ctl, looked) or 1 << 60,
                                         max(now + 1, purge_due) if purge_due else 1 << 60))


def start_due(ctl: "State", looked: float) -> float:
    """When the next job may start that its submitter shall know of first (seconds since the epoch, with
    fractions); 0 if there is none. looked: those of before have had their turn."""
    due: float = ctl.store.meta("start_due") or 0.0
    if due and due <= looked:
        due = queue.next_start(ctl.store, looked)
        ctl.store.set_meta("start_due", due)
    return due


def next_time(ctl: "State") -> "int | None":
    """When (seconds since the epoch) the next thing happens by itself; None if nothing will."""
    done, load_next, backfill_due = ctl.store.metas("last_moment", "load_next", "backfill_due")
    times = [moments.next_moment(ctl.store, done or 0), load_next, backfill_due]
    times = [t for t in times if t]
    return min(times) if times else None


def happen(ctl: "State", cluster: "Cluster", moment: int) -> None:
    """All events of one moment."""
    store = ctl.store
    for job in moments.simulated_ends(store, moment):
        held = [j for j in cluster.active if j.id == job.id]
        state = job.final or ("FAILED" if job.exit_code else "COMPLETED")
        if job.time_limit and 0 < job.time_limit * 60 <= job.sim_seconds:
            state, job.exit_code = "TIMEOUT", 0
        finish(ctl, job, state, moment)
        for one in held:
            cluster.release(one)
    for job in moments.warnings(store, moment):
        warn(ctl, job)
    for job in moments.mails(store, moment):
        mail.mark(ctl, job, moment)
        job.mail_time = mail.next_mark(job, moment)
        store.update(job, "mail_time")
    for job in moments.over_limit(store, moment):
        job.final = "PREEMPTED" if job.preempt_time else "TIMEOUT"
        terminate(ctl, job, moment)
    for job in moments.to_kill(store, moment):
        kill_hard(ctl, job)
    for job in moments.deadlines(store, moment):
        job.reason = "None"
        finish(ctl, job, "DEADLINE", moment)
    while (ctl.store.meta("load_next") or moment + 1) <= moment:
        from .other_users import arrive
        arrive(ctl, cluster, moment)
    if store.meta("backfill_due", 0) <= moment:
        # the last pass of this round looks deep, and says when the next one is due
        store.set_meta("backfill_due", 0)
    store.set_meta("last_moment", moment)


def purge(ctl: "State", now: int) -> None:
    """Jobs leave the queue MinJobAge after their end; AccountingStoreFlags says what is kept of
    their scripts. All that have ended are looked at: once in a second is enough."""
    if ctl.store.meta("purged_at") == now:
        return
    ctl.store.set_meta("purged_at", now)
    flags = ctl.config.get("AccountingStoreFlags", "").lower()
    oldest = accounting.purge(ctl.store, now - min_age(ctl), "job_script" in flags or "job_env" in flags)
    ctl.store.set_meta("purge_due", oldest and oldest + min_age(ctl) + 1)


def reap(ctl: "State", now: int) -> None:
    """Jobs whose owner was killed: the node failed them. An allocation has its owner from the
    beginning, a batch job when it is launched."""
    for job_id in moments.owned(ctl.store):
        if ctl.alive.holder(JOB + job_id):
            continue
        job = ctl.store.job(job_id)
        if job is None:
            continue
        end_orphans(ctl, job)
        if job.kind == "batch" and job.requeue and not job.final:
            back_to_queue(ctl, job)
        else:
            finish(ctl, job, job.final or ("NODE_FAIL" if job.kind == BATCH else "CANCELLED"), now)
        if job.het_id:
            from .job_mgr import end_others
            end_others(ctl, job, now)


def end_orphans(ctl: "State", job: "Job") -> None:
    """Kill what a job left whose owner was killed, and remove its spool folder.

    A child that was being started as the owner died gives up by itself, or bears the job's
    mark a moment later; others may fork while they are looked for.
    """
    import _signal

    from ..machine.proctrack import marked, send
    for _ in range(100):
        found = marked(ctl.state, job.id)
        send(found, _signal.SIGKILL)
        time.sleep(0.01)
        if not found:
            break
    if job.kind == "batch":
        remove_spool(ctl.state, job)
