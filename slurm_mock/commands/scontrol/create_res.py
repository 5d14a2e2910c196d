"""scontrol create, update and delete reservation. Source: scontrol(1), RESERVATIONS."""

from ...common import messages
from ...common.hostlist import BadHostlist, expand, fold
from ...common.parse_time import BadValue, parse_limit, parse_when
from ...common.records import Reservation
from ..shared.uid import user_name

DENIED = "Invalid user id"
NO_GROUPS = "the mock keeps no Groups= of a reservation: name Users= or Accounts="
KEYS = (("reservationname", 3), ("starttime", 1), ("endtime", 1), ("duration", 1), ("flags", 2),
        ("nodecnt", 5), ("nodes", 5), ("corecnt", 5), ("features", 2), ("licenses", 1),
        ("partitionname", 1), ("accounts", 1), ("users", 1), ("groups", 1))
# Flags=, by the words that scontrol reads (or their beginnings), in the order in which they
# are shown.
FLAGS = {"maintenance": "MAINT", "flex": "FLEX", "overlap": "OVERLAP", "ignore_jobs": "IGNORE_JOBS",
         "hourly": "HOURLY", "daily": "DAILY", "weekday": "WEEKDAY", "weekend": "WEEKEND",
         "weekly": "WEEKLY", "spec_nodes": "SPEC_NODES", "any_nodes": "ANY_NODES",
         "static_alloc": "STATIC", "part_nodes": "PART_NODES", "first_cores": "FIRST_CORES",
         "time_float": "TIME_FLOAT", "replace": "REPLACE", "replace_down": "REPLACE_DOWN",
         "no_hold_jobs_after_end": "NO_HOLD_JOBS_AFTER_END", "magnetic": "MAGNETIC"}


class _Bad(Exception):
    pass


def _read(args, now, done):
    """KEY=VALUE words -> {key: value}; times as seconds, the duration as minutes, flags as a
    list. Of KEY+=VALUE and KEY-=VALUE the sign is kept as {"flags+": ...}."""
    found = {}
    for word in args:
        key, equals, value = word.partition("=")
        sign = key[-1:] if key[-1:] in ("+", "-") else ""
        key = key.removesuffix(sign)
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
        elif name == "flags":
            value = _flags(value, sign, word.partition("=")[2], done)
        elif name == "nodes" and sign:
            raise _Bad(messages.NO_SIGNS.format(done=done))
        elif name == "nodecnt" and not value.replace(",", "").isdecimal():
            raise _Bad(f"Invalid node count {value}")
        found[name + sign] = value
    return found


def _flags(text, sign, shown, done):
    """The flags' full names."""
    found = []
    for word in filter(None, text.lower().split(",")):
        fits = [flag for name, flag in FLAGS.items() if name.startswith(word)]
        if not fits:
            raise _Bad(f"Error parsing flags {sign if sign == '-' else ''}{shown}.  "
                       f"No reservation {done}.")
        found.append(fits[0])
    return found


def _in_order(flags):
    return ",".join(flag for flag in FLAGS.values() if flag in flags)


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
        if words.get("endtime", words["starttime"]) < words["starttime"]:
            raise _Bad("Start time cannot be after end time.  No reservation created.")
        if not any(words.get(k, "").strip(",") for k in ("users", "accounts", "groups")):
            raise _Bad("Either Users/Groups and/or Accounts must be specified.  "
                       "No reservation created.")
    except _Bad as bad:
        session.error(str(bad))
        return
    if not ctl.caller.admin:
        session.fail(f"Error creating the reservation: {DENIED}")
        return
    cluster = ctl.cluster()
    start = words["starttime"]
    end = words.get("endtime") or start + 60 * words["duration"]
    taken = {r.name for r in cluster.reservations}
    name = words.get("reservationname")
    nodes = _nodes(cluster, words)
    if words.get("partitionname") and words["partitionname"] not in cluster.parts:
        why = messages.BAD_PARTITION
    elif name in taken:
        why = "Duplicate reservation name"
    elif any(key.startswith("groups") for key in words):
        why = NO_GROUPS
    elif not _known(ctl, words):
        why = DENIED
    else:
        why = "" if nodes is not None else messages.BAD_NODE
    if why:
        session.fail(f"Error creating the reservation: {why}")
        return
    if not name:
        who = words.get("users", "").strip(",") or words["accounts"].strip(",")
        stem, number = who.split(",")[0], 1
        while f"{stem}_{number}" in taken:
            number += 1
        name = f"{stem}_{number}"
    flags = _in_order([*words.get("flags", ()), *(["SPEC_NODES"] if "nodes" in words else [])])
    with ctl.store:
        ctl.store.insert(Reservation(
            name=name, start_time=start, end_time=end, nodes=fold(nodes),
            partition=words.get("partitionname", ""), flags=flags, users=words.get("users", ""),
            accounts=words.get("accounts", ""), features=words.get("features", ""),
            licenses=words.get("licenses", "")))
        ctl.dirty()
    ctl.moved()
    session.call.print(f"Reservation created: {name}")


def _known(ctl, words):
    """Are all of Users= there?"""
    return all(user_name(ctl, user.lstrip("-")) for key in ("users", "users+")
               for user in words.get(key, "").split(",") if user)


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
        session.fail("slurm_update error: No error")
        return
    found = ctl.store.select(Reservation, "WHERE name=?", (words.get("reservationname"),))
    nodes = _nodes(ctl.cluster(), words) if words.keys() & {"nodes", "nodecnt"} else []
    if not ctl.caller.admin or not _known(ctl, words):
        text = DENIED
    elif any(key.startswith("groups") for key in words):
        text = NO_GROUPS
    else:
        text = messages.BAD_RESERVATION if not found else messages.BAD_NODE if nodes is None else ""
    if text:
        session.fail(f"Error updating the reservation: {text}\nslurm_update error: {text}")
        return
    res = found[0]
    res.start_time = words.get("starttime", res.start_time)
    res.end_time = words.get("endtime", res.end_time)
    if "duration" in words:
        res.end_time = res.start_time + 60 * words["duration"]
    for key in ("users", "accounts", "features", "licenses"):
        setattr(res, key, _changed(getattr(res, key), words, key))
    gone = words.get("flags-", ())           # Flags= takes none away
    res.flags = _in_order([flag for flag in (*res.flags.split(","), *words.get("flags", ()),
                                             *words.get("flags+", ())) if flag not in gone])
    if nodes:
        res.nodes = fold(nodes)
    with ctl.store:
        ctl.store.update(res)
        ctl.dirty()
    ctl.moved()
    session.call.print("Reservation updated.")


def _changed(old, words, key):
    """A list, as text, after KEY=, KEY+= or KEY-=."""
    kept = words.get(key, old).split(",") + words.get(f"{key}+", "").split(",")
    gone = words.get(f"{key}-", "").split(",")
    return ",".join(dict.fromkeys(word for word in kept if word and word not in gone))


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
