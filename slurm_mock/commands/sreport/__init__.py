"""sreport: who used how much of the cluster in a period. Source: sreport(1) of Slurm 22.05."""

from ...common import release
from ...common.getopt import REQUIRED, Option
from ...common.moment import BadTime, parse_when
from ...common.parse_time import atoi, leading_number, stamp
from ...common.print_table import TEXT, Table, UnknownField, columns, fits
from ...slurmdbd import rollup
from ..sacctmgr import messages
from ..shared.call import Fail

OPTIONS = (
    Option("all_clusters", "a", help="every cluster of the database"),
    Option("cluster", "M", REQUIRED, "these clusters"),
    Option("federation", help="all clusters of the federation", effect=False),
    Option("help", "h", help="this text"), Option("usage", "", help="this text", dest="help"),
    Option("immediate", help="read, and of no effect"),
    Option("local", help="only this cluster", effect=False),
    Option("noheader", "n", help="no title lines"),
    Option("parsable", "p", help="columns with bars between them and at the end"),
    Option("parsable2", "P", help="columns with bars between them"),
    Option("quiet", "Q", help="no messages but errors"),
    Option("sort", help="read, and of no effect", dest="sort_unsaid"),
    Option("", "s", REQUIRED, "order of users and accounts: Name or Time", dest="sort"),
    Option("", "t", REQUIRED, "Seconds, Minutes, Hours, Percent, SecPer, MinPer, HourPer", dest="time"),
    Option("tres", "T", REQUIRED, "report these TRES instead of CPUs", env="SREPORT_TRES"),
    Option("verbose", "v", help="tell more"), Option("version", "V", help="the version"),
)
SYNOPSIS = "[OPTION]... [REPORT [WORD]...]"

# -t: (name, least letters, seconds in the unit or None, its name, with percent?)
TIMES = (("SecPer", 6, 1, "Seconds", True), ("MinPer", 6, 60, "Minutes", True),
         ("HourPer", 6, 3600, "Hours", True), ("Seconds", 1, 1, "Seconds", False),
         ("Minutes", 1, 60, "Minutes", False), ("Hours", 1, 3600, "Hours", False),
         ("Percent", 1, None, "Percentage of Total", True))
# What a command line begins with: (name, least letters); the first that fits is taken
VERBS = (("cluster", 2), ("help", 2), ("job", 1), ("quiet", 4), ("exit", 1), ("\\q", 2), ("quit", 4),
         ("local", 3), ("nonparsable", 4), ("parsable", 8), ("parsable2", 9), ("reservation", 2),
         ("resv", 2), ("sort", 1), ("time", 1), ("verbose", 4), ("version", 4), ("user", 1))
# kind: (names with least letters, report); the first that fits is taken
KINDS = {
    "cluster": (("AccountUtilizationByUser", 1, "account_user"), ("UserUtilizationByAccount", 18, "user_account"),
                ("UA", 2, "user_account"), ("UserUtilizationByWckey", 18, "user_wckey"), ("UW", 2, "user_wckey"),
                ("Utilization", 2, "utilization"), ("WCKeyUtilizationByUser", 1, "wckey_user")),
    "job": (("SizesByAccount", 1, "sizes"), ("SizesByWcKey", 8, "sizes_wckey"),
            ("SizesByAccountAndWcKey", 15, "sizes_both")),
    "user": (("TopUsage", 1, "top"),),
    "reservation": (("Utilization", 1, "reservation"),),
}
VALID = {
    "cluster": ("Valid cluster reports are, \"AccountUtilizationByUser\", \"UserUtilizationByAccount\", "
                "\"UserUtilizationByWckey\", \"Utilization\", and \"WCKeyUtilizationByUser\""),
    "job": "Valid job reports are, \"SizesByAccount, SizesByAccountAndWcKey, and  SizesByWckey\"",
    "user": "Valid user reports are, \"Top\"",
    "reservation": "Valid reservation reports are, \"Utilization\"",
}
TITLES = {"account_user": "Cluster/Account/User Utilization", "user_account": "Cluster/User/Account Utilization",
          "user_wckey": "Cluster/User/WCKey Utilization", "wckey_user": "Cluster/WCKey/User Utilization",
          "utilization": "Cluster Utilization", "reservation": "Reservation Utilization",
          "sizes": "Job Sizes", "sizes_both": "Job Sizes", "sizes_wckey": "Job Sizes by Wckey"}
# The columns of a report: (without, with TRES named)
FORMATS = {
    "account_user": ("Cluster,Ac,Login,Proper,Used,Energy", "Cluster,Ac,Login,Proper,TresName,Used"),
    "user_account": ("Cluster,Login,Proper,Ac,Used,Energy", "Cluster,Login,Proper,Ac,TresName,Used"),
    "user_wckey": ("Cluster,Login,Proper,WCkey,Used", "Cluster,Login,Proper,WCkey,TresName,Used"),
    "wckey_user": ("Cluster,WCKey,Login,Proper,Used", "Cluster,WCKey,Login,Proper,TresName,Used"),
    "top": ("Cluster,Login,Proper,Ac,Used,Energy", "Cluster,Login,Proper,Ac,TresName,Used"),
    "utilization": ("Cl,al,d,planned,i,res,rep", "Cl,TresName,al,d,planned,i,res,rep"),
    "reservation": ("Cl,name,start,end,TresName,al,i",) * 2,
}


def _fields(wide, reservation=False):
    """(names with least letters, key, title, width, kind) of every column."""
    number = 17 if wide else 8
    last = 20 if reservation else number
    return (
        ([("Accounts", 2)], "account", "Account", 15, TEXT), ([("allocated", 2)], "allocated", "Allocated", last, TEXT),
        ([("Cluster", 2)], "cluster", "Cluster", 9, TEXT), ([("down", 1)], "down", "Down", number, TEXT),
        ([("idle", 1)], "idle", "Idle", last, TEXT), ([("Login", 1)], "login", "Login", 9, TEXT),
        ([("overcommitted", 1)], "over", "Over Comm", number, TEXT),
        ([("PlannedDown", 2)], "planned_down", "PLND Down", number, TEXT),
        ([("Proper", 2)], "proper", "Proper Name", 15, TEXT), ([("reported", 3)], "reported", "Reported", number, TEXT),
        ([("reserved", 3), ("planned", 4)], "planned", "Planned", number, TEXT),
        ([("TresCount", 5), ("cpucount", 2), ("count", 2)], "count", "TRES Count", 10, TEXT),
        ([("TresName", 5)], "tres", "TRES Name", 14, TEXT), ([("Used", 1)], "used", "Used", number, TEXT),
        ([("WCKey", 2)], "wckey", "WCKey", 15, TEXT), ([("Energy", 1)], "energy", "Energy", number, TEXT),
        ([("Name", 2)], "name", "Name", 9, TEXT), ([("Start", 2)], "start", "Start", 19, TEXT),
        ([("End", 2)], "end", "End", 19, TEXT), ([("Nodes", 2)], "nodes", "Nodes", 15, TEXT),
    )


class Report:
    """One run: how it prints, the period, whose usage."""

    def __init__(self, call):
        self.call, self.ctl = call, call.controller
        self.parsable, self.header, self.code = "", True, 0
        self.unit, self.unit_name, self.percent = 60, "Minutes", False
        self.tres, self.named = ["cpu"], False
        self.by_name = self.ended = False
        self.clear()

    def clear(self):
        """What the words of one report say."""
        self.start = self.end = None
        self.accounts, self.users, self.format, self.bounds = [], [], [], [50, 250, 500, 1000]
        self.nodes = ""
        self.tree = self.flat = self.count_jobs = False
        self.top = 10

    def tell(self, text, end="\n"):
        """Text on stderr, as it stands, with `end` behind it, after what is on stdout."""
        self.call.out.flush()
        self.call.err.write((text + end).encode("utf-8", "surrogateescape"))

    def set_time(self, text):
        """-t: the unit of the usage that is reported (TIMES); a message for one that there is not."""
        row = next((r for r in TIMES if fits(text, r[0], r[1])), None)
        if row is None:
            self.tell(f"unknown time format {text}", end="")
        else:
            self.unit, self.unit_name, self.percent = row[2], row[3], row[4]

    def told(self, seconds, total):
        """A usage in the unit asked for, and its part of the whole."""
        share = f"{100 * seconds / total if total else 0:.2f}%"
        if self.unit is None:
            return share
        number = f"{seconds / self.unit:.0f}"
        return f"{number}({share})" if self.percent else number

    @property
    def units(self):
        """What the head of a report calls its unit: "CPU Minutes/Percentage of Total", for one."""
        what = "TRES" if self.named else "CPU"
        if self.unit is None:
            return self.unit_name
        return f"{what} {self.unit_name}" + ("/Percentage of Total" if self.percent else "")


def main(call):
    """Run sreport; see Call for what goes in and out. Returns the exit code. Raises Fail."""
    options, words = call.getopt(OPTIONS, permute=True)
    if call.informs([o.dest for o, _ in options], SYNOPSIS, OPTIONS):
        return 0
    if not call.controller.config.get("AccountingStorageType", "").endswith("/slurmdbd"):
        raise Fail.bare(messages.NO_DATABASE)
    report, tres = Report(call), call.environment(OPTIONS).get("tres")
    for option, value in options:
        if option.dest in ("parsable", "parsable2"):
            report.parsable = "ending" if option.dest == "parsable" else "bare"
        elif option.dest == "noheader":
            report.header = False
        elif option.dest == "time":
            report.set_time(value)
        elif option.dest == "sort":
            report.by_name = fits(value, "Name", 1)
        elif option.dest == "tres":
            tres = value
        elif option.dest == "cluster":
            from ..shared.clusters_opt import chosen as asked_cluster
            asked_cluster(call, value)
    if tres is not None:
        known = call.controller.book().tres
        report.tres = list(known) if tres.lower() == "all" else [t for t in tres.lower().split(",") if t in known]
        report.named = True
        if not report.tres:
            raise Fail.fatal("No valid TRES given")
    if words:
        run(report, words)
        return report.code
    return interactive(report)


def run(report, words):
    """Carry out one command."""
    word = words[0]
    verb = next((v for v, least in VERBS if fits(word, v, least)), None)
    verb = "reservation" if verb == "resv" else verb
    if verb is None:
        report.code = 1
        report.tell(f"invalid keyword: {word}")
    elif verb in KINDS or verb in ("sort", "time"):
        if len(words) < 2:
            report.code = 1
            report.tell(f"too few arguments for keyword:{word}")
        elif verb == "time":
            report.set_time(words[1])
        elif verb in KINDS:
            produce(report, verb, words[1], words[2:])
    elif verb in ("exit", "\\q", "quit"):
        report.ended = True
    elif verb == "version":
        report.call.print(release.package_version(report.call.release))
    elif verb == "help":
        report.call.informs(["help"], SYNOPSIS, OPTIONS)
    elif verb.endswith(("parsable", "parsable2")):
        report.parsable = {"nonparsable": "", "parsable": "ending"}.get(verb, "bare")


def interactive(report):
    """Commands from standard input, a line each."""
    from ..shared.interactive import typed
    for words in typed(report, echo=True):
        report.clear()
        run(report, words)
    return report.code


def produce(report, kind, name, words):
    """One report: its words, its head, its table."""
    from . import tables
    same = fits if kind == "job" else _begins
    which = next((r for full, least, r in KINDS[kind] if same(name, full, least)), None)
    if which is None:
        report.code = 1
        report.tell(f"Not valid report {name}\n{VALID[kind]}")
        return
    read(report, words)
    now = report.ctl.now
    import time
    day = time.localtime(now)
    midnight = int(time.mktime((*day[:3], 0, 0, 0, 0, 0, -1)))
    before = int(time.mktime((*day[:2], day[2] - 1, 0, 0, 0, 0, 0, -1)))
    start = rollup.rounded(report.start, before, time.localtime)
    end = max(start + 3600, rollup.rounded(report.end, midnight, time.localtime))
    private = "wckey" in which and tables.level(report) < 1
    if private and kind == "cluster":
        report.call.error(messages.NO_PRIVILEGE)
        report.tell(f"slurmdb_report_cluster_{'user_by_wckey' if which == 'user_wckey' else 'wckey_by_user'}: "
                    "Problem with get query.")
        report.code = 1
        return
    title = TITLES.get(which) or f"Top {report.top} Users"
    if report.header:
        seconds = "" if which in ("utilization", "reservation") else f" ({end - start} secs)"
        units = f"Usage reported in {'TRES ' + report.unit_name if which == 'reservation' else report.units}"
        if which.startswith("sizes"):
            units = "Units are in number of jobs ran" if report.count_jobs else f"Time reported in {report.unit_name}"
        report.call.print("\n".join(["-" * 80, f"{title} {stamp(start)} - {stamp(end - 1)}{seconds}", units,
                                     "-" * 80]))
    if which.startswith("sizes") and not _readable(report.nodes):
        report.code = 1
        report.call.error("Invalid argument")
        report.tell(" Problem with job query.")
        return
    if which.startswith("sizes"):
        table, rows = tables.sizes(report, which, start, end)
    else:
        wanted = report.format or FORMATS[which][report.named].split(",")
        if report.tree and which == "account_user":
            wanted = [w + "%-20" if w == "Ac" else w for w in wanted]
        try:
            made = columns(wanted, _fields(report.percent and report.unit is not None, which == "reservation"),
                           {key: (lambda row, k=key: row.get(k, "")) for key in tables.KEYS})
        except UnknownField as error:
            report.code = 1
            report.tell(f" Unknown field '{error}'")
            if report.header:
                report.call.print("\n")
            return
        table, rows = Table(made, report.parsable, report.header), tables.REPORTS[which](report, start, end)
    if kind in ("cluster", "user"):
        widen(table, rows)
    for line in table.lines(rows):
        report.call.print(line)
    if private or which == "sizes_both" and tables.level(report) < 1:
        report.call.error(messages.NO_PRIVILEGE)


NUMBERS = ("Allocated", "Down", "Idle", "PLND Down", "Planned", "Reported", "Used", "Energy", "Over Comm")


def widen(table, rows):
    """Columns of usage are as wide as their numbers need, whatever a format says."""
    usage = [c for c in table.columns if c.title in NUMBERS]
    for column in usage:
        column.width = max([8 if column.width < 17 else 17, *[len(column.value(row)) for row in rows]])


def _begins(word, name, least):
    """sreport compares the first `least` letters only."""
    return word.lower()[:least] == name.lower()[:least] if least < 15 else word.lower().startswith(
        name.lower()[:least])


def _readable(nodes):
    """Can this node list be read?"""
    from ...common.hostlist import BadHostlist, typed
    try:
        typed(nodes)
    except BadHostlist:
        return False
    return True


def read(report, words):
    """The words behind a report's name."""
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            if fits(key, "Tree", 2):
                report.tree = True
            elif fits(key, "FlatView", 2):
                report.flat = True
            elif fits(key, "PrintJobCount", 2):
                report.count_jobs = True
            elif not (fits(key, "All_Clusters", 1) or fits(key, "where", 5) or fits(key, "Group", 1)):
                report.users.append(key)
        elif fits(key, "Start", 1) or fits(key, "End", 1):
            try:
                moment = parse_when(value, report.ctl.now, past=True)
            except BadTime as error:
                report.tell(str(error))
                continue
            if moment:                           # else as if nothing were said
                setattr(report, "start" if key[0].lower() == "s" else "end", moment)
        elif fits(key, "Format", 1):
            report.format = [w for w in value.split(",") if w]
        elif fits(key, "Accounts", 2) or fits(key, "Acct", 4):
            report.accounts = value.lower().split(",")
        elif fits(key, "Users", 1):
            report.users = value.split(",")
        elif fits(key, "TopCount", 1):
            report.top, rest = leading_number(value)
            if rest == value:
                raise Fail.error(f"Invalid value for TopCount ({value})")
        elif fits(key, "Grouping", 2):
            report.bounds = list(dict.fromkeys(atoi(n) for n in value.split(",") if n)) or [0]
        elif fits(key, "Nodes", 1):
            report.nodes = value
        elif not (fits(key, "Clusters", 1) or fits(key, "Partitions", 1) or fits(key, "Names", 1) or fits(key, "Wckeys", 1)):
            report.code = 1
            report.tell(f" Unknown condition: {word}\nUse keyword set to modify value")
