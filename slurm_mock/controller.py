"""The controller: the few verbs by which everything changes, as slurmctld has them.

A verb runs in one transaction of the store, or not at all.  There is no daemon:
each command brings the cluster up to date itself (`settle`), and while a job of the
user's waits or runs a keeper process does it on time (keeper.py).
"""

import os

from . import machine, messages
from .alive import JOB, KEEPER
from .clock import Clock
from .cluster import Cluster, Part
from .model import ACTIVE, ENDED, PENDING, SIMULATED, SLURM_UID, Job, Node, Partition, Reservation, Step
from .store import Store


class Refused(Exception):
    """A verb that Slurm refuses; the text is slurm_strerror's.

    before: a line that comes first.  bare: the command itself finds the mistake, and
    does not say what it was doing.  late: the job has its id when the mistake is found;
    the next one gets another (job_id tells which was used up).  kept: the job stays known
    as one that failed (events.fail_at_once).
    """

    def __init__(self, text, before="", bare=False, late=False, kept=False):
        super().__init__(text)
        self.text, self.before, self.bare = text, before, bare
        self.late, self.kept = late or kept, kept
        self.job_id = None


class Caller:
    """Who asks. admin: may steer other people's jobs and the nodes (SlurmUser, root)."""

    __slots__ = ("user", "uid", "group", "gid", "admin")

    def __init__(self, user, uid, group, gid, admin):
        self.user, self.uid, self.group, self.gid, self.admin = user, uid, group, gid, admin


def identify(store, env):
    """The caller: the machine's user, or MOCK_SLURM_USER where a test sets another; the
    cluster's SlurmUser under `slurm-mock admin`."""
    slurm_user = (store.data("config") or {}).get("SlurmUser", "root").split("(")[0]
    if env.get("MOCK_SLURM_ADMIN"):
        return Caller(*account_of(slurm_user, 0), True)
    import pwd
    uid, gid = os.getuid(), os.getgid()
    try:
        user = pwd.getpwuid(uid).pw_name
    except KeyError:
        user = str(uid)
    other = env.get("MOCK_SLURM_USER")
    if other and other != user:
        user, uid, group, gid = account_of(other, 1000)
    else:
        group = group_name(gid)
    # with a slurm.conf of his own the caller has the rights that his uid has in Slurm
    admin = bool(store.meta("own_conf")) and (uid == 0 or user == slurm_user)
    return Caller(user, uid, group, gid, admin)


def account_of(user, otherwise):
    """(user, uid, group, gid) of a name; `otherwise` is the id when the machine has no such user,
    but slurm has Debian's."""
    import pwd
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        number = SLURM_UID if user == "slurm" else otherwise
        return user, number, user, number
    return user, entry.pw_uid, group_name(entry.pw_gid), entry.pw_gid


def group_name(gid):
    import grp
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


# Has this process no other connection to a store than its controller's? True in a command's
# own process (call.launch), not where commands are functions of a bigger program.
sole_connection = False


class Controller:
    """An open cluster, seen by one caller."""

    def __init__(self, store, caller, env):
        self.store, self.caller, self.env = store, caller, env
        self.state = store.path
        self.alive = machine.here.alive(store.path)
        self._book = None
        self.sent_for = None         # the supervisors that were made here (supervisor.SentFor)
        self.refresh()

    @classmethod
    def open(cls, state, env):
        """Open the cluster in a state directory. Raises StoreError."""
        store = Store(state)
        return cls(store, identify(store, env), env)

    def refresh(self):
        """Read what may have changed since: the clock's speed, and slurm.conf."""
        self.clock = Clock(self.store)
        self.config = self.store.data("config")

    def close(self):
        self.store.close()
        self.alive.close()

    def detach(self, function, *calls):
        """Run function(state, *args) for each args of `calls`, in processes of their own that
        outlive this one."""
        from .daemons import become_daemons
        self.store.close()
        try:
            pid = os.fork()
            if not pid:
                # other connections of this process would haunt SQLite in a fork of it; the
                # environment of a job would have it ended with that job
                afresh = not sole_connection or "MOCK_SLURM_DRIVEN" in os.environ
                become_daemons(self.state, function, calls, afresh)
            os.waitpid(pid, 0)
        finally:
            self.store.reopen()

    # ---- reading ----------------------------------------------------------

    @property
    def now(self):
        return int(self.clock.now())

    @property
    def driven(self):
        """Is this command part of a job? Then the clock is moved by others, not by it."""
        return bool(self.env.get("MOCK_SLURM_DRIVEN"))

    def cluster(self, now=None, empty=False):
        """The cluster as it is (see cluster.py). empty: as if no job ran, which is read sooner."""
        store = self.store
        import marshal
        parts = [Part(p, marshal.loads(p.options))
                 for p in store.select(Partition, "ORDER BY idx")]
        return Cluster(self.now if now is None else now, self.config,
                       store.select(Node), parts, store.select(Reservation),
                       [] if empty else store.jobs(ACTIVE))

    def parts(self):
        """{name: Part} without the rest of the cluster."""
        import marshal
        return {p.name: Part(p, marshal.loads(p.options))
                for p in self.store.select(Partition, "ORDER BY idx")}

    def part(self, name):
        """One Part, None where there is none of that name."""
        import marshal
        found = self.store.select(Partition, "WHERE name=?", (name,))
        return Part(found[0], marshal.loads(found[0].options)) if found else None

    def book(self):
        """The accounting database (see accounts.py); read anew when it was changed."""
        version = self.store.meta("book_version", 0)
        if self._book is None or self._book[0] != version:
            from . import account_setup
            self._book = version, account_setup.read(self.store, self.config)
        return self._book[1]

    # ---- keeping up with time ---------------------------------------------

    def settle(self):
        """Bring the cluster up to date before it is read, and see that somebody keeps it so."""
        if self.clock.stepping:
            if not self.driven:
                machine.here.settle(self)
            return
        if self.now >= self.store.meta("next_event", 0) or self.unkept():
            self.tick()
        self.mind()

    def moved(self):
        """After a verb: let the change take effect."""
        if self.clock.stepping:
            self.settle()
        elif not self.alive.poke(KEEPER):
            self.tick()
            self.mind()

    def mind(self):
        """Have a keeper while a job of the user's waits or runs."""
        if not self.clock.stepping and self.unkept():
            machine.here.keep(self)

    def unkept(self):
        """Does a job of the user's wait or run with no keeper to mind it? So it is before one
        was started, and after it was killed: then jobs' owners may have been killed, too."""
        return not self.alive.holder(KEEPER) and bool(self.store.db.execute(
            "SELECT 1 FROM jobs WHERE phase<2 AND kind<>? LIMIT 1", (SIMULATED,)).fetchone())

    def tick(self):
        """Do all that is due by now, schedule, and start what can start. How many jobs were
        started that had no supervisor yet."""
        from . import events
        with self.store:
            events.advance(self, self.now)
        return self.launch()

    def launch(self):
        """Give each batch job that was started a supervisor. Whoever does it twice does no
        harm: a supervisor that finds the job taken goes away. How many jobs had none."""
        found = list(self.unlaunched())
        if found:
            machine.here.supervise(self, *found)
        return len(found)

    def unlaunched(self, limit=-1):
        """Ids of batch jobs that were started and that no supervisor has taken yet, one by one. One
        whose end was asked for meanwhile is among them: its supervisor tells its end."""
        waiting = self.store.db.execute(
            "SELECT id FROM jobs WHERE phase=1 AND kind='batch' AND launched=0 AND state IN "
            "('RUNNING', 'COMPLETING') ORDER BY id LIMIT ?", (limit,)).fetchall()
        return (job_id for (job_id,) in waiting if not self.alive.holder(JOB + job_id))

    # ---- jobs -------------------------------------------------------------

    def submit(self, job, script=None, environment=None, will_start=False):
        """Accept a job: it gets its id, priority and first reason. Returns the Job.

        script, environment: bytes, for a batch job.  With will_start nothing is
        kept (--test-only).  Raises Refused.
        """
        from . import admit
        refused = None
        with self.store:
            try:
                admit.check(self, job)
                if will_start:
                    return job
            except Refused as error:
                if not error.late:
                    raise
                refused = error
            job_id = self.store.next_job_id()
            if refused and refused.kept and not will_start:
                admit.fail(self, job, job_id)
            elif not refused:
                job.id = job_id
                admit.enter(self, job)
                self.store.insert(job)
                if script is not None:
                    self.store.put_script(job.id, script, environment)
                self.dirty()
        if refused:
            refused.job_id = job_id
            raise refused
        return job

    def dirty(self):
        """Something changed that the scheduler should look at."""
        self.store.set_meta("next_event", 0)

    def hold(self, job, kind="user"):
        """Keep a job from starting; one that runs goes on, and stays held when requeued."""
        job = self.mine(job, messages.BAD_USER)
        if job.phase >= ENDED:
            raise Refused(messages.FINISHED)
        job.hold, job.priority = kind, 0
        job.reason = "JobHeldAdmin" if kind == "admin" else "JobHeldUser"
        if job.phase == PENDING:
            job.eligible_time = 0            # slurmctld forgets it, until the job may start again
        self._write(job, "hold", "priority", "reason", "eligible_time")

    def release(self, job):
        """Let a held job start again."""
        from . import admit
        job = self.mine(job, messages.BAD_USER)
        if job.phase >= ENDED:
            raise Refused(messages.FINISHED)
        if job.hold == "admin" and not self.caller.admin:
            raise Refused(messages.NO_PERMISSION)
        job.hold = ""
        job.reason = admit.first_reason(job, self.now)
        job.priority, job.direct_priority = admit.priority(self, job), 0
        if job.phase == PENDING and not job.eligible_time and not job.dependency \
                and job.begin_time <= self.now:
            job.eligible_time = self.now
        self._write(job, "hold", "priority", "direct_priority", "reason", "eligible_time")

    def requeue(self, job, hold=False):
        """Put a batch job back into the queue."""
        from . import events
        job = self.mine(job)
        with self.store:
            job = self.store.job(job.id)         # it may have ended since
            if job.phase == PENDING:
                raise Refused(messages.JOB_PENDING)
            if not job.requeue or not job.batch_flag:
                raise Refused(messages.NOT_REQUEUEABLE)
            if job.phase == ACTIVE:
                job.final = "REQUEUE_HOLD" if hold else "REQUEUED"
                events.terminate(self, job, self.now)
            else:
                events.back_to_queue(self, job, hold)
                if job.het_id:
                    from .het import end_others
                    end_others(self, job, self.now)
            self.dirty()

    def suspend(self, job):
        job = self.admin_job(job)
        from .processes import signal_job
        import _signal
        with self.store:
            job = self.store.job(job.id)
            if job.state != "RUNNING":
                raise Refused(messages.JOB_PENDING if job.phase == PENDING
                              else messages.ALREADY_DONE)
            job.pre_suspend += self.now - max(job.start_time, job.suspend_time)
            job.suspend_time, job.state = self.now, "SUSPENDED"
            self.store.update(job, "pre_suspend", "suspend_time", "state")
            self.dirty()
        signal_job(self, job, _signal.SIGSTOP, full=True)
        self.moved()

    def resume(self, job):
        job = self.admin_job(job)
        from .processes import signal_job
        import _signal
        with self.store:
            job = self.store.job(job.id)
            if job.state != "SUSPENDED":
                raise Refused(messages.JOB_PENDING if job.phase == PENDING
                              else messages.ALREADY_DONE)
            if job.end_time:
                job.end_time += self.now - job.suspend_time
            job.suspend_time, job.state = self.now, "RUNNING"
            self.store.update(job, "end_time", "suspend_time", "state")
            self.dirty()
        signal_job(self, job, _signal.SIGCONT, full=True)
        self.moved()

    def top(self, jobs):
        """Let these pending jobs be the first of their owner's, in this order."""
        from . import steer
        steer.top(self, jobs)

    def cancel(self, job):
        """End a job: at once while it waits, by SIGTERM and after KillWait SIGKILL while it runs."""
        from . import events
        job = self.mine(job)
        with self.store:
            job = self.store.job(job.id)
            if job.phase >= ENDED or job.state == "COMPLETING":
                raise Refused(messages.ALREADY_DONE)
            job.cancelled_by = self.caller.uid
            if job.het_id and job.phase == PENDING:
                from . import het
                if job.het_offset:
                    raise Refused(messages.NOT_ALONE)
                for other in het.components(self, job.id, PENDING):
                    other.state, other.cancelled_by = "CANCELLED", self.caller.uid
                    events.finish(self, other, self.now)
            elif job.phase == PENDING:
                job.state, job.start_time = "CANCELLED", 0
                events.finish(self, job, self.now)
            else:
                job.final = "CANCELLED"
                events.terminate(self, job, self.now)
            self.dirty()

    def cancel_tasks(self, job, tasks):
        """Cancel tasks of an array that wait: they are gone as if they had never been, in
        accounting, too; with the last of them the record ends as a cancelled job."""
        from . import arrays
        job = self.mine(job)
        with self.store:
            job = self.store.job(job.id)
            left = [t for t in arrays.unpack(job.array_tasks) if t not in tasks]
            job.array_tasks = arrays.pack(left) if left else ""
            self.store.update(job, "array_tasks")
            self.dirty()
        if not left:
            self.cancel(job)

    def signal(self, job, signum, step=None, batch=False, full=False):
        """Send a signal to the processes of a running job or of one of its steps."""
        from .processes import signal_job, signal_step
        job = self.mine(job)
        if job.phase == PENDING:
            raise Refused(messages.JOB_PENDING)
        if job.phase >= ENDED:
            raise Refused(messages.ALREADY_DONE)
        if step is not None:
            found = [s for s in self.store.steps(job.id)
                     if s.step_id == step and s.state == "RUNNING"]
            if not found:
                raise Refused(messages.ALREADY_DONE)
            signal_step(self, found[0], signum)
        else:
            signal_job(self, job, signum, batch=batch, full=full)

    def cancel_step(self, job, step_id):
        """End one step of a running job, as `scancel 12.0` asks."""
        from .alive import STEP
        job = self.mine(job)
        found = [s for s in self.store.steps(job.id)
                 if s.step_id == step_id and s.state == "RUNNING"]
        if not found:
            raise Refused(messages.JOB_PENDING if job.phase == PENDING else messages.ALREADY_DONE)
        with self.store:
            found[0].cancelled_by = self.caller.uid
            self.store.update(found[0], "cancelled_by")
        self.alive.poke(STEP + found[0].pid)

    def update_job(self, job, changes):
        """Change fields of a job (`scontrol update`); what a user may change of his own job."""
        from . import steer
        steer.update_job(self, self.mine(job, messages.BAD_USER), changes)

    def update_node(self, names, changes):
        from . import steer
        steer.update_node(self, names, changes)

    def update_partition(self, name, changes):
        from . import steer
        steer.update_partition(self, name, changes)

    # ---- steps and the ends of things (called by srun, salloc, supervisors) ----

    def begin_step(self, step):
        """Enter a step that starts now; gives it its id when it has none (None)."""
        with self.store:
            job = self.store.job(step.job_id)
            if step.step_id is None:
                counter = self.store.job(job.het_id) if job.het_id else job
                step.step_id = counter.next_step
                counter.next_step += 1
                self.store.update(counter, "next_step")
            step.start_time = self.now
            self.store.insert(step)
        return step

    def end_step(self, step, status, state=None):
        """A step ended with a wait status."""
        with self.store:
            step.end_time, step.exit_code = self.now, status
            step.state = state or ("COMPLETED" if not status else
                                   "CANCELLED" if step.cancelled_by is not None else "FAILED")
            # its job may have been requeued meanwhile: then the step is no more
            self.store.update(step)
            if step.step_id >= 0:
                job = self.store.job(step.job_id)
                if job and status > job.derived_ec:
                    job.derived_ec = status
                    self.store.update(job, "derived_ec")
        if self.clock.stepping:
            from .world import wake_waiting
            wake_waiting(self, step.job_id)

    def end_job(self, job_id, status):
        """The owner of a job reports its end (wait status)."""
        from . import events
        with self.store:
            job = self.store.job(job_id)
            if job is None or job.phase != ACTIVE:
                return
            events.end_job(self, job, status, self.now)
            self.dirty()

    # ---- rights -----------------------------------------------------------

    def mine(self, job, otherwise=messages.NO_PERMISSION):
        """The job, if the caller may steer it; else Refused with `otherwise`."""
        if not isinstance(job, Job):
            job = self.store.job(job)
        if job is None:
            raise Refused(messages.BAD_JOB_ID)
        if job.uid != self.caller.uid and not self.caller.admin:
            raise Refused(otherwise)
        return job

    def admin_job(self, job):
        """The job, if the caller is an operator."""
        if not self.caller.admin:
            raise Refused(messages.NO_PERMISSION)
        return self.mine(job)

    def _write(self, job, *fields):
        with self.store:
            self.store.update(job, *fields)
            self.dirty()
        self.moved()


__all__ = ["Caller", "Controller", "Refused", "Step", "identify"]
