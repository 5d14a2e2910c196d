"""Signals on their way to the processes of jobs and steps, as slurmctld's agent sends them.
"""

import _signal

from .. import machine
from ..common.records import STEP_BATCH
from ..common.step_layout import of_step
from ..machine.locks import JOB, STEP
from ..machine.proctrack import marked, send, table, tree


def deliver(ctl, pids, signum):
    """Signal processes of a job. They are stopped while the store is ours: one that was stopped in
    a transaction of its own would keep everybody out."""
    if signum != _signal.SIGSTOP:
        send(pids, signum)
        return
    with ctl.store:
        machine.here.stop([pid for pid in pids if pid != machine.here.pid()])


def job_processes(ctl, job):
    """The processes of a running job, its owner left out."""
    owner = ctl.alive.holder(JOB + job.id)
    if not owner:
        return {}
    return tree(table(), owner)


def step_tasks(ctl, step):
    """The processes of a step: what its srun started."""
    if not step.pid or not ctl.alive.holder(STEP + step.pid):
        return {}
    return tree(table(), step.pid)


def signal_step(ctl, step, signum):
    """Signal the tasks of one step."""
    deliver(ctl, step_tasks(ctl, step), signum)


def signal_job(ctl, job, signum, batch=False, full=False):
    """Signal a job's processes: those of its steps; with `batch` only the batch shell;
    with `full` the batch shell and all that comes from it."""
    found = job_processes(ctl, job)
    if full and not found:
        found = marked(ctl.state, job.id)
    if batch:
        owner = ctl.alive.holder(JOB + job.id)
        deliver(ctl, [p.pid for p in found.values() if p.parent == owner], signum)
    elif full:
        deliver(ctl, found, signum)
    else:
        for step in ctl.store.steps(job.id):
            if step.state == "RUNNING" and step.step_id >= 0:
                signal_step(ctl, step, signum)


def task_roots(ctl, job, step, processes):
    """{(rank, node index): process id} of a step's tasks, who are their owner's children."""
    owner = ctl.alive.holder(JOB + job.id if step.step_id == STEP_BATCH else STEP + step.pid)
    children = sorted(p.pid for p in processes.values() if owner and p.parent == owner)
    if step.step_id == STEP_BATCH:
        return {(0, 0): pid for pid in children[:1]}
    where = of_step(step)
    return {(rank, where[rank]): pid for rank, pid in enumerate(children[:len(where)])}
