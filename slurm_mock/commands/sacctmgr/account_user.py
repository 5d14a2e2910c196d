"""sacctmgr add, modify, delete: accounts, users, coordinators. Source: sacctmgr(1).

What is done is told before the question whether to keep it, as by sacctmgr.
"""

from ...common import slurm_errno
from ...common.print_table import fits
from ...slurmdbd.assoc_tree import add_account as tree_account
from ...slurmdbd.assoc_tree import add_user as tree_user
from ...slurmdbd.assoc_tree import ensure_default
from ..shared.words import names, unquoted
from . import apply, messages
from .session import clusters_known, denied, level_named, refused
from .show import matching
from .words import ASSOC_SETTINGS, ON_ASSOC, ON_USER, ON_WCKEY, conditions, option, setting


def split_words(session, words, entity, read):
    """The words of "modify": (Conditions, changes). read(word) takes one of the "set" part."""
    found, mode = None, "where"
    rest = list(words)
    while rest:
        key, _, value = option(rest[0])
        if value is None and fits(key, "where", 5):
            mode, rest = "where", rest[1:]
        elif value is None and fits(key, "set", 3):
            mode, rest = "set", rest[1:]
        elif mode == "where":
            found, rest = conditions(session, rest, entity, found)
        else:
            read(rest.pop(0))
    return found or conditions(session, [], entity)[0]


# ---- accounts -----------------------------------------------------------------

def add_account(session, words):
    """sacctmgr add account: new accounts below a parent (root), with the limits that the words set."""
    wanted, clusters, own, changes, about = [], [], {}, {}, 0
    for word in words:
        key, sign, value = option(word)
        if value is None and (fits(key, "where", 5) or fits(key, "set", 3)):
            continue
        if value is None or fits(key, "Accounts", 1) or fits(key, "Names", 1) or fits(key, "Acct", 4):
            wanted += names(key if value is None else value)
        elif fits(key, "Clusters", 1):
            clusters += names(value)
        elif fits(key, "Description", 1) or fits(key, "Organization", 1):
            own["organization" if key.lower().startswith("o") else "description"] = unquoted(value)
            about |= ON_USER
        elif setting(session, ASSOC_SETTINGS, changes, key, sign, value):
            about |= ON_ASSOC
        else:
            session.fail(messages.UNKNOWN_OPTION_WHERE.format(word=word))
    if session.exit_code:
        return
    if not wanted:
        session.fail(messages.NEED_NAME.format(what="account"))
        return
    if not clusters_known(session, clusters):
        session.exit_code = 1
        return
    _add_accounts(session, wanted, own, changes, about)


def _add_accounts(session, wanted, own, changes, about):
    book = session.book
    parent = changes.setdefault("parent_account", "root")
    new = [n for n in wanted if n not in book.accounts]
    places = [n for n in wanted if not book.get(n)]
    if places and not book.get(parent):
        for _ in places:
            session.fail(messages.NO_PARENT.format(name=parent, cluster=book.cluster))
        if new:
            session.fail(messages.NO_ASSOCIATIONS)
        else:
            session.print(messages.NOTHING_ADDED)
        return
    if not places:
        session.print(messages.NOTHING_ADDED)
        session.exit_code = 1
        return
    if new:
        session.print(" Adding Account(s)\n" + "".join(f"  {n}\n" for n in new) + " Settings\n"
                      f"  Description     = {own.get('description', 'Account Name')}\n"
                      f"  Organization    = {own.get('organization', 'Parent/Account Name')}")
    session.print(" Associations\n" + "".join(
        f"  A = {n:<10.10} C = {book.cluster:<10.10}\n" for n in places), end="")
    if about:
        session.print(" Settings")
        apply.print_settings(session, changes)
    if not session.level() and not session.coordinates(parent):
        denied(session, "accounts")
        return
    last = None
    for name in places:
        last = tree_account(book, name, parent, session.ctl.now, own.get("description", ""),
                            own.get("organization") or (parent if parent != "root" else name), after=last)
        apply.to_association(book, book.get(name), {k: v for k, v in changes.items()
                                                    if k != "parent_account"}, session.ctl.now)
    session.commit("Add Accounts", ",".join(places), f"parent_acct='{parent}'")


def modify_account(session, words):
    """sacctmgr modify account: the accounts themselves (Description, Organization), or their own
    associations: limits, parent, RawUsage=0."""
    own, changes = {}, {}

    def read(word):
        key, sign, value = option(word)
        if value is None or fits(key, "Accounts", 1) or fits(key, "Names", 1) or fits(key, "Acct", 4):
            session.fail(messages.NO_NAME_CHANGE)
        elif fits(key, "Clusters", 1):
            session.fail(messages.NO_CLUSTER_CHANGE)
        elif fits(key, "Description", 1) or fits(key, "Organization", 1):
            own["organization" if key.lower().startswith("o") else "description"] = unquoted(value)
        elif fits(key, "RawUsage", 7):
            apply.raw_usage(session, changes, value)
        elif not setting(session, ASSOC_SETTINGS, changes, key, sign, value):
            session.fail(messages.UNKNOWN_OPTION_WHERE.format(word=word))
    found = split_words(session, words, "account", read)
    if not apply.may_go_on(session, found, own or changes):
        return
    if "raw_usage" in changes:
        apply.reset_usage(session, matching(session.book, found, users=False), changes["raw_usage"])
        return
    book, now, done = session.book, session.ctl.now, False
    if own and found.about == ON_ASSOC:
        session.fail(messages.BAD_WHERE)
    elif own:
        if session.level() < 1:
            refused(session)
            return
        rows = [a for n, a in sorted(book.accounts.items()) if not found.accounts or n in found.accounts]
        for account in rows:
            for field, value in own.items():
                setattr(account, field, value)
            account.mod_time = now
        done |= _told(session, " Modified accounts...", [a.name for a in rows])
    if changes and found.about == ON_USER and not found.accounts:
        session.fail(messages.BAD_WHERE)
    elif changes:
        if changes.get("parent_account") and changes["parent_account"] not in book.accounts:
            session.fail(messages.NO_PARENT_MODIFY.format(name=changes["parent_account"]))
            return
        done |= modify_associations(session, matching(book, found, users=False), changes, "account")
    if done:
        session.commit("Modify Associations", _wheres(found), apply.told_changes(changes or own))


def modify_associations(session, rows, changes, whose):
    """Change associations; tells which, and whether any was. Refuses who may not."""
    book = session.book
    if session.level() < 1 and not all(session.coordinates(a.account) for a in rows):
        if whose == "user" and all(a.user == session.ctl.caller.user for a in rows) \
                and set(changes) <= {"default_qos"} and rows:
            pass                         # one's own default QOS
        elif whose == "user":
            session.call.log(messages.NO_EFFECT)
            session.print(messages.NOTHING_MODIFIED)
            session.exit_code = 1
            return False
        else:
            refused(session)
            return False
    lines = []
    for assoc in rows:
        lines += apply.described(book, assoc, changes)
        apply.to_association(book, assoc, changes, session.ctl.now)
    if not rows:
        session.print(messages.NOTHING_MODIFIED)
        session.exit_code = 1
        return False
    if {"default_qos", "qos"} & set(changes) and not apply.default_qos_allowed(session, rows):
        session.forget()
        return False
    return _told(session, f" Modified {whose} associations...", lines)


def _told(session, title, lines):
    """Print what was changed; was anything?"""
    if not lines:
        session.print(messages.NOTHING_MODIFIED)
        session.exit_code = 1
        return False
    session.print("\n".join([title, *[f"  {line}" for line in lines]]))
    return True


def _wheres(found):
    return ",".join((found.accounts or []) + (found.users or []))


def delete_account(session, words):
    """sacctmgr delete account: the accounts that the conditions name with all below them, or, where
    a condition is one on associations, only these."""
    found = apply.to_delete(session, words, "account")
    if found is None:
        return
    if "root" in (found.accounts or ()):
        session.fail(messages.KEEP_ROOT)
        return
    book = session.book
    if found.about == ON_USER:
        rows = [a for n, a in sorted(book.accounts.items()) if n != "root"
                and (not found.accounts or n in found.accounts)
                and (not found.descriptions or a.description in found.descriptions)
                and (not found.organizations or a.organization in found.organizations)]
        gone = [a for r in rows for a in apply.family(book, r.name)]
        lines = [r.name for r in rows]
    else:
        rows = gone = [a for top in matching(book, found, users=False)
                       for a in apply.family(book, top.account)]
        lines = [apply.line(a) for a in gone]
    title = " Deleting accounts..." if found.about == ON_USER else " Deleting account associations..."
    if not apply.removable(session, rows, gone, "account"):
        return
    session.print("\n".join([title, *[f"  {line}" for line in lines]]))
    apply.delete(session, gone, rows if found.about == ON_USER else [])
    session.commit("Remove Accounts", ",".join(lines))


# ---- users ----------------------------------------------------------------------

def add_user(session, words):
    """sacctmgr add user: users with their associations in accounts and partitions, defaults, limits
    and WCKeys."""
    wanted, accounts, wckeys, partitions, clusters = [], [], [], [], []
    changes, own, limit_set = {}, {}, False
    for word in words:
        key, sign, value = option(word)
        if value is None or fits(key, "Names", 1) or fits(key, "Users", 1):
            wanted += names(key if value is None else value)
        elif fits(key, "AdminLevel", 2):
            own["admin"] = level_named(value)
        elif fits(key, "DefaultAccount", 8):
            caller = session.ctl.caller
            if session.level() < 1 and caller.user in session.book.users:
                session.fail(messages.NOT_OPERATOR.format(user=caller.user, uid=caller.uid))
                continue
            own["default_account"] = unquoted(value)
            accounts += names(value)
        elif fits(key, "DefaultWCKey", 8):
            own["default_wckey"] = unquoted(value)
            wckeys += names(value)
        elif fits(key, "WCKeys", 1):
            wckeys += names(value)
        elif setting(session, ASSOC_SETTINGS, changes, key, sign, value):
            limit_set = True
        elif fits(key, "Accounts", 2) or fits(key, "Acct", 4):
            accounts, limit_set = accounts + names(value), True
        elif fits(key, "Clusters", 1):
            clusters, limit_set = clusters + names(value), True
        elif fits(key, "Partitions", 3):
            partitions, limit_set = partitions + names(value, lower=False), True
        else:
            if fits(key, "QosLevel", 1):
                session.qos_list(value)  # taken for a condition next, it is told twice
            session.fail(messages.UNKNOWN_OPTION.format(word=word))
    if session.exit_code:
        return
    if not wanted:
        session.fail(messages.NEED_NAME.format(what="user"))
    elif not clusters_known(session, clusters):
        session.exit_code = 1
    elif not accounts and not wckeys:
        session.fail(messages.NEED_ACCOUNT)
    else:
        _add_users(session, wanted, list(dict.fromkeys(accounts)), wckeys, partitions or [""],
                   changes, own, limit_set)


def _add_users(session, wanted, accounts, wckeys, partitions, changes, own, limit_set):
    from ...slurmctld.uid import user_name
    from .session import ask
    book, now = session.book, session.ctl.now
    new, places, keys = [], [], []
    for number, name in enumerate(wanted):
        if name not in book.users:
            if user_name(session.ctl, name) is None and not ask(
                    session, messages.NO_UID.format(name=name)):
                session.exit_code = 1
                return
            new.append(name)
        for account in accounts:
            if account not in book.accounts:
                if not number:
                    session.fail(messages.NO_ACCOUNT.format(name=account))
                continue
            places += [(name, account, p) for p in partitions if not book.get(account, name, p)]
        keys += [(name, key) for key in wckeys
                 if not any(w.user == name and w.name == key for w in book.wckeys)]
    if not new and not places and not keys:
        session.print(messages.NOTHING_ADDED)
        session.exit_code = 1
        return
    if not places and not keys:
        session.fail(messages.NO_ASSOCIATIONS_OR_WCKEYS)
        return
    apply.tell_new_users(session, new, places, keys, own)
    if limit_set:
        session.print(" Non Default Settings")
        apply.print_settings(session, changes)
    if session.level() < 1 and not (places and all(session.coordinates(a) for _, a, _ in places)):
        denied(session, "users")
        return
    assoc = None
    for name, account, partition in places:
        assoc = tree_user(book, name, account, now, partition, after=assoc, is_default=0)
        apply.to_association(book, assoc, changes, now)
        if own.get("default_account") == account:
            apply.make_default(book, name, account)
    for name in dict.fromkeys(name for name, _, _ in places):
        ensure_default(book, name)
    apply.add_wckeys(book, keys, own.get("default_wckey"), now)
    for name in new:
        if own.get("admin") and name in book.users:
            book.users[name].admin_level = own["admin"]
    session.commit("Add Users", ",".join(new or wanted), apply.told_changes(changes))


def modify_user(session, words):
    """sacctmgr modify user: users themselves (AdminLevel, defaults, NewName), or their
    associations: limits, RawUsage=0."""
    own, changes = {}, {}

    def read(word):
        key, sign, value = option(word)
        if value is None:
            session.fail(messages.NO_EQUALS.format(word=word))
        elif fits(key, "AdminLevel", 2):
            own["admin"] = level_named(value)
        elif fits(key, "DefaultAccount", 8):
            own["default_account"] = unquoted(value)
        elif fits(key, "DefaultWCKey", 8):
            own["default_wckey"] = unquoted(value)
        elif fits(key, "NewName", 1):
            own["name"] = unquoted(value)
        elif fits(key, "RawUsage", 7):
            apply.raw_usage(session, changes, value)
        elif not setting(session, ASSOC_SETTINGS, changes, key, sign, value):
            session.fail(messages.UNKNOWN_OPTION_WHERE.format(word=word))
    found = split_words(session, words, "user", read)
    if not apply.may_go_on(session, found, own or changes):
        return
    book = session.book
    if "raw_usage" in changes:
        if not found.accounts:
            session.error(messages.NEED_ONE_ACCOUNT)
            session.exit_code = 1
            return
        apply.reset_usage(session, matching(book, found), changes["raw_usage"])
        return
    done = False
    if own and found.about == ON_ASSOC:
        session.fail(messages.BAD_WHERE)
    elif own:
        done |= _modify_users(session, found, own)
    if changes and found.about == ON_USER and not found.users:
        session.fail(messages.BAD_WHERE)
    elif changes and not session.exit_code:
        done |= modify_associations(session, matching(book, found), changes, "user")
    if done:
        session.commit("Modify Users" if own else "Modify Associations", _wheres(found),
                       apply.told_changes(changes or own))


def _modify_users(session, found, own):
    """Change users themselves: their rights, defaults, name."""
    book = session.book
    mine = session.ctl.caller.user
    rows = [u for n, u in sorted(book.users.items()) if (not found.users or n in found.users)
            and (not found.default_accounts or book.default_account(n) in found.default_accounts)
            and (not found.admin or u.admin_level.lower().startswith(found.admin.lower()))]
    if session.level() < 1 and (set(own) - {"default_account", "default_wckey"}
                                or any(u.name != mine for u in rows)):
        refused(session)
        return False
    account = own.get("default_account")
    lost = [u.name for u in rows if account and not book.get(account, u.name)]
    if lost:
        session.print("\n".join([messages.NOT_ASSOCIATED.format(what="account", name=account), *[
            f"  U = {name} C = {book.cluster}" for name in lost]]))
        session.exit_code = 1
        return False
    if "name" in own and len(rows) > 1:
        session.refuse(slurm_errno.ESLURM_ONE_CHANGE)
        session.fail(messages.ONE_USER)
        return False
    for user in rows:
        if account:
            apply.make_default(book, user.name, account)
        if own.get("admin"):
            user.admin_level = own["admin"]
        for key in book.wckeys if "default_wckey" in own else ():
            if key.user == user.name:
                key.is_default = int(key.name == own["default_wckey"])
        if "name" in own:
            apply.rename(book, user.name, own["name"])
    return _told(session, " Modified users...", [u.name for u in rows])


def delete_user(session, words):
    """sacctmgr delete user: users with all that is theirs, only associations or only WCKeys, as the
    conditions say. Who has no association left goes, too."""
    found = apply.to_delete(session, words, "user")
    if found is None:
        return
    book = session.book
    if found.clusters and not found.about & ON_WCKEY:
        found.about |= ON_ASSOC
    if found.about & ON_WCKEY:
        apply.delete_wckeys(session, found)
        return
    whole = found.about == ON_USER
    if whole:
        rows = [u for n, u in sorted(book.users.items()) if (not found.users or n in found.users)
                and (not found.default_accounts or book.default_account(n) in found.default_accounts)]
        gone = [a for a in book.associations if a.user in {u.name for u in rows}]
        lines = [u.name for u in rows]
    else:
        rows = gone = matching(book, found)
        lines = [apply.line(a) for a in gone]
    if not apply.removable(session, rows, gone, "user"):
        return
    title = " Deleting users..." if whole else " Deleting user associations..."
    session.print("\n".join([title, *[f"  {line}" for line in lines]]))
    apply.delete(session, gone, [])
    users = rows if whole else [book.users[n] for n in dict.fromkeys(a.user for a in gone)
                                if n in book.users and not any(a.user == n for a in book.associations)]
    if users and not whole:
        session.print("\n".join([" Deleting users (No Associations)...",
                                 *[f"  {u.name}" for u in users]]))
    apply.delete(session, [], users)
    book.all_coordinators = [c for c in book.all_coordinators if c.user in book.users]
    session.commit("Remove Users", ",".join(lines))
