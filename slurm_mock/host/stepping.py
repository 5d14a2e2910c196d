"""The stepping clock's world: when may time pass, and to when does it jump?

With `--speed step` computing costs no time.  The clock moves only when somebody waits
for it (a blocking command, a `sleep` typed by the user, `advance`), and only while all
that runs is at rest: asleep on this clock, or waiting for something that is.  Then it
jumps to the next thing that happens.  So every time stamp and the order of all events
are the same in every run, however loaded the machine is.
"""

import os

from ..machine.locks import JOB, SLEEPER, STEP
from ..machine.proctrack import RESTING, outside, picture, rests, table, threads_of, tree
from ..slurmctld import background
from ..slurmctld.clock import LAST
from ..store import moments, sleepers
from ..store.sleepers import OUTSIDE

# Real seconds: how long to wait for running jobs to come to rest before a command is
# answered all the same; after how long a process that does nothing, and does not sleep on
# our clock (a server that listens), counts as resting.
PATIENCE, STILL = 30.0, 1.0


def settle(ctl, meanwhile=None):
    """Let all that can happen at this moment happen.

    meanwhile() is called again and again; when it returns true, there is no need to go on.
    """
    waited = 0.0
    ctl.tick()
    while waited < PATIENCE:
        if meanwhile and meanwhile():
            return
        if not at_rest(ctl):
            nap(0.002 if waited < 0.1 else 0.01)
            waited += 0.002 if waited < 0.1 else 0.01
            continue
        if ctl.store.meta("next_event", 0) > ctl.now:
            return
        waited += 0.001                  # so that this ends in any case
        ctl.tick()


def nap(seconds):
    """Wait so many real seconds."""
    import time
    time.sleep(seconds)


def at_rest(ctl):
    """Is everything that runs waiting for the clock?"""
    owners = busy_candidates(ctl)
    if owners is None:
        return False
    first = {owner: picture(owner, whole) for owner, _, whole in owners}
    nap(0.0015)
    for owner, sleeps, whole in owners:
        if not rests(first[owner], picture(owner, whole)):
            return False
        if not sleeps and not still(ctl, owner, first[owner]):
            return False
    # who slept when this began may have been killed before the first picture
    return busy_candidates(ctl) == owners


def busy_candidates(ctl):
    """[(process id of an owner, does something of it sleep on the clock?, must it rest itself?)] of
    all that runs; None when a job is just being started or ended.

    A batch job's supervisor may have been poked to look at its job; a command of the user's that
    owns a step is at work whenever it drives the clock.
    """
    owners = []
    asleep = jobs_asleep(ctl)
    for job in moments.with_processes(ctl.store):
        if job.kind == "batch":
            owner = ctl.alive.holder(JOB + job.id)
            if not owner:
                if not job.launched and job.state in ("RUNNING", "COMPLETING"):
                    ctl.launch()
                    return None
                ctl.dirty()
                continue
            owners.append((owner, job.id in asleep, True))
        else:
            for step in ctl.store.steps(job.id):
                if step.state == "RUNNING" and step.pid:
                    owner = ctl.alive.holder(STEP + step.pid)
                    if owner:
                        owners.append((owner, job.id in asleep, False))
    return owners


def jobs_asleep(ctl):
    """Ids of the jobs of which something sleeps on the clock; who was killed in his sleep leaves
    its list, so that the clock does not run to where he would have woken."""
    found, gone = set(), []
    for row, job_id in sleepers.everybody(ctl.store):
        if ctl.alive.holder(SLEEPER + row):
            found.add(job_id)
        elif job_id != OUTSIDE:
            gone.append(row)
    if gone:
        sleepers.forget(ctl.store, gone)
    return found


def still(ctl, owner, now_picture):
    """Has nothing under `owner` (a process id) run for STILL seconds? The last picture of each is kept
    with the open cluster."""
    import time
    since, last = ctl.pictures.get(owner, (0.0, None))
    if last != now_picture:
        ctl.pictures[owner] = (time.monotonic(), now_picture)
        return False
    return time.monotonic() - since >= STILL


def drive(ctl, done, until=None, meanwhile=None):
    """Let the clock run until done() is true or it has reached `until` (cluster seconds).

    Returns whether done() was.  On a clock that runs by itself it only jumps ahead
    (`slurm-mock advance`).
    """
    until = until if until is None else min(until, LAST)
    row = _register(ctl, until, OUTSIDE)
    try:
        while True:
            settle(ctl, meanwhile) if ctl.clock.stepping else ctl.tick()
            if done():
                return True
            now = ctl.clock.now()
            if until is not None and now >= until:
                return False
            ahead = [m for m in (background.next_time(ctl), sleepers.next_wake(ctl.store, now), until)
                     if m is not None and m > now]
            if not ahead or not users_turn_over(ctl, now):
                # only something outside can go on now
                nap(0.02 if not ahead else 0.001)
                continue
            to = min(ahead)
            ctl.clock.jump(to)
            wake(ctl, to)
            if not ctl.clock.stepping:
                # real processes go on in real time: give those that wake a moment
                nap(0.05)
    finally:
        _unregister(ctl, row)


def users_turn_over(ctl, now):
    """May this command move the clock, or is another one of the user's at work?

    With several commands of his in the background, each waits for the clock; what he
    does between two of them costs no time either.
    """
    if not ctl.clock.stepping:
        return True
    waiting = {os.getpid()}
    for row, wake_at, pid in sleepers.of_job(ctl.store, OUTSIDE):
        if not ctl.alive.holder(SLEEPER + row):
            sleepers.forget(ctl.store, [row])
        elif pid != os.getpid():
            if wake_at is not None and wake_at <= now:
                return False             # its time has come: let it go first
            waiting.add(pid)
    mine = tree(table(), os.getpid())
    others = [pid for pid in outside(ctl.state) if pid not in waiting and pid not in mine]
    first = [threads_of(pid) for pid in others]
    nap(0.0015)
    second = [threads_of(pid) for pid in others]
    return first == second and all(s in RESTING for lines in second for s, _ in lines)


def wake(ctl, now):
    """Wake all whose time has come."""
    rows = sleepers.due(ctl.store, now)
    if not rows:
        return
    sleepers.forget(ctl.store, rows)
    for row in rows:
        ctl.alive.poke(SLEEPER + row)


def sleep(ctl, seconds):
    """Sleep on the cluster's clock; part of a job: until somebody moves it, else move it."""
    until = ctl.clock.now() + seconds
    if ctl.clock.stepping and not ctl.driven:
        drive(ctl, lambda: False, until)
        return
    from ..machine.locks import Doorbell
    bell = Doorbell()
    stop = sample_stop(ctl, until)
    row = _register(ctl, stop or until)
    while ctl.clock.now() < until:
        left = until - ctl.clock.now()
        bell.wait(30.0 if ctl.clock.stepping else min(30.0, ctl.clock.real(left)))
        if stop and ctl.clock.now() >= stop:
            stop = None
            _unregister(ctl, row)
            row = _register(ctl, until)
            wake_samplers(ctl)
    _unregister(ctl, row)


def sample_stop(ctl, until):
    """When a stepping clock must stop for the samples of a job's processes, which sleep until
    `until`: once, since of who sleeps they are all alike. None: not before that."""
    if not ctl.clock.stepping or not ctl.driven:
        return None
    from ..conf.params import acctg_freq, frequency
    every = frequency(ctl, acctg_freq(ctl.env.get("SLURM_ACCTG_FREQ", "")))
    moment = ctl.clock.now() + every
    return moment if every and moment < until else None


def wake_samplers(ctl):
    """Let those look who sample this process's job: the owners of the script and its steps."""
    job_id = ctl.env.get("SLURM_JOB_ID", "")
    if job_id.isdecimal():
        ctl.alive.poke(JOB + int(job_id))
        for step in ctl.store.steps(int(job_id)):
            if step.state == "RUNNING" and step.step_id >= 0 and step.pid:
                ctl.alive.poke(STEP + step.pid)


def wait_turn(ctl, ready):
    """In a job: wait until ready(), looking again only when a step ends (Controller.end_step):
    who polls is never at rest on a loaded machine."""
    from ..machine.locks import Doorbell
    bell = Doorbell()
    row = _register(ctl, None)
    try:
        while not ready():
            bell.wait(5.0)
    finally:
        _unregister(ctl, row)


def watch(ctl, done):
    """Wait until done(): on a stepping clock by letting it run, else by looking again."""
    if ctl.clock.stepping and not ctl.driven:
        drive(ctl, done)
        return
    row = _register(ctl, None) if ctl.clock.stepping else None
    pause = 0.01
    while True:
        ctl.settle()
        if done():
            break
        nap(pause)
        pause = min(0.1, pause * 1.5)
    if row is not None:
        _unregister(ctl, row)


def _register(ctl, wake_at, job_id=None):
    """Enter this process among those that wait: until `wake_at`, or for something else (None)."""
    job_id = ctl.env.get("SLURM_JOB_ID", "") if job_id is None else job_id
    return sleepers.register(ctl.store, lambda row: ctl.alive.hold(SLEEPER + row),
                             int(job_id) if str(job_id).isdecimal() else OUTSIDE, wake_at,
                             os.getpid())


def _unregister(ctl, row):
    sleepers.forget(ctl.store, [row])
    ctl.alive.drop(SLEEPER + row)
