"""Which function carries out a verb of sacctmgr on an entity.

Each is called with the Session and the words behind the entity.  What sacctmgr knows by name and
has no row here (`archive dump`) is not in the mock, and says so.
"""

from . import account_user, other, qos, show

FUNCTIONS = {
    ("list", "account"): show.list_account,
    ("list", "assoc"): show.list_assoc,
    ("list", "cluster"): show.list_cluster,
    ("list", "config"): show.list_config,
    ("list", "event"): other.list_event,
    ("list", "federation"): other.list_federation,
    ("list", "problem"): other.list_problem,
    ("list", "qos"): show.list_qos,
    ("list", "reservation"): other.list_reservation,
    ("list", "resource"): other.list_resource,
    ("list", "runaway"): other.list_runaway,
    ("list", "stats"): other.list_stats,
    ("list", "transaction"): other.list_transaction,
    ("list", "tres"): show.list_tres,
    ("list", "user"): show.list_user,
    ("list", "wckey"): show.list_wckey,
    ("add", "account"): account_user.add_account,
    ("add", "cluster"): other.add_cluster,
    ("add", "coordinator"): qos.add_coordinator,
    ("add", "qos"): qos.add_qos,
    ("add", "user"): account_user.add_user,
    ("clear", "stats"): other.clear_stats,
    ("modify", "account"): account_user.modify_account,
    ("modify", "qos"): qos.modify_qos,
    ("modify", "user"): account_user.modify_user,
    ("delete", "account"): account_user.delete_account,
    ("delete", "cluster"): other.delete_cluster,
    ("delete", "coordinator"): qos.delete_coordinator,
    ("delete", "qos"): qos.delete_qos,
    ("delete", "user"): account_user.delete_user,
}
