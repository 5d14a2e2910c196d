"""scontrol create, update and delete reservation. Source: scontrol(1), RESERVATIONS."""

from .. import messages
from ..hostlist import BadHostlist, expand, fold
from ..model import Reservation
from ..units import BadValue, parse_limit, parse_when

DENIED = "Invalid user id"
KEYS = (("reservationname", 3), ("starttime", 1), ("endtime", 1), ("duration", 1), ("flags", 2),
        ("nodecnt", 5), ("nodes", 5), ("corecnt", 5), ("features", 2), ("licenses", 1),
        ("partitionname", 1), ("accounts", 1), ("users", 1), ("groups", 1))


class _Bad(Exception):
    pass


def _read(args, now, done):
    """KEY=VALUE words -> {key: value}; times as seconds, the duration as minutes."""
    found = {}
    for word in args:
        key, equals, value = word.partition("=")
        if not equals and key.lower().startswith("res"):
            continue                     # the word "reservation" itself
        name = next((n for n, least in KEYS
                     if len(key) >= least and n.startswith(key.lower())), None)
        if name is None or not equals:
            raise _Bad(f"Unknown parameter {word}.  No reservation {done}.")
        if name in ("starttime", "endtime"):
            try:
                value = parse_when(value, now)
            except BadValue:
                what = name.removesuffix("time")
                raise _Bad(f"Invalid {what} time {word}.  No reservation {done}.") from None
        elif name == "duration":
            try:
                value = parse_limit(value)
            except BadValue:
                raise _Bad(f"Invalid duration {word}.  No reservation {done}.") from None
        found[name] = value
    return found


def create(session, args):
    ctl = session.call.controller
    try:
        words = _read(args, ctl.now, "created")
        if "starttime" not in words:
            raise _Bad("A start time must be given.  No reservation created.")
        if "endtime" not in words and "duration" not in words:
            raise _Bad("An end time or duration must be given.  No reservation created.")
        if not any(k in words for k in ("nodes", "nodecnt", "corecnt", "licenses")):
            raise _Bad("CoreCnt, Nodes, NodeCnt, BurstBuffer, Licenses or Watts must be "
                       "specified.  No reservation created.")
        if not any(k in words for k in ("users", "accounts", "groups")):
            raise _Bad("Either Users/Groups and/or Accounts must be specified.  "
                       "No reservation created.")
    except _Bad as bad:
        session.error(str(bad))
        return
    if not ctl.caller.admin:
        session.fail(f"Error creating the reservation: {DENIED}")
        return
    cluster = ctl.cluster()
    nodes = _nodes(cluster, words)
    if nodes is None:
        session.fail("Error creating the reservation: " + messages.BAD_NODE)
        return
    start = words["starttime"]
    end = words.get("endtime") or start + 60 * words["duration"]
    taken = {r.name for r in cluster.reservations}
    name = words.get("reservationname")
    if name in taken:
        session.fail("Error creating the reservation: Duplicate reservation name")
        return
    if not name:
        stem, number = (words.get("users") or words.get("accounts")).split(",")[0], 1
        while f"{stem}_{number}" in taken:
            number += 1
        name = f"{stem}_{number}"
    flags = words.get("flags", "").upper()
    if "nodes" in words:
        flags = ",".join(filter(None, [flags, "SPEC_NODES"]))
    with ctl.store:
        ctl.store.insert(Reservation(
            name=name, start_time=start, end_time=end, nodes=fold(nodes),
            partition=words.get("partitionname", ""), flags=flags, users=words.get("users", ""),
            accounts=words.get("accounts", ""), features=words.get("features", ""),
            licenses=words.get("licenses", "")))
        ctl.dirty()
    ctl.moved()
    session.call.print(f"Reservation created: {name}")


def _nodes(cluster, words):
    """The nodes to reserve, or None where they are not there."""
    if "nodes" in words:
        if words["nodes"].upper() == "ALL":
            return list(cluster.nodes)
        try:
            names = expand(words["nodes"])
        except BadHostlist:
            return None
        return names if all(n in cluster.nodes for n in names) else None
    part = cluster.parts.get(words.get("partitionname", "")) or cluster.default_partition()
    count = int(words["nodecnt"]) if words.get("nodecnt", "").isdecimal() else 1
    free = [n for n in (part.node_names if part else cluster.nodes)
            if cluster.takes_work(cluster.nodes[n])]
    return free[:count] if len(free) >= count else None


def update(session, args):
    ctl = session.call.controller
    try:
        words = _read(args, ctl.now, "update")
    except _Bad as bad:
        session.error(str(bad))
        return
    found = ctl.store.select(Reservation, "WHERE name=?", (words.get("reservationname"),))
    text = DENIED if not ctl.caller.admin else "" if found else messages.BAD_RESERVATION
    if text:
        session.fail(f"Error updating the reservation: {text}\nslurm_update error: {text}")
        return
    res = found[0]
    res.start_time = words.get("starttime", res.start_time)
    res.end_time = words.get("endtime", res.end_time)
    if "duration" in words:
        res.end_time = res.start_time + 60 * words["duration"]
    for key in ("users", "accounts", "features", "licenses", "flags"):
        if key in words:
            setattr(res, key, words[key])
    if "nodes" in words:
        res.nodes = fold(_nodes(ctl.cluster(), words) or expand(res.nodes))
    with ctl.store:
        ctl.store.update(res)
        ctl.dirty()
    ctl.moved()
    session.call.print("Reservation updated.")


def delete(session, what, name):
    ctl = session.call.controller
    if not ctl.caller.admin:
        session.fail(f"{what}: {DENIED}")
        return
    if not ctl.store.select(Reservation, "WHERE name=?", (name,)):
        session.fail(f"{what}: {messages.BAD_RESERVATION}")
        return
    with ctl.store:
        ctl.store.db.execute("DELETE FROM reservations WHERE name=?", (name,))
        ctl.dirty()
    ctl.moved()
