"""srun: run a command's tasks, in a job of its own or as a step of the job it stands in.
"""

import os

from ...common.hostlist import typed
from ...common.parse_time import atoi, is_number
from ...slurmd.task import rank_variables
from ..shared.allocate import obtain
from ..shared.call import Fail
from ..shared.submit import test_only
from ..slurm_opt.args_job import whole
from ..slurm_opt.request import Request
from ..slurm_opt.table import SRUN, table
from .step import NO_COMMAND, Run, job_named

TABLE = table(SRUN)


def main(call):
    """Run a command's tasks. A generator, whose value is the exit code. Raises Fail."""
    return execute(call, call.argv)


def run_ranks(call, ranks, command, oversubscribe):
    """mpirun inside a job: a step whose tasks have the variables of Open MPI. A generator, as
    execute. Raises Fail."""
    flags = ["--overcommit"] if oversubscribe else []
    return execute(call, [*flags, "-n", str(ranks), "--", *command],
                   lambda task, local, locals_: rank_variables(task.rank, ranks, local, locals_))


def execute(call, argv, more=None):
    """The whole of srun, a generator whose value is the exit code; `more` gives extra variables of
    a task. Raises Fail."""
    found, command = call.getopt(TABLE, permute=False, argv=argv, code=255)
    names = {option.name for option, _ in found}
    if call.informs(names, "[OPTIONS...] COMMAND [ARGUMENTS...]", TABLE):
        return 0
    if ":" in command or (call.env.get("SLURM_JOB_ID")
                          and ("het-group" in names or "SLURM_HET_SIZE" in call.env)):
        from . import het
        return (yield from het.execute(call, argv))
    ctl = call.controller
    request = Request(call, ctl.now)
    inside = call.env.get("SLURM_JOB_ID", "")
    given_job = [v for o, v in found if o.name == "jobid"]
    inside = str(atoi(given_job[-1])) if given_job and is_number(given_job[-1]) else given_job[-1] if given_job else inside
    if not given_job and "SLURM_JOB_ID" in call.env:
        whole("--jobid", inside)
    request.environment()
    request.environment(inside=True)         # outside of a job, too
    if not inside:
        request.outside()
    request.apply(found)
    if "het-group" in request.given:
        from .het import check_groups
        check_groups(call, request.given["het-group"])
    if not command and "test-only" not in names:
        raise Fail.fatal(NO_COMMAND)
    if "multi-prog" in request.given:
        from .multi_prog import read
        read(call, command[0])
    if request.job.distribution.startswith("arbitrary") or "SLURM_HOSTFILE" in call.env:
        from .hostfile import order
        request.order = order(request)
    request.validate()
    if "no-allocate" in request.given and "nodelist" not in request.given:
        raise Fail.error("must specify a node list with -Z, --no-allocate.")
    if request.given.keys() & {"cpu-bind", "threads-per-core"}:
        from ..slurm_opt.args_bind import check_cpu_bind
        check_cpu_bind(request)
    if "hint" in request.given:
        from ..slurm_opt.hint import heed
        heed(request)
    if {"exclusive", "overlap"} <= request.typed:
        raise Fail.error("--exclusive and --overlap are mutually exclusive")
    request.look_over()
    if "mpi" in request.given:
        from .mpi import check_mpi
        check_mpi(request)
    if "test-only" in request.given:
        asked = request.finished()
        request.tell()
        return test_only(call, ctl, asked)
    if inside:
        from . import inside as of_job
        of_job.heed(request, names)
        request.room_for_named_nodes()
        request.tell(inside=True)
        job = job_named(call, ctl, inside)
        if not typed(request.given.get("nodelist", "all")):
            raise Fail.error("Hostlist is empty!  Can not run job.")
        return (yield from Run(call, ctl, job, request, command, more).go())
    if "relative" in request.given:
        raise Fail.fatal("--relative option invalid for job allocation request")
    asked = request.finished()
    request.tell()
    if "job-name" not in request.given:
        asked.name = os.path.basename(command[0])
    asked.command = command[0]
    job = yield from obtain(call, asked, "quiet" in request.given, request.immediate)
    run = Run(call, ctl, job, request, command, more)
    code = 1
    try:
        code = yield from run.go()
    finally:
        ctl.end_job(job.id, run.status)
        ctl.moved()
    return code
