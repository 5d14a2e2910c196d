"""Heterogeneous jobs: components with resources of their own that start and end together.

The first component is the leader: it has the script, and its id names the whole job.  The
others are jobs with ids of their own, called 12+1, 12+2.  Source: sbatch(1), "hetjob"; what
slurmctld 22.05 refuses and shows was seen there.
"""

from . import messages
from .controller import Refused
from .hostlist import ranges
from .model import ACTIVE, ENDED, PENDING, Job

# Options that each component says for itself; all others hold from one component to the next.
OWN = frozenset((
    "bcast", "constraint", "contiguous", "core-spec", "cores-per-socket", "cpu-bind", "cpu-freq",
    "cpus-per-gpu", "cpus-per-task", "distribution", "exclusive", "extra-node-info", "gpu-bind",
    "gpu-freq", "gpus", "gpus-per-node", "gpus-per-socket", "gpus-per-task", "gres", "gres-flags",
    "hint", "licenses", "mail-type", "mail-user", "mem", "mem-bind", "mem-per-cpu", "mem-per-gpu",
    "mincpus", "network", "nodefile", "nodelist", "nodes", "ntasks", "ntasks-per-core",
    "ntasks-per-node", "ntasks-per-socket", "ntasks-per-gpu", "overcommit", "oversubscribe",
    "partition", "power", "relative", "sockets-per-node", "spread-job", "switches",
    "thread-spec", "threads-per-core", "tmp", "use-min-nodes", "het-group"))
MARKS = ("hetjob", "packjob")        # what separates components in a script


# ---- what was typed ----------------------------------------------------------------

def options(call, table):
    """A command line with components between colons, as sbatch and salloc read it:
    ([[(option, value)] of each], the words behind)."""
    rest, found = call.argv, []
    while True:
        given, rest = call.getopt(table, permute=False, argv=rest, code=255)
        found.append(given)
        if rest[:1] != [":"]:
            return found, rest
        rest = rest[1:]


def split(words, marks=(":",)):
    """Words -> lists of words, split at the marks."""
    parts = [[]]
    for word in words:
        if word in marks:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def inherited(components, number):
    """The options of component `number`, with those that hold on from the ones before it."""
    found = []
    for given in components[:number]:
        found = [(o, v) for o, v in [*found, *given] if o.name not in OWN]
    return found + (components[number] if number < len(components) else [])


# ---- its life -----------------------------------------------------------------------

def submit(ctl, jobs, script=None, environment=None):
    """Accept all components or none: the Jobs, the leader first. Raises Refused."""
    from . import admit
    refused, used = None, 0
    with ctl.store:
        cluster = ctl.cluster(empty=True)
        for job in jobs:
            try:
                if job.array_tasks:
                    raise Refused(messages.BAD_ARRAY)
                admit.check(ctl, job, cluster)
            except Refused as error:
                refused, used = error, used + error.late
                break
            used += 1
        ids = [ctl.store.next_job_id() for _ in range(used)]
        if refused and refused.kept:
            admit.fail(ctl, job, ids[-1])        # the others are forgotten
        if not refused:
            for offset, job in enumerate(jobs):
                job.id = ids[offset]
                job.het_id, job.het_offset, job.het_set = ids[0], offset, ranges(ids)
                admit.enter(ctl, job)
                ctl.store.insert(job)
            if script is not None:
                ctl.store.put_script(ids[0], script, environment)
            ctl.dirty()
    if refused:
        if ids:
            refused.job_id = ids[0]
        raise refused
    return jobs


def components(ctl, leader_id, *phases):
    """The components of a heterogeneous job in these phases (all if none is given)."""
    found = ctl.store.select(Job, "WHERE het_id=? AND het_id>0 ORDER BY het_offset", (leader_id,))
    return [job for job in found if not phases or job.phase in phases]


def schedule(ctl, cluster, now):
    """Start the heterogeneous jobs whose components all fit, on nodes of their own; write
    down why the others wait.  The queue's other jobs have been looked at before."""
    from .dispatch import note
    groups = {}
    for job in ctl.store.select(Job, "WHERE phase=0 AND het_id>0 ORDER BY priority DESC, id"):
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


def _places(cluster, jobs):
    """Room for all of the jobs at once: ([Decision], {job id: why there is none})."""
    from .placement import place
    from .scheduler import Decision, closed, kept, partitions
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


def _start(ctl, cluster, decision, now):
    from . import events
    job = decision.job
    if not job.eligible_time:
        job.eligible_time = job.accrue_time = now
    events.start(ctl, cluster, job, decision, now)
    cluster.occupy(job)
    if job.het_offset:
        job.launched = 1                 # the leader's process is there for all
        ctl.store.update(job, "launched")


def end_others(ctl, leader, now):
    """The leader has ended, or waits again: so do the other components."""
    from . import events
    for job in components(ctl, leader.id):
        if not job.het_offset:
            continue
        if leader.phase == PENDING:
            events.back_to_queue(ctl, job)
            continue
        if job.phase == ENDED:
            continue
        job.state, job.reason = leader.state, leader.reason
        job.exit_code, job.cancelled_by = leader.exit_code, leader.cancelled_by
        events.finish(ctl, job, now)


# ---- the environment ------------------------------------------------------------------

def variables(ctl, job):
    """What a batch script or salloc's command is told of all components."""
    env = {}
    jobs = components(ctl, job.het_id)
    env["SLURM_HET_SIZE"] = env["SLURM_PACK_SIZE"] = str(len(jobs))
    for component in jobs:
        for name, value in _of_group(ctl, component).items():
            env[f"{name}_HET_GROUP_{component.het_offset}"] = value
            env[f"{name}_PACK_GROUP_{component.het_offset}"] = value
    return env


GROUP = ("SLURM_CPUS_PER_TASK", "SLURM_JOB_CPUS_PER_NODE", "SLURM_JOB_ID", "SLURM_JOB_NAME",
         "SLURM_JOB_NODELIST", "SLURM_JOB_NUM_NODES", "SLURM_JOB_PARTITION", "SLURM_JOB_QOS",
         "SLURM_MEM_PER_CPU", "SLURM_MEM_PER_NODE", "SLURM_NPROCS", "SLURM_NTASKS",
         "SLURM_NTASKS_PER_NODE", "SLURM_TASKS_PER_NODE")
# salloc's command has these besides
ALLOC_GROUP = ("SLURM_JOBID", "SLURM_NNODES", "SLURM_NODELIST")


def _of_group(ctl, job):
    from .environment import job_variables
    known = job_variables(ctl, job, alone=True)
    names = GROUP if job.batch_flag else (*GROUP, *ALLOC_GROUP)
    env = {name: known[name] for name in names if name in known}
    if not job.batch_flag:
        env["SLURM_NODE_ALIASES"] = "(null)"
    return env


def alloc_variables(ctl, job):
    """The environment of salloc's command: little of the leader's, all of the groups'."""
    from .environment import job_variables
    env = {k: v for k, v in job_variables(ctl, job).items()
           if k in ("SLURM_CLUSTER_NAME", "SLURM_CONF", "SLURM_JOB_ID", "SLURM_SUBMIT_DIR",
                    "SLURM_SUBMIT_HOST") or "_GROUP_" in k or k.endswith(("HET_SIZE", "PACK_SIZE"))}
    total = sum(component.ntasks for component in components(ctl, job.het_id))
    env["SLURM_NTASKS"] = env["SLURM_NPROCS"] = str(total)
    return env

