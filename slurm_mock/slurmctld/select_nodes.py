"""Which nodes, and how much of each: fitting one job onto the nodes that are free.

Pure functions of a Cluster.  They follow select/cons_tres in what matters to a
reader of squeue: which nodes are taken (eval_nodes.py); tasks fill a node before the
next is taken; a partition with OverSubscribe=EXCLUSIVE gives whole nodes.
"""

from ..common.hostlist import expand
from ..common.records import Share, cpus_for_jobs, min_cpus, unpack_alloc, vpus
from ..common.tres import parse_gres
from ..conf.params import counts_memory, memory_setting, most_memory
from . import eval_nodes
from .eval_nodes import Room
from .gres_select import gpus_of_tasks, gres_free, gres_of_node, more_for_gpus, some_gpus, take_gres, whole_gres

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..common.records import Job, Node
    from .cluster import Cluster, Part


# More tasks than any node has room for.
ALL = 1 << 30


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
        return job.mem_per_cpu * cpus or None
    default, per_cpu = memory_setting("Def", part.options, config)
    return (default * cpus if per_cpu else default) or None


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
    """The nodes of a partition that a job could ever use: `nodes` as [(bit, Node, kind)] in slurm.conf's
    order, where nodes of one kind have the same to give when they are idle; `mask` all of them; `up`
    those that take work."""

    def __init__(self, cluster, nodes):
        bits, kinds = cluster.bits(), {}
        self.nodes = [(bits[n.name], n, kinds.setdefault(shape(n), len(kinds))) for n in nodes]
        self.mask = self.up = 0
        for bit, node, _ in self.nodes:
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
    without = set(expand(job.exc_nodes)) if job.exc_nodes else ()
    found = []
    for name in sorted(part.node_names, key=lambda name: cluster.nodes[name].idx):
        node = cluster.nodes[name]
        if name in without or node.state == "FUTURE":
            continue
        if job.features and not has_features(node, job.features):
            continue
        found.append(node)
    return found


def shape(node: "Node") -> "tuple[Any, ...]":
    """What two idle nodes have alike that have the same to give."""
    return (node.cpus, node.boards, node.sockets, node.cores, node.threads, node.memory, node.tmp_disk, node.gres,
            node.gres_counted, node.core_spec, node.mem_spec)


def usable(job: "Job", node: "Node", cpus: int) -> int:
    """How many of a node's CPUs the job may use: where --threads-per-core or a hint leaves some
    threads of a core idle, nobody else has them."""
    threads = job.threads_per_core
    return cpus // vpus(node) * threads if threads and threads < vpus(node) else cpus


def held(job, node, tasks, config, whole):
    """The CPUs of a node that so many tasks hold: whole cores, or the whole node."""
    if whole:
        return cpus_for_jobs(node)
    # tasks that overcommit share the CPUs of one
    cpus = job.cpus_per_task if job.overcommit else max(tasks * job.cpus_per_task, min_cpus(job))
    if "CORE" in config.get("SelectTypeParameters", "").upper():
        each = min(job.threads_per_core or vpus(node), vpus(node))
        cpus = min(cpus_for_jobs(node), -(-cpus // each) * vpus(node))
    return cpus


def place(cluster: "Cluster", job: "Job", part: "Part", blocked: int = 0, empty: bool = False,
          ranged: bool = False, trial: bool = False) -> "list[Share] | None":
    """Where the job can start: list of Share in node order, or None.

    blocked: mask of nodes kept for others.  empty: as if no job ran and every node
    were up (can it ever run here?).  ranged: the number of nodes comes from a range.
    trial: for --test-only, where the memory that goes with the CPUs is not asked for of all
    CPUs of a node that only the partition gives whole.
    """
    most = min(job.max_nodes or len(part.node_names), len(part.node_names))
    if job.ntasks_given or job.spread_job:
        most = min(most, job.ntasks)
    if most > job.min_nodes and (job.spread_job or job.nodes_given and not job.use_min_nodes
                                 and job.max_nodes > job.min_nodes):
        # a range of nodes: as many as there are
        for count in range(most, job.min_nodes, -1):
            shares = place(cluster, job.copy(min_nodes=count, max_nodes=count), part, blocked, empty,
                           not job.spread_job, trial)
            if shares:
                return shares
    selection = Selection(cluster, job, part, blocked, empty, ranged, trial)
    chosen = selection.choose()
    if not chosen:
        return None
    chosen.sort(key=lambda c: c[0].idx)
    shares, whole = [share for _, share in chosen], selection.whole
    if whole and not cluster.config.get("SelectType", "").endswith("linear"):
        # who has a node to himself has all that is on it
        for share, (node, _) in zip(shares, chosen):
            share.gres = take_gres(node, None, whole_gres(node)) or {}
    room = [usable(job, node, s.cpus) // job.cpus_per_task for s, (node, _) in zip(shares, chosen)]
    if whole or job.overcommit:
        from ..common.step_layout import deal
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


class Selection:
    """The choice of nodes of one partition for one job.

    blocked, empty, ranged, trial: see place(). whole: does the job get its nodes to itself?
    """

    def __init__(self, cluster, job, part, blocked, empty, ranged, trial=False):
        self.cluster, self.job, self.part, self.config = cluster, job, part, cluster.config
        self.blocked, self.empty, self.ranged = blocked, empty, ranged
        self.whole = whole_nodes(job, part, self.config)
        self.trial = trial
        self.of_all_cpus = self.whole and not (trial and part.exclusive and job.exclusive != "exclusive")
        # of all nodes together, and of each task: {(name, kind): count}
        self.gpus = parse_gres(job.tres_per_job, asked=True)
        self.gpus_by_task = parse_gres(job.tres_per_task, asked=True)

    def choose(self):
        """The nodes that do: [(Node, Share)]; None if there are too few."""
        rooms = self._rooms()
        if rooms is None:
            return None
        chosen = self._eval(rooms)
        if chosen or not self.job.max_nodes:
            return chosen
        # Small nodes may have taken the places of bigger ones: without the smallest, and so on.
        for cpus in sorted({room.cpus for room in rooms if not room.wanted})[:-1]:
            chosen = self._eval([room for room in rooms if room.wanted or room.cpus > cpus])
            if chosen:
                return chosen
        return None

    def _rooms(self):
        """A Room for each node that has something for the job now, in slurm.conf's order; None where one
        has nothing that the job names."""
        wanted = set(expand(self.job.req_nodes)) if self.job.req_nodes else ()
        possible = candidates(self.cluster, self.job, self.part)
        free = possible.mask if self.empty else possible.up & ~self.blocked
        found, alike = [], {}
        for bit, node, kind in possible.nodes:
            use = None if self.empty else self.cluster.use.get(node.name)
            tasks = 0
            if free & bit and not (self.whole and use):
                tasks = alike.get(kind) if use is None else None
                if tasks is None:
                    share = self.fit(node, use, self.job.ntasks if self.job.overcommit else ALL)
                    if share and self.gpus_by_task:
                        share = gpus_of_tasks(node, use, self.gpus_by_task, share)
                    tasks = share.tasks if share else 0
                    if use is None:
                        alike[kind] = tasks
            if tasks:
                found.append(Room(node, use, tasks * self.job.cpus_per_task, node.name in wanted))
            elif node.name in wanted:
                return None
        return found if len(wanted) <= sum(room.wanted for room in found) else None

    def _eval(self, rooms):
        """The nodes that do, taken as cons_tres takes them (eval_nodes): [(Node, Share)] or None."""
        job, gpus = self.job, dict(self.gpus)
        wanted = sum(room.wanted for room in rooms)
        least = max(job.min_nodes, self.part.min_nodes, wanted if job.nodes_given == 0 else 1)
        most = job.max_nodes or max(least, job.ntasks, wanted, sum(gpus.values()))
        chosen, left = [], job.ntasks

        def done():
            return len(chosen) >= most or left <= 0 and len(chosen) >= least and not any(gpus.values())

        def take(room):
            nonlocal left
            ask = self._tasks_to_ask(room.node, left, max(0, least - len(chosen) - 1))
            share = self.fit(room.node, room.use, ask)
            before = dict(gpus)
            share = share and self._with_gpus(room.node, room.use, gpus, share)
            if share is None:
                gpus.update(before)
                return False
            chosen.append((room.node, share))
            left -= share.tasks
            return True

        def suffices(room):
            return room.cpus >= left * job.cpus_per_task and all(
                sum(len(free) for _, free in gres_free(room.node, room.use, *wish)) >= count
                for wish, count in gpus.items())

        for room in rooms:
            if room.wanted and (len(chosen) >= most or not take(room)):
                return None
        found = eval_nodes.sets(rooms, not self.trial)
        while not done():
            cpus, nodes = left * job.cpus_per_task, least - len(chosen)
            one = eval_nodes.best(found, cpus, nodes)
            if one is None:
                break
            for room in eval_nodes.walk(one, nodes, suffices):
                if done():
                    break
                take(room)
            found.remove(one)
        enough = chosen and len(chosen) >= least and left <= 0 and not any(gpus.values())
        return chosen if enough else None

    def _tasks_to_ask(self, node, left, to_come):
        """How many of the tasks that are left a node is asked to take: each of the nodes still to
        come needs one."""
        ask = max(1, left - to_come)
        room = cpus_for_jobs(node) // self.job.cpus_per_task
        if self.ranged and -(-left // max(1, room)) == 2:
            # as seen in cons_tres: two nodes would do, so this one gives up what the others get
            ask = max(1, min(ask, room - max(0, to_come - 1)))
        return ask

    def _with_gpus(self, node, use, gpus, share):
        """The Share with the node's part of the job's GPUs, and what goes with them; None if it
        cannot be. `gpus` is counted down."""
        if any(gpus.values()):
            share = some_gpus(node, use, gpus, share)
        if share and self.gpus_by_task:
            share = gpus_of_tasks(node, use, self.gpus_by_task, share)
        return share and more_for_gpus(self.job, node, use, self.part, self.config, share)

    def fit(self, node, use, tasks_wanted):
        """The Share of a node that can take up to so many of the job's tasks now, or None.

        use: what others hold of it (None: nothing).
        """
        job, whole = self.job, self.whole
        if use and use.jobs and (whole or use.exclusive):
            return None
        free_cpus = self._free_cpus(node, use)
        free = usable(job, node, free_cpus)
        if free < max(1, job.cpus_per_task) or not _big_enough(job, node):
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
        if held(job, node, tasks, self.config, whole) > free_cpus and not whole:
            return None
        tasks, memory = self._memory(node, use, tasks)
        if not tasks:
            return None
        return Share(node.name, held(job, node, tasks, self.config, whole), memory, gres, tasks)

    def _free_cpus(self, node, use):
        """CPUs of a node that nobody holds and that the partition may give (MaxCPUsPerNode)."""
        free, most = cpus_for_jobs(node) - (use.cpus if use else 0), self.part.max_cpus_per_node
        if most is None:
            return free
        theirs = sum(s.cpus for other in (use.jobs if use else ()) if other.partition == self.part.name
                     for s in unpack_alloc(other.alloc) if s.node == node.name)
        return min(free, most - theirs)

    def _memory(self, node, use, tasks):
        """(tasks, MiB): how many of these tasks the node's memory suffices for (0: for none), and
        what they hold of it."""
        job, config, whole = self.job, self.config, self.of_all_cpus
        if not counts_memory(config):
            return (0 if job.mem_per_node and job.mem_per_node > node.memory else tasks), 0
        all_of_it = node.memory - node.mem_spec
        room = all_of_it - (use.mem if use else 0)
        if needed_memory(job, node, 1, config, self.part) is None:
            # all of the node's memory, which nobody else may have any of
            return (tasks, all_of_it) if room == all_of_it else (0, 0)

        def needed(count):
            cpus = usable(job, node, held(job, node, count, config, whole))
            return needed_memory(job, node, cpus, config, self.part)

        if job.mem_per_node is None and not whole:
            # memory per CPU: fewer tasks may fit than CPUs do
            while tasks and needed(tasks) > room:
                tasks -= 1
            if not tasks:
                return 0, 0
        memory = needed(tasks)
        return (tasks, memory) if memory <= room else (0, 0)


def _big_enough(job, node):
    """Has the node what the job wants of each, whoever uses it?"""
    return not (cpus_for_jobs(node) < job.min_cpus_node or node.tmp_disk < job.min_tmp_disk
                or job.sockets_per_node and node.sockets < job.sockets_per_node
                or job.cores_per_socket and node.cores < job.cores_per_socket
                or job.threads_per_core and node.threads < job.threads_per_core)
