"""What happens by itself as time passes: starts, ends, time limits, other people's jobs.

`advance` brings the cluster from where it was to `now`, one moment after the other,
inside one transaction.  Real jobs only get marked here: supervisors run them.
"""

from . import arrays, dependency
from .alive import JOB
from .hostlist import expand
from .model import ACTIVE, ENDED, PENDING, SIMULATED, Job, pack_alloc
from .placement import whole_nodes
from .scheduler import plan

# The status of a batch script that could not be given its files or folder ("0:53").
LAUNCH_FAILURE = 53

# Jobs tested for a start in one pass (SchedulerParameters=default_queue_depth).
DEPTH = 100


def advance(ctl, now):
    """Do everything that is due up to `now`, then schedule once more at `now`."""
    cluster = None
    reap(ctl, now)
    while True:
        moment = next_time(ctl)
        if moment is None or moment > now:
            break
        cluster = cluster or ctl.cluster(moment)
        cluster.now = moment
        happen(ctl, cluster, moment)
        schedule(ctl, cluster, moment)
    cluster = cluster or ctl.cluster(now)
    cluster.now = now
    purge(ctl, now)
    schedule(ctl, cluster, now)
    upcoming = next_time(ctl)
    ctl.store.set_meta("next_event", upcoming if upcoming is not None else 1 << 60)


def next_time(ctl):
    """When the next thing happens by itself; None if nothing will."""
    ask = ctl.store.db.execute
    done = ctl.store.meta("last_moment", 0)
    times = [
        ask("SELECT MIN(start_time + sim_seconds) FROM jobs WHERE phase=1 AND kind=?",
            (SIMULATED,)).fetchone()[0],
        ask("SELECT MIN(end_time) FROM jobs WHERE phase=1 AND kind<>? AND state='RUNNING' "
            "AND end_time>0", (SIMULATED,)).fetchone()[0],
        ask("SELECT MIN(warn_time) FROM jobs WHERE phase=1 AND state='RUNNING' "
            "AND warn_time>0").fetchone()[0],
        ask("SELECT MIN(kill_time) FROM jobs WHERE phase=1 AND state='COMPLETING' "
            "AND kill_time>0").fetchone()[0],
        ask("SELECT MIN(begin_time) FROM jobs WHERE phase=0 AND begin_time>?",
            (done,)).fetchone()[0],
        ask("SELECT MIN(deadline) FROM jobs WHERE phase=0 AND deadline>0").fetchone()[0],
        ask("SELECT MIN(start_time) FROM reservations WHERE start_time>?", (done,)).fetchone()[0],
        ask("SELECT MIN(end_time) FROM reservations WHERE end_time>?", (done,)).fetchone()[0],
        ctl.store.meta("load_next"),
    ]
    if ask("SELECT 1 FROM jobs WHERE phase=0 AND dependency LIKE '%after:%+%' LIMIT 1").fetchone():
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
    for job in store.select(Job, "WHERE phase=1 AND kind<>? AND state='RUNNING' AND end_time>0 "
                            "AND end_time<=? ORDER BY id", (SIMULATED, moment)):
        job.final = "TIMEOUT"
        begin_kill(ctl, job, moment)
    for job in store.select(Job, "WHERE phase=1 AND state='COMPLETING' AND kill_time>0 "
                            "AND kill_time<=?", (moment,)):
        kill_hard(ctl, job)
    for job in store.select(Job, "WHERE phase=0 AND deadline>0 AND deadline<=?", (moment,)):
        job.state, job.reason = "DEADLINE", "None"
        finish(ctl, job, moment)
    while (ctl.store.meta("load_next") or moment + 1) <= moment:
        from .simulate import arrive
        arrive(ctl, cluster, moment)
    store.set_meta("last_moment", moment)


# ---- scheduling ----------------------------------------------------------

def schedule(ctl, cluster, now):
    """Let the scheduler decide about the queue and carry out what it says."""
    store, ready = ctl.store, []
    for job in store.pending(10 * DEPTH):
        reason = waits_for(ctl, cluster, job, now)
        if reason:
            if reason != job.reason:
                job.reason, job.expected_start, job.sched_nodes = reason, 0, ""
                store.update(job, "reason", "expected_start", "sched_nodes")
            continue
        if not job.eligible_time:
            job.eligible_time = job.accrue_time = now
            store.update(job, "eligible_time", "accrue_time")
        ready.append(job)
        if len(ready) >= DEPTH:
            break
    if not ready:
        return

    horizon = now + window(ctl.config)
    for decision in plan(cluster, ready):
        job = decision.job
        if decision.expected > horizon:
            decision.expected, decision.nodes = 0, ""
        if decision.shares:
            if decision.task is not None:
                job = arrays.split(store, job, decision.task)
            start(ctl, cluster, job, decision, now)
        elif (job.reason, job.expected_start) != (decision.reason, decision.expected):
            job.reason = decision.reason
            job.expected_start, job.sched_nodes = decision.expected, decision.nodes
            job.last_sched_eval = now
            store.update(job, "reason", "expected_start", "sched_nodes", "last_sched_eval")


def window(config):
    """How many seconds ahead starts are foretold (SchedulerParameters=bf_window)."""
    for word in config.get("SchedulerParameters", "").split(","):
        key, _, value = word.partition("=")
        if key == "bf_window" and value.isdecimal():
            return int(value) * 60
    return 86400


def waits_for(ctl, cluster, job, now):
    """Why a pending job is not to be looked at now; "" if it may start."""
    if not job.priority:
        return job.reason if job.reason.startswith(("JobHeld", "launch")) else "JobHeldUser"
    if job.begin_time > now:
        return "BeginTime"
    verdict, left = dependency.state(job, now, lambda i, t: find_jobs(ctl, i, t))
    if job.dependency and left != job.dependency:
        job.dependency = left
        ctl.store.update(job, "dependency")
    if verdict == dependency.NEVER:
        if job.kill_invalid_dep == "yes":
            job.state = "CANCELLED"
            finish(ctl, job, now)
        return "DependencyNeverSatisfied"
    if verdict == dependency.WAITING:
        return "Dependency"
    if job.reservation and not any(r.name == job.reservation and r.start_time <= now < r.end_time
                                   for r in cluster.reservations):
        return "Reservation"
    if (job.array_limit and job.array_tasks
            and arrays.running(cluster, job.array_id) >= job.array_limit):
        return "JobArrayTaskLimit"
    return ""


def find_jobs(ctl, job_id, task):
    """The jobs a dependency means (see dependency.state)."""
    if job_id is None:
        rivals = ctl.store.select(Job, "WHERE phase<2 AND name=? AND uid=? AND id<>?",
                                  (task.name, task.uid, task.id))
        return [r for r in rivals if not (task.array_id and r.array_id == task.array_id)
                and (r.phase == ACTIVE or r.id < task.id)]
    array = ctl.store.array_jobs(job_id)
    if task is not None:
        return ([j for j in array if j.array_task == task]
                or [j for j in array if j.array_tasks and task in arrays.unpack(j.array_tasks)])
    if array:
        return array
    job = ctl.store.job(job_id)
    return [job] if job else []


def start(ctl, cluster, job, decision, now):
    """A job gets its nodes."""
    shares, part = decision.shares, cluster.parts[decision.part]
    job.phase, job.state, job.reason = ACTIVE, "RUNNING", "None"
    job.start_time = now
    if job.kind != SIMULATED and not ctl.clock.stepping:
        job.start_time = max(now, ctl.now)
    job.partition, job.alloc = part.name, pack_alloc(shares)
    if whole_nodes(job, part, ctl.config):
        job.exclusive = "exclusive"
    if job.time_limit is None or job.time_limit < 0:
        job.time_limit = part.default_time or part.max_time or -1
    job.end_time = job.start_time + job.time_limit * 60 if job.time_limit > 0 else 0
    job.warn_time = warning(job)
    job.nodelist = fold_names(shares)
    job.num_nodes, job.num_cpus = len(shares), sum(s.cpus for s in shares)
    job.batch_host, job.last_sched_eval = shares[0].node, now
    job.expected_start, job.sched_nodes, job.launched = 0, "", 0
    job.alloc_tres = tres_text(shares, job)
    ctl.store.update(job)


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


def tres_text(shares, job, billing=True):
    """What a job holds, as TRES=cpu=24,mem=500G,node=1,billing=24,gres/gpu=1 (a step's is
    without `billing`)."""
    from .units import memory_text
    cpus, mem = sum(s.cpus for s in shares), sum(s.mem for s in shares)
    parts = [f"cpu={cpus}"]
    if mem:
        parts.append(f"mem={memory_text(mem)}")
    parts.append(f"node={len(shares)}")
    if billing:
        parts.append(f"billing={cpus}")
    counts = {}
    for share in shares:
        for kind, idx in share.gres.items():
            name = "gres/" + kind.split(":")[0]
            counts[name] = counts.get(name, 0) + len(idx)
    return ",".join(parts + [f"{name}={n}" for name, n in sorted(counts.items())])


# ---- ends ----------------------------------------------------------------

def finish(ctl, job, now):
    """A job is over: job.state says how."""
    job.phase, job.end_time, job.kill_time = ENDED, now, 0
    if not job.start_time:
        job.start_time = 0
    job.final = ""
    ctl.store.update(job)
    ctl.store.db.execute("DELETE FROM sleepers WHERE job_id=?", (job.id,))
    if job.nodelist:
        marks = ",".join("?" * len(expand(job.nodelist)))
        ctl.store.db.execute(f"UPDATE nodes SET last_busy=? WHERE name IN ({marks})",
                             (now, *expand(job.nodelist)))


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
        if status:
            job.reason = "JobLaunchFailure" if status == LAUNCH_FAILURE else "NonZeroExitCode"
    if job.state == "TIMEOUT":
        job.reason = "TimeLimit"
    if job.state in ("REQUEUED", "REQUEUE_HOLD"):
        job.hold = "user" if job.state == "REQUEUE_HOLD" else job.hold
        back_to_queue(ctl, job)
        return
    end = job.end_time if job.final else now
    finish(ctl, job, max(now, end) if not job.final else now)


def back_to_queue(ctl, job):
    """A job that was requeued waits again, with the same id."""
    from . import admit
    ctl.store.db.execute("DELETE FROM steps WHERE job_id=?", (job.id,))
    ctl.store.db.execute("DELETE FROM sleepers WHERE job_id=?", (job.id,))
    job.phase, job.state, job.final = PENDING, "PENDING", ""
    job.restarts += 1
    # Slurm waits a little before a requeued job may start again (two minutes)
    job.begin_time = max(job.begin_time, ctl.now + 121)
    job.submit_time = ctl.now if ctl.now > job.submit_time else ctl.now + 1
    job.reason = "JobHeldUser" if job.hold else "BeginTime"
    job.priority = 0 if job.hold else admit.priority(ctl, job)
    job.start_time = job.end_time = job.eligible_time = job.kill_time = 0
    job.nodelist = job.alloc = job.alloc_tres = job.batch_host = ""
    job.num_nodes, job.launched, job.next_step, job.exit_code = 0, 0, 0, 0
    job.warn_time = 0
    ctl.store.update(job)


def purge(ctl, now):
    """Jobs leave the queue MinJobAge after their end."""
    ctl.store.purge(now - int(ctl.config.get("MinJobAge", 300)))


def reap(ctl, now):
    """Jobs whose owner was killed: the node failed them."""
    for job in ctl.store.select(Job, "WHERE phase=1 AND launched=1 AND kind<>?", (SIMULATED,)):
        if ctl.alive.holder(JOB + job.id):
            continue
        kill_hard(ctl, job)
        for step in ctl.store.steps(job.id):
            if step.state == "RUNNING":
                step.state, step.end_time = "CANCELLED", now
                ctl.store.insert(step)
        if job.kind == "batch" and job.requeue and not job.final:
            back_to_queue(ctl, job)
        else:
            job.state = job.final or ("NODE_FAIL" if job.kind == "batch" else "CANCELLED")
            finish(ctl, job, now)
