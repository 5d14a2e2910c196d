"""sacct: jobs and steps as accounting has them. Source: sacct(1) of Slurm 22.05."""

from ..formats import columns, sacct_fields, sacct_print
from ..formats.job_values import WAITING, unit_text
from ..formats.view import View, clock_line
from ..options import OPTIONAL, REQUIRED, Option

OPTIONS = (
    Option("allusers", "a", help="everybody's jobs"),
    Option("accounts", "A", REQUIRED, "only jobs of these accounts"),
    Option("brief", "b", help="only id, state and exit code"),
    Option("batch-script", "B", help="the batch script (with -j)"),
    Option("completion", "c", help="from job completion records"),
    Option("constraints", "C", REQUIRED, "only jobs with these constraints"),
    Option("delimiter", "", REQUIRED, "what stands between values with -p and -P"),
    Option("duplicates", "D", help="all records of an id"),
    Option("helpformat", "e", help="the names of all fields"),
    Option("endtime", "E", REQUIRED, "only jobs from before this time"),
    Option("env-vars", "", help="the environment of the batch script (with -j)"),
    Option("federation", "", help="all clusters of the federation"),
    Option("file", "f", REQUIRED, "read this file of job completion records"),
    Option("flags", "F", REQUIRED, "only jobs with these flags"),
    Option("fields", "", REQUIRED, "another name of --format", dest="format"),
    Option("format", "o", REQUIRED, "fields: jobid,state%20,..."),
    Option("gid", "", REQUIRED, "another name of --group", dest="group"),
    Option("group", "g", REQUIRED, "only jobs of these groups"),
    Option("help", "h", help="this text"),
    Option("nnodes", "i", REQUIRED, "only jobs on so many nodes: MIN[-MAX]"),
    Option("ncpus", "I", REQUIRED, "only jobs on so many CPUs: MIN[-MAX]"),
    Option("jobs", "j", REQUIRED, "only these jobs and steps: 12,13_4,14.0,15.batch"),
    Option("json", "", help="as JSON"),
    Option("timelimit-min", "k", REQUIRED, "only jobs with at least this time limit"),
    Option("timelimit-max", "K", REQUIRED, "... and at most this one"),
    Option("local", "", help="only this cluster"),
    Option("long", "l", help="all common fields"),
    Option("allclusters", "L", help="jobs of all clusters"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("clusters", "M", REQUIRED, "jobs of these clusters"),
    Option("name", "", REQUIRED, "only jobs of these names"),
    Option("noconvert", "", help="leave units as they are"),
    Option("noheader", "n", help="no title lines"),
    Option("nodelist", "N", REQUIRED, "only jobs on these nodes"),
    Option("parsable", "p", help="values with delimiters, one at the end too"),
    Option("parsable2", "P", help="values with delimiters between them"),
    Option("partition", "r", REQUIRED, "only jobs of these partitions"),
    Option("reason", "", REQUIRED, "read, and passed over as in the original"),
    Option("qos", "q", REQUIRED, "only jobs of these qualities of service"),
    Option("state", "s", REQUIRED, "only jobs in these states (in the time window)"),
    Option("starttime", "S", REQUIRED, "only jobs from after this time"),
    Option("truncate", "T", help="cut times to the window"),
    Option("uid", "", REQUIRED, "another name of --user", dest="user"),
    Option("units", "", REQUIRED, "show sizes in this unit: K, M, G, T, P"),
    Option("usage", "U", help="a short summary"),
    Option("use-local-uid", "", help="user ids of this machine"),
    Option("user", "u", REQUIRED, "only jobs of these users"),
    Option("verbose", "v", help="tell what was asked"),
    Option("version", "V", help="the version"),
    Option("wckeys", "W", REQUIRED, "only jobs with these keys"),
    Option("whole-hetjob", "", OPTIONAL, "all components of heterogeneous jobs"),
    Option("associations", "x", REQUIRED, "only jobs of these associations"),
    Option("allocations", "X", help="no steps"),
    Option("", "t", help="the same", dest="allocations"),
    Option("yaml", "", help="as YAML"),
)
UNITS = "KMGTP"


class AccountView(View):
    """A view that also knows the unit asked for."""

    unit = None

    def size(self, number, unit):
        """A size -> text; `unit`: 0 bytes, 2 MiB."""
        if self.unit is not None and int(number):
            number /= 1024 ** (self.unit - unit)
            whole = number == int(number)
            return f"{int(number)}{UNITS[self.unit - 1]}" if whole else \
                f"{number:.2f}{UNITS[self.unit - 1]}"
        return unit_text(number, unit, self.convert)


def main(call):
    """Run sacct; see Call for what goes in and out. Returns the exit code."""
    from .sacct_query import read
    query = read(call)
    if query is None:
        return 0
    ctl = call.controller
    view = AccountView(ctl, call.env, query.convert)
    view.unit = query.unit
    if query.verbose:
        since = clock_line(query.start) if query.start else "Epoch 0"
        states = ",".join(query.states) if query.states else "Eligible"
        call.log(f"Jobs {states} in the time window from {since} to {clock_line(query.end)}")
    if query.dump:
        from .dump import sacct as dump
        return dump(call, query, view)
    ctl.settle()
    if query.script or query.environment:
        return show_script(call, query, view)
    lines = []
    if not query.noheader:
        lines = sacct_print.header(query.columns, query.parsable, query.delimiter)
    line = sacct_print.printer(query.columns, view, query.parsable, query.delimiter)
    lines += [line(row) for row in rows(query, view)]
    if lines:
        call.out.write(columns.to_bytes("\n".join(lines) + "\n"))
    return 0


def rows(query, view):
    """The rows asked for, in sacct's order: jobs by submit time, each before its steps."""
    from .sacct_query import select, wanted_steps
    steps_of = {}                        # of the earlier runs of requeued jobs
    for job in select(query, view, steps_of):
        whole, ids = wanted_steps(query, job)
        steps = steps_of.get((job.id, job.submit_time))
        if steps is None or query.allocations:
            steps = [] if query.allocations else view.controller.store.steps(job.id)
        if whole:
            yield timed(sacct_fields.Row(job, None, steps), query, view)
        for step in steps:
            if whole or step.step_id in ids:
                yield timed(sacct_fields.Row(job, step), query, view)


def timed(row, query, view):
    """Fill in a row's times."""
    job, step = row.job, row.step
    over = job.phase >= 2
    if step:
        row.start, row.end = step.start_time, step.end_time
        if not row.end and over:
            row.end = job.end_time
    else:
        row.start = 0 if job.state in WAITING and not over else job.start_time
        row.end = job.end_time if over or job.state == "COMPLETING" else 0
        if job.state == "SUSPENDED":
            row.suspended = view.now - job.suspend_time
        elif job.suspend_time and row.start:
            row.suspended = max(0, job.suspend_time - job.start_time - job.pre_suspend)
    if query.truncate:
        limit = min(query.end, view.now)
        if row.start:
            row.start = max(row.start, query.start)
        if not row.end or row.end > limit:
            row.end = limit
        row.start = row.start or row.end
    if row.start:
        row.elapsed = max(0, (row.end or view.now) - row.start - row.suspended)
    return row


def show_script(call, query, view):
    """--batch-script and --env-vars: what was kept, if accounting keeps it."""
    from ..formats.squeue_fields import job_id
    from .sacct_query import select
    flag = "job_script" if query.script else "job_env"
    if flag not in view.config.get("AccountingStoreFlags", "").lower():
        return 0
    rule = "-" * 80
    for job in select(query, view):
        kept = view.controller.store.script(job.array_id or job.id)
        if query.script:
            text = kept[0].decode("utf-8", "surrogateescape") if kept and kept[0] else "NONE\n"
            call.print(f"Batch Script for {job_id(job, view)}\n{rule}\n{text}")
        else:
            block = kept[1] if kept and kept[1] else b""
            text = block.replace(b"\0", b"\n").decode("utf-8", "surrogateescape") or "NONE\n"
            call.print(f"Environment used for {job_id(job, view)} (must be batch to display)\n"
                       f"{rule}\n{text}")
    return 0


def help_fields(call):
    """--helpformat: the names, four a line."""
    names = [f"{field.name:<19}" for field in sacct_fields.FIELDS]
    lines = [" ".join(names[i:i + 4]) for i in range(0, len(names), 4)]
    call.print("\n".join(lines))


