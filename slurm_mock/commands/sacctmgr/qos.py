"""sacctmgr add, modify, delete: QOS; add and delete: coordinators. Source: sacctmgr(1)."""

from ...common import slurm_errno
from ...common.parse_time import elapsed_text
from ...common.print_table import fits
from ...common.slurmdb import Coordinator, Qos
from ..shared.words import names
from . import apply, messages
from .account_user import split_words
from .session import denied, refused
from .show import chosen_qos
from .words import CLEAR, QOS_SETTINGS, conditions, option, setting

# What "Settings" lists, in this order: (field, words before the value)
QOS_LINES = (
    ("flags", "Flags                    = "), ("grace_time", "GraceTime                = "),
    ("grp_jobs", "GrpJobs                  = "), ("grp_jobs_accrue", "GrpJobsAccrue            = "),
    ("grp_submit", "GrpSubmitJobs            = "), ("grp_tres", "GrpTRES                  = "),
    ("grp_tres_mins", "GrpTRESMins              = "),
    ("grp_tres_run_mins", "GrpTRESRunMins           = "), ("grp_wall", "GrpWall                  = "),
    ("max_jobs_accrue_pa", "MaxJobsAccruePerAccount  = "),
    ("max_jobs_accrue_pu", "MaxJobsAccruePerUser     = "),
    ("max_jobs_pa", "MaxJobsPerAccount        = "), ("max_jobs_pu", "MaxJobsPerUser = "),
    ("max_submit_pa", "MaxSubmitJobsPerAccount  = "), ("max_submit_pu", "MaxSubmitJobsPerUser     = "),
    ("max_tres_pa", "MaxTRESPerAccount        = "), ("max_tres_pj", "MaxTRESPerJob            = "),
    ("max_tres_pn", "MaxTRESPerNode           = "), ("max_tres_pu", "MaxTRESPerUser           = "),
    ("min_prio_thresh", "MinPrioThresh            = "), ("min_tres_pj", "MinTRESPerJob            = "),
    ("max_tres_mins_pj", "MaxTRESMins              = "),
    ("max_tres_run_mins_pa", "MaxTRESRUNMinsPerAccount = "),
    ("max_tres_run_mins_pu", "MaxTRESRUNMinsPerUser    = "), ("max_wall", "MaxWall                  = "),
    ("preempt", "Preempt                  = "), ("preempt_mode", "PreemptMode              = "),
    ("preempt_exempt_time", "PreemptExemptTime        = "), ("priority", "Priority                 = "),
    ("usage_factor", "UsageFactor              = "), ("usage_thres", "UsageThreshold           = "),
    ("limit_factor", "LimitFactor              = "),
)
REAL = ("usage_factor", "usage_thres", "limit_factor")


def add_qos(session, words):
    """sacctmgr add qos: new QOS with the limits that the words set. Only for administrators."""
    wanted, changes = [], {}
    for word in words:
        key, sign, value = option(word)
        if value is None and (fits(key, "where", 5) or fits(key, "set", 3)):
            continue
        if value is None or fits(key, "Name", 1):
            wanted += names(key if value is None else value)
        elif not setting(session, QOS_SETTINGS, changes, key, sign, value):
            unknown(session, word)
    if session.exit_code:
        return
    if not wanted:
        session.fail(messages.NEED_NAME.format(what="qos"))
        return
    book, now = session.book, session.ctl.now
    new = [n for n in wanted if n not in book.qos]
    if not new:
        session.print(messages.NOTHING_ADDED)
        session.exit_code = 1
        return
    session.print(" Adding QOS(s)\n" + "".join(f"  {n}\n" for n in new) + " Settings\n"
                  f"  Description    = {changes.get('description', new[-1])}")
    print_qos_settings(session, changes)
    if session.level() < 2:
        denied(session, "QOS")
        return
    for name in new:
        old = next((q for q in book.all_qos if q.name == name), None)
        if old is not None:
            book.all_qos.remove(old)
        qos = Qos(name=name, id=old.id if old else book.next_qos_id, description=name, creation_time=now)
        book.next_qos_id += old is None
        book.all_qos.append(qos)
        book.index()
        change(book, qos, changes, now)
    session.commit("Add QOS", ",".join(new), apply.told_changes(changes))


def unknown(session, word):
    """Of a QOS this is told on stdout."""
    session.print(messages.UNKNOWN_OPTION_WHERE.format(word=word))
    session.exit_code = 1


def print_qos_settings(session, changes):
    """The lines of "Settings": what `changes` ({field: value}) sets on a QOS, in Slurm's order."""
    for field, words in QOS_LINES:
        if field in changes:
            value = changes[field]
            if field == "flags":
                text = ",".join(value[1])
            elif field in REAL and value != CLEAR:
                text = f"{value:.4f}"
            elif field == "preempt_exempt_time" and value != CLEAR:
                text = elapsed_text(value, hours=True)
            else:
                text = apply.told(field, value)
            session.print(f"  {words}{text}")


def change(book, qos, changes, now):
    """Make the changes on a QOS."""
    for field, value in changes.items():
        if field == "flags":
            sign, flags = value
            mine = [f for f in qos.flags.split(",") if f]
            kept = [f for f in mine if sign and f not in flags]
            qos.flags = ",".join(kept if sign == "-" else kept + flags)
        elif field == "preempt":
            mine = set(filter(None, qos.preempt.split(",")))
            if not value[0][0]:
                mine = set()
            for sign, name in value:
                (mine.discard if sign == "-" else mine.add)(name)
            qos.preempt = ",".join(name for name in book.qos if name in mine)
        elif "tres" in field:
            setattr(qos, field, apply.merged(getattr(qos, field), value))
        elif field in ("priority", "grace_time"):
            setattr(qos, field, 0 if value == CLEAR else value)
        elif field == "usage_factor":
            qos.usage_factor = 1.0 if value == CLEAR else value
        else:
            setattr(qos, field, None if value == CLEAR else value)
    qos.mod_time = now


def modify_qos(session, words):
    """sacctmgr modify qos: change the QOS that the conditions choose; nothing changes where one
    would come to preempt itself. Only for administrators."""
    changes = {}

    def read(word):
        key, sign, value = option(word)
        if value is None or fits(key, "Name", 1) \
                or not setting(session, QOS_SETTINGS, changes, key, sign, value):
            unknown(session, word)
    found = split_words(session, words, "qos", read)
    if not apply.may_go_on(session, found, changes):
        return
    if session.level() < 2:
        refused(session)
        return
    book = session.book
    rows = [q for q in book.qos.values() if chosen_qos(found, q)]
    if not rows:
        session.print(messages.NOTHING_MODIFIED)
        session.exit_code = 1
        return
    if "raw_usage" in changes:
        if changes["raw_usage"]:
            session.error(messages.RAW_USAGE)
            session.exit_code = 1
        return
    for qos in rows:
        change(book, qos, changes, session.ctl.now)
    if loops(book):
        session.error(session.call.strerror(slurm_errno.ESLURM_QOS_PREEMPTION_LOOP))
        session.refuse(slurm_errno.ESLURM_QOS_PREEMPTION_LOOP)
        session.forget()
        return
    session.print("\n".join([" Modified qos...", *[f"  {q.name}" for q in rows]]))
    session.commit("Modify QOS", ",".join(q.name for q in rows), apply.told_changes(changes))


def loops(book):
    """Does a QOS preempt one that preempts it, itself or through others?"""
    below = {q.name: [n for n in q.preempt.split(",") if n] for q in book.qos.values()}

    def reaches(start, name, seen):
        return any(n == start or n not in seen and reaches(start, n, seen | {n})
                   for n in below.get(name, ()))
    return any(reaches(name, name, {name}) for name in below)


def delete_qos(session, words):
    """sacctmgr delete qos: the QOS that the conditions choose, and their mention in other records.
    Only for administrators."""
    found = apply.to_delete(session, words, "qos")
    if found is None:
        return
    if session.level() < 2:
        refused(session)
        return
    book, now = session.book, session.ctl.now
    rows = [q for q in book.qos.values() if chosen_qos(found, q)]
    if not rows:
        session.print(messages.NOTHING_DELETED)
        session.exit_code = 1
        return
    gone = {q.name for q in rows}
    session.print("\n".join([" Deleting QOS(s)...", *[f"  {q.name}" for q in rows]]))
    for qos in rows:
        qos.deleted, qos.mod_time = 1, now
    for qos in book.all_qos:
        qos.preempt = ",".join(n for n in qos.preempt.split(",") if n not in gone)
    for assoc in book.all_associations:
        assoc.qos = ",".join(n for n in assoc.qos.split(",") if n not in gone)
        assoc.delta_qos = ",".join(d for d in assoc.delta_qos.split(",") if d[1:] not in gone)
        if assoc.default_qos in gone:
            assoc.default_qos = None
    session.commit("Remove QOS", ",".join(sorted(gone)))


# ---- coordinators -------------------------------------------------------------

def _coordinators(session, words, verb):
    """Users and accounts that are meant, or None after a mistake."""
    rest = [w for w in words if w.lower() not in ("where", "set")]
    found, _ = conditions(session, rest, "user")
    if session.exit_code:
        return None
    if not found.about:
        session.fail(messages.COORD_NEEDS[verb])
        return None
    for what, listed in (("users", found.users), ("accounts", found.accounts)):
        if verb == "add" and not listed:
            session.fail(messages.COORD_NEEDS[what])
            return None
    book = session.book
    for what, listed, known in (("account", found.accounts, book.accounts), ("user", found.users, book.users)):
        for name in listed or ():
            if name not in known:
                session.fail(messages.NO_SUCH.format(what=what, name=name))
    return None if session.exit_code else found


def add_coordinator(session, words):
    """sacctmgr add coordinator: let users coordinate accounts. Refuses who is neither operator nor
    coordinates these himself."""
    found = _coordinators(session, words, "add")
    if found is None:
        return
    session.print(" Adding Coordinator User(s)\n" + "".join(f"  {n}\n" for n in found.users)
                  + " To Account(s) and all sub-accounts\n" + "\n".join(f"  {n}" for n in found.accounts))
    if session.level() < 1 and not all(session.coordinates(a) for a in found.accounts):
        denied(session, "coordinator")
        return
    book, now = session.book, session.ctl.now
    known = {(c.account, c.user) for c in book.coordinators}
    for account in found.accounts:
        for user in found.users:
            if (account, user) not in known:
                book.all_coordinators.append(Coordinator(account=account, user=user, creation_time=now,
                                                         mod_time=now))
    book.index()
    session.commit("Add Account Coordinators", ",".join(found.users), ",".join(found.accounts))


def delete_coordinator(session, words):
    """sacctmgr delete coordinator: the users named, of the accounts named; all of them where only
    one of the two is named. Refuses all but operators."""
    found = _coordinators(session, words, "delete")
    if found is None:
        return
    if found.users:
        session.print(" Removing Coordinators with user name\n" + "\n".join(f"  {n}" for n in found.users))
        session.print(" From Account(s)\n" + "\n".join(f"  {n}" for n in found.accounts)
                      if found.accounts else " From all accounts")
    else:
        session.print(" Removing all users from Accounts\n" + "\n".join(f"  {n}" for n in found.accounts))
    book = session.book
    rows = [c for c in book.coordinators if (not found.users or c.user in found.users)
            and (not found.accounts or c.account in found.accounts)]
    if session.level() < 1:
        refused(session)
        return
    if not rows:
        session.print(" Nothing removed")
        session.exit_code = 1
        return
    session.print("\n".join([" Removed Coordinators (sub accounts not listed)...", *[
        f"  U = {c.user:<9} A = {c.account:<10}" for c in rows]]))
    book.all_coordinators = [c for c in book.all_coordinators if c not in rows]
    book.index()
    session.commit("Remove Account Coordinators", ",".join(c.user for c in rows))
