"""Which nodes, and how much of each: fitting one job onto the nodes that are free.

Pure functions of a Cluster.  They follow select/cons_tres in what matters to a
reader of squeue: the lightest nodes first, then configuration order; tasks fill a
node before the next is taken; a partition with OverSubscribe=EXCLUSIVE gives whole
nodes.
"""

from ..common.hostlist import expand
from ..common.records import Share, min_cpus, unpack_alloc
from ..common.step_layout import deal
from ..common.tres import parse_gres
from ..conf.params import counts_memory, memory_setting, most_memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..common.records import Job, Node, Share
    from .cluster import Cluster, Part


def gres_free(node, use, name, kind):
    """Free indices of a node's GRES: [(full name, [indices])] that fit name and kind."""
    out, index = [], 0
    for (have, have_kind), count in parse_gres(node.gres).items():
        full = f"{have}:{have_kind}" if have_kind else have
        indices = range(index, index + count) if have == name else ()
        if have == name:
            index += count
        if have == name and kind in ("", have_kind):
            taken = use.gres.get(full, ()) if use else ()
            out.append((full, [i for i in indices if i not in taken]))
    return out


def take_gres(node, use, wanted):
    """The GRES of one node for {(name, kind): count} -> {full name: [indices]}, or None."""
    got = {}
    for (name, kind), count in wanted.items():
        left = count
        for full, free in gres_free(node, use, name, kind):
            if left and free:
                got[full] = got.get(full, []) + free[:left]
                left -= len(free[:left])
        if left:
            return None
    return got


def gres_of_node(job):
    """{(name, kind): count} of the GRES that the job wants on each node, those of its sockets
    included."""
    wanted = parse_gres(job.gres)
    for kind, count in parse_gres(job.tres_per_socket).items():
        wanted[kind] = wanted.get(kind, 0) + count * (job.sockets_per_node or 1)
    return wanted


def has_features(node: "Node", text: str) -> bool:
    """Does the node meet a feature expression: `a`, `a&b`, `a|b`, `[a|b]`, `a*2&b`?"""
    have = node.active_features.split(",")
    for group in text.replace("[", "").replace("]", "").replace("(", "").replace(")", "").split("|"):
        if all(f.split("*")[0] in have for f in group.split("&") if f):
            return True
    return False


def needed_memory(job, node, cpus, config, part):
    """MiB of a node that the job holds when it has `cpus` of it; None: all there is."""
    if job.mem_per_node is not None:
        return job.mem_per_node or None
    if job.mem_per_cpu is not None:
        return job.mem_per_cpu * cpus
    default, per_cpu = memory_setting("Def", part.options, config)
    return default * cpus if per_cpu else default


def too_much_memory(job: "Job", part: "Part", config: "Mapping[str, str]") -> bool:
    """Does the job ask for more memory than MaxMemPerNode or MaxMemPerCPU gives?"""
    most, per_cpu = most_memory(part, config)
    if not most:
        return False
    asked = job.mem_per_node or 0
    if job.mem_per_cpu is not None:
        asked = job.mem_per_cpu * (1 if per_cpu else min_cpus(job))
    return asked > most * (max(job.min_cpus_node, min_cpus(job)) if per_cpu and job.mem_per_node else 1)


def whole_nodes(job: "Job", part: "Part", config: "Mapping[str, str]") -> bool:
    """Does the job get its nodes to itself?"""
    return (job.exclusive == "exclusive" or part.exclusive
            or config.get("SelectType", "").endswith("linear"))


class Candidates:
    """The nodes of a partition that a job could ever use: `nodes` as [(bit, Node)], lightest
    first; `mask` all of them; `up` those that take work."""

    def __init__(self, cluster, nodes):
        bits = cluster.bits()
        self.nodes = [(bits[n.name], n) for n in nodes]
        self.mask = self.up = 0
        for bit, node in self.nodes:
            self.mask |= bit
            if cluster.takes_work(node):
                self.up |= bit


def candidates(cluster: "Cluster", job: "Job", part: "Part") -> "Candidates":
    """The nodes of a partition that the job could ever use (Candidates)."""
    key = part.name, job.req_nodes, job.exc_nodes, job.features
    known = cluster.known.get(key)
    if known is None:
        known = cluster.known[key] = Candidates(cluster, _candidates(cluster, job, part))
    return known


def _candidates(cluster, job, part):
    wanted = set(expand(job.req_nodes)) if job.req_nodes else None
    without = set(expand(job.exc_nodes)) if job.exc_nodes else ()
    found = []
    for name in part.node_names:
        node = cluster.nodes[name]
        if name in without or node.state == "FUTURE":
            continue
        if job.features and not has_features(node, job.features):
            continue
        found.append(node)
    if wanted:
        # the nodes named first, then their neighbours
        at = [n.idx for n in found if n.name in wanted] or [0]
        found.sort(key=lambda n: (n.name not in wanted, n.weight,
                                  min((abs(n.idx - i), n.idx < i) for i in at)))
    else:
        found.sort(key=lambda n: (n.weight, n.idx))
    return found


def fit_node(job, node, use, part, config, whole, tasks_wanted, empty=False):
    """How many tasks the node can take now, with what: (tasks, cpus, mem, gres) or None.

    `use` is what others hold (None: nothing); `empty` asks for the node when nobody uses it.
    """
    if empty:
        use = None
    if use and use.jobs and (whole or use.exclusive):
        return None
    free_cpus = node.cpus - (use.cpus if use else 0)
    if part.max_cpus_per_node is not None:
        theirs = sum(s.cpus for other in (use.jobs if use else ()) if other.partition == part.name
                     for s in unpack_alloc(other.alloc) if s.node == node.name)
        free_cpus = min(free_cpus, part.max_cpus_per_node - theirs)
    free = usable(job, node, free_cpus)
    if free < max(1, job.cpus_per_task) or node.cpus < job.min_cpus_node:
        return None
    if node.tmp_disk < job.min_tmp_disk:
        return None
    if job.sockets_per_node and node.sockets < job.sockets_per_node:
        return None
    if job.cores_per_socket and node.cores < job.cores_per_socket:
        return None
    if job.threads_per_core and node.threads < job.threads_per_core:
        return None
    tasks = free // job.cpus_per_task
    if job.overcommit:
        tasks = max(tasks, tasks_wanted)
    if job.ntasks_per_node:
        if tasks < job.ntasks_per_node and job.ntasks_given == 0:
            return None
        tasks = min(tasks, job.ntasks_per_node)
    tasks = min(tasks, tasks_wanted)
    if tasks < 1:
        return None
    gres = take_gres(node, use, gres_of_node(job))
    if gres is None:
        return None
    if held(job, node, tasks, config, whole) > free_cpus and not whole:
        return None
    memory = 0
    if counts_memory(config):
        room = node.memory - (use.mem if use else 0)
        if job.mem_per_node is None and not whole:
            # memory per CPU: fewer tasks may fit than CPUs do
            while tasks and needed_memory(
                    job, node, usable(job, node, held(job, node, tasks, config, whole)),
                    config, part) > room:
                tasks -= 1
            if not tasks:
                return None
        memory = needed_memory(job, node, usable(job, node, held(job, node, tasks, config, whole)),
                               config, part)
        if memory is None or (whole and job.mem_per_node is None):
            memory = node.memory if memory is None else min(memory, node.memory)
        if memory > room:
            return None
    elif job.mem_per_node and job.mem_per_node > node.memory:
        return None
    return tasks, held(job, node, tasks, config, whole), memory, gres


def usable(job: "Job", node: "Node", cpus: int) -> int:
    """How many of a node's CPUs the job may use: where --threads-per-core or a hint leaves some
    threads of a core idle, nobody else has them."""
    threads = job.threads_per_core
    return cpus // node.threads * threads if threads and threads < node.threads else cpus


def held(job, node, tasks, config, whole):
    """The CPUs of a node that so many tasks hold: whole cores, or the whole node."""
    if whole:
        return node.cpus
    # tasks that overcommit share the CPUs of one
    cpus = job.cpus_per_task if job.overcommit else max(tasks * job.cpus_per_task, min_cpus(job))
    if "CORE" in config.get("SelectTypeParameters", "").upper():
        each = min(job.threads_per_core or node.threads, node.threads)
        cpus = min(node.cpus, -(-cpus // each) * node.threads)
    return cpus


def place(cluster: "Cluster", job: "Job", part: "Part", blocked: int = 0, empty: bool = False,
          ranged: bool = False) -> "list[Share] | None":
    """Where the job can start: list of Share in node order, or None.

    blocked: mask of nodes kept for others.  empty: as if no job ran and every node
    were up (can it ever run here?).  ranged: the number of nodes comes from a range.
    """
    most = min(job.max_nodes or len(part.node_names), len(part.node_names))
    if job.ntasks_given or job.spread_job:
        most = min(most, job.ntasks)
    if most > job.min_nodes and (job.spread_job or job.nodes_given and not job.use_min_nodes
                                 and job.max_nodes > job.min_nodes):
        # a range of nodes: as many as there are
        for count in range(most, job.min_nodes, -1):
            shares = place(cluster, job.copy(min_nodes=count, max_nodes=count), part, blocked, empty,
                           ranged=not job.spread_job)
            if shares:
                return shares
    config = cluster.config
    whole = whole_nodes(job, part, config)
    chosen = (_choose(cluster, job, part, blocked, empty, ranged, whole, sparing=False)
              or job.max_nodes and _choose(cluster, job, part, blocked, empty, ranged, whole,
                                           sparing=True))
    if not chosen:
        return None
    chosen.sort(key=lambda c: c[0].idx)
    shares = [Share(n.name, cpus, mem, gres, tasks) for n, (tasks, cpus, mem, gres) in chosen]
    if whole and not config.get("SelectType", "").endswith("linear"):
        # who has a node to himself has all that is on it
        for share, (node, _) in zip(shares, chosen):
            share.gres = take_gres(node, None, parse_gres(node.gres)) or {}
    room = [usable(job, node, s.cpus) // job.cpus_per_task for s, (node, _) in zip(shares, chosen)]
    if whole or job.overcommit:
        rooms = [job.ntasks if job.overcommit else r for r in room]
        if job.ntasks_per_node:
            rooms = [min(r, job.ntasks_per_node) for r in rooms]
        for share, tasks in zip(shares, deal(job.ntasks, rooms)):
            share.tasks = tasks
    if job.ntasks_per_node and not job.overcommit:
        # as many as there is room for, though there may be fewer in all
        for share, most in zip(shares, room):
            share.tasks = max(share.tasks, min(job.ntasks_per_node, most))
    if not job.ntasks_given and not job.ntasks_per_node:
        # who does not say how many tasks may have as many as there are CPUs
        for share, most in zip(shares, room):
            share.tasks = max(1, most)
    return shares


def _choose(cluster, job, part, blocked, empty, ranged, whole, sparing):
    """The first nodes that do: [(Node, what fit_node says)]; None if there are too few.

    sparing: the number of nodes is limited, so none is taken that has little to give.
    """
    gpus = dict(parse_gres(job.tres_per_job.replace("gres:", "")))
    by_task = dict(parse_gres(job.tres_per_task.replace("gres:", "")))
    wanted = expand(job.req_nodes) if job.req_nodes else []
    least = max(job.min_nodes, len(wanted) if job.nodes_given == 0 else 1)
    most = job.max_nodes or max(least, job.ntasks, len(wanted), sum(gpus.values()))
    chosen, left = [], job.ntasks
    possible = candidates(cluster, job, part)
    free = possible.mask if empty else possible.up & ~blocked
    for bit, node in possible.nodes:
        if len(chosen) >= most or (left <= 0 and len(chosen) >= least and not any(gpus.values())):
            break
        use = None if empty else cluster.use.get(node.name)
        if not free & bit or (whole and use):
            if node.name in wanted:
                return None
            continue
        # each node still to come needs one task
        to_come = max(0, least - len(chosen) - 1)
        ask = max(1, left - to_come)
        room = node.cpus // job.cpus_per_task
        if ranged and -(-left // max(1, room)) == 2:
            # as seen in cons_tres: two nodes would do, so this one gives up what the others get
            ask = max(1, min(ask, room - max(0, to_come - 1)))
        fit = fit_node(job, node, use, part, cluster.config, whole, ask, empty)
        if fit is None or sparing and fit[0] < min(ask, -(-left // (most - len(chosen)))):
            if node.name in wanted:
                return None
            continue
        before = dict(gpus)
        if any(gpus.values()):
            fit = _some_gpus(node, use, gpus, fit)
            if fit is None:
                continue
        if by_task:
            fit = _gpus_of_tasks(node, use, by_task, fit)
            if fit is None:
                continue
        fit = _more_for_gpus(job, node, use, part, cluster.config, fit)
        if fit is None:
            gpus = before
            continue
        chosen.append((node, fit))
        left -= fit[0]
    if len(chosen) < least or left > 0 or not chosen or any(gpus.values()):
        return None
    return chosen if set(wanted) <= {n.name for n, _ in chosen} else None


def _some_gpus(node, use, gpus, fit):
    """Let a node give as many of the job's GPUs (--gpus) as it can; counts `gpus` down.
    None if it has none to give."""
    tasks, cpus, mem, gres = fit
    gres, found = dict(gres), False
    for (name, kind), count in list(gpus.items()):
        for full, free in gres_free(node, use, name, kind):
            take = free[:count]
            if take:
                gres[full] = gres.get(full, []) + take
                count -= len(take)
                found = True
        gpus[name, kind] = count
    return (tasks, cpus, mem, gres) if found else None


def _more_for_gpus(job, node, use, part, config, fit):
    """The CPUs and memory that go with a node's GPUs (--cpus-per-gpu, --mem-per-gpu, DefCpuPerGPU,
    DefMemPerGPU). None if the node has not so much."""
    tasks, cpus, mem, gres = fit
    gpus = sum(len(idx) for kind, idx in gres.items() if kind.partition(":")[0] == "gpu")
    if not gpus:
        return fit
    each = [asked or int(part.options.get(key) or config.get(key) or 0) for asked, key in (
        (job.cpus_per_gpu, "DefCpuPerGPU"), (job.mem_per_gpu, "DefMemPerGPU"))]
    if gpus * each[0] > cpus:
        share = mem / cpus if job.mem_per_node is None else 0
        more = gpus * each[0]
        if "CORE" in config.get("SelectTypeParameters", "").upper():
            more = -(-more // node.threads) * node.threads
        if more > node.cpus - (use.cpus if use else 0):
            return None
        mem, cpus = (int(share * more) if share else mem), more
    if each[1] and counts_memory(config) and job.mem_per_node is None and job.mem_per_cpu is None:
        mem = gpus * each[1]
    if mem > node.memory - (use.mem if use else 0):
        return None
    return tasks, cpus, mem, gres


def _gpus_of_tasks(node, use, by_task, fit):
    """Give each task on a node its GPUs (--gpus-per-task), to as many tasks as they suffice for.
    None if there are too few for one."""
    tasks, cpus, mem, gres = fit
    free = {wish: [(full, idx) for full, ids in gres_free(node, use, *wish) for idx in ids]
            for wish in by_task}
    fed = min([tasks, *(len(free[wish]) // count for wish, count in by_task.items() if count)])
    if not fed:
        return None
    gres = dict(gres)
    for wish, count in by_task.items():
        for full, idx in free[wish][:count * fed]:
            gres[full] = [*gres.get(full, []), idx]
    return fed, -(-cpus * fed // tasks), -(-mem * fed // tasks), gres
