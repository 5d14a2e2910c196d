"""sshare: shares and usage of associations. Source: sshare(1) of Slurm 22.05."""

from ..common import parse_time, print_fields
from ..common.getopt import REQUIRED, Option
from ..common.parse_time import leading_number
from ..common.records import ACTIVE
from ..common.release import CURRENT, as_of, in_release
from ..common.slurmdb import SHARES_PARENT
from ..conf.params import accounted
from ..slurmctld.uid import user_name
from .shared import acct_print
from .shared.call import Fail

OPTIONS = (
    Option("accounts", "A", REQUIRED, "only these accounts (comma list)"),
    Option("all", "a", help="all users"),
    Option("clusters", "M", REQUIRED, "ask these clusters"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("helpformat", "e", help="the names of all fields"),
    Option("format", "o", REQUIRED, "fields: account,user,fairshare%20,..."),
    Option("long", "l", help="normalised usage, levels and TRES as well"),
    Option("noheader", "n", help="no title lines"),
    Option("", "h", help="the same", dest="noheader"),
    Option("parsable", "p", help="values with delimiters, one at the end too"),
    Option("parsable2", "P", help="values with delimiters between them"),
    Option("partition", "m", help="partitions of associations"),
    Option("users", "u", REQUIRED, "only these users (comma list)"),
    Option("Users", "U", help="only the users' own lines"),
    Option("verbose", "v", help="tell what was asked"),
    Option("version", "V", help="the version"),
    Option("help", help="this text"),
    Option("usage", help="a short summary"),
)
SYNOPSIS = "[OPTION]..."
# What nothing, --partition and --long ask for, by release.
DEFAULT = {2205: "Account,User,RawShares,NormShares,RawUsage,EffectvUsage,FairShare"}
PARTITION = {2205: "Account,User,Partition,RawShares,NormShares,RawUsage,EffectvUsage,FairShare"}
LONG = {2205: "Account,User,RawShares,NormShares,RawUsage,NormUsage,EffectvUsage,FairShare,LevelFS,"
              "GrpTRESMins,TRESRunMins"}


class Field:
    """One column: its name, width (negative: to the left), what it shows of a Line; since and until:
    the releases with which it came and went."""

    kind = "str"

    def __init__(self, name, width, text, since=2205, until=None):
        self.name, self.width, self.text = name, width, text
        self.since, self.until = since, until


class Line:
    """One association: its fair_tree.Share, how deep it is indented, and the reading."""

    def __init__(self, share, depth, reading):
        self.share, self.assoc, self.depth, self.reading = share, share.assoc, depth, reading
        self.root = not self.assoc.user and not self.assoc.parent_account
        self.child = self.assoc.shares == SHARES_PARENT


def _level(line, _):
    if line.root or line.child:
        return ""
    return f"{line.share.level:.6f}" if line.share.level != float("inf") else "inf"


def _shares(line, _):
    return "" if line.root else "parent" if line.child else str(line.assoc.shares)


FIELDS = (
    Field("Account", -20, lambda line, _: " " * line.depth + line.assoc.account),
    Field("Cluster", 10, lambda line, _: line.assoc.cluster),
    Field("EffectvUsage", 13, lambda line, _: f"{line.share.effective:.6f}"),
    Field("FairShare", 10, lambda line, _: f"{line.share.factor:.6f}" if line.assoc.user else ""),
    Field("GrpTRESMins", 30, lambda line, _: line.reading.limit(line.assoc)),
    Field("GrpTRESRaw", 30, lambda line, _: line.reading.used(line.assoc)),
    Field("ID", 6, lambda line, _: str(line.assoc.id)),
    Field("LevelFS", 10, _level),
    Field("NormShares", 11, lambda line, _: f"{line.share.norm_shares:.6f}"),
    Field("NormUsage", 11, lambda line, _: "" if line.root else f"{line.share.norm_usage:.6f}"),
    Field("Partition", 12, lambda line, _: line.assoc.partition),
    Field("RawShares", 10, _shares),
    Field("RawUsage", 11, lambda line, _: str(int(line.share.usage))),
    Field("TRESRunMins", 30, lambda line, _: line.reading.to_come(line.assoc)),
    Field("User", 10, lambda line, _: line.assoc.user),
)


class Reading:
    """The database and the usage as they are now."""

    def __init__(self, ctl):
        from ..common import tres
        from ..slurmdbd import usage
        self.book, self.kept = ctl.book(), ctl.store.data("usage", usage.EMPTY)
        self.shares = usage.standing(ctl, self.kept)
        self.minutes = {}
        for job in ctl.store.jobs(ACTIVE):
            left = max(0, (job.time_limit or 0) * 60 - (ctl.now - job.start_time))
            assoc = self.book.by_id(job.assoc_id)
            for one in self.book.lineage(assoc) if assoc else ():
                mine = self.minutes.setdefault(one.id, {})
                for name, count in tres.tres_dict(job.alloc_tres).items():
                    mine[name] = mine.get(name, 0) + count * left

    def limit(self, assoc):
        """GrpTRESMins: the minutes of each TRES that the association may use, as text."""
        return ",".join(f"{k}={v}" for k, v in self.book.own_tres(assoc, "grp_tres_mins").items())

    def used(self, assoc):
        """GrpTRESRaw: the minutes of each TRES that it has used, as text."""
        return self._all(self.kept["assoc"].get(assoc.id, {}))

    def to_come(self, assoc):
        """TRESRunMins: the minutes of each TRES that its running jobs may still use, as text."""
        return self._all(self.minutes.get(assoc.id, {}))

    def _all(self, seconds):
        return ",".join(f"{name}={int(seconds.get(name, 0) // 60)}" for name in self.book.tres)


def main(call):
    """Run sshare; see Call for what goes in and out. Returns the exit code. Raises Fail."""
    options, _ = call.getopt(OPTIONS)
    if call.informs([o.dest for o, _ in options], SYNOPSIS, OPTIONS):
        return 0
    asked = {option.dest: value for option, value in options}
    if "helpformat" in asked:
        return help_fields(call)
    ctl = call.controller
    if "clusters" in asked:
        from .shared.clusters_opt import chosen as asked_cluster
        for value in [value for option, value in options if option.dest == "clusters"]:
            asked_cluster(call, value)
        call.print(f"CLUSTER: {ctl.config['ClusterName']}")
    fields = chosen(asked, call.release)
    users = _whose(ctl, options)
    accounts = [word for option, value in options if option.dest == "accounts" for word in _words(value)] \
        if "accounts" in asked else None
    if "verbose" in asked:
        _echo(call, users, accounts)
    ctl.settle()
    styles = [option.dest for option, _ in options if option.dest in ("parsable", "parsable2")]
    style = {"parsable": "p", "parsable2": "P"}[styles[-1]] if styles else ""      # the last one holds
    lines = [] if "noheader" in asked else acct_print.header(fields, style, "|")
    line = acct_print.printer(fields, None, style, "|")
    if accounted(ctl.config):
        lines += [line(one) for one in rows(Reading(ctl), users, accounts, "Users" in asked)]
    call.out.write(print_fields.to_bytes("".join([text + "\n" for text in lines])))
    return 0


def rows(reading, users, accounts, users_only):
    """The lines asked for, in the order of the tree. accounts, users: names; None: all."""
    book, found = reading.book, []

    def visit(assoc, depth):
        wanted = accounts is None or assoc.account in accounts
        if wanted and (assoc.user in users if assoc.user and users is not None
                       else not (users_only and not assoc.user)):
            found.append(Line(reading.shares[assoc.id], 0 if users_only else depth, reading))
        depth += wanted
        children = book.children(assoc)
        for child in sorted(children, key=lambda a: (not a.user, a.user or a.account)):
            visit(child, depth)

    for assoc in book.associations:
        if assoc.cluster == book.cluster and not assoc.user and not assoc.parent_account:
            visit(assoc, 0)
    return found


def chosen(asked, release=CURRENT):
    """[(Field, width)] of the format asked for. Raises Fail."""
    text = as_of(LONG if "long" in asked else PARTITION if "partition" in asked else DEFAULT, release)
    if "long" in asked and "partition" in asked:
        text = text.replace("User,", "User,Partition,", 1)
    text = asked.get("format") or text
    found, fields = [], in_release(FIELDS, release)
    for word in (w for w in text.split(",") if w):
        name, percent, width = word.partition("%")
        field = next((f for f in fields if f.name.lower().startswith(name.lower())), None)
        if field is None:
            raise Fail.error(acct_print.BAD_FIELD.format(name=word))
        found.append((field, parse_time.width_of(width) if percent else field.width))
    return found


def help_fields(call):
    """--helpformat: the names, four a line."""
    names = [f"{field.name:<17}" for field in in_release(FIELDS, call.release)]
    call.print("\n".join(" ".join(names[i:i + 4]) for i in range(0, len(names), 4)))
    return 0


def _whose(ctl, options):
    """The users of --users and --all, of which the last holds: names, None for all. Raises Fail."""
    everybody, found = False, []
    for option, value in options:
        if option.dest == "all":
            everybody = True
        elif option.dest == "users":
            everybody = value == "-1"
            found += [] if everybody else _users(ctl, value)
    return None if everybody else found or [ctl.caller.user]


def _users(ctl, text):
    """The names of --users, of whom some may be numbers. Raises Fail for a number that is nobody's."""
    found = []
    for word in _words(text):
        name = word
        if word[:1] in tuple("0123456789"):
            number = min(leading_number(word)[0], (1 << 64) - 1) & 0xFFFFFFFF
            name = user_name(ctl, str(number))
            if name is None:
                raise Fail.bare(f"Invalid user id: {number}")
        found.append(name)
    return found


def _words(text):
    return [w.lower() for w in text.split(",") if w] if text else []


def _echo(call, users, accounts):
    """--verbose: whose lines were asked for, as Slurm says it (on stderr)."""
    call.err.write("".join(
        f"{title} requested:\n" + "".join(f"\t: {name}\n" for name in names or ["all"])
        for title, names in (("Users", users), ("Accounts", accounts))).encode())
