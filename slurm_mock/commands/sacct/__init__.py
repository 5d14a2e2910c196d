"""sacct: jobs and steps as accounting has them. Source: sacct(1) of Slurm 22.05."""

from ...common import print_fields
from ..shared import acct_print
from ..shared.acct_opts import AccountView
from ..shared.view import clock_line
from .process import rows


def main(call):
    """Run sacct; see Call for what goes in and out. Returns the exit code. Raises Fail."""
    from .process import read
    query = read(call)
    if query is None:
        return 0
    ctl = call.controller
    view = AccountView(ctl, call.env, query.convert)
    view.complain = call.error
    view.unit = query.unit
    if query.verbose:
        since = clock_line(query.start) if query.start else "Epoch 0"
        states = ",".join(query.states) if query.states else "Eligible"
        call.log(f"Jobs {states} in the time window from {since} to {clock_line(query.end)}")
    if query.dump:
        from .dump import dump
        return dump(call, query, view)
    ctl.settle()
    if query.script or query.environment:
        return show_script(call, query, view)
    lines = []
    if not query.noheader:
        lines = acct_print.header(query.columns, query.parsable, query.delimiter)
    line = acct_print.printer(query.columns, view, query.parsable, query.delimiter)
    lines += [line(row) for row in rows(query, view)]
    if lines:
        call.out.write(print_fields.to_bytes("\n".join(lines) + "\n"))
    return 0


def show_script(call, query, view):
    """--batch-script and --env-vars: what was kept, if accounting keeps it."""
    from ...slurmctld.job_info import job_id
    from .process import select
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
