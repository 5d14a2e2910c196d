"""The scheduler: which pending jobs start now, and why the others wait.

What is decided follows from the Cluster that is handed in, which has the time; the store is
neither read nor written.  The Cluster changes: what starts is entered in it (and in the Ledger of
the limits), and what was worked out of nodes and partitions is kept in `cluster.known`.  Jobs are
looked at by priority; one that does not fit gets a planned start and keeps its nodes from then on;
those behind it may start now where that delays nobody before them (backfill).  Source:
slurm.conf(5), sched/backfill, and the pending reasons of squeue(1).
"""

from ..common import job_array
from ..common.hostlist import expand, fold
from ..common.records import ACTIVE, SIMULATED, cpus_asked, minutes_asked, pack_alloc
from ..common.tres import held_tres, max_tres
from ..conf.params import multifactor
from ..slurmdbd.assoc_mgr import barred
from . import licenses
from .select_nodes import candidates, place, too_much_memory, whole_nodes
from .timeline import FAR, Timeline, reserved, seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..common.records import Job, Share
    from .cluster import Cluster, Part

# Waiting jobs for which a start is planned in one pass.
PLANNED = 20
BUSY = "busy"
UNAVAILABLE = ("Nodes required for job are DOWN, DRAINED or reserved for jobs in higher "
               "priority partitions")

# Two jobs that agree in these fit, or do not fit, alike.
LIKENESS = (
    "partition", "reservation", "time_limit", "min_nodes", "max_nodes", "nodes_given", "ntasks",
    "ntasks_given", "cpus_per_task", "ntasks_per_node", "min_cpus_node", "sockets_per_node",
    "cores_per_socket", "threads_per_core", "mem_per_node", "mem_per_cpu", "min_tmp_disk", "gres",
    "tres_per_job", "features", "req_nodes", "exc_nodes", "exclusive", "overcommit")


class Decision:
    """What to do with a job: start it (`shares` on partition `part`; of an array record
    only the task `task`), or let it wait for `reason`, expected to start at `expected`
    on `nodes` (0 and "" when not known; None where nobody looked).  `running` is what was
    entered in the cluster for it: a task of an array still has its record's id there.
    `victims` are running jobs that have to make room for it."""

    __slots__ = ("job", "shares", "part", "task", "reason", "expected", "nodes", "running",
                 "victims")

    def __init__(self, job: "Job", shares: "list[Share] | None" = None, part: str = "",
                 task: "int | None" = None, reason: str = "", expected: "int | None" = 0,
                 nodes: str = "") -> None:
        self.job, self.shares, self.part, self.task = job, shares, part, task
        self.reason, self.expected, self.nodes = reason, expected, nodes
        self.running, self.victims = None, ()


def plan(cluster, pending, depth=PLANNED, foretell=True, limits=None, preemption=None):
    """Decide on `pending`, jobs that are free to run, highest priority first.

    Of an array record several tasks may start, each by a decision of its own.  The
    starts are entered in `cluster`.  The first `depth` of those that wait get a planned
    start; without `foretell` only where a job behind them could start now.  limits: who may
    have how much (limits.Ledger), None if everybody may have all.  preemption: who pushes out
    whom (preempt.Preemption), None if nobody does.
    """
    return Pass(cluster, depth, limits, preemption).run(pending, foretell)


class Pass:
    """One look at the queue."""

    def __init__(self, cluster, depth=PLANNED, limits=None, preemption=None):
        self.cluster, self.depth, self.limits = cluster, depth, limits
        self.preemption, self.victims = preemption, ()
        self.planned = []            # (nodes, from, to) that jobs further ahead will have
        self.unplanned = {}          # neighbourhood -> decisions for which that is to be worked out
        self.failed = {}             # likeness -> why such a job does not start now
        self.waiting_in = set()      # partitions in which a job waits for resources
        self.asked = 0
        self.timeline = None
        self.around = neighbourhoods(cluster)
        self.undivided = self.trial = False
        self.licenses = licenses.free(cluster.config, cluster.active)
        self.tasks = {}              # array id -> tasks that hold nodes
        for job in cluster.active:
            if job.array_id:
                self.tasks[job.array_id] = self.tasks.get(job.array_id, 0) + 1

    def run(self, pending, foretell):
        """The Decisions on `pending`, one behind the other; arguments as of plan."""
        decisions = []
        self.undivided = any("," in job.partition for job in pending)
        for job in pending:
            parts = partitions(self.cluster, job)
            tasks = job_array.unpack(job.array_tasks) or [None]
            reason, self.victims = "", ()
            while tasks and not reason:
                if (job.array_limit
                        and self.tasks.get(job.array_id, 0) >= job.array_limit):
                    reason = "JobArrayTaskLimit"
                    break
                part, shares, reason = self.try_within_limits(job, parts)
                if shares:
                    task = tasks.pop(0)
                    decisions.append(Decision(job, shares, part.name, task))
                    decisions[-1].running = self.enter(job, task, shares, part)
            if reason or tasks:
                decisions.append(self.wait(job, parts, reason))
        for around in list(self.unplanned) if foretell else ():
            self.look_ahead(around)
        return decisions

    def wait(self, job, parts, reason):
        """The decision that a job waits."""
        decision = Decision(job, reason=reason)
        if reason == BUSY:
            first = not any(p.name in self.waiting_in for p in parts)
            self.waiting_in.update(p.name for p in parts)
            decision.reason = (self.unavailable(job, parts) or "Resources") if first else "Priority"
            decision.expected = None
            decision.victims, self.victims = self.victims, ()
            if self.asked < self.depth:
                self.asked += 1
                self.unplanned.setdefault(self.neighbourhood(parts), []).append((decision, parts))
        return decision

    def try_within_limits(self, job, parts):
        """try_job, if licenses are left and the limits of accounts and QOS allow it."""
        if job.licenses and not licenses.take(dict(self.licenses), job.licenses):
            return None, None, "Licenses"
        if self.limits is None or not parts:
            return self.try_job(job, parts)
        why = self.limits.before(job, seconds(job, parts[0]) // 60)
        if why:
            return None, None, why
        part, shares, reason = self.try_job(job, parts)
        if shares:
            length = seconds(job, part)
            bill = part.weights, max_tres(self.cluster.config)
            tres = held_tres(shares, *bill)
            why = self.limits.after(job, tres, [s.node for s in shares], length // 60,
                                    [held_tres([s], *bill) for s in shares])
            if why:
                return None, None, why
            self.limits.add(job, tres, [s.node for s in shares], length)
        return part, shares, reason

    def try_job(self, job, parts):
        """Fit the job into one of its partitions now: (part, shares, ""), or (None, None, why not)."""
        like = tuple([getattr(job, name) for name in LIKENESS])
        if self.preemption or any(part.restricted for part in parts):
            like += (job.account, job.qos)
        if like in self.failed:
            return None, None, self.failed[like]
        found = self.try_parts(job, parts)
        around = self.neighbourhood(parts)
        if found[1] and around in self.unplanned:
            # it fits: but perhaps only on what the jobs before it are going to need
            self.look_ahead(around)
            found = self.try_parts(job, parts)
        if not found[1]:
            self.failed[like] = found[2]
        return found

    def try_parts(self, job, parts):
        """(partition, shares, "") of the first of `parts` where the job can start now, else (None,
        None, why not). Who could be pushed out for it is noted in `victims`."""
        reason = ""
        for part in parts:
            why = closed(self.cluster, job, part, self.trial)
            if not why:
                blocked = kept(self.cluster, job, part, self.planned)
                shares = self.room(self.cluster, job, part, blocked) and place(
                    self.cluster, job, part, blocked, trial=self.trial)
                if shares:
                    return part, shares, ""
                if self.preemption and not self.victims:
                    self.victims = self.preemption.victims(self.cluster, job, part, blocked)
                why = BUSY
            if reason != BUSY:
                reason = why
        return None, None, reason or "PartitionConfig"

    def room(self, picture, job, part, blocked):
        """Are there nodes enough? A quick look before the long one."""
        free = candidates(picture, job, part).up & ~blocked
        if whole_nodes(job, part, picture.config):
            free &= ~picture.busy()
        return free.bit_count() >= job.min_nodes

    def look_ahead(self, around):
        """Plan the starts of those that wait so far in a neighbourhood, in their order."""
        for decision, parts in self.unplanned.pop(around):
            expected, names, part = self.earliest(decision.job, parts)
            decision.expected, decision.nodes = expected, fold(names)
            if expected:
                self.planned.append((self.cluster.mask(names), expected,
                                     expected + seconds(decision.job, part)))

    def neighbourhood(self, parts):
        """Jobs of different neighbourhoods never want the same node."""
        return 0 if self.undivided or not parts else self.around[parts[0].name]

    def earliest(self, job, parts):
        """(time, node names, part) of the first moment at which the job fits; (0, [], None) if
        none is known."""
        cluster = self.cluster
        if self.timeline is None:
            self.timeline = Timeline(cluster)
        timeline = self.timeline
        moments = sorted(
            timeline.ends() | {stop for _, _, stop in self.planned}
            | {when for res in cluster.reservations for when in (res.start_time, res.end_time)
               if when > cluster.now})
        tried = {}                   # part -> (mask, index) that was not enough
        parts = [part for part in parts if not closed(cluster, job, part, self.trial)]
        for when in moments:
            if when >= FAR // 2:
                break
            picture, index = timeline.at(when)
            for part in parts:
                blocked = kept(cluster, job, part, self.planned, when)
                possible = candidates(cluster, job, part)
                free = possible.up & ~blocked
                if whole_nodes(job, part, cluster.config):
                    free &= ~picture.busy()
                    if free.bit_count() < job.min_nodes:
                        continue
                before, at = tried.get(part.name, (-1, 0))
                if free == before and not timeline.freed_between(at, index) & possible.mask:
                    continue
                shares = place(picture, job, part, blocked, trial=self.trial)
                if shares:
                    return when, [s.node for s in shares], part
                tried[part.name] = free, index
        return 0, [], None

    def unavailable(self, job, parts):
        """The reason that names nodes which are down or drained, when they are why it waits."""
        cluster = self.cluster
        if job.req_nodes:
            bad = [n for n in expand(job.req_nodes)
                   if n in cluster.nodes and not cluster.takes_work(cluster.nodes[n])]
            if bad:
                return f"ReqNodeNotAvail, UnavailableNodes:{fold(bad)}"
            if any(self.kept_for_others(res, job, part) for res in cluster.reservations
                   for part in parts[:1]):
                return "ReqNodeNotAvail, May be reserved for other job"
        idle = cluster.twin(FAR, {})
        for part in parts:
            if (candidates(cluster, job, part).up.bit_count() >= job.min_nodes
                    and place(idle, job, part)):
                return ""
        if not any(place(cluster, job, part, empty=True) for part in parts):
            return "PartitionConfig"
        return UNAVAILABLE

    def kept_for_others(self, res, job, part):
        """Does a reservation of others hold a node that the job must have, before it would end?"""
        now = self.cluster.now
        return (res.name != job.reservation and res.end_time > now
                and res.start_time < now + seconds(job, part)
                and not set(expand(job.req_nodes)).isdisjoint(expand(res.nodes)))

    def enter(self, job, task, shares, part):
        """Put a start into the picture, for the jobs that come after it."""
        cluster = self.cluster
        running = job.copy(
            alloc=pack_alloc(shares), partition=part.name, start_time=int(cluster.now),
            state="RUNNING", phase=ACTIVE, array_task=task if task is not None else job.array_task,
            exclusive="exclusive" if whole_nodes(job, part, cluster.config) else job.exclusive)
        cluster.occupy(running)
        if job.licenses:
            licenses.take(self.licenses, job.licenses)
        if job.array_id:
            self.tasks[job.array_id] = self.tasks.get(job.array_id, 0) + 1
        self.timeline = None
        return running


def neighbourhoods(cluster):
    """{partition: mask of the nodes that hang together with its own through other partitions}."""
    found = cluster.known.get("neighbourhoods")
    if found is None:
        masks = {part.name: cluster.mask(part.node_names) for part in cluster.parts.values()}
        groups = []
        for mask in masks.values():
            for group in groups:
                mask |= group if group & mask else 0
            groups = [g for g in groups if not g & mask] + [mask]
        found = {name: next((g for g in groups if g & mask), 0) for name, mask in masks.items()}
        cluster.known["neighbourhoods"] = found
    return found


def foretell(cluster: "Cluster", job: "Job") -> "Any":
    """When and where one job could start if nobody else waited: (time, node names), (0, [])."""
    look = Pass(cluster)
    look.trial = True
    parts = partitions(cluster, job)
    part, shares, _ = look.try_parts(job, parts)
    if shares:
        return cluster.now, [s.node for s in shares]
    when, names, part = look.earliest(job, parts)
    return when, names


def partitions(cluster: "Cluster", job: "Job") -> "list[Part]":
    """The partitions that a job may use, in the order in which it is tried there: the highest tier
    first; then that in which a batch job has the highest priority (others begin at once, before
    they have one)."""
    parts = [cluster.parts[name] for name in job.partition.split(",") if name in cluster.parts]
    if len(parts) > 1:
        counts = (job.batch_flag and multifactor(cluster.config)
                  and cluster.config.get("PriorityWeightPartition", "0") != "0")
        parts.sort(key=lambda p: (-p.priority_tier, -p.priority_factor if counts else 0))
    return parts


def closed(cluster: "Cluster", job: "Job", part: "Part", trial: bool = False) -> str:
    """Why the partition as such takes this job not at all now; "" if it does. trial: for --test-only, which
    asks neither whether the partition is up nor for its time limit nor who may use it."""
    if part.state == "INACTIVE":
        return "PartitionInactive"
    if part.state == "DOWN" and not trial:
        return "PartitionDown"
    if part.restricted and job.kind != SIMULATED and not trial:
        why = barred(part, job.account, job.qos)
        if why:
            return why[1]
    if cpus_asked(job) > cluster.cpus_of(part):
        return "PartitionConfig"
    most = len(part.node_names) if part.max_nodes is None else part.max_nodes
    named = len(expand(job.req_nodes)) if job.req_nodes else 0
    if max(job.min_nodes, named) > min(most, len(part.node_names)):
        return "PartitionNodeLimit"
    if not trial and part.max_time is not None and (job.time_min or minutes_asked(job)) > part.max_time:
        return "PartitionTimeLimit"
    if too_much_memory(job, part, cluster.config):
        return "MaxMemPerLimit"
    return ""


def kept(cluster: "Cluster", job: "Job", part: "Part", planned: "Any",
         now: "int | None" = None) -> int:
    """Mask of nodes this job may not start on `now`: other people's reservations, and
    nodes that a job before it will need before this one would end."""
    now = cluster.now if now is None else now
    end = now + seconds(job, part)
    mask, own = 0, 0
    for res in cluster.reservations:
        if res.name == job.reservation:
            own = reserved(cluster, res) if res.start_time <= now < res.end_time else 0
        elif res.start_time < end and res.end_time > now:
            mask |= reserved(cluster, res)
    if job.reservation:
        mask = candidates(cluster, job, part).mask & ~own
    for nodes, start, stop in planned:
        if start < end and stop > now:
            mask |= nodes
    return mask
