"""The rows of sreport's reports. Source: sreport(1) of Slurm 22.05."""

from ...common.print_table import TEXT, Column, Table
from ...slurmctld.cluster_tres import cluster_tres
from ...slurmctld.job_info import tres
from ...slurmdbd import rollup, usage
from ...slurmdbd.assoc_mgr import hierarchical, indented
from ...store import accounting
from ..shared.view import View

KEYS = ("account", "allocated", "cluster", "count", "down", "energy", "idle", "login", "name", "nodes",
        "over", "planned", "planned_down", "proper", "reported", "start", "end", "tres", "used", "wckey")


def level(report):
    """0 for an ordinary user, 1 for an operator, 2 for an administrator."""
    from ..sacctmgr.session import Session
    return Session(report.call).level()


def jobs_of(report, start, end):
    """Jobs that may have run in a period."""
    return accounting.ran_between(report.ctl.store, start, end)


def used_in(report, start, end):
    """{association id: {TRES: seconds}}."""
    view = View(report.ctl, report.call.env)
    until = min(end, report.ctl.now)
    return rollup.by_association(jobs_of(report, start, end), start, until, lambda job: tres(job, view))


def totals(report, start, end):
    """{TRES: what the whole cluster has in seconds of the period}."""
    counts = cluster_tres(report.ctl.cluster(), report.ctl.book(), report.ctl.config)
    return {name: count * (end - start) for name, count in counts.items()}


def usage_rows(report, start, end, assoc, counts, whole, extra):
    """A row for each TRES that is reported, where something of it was used."""
    for name in report.tres:
        seconds = counts.get(name, 0)
        if seconds or name != "cpu" and not report.named:
            yield {"cluster": assoc.cluster, "account": assoc.account, "login": assoc.user,
                   "proper": proper_name(report, assoc.user), "tres": name,
                   "used": report.told(seconds, whole.get(name, 0)),
                   "energy": report.told(0, 0), **extra}


def proper_name(report, user):
    """The user's name in full, as the machine knows it."""
    import pwd
    try:
        return pwd.getpwnam(user).pw_gecos.split(",")[0] if user else ""
    except KeyError:
        return ""


def account_user(report, start, end):
    """cluster AccountUtilizationByUser: a row for each association that used something, parents
    included, and TRES. start, end: of the period, seconds since the epoch."""
    book = report.ctl.book()
    used = rollup.with_parents(book, used_in(report, start, end))
    rows = [a for a in book.associations if a.id in used
            and (not report.accounts or a.account in report.accounts)
            and (not report.users or a.user in report.users)]
    rows = hierarchical(book, rows)
    name = indented(rows) if report.tree else None
    whole = totals(report, start, end)
    return [row for a in rows for row in usage_rows(
        report, start, end, a, used[a.id], whole, {"account": name(a)} if name else {})]


def user_account(report, start, end):
    """cluster UserUtilizationByAccount: a row for each association of a user that used something,
    and TRES, most first."""
    book, used = report.ctl.book(), used_in(report, start, end)
    rows = [a for a in book.associations if a.id in used
            and (not report.accounts or a.account in report.accounts)
            and (not report.users or a.user in report.users)]
    whole = totals(report, start, end)
    rows.sort(key=lambda a: (-used[a.id].get(report.tres[0], 0), a.user, a.account))
    return [row for a in rows for row in usage_rows(report, start, end, a, used[a.id], whole, {})]


def top(report, start, end):
    """The users who used most, each with all his accounts."""
    book, used = report.ctl.book(), used_in(report, start, end)
    people = {}
    for assoc_id, counts in used.items():
        assoc = book.by_id(assoc_id)
        if assoc and (not report.users or assoc.user in report.users) \
                and (not report.accounts or assoc.account in report.accounts):
            mine = people.setdefault(assoc.user, ([], {}))
            mine[0].append(assoc)
            for name, seconds in counts.items():
                mine[1][name] = mine[1].get(name, 0) + seconds
    first = report.tres[0]
    order = sorted(people, key=(lambda u: u) if report.by_name else (lambda u: (-people[u][1].get(first, 0), u)))
    whole = totals(report, start, end)
    rows = []
    for user in order[:report.top]:
        assocs, counts = people[user]
        names = ",".join(sorted({a.account for a in assocs}))
        rows += usage_rows(report, start, end, assocs[0], counts, whole, {"account": names})
    return rows


def _by_wckey(report, start, end):
    keyed = {}
    until = min(end, report.ctl.now)
    for job in jobs_of(report, start, end):
        seconds = usage.ran(job, start, until) * job.num_cpus
        if seconds > 0 and job.wckey and (not report.users or job.user in report.users):
            keyed[job.wckey, job.user] = keyed.get((job.wckey, job.user), 0) + seconds
    whole = totals(report, start, end)["cpu"]
    return [{"cluster": report.ctl.book().cluster, "wckey": key, "login": user, "tres": "cpu",
             "proper": proper_name(report, user), "used": report.told(seconds, whole)}
            for (key, user), seconds in sorted(keyed.items())]


def user_wckey(report, start, end):
    """cluster UserUtilizationByWckey: a row for each user and WCKey, by user."""
    return sorted(_by_wckey(report, start, end), key=lambda row: (row["login"], row["wckey"]))


def wckey_user(report, start, end):
    """cluster WCKeyUtilizationByUser: a row for each WCKey and user, by WCKey."""
    return _by_wckey(report, start, end)


def utilization(report, start, end):
    """cluster Utilization: a row for each TRES, how much of the period it was allocated, down or idle."""
    ctl = report.ctl
    cluster, book = ctl.cluster(), ctl.book()
    begun = min(ctl.store.meta("boot_time", start), accounting.first_start(ctl.store) or end)
    since, until = max(start, begun), min(end, ctl.now)
    if until <= since:
        return []
    counts = cluster_tres(cluster, book, ctl.config)
    used = rollup.with_parents(book, used_in(report, since, until)).get(getattr(book.get("root"), "id", 0), {})
    down = {}
    for node in cluster.nodes.values():
        gone = until - max(since, node.reason_time) if node.state == "DOWN" else 0
        if gone > 0:
            for name, count in (("cpu", node.cpus), ("mem", node.memory), ("node", 1)):
                down[name] = down.get(name, 0) + count * gone
    rows = []
    for name, row in rollup.utilization(counts, used, down, since, until).items():
        if name in report.tres:
            whole = row["reported"]
            texts = {key: report.told(row[key], whole) for key in ("allocated", "down", "idle")}
            asked = counts[name] * (end - start)
            rows.append({"cluster": book.cluster, "tres": name, "planned": report.told(0, whole),
                         "planned_down": report.told(0, whole), "over": report.told(0, whole),
                         "reported": report.told(whole, asked), "count": str(counts[name]), **texts})
    return rows


def reservation(report, start, end):
    """Reservations of the period; what jobs used of them is not kept after they end."""
    from ...common.parse_time import stamp
    from ...slurmctld.reservation import cpus
    book, now, cluster = report.ctl.book(), report.ctl.now, report.ctl.cluster()
    rows = []
    for res in sorted(report.ctl.store.reservations(), key=lambda res: res.name):
        since, until = max(start, res.start_time), min(end, res.end_time, now)
        if until > since:
            whole = cpus(cluster, res) * (until - since)
            mine = sum(usage.ran(j, since, until) * j.num_cpus for j in jobs_of(report, start, end)
                       if j.reservation == res.name)
            rows.append({"cluster": book.cluster, "name": res.name, "start": stamp(res.start_time),
                         "end": stamp(min(res.end_time, end)), "tres": "cpu", "nodes": res.nodes, "count": str(cpus(cluster, res)),
                         "allocated": report.told(mine, whole), "idle": report.told(max(0, whole - mine), whole)})
    return rows


def sizes(report, which, start, end):
    """(Table, rows) of job sizes: a column for each group of CPU counts."""
    bounds = report.bounds
    titles = [f"{low}-{high} CPUs" for low, high in rollup.groups(bounds)]
    if bounds[-1]:
        titles[-1] = f">= {bounds[-1]} CPUs"
    key = {"sizes": "Account", "sizes_wckey": "Wckey", "sizes_both": "Account"}[which]
    width = -20 if which == "sizes_both" else 9
    made = [Column("Cluster", 9, TEXT, lambda r: r[0]), Column(key, width, TEXT, lambda r: r[1])]
    made += [Column(title, 13, TEXT, lambda r, i=i: r[2][i]) for i, title in enumerate(titles)]
    made.append(Column("% of cluster", 12, TEXT, lambda r: r[3]))
    book = report.ctl.book()
    groups = {}
    for job, place, seconds in rollup.sizes(jobs_of(report, start, end), start, min(end, report.ctl.now), bounds):
        assoc = book.by_id(job.assoc_id)
        for name in names_of(report, which, book, assoc, job):
            counts = groups.setdefault(name, [0] * len(titles))
            counts[place] += 1 if report.count_jobs else seconds
    whole = sum(sum(counts) for counts in groups.values())
    unit = 1 if report.count_jobs else report.unit or 1
    rows = [(book.cluster, name, [f"{c / unit:.0f}" if report.unit or report.count_jobs else
                                  f"{100 * c / (whole or 1):.2f}%" for c in counts],
             f"{100 * sum(counts) / (whole or 1):.2f}%") for name, counts in sorted(groups.items())]
    return Table(made, report.parsable, report.header), rows


def names_of(report, which, book, assoc, job):
    """The groups that a job counts for."""
    if which == "sizes_wckey":
        return [job.wckey] if job.wckey else []
    if assoc is None:
        return []
    if which == "sizes_both":
        return [f"{assoc.account}:{job.wckey}"]
    if report.accounts:
        return [a.account for a in book.lineage(assoc) if not a.user and a.account in report.accounts]
    return [assoc.account] if report.flat else ["root"]


# Report -> its rows; those about the sizes of jobs have columns of their own (sizes).
REPORTS = {
    "account_user": account_user, "user_account": user_account, "user_wckey": user_wckey,
    "wckey_user": wckey_user, "utilization": utilization, "top": top, "reservation": reservation,
}
