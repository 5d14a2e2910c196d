"""What happens by itself as time passes: starts, ends, time limits, other people's jobs.

`advance` brings the cluster from where it was to `now`, one moment after the other, inside one
transaction.  Real jobs only get marked here: slurmstepd runs them.  Source: _slurmctld_background
in controller.c.
"""

import time

from ..common.records import ALLOC, BATCH, SIMULATED, Job
from ..conf.params import min_age
from ..machine.locks import JOB
from ..machine.spool import remove_spool
from . import mail
from .job_mgr import back_to_queue, finish, kill_hard, terminate, warn


def advance(ctl, now):
    """Do everything that is due up to `now`, then schedule once more at `now`."""
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
    schedule(ctl, cluster, now)
    note_next(ctl, now)


def note_next(ctl, now):
    """Write down when somebody has to look again: at what happens then by itself, or at jobs
    whose time in the queue is over."""
    purge_due = ctl.store.meta("purge_due")
    ctl.store.set_meta("next_event", min(next_time(ctl) or 1 << 60,
                                         max(now + 1, purge_due) if purge_due else 1 << 60))


def next_time(ctl):
    """When the next thing happens by itself; None if nothing will."""
    ask = ctl.store.db.execute
    done = ctl.store.meta("last_moment", 0)
    times = [
        ask("SELECT MIN(start_time + sim_seconds) FROM jobs WHERE phase=1 AND kind=?",
            (SIMULATED,)).fetchone()[0],
        ask("SELECT MIN(end_time+over_time) FROM jobs WHERE phase=1 AND kind<>? AND state='RUNNING' "
            "AND end_time>0", (SIMULATED,)).fetchone()[0],
        ask("SELECT MIN(warn_time) FROM jobs WHERE phase=1 AND state='RUNNING' "
            "AND warn_time>0").fetchone()[0],
        ask("SELECT MIN(mail_time) FROM jobs WHERE phase=1 AND state='RUNNING' "
            "AND mail_time>0").fetchone()[0],
        ask("SELECT MIN(kill_time) FROM jobs WHERE phase=1 AND state='COMPLETING' "
            "AND kill_time>0").fetchone()[0],
        ask("SELECT MIN(begin_time) FROM jobs WHERE phase=0 AND begin_time>0 AND begin_time>?",
            (done,)).fetchone()[0],
        ask("SELECT MIN(deadline) FROM jobs WHERE phase=0 AND deadline>0").fetchone()[0],
        ask("SELECT MIN(start_time) FROM reservations WHERE start_time>?", (done,)).fetchone()[0],
        ask("SELECT MIN(end_time) FROM reservations WHERE end_time>?", (done,)).fetchone()[0],
        ctl.store.meta("load_next"),
        ctl.store.meta("backfill_due"),
    ]
    if ask("SELECT 1 FROM jobs WHERE phase=0 AND dependency<>'' AND dependency LIKE '%after:%+%' "
           "LIMIT 1").fetchone():
        times.append((max(done, 0) // 60 + 1) * 60)
    times = [t for t in times if t]
    return min(times) if times else None


def happen(ctl, cluster, moment):
    """All events of one moment."""
    store = ctl.store
    for job in store.select(Job, "WHERE phase=1 AND kind=? AND start_time+sim_seconds<=? "
                            "ORDER BY id", (SIMULATED, moment)):
        held = [j for j in cluster.active if j.id == job.id]
        state = job.final or ("FAILED" if job.exit_code else "COMPLETED")
        if job.time_limit and 0 < job.time_limit * 60 <= job.sim_seconds:
            state, job.exit_code = "TIMEOUT", 0
        finish(ctl, job, state, moment)
        for one in held:
            cluster.release(one)
    for job in store.select(Job, "WHERE phase=1 AND state='RUNNING' AND warn_time>0 "
                            "AND warn_time<=?", (moment,)):
        warn(ctl, job)
    for job in store.select(Job, "WHERE phase=1 AND state='RUNNING' AND mail_time>0 "
                            "AND mail_time<=?", (moment,)):
        mail.mark(ctl, job, moment)
        job.mail_time = mail.next_mark(job, moment)
        store.update(job, "mail_time")
    for job in store.select(Job, "WHERE phase=1 AND kind<>? AND state='RUNNING' AND end_time>0 "
                            "AND end_time+over_time<=? ORDER BY id", (SIMULATED, moment)):
        job.final = "PREEMPTED" if job.preempt_time else "TIMEOUT"
        terminate(ctl, job, moment)
    for job in store.select(Job, "WHERE phase=1 AND state='COMPLETING' AND kill_time>0 "
                            "AND kill_time<=?", (moment,)):
        kill_hard(ctl, job)
    for job in store.select(Job, "WHERE phase=0 AND deadline>0 AND deadline<=?", (moment,)):
        job.reason = "None"
        finish(ctl, job, "DEADLINE", moment)
    while (ctl.store.meta("load_next") or moment + 1) <= moment:
        from .other_users import arrive
        arrive(ctl, cluster, moment)
    if store.meta("backfill_due", 0) <= moment:
        # the last pass of this round looks deep, and says when the next one is due
        store.set_meta("backfill_due", 0)
    store.set_meta("last_moment", moment)


def purge(ctl, now):
    """Jobs leave the queue MinJobAge after their end; AccountingStoreFlags says what is kept of
    their scripts. All that have ended are looked at: once in a second is enough."""
    if ctl.store.meta("purged_at") == now:
        return
    ctl.store.set_meta("purged_at", now)
    flags = ctl.config.get("AccountingStoreFlags", "").lower()
    oldest = ctl.store.purge(now - min_age(ctl), "job_script" in flags or "job_env" in flags)
    ctl.store.set_meta("purge_due", oldest and oldest + min_age(ctl) + 1)


def reap(ctl, now):
    """Jobs whose owner was killed: the node failed them. An allocation has its owner from the
    beginning, a batch job when it is launched."""
    for (job_id,) in ctl.store.db.execute(
            "SELECT id FROM jobs WHERE phase=1 AND (launched=1 OR launched=0 AND kind=?) AND kind<>? "
            "AND coalesce(het_offset, 0)=0", (ALLOC, SIMULATED)).fetchall():
        if ctl.alive.holder(JOB + job_id):
            continue
        job = ctl.store.job(job_id)
        end_orphans(ctl, job)
        if job.kind == "batch" and job.requeue and not job.final:
            back_to_queue(ctl, job)
        else:
            finish(ctl, job, job.final or ("NODE_FAIL" if job.kind == BATCH else "CANCELLED"), now)
        if job.het_id:
            from .job_mgr import end_others
            end_others(ctl, job, now)


def end_orphans(ctl, job):
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
