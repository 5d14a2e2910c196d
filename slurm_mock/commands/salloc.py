"""salloc: get an allocation, run a command (or a shell) with it, give it back."""


import _signal
import os

from .. import machine
from ..common.records import ACTIVE
from ..slurmd import env as slurmd_env
from ..slurmd.env import job_variables
from .shared.allocate import obtain, revoked
from .shared.call import Fail
from .slurm_opt import het
from .slurm_opt.output_env import of_job
from .slurm_opt.request import Request
from .slurm_opt.table import SALLOC, table

TABLE = table(SALLOC)


def main(call):
    """Allocate nodes; run the command on this machine; release the nodes when it ends. A generator,
    whose value is the command's exit code. Raises Fail."""
    found, command = het.options(call, TABLE)
    names = {option.name for given in found for option, _ in given}
    if call.informs(names, "[OPTIONS...] [COMMAND [ARGUMENTS...]]", TABLE):
        return 0
    ctl = call.controller
    asked, given, told, immediate = [], {}, {}, 0
    for number in range(len(found)):
        request = Request(call, ctl.now)
        request.environment()
        request.apply(het.inherited(found, number))
        given = given or request.given
        immediate = immediate or request.immediate
        job = request.finished()
        request.tell()
        if "container" in request.given:
            raise Fail.error("--container requires LaunchParameters=use_interactive_step")
        told = told or of_job(request.given, job, call.name, call.release)
        if "job-name" not in request.given:
            job.name = "no-shell" if "no-shell" in given else "interactive"
        asked.append(job)
    folder = call.cwd
    if asked[0].work_dir:
        folder = call.path(asked[0].work_dir)
        try:
            os.stat(os.path.join(folder, "."))               # may it be entered?
        except OSError as error:
            raise Fail.error(f"chdir({folder}): {error.strerror}") from None
        for job in asked:
            job.work_dir = ""            # --chdir is for the command alone
    quiet = "quiet" in given
    bell = machine.here.bell(_signal.SIGCHLD)
    job = yield from obtain(call, asked[0], quiet, immediate, asked[1:])
    if not quiet:
        call.log(f"Granted job allocation {job.id}")
    if "no-shell" in given:
        with ctl.store:
            job.launched = 2         # nobody minds it: it lasts until its time is up
            ctl.store.update(job, "launched")
        return 0
    status, revoked = yield from mind(call, ctl, job, command or shell(call), bell, told, ending(given), folder)
    if not revoked:
        if not quiet:
            call.log(f"Relinquishing job allocation {job.id}")
        ctl.end_job(job.id, status)
        ctl.moved()
    return status >> 8 & 255


def shell(call):
    """The user's shell, when no command is given."""
    return [call.env.get("SHELL") or "/bin/sh"]


def ending(given):
    """The signal that the command gets when the allocation is revoked (--kill-command); 0 for none."""
    if "kill-command" not in given:
        return 0
    from ..common.signals import any_number
    return any_number(given["kill-command"] or "TERM")


def mind(call, ctl, job, command, bell, told, signum, folder):
    """Run the command; (its wait status, was the allocation revoked meanwhile?). A generator.
    told: variables that tell of salloc's options; signum: what the command gets when it is revoked, 0: nothing;
    folder: where it runs."""
    told = (slurmd_env.alloc_variables(ctl, job) if job.het_id else
            {**job_variables(ctl, job), "SLURM_NODE_ALIASES": "(null)", **told})
    env = {**call.env, **told, "SLURM_SUBMIT_DIR": call.cwd}
    call.out.flush()
    child = machine.here.child(command, env, folder)
    status, revoked = None, False

    def turn(seconds):
        nonlocal status, revoked
        ended = machine.here.ended(child)
        if ended:
            status, _ = ended
            return True
        bell.wait(seconds)
        if not revoked and gone(ctl, job):
            revoked = True
            revoke(call, ctl, job)
            if signum:
                machine.here.send([child], signum)
        return False

    yield from machine.here.beside(turn)
    return status, revoked


def gone(ctl, job):
    """Has the allocation ended, or must it?"""
    now = ctl.store.job(job.id)
    return now.phase != ACTIVE or now.state == "COMPLETING"


def revoke(call, ctl, job):
    """The allocation is over before the command is."""
    final = ctl.store.job(job.id).final
    ctl.end_job(job.id, 0)
    ctl.moved()
    if final == "TIMEOUT":
        call.log(f"Job {job.id} has exceeded its time limit and its allocation has been revoked.")
    else:
        revoked(call, job)
