"""scontrol show assoc_mgr: what the controller has of the accounting database. Source: scontrol(1).

A limit is shown with what is used of it in brackets, N where there is none.
"""

from ...common.slurmdb import SHARES_PARENT

NEW_USER = "Not Set"                     # an ordinary user's level, as slurmctld has it


class Picture:
    """What the text is made of: the Book, the Ledger of who holds what (slurmctld/limits.py), usage by
    association and QOS in seconds, the Share of each association, how many jobs are submitted."""

    def __init__(self, book, ledger, usage, shares, submitted, one_line):
        self.book, self.ledger, self.usage, self.shares = book, ledger, usage, shares
        self.submitted, self.gap = submitted, " " if one_line else "\n    "


def user(book, name, uid):
    """The line of one user of the Book; uid: his number."""
    default = book.default_account(name) or "(null)"
    record = book.users[name]
    level = NEW_USER if record.admin_level == "None" else record.admin_level
    wckey = next((w.name for w in book.wckeys if w.user == name and w.is_default),
                 "" if name == "root" else "(null)")
    return f"UserName={name}({uid}) DefAccount={default} DefWckey={wckey} AdminLevel={level}"


def association(picture, assoc, uid):
    """The lines of one association."""
    book, gap = picture.book, picture.gap
    held = picture.ledger.count("assoc", assoc.id)
    jobs, waiting = held.jobs, picture.submitted("assoc", assoc)
    share, used = picture.shares[assoc.id], picture.usage.get(assoc.id, {})
    siblings = book.children(book.parent(assoc)) if book.parent(assoc) else []
    level = sum(a.shares for a in siblings if a.shares != SHARES_PARENT) or 1
    root = not assoc.user and not assoc.parent_account
    parent = f"{assoc.parent_account}({book.parent(assoc).id})" if assoc.parent_account else ""
    lines = [
        f"ClusterName={assoc.cluster} Account={assoc.account} UserName="
        + (f"{assoc.user}({uid})" if assoc.user else "")
        + f" Partition={assoc.partition} Priority={book.limit(assoc, 'priority') or 0} ID={assoc.id}",
        f"SharesRaw/Norm/Level/Factor={assoc.shares}/{share.norm_shares:.2f}/{level}/{share.factor or 0:.2f}",
        f"UsageRaw/Norm/Efctv={used.get('', 0.0):.2f}/{1 if root else share.norm_usage:.2f}"
        f"/{1 if root else share.effective:.2f}",
        f"ParentAccount={parent} Lft={assoc.lft} DefAssoc={'Yes' if assoc.is_default else 'No'}",
        f"GrpJobs={of(assoc.grp_jobs, jobs)} GrpJobsAccrue={of(assoc.grp_jobs_accrue, 0)}",
        f"GrpSubmitJobs={of(assoc.grp_submit, waiting)} "
        f"GrpWall={'N' if assoc.grp_wall is None else assoc.grp_wall}({used.get('wall', 0) / 60:.2f})",
        *group_lines(picture, assoc, held, used),
        f"MaxJobs={limit(book.limit(assoc, 'max_jobs'), jobs)} "
        f"MaxJobsAccrue={limit(book.limit(assoc, 'max_jobs_accrue'), 0)} "
        f"MaxSubmitJobs={limit(book.limit(assoc, 'max_submit'), waiting)} "
        f"MaxWallPJ={limit(book.limit(assoc, 'max_wall'))}",
        f"MaxTRESPJ={alone(book.tres_limit(assoc, 'max_tres_pj'))}",
        f"MaxTRESPN={alone(book.tres_limit(assoc, 'max_tres_pn'))}",
        f"MaxTRESMinsPJ={alone(book.tres_limit(assoc, 'max_tres_mins_pj'))}",
        f"MinPrioThresh={limit(book.limit(assoc, 'min_prio_thresh'))}",
    ]
    return gap.join(lines)


def group_lines(picture, item, held, used):
    """GrpTRES, GrpTRESMins, GrpTRESRunMins of an association or a QOS."""
    book = picture.book
    return [
        "GrpTRES=" + beside(book, item, "grp_tres", held.tres),
        "GrpTRESMins=" + beside(book, item, "grp_tres_mins", {n: int(s) // 60 for n, s in used.items()}),
        "GrpTRESRunMins=" + beside(book, item, "grp_tres_run_mins",
                                   {n: int(s) // 60 for n, s in held.run.items()}),
    ]


def qos(picture, item, uid_of):
    """The lines of one QOS; uid_of(user name) is the text of the user's id."""
    book, gap = picture.book, picture.gap
    held, used = picture.ledger.count("qos", item.name), picture.ledger.used["qos"].get(item.name, {})
    mode = "OFF" if item.preempt_mode == "cluster" else item.preempt_mode.upper()
    lines = [
        f"QOS={item.name}({item.id})", f"UsageRaw={used.get('', 0.0):f}",
        f"GrpJobs={of(item.grp_jobs, held.jobs)} GrpJobsAccrue={of(item.grp_jobs_accrue, 0)} "
        f"GrpSubmitJobs={of(item.grp_submit, picture.submitted('qos', item))} "
        f"GrpWall={'N' if item.grp_wall is None else item.grp_wall}({used.get('wall', 0) / 60:.2f})",
        *group_lines(picture, item, held, used),
        f"MaxWallPJ={limit(item.max_wall)}",
        f"MaxTRESPJ={alone(book.own_tres(item, 'max_tres_pj'))}",
        f"MaxTRESPN={alone(book.own_tres(item, 'max_tres_pn'))}",
        f"MaxTRESMinsPJ={alone(book.own_tres(item, 'max_tres_mins_pj'))}",
        f"MinPrioThresh={limit(item.min_prio_thresh)} ",
        f"MinTRESPJ={alone(book.own_tres(item, 'min_tres_pj'))}",
        f"PreemptMode={mode}", f"Priority={item.priority}",
    ]
    one_line = gap == " "
    for title, kind, mark, names in (
            ("Account", "account", "PA", {k[2] for k in picture.ledger.counts if k[:2] == ("account", item.name)}),
            ("User", "user", "PU", {k[2] for k in picture.ledger.counts if k[:2] == ("user", item.name)})):
        parts = [person(picture, item, kind, mark, name, uid_of(name) if kind == "user" else name, one_line)
                 for name in sorted(names)]
        none = ("" if one_line else "\n        ") + f"No {title}s"
        lines.append(f"{title} Limits" + ("=" if one_line else "") + ("".join(parts) or none))
    return gap.join(lines)


def person(picture, item, kind, mark, name, shown, one_line):
    """What an account or a user holds under a QOS; shown: how it is called."""
    held = picture.ledger.count(kind, item.name, name)
    gap = " " if one_line else "\n        "
    limits = (getattr(item, f"max_{what}_{mark.lower()}") for what in ("jobs", "jobs_accrue", "submit"))
    jobs, accrue, submit = limits
    return ((" " if one_line else "\n      ") + shown + ("={" if one_line else gap)
            + f"MaxJobs{mark}={of(jobs, held.jobs)} MaxJobsAccrue{mark}={of(accrue, 0)} "
            f"MaxSubmitJobs{mark}={of(submit, held.jobs)}{gap}MaxTRES{mark}="
            + beside(picture.book, item, f"max_tres_{mark.lower()}", held.tres) + ("}" if one_line else ""))


def of(most, used):
    """A limit with what is used of it in brackets: "4(1)", or "N(1)" where there is none."""
    return f"{'N' if most is None else most}({used})"


def limit(most, used=None):
    """A limit that is left out when it is not set."""
    return "" if most is None else f"{most}" if used is None else f"{most}({used})"


def alone(counts):
    """{"cpu": 4, "node": 2} -> the text cpu=4,node=2."""
    return ",".join(f"{name}={count}" for name, count in counts.items())


def beside(book, item, field, used):
    """Every TRES with its limit and what is used."""
    limits = book.own_tres(item, field)
    return ",".join(f"{name}={limits.get(name, 'N')}({used.get(name, 0)})" for name in book.tres)
