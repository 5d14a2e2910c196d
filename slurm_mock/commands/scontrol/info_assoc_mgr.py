"""scontrol show assoc_mgr [accounts=...] [users=...] [qos=...] [flags=...]: the controller's view
of the accounting database. Source: scontrol(1)."""

from ...common.print_table import fits
from ...slurmctld.limits import Ledger
from ...slurmdbd.assoc_mgr import hierarchical
from ...slurmdbd.usage import EMPTY, standing
from ...store import accounting
from ..shared.words import names
from . import print_assoc_mgr as texts


def assoc_mgr(session, words):
    """Print users, associations and QOS, or those that the words ask for."""
    asked = {"accounts": None, "flags": None, "qos": None, "users": None}
    for word in words:
        key, _, value = word.partition("=")
        name = next((n for n in asked if fits(key, n, 1)), None)
        if not value:
            session.call.out.flush()
            session.call.err.write(f"No value given for option {word}\n".encode())
            return
        if name is None:
            session.fail(f"invalid entity: {word} for keyword:show assoc_mgr")
            return
        asked[name] = names(value, lower=name != "users")
    flags = ",".join(asked["flags"] or ["users,assoc,qos"])
    wanted = [f for f in ("users", "assoc", "qos") if f in flags]
    if not wanted:
        session.call.out.flush()
        session.call.err.write(f"invalid flag '{flags}', valid options are 'Assoc, QOS, and/or Users'\n".encode())
        return
    session.call.print("Current Association Manager state")
    ctl = session.call.controller
    uids = accounting.uids(ctl.store)
    picture = _picture(session, ctl)
    for flag in wanted:
        {"users": _users, "assoc": _associations, "qos": _qos}[flag](session, picture, asked, uids)


def _picture(session, ctl):
    book, usage = ctl.book(), ctl.store.data("usage", EMPTY)
    cluster = ctl.cluster()

    def count(kind, item):
        if kind == "qos":
            return accounting.submitted(ctl.store, {"qos": item.name})
        below = [a.id for a in book.associations if a.cluster == item.cluster
                 and item.lft <= a.lft and a.rgt <= item.rgt]
        return accounting.submitted(ctl.store, {"assoc_id": below})
    return texts.Picture(book, Ledger(book, cluster.active, ctl.now, usage), usage["assoc"],
                         standing(ctl, usage), count, session.one_line)


def _part(session, title, rows, none):
    """One of the three parts: its title and its lines."""
    gap = "" if session.one_line else "\n"
    session.call.print(f"{gap}{title if rows else none}{gap}")
    for row in rows:
        session.call.print(row)


def _uid(uids, name):
    from ...slurmctld.state import account_of
    return uids.get(name, account_of(name, 0xFFFFFFFE)[1])


def _users(session, picture, asked, uids):
    book = picture.book
    rows = [texts.user(book, name, _uid(uids, name)) for name in book.users
            if not asked["users"] or name in asked["users"]]
    _part(session, "User Records", rows, "No users currently cached in Slurm.")


def _associations(session, picture, asked, uids):
    book = picture.book
    rows = [a for a in book.associations if a.cluster == book.cluster
            and (not asked["accounts"] or a.account in asked["accounts"])
            and (not asked["users"] or not a.user or a.user in asked["users"])]
    rows = [texts.association(picture, a, _uid(uids, a.user) if a.user else None)
            for a in hierarchical(book, rows)]
    _part(session, "Association Records", rows, "No associations currently cached in Slurm.")


def _qos(session, picture, asked, uids):
    rows = [texts.qos(picture, q, lambda name: str(_uid(uids, name))) for name, q in picture.book.qos.items()
            if not asked["qos"] or name in asked["qos"]]
    _part(session, "QOS Records", rows, "No QOS currently cached in Slurm.")
