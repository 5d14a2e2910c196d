"""Other people's jobs: what runs and waits when a bundled cluster opens, and what arrives later.

The facts come from the cluster's load.conf (see conf/load_conf.py), chance from its seed: the
n-th arrival is the same in every run.  Nothing here starts a process or keeps state;
simulated jobs are records which the controller starts and ends by the clock.
"""

from _random import Random
from math import log

from ..common.hostlist import fold
from ..common.job_state import job_state_set
from ..common.records import SIMULATED, Job, Reservation, Share, pack_alloc

DAY = 86400
OFFICE_HOURS = range(8, 18)           # Monday to Friday, UTC: no run depends on a time zone

# Exit statuses of jobs that fail: an error, a wrong argument, abort(), a segmentation fault.
FAILURES = (1 << 8, 1 << 8, 2 << 8, 134 << 8, 139 << 8)


def read(path):
    """The load.conf at `path` -> profile, which `opening` and `arrival` take.
    Plain data, so that the store can keep it.  Raises ConfError."""
    from ..conf import load_conf  # here, not above: commands on a standing cluster do without

    return load_conf.read(path)


# ---- the opening -----------------------------------------------------------

class Opening:
    """How a cluster opens.

    jobs          [Job] running and waiting, with no ids: the oldest first
    nodes         [(names, state, flags, reason, reason_time, reason_user)]
    reservations  [Reservation]
    """

    def __init__(self, jobs, nodes, reservations):
        self.jobs, self.nodes, self.reservations = jobs, nodes, reservations


def opening(profile, nodes, parts, now):
    """The opening state at `now` (seconds since the epoch).

    `nodes` is {name: Node}, `parts` {name: Part} of the cluster.  Raises ConfError
    when load.conf names a node, a GRES or a partition that the cluster does not have.
    """
    from ..conf.load_conf import check

    check(profile, nodes, parts)
    taken = {}
    jobs = [_running(profile, line, nodes, parts, now, taken) for line in profile["running"]]
    jobs += [_waiting(profile, line, parts, now) for line in profile["waiting"]]
    jobs.sort(key=lambda job: job.submit_time)
    return Opening(
        jobs,
        [(line["node"], line["state"], line.get("flags", ""), line.get("reason", ""),
          now - line.get("since", 0), line.get("by", "root")) for line in profile["node"]],
        [Reservation(name=line["reservation"], nodes=fold(line["nodes"]),
                     start_time=now - line.get("since", 0),
                     end_time=now - line.get("since", 0) + line["for"],
                     partition=line.get("partition", ""), flags=line.get("flags", ""),
                     users=line.get("users", ""), accounts=line.get("accounts", ""),
                     core_cnt=sum(nodes[n].sockets * nodes[n].cores for n in line["nodes"]))
         for line in profile["reservation"]])


def _job(profile, user, line, name, nodes, limit, cpus):
    """What all simulated jobs have: who, where, how much. `cpus` is per node, 0: not said."""
    owner = profile["user"][user]
    work_dir = profile["workdir"].replace("%u", user).replace("%i", user[0]) + "/" + name
    return Job(
        kind=SIMULATED, name=name, user=user, uid=owner["uid"], group_name=user, gid=owner["uid"],
        account=owner["account"], partition=line["partition"], time_limit=limit // 60,
        min_nodes=nodes, max_nodes=nodes, nodes_given=nodes, num_nodes=nodes,
        ntasks=nodes * (cpus or 1), ntasks_given=1 if cpus else 0, ntasks_per_node=cpus,
        num_cpus=nodes * (cpus or 1), gres=line.get("gres", ""), mem_per_node=line.get("mem"),
        features=line.get("features", ""), work_dir=work_dir,
        command=f"{work_dir}/{line.get('command', 'job.sh')}", std_out=f"{work_dir}/slurm-%j.out")


def _running(profile, line, nodes, parts, now, taken):
    names = line["running"]
    cpus = line.get("cpus", 0)
    if parts[line["partition"]].exclusive:
        cpus = 0
    job = _job(profile, line["user"], line, line["name"], len(names), line["timelimit"], cpus)
    start = now - line["elapsed"]
    submit = start - line.get("waited", 0)
    shares = []
    for name in names:
        node = nodes[name]
        held = cpus or node.cpus
        shares.append(Share(name, held, line.get("mem") or node.memory * held // node.cpus,
                            _devices(line.get("gres", ""), name, taken),
                            cpus or node.sockets * node.cores))
    job_state_set(job, "RUNNING")
    job.submit_time = job.eligible_time = job.accrue_time = submit
    job.start_time, job.sim_seconds = start, line["runs"]
    job.end_time = start + line["timelimit"]
    job.nodelist, job.alloc, job.batch_host = fold(names), pack_alloc(shares), names[0]
    job.num_cpus = sum(share.cpus for share in shares)
    job.ntasks = sum(share.tasks for share in shares)
    job.priority = 1
    return job


def _devices(gres, node, taken):
    """"gpu:K80:2" -> {"gpu:K80": [0, 1]}: the next devices of that node."""
    if not gres:
        return {}
    kind, _, count = gres.rpartition(":")
    first = taken.get((node, kind), 0)
    taken[node, kind] = first + int(count)
    return {kind: list(range(first, first + int(count)))}


def _waiting(profile, line, parts, now):
    cpus = 0 if parts[line["partition"]].exclusive else line.get("cpus", 0)
    job = _job(profile, line["user"], line, line["waiting"], line["nodes"], line["timelimit"], cpus)
    job.submit_time = job.eligible_time = job.accrue_time = now - line["since"]
    job.sim_seconds, job.priority = line["runs"], 1
    job.dependency, job.req_nodes = line.get("dependency", ""), line.get("nodelist", "")
    job.hold = line.get("hold", "")
    if job.hold:
        job.priority = 0
    if "begin" in line:
        job.begin_time = now + line["begin"]
        job.eligible_time = job.accrue_time = 0
    if job.dependency:
        job.eligible_time = job.accrue_time = 0
    _array(job, line.get("array", ""))
    return job


def _array(job, text):
    """ "0-7%2" -> the fields of an array whose tasks all wait.  As at sbatch's --array, array_id
    is still to be set to the job's own id, and array_tasks to be split from its limit."""
    if not text:
        return
    tasks, _, limit = text.partition("%")
    low, _, high = tasks.partition("-")
    job.array_tasks, job.array_limit = text, int(limit or 0)
    job.array_min, job.array_max = int(low), int(high)
    job.array_count = job.array_max - job.array_min + 1
    job.std_out = f"{job.work_dir}/slurm-%A_%a.out"


# ---- arrivals --------------------------------------------------------------

def arrival(profile, n, now):
    """The n-th arrival, when the one before came at `now`: (seconds until it comes, Job).

    The job's exit_code is the wait status with which it will end after sim_seconds;
    sim_seconds beyond the time limit mean that it runs into it.
    """
    chance = Random(profile["seed"] * 1_000_003 + n).random
    mean_gap = DAY / (profile["arrivalsperday"] * _busyness(profile["quiethours"], now))
    gap = 1 + int(-log(1 - chance()) * mean_gap)
    line = _weighted(profile["arrival"], chance)
    cpus = _pick(line["cpus"], chance) if "cpus" in line else 0
    limit = _pick(line["timelimit"], chance)
    job = _job(profile, _pick(line["user"], chance), line, _pick(line["name"], chance),
               _pick(line["nodes"], chance), limit, cpus)
    low, high = line["runs"]
    job.sim_seconds = max(20, limit * (low * 100 + int((high - low) * 100 * chance())) // 10_000)
    fate = int(100 * chance())
    if fate < line.get("fails", 0):
        job.exit_code = _pick(FAILURES, chance)
        job.sim_seconds = max(5, int(job.sim_seconds * chance()))
    elif fate < line.get("fails", 0) + line.get("timeouts", 0):
        job.sim_seconds = limit + 3600
    job.submit_time = job.eligible_time = job.accrue_time = now + gap
    job.priority = 1
    if "array" in line:
        _array(job, _pick(line["array"], chance))
    return gap, job


def _busyness(quiet, now):
    """How busy the users are, 1 on the average of a week; outside of office hours `quiet` times
    as busy as in them."""
    weekday, hour = (now // DAY + 3) % 7, now % DAY // 3600       # 1970-01-01 was a Thursday
    office = 5 * len(OFFICE_HOURS)
    mean = (office + quiet * (168 - office)) / 168
    return (1 if weekday < 5 and hour in OFFICE_HOURS else quiet) / mean


def _pick(items, chance):
    return items[int(len(items) * chance())]


def _weighted(lines, chance):
    """One of the Arrival lines, by their weights."""
    mark = chance() * sum(line["arrival"] for line in lines)
    for line in lines:
        mark -= line["arrival"]
        if mark < 0:
            return line
    return lines[-1]
