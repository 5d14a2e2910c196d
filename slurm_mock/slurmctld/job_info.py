"""What slurmctld tells of a job, derived from its record.

squeue, scontrol and sacct show the same numbers; they come from here.  Source:
pack_job() and its details in slurmctld of Slurm 22.05, which decides per state what
a client is told.
"""

from ..common.hostlist import expand, fold, ranges
from ..common.parse_time import elapsed_text, is_number
from ..common.records import INFINITE, cpus_asked, step_name
from ..conf.params import memory_setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..common.records import Job

NO_TASK = 0xFFFFFFFE            # slurm.h's NO_VAL, which leaks into file names of waiting arrays

WAITING = ("PENDING", "REQUEUED", "REQUEUE_HOLD", "SPECIAL_EXIT", "RESV_DEL_HOLD")
_YEAR = 365 * 86400


def pending(job):
    """Is the job in a state that waits (WAITING)?"""
    return job.state in WAITING


def start_time(job, now):
    """When it started, or for a waiting job when it is expected to (0: not known)."""
    if job.state not in WAITING:
        # a job that was cancelled while it waited has begun when it ended
        return job.start_time or job.end_time
    if job.expected_start:
        return max(job.expected_start, now)
    return job.begin_time if job.begin_time > now else 0


def end_time(job, view):
    """When it ended, or is going to at the latest (0: not known)."""
    if job.state in WAITING:
        start = start_time(job, view.now)
        return start and start + limit_seconds(time_limit(job, view))
    if job.end_time or not job.start_time:
        return job.end_time
    # a suspended spell moves the limit
    begun = job.suspend_time - job.pre_suspend if job.suspend_time else job.start_time
    return begun + limit_seconds(time_limit(job, view))


def time_limit(job, view):
    """The time limit in minutes, INFINITE when there is none.

    A job that names none has its partition's.
    """
    limit = job.time_limit
    if (limit is None or limit == INFINITE) and not job.nodelist:
        part = view.part(job.partition)
        limit = part and (part.default_time or part.max_time)
    return INFINITE if limit is None or limit < 0 else limit


def limit_seconds(limit):
    """A time limit in seconds; a year when there is none, as in slurmctld."""
    return _YEAR if limit in (INFINITE, None) else limit * 60


def time_used(job, now):
    """Seconds that it has run, without the time it was suspended."""
    state = job.state
    if state in WAITING or not job.start_time:
        return 0
    if state == "SUSPENDED":
        return job.pre_suspend
    end = now if state == "RUNNING" or not job.end_time else job.end_time
    if job.suspend_time:
        return end - job.suspend_time + job.pre_suspend
    return end - job.start_time


def asks_for_none(job):
    """Does a job that waits ask for no node at all (-N 0, -w '')? It stands held in the queue."""
    return job.nodes_given and not job.min_nodes and not job.num_nodes


def cpus(job):
    """CPUs it has, or at least asks for."""
    if job.num_cpus and job.state not in WAITING:
        return job.num_cpus
    if asks_for_none(job):
        return 0
    if job.nodes_given and job.max_nodes > job.min_nodes and not job.ntasks_given:
        return job.cpus_per_task         # how many nodes of a range there will be is open
    return cpus_asked(job)


def switch_wait(job):
    """Seconds that it waits for its switches: as asked, no more than max_switch_wait is by default."""
    if not job.switches:
        return 0
    return 300 if job.switch_wait < 0 else min(job.switch_wait, 300)


def nodes(job, view):
    """Nodes it has, or at least needs on its partition's largest nodes."""
    if job.num_nodes or asks_for_none(job):
        return job.num_nodes
    if job.ntasks_per_node:
        needed = job.ntasks // job.ntasks_per_node
    elif job.ntasks == 1 and job.cpus_per_task == 1:
        needed = 1
    else:
        largest = largest_node(job, view)
        if job.cpus_per_task > 1:
            per_node = max(1, largest // job.cpus_per_task)
            needed = -(-job.ntasks // per_node)
        else:
            needed = -(-job.ntasks // largest)
    return max(needed, job.min_nodes)


def largest_node(job, view):
    """CPUs of the largest node in the job's partition."""
    cluster = view.cluster
    part = view.part(job.partition)
    names = part.node_names if part else cluster.nodes
    return max([cluster.nodes[n].cpus for n in names if n in cluster.nodes], default=1)


def min_memory(job, view):
    """(MiB, True when it is per CPU) that the job asks for, the defaults included."""
    if job.mem_per_cpu is not None:
        return job.mem_per_cpu, True
    if job.mem_per_node is not None:
        return job.mem_per_node, False
    part = view.part(job.partition)
    return memory_setting("Def", part.options if part else {}, view.config)


def first_node_memory(job, view):
    """MiB of the first node of its partition: what a job asks for that says nothing of memory,
    or all of it (--mem=0)."""
    part, cluster = view.part(job.partition), view.cluster
    nodes = [cluster.nodes[name] for name in part.node_names] if part else []
    first = min(nodes, key=lambda node: node.idx, default=None)
    return first.memory - first.mem_spec if first else 0


def tres(job: "Job", view: "Any") -> str:
    """The trackable resources it has, or asks for: "cpu=2,mem=1000M,node=1,billing=2"; "" for none."""
    if job.alloc_tres and job.state not in WAITING or asks_for_none(job):
        return job.alloc_tres
    from ..common.tres import billing, max_tres, tracked
    cpu, node = cpus(job), max(job.min_nodes, 1)
    memory, per_cpu = min_memory(job, view)
    if not memory and not per_cpu:
        memory = first_node_memory(job, view)
    mem = memory * (cpu if per_cpu else node)
    counts = asked_gres(job, node)
    if job.mem_per_gpu and "gres/gpu" in counts:
        mem = job.mem_per_gpu * counts["gres/gpu"]
    part = view.part(job.partition)
    bill = billing({"cpu": cpu, "mem": mem, "node": node, **counts}, part.weights if part else "",
                   max_tres(view.config))
    return ",".join([f"cpu={cpu}", *([f"mem={unit_text(mem, 2)}"] if mem else []), f"node={node}",
                     *([f"billing={bill}"] if bill else []), *tracked(counts, view.config)])


def asked_gres(job: "Job", nodes: int) -> "dict[str, int]":
    """{TRES: count} of the GRES that a job on so many nodes asks for, of a type where it names one."""
    from ..common.tres import gres_counts
    found: "dict[str, int]" = {}
    if job.gpus_implied:
        found["gres/gpu"] = job.gpus_implied
    sockets = nodes * (job.sockets_per_node or 1)
    for text, times in ((job.gres, nodes), (job.tres_per_job, 1), (job.tres_per_task, job.ntasks),
                        (job.tres_per_socket, sockets)):
        if text and not (text is job.tres_per_job and job.gres):
            for name, count in gres_counts(text, asked=True).items():
                found[name] = max(found.get(name, 0), times * count)
    return found


def gres_text(share):
    """What a Share has of GRES: "gpu:k80:2(IDX:0-1),mps:50(IDX:0),tmpfs(CNT:300)"."""
    found = []
    for kind, held in sorted(share.gres.items()):
        kind, shared, gpu = kind.partition("@")
        if shared:
            found.append(f"{kind}:{held}(IDX:{gpu})")
        elif isinstance(held, int):
            found.append(f"{kind}(CNT:{held})")
        else:
            found.append(f"{kind}:{len(held)}(IDX:{ranges(sorted(held))})")
    return ",".join(found)


def share_text(job, view):
    """OverSubscribe of a job: OK, NO, YES, USER or MCS."""
    part = view.part(job.partition)
    if view.config.get("SelectType", "").endswith("linear"):
        kind, _, count = part.oversubscribe.partition(":") if part else ("NO", "", "")
        shared = kind == "FORCE" and (count or "4") != "1" or job.exclusive == "shared" and kind == "YES"
        return "YES" if shared else "NO"
    if job.exclusive:
        return {"exclusive": "NO", "user": "USER", "mcs": "MCS", "shared": "YES"}[job.exclusive]
    if part is None:
        return "OK"
    if part.options.get("ExclusiveUser", "NO").upper() == "YES":
        return "USER"
    kind, _, count = part.oversubscribe.partition(":")
    if kind == "EXCLUSIVE":
        return "NO"
    return "YES" if kind == "FORCE" and (count or "4") != "1" else "OK"


def array_text(job, env):
    """The waiting tasks of an array as squeue and scontrol print them: "0-3,7%2".

    Cut to 64 characters, or as SLURM_BITSTR_LEN says (0: not cut).
    """
    text = tasks_text(job.array_tasks, bitstr_len(env))
    return f"{text}%{job.array_limit}" if job.array_limit else text


def bitstr_len(env):
    """Characters to which lists of tasks are cut (SLURM_BITSTR_LEN of `env`), at most 4096; 0: not
    at all."""
    text = env.get("SLURM_BITSTR_LEN", "")
    number = int(text) if is_number(text) else 64 if not text or text[0] == "-" else 0
    return min(number, 4096)


def cut_tasks(text, size):
    """A list of tasks as it fits a C string of `size` bytes, dots at the end when cut."""
    if size < 4 or len(text) <= size - 3:
        return text
    return text[:size - 4] + "..."


def tasks_text(tasks, size):
    """A task list in the form and length that Slurm's clients give it."""
    if ":" in tasks or tasks.count(",") >= 5:
        numbers = task_numbers(tasks)
        first, last, step = numbers[0], numbers[-1], numbers[1] - numbers[0]
        # written with a stride only when that is clearly shorter
        if (last - first > 10 and len(numbers) > 5 and step > 1
                and numbers == list(range(first, last + 1, step))):
            return f"{first}-{last}:{step}"
        tasks = ranges(numbers)
    return cut_tasks(tasks, size)


def task_numbers(tasks):
    """"0-3,7" or "0-12:4" -> [0, 1, 2, 3, 7] or [0, 4, 8, 12]."""
    numbers = []
    for part in tasks.split(",") if tasks else ():
        part, _, step = part.partition(":")
        low, dash, high = part.partition("-")
        numbers += range(int(low), int(high if dash else low) + 1, int(step or 1))
    return numbers


_UNITS = ("", "K", "M", "G", "T", "P")


def unit_text(number, unit=0, convert=True):
    """A count or size in Slurm's short form: 1024 -> "1K", 64000 M -> "62.50G".

    unit: 0 none, 1 K, 2 M, ...; without `convert` only the unit is added. Half
    units are written, other fractions not (CONVERT_NUM_UNIT_EXACT).
    """
    if not int(number):
        return "0"
    while convert and number >= 1024 and int(number) % 512 == 0 and unit < 5:
        number /= 1024
        unit += 1
    if number == int(number):
        return f"{int(number)}{_UNITS[unit]}"
    return f"{number:.2f}{_UNITS[unit]}"


def seconds_text(seconds):
    """squeue's TIME columns: "1-02:03:04", "2:03:04", "3:04"; INVALID past a year."""
    return elapsed_text(seconds) if 0 <= seconds <= _YEAR else "INVALID"


def file_name(pattern, job):
    """An output file's pattern with what scontrol knows filled in."""
    if job.array_id:
        task = NO_TASK if job.array_task is None else job.array_task
        array = job.array_id
    else:
        task, array = NO_TASK, job.id
    for mark, value in (("%A", array), ("%a", task), ("%j", job.id), ("%u", job.user),
                        ("%x", job.name)):
        pattern = pattern.replace(mark, str(value))
    return pattern if pattern.startswith("/") else f"{job.work_dir}/{pattern}"


def standard_files(job):
    """(input, output, error) of a batch job."""
    out = job.std_out or ("slurm-%A_%a.out" if job.array_id else "slurm-%j.out")
    return (file_name(job.std_in or "/dev/null", job), file_name(out, job),
            file_name(job.std_err or out, job))


def job_id(job, view):
    """A job's id as users write it: the number, or a text such as 12_3, 12_[4-7] or 12+1."""
    if job.array_id:
        if job.array_task is not None:
            return f"{job.array_id}_{job.array_task}"
        if not job.array_tasks:
            return job.id                # all its tasks were cancelled, one by one
        return f"{job.array_id}_[{array_text(job, view.env)}]"
    if job.het_id:
        return f"{job.het_id}+{job.het_offset}"
    return job.id


def step_id(job, step):
    """A step's id by that of its job as users write it: 12.0, 12_3.batch, 12+1.0."""
    if job.array_id and job.array_task is not None:
        return f"{job.array_id}_{job.array_task}.{step_name(step.step_id)}"
    if job.het_offset is not None:
        return f"{job.het_id}+{job.het_offset}.{step_name(step.step_id)}"
    return f"{job.id}.{step_name(step.step_id)}"


def node_list(names):
    """A node list sorted and folded, as squeue prints it."""
    return fold(expand(names)) if "," in names else names


def group_name(job, view):
    """The name of the job's group, its number where it has none."""
    return job.group_name if job.group_name else str(job.gid)


def absolute(name, job):
    """A file as slurmctld keeps it: in the job's folder, where it does not say another."""
    return name if name.startswith("/") else f"{job.work_dir}/{name}"


def listed(jobs):
    """Jobs by id -> the order in which slurmctld keeps them."""
    found = places(jobs)
    return sorted(jobs, key=lambda j: found.get(j.id, j.id)) if found else jobs


def places(jobs):
    """{id: place in slurmctld's list} of those jobs whose place is not that of their id.

    An array's record stands at the end of the list each time a task has been split
    off it, while the task takes the place that the record had.
    """
    place, head = {}, {}
    for job in jobs:
        if job.array_id and job.id != job.array_id:
            place[job.id] = head.get(job.array_id, job.array_id)
            head[job.array_id] = job.id + 0.5
    return {**head, **place}


class StepRow:
    """A step and the job it belongs to."""

    __slots__ = ("step", "job")

    def __init__(self, step, job):
        self.step, self.job = step, job
