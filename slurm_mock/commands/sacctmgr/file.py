"""sacctmgr dump and load: the associations of a cluster in a file. Source: sacctmgr(1)."""

from ...common.print_table import fits
from ...slurmdbd.assoc_mgr import hierarchical
from ...slurmdbd.assoc_tree import add_account, add_user
from ..shared.words import unquoted
from . import apply, messages
from .print import tres_text
from .session import level_named
from .words import ASSOC_SETTINGS, option, setting

# What a line says of an association, in this order: (field, key)
LIMITS = (
    ("grp_tres_mins", "GrpTRESMins"), ("grp_tres_run_mins", "GrpTRESRunMins"), ("grp_tres", "GrpTRES"),
    ("grp_jobs", "GrpJobs"), ("grp_jobs_accrue", "GrpJobsAccrue"), ("grp_submit", "GrpSubmitJobs"),
    ("grp_wall", "GrpWall"), ("max_tres_mins_pj", "MaxTRESMinsPerJob"),
    ("max_tres_run_mins", "MaxTRESRunMins"), ("max_tres_pj", "MaxTRESPerJob"),
    ("max_tres_pn", "MaxTRESPerNode"), ("max_jobs", "MaxJobs"), ("max_jobs_accrue", "MaxJobsAccrue"),
    ("max_submit", "MaxSubmitJobs"), ("max_wall", "MaxWallDurationPerJob"), ("priority", "Priority"),
)
HEADER = """\
# Made by sacctmgr dump; sacctmgr load reads it.
# A line: what it is - 'its name', then settings, each behind a colon, in any order.
# Accounts and users stand below the nearest Parent line before them.
"""


def dump(session, words):
    """sacctmgr dump CLUSTER [File=NAME]: write the cluster's associations to a file, ./CLUSTER.cfg
    where none is named, and to stderr. Only for administrators."""
    cluster = name = None
    for word in words:
        key, _, value = option(word)
        if value is None or fits(key, "Cluster", 1):
            if cluster:
                session.fail(f" Can only do one cluster at a time.  Already doing {cluster}")
                continue
            cluster = key if value is None else value
        elif fits(key, "File", 1):
            if name:
                session.fail(f" File name already set to {name}")
                continue
            name = value
        else:
            session.fail(messages.UNKNOWN_OPTION.format(word=word))
    book, caller = session.book, session.ctl.caller
    if not cluster:
        session.fail(" We need a cluster to dump.")
        return
    if cluster.lower() not in book.clusters:
        session.fail(f" Cluster {cluster} doesn't exist.")
        return
    if not name:
        name = f"./{cluster}.cfg"
        session.print(messages.NO_FILE_NAME.format(name=name))
    if caller.user not in book.users and not caller.admin:
        session.fail(messages.NOT_KNOWN.format(uid=caller.uid))
        return
    if session.level() < 2:
        session.fail(messages.NO_DUMP)
        return
    lines = list(dumped(book, cluster.lower()))
    try:
        with open(session.call.path(name), "w", encoding="utf-8") as file:
            file.write(HEADER + "".join(line + "\n" for line in lines))
    except OSError as error:
        session.tell(f"Can't open file {name}, {error.strerror}")
        session.exit_code = 1
        return
    for line in lines:
        session.call.log(line)


def dumped(book, cluster):
    """The lines of a dump, without its remarks."""
    root = book.get("root", cluster=cluster)
    rows = hierarchical(book, [a for a in book.associations if a.cluster == cluster])
    yield f"Cluster - '{cluster}'" + limits(book, root)
    for parent in rows:
        below = [a for a in rows if not parent.user and book.parent(a) is parent]
        if below:
            yield f"Parent - '{parent.account}'"
        for assoc in below:
            yield (user_line if assoc.user else account_line)(book, assoc)


def user_line(book, assoc):
    """The line of a dump about a user's association, with his defaults, rights and limits."""
    user = book.users[assoc.user]
    words = f"User - '{assoc.user}'"
    if assoc.partition:
        words += f":Partition='{assoc.partition}'"
    default = book.default_account(assoc.user)
    if default:
        words += f":DefaultAccount='{default}'"
    if user.admin_level != "None":
        words += f":AdminLevel='{user.admin_level}'"
    mine = ",".join(c.account for c in book.coordinators if c.user == assoc.user)
    if mine:
        words += f":Coordinator='{mine}'"
    return words + limits(book, assoc)


def account_line(book, assoc):
    """The line of a dump about an account's own association, with its limits."""
    account = book.accounts[assoc.account]
    return (f"Account - '{assoc.account}':Description='{account.description}'"
            f":Organization='{account.organization}'" + limits(book, assoc))


def limits(book, assoc):
    """What is set on an association itself."""
    words = f":DefaultQOS='{assoc.default_qos}'" if assoc.default_qos else ""
    words += f":Fairshare={assoc.shares}"
    for field, key in LIMITS:
        value = getattr(assoc, field)
        if value not in (None, ""):
            words += f":{key}={tres_text(value) if 'tres' in field else value}"
    own = assoc.qos if assoc.parent_account or assoc.user or assoc.qos != "normal" else ""
    if own or assoc.delta_qos:
        words += f":QOS='{own or assoc.delta_qos}'"
    return words


# ---- load ---------------------------------------------------------------------

def load(session, words):
    """Make what a file says: accounts and users that are not there yet."""
    name, clean = None, False
    for word in words:
        key, _, value = option(word)
        if value is None and fits(key, "clean", 3):
            clean = True
        elif value is None or fits(key, "File", 1):
            name = key if value is None else value
        elif not fits(key, "Cluster", 3):
            session.fail(messages.UNKNOWN_OPTION.format(word=word))
    if session.readonly:
        session.fail(messages.READONLY)
    elif session.level() < 2:
        session.fail(messages.NO_LOAD.format(uid=session.ctl.caller.uid))
    elif clean:
        session.fail(messages.NOT_HERE.format(what="load clean"))
    elif name is None:
        session.fail(messages.NO_LOAD_FILE)
    if session.exit_code:
        return
    try:
        with open(session.call.path(name), encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        session.fail(messages.CANT_READ.format(name=name, why=error.strerror))
        return
    except UnicodeDecodeError:
        session.fail(messages.CANT_READ.format(name=name, why="not UTF-8"))
        return
    made = take(session, text)
    if made is None:
        session.forget()
    elif not made:
        session.print(messages.NOTHING_ADDED)
    else:
        session.print("\n".join(made))
        session.commit("Load", name)


def take(session, text):
    """Read a file's lines; what was added, as lines, or None after a mistake."""
    book, now = session.book, session.ctl.now
    parent, made = "root", []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        kind, dash, rest = line.partition(" - ")
        name, *words = fields(rest)
        name = unquoted(name.strip())
        if not dash or kind not in ("Cluster", "Parent", "Account", "User"):
            session.fail(messages.BAD_LINE.format(number=number, line=line))
            return None
        if kind == "Parent":
            if name not in book.accounts:
                session.fail(messages.NO_PARENT.format(name=name, cluster=book.cluster))
                return None
            parent = name
            continue
        settings = read_settings(session, words, number)
        if settings is None:
            return None
        own, changes = settings
        if kind == "Cluster":
            apply.to_association(book, book.get("root"), changes, now)
        elif kind == "Account" and not book.get(name):
            add_account(book, name, parent, now, own.get("description", ""), own.get("organization", ""))
            apply.to_association(book, book.get(name), changes, now)
            made.append(f"  A = {name:<10.10} C = {book.cluster:<10.10}")
        elif kind == "User" and not book.get(parent, name, own.get("partition", "")):
            assoc = add_user(book, name, parent, now, own.get("partition", ""))
            apply.to_association(book, assoc, changes, now)
            if own.get("defaultaccount") == parent:
                apply.make_default(book, name, parent)
            if own.get("adminlevel"):
                book.users[name].admin_level = level_named(own["adminlevel"]) or "None"
            made.append(f"  U = {name:<9.9} A = {parent:<10.10} C = {book.cluster:<10.10}")
    return made


def fields(text):
    """Split at colons outside of quotes."""
    parts, quote = [""], ""
    for letter in text:
        quote = "" if letter == quote else (quote or (letter if letter in "'\"" else ""))
        if letter == ":" and not quote:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


OWN = ("Description", "Organization", "DefaultAccount", "AdminLevel", "Partition", "Coordinator",
       "Classification", "DefaultWCKey", "WCKeys")


def read_settings(session, words, number):
    """Settings of a line -> (own, changes); None after a mistake."""
    own, changes = {}, {}
    for word in words:
        key, sign, value = option(word.strip())
        name = next((n for n in OWN if n.lower() == key.lower()), None)
        if value is None:
            session.fail(messages.BAD_LINE.format(number=number, line=word))
            return None
        if name:
            own[name.lower()] = unquoted(value)
        elif not setting(session, ASSOC_SETTINGS, changes, key, sign, unquoted(value)):
            session.fail(messages.UNKNOWN_OPTION.format(word=word))
            return None
    return own, changes
