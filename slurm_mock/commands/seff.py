"""seff: how much of what it was given a job has used. Source: contribs/seff of Slurm 22.05 and 24.11.

The original is a Perl script over the accounting database: its options are Getopt::Std's, and what Slurm's
library says of a bad name goes out in the name of perl.
"""

from math import log

from ..common.getopt import REQUIRED, Option
from ..common.parse_time import elapsed_text
from ..common.release import as_of
from ..common.tres import tres_dict
from ..slurmctld import job_info as values
from .sacct.process import Query, select, timed, wanted_steps
from .shared import acct_fields, usage_fields
from .shared.acct_opts import AccountView
from .shared.call import Fail
from .shared.selected_step import parse_list

OPTIONS = (
    Option("", "h", help="this text", dest="help"),
    Option("", "v", help="the version", dest="version"),
    Option("", "d", help="first the numbers themselves", dest="debug"),
    Option("", "f", REQUIRED, "read, and passed over as in the original", dest="f", effect=False),
)
USAGE = """\
Usage: seff [Options] <Jobid>
       Options:
       -h    Help menu
       -v    Version
       -d    Debug mode: display raw Slurm data"""
VERSION = "seff Version 2.1"
NUMBERS = {2205: "JobID ArrayJobID User Group State Clustername Ncpus Nnodes Ntasks Reqmem PerNode Cput "
                 "Walltime Mem ExitStatus"}
# Of a job that runs.
EARLY = {2205: "WARNING: Efficiency statistics may be misleading for RUNNING jobs.",
         2411: "WARNING: Efficiency statistics can only be obtained after the job has ended as seff tool is "
               "based on the accounting database data."}
KIB_UNITS = "KMGTPE"


def main(call):
    """Run seff; see Call for what goes in and out. Returns the exit code. Raises Fail."""
    options, operands = _read(call)
    if "version" in options:
        call.print(VERSION)
        return 1
    if "help" in options or len(operands) != 1:
        call.print(USAGE)
        return 1
    ctl = call.controller
    ctl.settle()
    view = AccountView(ctl, call.env)
    query = Query()
    query.all_users, query.jobs = True, _named(operands[0])
    found = select(query, view)
    if not found:
        raise Fail.bare("Job not found.", code=2)
    job = min(found, key=lambda one: one.id)
    if job.array_id and job.array_task is None:
        raise Fail.bare(f"Badly formatted array jobid {job.array_id} with task_id = -2", code=3)
    whole, named = wanted_steps(query, job)
    steps = [step for step in ctl.store.steps(job.id) if whole or step.step_id in named]
    row = timed(acct_fields.Row(job, None, steps), query, view)
    for line in _lines(Efficiency(job, steps, view, row.elapsed), call.release, "debug" in options):
        call.print(line)
    return 0


def _read(call):
    """(names of options, operands) of the command line, as Getopt::Std takes them apart: what it does not
    know it tells of, and goes on."""
    words, found = list(call.argv), set()
    while words and len(words[0]) > 1 and words[0][0] == "-":
        letters = words.pop(0)[1:]
        if letters == "-":
            break
        while letters:
            letter, letters = letters[0], letters[1:]
            row = next((option for option in OPTIONS if option.letter == letter), None)
            if row is None:
                call.err.write(f"Unknown option: {letter}\n".encode("utf-8", "surrogateescape"))
                continue
            found.add(row.dest)
            if row.arg == REQUIRED:
                if not letters and words:
                    words.pop(0)
                break
    return found, words


def _named(text):
    """The jobs that a name means, as sacct -j would have them. Raises Fail."""
    try:
        # nobody is job 0, nor is nobody everybody
        return parse_list(text) or [(-1, None, None, None)]
    except Fail as bad:
        raise Fail.bare(f"perl: {bad.level}: {bad.text}") from None


class Efficiency:
    """What accounting has of a job, in seff's units.

    cpus, nodes      how many it had, at least 1
    elapsed, cpu     seconds
    per_node         did it ask for memory of each node? Else of each CPU
    asked, given     KiB of memory that it asked for in all, and had
    most             KiB of the largest task of that step whose largest task was the largest, and how many
                     tasks that step had
    total            KiB of that step's tasks together that had most together; its largest task and the mean
    """

    def __init__(self, job, steps, view, elapsed):
        self.job, self.elapsed = job, elapsed
        self.cluster, self.group = view.config["ClusterName"].lower(), values.group_name(job, view)
        self.state = acct_fields.state(acct_fields.Row(job))
        self.exit_code = acct_fields.job_status(job) >> 8 & 255
        had = tres_dict(job.alloc_tres) if job.start_time and self.state != "PENDING" else {}
        self.cpus, self.nodes = had.get("cpu") or 1, had.get("node") or 1
        memory, per_cpu = values.min_memory(job, view)
        self.per_node = not per_cpu
        self.asked = memory * 1024 * (self.cpus if per_cpu else self.nodes)
        self.given = had.get("mem", 0) * 1024
        ended = [step for step in steps if step.state != "RUNNING"]
        self.cpu = int(sum(step.user_usec + step.sys_usec for step in ended) / 1_000_000 + 0.5)
        self.most, self.total = (0, 0), (0, 0, 0)
        for step in steps:
            found = usage_fields.tasks(acct_fields.Row(job, step))
            if found:
                top, total = (pick(found, "rss") / 1024 for pick in (usage_fields.top, usage_fields.total))
                self.most = max(self.most, (top, step.ntasks), key=lambda pair: pair[0])
                self.total = max(self.total, (total, top, usage_fields.mean(found, "rss") / 1024),
                                 key=lambda three: three[0])

    @property
    def array(self):
        """12_3 of a task of an array, else ""."""
        return f"{self.job.array_id}_{self.job.array_task}" if self.job.array_id else ""


def _lines(job, release, debug):
    """What seff prints of an Efficiency, line by line."""
    used, tasks, memory = as_of(MEMORY, release)(job)
    if debug:
        yield f"Slurm data: {as_of(NUMBERS, release)}"
        yield (f"Slurm data: {job.job.id} {job.array} {job.job.user} {job.group} {job.state} {job.cluster} "
               f"{job.cpus} {job.nodes}{tasks} {job.asked} {int(job.per_node)} {job.cpu} {job.elapsed} "
               f"{used:.15g} {job.exit_code}\n")
    yield f"Job ID: {job.job.id}"
    if job.array:
        yield f"Array Job ID: {job.array}"
    yield f"Cluster: {job.cluster}"
    yield f"User/Group: {job.job.user}/{job.group}"
    yield f"State: {job.state}" + ("" if job.state in ("PENDING", "RUNNING") else f" (exit code {job.exit_code})")
    if job.cpus == 1:
        yield "Cores: 1"
    else:
        yield f"Nodes: {job.nodes}"
        yield f"Cores per node: {job.cpus // job.nodes}"
    if job.state == "PENDING":
        yield "Efficiency not available for jobs in the PENDING state."
        return
    had = job.elapsed * job.cpus
    yield f"CPU Utilized: {elapsed_text(job.cpu, True)}"
    yield f"CPU Efficiency: {_percent(job.cpu, had)} of {elapsed_text(had, True)} core-walltime"
    yield f"Job Wall-clock time: {elapsed_text(job.elapsed, True)}"
    yield from memory
    if job.state == "RUNNING":
        yield as_of(EARLY, release)


def _largest_task(job):
    """(KiB used, what -d says of the tasks, lines): until 24.05 as if all tasks of a step were as large as its
    largest, against what was asked for."""
    top, tasks = job.most
    used = top * tasks
    text, each = _size(used), f" ({_each(job, job.asked)})"
    if tasks == 1:
        each = ""
    else:
        text += " (estimated maximum)"
    return used, f" {tasks}", (f"Memory Utilized: {text}",
                               f"Memory Efficiency: {_percent(used, job.asked)} of {_size(job.asked)}{each}")


def _all_tasks(job):
    """The same since 24.05: what the tasks of a step used together, against what the job had."""
    used, top, mean = job.total
    lines = [f"Memory Utilized: {_size(used)}",
             f"Memory Efficiency: {_percent(used, job.given)} of {_size(job.given)} ({_each(job, job.given)})"]
    if top > mean:
        lines.append("The task which had the largest memory consumption differs by "
                     f"{_percent(top, mean)} from the average task max memory consumption")
    return used, "", lines


MEMORY = {2205: _largest_task, 2411: _all_tasks}


def _each(job, memory):
    """KiB of all -> "200.00 MB/node", "50.00 MB/core"."""
    return f"{_size(memory / job.nodes)}/node" if job.per_node else f"{_size(memory / job.cpus)}/core"


def _percent(part, whole):
    """ "12.34%"; of nothing 0."""
    return f"{part / whole * 100 if whole else 0:.2f}%"


def _size(kib):
    """KiB -> "1.95 GB"."""
    if not kib:
        return "0.00 MB"
    power = max(0, int(log(kib) / log(1024)))
    unit = KIB_UNITS[power] if power < len(KIB_UNITS) else ""
    return f"{kib / 1024 ** power:.2f} {unit}B"
