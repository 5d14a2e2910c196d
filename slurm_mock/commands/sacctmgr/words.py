"""The words behind a verb of sacctmgr: conditions, and what is to be set. Source: sacctmgr(1).

A word is "key=value", "key+=value", "key-=value" or a name alone.  What is read is told in
the order of the line; mistakes are written to stderr at once, and the reading goes on, as
sacctmgr itself does.
"""

from ...common.parse_time import is_number
from ...common.print_table import fits
from ...common.slurmdb import SHARES_PARENT
from ..shared.words import names, unquoted
from . import messages

CLEAR = -1                               # the value that takes a limit away
ON_USER, ON_ASSOC, ON_WCKEY = 1, 2, 4    # what a condition or a change is about


def option(word):
    """A word -> (key, sign, value): value None where there is no "="."""
    key, equals, value = word.partition("=")
    if not equals:
        return word, "", None
    if key[-1:] in ("+", "-"):
        return key[:-1], key[-1], value
    return key, "", value


class Conditions:
    """What the "where" part asks for. Lists are None when nothing was said."""

    LISTS = ("names", "accounts", "users", "ids", "clusters", "default_qos", "partitions", "parents",
             "qos", "descriptions", "organizations", "default_accounts", "default_wckeys", "wckeys",
             "types", "actors", "actions", "nodes", "reasons", "states", "classes", "flags",
             "federations", "servers", "events")
    FLAGS = ("with_assoc", "with_coordinators", "with_deleted", "raw_qos", "no_parent_limits",
             "no_parent_info", "sub_accounts", "only_defaults", "tree")

    def __init__(self):
        for name in self.LISTS:
            setattr(self, name, None)
        for name in self.FLAGS:
            setattr(self, name, False)
        self.admin = self.preempt_mode = self.start = self.end = None
        self.format = []
        self.about = 0                   # ON_USER | ON_ASSOC | ON_WCKEY

    def add(self, name, values):
        """Put values behind those that one of LISTS has already."""
        setattr(self, name, (getattr(self, name) or []) + values)


# (names with least letters, list of Conditions); conditions on associations, of any entity
ASSOC_CONDITIONS = (
    ("Accounts", 2, "accounts"), ("Acct", 4, "accounts"), ("Ids", 1, "ids"),
    ("Associations", 2, "ids"), ("Clusters", 1, "clusters"), ("DefaultQOS", 8, "default_qos"),
    ("Partitions", 3, "partitions"), ("Parents", 4, "parents"), ("QosLevel", 1, "qos"),
    ("Users", 1, "users"),
)
# Words that stand alone, of the entities that have them.
FLAGS = {
    "assoc": (("OnlyDefaults", 2, "only_defaults"), ("Tree", 4, "tree"),
              ("WithDeleted", 5, "with_deleted"), ("WithRawQOSLevel", 5, "raw_qos"),
              ("WithSubAccounts", 5, "sub_accounts"), ("WOPInfo", 4, "no_parent_info"),
              ("WOPLimits", 4, "no_parent_limits"), ("WOLimits", 3, "no_parent_limits")),
    "account": (("WithAssoc", 5, "with_assoc"), ("WithCoordinators", 5, "with_coordinators"),
                ("WithDeleted", 5, "with_deleted"), ("WithRawQOSLevel", 5, "raw_qos"),
                ("WOPLimits", 4, "no_parent_limits")),
    "qos": (("WithDeleted", 5, "with_deleted"),),
    "tres": (("WithDeleted", 5, "with_deleted"),),
    "wckey": (("WithDeleted", 5, "with_deleted"),),
    "cluster": (("WithDeleted", 5, "with_deleted"), ("WithFed", 5, ""), ("WOLimits", 3, "no_parent_limits")),
    "event": (("All_Clusters", 5, ""), ("All_Time", 5, "")),
    "transaction": (("WithAssocInfo", 5, "with_assoc"),),
    "runaway": (), "reservation": (), "federation": (("Tree", 4, "tree"),), "resource": (("WithClusters", 5, ""),),
    "problem": (),
}
FLAGS["user"] = FLAGS["account"]
# Conditions of an entity's own: (name, least letters, list, what it is about)
OWN = {
    "account": (("Names", 1, "accounts", ON_USER), ("Accounts", 1, "accounts", ON_USER),
                ("Acct", 4, "accounts", ON_USER), ("Descriptions", 1, "descriptions", ON_USER),
                ("Format", 1, "format", 0), ("Organizations", 1, "organizations", ON_USER)),
    "user": (("Names", 1, "users", ON_USER), ("Users", 1, "users", ON_USER),
             ("AdminLevel", 2, "admin", ON_USER), ("Clusters", 1, "clusters", ON_USER),
             ("DefaultAccount", 8, "default_accounts", ON_USER),
             ("DefaultWCKey", 8, "default_wckeys", ON_USER), ("Format", 1, "format", 0),
             ("WCKeys", 1, "wckeys", ON_WCKEY)),
    "assoc": (("Ids", 1, "ids", 0), ("Associations", 2, "ids", 0), ("Format", 1, "format", 0)),
    "qos": (("Names", 1, "names", ON_USER), ("QOSLevel", 1, "names", ON_USER),
            ("Clusters", 1, "clusters", ON_USER), ("Descriptions", 1, "descriptions", ON_USER),
            ("Format", 1, "format", 0), ("Ids", 1, "ids", ON_USER), ("PreemptMode", 8, "preempt_mode", ON_USER)),
    "tres": (("Format", 1, "format", 0), ("Ids", 1, "ids", ON_USER), ("Names", 1, "names", ON_USER),
             ("Types", 1, "types", ON_USER)),
    "wckey": (("Clusters", 1, "clusters", ON_USER), ("Format", 1, "format", 0), ("Ids", 1, "ids", ON_USER),
              ("Names", 1, "names", ON_USER), ("WCKeys", 1, "names", ON_USER), ("Users", 1, "users", ON_USER)),
    "cluster": (("Names", 1, "names", ON_USER), ("Clusters", 3, "names", ON_USER),
                ("Classification", 3, "classes", ON_USER), ("Federations", 2, "federations", ON_USER),
                ("Flags", 2, "flags", ON_USER), ("Format", 2, "format", 0)),
    "event": (("Clusters", 1, "clusters", ON_USER), ("End", 1, "end", ON_USER), ("Events", 2, "events", ON_USER),
              ("Format", 1, "format", 0), ("Nodes", 1, "nodes", ON_USER), ("Reason", 1, "reasons", ON_USER),
              ("Start", 4, "start", ON_USER), ("States", 4, "states", ON_USER), ("Users", 1, "users", ON_USER)),
    "transaction": (("Accounts", 3, "accounts", ON_USER), ("Acct", 4, "accounts", ON_USER),
                    ("Actions", 4, "actions", ON_USER), ("Actors", 4, "actors", ON_USER),
                    ("Clusters", 1, "clusters", ON_USER), ("End", 1, "end", ON_USER), ("Format", 1, "format", 0),
                    ("Ids", 1, "ids", ON_USER), ("Start", 1, "start", ON_USER), ("Users", 1, "users", ON_USER)),
    "runaway": (("Format", 1, "format", 0), ("Clusters", 1, "clusters", ON_USER)),
    "reservation": (("Names", 1, "names", ON_USER), ("Clusters", 1, "clusters", ON_USER), ("End", 1, "end", ON_USER),
                    ("Format", 1, "format", 0), ("Ids", 1, "ids", ON_USER), ("Nodes", 1, "nodes", ON_USER),
                    ("Start", 1, "start", ON_USER)),
    "federation": (("Names", 1, "names", ON_USER), ("Format", 1, "format", 0)),
    "resource": (("Names", 1, "names", ON_USER), ("Clusters", 1, "clusters", ON_USER), ("Format", 1, "format", 0),
                 ("Servers", 4, "servers", ON_USER), ("Types", 1, "types", ON_USER)),
    "problem": (("Names", 1, "names", ON_USER), ("Format", 1, "format", 0)),
}
# The list that a bare name goes to.
BARE = {"account": ("accounts", ON_USER), "user": ("users", ON_USER), "assoc": ("ids", 0),
        "event": ("events", ON_USER)}
NUMBERS = {"ids": {"qos": "QOS ID", "assoc": "AssocId", "account": "AssocId", "user": "AssocId",
                   "tres": "TresID", "wckey": "WCKeyID", "transaction": "TransactionID",
                   "reservation": "Reservation ID"}}
# Entities that may be asked for by what their associations are like.
WITH_ASSOC = ("account", "user", "assoc", "problem")


def conditions(session, words, entity, found=None):
    """Read conditions up to "set"; returns (Conditions, words left over)."""
    found = found or Conditions()
    if entity == "user" and found.users is None:
        found.users = []                 # users only, not accounts
    for place, word in enumerate(words):
        key, sign, value = option(word)
        if fits(key, "set", 3):
            return found, words[place:]
        if value is None and fits(key, "where", 5):
            continue
        if value is None:
            flag = next((name for full, least, name in FLAGS[entity] if fits(key, full, least)), None)
            if flag is not None:
                if flag:
                    setattr(found, flag, True)
                continue
        _condition(session, entity, found, word, key, value)
    return found, []


def _condition(session, entity, found, word, key, value):
    if value is None:
        name, about = BARE.get(entity, ("names", ON_USER))
        _take(session, entity, found, name, key, about)
        return
    for full, least, name, about in OWN[entity]:
        if fits(key, full, least):
            _take(session, entity, found, name, value, about)
            return
    if entity in WITH_ASSOC:
        for full, least, name in ASSOC_CONDITIONS:
            if fits(key, full, least):
                if _take(session, entity, found, name, value, ON_ASSOC):
                    return
                break
    session.fail({"account": messages.UNKNOWN_CONDITION_SET, "user": messages.UNKNOWN_CONDITION_SET,
                  "cluster": messages.UNKNOWN_CONDITION_SET, "qos": messages.UNKNOWN_CONDITION_QOS}
                 .get(entity, messages.UNKNOWN_CONDITION).format(word=word))


def _take(session, entity, found, name, value, about):
    """Put a value into its list; False when there was nothing in it."""
    if name == "format":
        if "default" in value.lower() and entity == "user":
            found.only_defaults = True
        found.format += [w for w in unquoted(value, False).split(",") if w]
        return True
    if name in ("admin", "preempt_mode", "start", "end"):
        setattr(found, name, value)
    else:
        values = names(value, lower=name not in ("nodes", "reasons"))
        if name in ("default_qos", "qos"):
            values = session.qos_list(value)
            if values is None:
                return False
        if name == "ids":
            what = NUMBERS["ids"].get(entity, "ID")
            good = [v for v in values if number(session, v, what) is not None]
            session.exit_code |= int(len(good) < len(values))
            values = good
        found.add(name, values)
        if not values:
            if entity in ("user",) and name in ("users", "default_accounts"):
                session.exit_code = 1
            return False
    found.about |= about
    return True


# ---- what is to be set -----------------------------------------------------

# (name, least letters, field, kind, what an error calls it)
def _group_limits(cpus):
    """The rows of what a group may use together; cpus: how the limit of CPUs is written."""
    return (
        ("GrpCPUMins", 7, "grp_tres_mins", "cpu", "GrpCPUMins"),
        ("GrpCPURunMins", 7, "grp_tres_run_mins", "cpu", "GrpCPURunMins"),
        (cpus, 7, "grp_tres", "cpu", cpus),
        ("GrpJobs", 4, "grp_jobs", "count", "GrpJobs"),
        ("GrpJobsAccrue", 8, "grp_jobs_accrue", "count", "GrpJobsAccrue"),
        ("GrpMemory", 4, "grp_tres", "mem", "GrpMemory"), ("GrpNodes", 4, "grp_tres", "node", "GrpNodes"),
        ("GrpSubmitJobs", 4, "grp_submit", "count", "GrpSubmitJobs"),
        ("GrpTRES", 7, "grp_tres", "tres", ""), ("GrpTRESMins", 8, "grp_tres_mins", "tres", ""),
        ("GrpTRESRunMins", 8, "grp_tres_run_mins", "tres", ""),
        ("GrpWall", 4, "grp_wall", "minutes", "GrpWall"),
    )


ASSOC_SETTINGS = (
    ("DefaultQOS", 8, "default_qos", "default_qos", ""),
    ("FairShare", 1, "shares", "shares", "FairShare"), ("Shares", 1, "shares", "shares", "FairShare"),
    *_group_limits("GrpCpus"),
    ("MaxCPUMinsPerJob", 7, "max_tres_mins_pj", "cpu", "MaxCPUMinsPerJob"),
    ("MaxCPURunMins", 7, "max_tres_run_mins", "cpu", "MaxCPURunMins"),
    ("MaxCpusPerJob", 7, "max_tres_pj", "cpu", "MaxCpusPerJob"),
    ("MaxJobs", 4, "max_jobs", "count", "MaxJobs"),
    ("MaxJobsAccrue", 8, "max_jobs_accrue", "count", "MaxJobsAccrue"),
    ("MaxNodesPerJob", 4, "max_tres_pj", "node", "MaxNodes"),
    ("MinPrioThresh", 4, "min_prio_thresh", "count", "MinPrioThresh"),
    ("MaxSubmitJobs", 4, "max_submit", "count", "MaxSubmitJobs"),
    ("MaxTRESPerJob", 7, "max_tres_pj", "tres", ""), ("MaxTRESPerNode", 11, "max_tres_pn", "tres", ""),
    ("MaxTRESMinsPerJob", 8, "max_tres_mins_pj", "tres", ""),
    ("MaxTRESRunMins", 8, "max_tres_run_mins", "tres", ""),
    ("MaxWallDurationPerJob", 4, "max_wall", "minutes", "MaxWall"),
    ("Parent", 2, "parent_account", "name", ""),
    ("Priority", 2, "priority", "count", "Priority"),
    ("QosLevel", 1, "qos", "qos", ""),
)
QOS_SETTINGS = (
    ("Description", 1, "description", "name", ""), ("Flags", 2, "flags", "flags", ""),
    ("GraceTime", 3, "grace_time", "count", "GraceTime"),
    *_group_limits("GrpCPUs"),
    ("LimitFactor", 6, "limit_factor", "real", "LimitFactor"),
    ("MaxCPUMinsPerJob", 7, "max_tres_mins_pj", "cpu", "MaxCPUMins"),
    ("MaxCPUsPerJob", 7, "max_tres_pj", "cpu", "MaxCPUs"),
    ("MaxCPUsPerUser", 11, "max_tres_pu", "cpu", "MaxCPUsPerUser"), ("MaxCPUsPU", 9, "max_tres_pu", "cpu", "MaxCPUsPerUser"),
    ("MaxJobsAccruePerAccount", 17, "max_jobs_accrue_pa", "count", "MaxJobsAccruePA"),
    ("MaxJobsAccruePA", 15, "max_jobs_accrue_pa", "count", "MaxJobsAccruePA"),
    ("MaxJobsAccruePerUser", 17, "max_jobs_accrue_pu", "count", "MaxJobsAccruePU"),
    ("MaxJobsAccruePU", 15, "max_jobs_accrue_pu", "count", "MaxJobsAccruePU"),
    ("MaxJobsPerAccount", 11, "max_jobs_pa", "count", "MaxJobsPA"), ("MaxJobsPA", 9, "max_jobs_pa", "count", "MaxJobsPA"),
    ("MaxJobsPerUser", 4, "max_jobs_pu", "count", "MaxJobsPU"), ("MaxJobsPU", 4, "max_jobs_pu", "count", "MaxJobsPU"),
    ("MaxNodesPerJob", 4, "max_tres_pj", "node", "MaxNodesPerJob"),
    ("MaxNodesPerUser", 8, "max_tres_pu", "node", "MaxNodesPerUser"), ("MaxNodesPU", 8, "max_tres_pu", "node", "MaxNodesPerUser"),
    ("MaxSubmitJobsPerAccount", 17, "max_submit_pa", "count", "MaxSubmitJobsPA"),
    ("MaxSubmitJobsPA", 15, "max_submit_pa", "count", "MaxSubmitJobsPA"),
    ("MaxSubmitJobsPerUser", 4, "max_submit_pu", "count", "MaxSubmitJobsPU"),
    ("MaxSubmitJobsPU", 4, "max_submit_pu", "count", "MaxSubmitJobsPU"),
    ("MaxTRESPerAccount", 11, "max_tres_pa", "tres", ""), ("MaxTRESPA", 9, "max_tres_pa", "tres", ""),
    ("MaxTRESPerJob", 7, "max_tres_pj", "tres", ""), ("MaxTRESPerNode", 11, "max_tres_pn", "tres", ""),
    ("MaxTRESPerUser", 11, "max_tres_pu", "tres", ""), ("MaxTRESPU", 9, "max_tres_pu", "tres", ""),
    ("MaxTRESMinsPerJob", 8, "max_tres_mins_pj", "tres", ""),
    ("MaxTRESRunMinsPA", 16, "max_tres_run_mins_pa", "tres", ""),
    ("MaxTRESRunMinsPU", 8, "max_tres_run_mins_pu", "tres", ""),
    ("MaxWallDurationPerJob", 4, "max_wall", "minutes", "MaxWall"),
    ("MinCPUsPerJob", 7, "min_tres_pj", "cpu", "MinCPUs"),
    ("MinPrioThresh", 4, "min_prio_thresh", "count", "MinPrioThresh"),
    ("MinTRESPerJob", 7, "min_tres_pj", "tres", ""),
    ("PreemptMode", 8, "preempt_mode", "preempt_mode", ""), ("Preempt", 7, "preempt", "preempt", ""),
    ("PreemptExemptTime", 8, "preempt_exempt_time", "seconds", "PreemptExemptTime"),
    ("Priority", 3, "priority", "count", "Priority"), ("RawUsage", 7, "raw_usage", "count", "RawUsage"),
    ("UsageFactor", 6, "usage_factor", "real", "UsageFactor"),
    ("UsageThreshold", 6, "usage_thres", "real", "UsageThreshold"),
)
QOS_FLAGS = ("DenyOnLimit", "EnforceUsageThreshold", "NoReserve", "PartitionMaxNodes",
             "PartitionMinNodes", "OverPartQOS", "PartitionTimeLimit", "RequiresReservation", "NoDecay",
             "UsageFactorSafe")
ADMIN_LEVELS = ("None", "Operator", "Administrator")


def setting(session, table, changes, key, sign, value):
    """Read one "key=value" of a table into {field: value}; True if it was one, and good."""
    for full, least, field, kind, called in table:
        if fits(key, full, least):
            return _set(session, changes, field, kind, called, key, sign, value)
    return False


def _set(session, changes, field, kind, called, key, sign, value):
    if kind == "tres":
        counts = tres(session, value)
        if counts is None:
            return False
        changes[field] = {**changes.get(field, {}), **counts}
        return True
    if kind in ("cpu", "mem", "node"):
        count = number(session, value, called)
        if count is not None:
            changes[field] = {**changes.get(field, {}), kind: count}
        return count is not None
    read = {"shares": _shares, "count": number, "real": real, "minutes": _minutes, "seconds": _seconds,
            "default_qos": _default_qos, "qos": _qos, "preempt": _preempt, "preempt_mode": _preempt_mode,
            "flags": _flags}.get(kind)
    if read is None:
        changes[field] = unquoted(value)
        return True
    found = read(session, value, called, key, sign)
    if found is not None:
        changes[field] = found
    return found is not None


def number(session, text, called, key="", sign=""):
    """get_uint(): a number, CLEAR for a negative one; None, and a message, when it is none."""
    text = unquoted(text)
    digits = text.lstrip("+-")
    end = 0
    while end < len(digits) and digits[end] in "0123456789":
        end += 1
    if not int(digits[:end] or 0) and end < len(digits):
        session.error(messages.INVALID_VALUE.format(what=called, value=text))
        return None
    return CLEAR if text.startswith("-") and int(digits[:end] or 0) else int(digits[:end] or 0)


def _leading_real(text):
    """As C's strtod: the number with a fraction that a text begins with; 0 for "", None without one."""
    if not text:
        return 0.0
    for end in range(min(len(text), 40), 0, -1):
        word = text[:end]
        if word.isascii() and "_" not in word:
            try:
                return float(word)
            except ValueError:
                pass
    return None


def real(session, text, called, key="", sign=""):
    """A number with a fraction, CLEAR for a negative one; None, and a message, when it is none.
    called: its name in the message."""
    value = _leading_real(unquoted(text))
    if value is None:
        session.error(messages.INVALID_VALUE.format(what=called, value=unquoted(text)))
        return None
    return CLEAR if value < 0 else value


def _shares(session, text, called, key, sign):
    return SHARES_PARENT if text.lower().startswith("parent") else number(session, text, called)


def _minutes(session, text, called, key, sign):
    from ...common.parse_time import BadValue, parse_limit
    try:
        return parse_limit(text)
    except BadValue:
        session.fail(messages.BAD_TIME.format(what=called, word=f"{key}={text}"))
        return None


def _seconds(session, text, called, key, sign):
    from ...common.parse_time import BadValue, parse_duration
    try:
        return parse_duration(text)
    except BadValue:
        session.fail(messages.BAD_EXEMPT_TIME.format(word=f"{key}={text}"))
        return None


def _default_qos(session, text, called, key, sign):
    if text.strip() == "-1":
        return CLEAR
    name = unquoted(text)
    if name not in session.book.qos:
        session.fail(messages.BAD_DEFAULT_QOS.format(name=text))
    return name


def _qos(session, text, called, key, sign):
    """[(sign, name)] of a list of QOS; a sign may stand before the "=" or before a name."""
    return session.qos_list(text, sign, signed=True)


def _preempt(session, text, called, key, sign):
    found = _qos(session, text, called, key, sign)
    if found is None:
        session.exit_code = 1
    return found or []


def _preempt_mode(session, text, called, key, sign):
    for mode in ("cluster", "off", "cancel", "requeue", "suspend", "gang"):
        if unquoted(text) == mode:
            return mode
    session.fail(messages.BAD_PREEMPT_MODE.format(word=f"{key}={text}"))
    return "cluster"


def _flags(session, text, called, key, sign):
    if text.strip() == "-1":
        return ("-", list(QOS_FLAGS))
    found = [f for f in QOS_FLAGS if any(f.lower() == name for name in names(text))]
    if not found:
        session.print(messages.UNKNOWN_QOS_FLAG.format(flags=text, known=",".join(QOS_FLAGS)))
        session.exit_code = 1
        return (sign, [])
    return (sign, found)


def tres(session, text):
    """ "cpu=10,mem=4G" -> {"cpu": 10, "mem": 4096}; None, and a message, when it is none."""
    known = session.book.tres
    counts = {}
    for item in unquoted(text).split(","):
        name, equals, count = item.partition("=")
        if is_number(name):
            word = next((w for w, t in known.items() if t.id == int(name)), None)
            if word is None:
                session.error(messages.NO_TRES_ID.format(name=name))
                return None
            name = word
        elif not equals:
            session.error(messages.NO_TRES_FOR.format(name=name))
            return None
        elif name not in known:
            session.error(messages.NO_TRES_TYPE.format(name=name))
            return None
        counts[name] = _tres_count(session, name, count)
    return counts


def _tres_count(session, name, text):
    if text.startswith("-"):
        return CLEAR
    end = 0
    while end < len(text) and text[end] in "0123456789":
        end += 1
    count, unit = int(text[:end] or 0), text[end:end + 1].upper()
    if not unit:
        return count
    if unit not in "KMGTP":
        session.error(messages.BAD_UNIT.format(unit=text[end:end + 1]))
        return count
    power = "KMGTP".index(unit) + 1
    return count * 1024 ** power // 1024 ** 2 if name == "mem" else count * 1024 ** power
