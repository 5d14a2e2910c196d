"""sprio: what makes up the priorities of waiting jobs. Source: sprio(1) of Slurm 22.05."""

from ...common import parse_time, print_fields
from ...common.getopt import OPTIONAL, REQUIRED, Option
from ...conf.params import multifactor
from ...conf.weights import weights
from ...slurmctld import priority
from ...store.queue import eligible
from ..shared.call import Fail
from ..shared.view import View
from ..shared.words import users as names_of
from . import print as sprio_print

OPTIONS = (
    Option("noheader", "h", help="no title line"),
    Option("jobs", "j", OPTIONAL, "only these jobs (comma list of ids)"),
    Option("long", "l", help="all factors, the user, nice"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("clusters", "M", REQUIRED, "ask this cluster", env="SLURM_CLUSTERS"),
    Option("norm", "n", help="factors from 0 to 1 instead of their contributions"),
    Option("format", "o", REQUIRED, "columns by letter: \"%.15i %9r %.10Y\"", env="SPRIO_FORMAT"),
    Option("partition", "p", REQUIRED, "only jobs of these partitions"),
    Option("sort", "S", REQUIRED, "order, by column letters: u,-Y"),
    Option("user", "u", REQUIRED, "only jobs of these users"),
    Option("users", "", REQUIRED, "another name of --user", dest="user"),
    Option("verbose", "v", help="tell what was asked"),
    Option("version", "V", help="the version"),
    Option("weights", "w", help="the configured weights"),
    Option("federation", help="jobs of the whole federation", effect=False),
    Option("local", help="only this cluster's jobs", effect=False),
    Option("sib", help="another name of --sibling", dest="sibling", effect=False),
    Option("sibling", help="all siblings of federated jobs", effect=False),
    Option("help", help="this text"),
    Option("usage", help="a short summary"),
)
SYNOPSIS = "[OPTION]..."
NOT_MULTIFACTOR = ("You are not running a supported priority plugin\n({type}).\n"
                   "Only 'priority/multifactor' is supported.")
NOTHING = "Unable to find jobs matching user/id(s) specified"


def main(call):
    """Run sprio; see Call for what goes in and out. Returns the exit code. Raises Fail."""
    options, operands = call.getopt(OPTIONS)
    if call.informs([o.dest for o, _ in options], SYNOPSIS, OPTIONS):
        return 0
    asked, users, jobs = {}, None, []
    for option, value in options:
        asked[option.dest] = value
        if option.dest == "clusters":
            from ..shared.clusters_opt import chosen as asked_cluster
            asked_cluster(call, value)
        elif option.dest == "user":
            users = names_of(call, value)
        elif option.dest == "jobs":
            jobs = _ids(value)
    if "clusters" not in asked and "SLURM_CLUSTERS" in call.env:
        from ..shared.clusters_opt import chosen
        chosen(call)
    if operands and "jobs" in asked and asked["jobs"] is None:
        asked["jobs"] = operands.pop(0)
        jobs = _ids(asked["jobs"])
    if operands:
        raise Fail.error(f"Unrecognized option: {operands[0]}\nUsage: sprio {SYNOPSIS}")
    ctl = call.controller
    if not multifactor(ctl.config):
        raise Fail.bare(
            NOT_MULTIFACTOR.format(type=ctl.config.get("PriorityType", "priority/basic")))
    partitions = asked["partition"].split(",") if "partition" in asked else None
    if "verbose" in asked:
        _echo(call, asked, jobs, partitions, users)
    ctl.settle()
    given = weights(ctl.config)
    text = asked.get("format", call.environment(OPTIONS).get("format"))
    if text is None:
        text = sprio_print.default(given, "long" in asked, "norm" in asked, "user" in asked,
                                   call.release, "sibling" in asked)
    unknown = []
    cols = print_fields.letters(text, sprio_print.LETTERS, unknown.append, release=call.release)
    for letter in unknown:
        call.error(print_fields.BAD_FORMAT.format(what=letter))
    # what is unknown leaves nothing, where squeue would print it as it stands
    cols = [c for c in cols if c.field is not print_fields.PREFIX or not c.suffix.startswith("%")]
    rows = arrange(select(ctl, jobs, users, partitions), asked.get("sort") or "i")
    if (jobs or asked.get("jobs") == "") and not rows:
        call.print(NOTHING)
        return 0
    if "weights" in asked:
        rows = [sprio_print.Weights(given)]
    view = View(ctl, call.env)
    line = print_fields.printer(cols, view)
    lines = [] if "noheader" in asked else [print_fields.header(cols)]
    lines += [line(row) for row in rows]
    call.out.write(print_fields.to_bytes("".join([text + "\n" for text in lines])))
    return 0


def select(ctl, jobs, users, partitions):
    """A Row for each partition of each job that waits, is not held and could begin by now."""
    measured = priority.measure(ctl)
    last = ctl.store.meta("priority_time", 0)
    found = []
    for job in eligible(ctl.store, ctl.now):
        if jobs and job.id not in jobs or users is not None and job.user not in users:
            continue
        for name in job.partition.split(","):
            part = measured.parts.get(name)
            if part and (partitions is None or name in partitions):
                found.append(sprio_print.Row(job, name, priority.of_job(
                    measured, job, part, max(last, job.accrue_time))))
    return found


def arrange(rows, text):
    """Sort by a list of letters, each with + or - before it; unknown ones mean nothing."""
    for word in reversed(text.split(",")):
        down = word[:1] == "-"
        key = sprio_print.KEYS.get(word.lstrip("+-")[:1])
        if key:
            rows.sort(key=key, reverse=down)
    return rows


def _ids(text):
    found = []
    for word in text.split(",") if text else ():
        number, rest = parse_time.strtol(word)
        number = parse_time.as_int(number)
        if number <= 0 or rest:
            raise Fail.error(f"Invalid job id: {word}")
        found.append(number)
    return found


def _echo(call, asked, jobs, partitions, users):
    """--verbose: what was asked for, as Slurm echoes it."""
    def words(values):
        return ",".join(map(str, values)) if values else "(null)"
    rule = "-" * 29
    call.print("\n".join([
        rule, f"format     = {asked.get('format') or '(null)'}",
        f"job_flag   = {int('jobs' in asked)}", f"jobs       = {words(jobs)}",
        f"partition  = {words(partitions)}", f"users      = {words(users)}",
        "verbose    = 1", rule, "", ""]))
