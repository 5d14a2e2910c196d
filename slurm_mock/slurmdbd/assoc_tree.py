"""Changing the tree of associations, as slurmdbd does: ids, nested sets, what is deleted.

Pure functions on a Book (slurmdbd/assoc_mgr.py); who may do what, and what is said, is sacctmgr's.
A new association stands directly behind its parent's left end, or behind the one that was
added `after` it in the same request; one that comes back after having been deleted keeps its id.
"""

from ..common.slurmdb import GROUP_LIMITS, INHERITED_LIMITS, Account, Association, User

FIRST_TRES = ("cpu", "mem", "energy", "node", "billing", "fs/disk", "vmem", "pages")


def add_account(book, name, parent, now, description="", organization="", **fields):
    """An account below another one ("root"); returns its Association on the book's cluster."""
    item = next((a for a in book.all_accounts if a.name == name), None)
    if item is None:
        item = Account(name=name, creation_time=now)
        book.all_accounts.append(item)
    elif item.deleted:
        item.deleted, item.creation_time = 0, now
    else:
        description, organization = item.description, item.organization
    item.description, item.organization = description or name, organization or parent or name
    item.mod_time = now
    return add(book, now, account=name, parent_account=parent, **fields)


def add_user(book, name, account, now, partition="", **fields):
    """A user in an account; his first account becomes his default. Returns the Association."""
    item = next((u for u in book.all_users if u.name == name), None)
    if item is None:
        item = User(name=name, creation_time=now)
        book.all_users.append(item)
    elif item.deleted:
        item.deleted, item.creation_time, item.admin_level = 0, now, "None"
    item.mod_time = now
    if "is_default" not in fields and book.default_account(name) is None:
        fields["is_default"] = 1
    return add(book, now, account=account, user=name, partition=partition, **fields)


def ensure_default(book, user):
    """A user without a default account gets one: the newest of his, the first by name."""
    mine = [a for a in book.associations if a.user == user and a.cluster == book.cluster]
    if mine and not any(a.is_default for a in mine):
        chosen = min(mine, key=lambda a: (-a.creation_time, a.account)).account
        for assoc in mine:
            assoc.is_default = int(assoc.account == chosen)


def add(book, now, after=None, **fields):
    """An association; its key is cluster, account, user, partition.  after: what was added
    before in one go, if it is below the same parent."""
    fields.setdefault("cluster", book.cluster)
    key = [fields.get(k, "") for k in ("cluster", "account", "user", "partition")]
    old = next((a for a in book.all_associations
                if [a.cluster, a.account, a.user, a.partition] == key), None)
    assoc = Association(**fields)
    assoc.creation_time = assoc.mod_time = now
    if old is None:
        assoc.id, book.next_id = book.next_id, book.next_id + 1
    else:
        assoc.id = old.id
        drop(book, old)
    parent = book.parent(assoc)
    together = after is not None and parent is not None and book.parent(after) is parent
    put_in(book, assoc, after.rgt if together else parent.lft if parent else 0)
    book.all_associations.append(assoc)
    book.index()
    return assoc


def put_in(book, assoc, behind):
    """Open a place of two in the nested set of a cluster, right of the number `behind`."""
    for other in book.all_associations:
        if other.cluster == assoc.cluster:
            other.lft += 2 * (other.lft > behind)
            other.rgt += 2 * (other.rgt > behind)
    assoc.lft, assoc.rgt = behind + 1, behind + 2


def move(book, assoc, parent, now):
    """Give an account another parent: it goes there with all below it."""
    low, high = assoc.lft, assoc.rgt
    width = high - low + 1
    family = [a for a in book.all_associations
              if a.cluster == assoc.cluster and low <= a.lft and a.rgt <= high]
    others = [a for a in book.all_associations
              if a.cluster == assoc.cluster and a not in family]
    for other in others:
        other.lft -= width * (other.lft > high)
        other.rgt -= width * (other.rgt > high)
    behind = parent.lft
    for other in others:
        other.lft += width * (other.lft > behind)
        other.rgt += width * (other.rgt > behind)
    for one in family:
        one.lft += behind + 1 - low
        one.rgt += behind + 1 - low
    assoc.parent_account, assoc.mod_time = parent.account, now
    book.index()


def drop(book, assoc):
    """Take a deleted association out of the database altogether; those below it must be gone."""
    for other in book.all_associations:
        if other.cluster == assoc.cluster and other is not assoc:
            other.lft -= (other.lft > assoc.lft) + (other.lft > assoc.rgt)
            other.rgt -= (other.rgt > assoc.lft) + (other.rgt > assoc.rgt)
    book.all_associations.remove(assoc)
    book.index()


def remove(book, assocs, now):
    """Delete associations: their limits go, they themselves stay, marked."""
    for assoc in assocs:
        assoc.deleted, assoc.mod_time, assoc.is_default = 1, now, 0
        assoc.shares, assoc.qos, assoc.delta_qos, assoc.default_qos = 1, "", "", None
        for limit in (*GROUP_LIMITS, *INHERITED_LIMITS):
            setattr(assoc, limit, None)
    book.index()
