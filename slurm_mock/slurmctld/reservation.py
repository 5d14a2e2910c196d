"""Reservations as slurmctld keeps them: made, changed, deleted.  Source: reservation.c.

What is asked is a dict with the keys of scontrol(1), RESERVATIONS, in small letters: times in
seconds since the epoch, the duration in minutes, flags as a list; of KEY+=VALUE and KEY-=VALUE the
sign is part of the key ("flags+").
"""

from ..common import slurm_errno
from ..common.hostlist import BadHostlist, expand, fold, typed
from ..common.parse_time import is_number
from ..common.records import Reservation
from ..common.slurm_errno import Refused, RefusedInWords
from .uid import user_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from .cluster import Cluster
    from .state import State

NO_GROUPS = "the mock keeps no Groups= of a reservation: name Users= or Accounts="
# The flags in the order in which they are shown.
FLAGS = ("MAINT", "FLEX", "OVERLAP", "IGNORE_JOBS", "HOURLY", "DAILY", "WEEKDAY", "WEEKEND",
         "WEEKLY", "SPEC_NODES", "ALL_NODES", "ANY_NODES", "STATIC", "PART_NODES", "FIRST_CORES", "TIME_FLOAT",
         "REPLACE", "REPLACE_DOWN", "NO_HOLD_JOBS_AFTER_END", "MAGNETIC")


def create_resv(ctl: "State", asked: "Mapping[str, Any]") -> str:
    """Make a reservation; its name. Raises Refused."""
    if not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_USER_ID_MISSING)
    cluster = ctl.cluster()
    taken = {r.name for r in cluster.reservations}
    name = asked.get("reservationname")
    nodes = _nodes(cluster, asked)
    if asked.get("partitionname") and asked["partitionname"] not in cluster.parts:
        raise Refused(slurm_errno.ESLURM_INVALID_PARTITION_NAME)
    if name in taken:
        raise Refused(slurm_errno.ESLURM_RESERVATION_NAME_DUP)
    _may_have(ctl, asked, groups_first=True)
    if nodes is None:
        raise Refused(slurm_errno.ESLURM_INVALID_NODE_NAME)
    start = asked["starttime"]
    name = name or _free_name(asked, taken)
    flags = _in_order([*asked.get("flags", ()), *(["SPEC_NODES"] if "nodes" in asked else []),
                       *(["ALL_NODES"] if asked.get("nodes", "").upper() == "ALL" else [])])
    with ctl.store:
        ctl.store.insert(Reservation(
            name=name, start_time=start, end_time=asked.get("endtime") or start + 60 * asked["duration"],
            nodes=fold(nodes), core_cnt=cores(cluster, nodes), partition=asked.get("partitionname", ""), flags=flags,
            users=asked.get("users", ""), accounts=asked.get("accounts", ""),
            features=asked.get("features", ""), licenses=asked.get("licenses", "")))
        ctl.dirty()
    return name


def update_resv(ctl: "State", asked: "Mapping[str, Any]") -> None:
    """Change a reservation. Raises Refused."""
    found = ctl.store.reservation(asked.get("reservationname", ""))
    nodes = _nodes(ctl.cluster(), asked) if asked.get("nodes") or "nodecnt" in asked else []
    if not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_USER_ID_MISSING)
    _may_have(ctl, asked, groups_first=False)
    if found is None:
        raise Refused(slurm_errno.ESLURM_RESERVATION_INVALID)
    if nodes is None and not asked.get("nodes", "all").strip(", "):
        raise Refused(slurm_errno.ESLURM_RESERVATION_INVALID)
    if nodes is None:
        raise Refused(slurm_errno.ESLURM_INVALID_NODE_NAME)
    found.start_time = asked.get("starttime", found.start_time)
    found.end_time = asked.get("endtime", found.end_time)
    if "duration" in asked:
        found.end_time = found.start_time + 60 * asked["duration"]
    for key in ("users", "accounts", "features", "licenses"):
        setattr(found, key, _changed(getattr(found, key), asked, key))
    gone = asked.get("flags-", ())           # Flags= takes none away
    found.flags = _in_order([flag for flag in (*found.flags.split(","), *asked.get("flags", ()),
                                               *asked.get("flags+", ())) if flag not in gone])
    if nodes:
        found.nodes, found.core_cnt = fold(nodes), cores(ctl.cluster(), nodes)
    with ctl.store:
        ctl.store.update(found)
        ctl.dirty()


def delete_resv(ctl: "State", name: str) -> None:
    """Remove a reservation. Raises Refused."""
    if not ctl.caller.admin:
        raise Refused(slurm_errno.ESLURM_USER_ID_MISSING)
    if ctl.store.reservation(name) is None:
        raise Refused(slurm_errno.ESLURM_RESERVATION_INVALID)
    with ctl.store:
        ctl.store.delete_reservation(name)
        ctl.dirty()


def cores(cluster: "Cluster", names: "Iterable[str]") -> int:
    """How many cores these nodes have together."""
    return sum(cluster.nodes[name].sockets * cluster.nodes[name].cores for name in names)


def cpus(cluster: "Cluster", res: "Reservation") -> int:
    """How many CPUs the nodes of a reservation have together: what accounting counts of it."""
    return sum(cluster.nodes[name].cpus for name in expand(res.nodes) if name in cluster.nodes)


def _may_have(ctl: "State", asked: "Mapping[str, Any]", groups_first: bool) -> None:
    """Raise Refused where one of Users= is not there, or where Groups= is given."""
    groups = any(key.startswith("groups") for key in asked)
    if groups and groups_first:
        raise RefusedInWords(NO_GROUPS)
    if not all(user_name(ctl, user.lstrip("-")) for key in ("users", "users+")
               for user in asked.get(key, "").split(",") if user):
        raise Refused(slurm_errno.ESLURM_USER_ID_MISSING)
    if groups:
        raise RefusedInWords(NO_GROUPS)


def _free_name(asked: "Mapping[str, Any]", taken: "Collection[str]") -> str:
    """The name of a reservation that was given none: who it is for, and a number."""
    who = asked.get("users", "").strip(",") or asked["accounts"].strip(",")
    stem, number = who.split(",")[0], 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def _in_order(flags: "Iterable[str]") -> str:
    return ",".join(flag for flag in FLAGS if flag in flags)


def _nodes(cluster: "Cluster", asked: "Mapping[str, Any]") -> "list[str] | None":
    """The nodes to reserve, or None where they are not there."""
    if "nodes" in asked:
        if asked["nodes"].upper() == "ALL":
            return list(cluster.nodes)
        try:
            names = typed(asked["nodes"])
        except BadHostlist:
            return None
        return names if names and all(n in cluster.nodes for n in names) else None
    part = cluster.parts.get(asked.get("partitionname", "")) or cluster.default_partition()
    count = int(asked["nodecnt"]) if is_number(asked.get("nodecnt", "")) else 1
    free = [n for n in (part.node_names if part else cluster.nodes)
            if cluster.takes_work(cluster.nodes[n])]
    return free[:count] if len(free) >= count else None


def _changed(old: str, asked: "Mapping[str, Any]", key: str) -> str:
    """A list, as text, after KEY=, KEY+= or KEY-=."""
    kept = asked.get(key, old).split(",") + asked.get(f"{key}+", "").split(",")
    gone = asked.get(f"{key}-", "").split(",")
    return ",".join(dict.fromkeys(word for word in kept if word and word not in gone))
