"""sacctmgr show: lists what the accounting database holds. Source: sacctmgr(1)."""

from ...common import slurm_errno
from ...common.parse_time import stamp
from ...common.print_table import Table, UnknownField, columns
from ...common.release import as_of, version
from ...slurmdbd.assoc_mgr import hierarchical, indented
from . import messages
from . import print as fields
from .words import ON_ASSOC, conditions

# (title, key of slurm.conf or a text in quotes, text behind it)
CONFIG = (
    ("AccountingStorageBackupHost ", "AccountingStorageBackupHost", ""),
    ("AccountingStorageHost ", "AccountingStorageHost", ""),
    ("AccountingStorageParameters", "AccountingStorageParameters", ""),
    ("AccountingStoragePass ", "AccountingStoragePass", ""),
    ("AccountingStoragePort ", "AccountingStoragePort", ""),
    ("AccountingStorageType ", "AccountingStorageType", ""), ("AccountingStorageUser ", "'N/A", ""),
    ("AuthType              ", "AuthType", ""), ("MessageTimeout        ", "MessageTimeout", " sec"),
    ("PluginDir             ", "PluginDir", ""), ("PrivateData           ", "PrivateData", ""),
    ("SlurmUserId           ", "'user", ""), ("SLURM_CONF            ", "'/etc/slurm/slurm.conf", ""),
    ("SLURM_VERSION         ", "'version", ""), ("TCPTimeout            ", "TCPTimeout", " sec"),
    ("TrackWCKey            ", "TrackWCKey", ""),
)


def asked(session, words, entity):
    """The conditions of a `show`, or None after a mistake."""
    rest = [w for w in words if not (w.lower() in ("where", "set"))]
    found, _ = conditions(session, rest, entity)
    return None if session.exit_code else found


def show(session, rows, words, values, titles=()):
    """Print a table; words: those of format=, values: {column: function (row)}, titles:
    {usual title: the one of this table}."""
    try:
        made = columns(words, fields.FIELDS, values, session.call.release)
    except UnknownField as error:
        session.fail(messages.UNKNOWN_FIELD.format(name=error))
        return
    for column in made:
        column.title = dict(titles).get(column.title, column.title)
    for line in Table(made, session.parsable, session.header).lines(rows):
        session.print(line)


def default(session, *names):
    """The words of the formats of these names, one behind the other."""
    release = session.call.release
    return ",".join(as_of(fields.DEFAULTS[n], release) for n in names).split(",")


# ---- associations -----------------------------------------------------------

def matching(book, found, users=True):
    """The associations that conditions ask for, by lft; users: False for accounts' own only."""
    rows = book.associations if not found.with_deleted else sorted(
        book.all_associations, key=lambda a: (a.cluster, a.lft))
    if found.accounts and found.sub_accounts:
        below = [book.get(name) for name in found.accounts]
        rows = [a for a in rows if any(b and b.lft <= a.lft and a.rgt <= b.rgt for b in below)]
    elif found.accounts:
        rows = [a for a in rows if a.account in found.accounts]
    if found.users:
        rows = [a for a in rows if a.user in found.users]
    elif found.users is not None:
        rows = [a for a in rows if a.user]
    elif not users:
        rows = [a for a in rows if not a.user]
    for wanted, field in ((found.clusters, "cluster"), (found.partitions, "partition"),
                          (found.parents, "parent_account")):
        if wanted:
            rows = [a for a in rows if getattr(a, field) in wanted]
    if found.ids:
        rows = [a for a in rows if str(a.id) in found.ids]
    if found.default_qos:
        rows = [a for a in rows if book.default_qos(a) in found.default_qos]
    if found.qos:
        rows = [a for a in rows if set(found.qos) & set(book.allowed_qos(a))]
    if found.only_defaults:
        rows = [a for a in rows if a.is_default]
    return rows


def list_assoc(session, words):
    """sacctmgr show assoc: the associations that the conditions choose, as a tree by name."""
    found = asked(session, words, "assoc")
    if found is None:
        return
    book = session.book
    rows = hierarchical(book, matching(book, found), flat=found.no_parent_info)
    tree = indented(rows) if found.tree else None
    values = fields.association_values(book, found.raw_qos, not found.no_parent_limits, tree)
    if found.no_parent_info:
        values.update(parent_id=lambda a: 0, parent_name=lambda a: None)
    wanted = found.format or default(
        session, "assoc", *([] if found.no_parent_limits else ["assoc_limits"]))
    if found.tree:
        wanted = [w if "%" in w or not "account".startswith(w.lower()) else w + "%-20" for w in wanted]
    show(session, rows, wanted, values)


# ---- accounts and users -----------------------------------------------------

def valid_only_with_assoc(session, found):
    """Conditions on associations, where none are asked for: are they meant?"""
    from .session import ask
    found.with_assoc |= session.with_assoc
    if found.with_assoc or not found.about & ON_ASSOC:
        return True
    if ask(session, messages.NEEDS_ASSOC):
        return True
    session.print(messages.ABORTED)
    return False


def list_account(session, words):
    """sacctmgr show account: accounts, with WithAssoc a row for each association of theirs."""
    found = asked(session, words, "account")
    if found is None or not valid_only_with_assoc(session, found):
        return
    book = session.book
    rows = [a for a in sorted(book.all_accounts, key=lambda a: a.name)
            if (not a.deleted or found.with_deleted)
            and (not found.accounts or a.name in found.accounts)
            and (not found.descriptions or a.description in found.descriptions)
            and (not found.organizations or a.organization in found.organizations)]
    values = {"account": lambda a: a.name, "description": lambda a: a.description,
              "organization": lambda a: a.organization,
              "coordinators": lambda a: ",".join(book.coordinators_of(a.name))}
    names = ["account"]
    if found.with_assoc:
        names.append("account_assoc")
        rows, values = with_assocs(book, found, rows, values, lambda r: r.name, "account")
    wanted = found.format or (
        default(session, *names) + (["Coord"] if found.with_coordinators else []))
    show(session, rows, wanted, values)


def list_user(session, words):
    """sacctmgr show user: users with their defaults and rights, with WithAssoc a row for each
    association of theirs."""
    found = asked(session, words, "user")
    if found is None or not valid_only_with_assoc(session, found):
        return
    book = session.book
    rows = [u for u in sorted(book.all_users, key=lambda u: u.name)
            if (not u.deleted or found.with_deleted)
            and (not found.users or u.name in found.users)
            and (not found.admin or u.admin_level.lower().startswith(found.admin.lower()))
            and (not found.default_accounts or book.default_account(u.name) in found.default_accounts)]
    from copy import copy
    only = copy(found)
    only.only_defaults = True
    defaults = {a.user: a.account for a in matching(book, only)}
    wckey = {w.user: w.name for w in book.wckeys if w.is_default}
    values = {"user": lambda u: u.name, "admin": lambda u: u.admin_level,
              "default_account": lambda u: defaults.get(u.name, ""),
              "default_wckey": lambda u: wckey.get(u.name, ""),
              "coordinators": lambda u: ",".join(book.coordinated_by(u.name))}
    tracked = session.ctl.config.get("TrackWCKey", "no").lower() == "yes"
    names = ["user_wckey" if tracked else "user"]
    if found.with_assoc:
        rows, values = with_assocs(book, found, rows, values, lambda r: r.name, "user")
    wanted = found.format or (
        default(session, *names) + (["Coord"] if found.with_coordinators else [])
        + (default(session, "user_assoc") if found.with_assoc else []))
    show(session, rows, wanted, values)


def with_assocs(book, found, rows, values, name, field):
    """Rows of (record, Association or None), and the values of both."""
    found = _associations_only(found)
    listed = matching(book, found)
    pairs = []
    for row in rows:
        mine = [a for a in listed if getattr(a, field) == name(row)]
        pairs += [(row, a) for a in mine] or [(row, None)]
    own = {key: (lambda pair, v=value: v(pair[0])) for key, value in values.items()}
    assoc = fields.association_values(book, found.raw_qos, not found.no_parent_limits)
    below = {key: (lambda pair, v=value: v(pair[1]) if pair[1] else None)
             for key, value in assoc.items()}
    return pairs, {**below, **own}


def _associations_only(found):
    from copy import copy
    twin = copy(found)
    twin.with_deleted = twin.only_defaults = False
    return twin


# ---- the others ---------------------------------------------------------------

def list_qos(session, words):
    """sacctmgr show qos: QOS by id."""
    found = asked(session, words, "qos")
    if found is None:
        return
    rows = [q for q in sorted(session.book.all_qos, key=lambda q: q.id)
            if (not q.deleted or found.with_deleted) and chosen_qos(found, q)]
    show(session, rows, found.format or default(session, "qos"), fields.qos_values())


def chosen_qos(found, qos):
    """Is the QOS one that the conditions (names, ids, descriptions, preempt mode) ask for?"""
    return ((not found.names or qos.name in found.names)
            and (not found.ids or str(qos.id) in found.ids)
            and (not found.descriptions or qos.description in found.descriptions)
            and (not found.preempt_mode or qos.preempt_mode == found.preempt_mode.lower()))


def list_tres(session, words):
    """sacctmgr show tres: the trackable resources with their ids."""
    found = asked(session, words, "tres")
    if found is None:
        return
    rows = [t for word, t in session.book.tres.items()
            if (not found.ids or str(t.id) in found.ids)
            and (not found.types or t.type in found.types) and (not found.names or t.name in found.names)]
    values = {"type": lambda t: t.type, "name": lambda t: t.name, "id": lambda t: t.id}
    show(session, rows, found.format or default(session, "tres"), values)


def list_cluster(session, words):
    """sacctmgr show cluster: the clusters with the limits of their roots. TRES and nodes, looked up
    where the format asks for them, are those of the mock's own cluster."""
    found = asked(session, words, "cluster")
    if found is None:
        return
    book, config = session.book, session.ctl.config
    rows = [c for c in sorted(book.all_clusters, key=lambda c: c.name)
            if (not c.deleted or found.with_deleted) and (not found.names or c.name in found.names)]
    root = {c.name: book.get("root", cluster=c.name) for c in rows}
    assoc = fields.association_values(book)
    values = {key: (lambda c, v=value: v(root[c.name]) if root[c.name] else None)
              for key, value in assoc.items()}
    values.update(cluster=lambda c: c.name, name=lambda c: c.name, control_host=lambda c: c.control_host,
                  control_port=lambda c: c.control_port, rpc=lambda c: c.rpc_version,
                  id=lambda c: c.id, flags=lambda c: c.flags or "MultipleSlurmd",
                  plugin_id={"select/linear": lambda c: 102, "select/cons_res": lambda c: 101}.get(
                      config.get("SelectType"), lambda c: 109))
    here = session.ctl.cluster() if any(
        w.split("%")[0].lower().startswith(("tres", "nodec", "clustern", "cp")) for w in found.format) else None
    if here is not None:
        from ...common.hostlist import fold
        from ...slurmctld.cluster_tres import cluster_tres, tres_line
        counts = cluster_tres(here, book, config)
        values.update(tres=lambda c: tres_line(counts),
                      node_count=lambda c: len(here.nodes), cluster_nodes=lambda c: fold(list(here.nodes)),
                      cpu_count=lambda c: str(sum(n.cpus for n in here.nodes.values())))
    names = ["cluster", *([] if found.no_parent_limits else ["cluster_limits"])]
    show(session, rows, found.format or default(session, *names), values)


def list_wckey(session, words):
    """sacctmgr show wckey: the users' WCKeys, their defaults marked *. Refuses all but operators."""
    if not session.level():
        session.error(messages.NO_PRIVILEGE)
        session.refuse(slurm_errno.ESLURM_ACCESS_DENIED)
        return
    found = asked(session, words, "wckey")
    if found is None:
        return
    rows = [w for w in session.book.wckeys if (not found.names or w.name in found.names)
            and (not found.users or w.user in found.users)]
    values = {n: (lambda w, n=n: getattr(w, n)) for n in ("id", "cluster", "user")}
    values["name"] = lambda w: ("*" if w.is_default else "") + w.name
    show(session, rows, found.format or default(session, "wckey"), values, {"Name": "WCKey"})


def list_config(session, words):
    """sacctmgr show configuration: see print_config. The words behind it are not heeded."""
    print_config(session)


def print_config(session):
    """What slurmdbd's clients take from slurm.conf, a line each."""
    ctl = session.ctl
    from ...slurmctld.state import account_of
    user = account_of(ctl.config.get("SlurmUser", "root").split("(")[0], 0)
    texts = {"'user": f"{user[0]}({user[1]})", "'version": version(session.call.release)}
    session.print(f"Configuration data as of {stamp(ctl.now)}")
    for title, key, tail in CONFIG:
        value = texts.get(key) or (key[1:] if key[0] == "'" else ctl.config.get(key, "(null)") or "(null)")
        if key in ("MessageTimeout", "TCPTimeout"):
            value = value.split()[0].rstrip("s") + tail
        if key == "TrackWCKey":
            value = value.capitalize()
        session.print(f"{title} = {value}")
