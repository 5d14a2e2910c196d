"""scontrol listpids and pidinfo, which ask the slurmd of the node they run on.

A machine that is none of the nodes has no slurmd to ask, as a login node.
"""

from ...common.hostlist import expand
from ...common.parse_time import leading_number
from ...common.records import ACTIVE, STEP_BATCH, step_name


def listpids(session, tag, args):
    """scontrol listpids [JOB[.STEP] [NODE]]: the processes of a job or step on a node, that where
    the command runs if none is named."""
    session.call.print(f"{'PID':<8} {'JOBID':<8} {'STEPID':<8} {'LOCALID':<7} GLOBALID")
    if args and args[0][:1] != "*":
        job, dot, step = args[0].partition(".")
        if not leading_number(job)[1] == "" or not job:
            session.fail(f'"{job}" does not look like a jobid')
            return
        if dot and leading_number(step)[1].strip():
            session.fail(f'"{args[0]}" does not look like a stepid')
            return
    node = args[1] if len(args) > 1 else session.call.env.get("SLURMD_NODENAME", "")
    if node in session.call.controller.cluster().nodes:
        on_node(session, args[0] if args else "*", node)
        return
    session.error("stepd_available: Couldn't find nodename")
    if not args or args[0][:1] == "*":
        session.fail("No job steps exist on this node.")
        return
    what = f"StepId={args[0]}" if "." in args[0] else f"JobId={args[0]}"
    session.fail(f"{what} does not exist on node (null).")


def on_node(session, what, node):
    """The processes of a job ("12"), a step ("12.0") or all jobs ("*") on a node."""
    ctl = session.call.controller
    number, dot, step_id = what.partition(".")
    jobs = ctl.store.jobs(ACTIVE)
    steps = [(job, step) for job in jobs if what[:1] == "*" or str(job.id) == number
             for step in ctl.store.steps(job.id)
             if step.state == "RUNNING" and node in expand(step.nodelist)
             and (not dot or str(step.step_id) == step_id)]
    if not steps:
        session.fail(f"StepId={what} does not exist on node {node}." if dot else
                     f"No job steps exist on node {node}." if what[:1] == "*" else
                     f"There are no steps for job {what} on node {node}.")
    for job, step in steps:
        for pid, rank, local in processes(ctl, job, step, node):
            session.call.print(f"{pid:<8} {job.id:<8} "
                               f"{step_name(step.step_id):<8} "
                               f"{local:<7} {rank:<8}")


def processes(ctl, job, step, node):
    """[(process id, rank, rank on the node)] of a step on a node; "-" for what tasks started."""
    from ...machine.proctrack import table, tree
    from ...slurmctld.agent import task_roots
    known = table()
    others = set()
    if step.step_id == STEP_BATCH:
        others = {pid for s in ctl.store.steps(job.id) if s.state == "RUNNING" and s.step_id >= 0
                  for pid in tree(known, s.pid)}
    names, found, local = expand(step.nodelist), [], 0
    for (rank, index), root in task_roots(ctl, job, step, known).items():
        if names[index] == node:
            found.append((root, rank, local))
            found += [(pid, "-", "-") for pid in tree(known, root) if pid not in others]
            local += 1
    return found


def pidinfo(session, tag, args):
    """scontrol pidinfo PID: fails, as where slurmd knows no job of the process."""
    session.fail("Failed to locate job for requested pid")
