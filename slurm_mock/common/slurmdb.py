"""The records of the accounting database: TRES, clusters, accounts, users, associations, QOS.

Fields are named after slurmdb_assoc_rec_t and its like (slurmdb.h), limits without their
prefix.  A limit that is not set is None.  TRES limits are text, "cpu=10,gres/gpu=2", in
the order of the TRES' ids (see tres.tres_dict); memory in MiB, minutes of TRES in
minutes, wall times in minutes.  Lists of names are joined by commas.  What is deleted
stays, marked, as slurmdbd keeps it.
"""

from .records import record

_TIMES = [("creation_time", "INTEGER", 0), ("mod_time", "INTEGER", 0), ("deleted", "INTEGER", 0)]

# Limits of the group: all running jobs below an association (or in a QOS) together.
GROUP_LIMITS = ("grp_jobs", "grp_jobs_accrue", "grp_submit", "grp_wall", "grp_tres",
                "grp_tres_mins", "grp_tres_run_mins")
# Limits of an association that its children inherit.
INHERITED_LIMITS = ("max_jobs", "max_jobs_accrue", "min_prio_thresh", "max_submit", "max_wall",
                    "max_tres_pj", "max_tres_pn", "max_tres_mins_pj", "max_tres_run_mins",
                    "priority")
QOS_LIMITS = (*GROUP_LIMITS, "max_jobs_pa", "max_jobs_pu", "max_jobs_accrue_pa",
              "max_jobs_accrue_pu", "max_submit_pa", "max_submit_pu", "max_wall",
              "max_tres_pj", "max_tres_pn", "max_tres_pa", "max_tres_pu", "max_tres_mins_pj",
              "max_tres_run_mins_pa", "max_tres_run_mins_pu", "min_prio_thresh", "min_tres_pj")


def is_tres(limit):
    """Is a limit's value text about TRES (else a number)?"""
    return "tres" in limit


def _limits(names):
    return [(name, "TEXT" if is_tres(name) else "INTEGER", None) for name in names]


Tres = record("Tres", "tres", [
    ("id", "INTEGER PRIMARY KEY", 0), ("type", "TEXT", ""), ("name", "TEXT", ""),
])

ClusterEntry = record("ClusterEntry", "clusters", [
    ("name", "TEXT PRIMARY KEY", ""), ("control_host", "TEXT", ""), ("control_port", "INTEGER", 0),
    ("rpc_version", "INTEGER", 0), ("classification", "TEXT", ""), ("flags", "TEXT", ""),
    ("id", "INTEGER", 0), ("nodes", "TEXT", ""), ("tres", "TEXT", ""),
    ("features", "TEXT", ""), ("federation", "TEXT", ""), *_TIMES,
])

Account = record("Account", "accounts", [
    ("name", "TEXT PRIMARY KEY", ""), ("description", "TEXT", ""), ("organization", "TEXT", ""),
    *_TIMES,
])

User = record("User", "users", [
    ("name", "TEXT PRIMARY KEY", ""), ("admin_level", "TEXT", "None"),  # None, Operator, Administrator
    *_TIMES,
])

Coordinator = record("Coordinator", "coordinators", [
    ("account", "TEXT NOT NULL", ""), ("user", "TEXT NOT NULL", ""), *_TIMES,
])

# An account's place in the tree (user "") or a user's in an account.
Association = record("Association", "associations", [
    ("id", "INTEGER PRIMARY KEY", 0), ("cluster", "TEXT", ""), ("account", "TEXT", ""),
    ("user", "TEXT", ""), ("partition", "TEXT", ""),
    ("parent_account", "TEXT", ""),          # of an account; "" for root and for users
    ("lft", "INTEGER", 0), ("rgt", "INTEGER", 0),    # nested set: below it is what lies between
    ("shares", "INTEGER", 1),                # raw shares; SHARES_PARENT: those of the parent
    ("is_default", "INTEGER", 0),            # the user's default account
    ("default_qos", "TEXT", None),           # None: inherited; "": none
    ("qos", "TEXT", ""),                     # names; "": inherited
    ("delta_qos", "TEXT", ""),               # "+a,-b" on what is inherited
    *_limits((*GROUP_LIMITS, *INHERITED_LIMITS)),
    ("comment", "TEXT", ""), *_TIMES,
])
SHARES_PARENT = 0x7FFFFFFF

Qos = record("Qos", "qos", [
    ("name", "TEXT PRIMARY KEY", ""), ("id", "INTEGER", 0), ("description", "TEXT", ""),
    ("priority", "INTEGER", 0), ("grace_time", "INTEGER", 0),      # seconds
    ("preempt", "TEXT", ""), ("preempt_mode", "TEXT", "cluster"),
    ("preempt_exempt_time", "INTEGER", None),                      # seconds
    ("flags", "TEXT", ""), ("usage_factor", "REAL", 1.0), ("usage_thres", "REAL", None),
    ("limit_factor", "REAL", None),
    *_limits(QOS_LIMITS), *_TIMES,
])

WcKey = record("WcKey", "wckeys", [
    ("id", "INTEGER PRIMARY KEY", 0), ("name", "TEXT", ""), ("cluster", "TEXT", ""),
    ("user", "TEXT", ""), ("is_default", "INTEGER", 0), *_TIMES,
])

Transaction = record("Transaction", "transactions", [
    ("id", "INTEGER PRIMARY KEY", None), ("time", "INTEGER", 0), ("action", "TEXT", ""),
    ("actor", "TEXT", ""), ("where_text", "TEXT", ""), ("info", "TEXT", ""),
    ("cluster", "TEXT", ""),
])

RECORDS = (Tres, ClusterEntry, Account, User, Coordinator, Association, Qos, WcKey, Transaction)
