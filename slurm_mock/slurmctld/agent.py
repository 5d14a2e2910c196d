"""Signals on their way to the processes of jobs and steps, as slurmctld's agent sends them.
"""

import _signal

from .. import machine
from ..common.records import STEP_BATCH
from ..common.step_layout import of_step
from ..machine.locks import JOB, STEP
from ..machine.proctrack import marked, send, table, tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..common.records import Job, Step
    from ..machine import Process
    from .state import State


def deliver(ctl: "State", pids: "Collection[int]", signum: int) -> None:
    """Signal processes (ids) of a job; signum: this machine's number, one that there is not reaches nobody. They are
    stopped while the store is ours: one that was stopped in a transaction of its own would keep everybody out."""
    if signum != _signal.SIGSTOP:
        if 0 < signum < _signal.NSIG:
            send(pids, signum)
        return
    with ctl.store:
        machine.here.stop([pid for pid in pids if pid != machine.here.pid()])


def job_processes(ctl: "State", job: "Job") -> "dict[int, Process]":
    """The processes of a running job by id, its owner left out; none where nobody owns it."""
    owner = ctl.alive.holder(JOB + job.id)
    if not owner:
        return {}
    return tree(table(), owner)


def step_tasks(ctl: "State", step: "Step") -> "dict[int, Process]":
    """The processes of a step by id: what its srun started; none where that is not alive."""
    if not step.pid or not ctl.alive.holder(STEP + step.pid):
        return {}
    return tree(table(), step.pid)


def signal_step(ctl: "State", step: "Step", signum: int) -> None:
    """Signal the tasks of one step."""
    deliver(ctl, step_tasks(ctl, step), signum)


def signal_job(ctl: "State", job: "Job", signum: int, batch: bool = False,
               full: bool = False) -> None:
    """Signal a job's processes: those of its steps; with `batch` only the batch shell;
    with `full` the batch shell and all that comes from it."""
    found = job_processes(ctl, job)
    left = marked(ctl.state, job.id) if full and not found else []
    if batch:
        owner = ctl.alive.holder(JOB + job.id)
        deliver(ctl, [p.pid for p in found.values() if p.parent == owner], signum)
    elif full:
        deliver(ctl, found or left, signum)
    else:
        for step in ctl.store.steps(job.id):
            if step.state == "RUNNING" and step.step_id >= 0:
                signal_step(ctl, step, signum)


def task_roots(ctl: "State", job: "Job", step: "Step",
               processes: "Mapping[int, Process]") -> "dict[tuple[int, int], int]":
    """{(rank, node index): process id} of a step's tasks, who are their owner's children."""
    owner = ctl.alive.holder(JOB + job.id if step.step_id == STEP_BATCH else STEP + step.pid)
    children = sorted(p.pid for p in processes.values() if owner and p.parent == owner)
    if step.step_id == STEP_BATCH:
        return {(0, 0): pid for pid in children[:1]}
    where = of_step(step)
    return {(rank, where[rank]): pid for rank, pid in enumerate(children[:len(where)])}
