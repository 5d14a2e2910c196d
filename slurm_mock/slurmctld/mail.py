"""Mail about jobs (--mail-type): written to a spool file, never sent.

What MailProg would be given goes to <state>/mail/<user>, one message behind the other, as in
a mailbox of the machine's.  Sources: sbatch(1), --mail-type; slurm.conf(5), MailProg.
"""

import os

from ..common.parse_time import elapsed_text
from ..common.records import ENDED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..common.records import Job
    from .state import State

# In the order in which Slurm lists them.
ALL = ("INVALID_DEPEND", "BEGIN", "END", "FAIL", "REQUEUE", "STAGE_OUT")
TYPES = ("ARRAY_TASKS", *ALL, "TIME_LIMIT_50", "TIME_LIMIT_80", "TIME_LIMIT_90", "TIME_LIMIT")
# Parts of the time limit that are told of, in percent.
MARKS = {"TIME_LIMIT_50": 50, "TIME_LIMIT_80": 80, "TIME_LIMIT_90": 90, "TIME_LIMIT": 100}


def types(text: str) -> "str | None":
    """The value of --mail-type -> the types it means, as Slurm lists them; None if there is not
    one among them. "" for NONE."""
    words = {word.upper() for word in text.split(",")}
    if "NONE" in words:
        return ""
    if "ALL" in words:
        words.update(ALL)
    return ",".join(name for name in TYPES if name in words) or None


def wants(job: "Job", name: str) -> bool:
    """Is a job's owner to be told of this (one of TYPES)?"""
    return name in job.mail_type.split(",")


def began(ctl: "State", job: "Job") -> None:
    """A job starts."""
    if wants(job, "BEGIN"):
        if _summed(job):
            others = [j for j in ctl.store.array_jobs(job.array_id) if j.id != job.id]
            if not any(j.start_time for j in others):
                _send(ctl, job, "Began")
        else:
            waited = elapsed_text(job.start_time - job.submit_time, True)
            _send(ctl, job, f"Began, Queued time {waited}")


def ended(ctl: "State", job: "Job") -> None:
    """A job is over; job.state says how. Of an array the last task tells for all."""
    jobs = ctl.store.array_jobs(job.array_id) if _summed(job) else [job]
    if any(j.phase < ENDED for j in jobs if j.id != job.id):
        return
    fine = all(j.state in ("COMPLETED", "CANCELLED") for j in jobs)
    if not wants(job, "END" if fine else "FAIL"):
        return
    what = "Ended" if fine else "Failed"
    if _summed(job):
        states = {j.state for j in jobs}
        codes = [_code(j) or 0 for j in jobs]
        how = states.pop() if len(states) == 1 else "Mixed"
        _send(ctl, job, f"{what}, {how}, ExitCode [{min(codes)}-{max(codes)}]")
        return
    ran = job.end_time - job.start_time if job.start_time else 0
    code = _code(job)
    _send(ctl, job, f"{what}, Run time {elapsed_text(ran, True)}, {job.state}"
          + ("" if code is None else f", ExitCode {code}"))


def requeued(ctl: "State", job: "Job", ran: int) -> None:
    """A job goes back into the queue after `ran` seconds."""
    if wants(job, "REQUEUE"):
        _send(ctl, job, f"Requeued, Run time {elapsed_text(ran, True)}")


def never_starts(ctl: "State", job: "Job") -> None:
    """A job's dependency can not be met any more."""
    if wants(job, "INVALID_DEPEND"):
        _send(ctl, job, "Invalid dependency")


def next_mark(job: "Job", now: int) -> int:
    """When (seconds since the epoch) the job will have used the next part of its time limit that is
    to be told of; 0: never."""
    if "TIME_LIMIT" not in job.mail_type or job.time_limit <= 0:
        return 0
    times = [job.start_time + job.time_limit * 60 * percent // 100
             for name, percent in MARKS.items() if wants(job, name)]
    return min((when for when in times if when > now), default=0)


def mark(ctl: "State", job: "Job", now: int) -> None:
    """Tell of the part of its time limit that a job has used."""
    ran = now - job.start_time
    percent = max((p for name, p in MARKS.items()
                   if wants(job, name) and job.time_limit * 60 * p // 100 <= ran), default=0)
    part = "" if percent == 100 else f"{percent}% of "
    _send(ctl, job, f"Reached {part}time limit, Run time {elapsed_text(ran, True)}")


def _summed(job: "Job") -> bool:
    """Is the job a task of an array of which one message tells as a whole?"""
    return bool(job.array_id) and not wants(job, "ARRAY_TASKS")


def _code(job: "Job") -> "int | None":
    """The exit code to tell; None for a job that a signal ended."""
    if job.state in ("CANCELLED", "TIMEOUT"):
        return 0
    return None if job.exit_code & 127 else job.exit_code >> 8 & 255


def _send(ctl: "State", job: "Job", what: str) -> None:
    if not job.array_id:
        who = f"Slurm Job_id={job.id}"
    elif _summed(job):
        who = f"Slurm Array Summary Job_id={job.array_id}_* ({job.array_id})"
    else:
        who = f"Slurm Array Task Job_id={job.array_id}_{job.array_task} ({job.id})"
    subject = f"{who} Name={job.name} {what}"
    ctl.store.when_committed(lambda: deliver(ctl, job.mail_user or job.user, subject))


def deliver(ctl: "State", to: str, subject: str) -> None:
    """Put a message without a body behind the others in the user's file. What cannot be written
    (a full disk, a name that no file can have) is lost, as a mail that bounces: no command of
    Slurm's fails for it."""
    import time
    folder = os.path.join(ctl.state, "mail")
    sender = ctl.config.get("SlurmUser", "slurm").split("(")[0]
    now = time.localtime(ctl.clock.now())
    text = (f"From {sender} {time.asctime(now)}\nFrom: {sender}\nTo: {to}\n"
            f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S %z', now)}\nSubject: {subject}\n\n")
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        with open(os.path.join(folder, to.replace("/", "_")), "ab", opener=_private) as file:
            file.write(text.encode("utf-8", "surrogateescape"))
    except OSError:
        return


def _private(path: str, flags: int) -> int:
    """Open a file that, when it is new, is its owner's alone."""
    return os.open(path, flags, 0o600)
