"""scontrol listpids and pidinfo, which ask the slurmd of the node they run on.

The mock's nodes run no slurmd, so these answer as Slurm does where there is none.
"""

from ..formats.columns import leading_number


def listpids(session, tag, args):
    session.call.print(f"{'PID':<8} {'JOBID':<8} {'STEPID':<8} {'LOCALID':<7} GLOBALID")
    if args and args[0][:1] != "*":
        job, dot, step = args[0].partition(".")
        if not leading_number(job)[1] == "" or not job:
            session.fail(f'"{job}" does not look like a jobid')
            return
        if dot and leading_number(step)[1].strip():
            session.fail(f'"{args[0]}" does not look like a stepid')
            return
    if len(args) > 1 and args[1] in session.call.controller.cluster().nodes:
        return                     # where the processes are, the node alone knows
    session.error("stepd_available: Couldn't find nodename")
    if not args or args[0][:1] == "*":
        session.fail("No job steps exist on this node.")
        return
    what = f"StepId={args[0]}" if "." in args[0] else f"JobId={args[0]}"
    session.fail(f"{what} does not exist on node (null).")


def pidinfo(session, tag, args):
    session.fail("Failed to locate job for requested pid")
