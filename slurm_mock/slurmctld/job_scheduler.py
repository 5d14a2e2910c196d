"""The queue: which waiting jobs the scheduler gets to see, and what becomes of its decisions.

The queue is read by its index, never whole: a pass looks at default_queue_depth jobs, and
every bf_interval seconds one looks deeper, at bf_max_job_test of them, and foretells their
starts.  Source: slurm.conf(5), SchedulerParameters.
"""

from ..conf.params import enforced, parameter
from ..store import queue as job_queue
from . import dependency, job_mgr, mail
from .backfill import PLANNED, plan
from .dependency import find_jobs
from .job_mgr import note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..common.records import Job
    from .cluster import Cluster
    from .state import State

# Waiting for one of these a job is no rival to the others.
PASSED_OVER = ("PartitionDown", "PartitionInactive", "PartitionNodeLimit", "PartitionTimeLimit",
               "MaxMemPerLimit")
# Rounds in which the queue is read further, without the partitions that were seen to be full.
ROUNDS = 4


def schedule(ctl: "State", cluster: "Cluster", now: int, seen: bool = True) -> None:
    """Let the scheduler decide about the queue and carry out what it says.

    seen: may somebody look at the result? Else starts need not be foretold.
    """
    dependents(ctl, now)
    alone(ctl, cluster, now, seen)
    throttled(ctl, now)
    if job_queue.components_wait(ctl.store):
        from . import het_job
        het_job.schedule(ctl, cluster, now)


def throttled(ctl, now):
    """Tasks of arrays that were put back into the queue, to start later: as long as others of the
    array take all the room that its limit gives, they wait for that."""
    for job in job_queue.tasks_put_back(ctl.store, now):
        running = job_queue.running_tasks(ctl.store, job.array_id)
        note(ctl, job, "JobArrayTaskLimit" if running >= job.array_limit else "BeginTime")


def alone(ctl, cluster, now, seen):
    """The jobs of one component each."""
    store = ctl.store
    last = store.meta("last_backfill", 0)
    deep = not 0 <= now - last < parameter(ctl.config, "bf_interval")
    ready = queue(ctl, cluster, now, parameter(
        ctl.config, "bf_max_job_test" if deep else "default_queue_depth"))
    moment = ctl.clock.now()
    ready = [job for job in ready if job.start_after <= moment and not too_late(ctl, job, now)]
    if not ready:
        return
    foretell = seen and (deep or len(ready) <= PLANNED)
    horizon = now + parameter(ctl.config, "bf_window") * 60
    allowance = preemption = None
    if not ctl.config.get("PreemptType", "preempt/none").endswith("none"):
        from .preempt import Preemption
        preemption = Preemption.of(ctl)
    if "limits" in enforced(ctl.config):
        from .limits import ledger
        allowance = ledger(ctl, cluster)
    for decision in plan(cluster, ready, depth=5 * PLANNED if deep else PLANNED,
                         foretell=foretell, limits=allowance,
                         preemption=preemption):
        carry_out(ctl, cluster, decision, now, horizon)
        for victim in decision.victims:
            push_out(ctl, cluster, preemption, victim, now)
    if deep:
        store.set_meta("last_backfill", now)
    if seen:
        store.set_meta("backfill_due",
                       0 if foretell else last + parameter(ctl.config, "bf_interval"))


def too_late(ctl, job, now):
    """End a job that can't be done by its --deadline any more; was it one?"""
    minutes = job.time_min or job.time_limit or 0
    if not job.deadline or minutes <= 0 or now + minutes * 60 <= job.deadline:
        return False
    from .job_mgr import finish
    job.reason, job.exit_code = "DeadLine", 1
    finish(ctl, job, "DEADLINE", now)
    return True


def carry_out(ctl, cluster, decision, now, horizon):
    """Start the job, or write down why it waits and until when."""
    from .job_mgr import start
    job = decision.job
    if decision.shares:
        if decision.task is not None:
            job = job_mgr.split(ctl.store, job, decision.task)
            decision.running.id = job.id
        start(ctl, cluster, job, decision, now)
        return
    if decision.expected is None:
        decision.expected, decision.nodes = job.expected_start, job.sched_nodes
    elif decision.expected > horizon:
        decision.expected, decision.nodes = 0, ""
    if (job.reason, job.expected_start) != (decision.reason, decision.expected):
        job.reason = decision.reason
        job.expected_start, job.sched_nodes = decision.expected, decision.nodes
        job.last_sched_eval = now
        ctl.store.update(job, "reason", "expected_start", "sched_nodes", "last_sched_eval")


def push_out(ctl, cluster, preemption, job, now):
    """A running job has to make room: after its grace it is requeued or ends."""
    from .job_mgr import terminate
    job = ctl.store.job(job.id)
    if job is None or job.state != "RUNNING" or job.preempt_time:
        return
    job.preempt_time = now
    grace = preemption.grace(cluster, job)
    if grace:
        job.end_time = min(job.end_time or now + grace, now + grace)
        ctl.store.update(job, "preempt_time", "end_time")
        return
    job.final = "REQUEUED" if preemption.mode(cluster, job) == "REQUEUE" else "PREEMPTED"
    ctl.store.update(job, "preempt_time")
    terminate(ctl, job, now)


def queue(ctl, cluster, now, depth):
    """Up to `depth` jobs that nothing but resources keeps from starting, the first first."""
    store, found, full = ctl.store, [], []
    for _ in range(ROUNDS):
        jobs = job_queue.build_job_queue(store, now, depth, full)
        for job in jobs:
            reason = waits_for(cluster, job, now)
            if reason:
                note(ctl, job, reason)
                continue
            if not job.eligible_time:
                job.eligible_time = job.accrue_time = now
                store.update(job, "eligible_time", "accrue_time")
            found.append(job)
        if len(jobs) < depth:
            break
        full += sorted({job.partition for job in jobs})
    return found


def first_in_line(ctl: "State", job: "Job") -> bool:
    """Does no job of higher priority wait for nodes that this new one may use?

    Only then does slurmctld try to start it at once (top_priority in job_mgr.c); else it waits
    for the next pass of the scheduler, even if there is room for it.
    """
    rivals = {names for names, reason, reserved in job_queue.rivals(ctl.store, job, ctl.now)
              if reason not in PASSED_OVER and reserved == bool(job.reservation)}
    if not rivals:
        return True
    parts = ctl.parts()
    mine = nodes_of(parts, job.partition)
    return not any(mine & nodes_of(parts, names) for names in rivals)


def nodes_of(parts, names):
    """Names of the nodes in these partitions ("a,b")."""
    return set().union(*(parts[name].node_set for name in names.split(",") if name in parts))


def waits_for(cluster, job, now):
    """Why the scheduler need not look at a job, though it is free to run; "" if it must."""
    if job.reservation and not any(r.name == job.reservation and r.start_time <= now < r.end_time
                                   for r in cluster.reservations):
        return "Reservation"
    return ""


def dependents(ctl, now):
    """Look at the jobs that wait for others: those for which the waiting is over lose their
    dependency and stand in the queue from then on."""
    from .job_mgr import finish
    for job in job_queue.dependents(ctl.store):
        verdict, left = dependency.state(job, now, lambda i, t: find_jobs(ctl, i, t))
        if left != job.dependency:
            job.dependency = left
            ctl.store.update(job, "dependency")
        if verdict == dependency.NEVER:
            if job.kill_invalid_dep == "yes":
                finish(ctl, job, "CANCELLED", now)
            elif job.reason != "DependencyNeverSatisfied":
                mail.never_starts(ctl, job)
            note(ctl, job, "DependencyNeverSatisfied")
        elif verdict == dependency.WAITING:
            note(ctl, job, "Dependency")
        elif job.begin_time > now:
            note(ctl, job, "BeginTime")
