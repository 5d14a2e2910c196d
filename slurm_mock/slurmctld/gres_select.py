"""Which generic resources of a node a job gets: indices of GPUs, and what goes with them.

Pure functions of records.  Source: gres_select_util.c and gres_sched.c of Slurm, gres.conf(5).
"""

from ..common.records import Share, cpus_for_jobs, vpus
from ..common.tres import SHARED, parse_gres
from ..conf.params import counts_memory


def gres_free(node, use, name, kind):
    """What is free of a node's GRES that fit name and kind: [(full name, [indices] or, of one that is only
    counted, a number)]."""
    out, index = [], 0
    used = use.gres if use else {}
    counted = node.gres_counted.replace("*", "").split(",")
    for (have, have_kind), count in parse_gres(node.gres).items():
        full = f"{have}:{have_kind}" if have_kind else have
        if have == name and have in counted:
            if kind in ("", have_kind):
                out.append((full, count - used.get(full, 0)))
            continue
        indices = range(index, index + count) if have == name else ()
        if have == name:
            index += count
        if have == name and kind in ("", have_kind):
            taken = used.get(full, ())
            out.append((full, [i for i in indices if i not in taken]))
    return out


def take_gres(node, use, wanted):
    """The GRES of one node for {(name, kind): count} -> {full name: [indices] or number}, or None."""
    got = {}
    for (name, kind), count in wanted.items():
        if not count:
            continue
        if name in SHARED:
            part = _part_of_a_gpu(node, use, name, count)
            if part is None:
                return None
            got.update(part)
            continue
        left = count
        for full, free in gres_free(node, use, name, kind):
            if isinstance(free, int):
                take = max(0, min(left, free))
                # what is not consumed is there for everybody
                got[full] = 0 if f"{name}*" in node.gres_counted.split(",") else got.get(full, 0) + take
                left -= take
            elif left and free:
                got[full] = got.get(full, []) + free[:left]
                left -= len(free[:left])
        if left:
            return None
    return got


def _part_of_a_gpu(node, use, name, count):
    """So many parts of the first GPU that has them: {"mps@0": count}; None if none has."""
    have = parse_gres(node.gres)
    gpus = sum(n for (other, _), n in have.items() if other == "gpu")
    if not gpus or (name, "") not in have:
        return None
    used = use.gres if use else {}
    begun = [int(full.partition("@")[2]) for full in used if full.startswith(name + "@")]
    # of MPS a node shares one GPU at a time
    for i in begun if name == "mps" and begun else range(gpus):
        if have[name, ""] // gpus - used.get(f"{name}@{i}", 0) >= count:
            return {f"{name}@{i}": count}
    return None


def whole_gres(node):
    """{(name, kind): count} of all that who has a node to himself has of its GRES; GPUs as a whole."""
    return {(name, kind): count for (name, kind), count in parse_gres(node.gres).items() if name not in SHARED}


def gres_of_node(job):
    """{(name, kind): count} of the GRES that the job wants on each node, those of its sockets
    included."""
    wanted = parse_gres(job.gres, asked=True)
    for kind, count in parse_gres(job.tres_per_socket, asked=True).items():
        wanted[kind] = wanted.get(kind, 0) + count * (job.sockets_per_node or 1)
    return wanted


def some_gpus(node, use, gpus, share):
    """Let a node give as many of the job's GPUs (--gpus) as it can; counts `gpus` down. The Share
    with them, None if the node has none to give."""
    gres, found = dict(share.gres), False
    for (name, kind), count in list(gpus.items()):
        for full, free in gres_free(node, use, name, kind):
            take = free[:count]
            gres[full] = gres.get(full, []) + take         # of the types that give none it is told, too
            if take:
                count -= len(take)
                found = True
        gpus[name, kind] = count
    return Share(share.node, share.cpus, share.mem, gres, share.tasks) if found else None


def gpus_of_tasks(node, use, by_task, share):
    """Give each task on a node its GPUs (--gpus-per-task), to as many tasks as they suffice for.
    The Share of those tasks, None if there are too few GPUs for one."""
    free = {wish: [(full, idx) for full, ids in gres_free(node, use, *wish) for idx in ids]
            for wish in by_task}
    fed = min([share.tasks, *(len(free[wish]) // count for wish, count in by_task.items() if count)])
    if not fed:
        return None
    gres = dict(share.gres)
    for wish, count in by_task.items():
        for full, idx in free[wish][:count * fed]:
            gres[full] = [*gres.get(full, []), idx]
    return Share(share.node, -(-share.cpus * fed // share.tasks), -(-share.mem * fed // share.tasks),
                 gres, fed)


def more_for_gpus(job, node, use, part, config, share):
    """The Share with the CPUs and memory that go with a node's GPUs (--cpus-per-gpu, --mem-per-gpu,
    DefCpuPerGPU, DefMemPerGPU). None if the node has not so much."""
    gpus = sum(len(idx) for kind, idx in share.gres.items() if kind.partition(":")[0] == "gpu")
    if not gpus:
        return share
    each = [asked or int(part.options.get(key) or config.get(key) or 0) for asked, key in (
        (job.cpus_per_gpu, "DefCpuPerGPU"), (job.mem_per_gpu, "DefMemPerGPU"))]
    cpus, mem = share.cpus, share.mem
    if gpus * each[0] > cpus:
        of_a_cpu = mem / cpus if job.mem_per_node is None else 0
        more = gpus * each[0]
        if "CORE" in config.get("SelectTypeParameters", "").upper():
            more = -(-more // vpus(node)) * vpus(node)
        if more > cpus_for_jobs(node) - (use.cpus if use else 0):
            return None
        mem, cpus = (int(of_a_cpu * more) if of_a_cpu else mem), more
    if each[1] and counts_memory(config) and job.mem_per_node is None and job.mem_per_cpu is None:
        mem = gpus * each[1]
    if mem > node.memory - (use.mem if use else 0):
        return None
    return Share(share.node, cpus, mem, share.gres, share.tasks)
