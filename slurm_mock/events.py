"""What happens by itself as time passes: starts, ends, time limits, other people's jobs.

`advance` brings the cluster from where it was to `now`, one moment after the other,
inside one transaction.  Real jobs only get marked here: supervisors run them.
"""

import os
import time

from . import mail, messages
from .alive import JOB, STEP
from .hostlist import expand
from .model import (ACTIVE, ALLOC, ENDED, INFINITE, PENDING, SIMULATED, Job, minutes_asked,
                    pack_alloc)
from .placement import whole_nodes

# The status of a batch script that could not be given its files or folder ("0:53").
LAUNCH_FAILURE = 53


def advance(ctl, now):
    """Do everything that is due up to `now`, then schedule once more at `now`."""
    from .dispatch import schedule
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
        job.state = job.final or ("FAILED" if job.exit_code else "COMPLETED")
        if job.time_limit and 0 < job.time_limit * 60 <= job.sim_seconds:
            job.state, job.exit_code = "TIMEOUT", 0
        finish(ctl, job, moment)
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
        job.state, job.reason = "DEADLINE", "None"
        finish(ctl, job, moment)
    while (ctl.store.meta("load_next") or moment + 1) <= moment:
        from .simulate import arrive
        arrive(ctl, cluster, moment)
    if store.meta("backfill_due", 0) <= moment:
        # the last pass of this round looks deep, and says when the next one is due
        store.set_meta("backfill_due", 0)
    store.set_meta("last_moment", moment)


# ---- starts --------------------------------------------------------------

def start(ctl, cluster, job, decision, now):
    """A job gets its nodes."""
    shares, part = decision.shares, cluster.parts[decision.part]
    job.phase, job.state, job.reason = ACTIVE, "RUNNING", "None"
    job.start_time = now
    if job.kind != SIMULATED and not ctl.clock.stepping:
        job.start_time = max(now, ctl.now)
    job.partition, job.alloc = part.name, pack_alloc(shares)
    if job.time_min and part.max_time is not None and minutes_asked(job) > part.max_time:
        job.time_limit = job.time_min
    if whole_nodes(job, part, ctl.config):
        job.exclusive = "exclusive"
    if job.time_limit is None or job.time_limit == INFINITE:
        job.time_limit = part.default_time or part.max_time or -1
    job.end_time = job.start_time + job.time_limit * 60 if job.time_limit > 0 else 0
    job.over_time = overtime(ctl.config, part)
    job.warn_time = warning(job)
    job.nodelist = fold_names(shares)
    job.num_nodes, job.num_cpus = len(shares), sum(s.cpus for s in shares)
    job.batch_host, job.last_sched_eval = shares[0].node, now
    job.expected_start, job.sched_nodes, job.launched = 0, "", 0
    job.alloc_tres = tres_text(shares, ctl.config)
    if job.mail_type:
        job.mail_time = mail.next_mark(job, job.start_time)
        mail.began(ctl, job)
    ctl.store.update(job)


def overtime(config, part):
    """Seconds that a job may run beyond its limit (OverTimeLimit, in minutes or UNLIMITED)."""
    text = part.options.get("OverTimeLimit") or config.get("OverTimeLimit", "0")
    if text.upper() in ("UNLIMITED", "INFINITE"):
        return 1 << 40
    number = text.split()[0]                 # the default is written "0 min"
    return int(number) * 60 if number.isdecimal() else 0


def warning(job):
    """When the signal of --signal is due; 0 if none is. Never in the job's first seconds."""
    from .signals import parse_warning
    asked = parse_warning(job.signal) if job.signal and job.end_time else None
    return max(job.start_time + 1, job.end_time - asked[2]) if asked else 0


def warn(ctl, job):
    """Send the signal of --signal: to the batch shell alone with "B:", else to the steps."""
    from .processes import signal_job
    from .signals import local, parse_warning
    flags, signum, _ = parse_warning(job.signal)
    job.warn_time = 0
    ctl.store.update(job, "warn_time")
    ctl.store.when_committed(lambda: signal_job(ctl, job, local(signum), batch="B" in flags))


def fold_names(shares):
    from .hostlist import fold
    return fold([s.node for s in shares])


def tres_text(shares, config, billing=True):
    """What a job holds, as TRES=cpu=24,mem=500G,node=1,billing=24,gres/gpu=1 (a step's is
    without `billing`). Of the GRES only those are counted that AccountingStorageTRES names."""
    from .units import memory_text
    cpus, mem = sum(s.cpus for s in shares), sum(s.mem for s in shares)
    parts = [f"cpu={cpus}"]
    if mem:
        parts.append(f"mem={memory_text(mem)}")
    parts.append(f"node={len(shares)}")
    if billing:
        parts.append(f"billing={cpus}")
    tracked = config.get("AccountingStorageTRES", "").lower().split(",")
    counts = {}
    for share in shares:
        for kind, idx in share.gres.items():
            for name in "gres/" + kind.split(":")[0], "gres/" + kind:
                if name.lower() in tracked:
                    counts[name] = counts.get(name, 0) + len(idx)
    return ",".join(parts + [f"{name}={n}" for name, n in sorted(counts.items()) if n])


# ---- ends ----------------------------------------------------------------

def finish(ctl, job, now):
    """A job is over: job.state says how."""
    job.phase, job.end_time, job.kill_time = ENDED, now, 0
    if not job.start_time:
        job.start_time = 0
    job.final = ""
    ctl.store.update(job)
    if not ctl.store.meta("purge_due"):
        ctl.store.set_meta("purge_due", now + min_age(ctl) + 1)
    if job.mail_type:
        mail.ended(ctl, job)
    ctl.store.db.execute("DELETE FROM sleepers WHERE job_id=?", (job.id,))
    # a step whose srun was ended with the job cannot report any more
    ctl.store.db.execute("UPDATE steps SET state='CANCELLED', end_time=? "
                         "WHERE job_id=? AND state='RUNNING'", (now, job.id))
    if job.nodelist:
        marks = ",".join("?" * len(expand(job.nodelist)))
        ctl.store.db.execute(f"UPDATE nodes SET last_busy=? WHERE name IN ({marks})",
                             (now, *expand(job.nodelist)))


def fail_at_once(ctl, job, now):
    """A job that no node can ever serve has its id already: slurmctld refuses it, and keeps it
    as one that failed when it was submitted."""
    job.state, job.reason, job.exit_code = "FAILED", messages.BAD_CONSTRAINTS, 1
    job.start_time, job.accrue_time, job.dependency = now, 0, ""
    job.eligible_time = 0 if job.array_tasks else max(now, job.begin_time)
    ctl.store.insert(job)
    finish(ctl, job, now)
    ctl.dirty()                          # at its time somebody has to purge it


def terminate(ctl, job, now):
    """A running job begins to end as job.final; one without processes has ended."""
    if job.kind != SIMULATED and not job.het_offset and (job.kind != ALLOC or ctl.alive.holder(JOB + job.id)):
        begin_kill(ctl, job, now)
        return
    job.state = job.final
    if job.final == "TIMEOUT":
        job.reason = "TimeLimit"
    for step in ctl.store.steps(job.id):
        if step.state == "RUNNING" and step.pid:  # of an allocation without a shell
            ctl.store.when_committed(lambda pid=step.pid: ctl.alive.poke(STEP + pid))
    if job.final.startswith("REQUEUE"):
        ctl.store.update(job)
        back_to_queue(ctl, job, job.final == "REQUEUE_HOLD")
    else:
        finish(ctl, job, now)


def begin_kill(ctl, job, now):
    """A running job must end as job.final. Its owner is woken to send SIGCONT and SIGTERM;
    SIGKILL follows after KillWait."""
    job.state = "COMPLETING"
    job.end_time = now
    job.kill_time = now + int(ctl.config.get("KillWait", 30))
    ctl.store.update(job, "state", "final", "end_time", "kill_time", "cancelled_by")
    ctl.store.when_committed(lambda: ctl.alive.poke(JOB + job.id))


def kill_hard(ctl, job):
    """KillWait is over."""
    import _signal

    from .processes import signal_job
    signal_job(ctl, job, _signal.SIGKILL, full=True)
    job.kill_time = 0
    ctl.store.update(job, "kill_time")


def end_job(ctl, job, status, now):
    """The owner reports that the processes of a job are gone."""
    job.exit_code = status
    if job.final:
        job.state = job.final
    else:
        job.state = "FAILED" if status else "COMPLETED"
        if status and job.reason != "JobLaunchFailure":
            job.reason = "JobLaunchFailure" if status == LAUNCH_FAILURE else "NonZeroExitCode"
    if job.state == "TIMEOUT":
        job.reason = "TimeLimit"
    elif job.state == "NODE_FAIL":
        job.reason, job.exit_code = "NodeDown", 0
    if job.state in ("REQUEUED", "REQUEUE_HOLD"):
        back_to_queue(ctl, job, job.state == "REQUEUE_HOLD")
    else:
        end = job.end_time if job.final else now
        finish(ctl, job, max(now, end) if not job.final else now)
    if job.het_id and not job.het_offset:
        from .het import end_others
        end_others(ctl, job, now)


def back_to_queue(ctl, job, hold=False):
    """A job that was requeued waits again, with the same id; held if so asked."""
    from . import admit
    if job.mail_type:
        mail.requeued(ctl, job, ctl.now - job.start_time if job.start_time else 0)
    keep_run(ctl, job)
    if job.phase < ENDED:
        job.exit_code = 0                # that of a job which had ended stays, for now
    job.hold = "user" if hold else job.hold
    ctl.store.db.execute("DELETE FROM sleepers WHERE job_id=?", (job.id,))
    job.phase, job.state, job.final = PENDING, "PENDING", ""
    job.restarts += 1
    # Slurm waits a little before a requeued job may start again (two minutes)
    job.begin_time = max(job.begin_time, ctl.now + 121)
    job.submit_time = ctl.now if ctl.now > job.submit_time else ctl.now + 1
    job.reason = (messages.REQUEUED_HELD if hold else "JobHeldUser" if job.hold else "BeginTime")
    job.priority = 0 if job.hold else admit.priority(ctl, job)
    job.start_time = job.end_time = job.eligible_time = job.kill_time = 0
    job.nodelist = job.alloc = job.alloc_tres = job.batch_host = ""
    job.num_nodes, job.launched, job.next_step = 0, 0, 0
    job.warn_time = job.mail_time = job.preempt_time = 0
    ctl.store.update(job)


def keep_run(ctl, job):
    """What the job has run so far stays in accounting, as a record of its own."""
    if job.phase >= ENDED:
        ctl.store.keep_run(job.copy(state="REQUEUED"))
    elif job.start_time:
        failed = job.failed_node or not job.state.startswith("REQUEUE")
        ctl.store.keep_run(job.copy(phase=ENDED, state="NODE_FAIL" if failed else "REQUEUED",
                                    end_time=ctl.now, exit_code=0))


def purge(ctl, now):
    """Jobs leave the queue MinJobAge after their end; AccountingStoreFlags says what is kept of
    their scripts. All that have ended are looked at: once in a second is enough."""
    if ctl.store.meta("purged_at") == now:
        return
    ctl.store.set_meta("purged_at", now)
    flags = ctl.config.get("AccountingStoreFlags", "").lower()
    oldest = ctl.store.purge(now - min_age(ctl), "job_script" in flags or "job_env" in flags)
    ctl.store.set_meta("purge_due", oldest and oldest + min_age(ctl) + 1)


def min_age(ctl):
    """Seconds that a job stays in the queue after its end (MinJobAge)."""
    return int(ctl.config.get("MinJobAge", 300))


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
            job.state = job.final or ("NODE_FAIL" if job.kind == "batch" else "CANCELLED")
            finish(ctl, job, now)
        if job.het_id:
            from .het import end_others
            end_others(ctl, job, now)


def end_orphans(ctl, job):
    """Kill what a job left whose owner was killed, and remove its spool folder.

    A child that was being started as the owner died gives up by itself, or bears the job's
    mark a moment later; others may fork while they are looked for.
    """
    import _signal

    from .processes import marked, send
    for _ in range(100):
        found = marked(ctl.state, job.id)
        send(found, _signal.SIGKILL)
        time.sleep(0.01)
        if not found:
            break
    if job.kind == "batch":
        remove_spool(ctl.state, job)


def remove_spool(state, job):
    """Remove the folder in which a batch job's script lay."""
    folder = spool(state, job)
    try:
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        os.rmdir(folder)
    except OSError:
        # there is none, or whoever runs the job next has just made it
        return


def spool(state, job):
    """The folder of a running batch job's script."""
    return os.path.join(state, "spool", job.batch_host, f"job{job.id:05d}")
