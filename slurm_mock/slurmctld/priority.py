"""Job priorities: priority/basic and priority/multifactor.

`factors`, `size` and `of_job` work with the Measure that they are given.  `measure` reads one from
an open cluster; `initial` and `recalculate` write to its store, too.  Source: slurm.conf(5),
PriorityType, PriorityWeight*, PriorityFlags; the numbers agree with what `sprio` and `scontrol
show job` of Slurm 22.05.8 give for the same job.
"""

from ..conf.params import flags, multifactor, period
from ..conf.weights import NAMES, weights

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..common.records import Job
    from .state import State

TOP = 4294901759        # where priority/basic begins to count down


class Measure:
    """By what jobs are measured: the size of the cluster, the highest priorities."""

    def __init__(self, config, nodes, cpus, parts, qos=None, assocs=None, fairshare=None,
                 totals=None):
        """qos: {name: priority}; assocs: {id: priority or None}; fairshare: {id: factor};
        totals: partition -> {TRES: amount}, asked only where TRES have a weight."""
        self.config, self.nodes, self.cpus, self.parts = config, nodes, cpus, parts
        self.weights, self.flags = weights(config), flags(config)
        self.longest = period(config, "PriorityMaxAge", "7-0") or 1
        self.small = config.get("PriorityFavorSmall", "NO").upper() == "YES"
        self.qos, self.assocs = qos or {}, assocs or {}
        self.fairshare, self.totals = fairshare or {}, totals
        self.best_part = max([p.priority_factor for p in parts.values()], default=1) or 1
        self.best_qos = max(self.qos.values(), default=0)
        self.best_assoc = max([p for p in self.assocs.values() if p], default=0)

    def raw(self, kind):
        """Is a factor to be left as it is (PriorityFlags=NO_NORMAL_...)? kind: PART, QOS, ASSOC or TRES."""
        return bool(self.flags & {"NO_NORMAL_ALL", "NO_NORMAL_" + kind})


class Factors:
    """What makes up a job's priority: `norm` {factor: 0 to 1}, `tres` {name: 0 to 1}, nice."""

    __slots__ = ("norm", "tres", "nice", "weights")

    def __init__(self, norm, tres, nice, given):
        self.norm, self.tres, self.nice, self.weights = norm, tres, nice, given

    def weighted(self, name):
        """A factor times its weight. name: one of NAMES."""
        return self.norm[name] * self.weights[name]

    def weighted_tres(self):
        """{TRES: its part times its weight}."""
        return {name: value * self.weights["TRES"][name] for name, value in self.tres.items()}

    def total(self):
        """All factors together, weighted; nice is not yet taken off."""
        return sum(self.weighted(name) for name in NAMES) + sum(self.weighted_tres().values())

    def priority(self):
        """The job's priority; at least 1 (0 means held)."""
        return max(1, int(self.total() - self.nice))


def factors(measure, job, part, now, tres=None):
    """The Factors of a job on one of its partitions. tres: {name: amount} that it asks for."""
    norm = dict.fromkeys(NAMES, 0.0)
    if job.accrue_time and (job.eligible_time or "ACCRUE_ALWAYS" in measure.flags):
        norm["Age"] = max(0.0, min(1.0, (now - job.accrue_time) / measure.longest))
    norm["JobSize"] = size(measure, job, part)
    if part:
        norm["Partition"] = part.priority_factor / (1 if measure.raw("PART") else measure.best_part)
    highest = measure.qos.get(job.qos, 0)
    norm["QOS"] = highest / (1 if measure.raw("QOS") else measure.best_qos or 1)
    own = measure.assocs.get(job.assoc_id) or 0
    norm["Assoc"] = own / (1 if measure.raw("ASSOC") else measure.best_assoc or 1)
    norm["Fairshare"] = measure.fairshare.get(job.assoc_id, 0.0)
    shares = {}
    if tres is not None and part:
        totals = measure.totals(part)
        for name in measure.weights["TRES"]:
            have = 1 if measure.raw("TRES") else totals.get(name, 0)
            shares[name] = tres.get(name, 0) / have if have else 0.0
    return Factors(norm, shares, job.nice, measure.weights)


def size(measure, job, part):
    """The job-size factor."""
    nodes, cpus = measure.nodes or 1, measure.cpus or 1
    asked = max(job.ntasks * job.cpus_per_task, job.min_nodes)
    if "SMALL_RELATIVE_TO_TIME" in measure.flags:
        limit = job.time_limit if (job.time_limit or 0) > 0 else (part and part.max_time) or 1
        value = max(job.min_nodes * cpus / nodes, asked) / limit / cpus
    else:
        value = (job.min_nodes / nodes + asked / cpus) / 2
    if measure.small:
        value = 1 - value
    return max(0.0, min(1.0, value))


# ---- the cluster's jobs ------------------------------------------------------

def measure(ctl):
    """The Measure of a cluster as it is, read from its store."""
    from ..store.nodes import totals
    nodes, cpus = totals(ctl.store)
    given = weights(ctl.config)
    qos, assocs, fairshare = {}, {}, {}
    if given["QOS"] or given["Assoc"]:
        book = ctl.book()
        qos = {name: q.priority for name, q in book.qos.items()}
        assocs = {a.id: book.limit(a, "priority") for a in book.associations} \
            if given["Assoc"] else {}
    if given["Fairshare"]:
        fairshare = ctl.store.data("fairshare", {})
    return Measure(ctl.config, nodes, cpus, ctl.parts(), qos, assocs, fairshare,
                   _Totals(ctl) if given["TRES"] else None)


class _Totals:
    """part -> what it has of each TRES."""

    def __init__(self, ctl):
        self.cluster, self.found = ctl.cluster(), {}

    def __call__(self, part):
        if part.name not in self.found:
            from ..common.tres import parse_gres
            have = {"cpu": 0, "mem": 0, "node": 0, "billing": 0}
            for name in part.node_names:
                node = self.cluster.nodes[name]
                for key, value in (("cpu", node.cpus), ("mem", node.memory), ("node", 1),
                                   ("billing", node.cpus)):
                    have[key] += value
                for (gres, _), count in parse_gres(node.gres).items():
                    have["gres/" + gres] = have.get("gres/" + gres, 0) + count
            self.found[part.name] = have
        return self.found[part.name]

    # what job_info asks of a view
    @property
    def config(self):
        return self.cluster.config

    def part(self, names):
        return next((self.cluster.parts[n] for n in names.split(",") if n in self.cluster.parts),
                    None)

    def asked(self, job):
        """{TRES: amount} that a job asks for."""
        from ..common.tres import tres_dict
        from .job_info import tres
        return tres_dict(tres(job, self))


def of_job(measured, job, part, now):
    """Factors of a job of the cluster's on a partition."""
    return factors(measured, job, part, now, measured.totals.asked(job) if measured.totals else None)


def initial(ctl: "State", job: "Job") -> int:
    """The priority of a job that may start from now on; at least 1 (0 means held)."""
    if not multifactor(ctl.config):
        number = ctl.store.meta("basic_priority", TOP)
        ctl.store.set_meta("basic_priority", number - 1)
        return max(1, number - job.nice)
    measured = measure(ctl)
    part = measured.parts.get(job.partition.split(",")[0])
    return of_job(measured, job, part, ctl.now).priority()


def recalculate(ctl: "State", now: int) -> None:
    """Every PriorityCalcPeriod: fair-share, and the priorities of all waiting jobs that are not
    held and have none that somebody gave them."""
    if not multifactor(ctl.config):
        return
    store = ctl.store
    since = store.meta("priority_time", 0)
    if 0 <= now - since < period(ctl.config, "PriorityCalcPeriod", "00:05:00"):
        return
    store.set_meta("priority_time", now)
    if not since:
        return                       # slurmctld, too, begins to count one period after its start
    from ..slurmdbd import usage
    from ..store.queue import computed
    usage.update(ctl, now)
    waiting = computed(store)
    if not waiting:
        return
    measured = measure(ctl)
    grows = "INCR_ONLY" in measured.flags
    for job in waiting:
        part = measured.parts.get(job.partition.split(",")[0])
        number = of_job(measured, job, part, now).priority()
        if number != job.priority and not (grows and number < job.priority):
            job.priority = number
            store.update(job, "priority")
