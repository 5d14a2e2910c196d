"""The accounting database of a cluster that has just been made.

Every cluster has what slurmdbd makes by itself: the TRES, the account and user "root", the
QOS "normal".  Where associations are enforced, the mock's user gets one, so that he can
submit; on a bundled cluster the owners of the simulated jobs have theirs, too.
"""

from ..common import release
from ..common.slurmdb import Account, Association, ClusterEntry, Coordinator, Qos, Tres, User, WcKey
from ..common.tres import word
from .assoc_mgr import Book
from .assoc_tree import FIRST_TRES, add_account, add_user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store.store import Store

FIRST_OWN_TRES = 1001                     # ids of what AccountingStorageTRES names
KEPT = (Tres, ClusterEntry, Account, User, Coordinator, Association, Qos, WcKey)


def read(store: "Store", config: "Mapping[str, str]") -> "Book":
    """The Book that a store keeps."""
    book = Book(cluster_name(config), *[store.select(kind) for kind in KEPT])
    book.next_id = store.meta("next_assoc_id", book.next_id)
    book.next_qos_id = store.meta("next_qos_id", book.next_qos_id)
    return book


def save(store, book):
    """Write a Book, in a transaction of the caller's. Who has read it before reads it anew."""
    for kind, items in zip(KEPT, (book.tres.values(), book.all_clusters, book.all_accounts,
                                  book.all_users, book.all_coordinators, book.all_associations,
                                  book.all_qos, book.all_wckeys)):
        store.replace(kind, items)
    keep_ids(store, book)
    store.set_meta("book_version", store.meta("book_version", 0) + 1)


def keep_ids(store, book):
    """Remember which ids come next, even when the Book itself is thrown away."""
    store.set_meta("next_assoc_id", book.next_id)
    store.set_meta("next_qos_id", book.next_qos_id)


def cluster_name(config):
    """ClusterName of slurm.conf in small letters, as the database has it."""
    return config.get("ClusterName", "cluster").lower()


def fresh(config, now):
    """The database of a cluster that has registered itself: a Book."""
    name = cluster_name(config)
    book = Book(name, all_tres(config), [], [], [], [], [], [], [])
    book.all_clusters.append(ClusterEntry(
        name=name, id=1, rpc_version=release.protocol(), control_host=control_host(config),
        control_port=int(config.get("SlurmctldPort", "6817").split("-")[0]),
        creation_time=now, mod_time=now))
    book.next_qos_id = 2
    book.all_qos.append(Qos(name="normal", id=1, description="Normal QOS default",
                            creation_time=now, mod_time=now))
    add_account(book, "root", "", now, "default root account", "root", qos="normal")
    add_user(book, "root", "root", now)
    book.users["root"].admin_level = "Administrator"
    return book


def register(store, config, now):
    """What slurmctld tells slurmdbd when it starts: its cluster and the TRES it counts."""
    book = read(store, config)
    if book.cluster not in book.clusters:
        save(store, fresh(config, now))
        return
    news = [t for t in all_tres(config) if word(t) not in book.tres]
    if news:
        first = max(FIRST_OWN_TRES, 1 + max(t.id for t in book.tres.values()))
        for number, item in enumerate(news, first):
            item.id = number
            book.tres[word(item)] = item
        save(store, book)


def control_host(config):
    """SlurmctldHost=name(address) -> the address under which slurmdbd knows the controller."""
    host = config.get("SlurmctldHost", config.get("SlurmctldHost[0]", ""))
    name, _, address = host.partition("(")
    return address.rstrip(")") or name


def all_tres(config):
    """Tres records: Slurm's own, then those of AccountingStorageTRES."""
    items = [_tres(number, text) for number, text in enumerate(FIRST_TRES, 1)]
    known = set(FIRST_TRES)
    for text in config.get("AccountingStorageTRES", "").lower().split(","):
        if text and text not in known:
            items.append(_tres(FIRST_OWN_TRES + len(known) - len(FIRST_TRES), text))
            known.add(text)
    return items


def _tres(number, text):
    kind, _, name = text.partition("/")
    return Tres(id=number, type=kind, name=name)


def enrol(book, user, account, now):
    """See that a user may charge an account below root; it becomes his default. True if that
    changed anything."""
    account = account.lower()
    if account not in book.accounts:
        add_account(book, account, "root", now)
    mine = [a for a in book.associations if a.user == user]
    if not any(a.account == account for a in mine):
        mine.append(add_user(book, user, account, now))
    elif book.default_account(user) == account:
        return False
    for assoc in mine:
        assoc.is_default = int(assoc.account == account)
    return True
