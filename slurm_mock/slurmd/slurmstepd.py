"""The supervisor of batch jobs: takes one that was started, has its script run (slurmd/batch_step.py),
reports its end.

It plays slurmstepd.  The job's lock (machine/locks.py) is its sign of life; when it is killed the
controller fails the job.  It has one job at a time; when that has ended it takes the next one
that was started, or looks itself whether one can be: so a thousand tasks of an array need
few processes.  Only when there is nothing to do for a moment it goes.
"""

import _signal
import os
import time
from _sqlite3 import Error

from .. import machine
from ..common.records import ACTIVE, PENDING, STEP_BATCH, Step
from ..machine.daemonize import keep_traceback
from ..machine.locks import IDLE, IDLES, JOB, KEEPER, LINGER
from ..slurmctld.background import advance, note_next
from ..slurmctld.controller import Controller
from .batch_step import Script

# So many are made within so many real seconds, less as many as the others take jobs meanwhile.
AT_ONCE, WITHIN = max(4, 2 * (os.cpu_count() or 1)), 0.05
# Real seconds after which a supervisor that was made for a job and did not take it is missed.
MISSED = 2.0


def wanted(ctl, job_ids):
    """For which of these jobs that were started must a supervisor be made? Those that wait for
    another job are woken first. On a stepping clock time stands until each has its own."""
    if ctl.clock.stepping:
        return job_ids
    now, left = time.monotonic(), list(job_ids)
    for number in range(IDLES):
        if left and ctl.alive.poke(IDLE + number):
            left.pop(0)
    if ctl.sent_for is None:
        ctl.sent_for = SentFor()
    return ctl.sent_for.choose(left, job_ids, now)


class SentFor:
    """What one process knows of the supervisors that it made: how many more are of use?

    Those that have done their job take the next one, so that of jobs that are over at once few
    do many; where all have their hands full, more are made.
    """

    def __init__(self):
        self.made = {}                   # job id -> when one was made for it
        self.waiting = set()             # jobs that were left to those that are there
        self.taken = []                  # when one of these was taken

    def choose(self, job_ids, unlaunched, now):
        """For which of `job_ids` is one to be made now? unlaunched: all that wait for one."""
        self.made = {job_id: when for job_id, when in self.made.items() if when > now - MISSED}
        self.taken = [when for when in self.taken if when > now - WITHIN]
        self.taken += [now] * len(self.waiting.difference(unlaunched))
        room = AT_ONCE - len(self.taken) - sum(when > now - WITHIN for when in self.made.values())
        found = [job_id for job_id in job_ids if job_id not in self.made][:max(0, room)]
        self.made.update(dict.fromkeys(found, now))
        self.waiting = set(unlaunched).difference(self.made)
        return found


def main(state, job_id):
    """The life of a supervisor in a process of its own."""
    machine.here.finish(life(Controller.open(state, os.environ), job_id))


def life(ctl, job_id):
    """The life of a supervisor: a generator, for machine.here.finish or who lets others go on."""
    bell = machine.here.bell(_signal.SIGCHLD)
    job, step = begin(ctl, job_id)
    if job is None and not ctl.clock.stepping:
        job, step = take(ctl)
    while job:
        status = 0
        if job.state == "RUNNING":
            status = yield from play(ctl, bell, job, step)
        if ctl.clock.stepping:
            yield from end(ctl, job.id, step, status)
            return
        job, step = yield from following(ctl, bell, job.id, step, status)


def play(ctl, bell, job, step):
    """Run a job's script; its wait status. A generator."""
    script = Script(ctl, job)
    try:
        status = yield from script.run(bell)
        measure(ctl, step, script)
        script.blame(step)
        return status
    finally:
        script.close()


def following(ctl, bell, job_id, step, status):
    """Report a job's end. The job that comes next and its step; (None, None) when none has come
    for a moment. A generator."""
    found = None, None
    try:
        found = yield from end_and_take(ctl, job_id, step, status)
        if found and ctl.alive.holder(KEEPER):
            found = found if found[0] else linger(ctl, bell)
        elif found:
            ctl.mind()
    except Error:
        # a full disk: whoever minds the queue looks again
        yield from machine.here.nap(0.5)
    return found or (None, None)


def end_and_take(ctl, job_id, step, status):
    """Report a job's end and take the next one in the same transaction, since the writers of the
    store stand in a queue: (it, its step), (None, None) if there is none. None when the cluster
    is not there any more. A generator."""
    try:
        with ctl.store:
            tell_end(ctl, job_id, step, status)
            found = take(ctl, look=True)
    except Exception as error:
        # whatever kept the next one from being taken (a full disk): the job has run
        if not isinstance(error, (Error, OSError)):
            keep_traceback()             # a mistake of ours
        for who in ctl.alive.held - {JOB + job_id}:
            ctl.alive.drop(who)
        there = yield from end(ctl, job_id, step, status)
        return take(ctl, look=True) if there else None
    ctl.alive.drop(JOB + job_id)
    return found


def linger(ctl, bell):
    """Wait for another job; (None, None) if none comes, or others wait already."""
    number = next((n for n in range(IDLES) if ctl.alive.hold(IDLE + n)), None)
    if number is None:
        return None, None
    found, until = (None, None), time.monotonic() + LINGER
    while not found[0] and time.monotonic() < until and os.path.exists(ctl.store.file):
        bell.wait(max(0.0, until - time.monotonic()))
        found = take(ctl)
    ctl.alive.drop(IDLE + number)
    # a job may have come between the look and the drop
    return found if found[0] or not os.path.exists(ctl.store.file) else take(ctl)


def take(ctl, look=False):
    """Take a job that was started and has no supervisor: (it, its step), or (None, None).

    look: if there is none, let the scheduler look whether one can start.
    """
    if not look and not any(ctl.unlaunched(1)):
        return None, None
    ctl.refresh()
    with ctl.store:
        found = any_started(ctl)
        if look and not found[0]:
            if ctl.store.has_jobs(PENDING):
                advance(ctl, ctl.now)
                found = any_started(ctl)
            else:
                note_next(ctl, ctl.now)
        if look:
            # the keeper has to know if more was started, and what is due now
            ctl.store.when_committed(lambda: ctl.alive.poke(KEEPER))
    return found


def any_started(ctl):
    """The first job that nobody has taken, taken: (it, its step), or (None, None)."""
    for job_id in ctl.unlaunched():
        job, step = begin(ctl, job_id)
        if job:
            return job, step
    return None, None


def begin(ctl, job_id):
    """Take a job that was started; (it, its batch step), or (None, None) if another has it."""
    if not ctl.alive.hold(JOB + job_id):
        return None, None
    with ctl.store:
        job = ctl.store.job(job_id)
        if job is None or job.phase != ACTIVE or job.launched:
            ctl.alive.drop(JOB + job_id)
            return None, None
        job.launched = 1
        ctl.store.update(job, "launched")
        step = ctl.begin_step(Step(
            job_id=job_id, step_id=STEP_BATCH, name="batch", nodelist=job.batch_host,
            num_cpus=first_share(job), pid=machine.here.pid(), alloc_tres=""))
    return job, step


def end(ctl, job_id, step, status):
    """Report a job's end, by the wait status of its script. Is the cluster still there? A generator."""
    while True:
        try:
            with ctl.store:
                tell_end(ctl, job_id, step, status)
            break
        except Error:
            # a full disk: the job has run, and its end is told as soon as there is room
            if not os.path.exists(ctl.store.file):
                return False
            yield from machine.here.nap(0.5)
    ctl.alive.drop(JOB + job_id)
    return True


def give_up(ctl, job_id):
    """Report the end of a job whose supervisor cannot go on, as a failure: it must not start the job
    again and again. A generator."""
    for step in ctl.store.steps(job_id):
        if step.step_id == STEP_BATCH and step.state == "RUNNING":
            yield from end(ctl, job_id, step, 1 << 8)


def tell_end(ctl, job_id, step, status):
    """Enter the end of a job and of its batch step."""
    ctl.end_step(step, status)
    ctl.end_job(job_id, status)


def first_share(job):
    """CPUs that the job has of its first node; 1 where it has none."""
    from ..common.records import unpack_alloc
    shares = unpack_alloc(job.alloc)
    return shares[0].cpus if shares else 1


def measure(ctl, step, script):
    """Note what the script used. Its steps' tasks are children of its children here, in Slurm
    they are not: what they used is told by the steps."""
    used, sampler = script.rusage, script.sampler
    if used is None:
        return
    others = [s for s in ctl.store.steps(step.job_id) if s.step_id >= 0]
    step.user_usec = max(0, int(used.ru_utime * 1e6) - sum(s.user_usec for s in others))
    step.sys_usec = max(0, int(used.ru_stime * 1e6) - sum(s.sys_usec for s in others))
    if sampler:
        step.usage = sampler.result({(0, 0): used})
