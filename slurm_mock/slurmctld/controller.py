"""The controller: the few verbs by which everything changes, as slurmctld has them.

A verb runs in one transaction of the store, or not at all.  There is no daemon:
each command brings the cluster up to date itself (`settle`), and while a job of the
user's waits or runs a keeper process does it on time (slurmctld/keeper.py).
"""

from .. import machine
from ..common import slurm_errno
from ..common.records import ACTIVE, BATCH, ENDED, PENDING
from ..common.slurm_errno import FailedJob, Refused, RefusedInWords, RefusedWithId
from ..machine.locks import JOB, KEEPER
from .state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from ..common.records import Job, Step


# Real seconds from a batch job's submission to its start, where MOCK_SLURM_START_DELAY says nothing.
START_DELAY = "0.3"


class Controller(State):
    """An open cluster that one caller steers."""

    # ---- keeping up with time ---------------------------------------------

    def settle(self) -> None:
        """Bring the cluster up to date before it is read, and see that somebody keeps it so."""
        if self.clock.stepping:
            if not self.driven:
                machine.here.settle(self)
            return
        if self.clock.now() >= self.store.meta("next_event", 0) or self.unkept():
            self.tick()
        self.mind()

    def moved(self) -> None:
        """After a verb: let the change take effect."""
        if self.clock.stepping:
            self.settle()
        elif not self.alive.poke(KEEPER):
            self.tick()
            self.mind()

    def mind(self) -> None:
        """Have a keeper while a job of the user's waits or runs."""
        if not self.clock.stepping and self.unkept():
            machine.here.keep(self)

    def unkept(self) -> bool:
        """Does a job of the user's wait or run with no keeper to mind it? So it is before one
        was started, and after it was killed: then jobs' owners may have been killed, too."""
        return not self.alive.holder(KEEPER) and self.store.user_jobs_wait_or_run()

    def tick(self) -> int:
        """Do all that is due by now, schedule, and start what can start. How many jobs were
        started that had no supervisor yet."""
        from . import background
        with self.store:
            background.advance(self, self.now)
        return self.launch()

    def launch(self) -> int:
        """Give each batch job that was started a supervisor. Whoever does it twice does no
        harm: a supervisor that finds the job taken goes away. How many jobs had none."""
        found = list(self.unlaunched())
        if found:
            machine.here.supervise(self, *found)
        return len(found)

    def unlaunched(self, limit: int = -1) -> "Iterator[int]":
        """Ids of batch jobs that were started and that no supervisor has taken yet, one by one. One
        whose end was asked for meanwhile is among them: its supervisor tells its end."""
        from ..store import moments
        return (job_id for job_id in moments.unlaunched(self.store, limit)
                if not self.alive.holder(JOB + job_id))

    # ---- jobs -------------------------------------------------------------

    def submit(self, job: "Job", script: "bytes | None" = None, environment: "bytes | None" = None,
               will_start: bool = False) -> "Job":
        """Accept a job: it gets its id, priority and first reason. Returns the Job.

        script, environment: bytes, for a batch job; the environment as a block of
        NAME=value with a 0 byte behind each.  With will_start nothing is kept (--test-only).
        Raises Refused.
        """
        from . import job_mgr, job_submit
        refused = None
        with self.store:
            try:
                job_submit.check(self, job, trial=will_start, script=script or b"")
                if will_start:
                    return job
            except RefusedWithId as error:
                refused = error
            job_id = self.store.next_job_id()
            if isinstance(refused, FailedJob) and not will_start:
                job_mgr.fail(self, job, job_id)
            elif not refused:
                job.id = job_id
                job_mgr.enter(self, job)
                self._let_submitter_know(job)
                self.store.insert(job)
                if script is not None:
                    self.store.put_script(job.id, script, environment or b"")
                self.dirty()
        if refused:
            refused.job_id = job_id
            raise refused
        return job

    def _let_submitter_know(self, job: "Job") -> None:
        """A batch job starts a moment after its submitter has had its id, as on a real cluster. Raises
        Refused for a MOCK_SLURM_START_DELAY (real seconds) that is no number."""
        if self.clock.stepping or job.kind != BATCH:
            return
        text = self.env.get("MOCK_SLURM_START_DELAY", "") or START_DELAY
        try:
            delay = float(text)
        except ValueError:
            delay = -1.0
        if not 0 <= delay < 1e6:
            raise RefusedInWords(f"MOCK_SLURM_START_DELAY={text!r} is no number of seconds")
        if delay:
            from . import job_mgr
            # once or twice as long: who comes with others starts with them, as at one look of a real scheduler
            step = delay * self.clock.speed
            job_mgr.look_later(self, job, 2 * step - self.clock.now() % step)

    def hold(self, job: "Job | int", kind: str = "user") -> None:
        """Keep a job from starting; one that runs goes on, and stays held when requeued. kind: who
        holds it, "user" or "admin". Raises Refused."""
        job = self.mine(job, slurm_errno.ESLURM_USER_ID_MISSING)
        if job.phase >= ENDED:
            raise Refused(slurm_errno.ESLURM_JOB_FINISHED)
        job.hold, job.priority = kind, 0
        job.reason = "JobHeldAdmin" if kind == "admin" else "JobHeldUser"
        if job.phase == PENDING:
            job.eligible_time = 0            # slurmctld forgets it, until the job may start again
        self._write(job, "hold", "priority", "reason", "eligible_time")

    def release(self, job: "Job | int") -> None:
        """Let a held job start again. Raises Refused."""
        from . import job_mgr
        job = self.mine(job, slurm_errno.ESLURM_USER_ID_MISSING)
        if job.phase >= ENDED:
            raise Refused(slurm_errno.ESLURM_JOB_FINISHED)
        if job.hold == "admin" and not self.caller.admin:
            raise Refused(slurm_errno.ESLURM_ACCESS_DENIED)
        job.hold = ""
        job.reason = job_mgr.first_reason(job, self.now)
        job.priority, job.direct_priority = job_mgr.priority(self, job), 0
        if job.phase == PENDING and not job.eligible_time and not job.dependency \
                and job.begin_time <= self.now:
            job.eligible_time = self.now
        with self.store:
            job_mgr.forget_limit(self, job)
        self._write(job, "hold", "priority", "direct_priority", "reason", "eligible_time", "start_after")

    def requeue(self, job: "Job | int", hold: bool = False) -> None:
        """Put a batch job back into the queue; hold: to be held there. Raises Refused."""
        from . import job_mgr
        job = self.mine(job)
        with self.store:
            job = self.again(job)                # it may have ended since
            if job.phase == PENDING:
                raise Refused(slurm_errno.ESLURM_JOB_PENDING)
            if not job.requeue or not job.batch_flag:
                raise Refused(slurm_errno.ESLURM_DISABLED)
            if job.phase == ACTIVE:
                job.final = "REQUEUE_HOLD" if hold else "REQUEUED"
                job_mgr.terminate(self, job, self.now)
            else:
                job_mgr.back_to_queue(self, job, hold)
                if job.het_id:
                    from .job_mgr import end_others
                    end_others(self, job, self.now)
            self.dirty()

    def suspend(self, job: "Job | int") -> None:
        """Stop the processes of a running job; its time limit stands meanwhile. Raises Refused."""
        job = self.admin_job(job)
        import _signal

        from ..common.job_state import job_state_set
        from .agent import signal_job
        with self.store:
            job = self.again(job)
            if job.state != "RUNNING":
                raise Refused(slurm_errno.ESLURM_JOB_PENDING if job.phase == PENDING
                              else slurm_errno.ESLURM_ALREADY_DONE)
            job.pre_suspend += self.now - max(job.start_time, job.suspend_time)
            job.suspend_time = self.now
            job_state_set(job, "SUSPENDED")
            self.store.update(job, "pre_suspend", "suspend_time", "state")
            self.dirty()
        signal_job(self, job, _signal.SIGSTOP, full=True)
        self.moved()

    def resume(self, job: "Job | int") -> None:
        """Let a suspended job go on. Raises Refused."""
        job = self.admin_job(job)
        import _signal

        from ..common.job_state import job_state_set
        from .agent import signal_job
        with self.store:
            job = self.again(job)
            if job.state != "SUSPENDED":
                raise Refused(slurm_errno.ESLURM_JOB_PENDING if job.phase == PENDING
                              else slurm_errno.ESLURM_ALREADY_DONE)
            if job.end_time:
                job.end_time += self.now - job.suspend_time
            job.suspend_time = self.now
            job_state_set(job, "RUNNING")
            self.store.update(job, "end_time", "suspend_time", "state")
            self.dirty()
        signal_job(self, job, _signal.SIGCONT, full=True)
        self.moved()

    def top(self, jobs: "Sequence[Job]") -> None:
        """Let these pending jobs be the first of their owner's, in this order. Raises Refused."""
        from . import job_update
        job_update.top(self, jobs)
        self.moved()

    def cancel(self, job: "Job | int") -> None:
        """End a job: at once while it waits, by SIGTERM and after KillWait SIGKILL while it runs.
        Raises Refused."""
        from . import job_mgr
        job = self.mine(job)
        with self.store:
            job = self.again(job)
            if job.phase >= ENDED or job.state == "COMPLETING":
                raise Refused(slurm_errno.ESLURM_ALREADY_DONE)
            job.cancelled_by = self.caller.uid
            if job.het_id and job.phase == PENDING:
                from . import job_mgr
                if job.het_offset:
                    raise Refused(slurm_errno.ESLURM_NOT_WHOLE_HET_JOB)
                for other in job_mgr.components(self, job.id, PENDING):
                    other.cancelled_by = self.caller.uid
                    job_mgr.finish(self, other, "CANCELLED", self.now)
            elif job.phase == PENDING:
                job.start_time = 0
                job_mgr.finish(self, job, "CANCELLED", self.now)
            else:
                job.final = "CANCELLED"
                job_mgr.terminate(self, job, self.now)
            self.dirty()

    def fail_immediate(self, job: "Job") -> None:
        """A job that should have started at once (srun --immediate) and did not: it has failed."""
        from . import job_mgr
        with self.store:
            job.exit_code = 1 << 8
            job_mgr.finish(self, job, "FAILED", self.now)
            self.dirty()
        self.moved()

    def cancel_tasks(self, job: "Job | int", tasks: "Collection[int]") -> None:
        """Cancel tasks of an array that wait: they are gone as if they had never been, in
        accounting, too; with the last of them the record ends as a cancelled job. tasks: their
        numbers. Raises Refused."""
        from ..common import job_array
        job = self.mine(job)
        with self.store:
            job = self.again(job)
            left = [t for t in job_array.unpack(job.array_tasks) if t not in tasks]
            job.array_tasks = job_array.pack(left) if left else ""
            self.store.update(job, "array_tasks")
            self.dirty()
        if not left:
            self.cancel(job)

    def signal(self, job: "Job | int", signum: int, step: "int | None" = None, batch: bool = False,
               full: bool = False) -> None:
        """Send a signal to the processes of a running job or of one of its steps (its id); signum:
        this machine's number; batch, full: as agent.signal_job. Raises Refused."""
        from .agent import signal_job, signal_step
        from .step_mgr import running_step
        job = self.mine(job)
        if job.phase == PENDING:
            raise Refused(slurm_errno.ESLURM_JOB_PENDING)
        if job.phase >= ENDED:
            raise Refused(slurm_errno.ESLURM_ALREADY_DONE)
        if step is not None:
            found = running_step(self, job.id, step)
            if found is None:
                raise Refused(slurm_errno.ESLURM_ALREADY_DONE)
            signal_step(self, found, signum)
        else:
            signal_job(self, job, signum, batch=batch, full=full)

    def cancel_step(self, job: "Job | int", step_id: int) -> None:
        """End one step of a running job, as `scancel 12.0` asks. Raises Refused."""
        from . import step_mgr
        step_mgr.cancel_step(self, self.mine(job), step_id)

    def update_job(self, job: "Job | int", changes: "dict[str, Any]") -> None:
        """Change fields of a job: {field of Job: value} (`scontrol update`). Raises Refused: for what
        the caller may not change, and after the change where the new priority will not last."""
        from . import job_update
        job = self.mine(job, slurm_errno.ESLURM_USER_ID_MISSING)
        passing = job_update.update_job(self, job, changes)
        self.moved()
        if passing:
            raise Refused(slurm_errno.ESLURM_PRIO_RESET_FAIL)     # done, but not for long

    def update_node(self, names: "Iterable[str]", changes: "Mapping[str, Any]") -> None:
        """Change nodes (see node_mgr.py): {field of Node: value}. Raises Refused."""
        from . import node_mgr
        node_mgr.update_node(self, names, changes)
        self.moved()

    def update_partition(self, name: str, changes: "Mapping[str, str]") -> None:
        """Change a partition: {key of slurm.conf: text}. Raises Refused."""
        from . import partition_mgr
        partition_mgr.update_partition(self, name, changes)
        self.moved()

    def create_partition(self, name: str, settings: "Mapping[str, str]") -> None:
        """Make a partition: {key of slurm.conf: text}. Raises Refused."""
        from . import partition_mgr
        try:
            partition_mgr.create_partition(self, name, settings)
        finally:
            self.moved()

    def delete_partition(self, name: str) -> None:
        """Remove a partition that no job is in. Raises Refused."""
        from . import partition_mgr
        partition_mgr.delete_partition(self, name)
        self.moved()

    def reconfigure(self) -> None:
        """Read slurm.conf anew. Raises Refused."""
        from . import read_config
        read_config.reconfigure(self)
        self.moved()

    # ---- reservations -----------------------------------------------------

    def create_resv(self, asked: "Mapping[str, Any]") -> str:
        """Make a reservation (see reservation.py); its name. Raises Refused."""
        from . import reservation
        name = reservation.create_resv(self, asked)
        self.moved()
        return name

    def update_resv(self, asked: "Mapping[str, Any]") -> None:
        """Change a reservation. Raises Refused."""
        from . import reservation
        reservation.update_resv(self, asked)
        self.moved()

    def delete_resv(self, name: str) -> None:
        """Remove a reservation. Raises Refused."""
        from . import reservation
        reservation.delete_resv(self, name)
        self.moved()

    # ---- steps and the ends of things (called by srun, salloc, slurmstepd) ----

    def begin_step(self, step: "Step") -> "Step":
        """Enter a step that starts now; gives it its id when it has none (None)."""
        from . import step_mgr
        return step_mgr.begin_step(self, step)

    def end_step(self, step: "Step", status: int, state: "str | None" = None) -> None:
        """A step ended with a wait status; state: how, where that does not say it."""
        from . import step_mgr
        step_mgr.end_step(self, step, status, state)

    def end_job(self, job_id: int, status: int) -> None:
        """The owner of a job reports its end (wait status). Of no effect where it does not run."""
        from . import job_mgr
        with self.store:
            job = self.store.job(job_id)
            if job is None or job.phase != ACTIVE:
                return
            job_mgr.end_job(self, job, status, self.now)
            self.dirty()

    def _write(self, job: "Job", *fields: str) -> None:
        """Write fields of a job, and let the change take effect."""
        with self.store:
            self.store.update(job, *fields)
            self.dirty()
        self.moved()
