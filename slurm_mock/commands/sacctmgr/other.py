"""sacctmgr: the entities that are looked at rather than changed - configuration, events,
problems, transactions, runaway jobs, statistics - and clusters. Source: sacctmgr(1)."""

from ...common import slurm_errno
from ...common.print_table import fits
from ...common.slurmdb import ClusterEntry
from ...slurmctld import reservation
from ...store import accounting
from ..shared.words import names
from . import apply, messages
from .session import denied, refused
from .show import asked, default, show
from .words import ASSOC_SETTINGS, option, setting


def list_event(session, words):
    """sacctmgr show event: since when the cluster is registered, and which nodes are down, draining
    or failing now. What is over is not kept."""
    found = asked(session, words, "event")
    if found is None:
        return
    for name in found.events or ():
        if not ("cluster".startswith(name) or "node".startswith(name)):
            session.fail(messages.UNKNOWN_EVENT.format(name=name))
    if session.exit_code:
        return
    ctl = session.ctl
    begun = ctl.store.meta("boot_time", 0)
    rows = [{"cluster": session.book.cluster, "node": None, "start": begun, "end": 0, "state": "",
             "reason": "Cluster Registered TRES", "user": None}]
    for node in ctl.store.nodes():
        down = [f for f in ("DRAIN", "FAIL") if f in node.flags.split(",")]
        if (node.state == "DOWN" or down) and (not found.nodes or node.name in found.nodes):
            state = node.state + ("+" + "+".join(down) if down else "")
            rows.append({"cluster": session.book.cluster, "node": node.name, "start": node.reason_time,
                         "end": 0, "state": state, "reason": node.reason,
                         "user": f"{node.reason_user}({node.reason_uid})" if node.reason_user else None})
    if found.nodes:
        rows = [r for r in rows if r["node"]]
    values = {key: (lambda r, k=key: r[k]) for key in ("cluster", "start", "state", "reason", "user")}
    values.update(node_name=lambda r: r["node"], end=lambda r: r["end"],
                  duration=lambda r: ctl.now - r["start"], event=lambda r: "Node" if r["node"] else "Cluster")
    show(session, rows, found.format or default(session, "event"), values)


def list_transaction(session, words):
    """sacctmgr show transaction: who changed what in the database."""
    found = asked(session, words, "transaction")
    if found is None:
        return
    rows = [t for t in accounting.transactions(session.ctl.store)
            if (not found.actors or t.actor in found.actors) and (not found.ids or str(t.id) in found.ids)
            and (not found.actions or t.action.replace(" ", "").lower() in found.actions)]
    values = {"time": lambda t: t.time, "action": lambda t: t.action, "actor": lambda t: t.actor,
              "where": lambda t: t.where_text, "info": lambda t: t.info, "id": lambda t: t.id,
              "cluster": lambda t: t.cluster}
    show(session, rows, found.format or default(session, "transaction"), values)


def list_problem(session, words):
    """sacctmgr show problem: accounts with nothing below them, and users whom the machine does not
    know. Refuses all but operators."""
    found = asked(session, words, "problem")
    if found is None:
        return
    if session.level() < 1:
        session.error(session.call.strerror(slurm_errno.ESLURM_ACCESS_DENIED))
        session.refuse(slurm_errno.ESLURM_ACCESS_DENIED)
        return
    book = session.book
    from ...slurmctld.uid import user_name
    rows = [(a.cluster, a.account, None, "Account has no users")
            for a in book.associations if not a.user and not book.children(a)]
    rows += [(a.cluster, a.account, a.user, "User does not have a uid")
             for a in book.associations if a.user and user_name(session.ctl, a.user) is None]
    values = {"cluster": lambda r: r[0], "account": lambda r: r[1], "user": lambda r: r[2],
              "problem": lambda r: r[3]}
    show(session, rows, found.format or default(session, "problem"), values)


def list_runaway(session, words):
    """sacctmgr show runawayjobs: there are none. Refuses all but operators."""
    if asked(session, words, "runaway") is None:
        return
    if session.level() < 1:
        session.error(messages.NO_RUNAWAY)
        session.exit_code = 1
        return
    # slurmdbd and slurmctld cannot come apart here: they are one store
    session.print(f"Runaway Jobs: No runaway jobs found on cluster {session.book.cluster}")


def list_stats(session, words):
    """sacctmgr show stats: slurmdbd's counters, which the mock has not; it says so to an
    administrator and refuses everybody else."""
    if session.level() < 2:
        session.call.log(messages.NO_STATS)
        session.exit_code = 1
        return
    session.fail(messages.NOT_HERE.format(what="show stats"))


def clear_stats(session, words):
    """sacctmgr clear stats: nothing to clear; exit code 1 for all but administrators."""
    session.exit_code |= int(session.level() < 2)


def list_federation(session, words):
    """sacctmgr show federation: the head of a table, for there is none."""
    found = asked(session, words, "federation")
    if found is not None:
        show(session, [], found.format or default(session, "federation"), {})


def list_resource(session, words):
    """sacctmgr show resource: the head of a table, for there is none."""
    found = asked(session, words, "resource")
    if found is not None:
        show(session, [], found.format or default(session, "resource"), {})


def list_reservation(session, words):
    """sacctmgr show reservation: the reservations that are not over, by their start. What was before a
    change of one is not kept."""
    found = asked(session, words, "reservation")
    if found is None:
        return
    now, cluster = session.ctl.now, session.ctl.cluster()
    rows = sorted((r for r in session.ctl.store.reservations()
                   if now < r.end_time and (not found.names or r.name in found.names)),
                  key=lambda r: (r.start_time, r.name))
    values = {"cluster": lambda r: session.book.cluster, "name": lambda r: r.name,
              "tres": lambda r: f"cpu={reservation.cpus(cluster, r)}", "start": lambda r: r.start_time,
              "end": lambda r: r.end_time, "flags": lambda r: r.flags, "node_name": lambda r: r.nodes,
              "unused_wall": lambda r: float(max(0, now - r.start_time))}
    show(session, rows, found.format or default(session, "reservation"), values)


# ---- clusters -----------------------------------------------------------------

def add_cluster(session, words):
    """sacctmgr add cluster: entries of further clusters, with limits. Only for administrators."""
    wanted, changes = [], {}
    for word in words:
        key, sign, value = option(word)
        if value is None or fits(key, "Names", 1):
            wanted += names(key if value is None else value)
        elif not setting(session, ASSOC_SETTINGS, changes, key, sign, value):
            session.fail(messages.UNKNOWN_OPTION_WHERE.format(word=word))
    if session.exit_code:
        return
    if not wanted:
        session.fail(messages.NEED_NAME.format(what="cluster"))
        return
    book = session.book
    for name in [n for n in wanted if n in book.clusters]:
        session.print(f" This cluster {name} already exists.  Not adding.")
        wanted.remove(name)
    if not wanted:
        session.exit_code = 1
        return
    session.print(" Adding Cluster(s)\n" + "\n".join(f"  Name           = {n}" for n in wanted))
    if changes:
        session.print(" Setting")
        session.print(" Default Limits")
        apply.print_settings(session, changes)
    if session.level() < 2:
        denied(session, "clusters")
        return
    from ...slurmdbd.assoc_tree import add
    now = session.ctl.now
    for name in wanted:
        book.all_clusters = [c for c in book.all_clusters if c.name != name]
        book.all_clusters.append(ClusterEntry(name=name, creation_time=now, mod_time=now))
        root = add(book, now, cluster=name, account="root", qos="normal")
        add(book, now, cluster=name, account="root", user="root", is_default=1)
        apply.to_association(book, root, changes, now)
    session.commit("Add Clusters", ",".join(wanted))


def delete_cluster(session, words):
    """sacctmgr delete cluster: the entries that the conditions name, with their associations; never
    the cluster's own. Only for administrators."""
    found = apply.to_delete(session, words, "cluster")
    if found is None:
        return
    if session.level() < 2:
        refused(session)
        return
    book = session.book
    rows = [c for n, c in book.clusters.items() if n in (found.names or ())]
    if not rows:
        session.print(messages.NOTHING_DELETED)
        session.exit_code = 1
        return
    if any(c.name == book.cluster for c in rows):
        # with it the mock's only cluster would lose all that its jobs are charged to
        session.fail(messages.NOT_HERE.format(what="delete the cluster's own entry"))
        return
    session.print("\n".join([" Deleting clusters...", *[f"  {c.name}" for c in rows]]))
    for row in rows:
        row.deleted = 1
        for assoc in book.all_associations:
            if assoc.cluster == row.name:
                assoc.deleted = 1
    session.commit("Remove Clusters", ",".join(c.name for c in rows))
