"""The columns that sacctmgr knows, and what each shows of a record. Source: sacctmgr(1)."""

from ...common.print_table import DATE, DOUBLE, MINUTES, SECONDS, TEXT, UINT
from ...common.slurmdb import SHARES_PARENT
from ...common.tres import tres_dict


def _f(names, key, title, width, kind=TEXT, since=2205, until=None):
    """names: "Account:3 Acct:4", each with the fewest letters that name it; since, until: the
    releases with which it came and went."""
    pairs = [item.split(":") for item in names.split()]
    return [(name, int(least)) for name, least in pairs], key, title, width, kind, since, until


# The order matters: a short word means the first that it fits.
FIELDS = (
    _f("Account:3 Acct:4", "account", "Account", 10),
    _f("ActionRaw:7", "action_raw", "ActionRaw", 10, UINT),
    _f("Action:4", "action", "Action", 20),
    _f("Actor:4", "actor", "Actor", 10),
    _f("AdminLevel:2", "admin", "Admin", 9),
    _f("Allowed:2", "allowed", "% Allowed", 10, UINT),
    _f("Associations:2", "assoc_name", "Assocs", 10),
    _f("TRES:2", "tres", "TRES", 20),
    _f("Classification:3", "class", "Class", 9),
    _f("ClusterNodes:8", "cluster_nodes", "Cluster Nodes", 20),
    _f("Clusters:2", "cluster", "Cluster", 10),
    _f("Coordinators:2", "coordinators", "Coord Accounts", 20),
    _f("ControlHost:8", "control_host", "ControlHost", 15),
    _f("ControlPort:8", "control_port", "ControlPort", 12, UINT),
    _f("Count:3", "count", "Count", 6, UINT),
    _f("CountAllowed:6", "count_allowed", "# Allowed", 10, UINT),
    _f("CountUsed:6", "count_used", "# Used", 10, UINT),
    _f("CPUCount:2", "cpu_count", "CPU Cnt", 7),
    _f("DefaultAccount:8", "default_account", "Def Acct", 10),
    _f("DefaultQOS:8", "default_qos", "Def QOS", 9),
    _f("DefaultWCKey:8", "default_wckey", "Def WCKey", 10),
    _f("Description:3", "description", "Descr", 20),
    _f("Duration:2", "duration", "Duration", 13, SECONDS),
    _f("EventRaw:6", "event_raw", "EventRaw", 8, UINT),
    _f("Event:2", "event", "Event", 7),
    _f("Features:3", "features", "Features", 20),
    _f("Federation:3", "federation", "Federation", 10),
    _f("FedState:4", "fed_state", "FedState", 12),
    _f("FedStateRaw:9", "fed_state_raw", "FedStateRaw", 11, UINT),
    _f("Flags:2", "flags", "Flags", 20),
    _f("GraceTime:3", "grace_time", "GraceTime", 10, SECONDS),
    _f("GrpCPUs:6", "grp_tres cpu", "GrpCPUs", 8, UINT),
    _f("GrpCPUMins:7", "grp_tres_mins cpu", "GrpCPUMins", 11, UINT),
    _f("GrpCPURunMins:7", "grp_tres_run_mins cpu", "GrpCPURunMins", 13, UINT),
    _f("GrpTRES:7", "grp_tres", "GrpTRES", 13),
    _f("GrpTRESMins:7", "grp_tres_mins", "GrpTRESMins", 13),
    _f("GrpTRESRunMins:7", "grp_tres_run_mins", "GrpTRESRunMins", 13),
    _f("GrpJobs:4", "grp_jobs", "GrpJobs", 7, UINT),
    _f("GrpJobsAccrue:8", "grp_jobs_accrue", "GrpJobsAccrue", 13, UINT),
    _f("GrpMemory:4", "grp_tres mem", "GrpMem", 7, UINT),
    _f("GrpNodes:4", "grp_tres node", "GrpNodes", 8, UINT),
    _f("GrpSubmitJobs:4", "grp_submit", "GrpSubmit", 9, UINT),
    _f("GrpWall:4", "grp_wall", "GrpWall", 11, MINUTES),
    _f("ID:2", "id", "ID", 6, UINT),
    _f("Info:2", "info", "Info", 20),
    _f("LFT:1", "lft", "LFT", 6, UINT),
    _f("servertype:10", "server_type", "ServerType", 10),
    _f("MaxCPUMinsPerJob:7", "max_tres_mins_pj cpu", "MaxCPUMins", 11, UINT),
    _f("MaxCPURunMinsPerUser:7 MaxCPURunMinsPU:7", "max_tres_run_mins_pu cpu", "MaxCPURunMinsPU", 15,
       UINT),
    _f("MaxCPUsPerJob:7", "max_tres_pj cpu", "MaxCPUs", 8, UINT),
    _f("MaxCPUsPerUser:11 MaxCPUsPU:9", "max_tres_pu cpu", "MaxCPUsPU", 9, UINT),
    _f("MaxTRES:7 MaxTRESPerJob:11", "max_tres_pj", "MaxTRES", 13),
    _f("MaxTRESPerNode:11", "max_tres_pn", "MaxTRESPerNode", 14),
    _f("MaxTRESMinsPerJob:8", "max_tres_mins_pj", "MaxTRESMins", 13),
    _f("MaxTRESRunMinsPerAccount:18 MaxTRESRunMinsPerAcct:18 MaxTRESRunMinsPA:15",
       "max_tres_run_mins_pa", "MaxTRESRunMinsPA", 15),
    _f("MaxTRESRunMinsPerUser:8 MaxTRESRunMinsPU:8", "max_tres_run_mins_pu", "MaxTRESRunMinsPU", 15),
    _f("MaxTRESPerAccount:11 MaxTRESPerAcct:11 MaxTRESPA:9", "max_tres_pa", "MaxTRESPA", 13),
    _f("MaxTRESPerUser:11 MaxTRESPU:9", "max_tres_pu", "MaxTRESPU", 13),
    _f("MaxJobs:4", "max_jobs", "MaxJobs", 7, UINT),
    _f("MaxJobsAccrue:4", "max_jobs_accrue", "MaxJobsAccrue", 13, UINT),
    _f("MaxJobsAccruePerAccount:17 MaxJobsAccruePerAcct:17 MaxJobsAccruePA:15",
       "max_jobs_accrue_pa", "MaxJobsAccruePA", 15, UINT),
    _f("MaxJobsAccruePerUser:17 MaxJobsAccruePU:15", "max_jobs_accrue_pu", "MaxJobsAccruePU", 15, UINT),
    _f("MaxJobsPerAccount:11 MaxJobsPerAcct:11 MaxJobsPA:9", "max_jobs_pa", "MaxJobsPA", 9, UINT),
    _f("MaxJobsPerUser:11 MaxJobsPU:9", "max_jobs", "MaxJobsPU", 9, UINT),
    _f("MaxNodesPerJob:4", "max_tres_pj node", "MaxNodes", 8, UINT),
    _f("MaxNodesPerUser:12 MaxNodesPU:10", "max_tres_pu node", "MaxNodesPU", 10, UINT),
    _f("MinPrioThreshold:4", "min_prio_thresh", "MinPrioThres", 12, UINT),
    _f("MaxSubmitJobs:4", "max_submit", "MaxSubmit", 9, UINT),
    _f("MaxSubmitJobsPerAccount:17 MaxSubmitJobsPerAcct:17 MaxSubmitJobsPA:15 MaxSubmitPA:11",
       "max_submit_pa", "MaxSubmitPA", 11, UINT),
    _f("MaxSubmitJobsPerUser:10 MaxSubmitJobsPU:10 MaxSubmitPU:6", "max_submit", "MaxSubmitPU", 11, UINT),
    _f("MaxWallDurationPerJob:4", "max_wall", "MaxWall", 11, MINUTES),
    _f("MinCPUsPerJob:7", "min_tres_pj cpu", "MinCPUs", 8, UINT),
    _f("MinTRESPerJob:7", "min_tres_pj", "MinTRES", 13),
    _f("Name:2", "name", "Name", 10),
    _f("NodeCount:5", "node_count", "NodeCount", 9, UINT),
    _f("NodeInx:5", "node_inx", "NodeInx", 9),
    _f("NodeNames:5", "node_name", "NodeName", -15),
    _f("Organization:1", "organization", "Org", 20),
    _f("ParentID:7", "parent_id", "ParentID", 8, UINT),
    _f("ParentName:7", "parent_name", "ParentName", 10),
    _f("Partition:4", "partition", "Partition", 10),
    _f("PluginIDSelect:2", "plugin_id", "PluginIDSelect", 14, UINT),
    _f("PreemptMode:8", "preempt_mode", "PreemptMode", 11),
    _f("Preempt:7", "preempt", "Preempt", 10),
    _f("PreemptExemptTime:8", "preempt_exempt_time", "PreemptExemptTime", 19, SECONDS),
    _f("Priority:3", "priority", "Priority", 10, UINT),
    _f("Problem:1", "problem", "Problem", 40),
    _f("QOSLevel:3", "qos", "QOS", 20),
    _f("QOSRAWLevel:4", "qos_raw", "QOS_RAW", 10),
    _f("Reason:1", "reason", "Reason", 30),
    _f("RGT:1", "rgt", "RGT", 6, UINT),
    _f("RPC:1", "rpc", "RPC", 5, UINT),
    _f("Server:3", "server", "Server", 10),
    _f("Share:1 FairShare:2", "shares", "Share", 9, UINT),
    _f("StateRaw:6", "state_raw", "StateRaw", 8, UINT),
    _f("State:1", "state", "State", 6),
    _f("TimeStamp:2", "time", "Time", 19, DATE),
    _f("TimeEligible:6 Eligible:2", "eligible", "TimeEligible", 19, DATE),
    _f("TimeEnd:6 End:2", "end", "TimeEnd", 19, DATE),
    _f("TimeStart:7 Start:3", "start", "TimeStart", 19, DATE),
    _f("TimeSubmit:6 Submit:2", "submit", "TimeSubmit", 19, DATE),
    _f("Type:2", "type", "Type", 8),
    _f("UnusedWall:2", "unused_wall", "UnusedWall", 10, DOUBLE),
    _f("UsageFactor:6", "usage_factor", "UsageFactor", 11, DOUBLE),
    _f("UsageThreshold:6", "usage_thres", "UsageThres", 10, DOUBLE),
    _f("LimitFactor:6", "limit_factor", "LimitFactor", 11, DOUBLE),
    _f("Allocated:7", "allocated", "% Allocated", 11, UINT),
    _f("User:1", "user", "User", 10),
    _f("WCKeys:2", "wckeys", "WCKeys", 20),
    _f("Where:2", "where", "Where", 20),
)

# The columns of `show ...` when no format is given; {release: columns} where they differ.
DEFAULTS = {
    "account": "Acc,Des,O",
    "account_assoc": "Cl,ParentN,U,Share,Priority,GrpJ,GrpN,GrpCPUs,GrpMEM,GrpS,GrpWall,GrpCPUMins,"
                     "MaxJ,MaxN,MaxCPUs,MaxS,MaxW,MaxCPUMins,QOS,DefaultQOS",
    "user": "U,DefaultA,Ad", "user_wckey": "U,DefaultA,DefaultW,Ad",
    "user_assoc": "Cl,Acc,Part,Share,Priority,MaxJ,MaxN,MaxCPUs,MaxS,MaxW,MaxCPUMins,QOS,DefaultQOS",
    "assoc": "Cluster,Account,User,Part",
    "assoc_limits": "Share,Priority,GrpJ,GrpTRES,GrpS,GrpWall,GrpTRESMins,MaxJ,MaxTRES,MaxTRESPerN,"
                    "MaxS,MaxW,MaxTRESMins,QOS,DefaultQOS,GrpTRESRunMins",
    "qos": "Name,Prio,GraceT,Preempt,PreemptE,PreemptM,Flags%40,UsageThres,UsageFactor,GrpTRES,"
           "GrpTRESMins,GrpTRESRunMins,GrpJ,GrpS,GrpW,MaxTRES,MaxTRESPerN,MaxTRESMins,MaxW,"
           "MaxTRESPerUser,MaxJobsPerUser,MaxSubmitJobsPerUser,MaxTRESPerAcct,MaxJobsPerAcct,"
           "MaxSubmitJobsPerAcct,MinTRES",
    "cluster": "Cl,Controlh,Controlp,RPC",
    "cluster_limits": "Fa,GrpJ,GrpTRES,GrpS,MaxJ,MaxTRES,MaxS,MaxW,QOS,DefaultQOS",
    "tres": "Type,Name%15,ID", "wckey": "Name,Cluster,User",
    "event": "Cluster,NodeName,Start,End,State,Reason,User",
    "transaction": "T,Action,Actor,Where,Info",
    "problem": "Cl,Acc,User,Problem",
    "runaway": "ID%-12,Name,Part,Cluster,State%10,Submit,Start,End",
    "reservation": "Cluster,Name%15,TRES%30,Start,End,UnusedWall",
    "federation": "Federation,Cluster,ID%2,Features,FedState",
    "resource": "Name,Server,Type,Count,Allocated,ServerType",
}


def tres_text(text, short=True):
    """ "mem=4096" -> "mem=4G": TRES as limits show them; memory has a unit where nothing is lost."""
    if not text:
        return None
    from ...common.proc_args import memory_text
    return ",".join(f"{name}={memory_text(count) if name == 'mem' else count}"
                    for name, count in tres_dict(text).items())


def limits(names):
    """{key: function (record) -> value} for limits set on a record, and single TRES of them."""
    made = {}
    for name in names:
        if "tres" in name:
            made[name] = lambda r, n=name: tres_text(getattr(r, n))
            for one in ("cpu", "mem", "node"):
                made[f"{name} {one}"] = lambda r, n=name, one=one: tres_dict(getattr(r, n)).get(one)
        else:
            made[name] = lambda r, n=name: getattr(r, n)
    return made


def shares(assoc):
    """Fairshare of an association: its shares, or "parent" where it has those of its parent."""
    return "parent" if assoc.shares == SHARES_PARENT else assoc.shares


def qos_values():
    """{key: function (Qos)}."""
    from ...common.slurmdb import QOS_LIMITS
    values = limits(QOS_LIMITS)
    values["max_jobs"], values["max_submit"] = values["max_jobs_pu"], values["max_submit_pu"]
    for name in ("name", "description", "id", "priority", "grace_time", "preempt", "preempt_mode",
                 "preempt_exempt_time", "flags", "usage_factor", "usage_thres", "limit_factor"):
        values[name] = lambda q, n=name: getattr(q, n)
    return values


def association_values(book, raw_qos=False, inherit=True, tree=None):
    """{key: function (Association)}; limits are the effective ones unless `inherit` is False.

    tree: None, or a function (Association) -> its account, indented."""
    from ...common.slurmdb import GROUP_LIMITS, INHERITED_LIMITS
    values = limits(GROUP_LIMITS)
    for name in INHERITED_LIMITS:
        if "tres" in name:
            def own(a, n=name):
                return (book.tres_limit(a, n) if inherit else book.own_tres(a, n))
            values[name] = lambda a, o=own: tres_text(",".join(f"{k}={v}" for k, v in o(a).items()))
            for one in ("cpu", "mem", "node"):
                values[f"{name} {one}"] = lambda a, o=own, one=one: o(a).get(one)
        elif inherit and name != "priority":
            values[name] = lambda a, n=name: book.limit(a, n)
        else:
            values[name] = lambda a, n=name: getattr(a, n)
    for key in ("max_tres_run_mins", "max_tres_run_mins cpu"):
        values[key.replace("mins", "mins_pu")] = values[key]
    for name in ("id", "lft", "rgt", "cluster", "user", "partition"):
        values[name] = lambda a, n=name: getattr(a, n)
    values.update(
        account=tree or (lambda a: a.account), shares=shares,
        parent_name=lambda a: a.parent_account if not a.user else None,
        parent_id=lambda a: getattr(book.parent(a), "id", 0),
        default_qos=lambda a: (book.default_qos(a) if inherit else a.default_qos) or "",
        qos=lambda a: qos_text(book, a, raw_qos),
        qos_raw=lambda a: raw_ids(book, a, raw_qos))
    return values


def raw_ids(book, assoc, raw):
    """The QOS of an association by id, with their signs; raw: its own only."""
    if raw:
        own = assoc.qos or assoc.delta_qos
        return ",".join(q[:1] * (q[0] in "+-") + str(book.qos[q.lstrip("+-")].id)
                        for q in own.split(",")) if own else ""
    return ",".join(str(book.qos[n].id) for n in book.allowed_qos(assoc))


def qos_text(book, assoc, raw):
    """The QOS of an association, by name; raw: with the changes to what is inherited."""
    if raw and not assoc.qos:
        return assoc.delta_qos
    return ",".join(sorted(book.allowed_qos(assoc)))
