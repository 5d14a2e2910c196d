"""What sacctmgr's changes do to the records, and how they are told. Source: sacctmgr(1)."""

from ...common import slurm_errno
from ...common.parse_time import elapsed_text
from ...common.records import ACTIVE, PENDING
from ...common.slurmdb import INHERITED_LIMITS, SHARES_PARENT, WcKey
from ...common.tres import tres_dict
from ...slurmdbd.assoc_tree import drop, move, remove
from ...store import accounting
from . import messages
from .print import tres_text
from .words import CLEAR, conditions, number

# What "Settings" lists, in this order: (field, words before the value)
ASSOC_LINES = (
    ("shares", "Fairshare     = "), ("grp_jobs", "GrpJobs       = "),
    ("grp_jobs_accrue", "GrpJobsAccrue            = "), ("grp_submit", "GrpSubmitJobs = "),
    ("grp_tres", "GrpTRES       = "), ("grp_tres_mins", "GrpTRESMins   = "),
    ("grp_tres_run_mins", "GrpTRESRunMins= "), ("grp_wall", "GrpWall       = "),
    ("max_jobs", "MaxJobs       = "), ("max_jobs_accrue", "MaxJobsPrioAcc= "),
    ("max_submit", "MaxSubmitJobs = "), ("max_tres_pj", "MaxTRES       = "),
    ("max_tres_pn", "MaxTRESPerNode= "), ("max_tres_mins_pj", "MaxTRESMins   = "),
    ("max_tres_run_mins", "MaxTRESRUNMins= "), ("max_wall", "MaxWall       = "),
    ("min_prio_thresh", "MinPrioThresh = "), ("parent_account", "Parent        = "),
    ("priority", "Priority      = "), ("qos", "QOS           = "), ("default_qos", "DefQOS        = "),
)


def print_settings(session, changes):
    """The lines of "Settings": what `changes` ({field: value}) sets on associations, in Slurm's order."""
    for field, words in ASSOC_LINES:
        if field in changes:
            session.print(f"  {words}{told(field, changes[field])}")


def told(field, value):
    """A changed value as "Settings" shows it."""
    if field == "shares" and value == SHARES_PARENT:
        return "parent"
    if field in ("qos", "preempt"):
        return ",".join(sign + name for sign, name in value)
    if value == CLEAR:
        return "NONE"
    if "tres" in field:
        return tres_told(value)
    if field.endswith("wall"):
        return elapsed_text(value * 60, hours=True)
    return str(value)


def tres_told(counts):
    """{"cpu": 10, "mem": 2560} -> the TRES as sacctmgr shows them, by name. Memory is in MiB."""
    return tres_text(",".join(f"{n}={c}" for n, c in sorted(counts.items())))


def to_association(book, assoc, changes, now):
    """Make the changes on one association."""
    for field, value in changes.items():
        if field == "parent_account":
            if not assoc.user and value != assoc.parent_account:
                move(book, assoc, book.get(value, cluster=assoc.cluster), now)
        elif field == "qos":
            change_qos(book, assoc, value)
        elif "tres" in field:
            setattr(assoc, field, merged(getattr(assoc, field), value))
        elif field == "shares":
            assoc.shares = 1 if value == CLEAR else value
        else:
            setattr(assoc, field, None if value == CLEAR else value)
    assoc.mod_time = now


def merged(text, counts):
    """A TRES text with counts put in, or taken out where they are CLEAR; by name."""
    both = {**tres_dict(text), **counts}
    return ",".join(f"{n}={c}" for n, c in sorted(both.items()) if c != CLEAR) or None


def change_qos(book, assoc, marked):
    """qos=a,b replaces the list, += and -= change it, or what is inherited."""
    if marked == [("", "")]:
        assoc.qos = assoc.delta_qos = ""
    elif not marked[0][0]:
        assoc.qos, assoc.delta_qos = ",".join(_by_id(book, {n for _, n in marked})), ""
    else:
        _change_by_signs(book, assoc, marked)


def _change_by_signs(book, assoc, marked):
    mine = set(assoc.qos.split(",")) if assoc.qos else None
    delta = {d[1:]: d[0] for d in assoc.delta_qos.split(",") if d}
    for sign, name in marked:
        if mine is None:
            delta[name] = sign
        else:
            (mine.add if sign == "+" else mine.discard)(name)
    if mine is not None:
        assoc.qos = ",".join(_by_id(book, mine))
    else:
        assoc.delta_qos = ",".join(sign + name for name, sign in delta.items())


def _by_id(book, wanted):
    return [name for name in book.qos if name in wanted]


def line(assoc):
    """An association that is deleted."""
    if assoc.user:
        tail = f" P = {assoc.partition}" if assoc.partition else ""
        return f"C = {assoc.cluster:<10} A = {assoc.account:<10} U = {assoc.user:<9}{tail}"
    tail = f" of {assoc.parent_account}" if assoc.parent_account else ""
    return f"C = {assoc.cluster:<10} A = {assoc.account}{tail}"


def described(book, assoc, changes):
    """An association that is changed: a list of lines, those of users who inherit it below."""
    if assoc.user:
        tail = f" P = {assoc.partition}" if assoc.partition else ""
        return [f"C = {assoc.cluster:<10} A = {assoc.account:<20} U = {assoc.user:<9}{tail}"]
    inherited = {f: v for f, v in changes.items() if f in INHERITED_LIMITS or f == "default_qos"}
    lines = [line(assoc)]
    for child in book.children(assoc) if inherited else ():
        left = {f: v for f, v in inherited.items() if not has_own(child, f, v)}
        if left:
            told_below = described(book, child, left)
            lines += told_below if child.user else told_below[1:]
    return lines


def has_own(assoc, field, value):
    """Has an association a limit of its own, so that its parent's does not matter?"""
    own = getattr(assoc, field)
    return set(value) <= set(tres_dict(own)) if "tres" in field else own is not None


def told_changes(changes):
    """Changes ({field: value}) as the transactions of the database keep them: "field=value
    field=value" in one line."""
    return " ".join(f"{field}={value}" for field, value in changes.items())


def may_go_on(session, found, anything):
    """Of "modify": is there something to set, and a condition, or is it meant for all?"""
    from .session import ask
    if session.exit_code:
        return False
    if not anything:
        session.fail(messages.NOTHING_SET)
        return False
    if not found.about and not ask(session, messages.NO_WHERE):
        session.print(messages.ABORTED)
        return False
    return True


def to_delete(session, words, entity):
    """The conditions of "delete", or None."""
    rest = [w for w in words if w.lower() not in ("where", "set")]
    found, _ = conditions(session, rest, entity)
    if not found.about:
        session.fail(messages.NO_CONDITIONS)
        return None
    return None if session.exit_code else found


def removable(session, rows, gone, whose):
    """May these associations go? Tells why not: rights, nothing to delete, jobs, defaults."""
    if session.level() < 1 and not (gone and all(session.coordinates(a.account) for a in gone)):
        session.error(messages.NO_PRIVILEGE)
        session.refuse(slurm_errno.ESLURM_ACCESS_DENIED)
        return False
    if not rows:
        session.print(messages.NOTHING_DELETED)
        session.exit_code = 1
        return False
    ids = {a.id: a for a in gone}
    active = [j for j in session.ctl.store.jobs(PENDING, ACTIVE) if j.assoc_id in ids]
    if active:
        session.refuse(slurm_errno.ESLURM_JOBS_RUNNING_ON_ASSOC)
        for job in active:
            assoc = ids[job.assoc_id]
            session.tell(f"  JobID = {job.id:<10} C = {assoc.cluster:<10} A = {assoc.account:<10} "
                         f"U = {assoc.user:<9}")
        return False
    left = [a for a in gone if a.user and a.is_default] if whose == "account" else []
    if left:
        session.refuse(slurm_errno.ESLURM_NO_REMOVE_DEFAULT_ACCOUNT)
        for assoc in left:
            session.tell(f"  C = {assoc.cluster:<15} A = {assoc.account:<10} U = {assoc.user:<9}")
        session.tell(messages.CHANGE_DEFAULTS)
        return False
    return True


DAY = 86400


def delete(session, assocs, owners):
    """Delete associations, and accounts or users.  What is younger than a day and was never
    used goes without a trace; the rest stays, marked, for the sake of its jobs."""
    book, now = session.book, session.ctl.now
    used = accounting.associations(session.ctl.store)
    remove(book, assocs, now)
    for assoc in [a for a in assocs if a.id not in used and a.creation_time > now - DAY]:
        drop(book, assoc)
    names = {a.account for a in book.all_associations} | {a.user for a in book.all_associations}
    for owner in owners:
        owner.deleted, owner.mod_time = 1, now
        for listed in (book.all_accounts, book.all_users):
            if owner in listed and owner.name not in names and owner.creation_time > now - DAY:
                listed.remove(owner)
    book.index()


def family(book, account):
    """All associations of an account and of those below it."""
    top = book.get(account)
    return [a for a in book.associations if top and top.lft <= a.lft and a.rgt <= top.rgt]


def default_qos_allowed(session, rows):
    """Has each association access to its default QOS? Tells of those that have not."""
    book = session.book
    wrong = [a for a in rows if book.default_qos(a) and book.default_qos(a) not in book.allowed_qos(a)]
    if wrong:
        session.tell(messages.NO_QOS_ACCESS)
    for assoc in wrong:
        text = f"  DefQOS = {book.default_qos(assoc):<10} C = {assoc.cluster:<10} A = {assoc.account:<20} "
        if assoc.user:
            text += f"U = {assoc.user:<9}" + (f" P = {assoc.partition}" if assoc.partition else "")
        session.tell(text)
    return not wrong


def make_default(book, user, account):
    """Let the user's associations with this account, and no others, be his default."""
    for assoc in book.associations:
        if assoc.user == user:
            assoc.is_default = int(assoc.account == account)


def rename(book, old, new):
    """Give a user another name: in his associations, WCKeys and rights as coordinator, too."""
    for item in (*book.all_associations, *book.all_wckeys, *book.all_coordinators):
        if item.user == old:
            item.user = new
    book.users[old].name = new
    book.index()


def tell_new_users(session, new, places, keys, own):
    """What "add user" is about to add. new: names; places: [(user, account, partition)]; keys:
    [(user, WCKey)]; own: {field: value} of the users themselves."""
    if new:
        session.print(" Adding User(s)\n" + "".join(f"  {n}\n" for n in new), end="")
        if own:
            session.print(" Settings =")
        for field, words in (("default_account", "Default Account = "), ("default_wckey", "Default WCKey   = "),
                             ("admin", "Admin Level     = ")):
            if own.get(field):
                session.print(f"  {words}{own[field]}")
    if places:
        cluster = session.book.cluster
        session.print(" Associations =")
        for user, account, partition in places:
            tail = f" P = {partition:<10.10}" if partition else ""
            session.print(f"  U = {user:<9.9} A = {account:<10.10} C = {cluster:<10.10}{tail}")
    if keys:
        session.print(" WCKeys =")
        for user, key in keys:
            session.print(f"  U = {user:<9.9} W = {key:<10.10} C = {session.book.cluster:<10.10}")


def add_wckeys(book, keys, default, now):
    """Add WCKeys: keys, [(user, name)]. A user's first one is his default, and that called
    `default`. now: seconds since the epoch."""
    for user, name in keys:
        old = next((w for w in book.all_wckeys if (w.user, w.name) == (user, name)), None)
        if old:
            book.all_wckeys.remove(old)
        is_default = name == default or not any(w.user == user for w in book.wckeys)
        book.all_wckeys.append(WcKey(
            id=old.id if old else 1 + max((w.id for w in book.all_wckeys), default=0), name=name,
            user=user, cluster=book.cluster, is_default=int(is_default), creation_time=now, mod_time=now))
        book.index()


def delete_wckeys(session, found):
    """sacctmgr delete user ... wckeys=: the WCKeys of these names, of all users or of those named.
    Refuses all but operators."""
    book = session.book
    if session.level() < 1:
        session.error(messages.NO_PRIVILEGE)
        session.refuse(slurm_errno.ESLURM_ACCESS_DENIED)
        return
    rows = [w for w in book.wckeys if w.name in found.wckeys and (not found.users or w.user in found.users)]
    if not rows:
        session.print(messages.NOTHING_DELETED)
        session.exit_code = 1
        return
    session.print("\n".join([" Deleting user WCKeys...", *[
        f"  C = {w.cluster:<10} W = {w.name:<20} U = {w.user:<9}" for w in rows]]))
    for row in rows:
        row.deleted = 1
    book.index()
    session.commit("Remove WCKeys", ",".join(found.wckeys))


def raw_usage(session, changes, value):
    """RawUsage=NUMBER of "modify" -> changes["raw_usage"]; a message where it is no number."""
    count = number(session, value, "RawUsage")
    if count is not None:
        changes["raw_usage"] = count


def reset_usage(session, rows, value):
    """RawUsage=0: what these associations have used so far no longer counts."""
    if value:
        session.error(messages.RAW_USAGE)
        session.exit_code = 1
        return
    if session.level() < 1:
        session.error(messages.NO_PRIVILEGE)
        session.exit_code = 1
        return
    from ...slurmdbd.usage import reset_associations
    with session.ctl.store:
        reset_associations(session.ctl, [a.id for a in rows])
