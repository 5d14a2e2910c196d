"""scontrol create, update and delete reservation. Source: scontrol(1), RESERVATIONS."""

from ...common import slurm_errno
from ...common.moment import BadTime, parse_when
from ...common.parse_time import BadValue, is_number, parse_limit
from ...common.slurm_errno import Refused

KEYS = (("reservationname", 3), ("starttime", 1), ("endtime", 1), ("duration", 1), ("flags", 2),
        ("nodecnt", 5), ("nodes", 5), ("corecnt", 5), ("features", 2), ("licenses", 1),
        ("partitionname", 1), ("accounts", 1), ("users", 1), ("groups", 1))
# Flags=, by the words that scontrol reads (or their beginnings).
FLAGS = {"maintenance": "MAINT", "flex": "FLEX", "overlap": "OVERLAP", "ignore_jobs": "IGNORE_JOBS",
         "hourly": "HOURLY", "daily": "DAILY", "weekday": "WEEKDAY", "weekend": "WEEKEND",
         "weekly": "WEEKLY", "spec_nodes": "SPEC_NODES", "any_nodes": "ANY_NODES",
         "static_alloc": "STATIC", "part_nodes": "PART_NODES", "first_cores": "FIRST_CORES",
         "time_float": "TIME_FLOAT", "replace": "REPLACE", "replace_down": "REPLACE_DOWN",
         "no_hold_jobs_after_end": "NO_HOLD_JOBS_AFTER_END", "magnetic": "MAGNETIC"}


class _Bad(Exception):
    pass


def _read(session, args, done):
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
                value = parse_when(value, session.call.controller.now)
            except BadTime as error:
                session.call.err.write(f"{error}\n".encode("utf-8", "surrogateescape"))
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
            raise _Bad("The +=/-= notation is not supported when updating nodes.  No reservation "
                       f"{done}.")
        elif name == "nodecnt" and not is_number(value.replace(",", "")):
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


def create(session, args):
    """scontrol create reservation KEY=VALUE...: make it and print its name, or a message why not."""
    ctl = session.call.controller
    try:
        words = _read(session, args, "created")
        if "starttime" not in words:
            raise _Bad("A start time must be given.  No reservation created.")
        if "endtime" not in words and "duration" not in words:
            raise _Bad("An end time or duration must be given.  No reservation created.")
        if not any(words.get(k, "") != "" for k in ("nodes", "nodecnt", "corecnt", "licenses")):
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
    try:
        name = ctl.create_resv(words)
    except Refused as error:
        session.fail(f"Error creating the reservation: {error.says(session.call.release)}")
        return
    session.call.print(f"Reservation created: {name}")


def update(session, args):
    """scontrol update reservation KEY=VALUE...: change it, or print why not."""
    ctl = session.call.controller
    try:
        words = _read(session, args, "update")
    except _Bad as bad:
        session.error(str(bad))
        session.perror("slurm_update error", slurm_errno.SLURM_SUCCESS)
        return
    try:
        ctl.update_resv(words)
    except Refused as error:
        why = error.says(session.call.release)
        session.fail(f"Error updating the reservation: {why}\nslurm_update error: {why}")
        return
    session.call.print("Reservation updated.")


def delete(session, what, name):
    """scontrol delete reservation: by its name, or a message why not. what: how the message begins."""
    try:
        session.call.controller.delete_resv(name)
    except Refused as error:
        session.fail(f"{what}: {error.says(session.call.release)}")
