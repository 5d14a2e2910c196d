"""The accounting database in memory: who may charge which account, under which limits and QOS.

`Controller.book()` gives the Book of a cluster.  What callers need::

    book.find(user, account, partition)   the Association that a job is charged to, or None
    book.default_account(user)            name, or None for a user without an association
    book.by_id(assoc_id)                  Association (Job.assoc_id), or None
    book.lineage(assoc)                   [assoc, its parent, ..., root's]
    book.children(assoc)                  those directly below
    book.limit(assoc, "max_jobs")         effective value, inherited from parents; None: no limit
    book.tres_limit(assoc, "max_tres_pj") {TRES name: count}, each inherited on its own
    book.own_tres(record, "grp_tres")     {TRES name: count} set on an association or a QOS itself
    book.allowed_qos(assoc)               names, in the order of their ids
    book.default_qos(assoc)               name or None
    book.qos[name]                        Qos

Group limits (grp_*) are not inherited: a job must pass those of each of its lineage.
This module knows neither the store nor the scheduler.  Sources: sacctmgr(1), resource_limits
of Slurm, AllowAccounts, AllowQos and their like in slurm.conf(5).
"""

from ..common.slurmdb import is_tres
from ..common.tres import tres_dict, word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..common.slurmdb import (Account, Association, ClusterEntry, Coordinator, Qos, Tres, User,
                                  WcKey)

    # slurmctld.cluster.Part, which stands above
    Part = Any


def barred(part: "Part", account: str, qos: str) -> "tuple[str, str] | None":
    """Why a partition takes no jobs of an account or QOS (AllowAccounts, DenyAccounts, AllowQos,
    DenyQos of slurm.conf): ("account" or "QOS", slurmctld's sentence); None if it does."""
    for what, allow, deny, name in (("account", "AllowAccounts", "DenyAccounts", account),
                                    ("QOS", "AllowQos", "DenyQos", qos)):
        allowed, denied = part.options.get(allow, "ALL"), part.options.get(deny, "")
        if allowed.upper() != "ALL":
            if not name:
                return what, (f"Job's {what} not known, so it can't use this partition "
                              f"({part.name} allows {allowed})")
            if name not in allowed.lower().split(","):
                return what, (f"Job's {what} not permitted to use this partition "
                              f"({part.name} allows {allowed} not {name})")
        elif name and name in denied.lower().split(","):
            return what, (f"Job's {what} not permitted to use this partition "
                          f"({part.name} denies {denied} including {name})")
    return None


class Book:
    """The database of one cluster; what is deleted is left out of all but `all_*`.

    Each argument is a list of the records of common/slurmdb.py.
    """

    def __init__(self, cluster: str, tres: "list[Tres]", clusters: "list[ClusterEntry]",
                 accounts: "list[Account]", users: "list[User]", coordinators: "list[Coordinator]",
                 associations: "list[Association]", qos: "list[Qos]",
                 wckeys: "list[WcKey]") -> None:
        self.cluster = cluster
        self.all_accounts, self.all_users, self.all_coordinators = accounts, users, coordinators
        self.all_associations, self.all_qos, self.all_wckeys = associations, qos, wckeys
        self.all_clusters = clusters
        # ids are handed out once, also to what is thrown away before it is kept
        self.next_id = 1 + max((a.id for a in associations), default=0)
        self.next_qos_id = 1 + max((q.id for q in qos), default=0)
        self.tres = {word(t): t for t in sorted(tres, key=lambda t: t.id)}
        self.index()

    def index(self) -> None:
        """Make the look-ups anew, after records were changed."""
        self.clusters = {c.name: c for c in self.all_clusters if not c.deleted}
        self.accounts = {a.name: a for a in self.all_accounts if not a.deleted}
        self.users = {u.name: u for u in self.all_users if not u.deleted}
        self.qos = {q.name: q for q in sorted(self.all_qos, key=lambda q: q.id) if not q.deleted}
        self.coordinators = [c for c in self.all_coordinators if not c.deleted]
        self.wckeys = [w for w in self.all_wckeys if not w.deleted]
        self.associations = sorted((a for a in self.all_associations if not a.deleted),
                                   key=lambda a: (a.cluster, a.lft))
        self._ids = {a.id: a for a in self.associations}
        self._keys = {(a.cluster, a.account, a.user, a.partition): a for a in self.associations}

    # ---- associations ------------------------------------------------------

    def by_id(self, assoc_id: int) -> "Association | None":
        """The association of this id, or None (also for one that was deleted)."""
        return self._ids.get(assoc_id)

    def get(self, account: str, user: str = "", partition: str = "",
            cluster: "str | None" = None) -> "Association | None":
        """The association with exactly these, or None."""
        return self._keys.get((cluster or self.cluster, account, user, partition))

    def find(self, user: str, account: "str | None" = None,
             partition: str = "") -> "Association | None":
        """The association that a job of the user's is charged to; account None or "": his default."""
        account = account or self.default_account(user)
        if not account:
            return None
        account = account.lower()
        return (self.get(account, user, partition) if partition else None) or self.get(account, user)

    def default_account(self, user: str) -> "str | None":
        """The name of the user's default account in this cluster, or None."""
        for assoc in self.associations:
            if assoc.user == user and assoc.is_default and assoc.cluster == self.cluster:
                return assoc.account
        return None

    def parent(self, assoc: "Association") -> "Association | None":
        """The association directly above: of a user its account's, of an account that of the parent
        account; None of the root."""
        if assoc.user:
            return self.get(assoc.account, cluster=assoc.cluster)
        return self.get(assoc.parent_account, cluster=assoc.cluster) if assoc.parent_account else None

    def lineage(self, assoc: "Association | None") -> "list[Association]":
        """The association and all above it, the root's last."""
        line = []
        while assoc is not None:
            line.append(assoc)
            assoc = self.parent(assoc)
        return line

    def children(self, assoc: "Association") -> "list[Association]":
        """Directly below, in the order of lft."""
        if assoc.user:
            return []
        return [a for a in self.associations if a.cluster == assoc.cluster and (
            a.account == assoc.account if a.user else a.parent_account == assoc.account)]

    # ---- limits ------------------------------------------------------------

    def limit(self, assoc: "Association", name: str) -> "int | None":
        """The effective value of a limit that is inherited (INHERITED_LIMITS, not of TRES)."""
        for one in self.lineage(assoc):
            value = getattr(one, name)
            if value is not None:
                return value
        return None

    def tres_limit(self, assoc: "Association", name: str) -> "dict[str, int]":
        """{TRES: count} of a limit, each inherited on its own, in the order of the TRES' ids."""
        merged = {}
        for one in reversed(self.lineage(assoc)):
            merged.update(tres_dict(getattr(one, name)))
        return self._in_order(merged)

    def own_tres(self, item: "Association | Qos", name: str) -> "dict[str, int]":
        """{TRES: count} of a limit that is set on the record itself, in the order of the TRES' ids."""
        return self._in_order(tres_dict(getattr(item, name)))

    def limits(self, item: "Association | Qos", names: "Iterable[str]") -> "dict[str, Any]":
        """{limit: number or {TRES: count}} of those that are set on a record itself."""
        return {name: tres_dict(getattr(item, name)) if is_tres(name) else getattr(item, name)
                for name in names if getattr(item, name) not in (None, "")}

    def _in_order(self, counts: "dict[str, int]") -> "dict[str, int]":
        return {name: counts[name] for name in (*self.tres, *counts) if name in counts}

    # ---- QOS ---------------------------------------------------------------

    def allowed_qos(self, assoc: "Association") -> "tuple[str, ...]":
        """The names of the QOS that its jobs may have, inherited and changed on the way down, by id."""
        names = set()
        for one in reversed(self.lineage(assoc)):
            if one.qos:
                names = set(one.qos.split(","))
            for change in one.delta_qos.split(",") if one.delta_qos else ():
                (names.add if change[0] == "+" else names.discard)(change[1:])
        return tuple(name for name in self.qos if name in names)

    def default_qos(self, assoc: "Association") -> "str | None":
        """The name of the QOS that its jobs have if they ask for none, inherited; None if that is
        not set."""
        for one in self.lineage(assoc):
            if one.default_qos is not None:
                return one.default_qos or None
        return None

    # ---- people ------------------------------------------------------------

    def coordinators_of(self, account: str) -> "list[str]":
        """Users who coordinate it, or an account above it, by name."""
        assoc = self.get(account)
        line = {a.account for a in self.lineage(assoc)} if assoc else {account}
        return sorted({c.user for c in self.coordinators if c.account in line})

    def coordinated_by(self, user: str) -> "list[str]":
        """Accounts that the user coordinates, those below them included, by name."""
        return sorted(name for name in self.accounts if self.coordinates(user, name))

    def coordinates(self, user: str, account: str) -> bool:
        """Is the user a coordinator of the account, or of one above it?"""
        mine = {c.account for c in self.coordinators if c.user == user}
        assoc = self.get(account)
        return any(one.account in mine for one in self.lineage(assoc)) if assoc else account in mine


def hierarchical(book, rows, flat=False):
    """A list of associations as trees: at each level users before accounts, by name.  Where the
    parent is not in the list, or with `flat`, a tree begins."""
    listed = {a.id for a in rows}
    below = {}
    for assoc in sorted(rows, key=lambda a: (a.cluster, a.lft)):
        parent = None if flat else book.parent(assoc)
        below.setdefault(parent.id if parent and parent.id in listed else None, []).append(assoc)

    def level(key):
        return sorted(below.get(key, ()), key=lambda a: (
            not a.user, a.cluster if flat or not a.parent_account and not a.user else a.user or a.account))

    def family(assoc):
        return [assoc, *[one for child in level(assoc.id) for one in family(child)]]
    return [one for top in level(None) for one in family(top)]


def indented(rows):
    """Function (Association) -> its account, one blank deeper than what it stands below."""
    depth = {}
    for assoc in rows:
        above = assoc.account if assoc.user else assoc.parent_account
        key = (assoc.cluster, assoc.account, assoc.user, assoc.partition)
        depth[key] = depth.get((assoc.cluster, above, "", ""), -1) + 1
    return lambda a: " " * depth[a.cluster, a.account, a.user, a.partition] + a.account
