"""Limits of associations and QOS: who may submit, and who may start now.

They are told from a Book (the accounting database), from what runs and from what was used; only
`ledger` reads these from an open cluster.  A QOS goes before the associations: where it sets a
limit, theirs of the same kind does not count.
Source: sacctmgr(1), "Resource Limits" of Slurm; the reasons and their order are those that
Slurm 22.05.8 gives (tests/conformance/transcripts/accounts/limits.txt).
"""

from ..common.records import unpack_alloc
from ..common.slurmdb import GROUP_LIMITS, INHERITED_LIMITS, QOS_LIMITS
from ..common.tres import tres_dict
from ..conf.params import enforced
from ..slurmdbd.usage import EMPTY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ..common.records import Job
    from ..slurmdbd.assoc_mgr import Book

# How a kind of limit is called in a reason; {} is the resource.
GROUP, GROUP_MINUTES, RUN_MINUTES = "Grp{}", "Grp{}Minutes", "Grp{}RunMinutes"
PER_JOB, PER_NODE, PER_USER = "Max{}PerJob", "Max{}PerNode", "Max{}PerUser"
PER_ACCOUNT, MINUTES, LEAST = "Max{}PerAccount", "Max{}MinutesPerJob", "Min{}"

NOUNS = {"cpu": "Cpu", "mem": "Memory", "node": "Node", "billing": "Billing", "energy": "Energy"}
IRREGULAR = {
    ("cpu", GROUP): "GrpCpuLimit", ("mem", GROUP): "GrpMemLimit", ("node", GROUP): "GrpNodeLimit",
    ("cpu", GROUP_MINUTES): "GrpCPUMinutesLimit", ("cpu", RUN_MINUTES): "GrpCPURunMinutesLimit",
    ("cpu", PER_JOB): "MaxCpuPerJobLimit", ("node", PER_JOB): "MaxNodePerJobLimit",
    ("cpu", PER_USER): "MaxCpuPerUserLimit", ("node", PER_USER): "MaxNodePerUserLimit",
    ("cpu", MINUTES): "MaxCpuMinutesPerJobLimit", ("cpu", LEAST): "MinCpuNotSatisfied",
}


def reason(owner, kind, tres):
    """The reason's name; owner: "Assoc" or "QOS"."""
    if (tres, kind) in IRREGULAR:
        text = IRREGULAR[tres, kind]
    else:
        head = tres.partition("/")[0]
        noun = {"gres": "GRES", "license": "License", "bb": "BB"}.get(
            head, NOUNS.get(tres, "Unknown"))
        if owner == "Assoc" and noun == "Memory":
            noun = "Mem"
        text = kind.format(noun)
    return text if kind is PER_ACCOUNT else owner + text


class Count:
    """What the running jobs of an association, a QOS or a user have together."""

    __slots__ = ("jobs", "tres", "nodes", "run")

    def __init__(self):
        self.jobs, self.tres, self.nodes, self.run = 0, {}, {}, {}

    def add(self, tres, nodes, seconds):
        """One job more. tres: {TRES: count}; nodes: names; seconds: that it may still run."""
        self.jobs += 1
        for name, count in tres.items():
            self.tres[name] = self.tres.get(name, 0) + count
            self.run[name] = self.run.get(name, 0) + count * seconds
        for name in nodes:
            self.nodes[name] = self.nodes.get(name, 0) + 1

    def with_more(self, name, count, nodes):
        """How much of a resource it would be; a node that several jobs share counts once."""
        if name == "node":
            return len(self.nodes.keys() | set(nodes))
        return self.tres.get(name, 0) + count


NOTHING = Count()


def any_set(book: "Book") -> bool:
    """Is there any limit at all?"""
    return any(getattr(item, name) not in (None, "") for items, names in (
        (book.associations, (*GROUP_LIMITS, *INHERITED_LIMITS)), (book.qos.values(), QOS_LIMITS))
        for item in items for name in names if name != "priority")


def ledger(ctl, cluster):
    """The Ledger of a cluster's running jobs, its accounts and usage read from the store; None
    where no limits are kept."""
    words = enforced(ctl.config)
    if "limits" not in words:
        return None
    book = ctl.book()
    if not any_set(book):
        return None
    return Ledger(book, cluster.active, cluster.now, ctl.store.data("usage", EMPTY),
                  "safe" in words)


class Ledger:
    """Who has what just now, and who may have more."""

    def __init__(self, book, active, now, used=EMPTY, safe=False):
        self.book, self.now, self.used, self.safe = book, now, used, safe
        self.counts = {}
        for job in active:
            left = max(0, (job.time_limit or 0) * 60 - (now - (job.start_time or now)))
            self.add(job, tres_dict(job.alloc_tres), [s.node for s in unpack_alloc(job.alloc)], left)

    def add(self, job, tres, nodes, seconds):
        """A job runs with so much, for so many seconds at the most."""
        for key in self.keys(job):
            self.counts.setdefault(key, Count()).add(tres, nodes, seconds)

    def keys(self, job):
        """The keys of `counts` to which a job counts: its QOS, its user and account there, and the
        associations of its lineage."""
        yield "qos", job.qos
        yield "user", job.qos, job.user
        yield "account", job.qos, job.account
        for one in self.lineage(job):
            yield "assoc", one.id

    def lineage(self, job):
        """The job's association and those above it; [] where it has none."""
        assoc = self.book.by_id(job.assoc_id)
        return self.book.lineage(assoc) if assoc else []

    def count(self, *key):
        """The Count of a key (see keys); NOTHING where no job runs."""
        return self.counts.get(key, NOTHING)

    # ---- before nodes are looked for ---------------------------------------

    def before(self, job, minutes):
        """Why a job with this time limit may not start, whatever it would get; "" if it may."""
        qos = self.book.qos.get(job.qos)
        if qos:
            jobs = (("grp_jobs", self.count("qos", job.qos), "QOSGrpJobsLimit"),
                    ("max_jobs_pa", self.count("account", job.qos, job.account), "MaxJobsPerAccount"),
                    ("max_jobs_pu", self.count("user", job.qos, job.user), "QOSMaxJobsPerUserLimit"))
            for limit, count, why in jobs:
                most = getattr(qos, limit)
                if most is not None and count.jobs >= most:
                    return why
            if _reached(qos.grp_wall, self.used["qos"].get(job.qos, {})):
                return "QOSGrpWallLimit"
            if qos.max_wall is not None and minutes > qos.max_wall:
                return "QOSMaxWallDurationPerJobLimit"
        line = self.lineage(job)
        for one in line:
            if one.grp_jobs is not None and not _sets(qos, "grp_jobs") \
                    and self.count("assoc", one.id).jobs >= one.grp_jobs:
                return "AssocGrpJobsLimit"
            if not _sets(qos, "grp_wall") and _reached(
                    one.grp_wall, self.used["assoc"].get(one.id, {})):
                return "AssocGrpWallLimit"
        if line:
            most = self.book.limit(line[0], "max_jobs")
            if most is not None and not _sets(qos, "max_jobs_pu") \
                    and self.count("assoc", line[0].id).jobs >= most:
                return "AssocMaxJobsLimit"
            most = self.book.limit(line[0], "max_wall")
            if most is not None and not _sets(qos, "max_wall") and minutes > most:
                return "AssocMaxWallDurationPerJobLimit"
        return self._nodes(job, qos, line)

    def _nodes(self, job, qos, line):
        """A job of more nodes than a limit allows at all: the tightest one is named."""
        own, found = self.book.own_tres, []
        if qos:
            found = [(own(qos, "grp_tres"), GROUP), (own(qos, "max_tres_pa"), PER_ACCOUNT),
                     (own(qos, "max_tres_pj"), PER_JOB), (own(qos, "max_tres_pu"), PER_USER)]
        found = [(limits, reason("QOS", kind, "node")) for limits, kind in found]
        found += [(self._without(qos, "grp_tres", own(one, "grp_tres")),
                   reason("Assoc", GROUP, "node")) for one in line]
        if line:
            found.append((self._without(qos, "max_tres_pj",
                                        self.book.tres_limit(line[0], "max_tres_pj")),
                          reason("Assoc", PER_JOB, "node")))
        found = [(limits["node"], why) for limits, why in found if "node" in limits]
        most, why = min(found, key=lambda pair: pair[0], default=(None, ""))
        return why if most is not None and job.min_nodes > most else ""

    # ---- when nodes were found ----------------------------------------------

    def after(self, job, tres, nodes, minutes, per_node):
        """Why a job that would get these TRES may not start; "" if it may.

        per_node: [{TRES: count}] of each node.
        """
        qos = self.book.qos.get(job.qos)
        asked = _Asked(tres, nodes, minutes, per_node)
        if qos:
            why = self._qos(job, qos, asked)
            if why:
                return why
        return self._associations(job, qos, asked)

    def _qos(self, job, qos, asked):
        own = self.book.own_tres
        whole = self.count("qos", job.qos)
        used = self.used["qos"].get(job.qos, {})
        user = self.count("user", job.qos, job.user)
        account = self.count("account", job.qos, job.account)
        return (self._group("QOS", lambda name: own(qos, name), whole, used, asked)
                or asked.over("QOS", MINUTES, own(qos, "max_tres_mins_pj"), asked.minutes_of)
                or asked.over("QOS", PER_ACCOUNT, own(qos, "max_tres_pa"), asked.beside(account))
                or asked.over("QOS", PER_JOB, own(qos, "max_tres_pj"), asked.amount)
                or asked.over("QOS", PER_NODE, own(qos, "max_tres_pn"), asked.on_a_node)
                or asked.over("QOS", PER_USER, own(qos, "max_tres_pu"), asked.beside(user))
                or asked.over("QOS", RUN_MINUTES, own(qos, "max_tres_run_mins_pu"),
                              asked.running(user))
                or asked.over("QOS", RUN_MINUTES, own(qos, "max_tres_run_mins_pa"),
                              asked.running(account))
                or asked.under(own(qos, "min_tres_pj")))

    def _associations(self, job, qos, asked):
        line = self.lineage(job)
        for one in line:
            why = self._group(
                "Assoc", lambda name, one=one: self._without(qos, name, self.book.own_tres(one, name)),
                self.count("assoc", one.id), self.used["assoc"].get(one.id, {}), asked)
            if why:
                return why
        if not line:
            return ""

        def inherited(name):
            return self._without(qos, name, self.book.tres_limit(line[0], name))
        return (asked.over("Assoc", MINUTES, inherited("max_tres_mins_pj"), asked.minutes_of)
                or asked.over("Assoc", PER_JOB, inherited("max_tres_pj"), asked.amount)
                or asked.over("Assoc", PER_NODE, inherited("max_tres_pn"), asked.on_a_node)
                or asked.over("Assoc", RUN_MINUTES, inherited("max_tres_run_mins"),
                              asked.running(self.count("assoc", line[0].id))))

    def _without(self, qos, name, limits):
        """An association's limits that the QOS does not set itself."""
        theirs = self.book.own_tres(qos, name) if qos and name in qos.columns else {}
        return {tres: most for tres, most in limits.items() if tres not in theirs}

    def _group(self, owner, limit, count, used, asked):
        """Limits of a group: minutes used, what runs, minutes that are still to come."""
        for tres, most in limit("grp_tres_mins").items():
            minutes = used.get(tres, 0) / 60
            if self.safe:
                minutes += count.run.get(tres, 0) / 60 + asked.minutes_of(tres)
            if minutes > most or not self.safe and minutes >= most:
                return reason(owner, GROUP_MINUTES, tres)
        return (asked.over(owner, GROUP, limit("grp_tres"), asked.beside(count))
                or asked.over(owner, RUN_MINUTES, limit("grp_tres_run_mins"), asked.running(count)))


def _reached(most, used):
    return most is not None and used.get("wall", 0) / 60 >= most


def _sets(qos, name):
    return qos is not None and getattr(qos, name) is not None


class _Asked:
    """What one job would get."""

    def __init__(self, tres, nodes, minutes, per_node):
        self.tres, self.nodes, self.minutes, self.per_node = tres, nodes, minutes, per_node

    def amount(self, name):
        return self.tres.get(name, 0)

    def minutes_of(self, name):
        return self.tres.get(name, 0) * self.minutes

    def on_a_node(self, name):
        return max([one.get(name, 0) for one in self.per_node], default=0)

    def beside(self, count):
        return lambda name: count.with_more(name, self.tres.get(name, 0), self.nodes)

    def running(self, count):
        return lambda name: count.run.get(name, 0) / 60 + self.minutes_of(name)

    def over(self, owner, kind, limits, value):
        return next((reason(owner, kind, tres) for tres, most in limits.items()
                     if value(tres) > most), "")

    def under(self, limits):
        return next((reason("QOS", LEAST, tres) for tres, least in limits.items()
                     if self.tres.get(tres, 0) < least), "")


# ---- submission ---------------------------------------------------------------

def refused(book: "Book", job: "Job", tres: "Mapping[str, int]", minutes: int,
            submitted: "Callable[[dict[str, Any]], int]") -> str:
    """The limit that a submission breaks, by name; "" if none.

    tres: {TRES: count} asked for; submitted(columns) counts the tasks of jobs that wait or
    run and agree with it: {column: value}.
    """
    qos = book.qos.get(job.qos)
    tasks = job.array_count or 1
    assoc = book.by_id(job.assoc_id)
    if qos:
        if "denyonlimit" in qos.flags.lower():
            asked = _Asked(tres, range(tres.get("node", 0)), minutes, [])
            why = (asked.over("QOS", GROUP, book.own_tres(qos, "grp_tres"), asked.amount)
                   or asked.over("QOS", MINUTES, book.own_tres(qos, "max_tres_mins_pj"),
                                 asked.minutes_of)
                   or asked.over("QOS", PER_JOB, book.own_tres(qos, "max_tres_pj"), asked.amount)
                   or asked.over("QOS", PER_USER, book.own_tres(qos, "max_tres_pu"), asked.amount)
                   or asked.under(book.own_tres(qos, "min_tres_pj")))
            if why:
                return why
            if qos.max_wall is not None and minutes > qos.max_wall:
                return "QOSMaxWallDurationPerJobLimit"
        for limit, same, why in (
                ("grp_submit", {"qos": job.qos}, "QOSGrpSubmitJobsLimit"),
                ("max_submit_pa", {"qos": job.qos, "account": job.account},
                 "MaxSubmitJobsPerAccount"),
                ("max_submit_pu", {"qos": job.qos, "user": job.user}, "QOSMaxSubmitJobPerUserLimit")):
            most = getattr(qos, limit)
            if most is not None and submitted(same) + tasks > most:
                return why
    for one in book.lineage(assoc) if assoc else ():
        if one.grp_submit is not None and not _sets(qos, "grp_submit"):
            below = [a.id for a in book.associations
                     if a.cluster == one.cluster and one.lft <= a.lft and a.rgt <= one.rgt]
            if submitted({"assoc_id": below}) + tasks > one.grp_submit:
                return "AssocGrpSubmitJobsLimit"
    if assoc:
        most = book.limit(assoc, "max_submit")
        if most is not None and not _sets(qos, "max_submit_pu") \
                and submitted({"assoc_id": [assoc.id]}) + tasks > most:
            return "AssocMaxSubmitJobLimit"
    return ""
