"""The scheduler: which pending jobs start now, and why the others wait.

A pure function of the cluster's state and the time.  Jobs are looked at by priority;
one that does not fit gets a planned start and keeps its nodes from then on; those
behind it may start now where that delays nobody before them (backfill).  Source:
slurm.conf(5), sched/backfill, and the pending reasons of squeue(1).
"""

from . import arrays
from .hostlist import expand, fold
from .model import ACTIVE, pack_alloc
from .placement import candidates, place, whole_nodes

FAR = 1 << 60


class Decision:
    """What to do with a job: start it (`shares` on partition `part`; of an array record
    only the task `task`), or let it wait for `reason`, expected to start at `expected`
    on `nodes` (0 and "" when not known)."""

    __slots__ = ("job", "shares", "part", "task", "reason", "expected", "nodes")

    def __init__(self, job, shares=None, part="", task=None, reason="", expected=0, nodes=""):
        self.job, self.shares, self.part, self.task = job, shares, part, task
        self.reason, self.expected, self.nodes = reason, expected, nodes


def plan(cluster, pending, plan_depth=20):
    """Decide on `pending`, jobs that are free to run, highest priority first.

    Of an array record several tasks may start, each by a decision of its own.  The
    starts are entered in `cluster`.
    """
    decisions, planned, waiting_in = [], [], set()
    for job in pending:
        parts = [cluster.parts[name] for name in job.partition.split(",") if name in cluster.parts]
        parts.sort(key=lambda p: -p.priority_tier)
        tasks = arrays.unpack(job.array_tasks) or [None]
        reason = ""
        while tasks and not reason:
            if (job.array_limit and tasks[0] is not None
                    and arrays.running(cluster, job.array_id) >= job.array_limit):
                reason = "JobArrayTaskLimit"
                break
            part, shares, reason = try_parts(cluster, job, parts, planned)
            if shares:
                task = tasks.pop(0)
                decisions.append(Decision(job, shares, part.name, task))
                enter(cluster, job, task, shares, part)
        if not reason and not tasks:
            continue
        expected, nodes = 0, ""
        if reason == BUSY:
            first = not any(p.name in waiting_in for p in parts)
            waiting_in.update(p.name for p in parts)
            reason = (unavailable(cluster, job, parts) or "Resources") if first else "Priority"
            if len(planned) < plan_depth:
                expected, names = earliest(cluster, job, parts, planned)
                if expected:
                    planned.append((set(names), expected, expected + seconds(job, parts[0])))
                    nodes = fold(names)
        decisions.append(Decision(job, reason=reason, expected=expected, nodes=nodes))
    return decisions


BUSY = "busy"


def try_parts(cluster, job, parts, planned):
    """Fit the job into one of its partitions: (part, shares, ""), or (None, None, why not)."""
    reason = ""
    for part in parts:
        why = closed(cluster, job, part)
        if not why:
            shares = place(cluster, job, part, kept(cluster, job, part, planned))
            if shares:
                return part, shares, ""
            why = BUSY
        if reason != BUSY:
            reason = why
    return None, None, reason or "PartitionConfig"


def seconds(job, part):
    """How long the job may run."""
    limit = job.time_limit
    if limit is None or limit < 0:
        limit = part.default_time or part.max_time
    return limit * 60 if limit else FAR


def closed(cluster, job, part):
    """Why the partition as such takes this job not at all now; "" if it does."""
    if part.state == "INACTIVE":
        return "PartitionInactive"
    if part.state == "DOWN":
        return "PartitionDown"
    most = len(part.node_names) if part.max_nodes is None else part.max_nodes
    if job.min_nodes > min(most, len(part.node_names)):
        return "PartitionNodeLimit"
    if part.max_time is not None and (job.time_limit or 0) > part.max_time:
        return "PartitionTimeLimit"
    return ""


def kept(cluster, job, part, planned):
    """Names of nodes this job may not start on now: other people's reservations, and
    nodes that a job before it will need before this one would end."""
    end = cluster.now + seconds(job, part)
    names = set()
    own = None
    for res in cluster.reservations:
        if res.name == job.reservation:
            own = set(expand(res.nodes)) if res.start_time <= cluster.now < res.end_time else set()
        elif res.start_time < end and res.end_time > cluster.now:
            names.update(expand(res.nodes))
    if job.reservation:
        names = part.node_set - (own or set())
    for nodes, start, stop in planned:
        if start < end and stop > cluster.now:
            names |= nodes
    return names


def unavailable(cluster, job, parts):
    """The reason that names nodes which are down or drained, when they are why it waits."""
    if job.req_nodes:
        bad = [n for n in expand(job.req_nodes)
               if n in cluster.nodes and not cluster.takes_work(cluster.nodes[n])]
        if bad:
            return f"ReqNodeNotAvail, UnavailableNodes:{fold(bad)}"
    for part in parts:
        up = {n.name for n in candidates(cluster, job, part) if cluster.takes_work(n)}
        blocked = set(part.node_names) - up
        if len(up) >= job.min_nodes and place(idle(cluster), job, part, blocked):
            return ""
    return ("Nodes required for job are DOWN, DRAINED or reserved for jobs in higher "
            "priority partitions")


def idle(cluster):
    """The picture when all jobs have gone."""
    from .cluster import Cluster
    twin = Cluster(FAR, cluster.config, cluster.nodes.values(), (), cluster.reservations, ())
    twin.parts = cluster.parts
    return twin


def later(cluster):
    """A copy of the picture from which jobs may be taken away."""
    from .cluster import Cluster
    twin = Cluster(cluster.now, cluster.config, cluster.nodes.values(), (),
                   cluster.reservations, cluster.active)
    twin.parts = cluster.parts
    return twin


def ends(cluster, job):
    """When a running job ends at the latest."""
    part = cluster.parts.get(job.partition)
    length = seconds(job, part) if part else FAR
    return (job.start_time or cluster.now) + length


def earliest(cluster, job, parts, planned):
    """(time, node names) of the first moment at which the job fits; (0, []) if none is known."""
    twin = later(cluster)
    leaving = sorted(((max(ends(cluster, j), cluster.now), i, j)
                      for i, j in enumerate(cluster.active)), reverse=True)
    moments = sorted(
        {when for when, _, _ in leaving} | {stop for _, _, stop in planned}
        | {when for res in cluster.reservations for when in (res.start_time, res.end_time)
           if when > cluster.now})
    for when in moments:
        if when >= FAR // 2:
            break
        twin.now = when
        while leaving and leaving[-1][0] <= when:
            twin.release(leaving.pop()[2])
        for part in parts:
            blocked = kept(twin, job, part, planned)
            # whole nodes are counted before they are looked at
            if whole_nodes(job, part, cluster.config) and job.min_nodes > sum(
                    1 for n in part.node_names if n not in twin.use and n not in blocked):
                continue
            shares = place(twin, job, part, blocked)
            if shares:
                return when, [s.node for s in shares]
    return 0, []


def enter(cluster, job, task, shares, part):
    """Put a start into the picture, for the jobs that come after it."""
    running = job.copy(
        alloc=pack_alloc(shares), partition=part.name, start_time=int(cluster.now),
        state="RUNNING", phase=ACTIVE, array_task=task if task is not None else job.array_task,
        exclusive="exclusive" if whole_nodes(job, part, cluster.config) else job.exclusive)
    cluster.occupy(running)
