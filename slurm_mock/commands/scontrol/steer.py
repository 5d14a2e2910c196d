"""scontrol's verbs on jobs: hold, release, requeue, suspend, top, write, notify, wait_job."""

import os

from ...common import log, slurm_errno
from ...common.hostlist import ranges
from ...common.records import ACTIVE, ENDED, PENDING
from ...common.slurm_errno import Refused
from ..shared import job_targets


def _strip(text, *words):
    for word in words:
        if text.lower().startswith(word):
            text = text[len(word):]
    return text


def apply(session, word, verb):
    """Do verb(job) for all that `word` names; report what was refused.

    Returns the error of the last request, if one of them was refused as a whole: some verbs
    mention that again (slurmctld's errno, as it is by then); else None.
    """
    ctl = session.call.controller
    words = job_targets.split(word)
    if words is None:
        _refused(session, slurm_errno.ESLURM_INVALID_JOB_ID, word)
        return slurm_errno.ESLURM_INVALID_JOB_ID
    last, failed = None, False
    for name in words:
        last = slurm_errno.SLURM_SUCCESS
        found, missing = job_targets.matching(ctl.store, name)
        if not found and not missing:
            last, failed = slurm_errno.ESLURM_INVALID_JOB_ID, True
            _refused(session, last, name)
            continue
        array = found[0][0].array_id if found else int(name.partition("_")[0])
        if not array:
            for record, _ in found:
                try:
                    verb(record)
                except Refused as refused:
                    last, failed = refused.errno, True
                    _refused(session, last, name)
            continue
        _report(session, array, _each(ctl, found, missing, verb))
    return last if failed else None


def _refused(session, errno, word):
    """Tell that a request was refused, for the job as it was named."""
    session.fail(f"{session.call.strerror(errno)} for job {word}")


def _each(ctl, found, missing, verb):
    """Results of an array's tasks: {errno: [task]} in the order of their first task."""
    results = {}
    for record, task in found:
        tasks = [task] if task is not None else job_targets.numbers_text(record)
        try:
            verb(job_targets.single(ctl.store, record, task))
            errno = slurm_errno.SLURM_SUCCESS
        except Refused as refused:
            errno = refused.errno
        results.setdefault(errno, []).extend(tasks)
    for task in missing:
        results.setdefault(slurm_errno.ESLURM_INVALID_JOB_ID, []).append(task)
    return results


def _report(session, array, results):
    """Tell each result of an array when there is more than one, or a failure."""
    if list(results) == [slurm_errno.SLURM_SUCCESS]:
        return
    for errno, tasks in sorted(results.items(), key=lambda r: min(r[1])):
        session.perror(f"{array}_{ranges(sorted(set(tasks)))}", errno)


# ---- hold and release -------------------------------------------------------

def hold(session, tag, args):
    """scontrol hold and uhold JOB...: keep jobs from starting. With hold an administrator holds
    them so that their users cannot release them."""
    ctl = session.call.controller
    ctl.settle()
    kind = "admin" if tag == "hold" and ctl.caller.admin else "user"

    def verb(job):
        ctl.hold(job, kind if job.uid != ctl.caller.uid or kind == "user" else "admin")
    for word in args:
        _held(session, word, verb)


def release(session, tag, args):
    """scontrol release JOB...: let jobs that were held start."""
    session.call.controller.settle()
    for word in args:
        _held(session, word, session.call.controller.release)


def _held(session, word, verb):
    word = _strip(word, "jobid=", "job=")
    lower = word.lower()
    if lower.startswith(("name=", "jobname=")):
        name = word.partition("=")[2]
        begun = False
        for job in session.call.controller.store.jobs():
            if job.name == name and (job.phase == PENDING or job.array_task is None):
                begun = begun or job.phase != PENDING
                apply(session, str(job.id), verb)
        if begun:
            session.perror("slurm_suspend error", slurm_errno.SLURM_SUCCESS)
        return
    refused = apply(session, word, verb)
    if refused is not None:
        session.perror("slurm_suspend error", refused)


# ---- the others -------------------------------------------------------------

def _requeue(session, args, hold):
    ctl = session.call.controller
    ctl.settle()
    while args and (args[0].lower() in ("state=specialexit", "state=se")
                    or (args[0] and "incomplete".startswith(args[0].lower()))):
        hold = hold or args[0].lower().startswith("state=")
        args = args[1:]
    def verb(job):
        if job.het_offset is not None and job.het_offset > 0:
            if "+" in word:
                raise Refused(slurm_errno.ESLURM_INVALID_JOB_ID)     # the whole or nothing
        else:
            ctl.requeue(job, hold=hold)
    for word in args:
        apply(session, _strip(word, "jobid=", "job="), verb)


def requeue(session, tag, args):
    """scontrol requeue JOB...: end jobs and let them wait again."""
    _requeue(session, args, False)


def requeue_hold(session, tag, args):
    """scontrol requeuehold JOB...: the same, and hold them; State=SpecialExit may stand before the jobs."""
    _requeue(session, args, True)


def suspend(session, tag, args):
    """scontrol suspend and resume JOB...: stop running jobs, or let them go on."""
    ctl = session.call.controller
    ctl.settle()
    verb = ctl.suspend if tag.startswith("s") else ctl.resume
    for word in args:
        word = _strip(word, "jobid=", "job=")
        for name in job_targets.split(word) or [word]:
            if ctl.caller.admin:
                apply(session, name, verb)
                continue
            # before it looks at the tasks of an array
            known = any(job_targets.matching(ctl.store, name.partition("_")[0]))
            _refused(session, slurm_errno.ESLURM_ACCESS_DENIED if known
                     else slurm_errno.SLURM_UNEXPECTED_MSG_ERROR, name)


def top(session, tag, args):
    """scontrol top JOB[,JOB...]: put the user's waiting jobs before his others. Without
    enable_user_top in SchedulerParameters only for administrators."""
    ctl = session.call.controller
    ctl.settle()
    word = _strip(args[0], "jobid=", "job=")
    found = [[record for record, _ in job_targets.matching(ctl.store, name)[0] if name[:1].isdecimal()]
             for name in job_targets.split(word) or [""]]
    try:
        if "enable_user_top" not in ctl.config.get("SchedulerParameters", "") \
                and not ctl.caller.admin:
            raise Refused(slurm_errno.ESLURM_ACCESS_DENIED)
        if not all(found):
            raise Refused(slurm_errno.ESLURM_INVALID_JOB_ID)
        ctl.top([job for jobs in found for job in jobs])
    except Refused as refused:
        _refused(session, refused.errno, word)


def _one(session, word):
    """The job of an id such as 12 or 12_3, or None."""
    from ...common.parse_time import leading_number
    number, rest = leading_number(word)
    store = session.call.controller.store
    if rest[:1] == "_":
        task = leading_number(rest[1:])[0]
        return next((job for job in store.array_jobs(number) if job.array_task == task), None)
    return store.job(number) if number > 0 else None


def wait_job(session, tag, args):
    """scontrol wait_job JOB: are the job's nodes ready? It never waits here, for a job that runs
    has them."""
    session.call.controller.settle()
    job = _one(session, args[0])
    number = args[0].partition("_")[0] if job is None else job.id
    if job is None or job.phase > ENDED:
        session.fail(f"scontrol: Problem running job {number}")
    elif job.phase != ACTIVE:
        session.fail(f"scontrol: Job {number} no longer running")
    else:
        session.fail(f"scontrol: Nodes are ready for job {number}", session.code)


def notify(session, tag, args):
    """A message into a running job's output, as its slurmstepd writes it."""
    ctl = session.call.controller
    ctl.settle()
    job = _one(session, args[0])
    number = args[0]
    if not number.isdecimal() or not int(number):
        session.call.err.write(f"Invalid job_id {number}".encode())
        session.perror("job notify failure", slurm_errno.SLURM_SUCCESS)
        return
    reason = None
    if job is None or job.phase > ENDED:
        reason = slurm_errno.ESLURM_INVALID_JOB_ID
    elif job.uid != ctl.caller.uid and not ctl.caller.admin:
        reason = slurm_errno.ESLURM_USER_ID_MISSING
    elif job.phase == ENDED:
        reason = slurm_errno.ESLURM_ALREADY_DONE
    elif job.phase != ACTIVE or not job.batch_flag:
        reason = slurm_errno.ESLURM_DISABLED
    if reason:
        session.perror("job notify failure", reason)
        return
    from ...slurmctld.job_info import standard_files
    path = standard_files(job)[2]
    try:
        with open(path, "a", encoding="utf-8", errors="surrogateescape") as f:
            f.write(log.stepd_error(job.batch_host, " ".join(args[1:])))
    except OSError as error:
        session.fail(f"job notify failure: {path}: {error.strerror}")


def write(session, tag, args):
    """write batch_script JOB [FILE]"""
    what = args[0].lower()
    if len(what) >= 6 and "config".startswith(what):
        session.fail("scontrol: write config: the mock writes no slurm.conf; "
                     "`scontrol show config` prints what it uses")
        return
    if len(what) < 5 or not "batch_script".startswith(what):
        session.fail(f"invalid write argument:{args[0]}")
        return
    if len(args) < 2:
        return
    ctl = session.call.controller
    job = _one(session, args[1])
    record = ctl.store.script(job.array_id or job.id) or ctl.store.script(job.id) if job else None
    if job is None or not record:
        session.perror("job script retrieval failed", slurm_errno.ESLURM_INVALID_JOB_ID,
                       session.code)
        return
    if job.uid != ctl.caller.uid and not ctl.caller.admin:
        session.perror("job script retrieval failed", slurm_errno.ESLURM_USER_ID_MISSING,
                       session.code)
        return
    script = record[0]
    if len(args) > 2 and args[2] == "-":
        session.call.out.write(script)
        return
    name = args[2] if len(args) > 2 else f"slurm-{job.id}.sh"
    try:
        fd = os.open(session.call.path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    except OSError as error:
        session.fail(f"failed to open file `{name}`: {error.strerror}", session.code)
        return
    with os.fdopen(fd, "wb") as f:
        f.write(script)
    session.call.print(f"batch script for job {job.id} written to {name}")
