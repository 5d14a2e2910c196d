"""sstat: what the tasks of running steps use at this moment.

Source: sstat(1).
"""

from ...common import jobacct, slurm_errno
from ...common import print_fields as text_columns
from ...common.getopt import NONE, REQUIRED, Option, UsageError, getopt
from ...common.records import PURGED, STEP_BATCH, step_name
from ...common.release import as_of, in_release
from ...common.slurm_errno import Refused
from ...machine.proctrack import table, tree
from ...slurmctld.agent import task_roots
from ...slurmd import jobacct_gather as usage
from ..shared import acct_fields, acct_print
from ..shared.acct_opts import AccountView
from ..shared.call import Fail
from ..shared.selected_step import parse_list
from . import print as sstat_print

TABLE = [
    Option("allsteps", "a", NONE, "all steps of a job, its script too"),
    Option("format", "o", REQUIRED, "the fields to print"),
    Option("fields", "", REQUIRED, "the same", dest="format"),
    Option("helpformat", "e", NONE, "print the names of the fields"),
    Option("jobs", "j", REQUIRED, "jobs, or steps of jobs"),
    Option("noconvert", "", NONE, "bytes as they are, not in units"),
    Option("noheader", "n", NONE, "no title lines"),
    Option("parsable", "p", NONE, "values between |, one behind the last too"),
    Option("parsable2", "P", NONE, "values between |"),
    Option("pidformat", "i", NONE, "the process ids of the steps"),
    Option("help", "h", NONE, "print this list"),
    Option("usage", "", NONE, "print a short form"),
    Option("verbose", "v", NONE, "say more"),
    Option("version", "V", NONE, "print the version"),
]


def main(call):
    """Print a row for each step that is asked for; the exit code. Raises Fail."""
    try:
        found, operands = getopt(call.argv, TABLE, release=call.release)
    except UsageError as error:
        raise Fail.info(str(error)) from None      # sstat alone does not point to --help
    given = {option.dest: value for option, value in found}
    if call.informs(given, "[OPTIONS...] -j JOB[.STEP],...", TABLE):
        return 0
    if "helpformat" in given:
        return help_fields(call)
    listed = [value or "" for option, value in found if option.dest == "jobs"]      # they add up
    wanted = [(number, step) for value in [*listed, *operands] for number, _, _, step in parse_list(value)]
    cols = chosen(call, found)
    if not wanted:
        raise Fail.error("You didn't give me any jobs to stat.")
    ctl = call.controller
    ctl.settle()
    view = AccountView(ctl, call.env, "noconvert" not in given)
    view.complain = call.error
    how = "P" if "parsable2" in given else "p" if "parsable" in given else ""
    if "noheader" not in given:
        lines = acct_print.header(cols, how, "|")
        call.out.write(text_columns.to_bytes("\n".join(lines) + "\n"))
    line = acct_print.printer(cols, view, how, "|")
    for number, step_id in wanted:
        for row in rows(call, ctl, number, step_id, "allsteps" in given):
            call.out.write(text_columns.to_bytes(line(row) + "\n"))
    return 0


def chosen(call, found):
    """The columns: of each -o and -i in turn, else the usual ones. Raises Fail."""
    texts = [value if option.dest == "format" else sstat_print.PIDS
             for option, value in found if option.dest in ("format", "pidformat")]
    try:
        return [column for text in texts or [sstat_print.DEFAULT]
                for column in sstat_print.columns(as_of(text, call.release), call.release)]
    except acct_fields.BadField as bad:
        raise Fail.error(acct_print.BAD_FIELD.format(name=bad)) from None


def rows(call, ctl, number, step_id, everything):
    """Rows of the steps asked for; what cannot be had is said on stderr."""
    array = ctl.store.array_jobs(number) if number else []
    jobs = array or [job for job in [number and ctl.store.job(number)] if job]
    jobs = [job for job in jobs if job.phase < PURGED]
    steps = sorted(((job, step) for job in jobs for step in ctl.store.steps(job.id)
                    if step.state == "RUNNING"),
                   key=lambda pair: (pair[0].id, pair[1].step_id))
    if not jobs and ctl.store.has_jobs() and number not in (0, 0xFFFFFFFE):
        # with no job at all Slurm finds nothing wrong with this one
        call.error(f"couldn't get steps for job {number}")
    elif step_id is not None:
        steps = [pair for pair in steps if pair[1].step_id == step_id][:1]
        if not steps:
            name = step_name(step_id)
            call.error(f"StepId={number}.{name} not found running.")
    elif not steps:
        call.error(f"No steps running for job {number}")
    elif not everything:
        steps = [pair for pair in steps if pair[1].step_id >= 0][:1]
    for job, step in steps:
        try:
            yield look(ctl, job, step)
        except Refused as refused:
            what = f"{job.id}.{step_name(step.step_id)}"
            call.error("slurm_job_step_stat: there was an error with the request to "
                       f"{step.nodelist} rc = {refused.says(call.release)}")
            call.error(f"problem getting step_layout for StepId={what}: "
                       + refused.says(call.release))


class Row(acct_fields.Row):
    """A running step with what it uses now, and its process ids."""

    __slots__ = ("pids",)


def look(ctl, job, step):
    """The Row of a step. Raises Refused for other people's."""
    ctl.mine(job, slurm_errno.ESLURM_USER_ID_MISSING)
    processes = table()
    roots = task_roots(ctl, job, step, processes)
    if step.step_id == STEP_BATCH:
        others = {pid for s in ctl.store.steps(job.id) if s.state == "RUNNING" and s.step_id >= 0
                  for pid in tree(processes, s.pid)}
    else:
        others = ()
    used = [jobacct.Used(rank, node, *amounts)
            for (rank, node), amounts in usage.sample(roots, others, processes).items()]
    now = step.copy(usage=jobacct.pack(used), end_time=ctl.now)
    row = Row(job, now)
    row.pids = ",".join(str(pid) for root in roots.values()
                        for pid in (root, *tree(processes, root)) if pid not in others)
    return row


def help_fields(call):
    """--helpformat: the names, four a line."""
    names = [f"{field.name:<19}" for field in in_release(sstat_print.FIELDS, call.release)]
    for i in range(0, len(names), 4):
        call.print(" ".join(names[i:i + 4]))
    return 0
