"""Other people's jobs: what runs and waits when a bundled cluster opens, and what arrives later.

The facts come from the cluster's load.conf, chance from its seed: the n-th arrival is
the same in every run.  Nothing here starts a process or keeps state; simulated jobs are
records which the controller starts and ends by the clock.
"""

from _random import Random
from math import log

from .conf import Conf, ConfError, _lines
from .hostlist import BadHostlist, expand, fold
from .model import ACTIVE, SIMULATED, Job, Reservation, Share, pack_alloc
from .units import BadValue, parse_duration, parse_memory

DAY = 86400
OFFICE_HOURS = range(8, 18)           # Monday to Friday, UTC: no run depends on a time zone

# Exit statuses of jobs that fail: an error, a wrong argument, abort(), a segmentation fault.
FAILURES = (1 << 8, 1 << 8, 2 << 8, 134 << 8, 139 << 8)


# ---- load.conf -------------------------------------------------------------

def _words(text):
    return text.split(",")


def _percent(text):
    low, dash, high = text.partition("-")
    return int(low), int(high if dash else low)


# What a line may say, and how its value is read.  Lists give one choice each, a value
# that stands twice is chosen twice as often.
JOB = {"user": str, "name": str, "partition": str, "timelimit": parse_duration, "nodes": int,
       "cpus": int, "mem": parse_memory, "gres": str, "features": str, "runs": parse_duration,
       "command": str}
LINES = {
    "seed": {"seed": int},
    "arrivalsperday": {"arrivalsperday": float},
    "quiethours": {"quiethours": float},
    "workdir": {"workdir": str},
    "user": {"user": str, "uid": int, "account": str},
    "node": {"node": expand, "state": str, "flags": str, "reason": str, "since": parse_duration,
             "by": str},
    "reservation": {"reservation": str, "nodes": expand, "partition": str, "users": str,
                    "accounts": str, "flags": str, "since": parse_duration, "for": parse_duration},
    "running": {"running": expand, "elapsed": parse_duration, "waited": parse_duration, **JOB},
    "waiting": {"waiting": str, "since": parse_duration, "array": str, "dependency": str,
                "hold": str, "begin": parse_duration, "nodelist": str, **JOB},
    "arrival": {**JOB, "arrival": int, "user": _words, "name": _words,
                "nodes": lambda text: [int(n) for n in _words(text)],
                "cpus": lambda text: [int(n) for n in _words(text)],
                "timelimit": lambda text: [parse_duration(t) for t in _words(text)],
                "runs": _percent, "fails": int, "timeouts": int, "array": _words},
}
# The rest of a line is optional.
NEEDED = {
    "user": ("uid", "account"), "node": ("state",), "reservation": ("nodes", "for"),
    "running": ("user", "name", "partition", "timelimit", "elapsed", "runs"),
    "waiting": ("user", "partition", "nodes", "timelimit", "since", "runs"),
    "arrival": ("user", "name", "partition", "nodes", "timelimit", "runs"),
}
SINGLE = ("seed", "arrivalsperday", "quiethours", "workdir")


def read(path):
    """A load.conf -> profile: plain dicts, lists, text and numbers, so that it can be kept.

    Times are seconds, memory MiB.  Raises ConfError, which names file and line.
    """
    profile = {"user": [], "node": [], "reservation": [], "running": [], "waiting": [],
               "arrival": [], "workdir": "/home/%u", "quiethours": 1.0}
    for where, pairs in _lines(path, Conf()):
        kind = pairs[0][0].lower()
        if kind not in LINES:
            raise ConfError(f"{where}: {pairs[0][0]}: a line begins with one of "
                            f"{', '.join(LINES)}")
        line = _line(where, LINES[kind], pairs)
        for key in NEEDED.get(kind, ()):
            if key not in line:
                raise ConfError(f"{where}: {pairs[0][0]} needs {key}=")
        if kind in SINGLE:
            profile.update(line)
        else:
            profile[kind].append(line)
    for key in ("seed", "arrivalsperday"):
        if key not in profile:
            raise ConfError(f"{path}: {key}= is missing")
    users = {user["user"] for user in profile["user"]}
    for kind in ("running", "waiting", "arrival"):
        for line in profile[kind]:
            asked = line["user"]
            for user in [asked] if isinstance(asked, str) else asked:
                if user not in users:
                    raise ConfError(f"{path}: no User line for {user}")
    profile["user"] = {user["user"]: user for user in profile["user"]}
    return profile


def _line(where, readers, pairs):
    line = {}
    for key, value in pairs:
        reader = readers.get(key.lower())
        if reader is None:
            raise ConfError(f"{where}: {key}: this line takes {', '.join(readers)}")
        try:
            line[key.lower()] = reader(value)
        except (BadValue, BadHostlist, ValueError):
            raise ConfError(f"{where}: {key}={value!r} cannot be read") from None
    return line


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
    _check(profile, nodes, parts)
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


def _check(profile, nodes, parts):
    for kind, key in (("node", "node"), ("running", "running"), ("reservation", "nodes")):
        for line in profile[kind]:
            for name in line[key]:
                if name not in nodes:
                    raise ConfError(f"load.conf names node {name}, which slurm.conf does not define")
    for kind in ("running", "waiting", "arrival"):
        for line in profile[kind]:
            if line["partition"] not in parts:
                raise ConfError(f"load.conf names partition {line['partition']}, "
                                "which slurm.conf does not define")


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
    job.phase, job.state = ACTIVE, "RUNNING"
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
    """ "0-7%2" -> the fields of an array whose tasks all wait (array_id is the job's own id,
    which it gets from the store)."""
    if not text:
        return
    tasks, _, limit = text.partition("%")
    low, _, high = tasks.partition("-")
    job.array_tasks, job.array_limit = tasks, int(limit or 0)
    job.array_min, job.array_max = int(low), int(high or low)
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
