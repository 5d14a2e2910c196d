"""squeue --steps."""

from ...common import hostlist, print_fields
from ...common.hostlist import host_key
from ...common.records import ACTIVE, INFINITE
from ...common.release import as_of
from ...slurmctld import job_info
from . import opts, print_steps


def show(call, query, view):
    """Print the running steps once."""
    def bad(what):
        call.error(f"Invalid job step format specification: {what}")
    if query.format is None and query.long_format is not None:
        cols = print_fields.names(
            query.long_format, lambda name: print_steps.by_name(name, call.release), bad)
    else:
        cols = print_fields.letters(query.format or as_of(opts.STEPS, call.release),
                                    print_steps.LETTERS, bad, release=call.release)
    rows = arrange(select(query, view), query.sort or "P,i", view)
    if not query.noheader:
        call.out.write(print_fields.to_bytes(print_fields.header(cols) + "\n"))
    line = print_fields.printer(cols, view)
    for row in rows:
        call.out.write(print_fields.to_bytes(line(row) + "\n"))


def select(query, view):
    """StepRows of the running steps that the filters let pass."""
    store = view.controller.store
    jobs = {job.id: job for job in store.jobs(ACTIVE)}
    rows = []
    for job_id, job in jobs.items():
        for step in store.steps(job_id):
            if step.end_time:
                continue
            rows.append(job_info.StepRow(step, job))
    if query.jobs is not None:
        rows = [r for r in rows if any(_is(r.job, n, t) for n, t in query.jobs)]
    if query.steps is not None:
        rows = [r for r in rows
                if any(r.step.step_id == s and _is(r.job, n, t) for n, t, s in query.steps)]
    if query.partitions is not None:
        rows = [r for r in rows if r.job.partition in query.partitions]
    if query.nodes is not None:
        rows = [r for r in rows if not query.nodes.isdisjoint(hostlist.expand(r.step.nodelist))]
    if query.users is not None:
        rows = [r for r in rows if r.job.user in query.users]
    return rows


def _is(job, number, task):
    if task is None:
        return number in (job.id, job.array_id)
    return number == job.array_id and task == job.array_task


def _limit(row):
    limit = row.step.time_limit
    return 1 << 40 if limit in (INFINITE, None) else limit


def arrange(rows, text, view):
    """StepRows in the order of --sort, "P,-i": letters that are no column's are passed over."""
    keys = {
        "i": lambda r: (r.job.id, r.step.step_id % (1 << 32)),
        "N": lambda r: host_key(r.step.nodelist),
        "P": lambda r: r.job.partition,
        "l": _limit,
        "S": lambda r: r.step.start_time,
        "M": lambda r: view.now - r.step.start_time,
        "u": lambda r: r.job.user,
        "U": lambda r: r.job.uid,
    }
    for i in range(len(text) - 1, -1, -1):
        key = keys.get(text[i])
        if key:
            rows.sort(key=key, reverse=i > 0 and text[i - 1] == "-")
    return rows
