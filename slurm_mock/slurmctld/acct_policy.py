"""What the accounting database says to a submission: its QOS, and the limits that refuse it.

Source: acct_policy.c and job_mgr.c of slurmctld 22.05, AccountingStorageEnforce in slurm.conf(5).
"""

from ..common import slurm_errno
from ..common.records import INFINITE, SIMULATED, minutes_asked
from ..common.slurm_errno import Refused
from ..conf.params import enforced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..common.records import Job
    from ..common.slurmdb import Association
    from .cluster import Part
    from .state import State


def charge(ctl: "State", job: "Job") -> None:
    """The account a job is charged to, as asked or the user's default, its association and
    its QOS.  Raises Refused."""
    user = job.user or ctl.caller.user
    if job.kind == SIMULATED:
        assoc = ctl.book().find(user, job.account, job.partition)
        job.assoc_id = assoc.id if assoc else 0
        return
    assoc = association(ctl, user, job.account, job.partition)
    job.account = assoc.account if assoc else job.account.lower()
    job.assoc_id = assoc.id if assoc else 0
    job.qos = quality(ctl, assoc, job.qos if job.qos_given else "")


def association(ctl: "State", user: str, account: str, partition: str) -> "Association | None":
    """The association of a user's job; without one in that account, his default one, where
    associations are not enforced; or None. Raises Refused."""
    book = ctl.book()
    found = book.find(user, account, partition)
    if found is None and "associations" in enforced(ctl.config):
        raise Refused(slurm_errno.ESLURM_INVALID_ACCOUNT)
    return found or book.find(user, None, partition)


def quality(ctl: "State", assoc: "Association | None", asked: str) -> str:
    """The QOS of a job: as asked, or its association's default, or "normal"; "" for one that
    there is not, where QOS are not enforced. Raises Refused."""
    book = ctl.book()
    name = asked.lower() or (assoc and book.default_qos(assoc)) or "normal"
    if "qos" in enforced(ctl.config):
        if name not in book.qos or assoc and not ctl.caller.admin and name not in book.allowed_qos(assoc):
            raise Refused(slurm_errno.ESLURM_INVALID_QOS)
    return name if name in book.qos else ""


def submission(ctl: "State", job: "Job", part: "Part") -> None:
    """Refuse a job that its user, account or QOS may not submit. Raises Refused."""
    if "limits" not in enforced(ctl.config):
        return
    from . import limits
    book = ctl.book()
    if not limits.any_set(book):
        return
    from ..common.tres import tres_dict
    from ..store.accounting import submitted
    from .job_info import tres
    job = job.copy(user=job.user or ctl.caller.user)
    why = limits.refused(book, job, tres_dict(tres(job, Site(ctl))), minutes(job, part),
                         lambda same: submitted(ctl.store, same))
    if why:
        raise Refused(slurm_errno.ESLURM_ACCOUNTING_POLICY, why)


class Site:
    """What job_info asks of a view."""

    def __init__(self, ctl: "State") -> None:
        self.cluster, self.config = ctl.cluster(), ctl.config

    def part(self, names: str) -> "Part | None":
        """The first partition of a comma list that there is, or None."""
        parts = self.cluster.parts
        return next((parts[n] for n in names.split(",") if n in parts), None)


def minutes(job: "Job", part: "Part") -> int:
    """A job's time limit in minutes, its partition's where it names none."""
    if job.time_limit is None or job.time_limit == INFINITE:
        return part.default_time or part.max_time or 0
    return minutes_asked(job)
