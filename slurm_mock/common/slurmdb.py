"""The records of the accounting database: TRES, clusters, accounts, users, associations, QOS.

Fields are named after slurmdb_assoc_rec_t and its like (slurmdb.h), limits without their
prefix.  A limit that is not set is None.  TRES limits are text, "cpu=10,gres/gpu=2", in
the order of the TRES' ids (see tres.tres_dict); memory in MiB, minutes of TRES in
minutes, wall times in minutes.  Lists of names are joined by commas.  What is deleted
stays, marked, as slurmdbd keeps it.
"""

from .records import Record, kept_in

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


def is_tres(limit: str) -> bool:
    """Is a limit's value text about TRES (else a number)?"""
    return "tres" in limit


@kept_in("tres", key="id")
class Tres(Record):
    id: int = 0
    type: str = ""
    name: str = ""


@kept_in("clusters", key="name")
class ClusterEntry(Record):
    name: str = ""
    control_host: str = ""
    control_port: int = 0
    rpc_version: int = 0
    classification: str = ""
    flags: str = ""
    id: int = 0
    nodes: str = ""
    tres: str = ""
    features: str = ""
    federation: str = ""
    creation_time: int = 0
    mod_time: int = 0
    deleted: int = 0


@kept_in("accounts", key="name")
class Account(Record):
    name: str = ""
    description: str = ""
    organization: str = ""
    creation_time: int = 0
    mod_time: int = 0
    deleted: int = 0


@kept_in("users", key="name")
class User(Record):
    name: str = ""
    admin_level: str = "None"                # None, Operator, Administrator
    creation_time: int = 0
    mod_time: int = 0
    deleted: int = 0


@kept_in("coordinators", needed=("account", "user"))
class Coordinator(Record):
    account: str = ""
    user: str = ""
    creation_time: int = 0
    mod_time: int = 0
    deleted: int = 0


# In Association.shares: those of the parent (SLURMDB_FS_USE_PARENT of slurmdb.h).
SHARES_PARENT = 0x7FFFFFFF


# An account's place in the tree (user "") or a user's in an account.
@kept_in("associations", key="id")
class Association(Record):
    id: int = 0
    cluster: str = ""
    account: str = ""
    user: str = ""
    partition: str = ""
    parent_account: str = ""                 # of an account; "" for root and for users
    lft: int = 0
    rgt: int = 0                             # nested set: below it is what lies between
    shares: int = 1                          # raw shares; SHARES_PARENT: those of the parent
    is_default: int = 0                      # the user's default account
    default_qos: "str | None" = None         # None: inherited; "": none
    qos: str = ""                            # names; "": inherited
    delta_qos: str = ""                      # "+a,-b" on what is inherited
    grp_jobs: "int | None" = None
    grp_jobs_accrue: "int | None" = None
    grp_submit: "int | None" = None
    grp_wall: "int | None" = None
    grp_tres: "str | None" = None
    grp_tres_mins: "str | None" = None
    grp_tres_run_mins: "str | None" = None
    max_jobs: "int | None" = None
    max_jobs_accrue: "int | None" = None
    min_prio_thresh: "int | None" = None
    max_submit: "int | None" = None
    max_wall: "int | None" = None
    max_tres_pj: "str | None" = None
    max_tres_pn: "str | None" = None
    max_tres_mins_pj: "str | None" = None
    max_tres_run_mins: "str | None" = None
    priority: "int | None" = None
    comment: str = ""
    creation_time: int = 0
    mod_time: int = 0
    deleted: int = 0


@kept_in("qos", key="name")
class Qos(Record):
    name: str = ""
    id: int = 0
    description: str = ""
    priority: int = 0
    grace_time: int = 0                      # seconds
    preempt: str = ""
    preempt_mode: str = "cluster"
    preempt_exempt_time: "int | None" = None  # seconds
    flags: str = ""
    usage_factor: float = 1.0
    usage_thres: "float | None" = None
    limit_factor: "float | None" = None
    grp_jobs: "int | None" = None
    grp_jobs_accrue: "int | None" = None
    grp_submit: "int | None" = None
    grp_wall: "int | None" = None
    grp_tres: "str | None" = None
    grp_tres_mins: "str | None" = None
    grp_tres_run_mins: "str | None" = None
    max_jobs_pa: "int | None" = None
    max_jobs_pu: "int | None" = None
    max_jobs_accrue_pa: "int | None" = None
    max_jobs_accrue_pu: "int | None" = None
    max_submit_pa: "int | None" = None
    max_submit_pu: "int | None" = None
    max_wall: "int | None" = None
    max_tres_pj: "str | None" = None
    max_tres_pn: "str | None" = None
    max_tres_pa: "str | None" = None
    max_tres_pu: "str | None" = None
    max_tres_mins_pj: "str | None" = None
    max_tres_run_mins_pa: "str | None" = None
    max_tres_run_mins_pu: "str | None" = None
    min_prio_thresh: "int | None" = None
    min_tres_pj: "str | None" = None
    creation_time: int = 0
    mod_time: int = 0
    deleted: int = 0


@kept_in("wckeys", key="id")
class WcKey(Record):
    id: int = 0
    name: str = ""
    cluster: str = ""
    user: str = ""
    is_default: int = 0
    creation_time: int = 0
    mod_time: int = 0
    deleted: int = 0


@kept_in("transactions", key="id")
class Transaction(Record):
    # none before it is kept
    id: int = None  # type: ignore[assignment]
    time: int = 0
    action: str = ""
    actor: str = ""
    where_text: str = ""
    info: str = ""
    cluster: str = ""


RECORDS = (Tres, ClusterEntry, Account, User, Coordinator, Association, Qos, WcKey, Transaction)
