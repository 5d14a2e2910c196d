"""When srun ends a step before its time: Ctrl-C, tasks that are late (--wait), too much memory."""

import _signal

from ...common import log, slurm_errno
from ...common.hostlist import ranges
from ...common.parse_time import is_number
from ...common.job_state import LAUNCH_FAILURE, NO_STATUS
from ...common.records import BATCH, unpack_alloc
from ...conf.params import task_frequency
from ...slurmd.jobacct_gather import OVER_MEMORY, OVER_MEMORY_NOTE
from ..shared.call import Fail


def not_created(job_id, errno):
    """The Fail of a step that slurmctld refuses."""
    return Fail.error(f"Unable to create step for job {job_id}", errno=errno)


# Signals to srun that end its step.
ENDING = (_signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT)


class Ends:
    """Part of step.Run, which has the step, its tasks (crew) and the way to end them (abort)."""

    def not_started(self, error):
        """The Fail of a step of which not all tasks could be started, for an OSError."""
        if error.filename is None:
            return Fail.error(f"Could not start all tasks: {error.strerror}")
        return Fail.error(f"Could not open file {error.filename}: {error.strerror}")

    def unopened(self, bad):
        """A file could not be opened (task.Unopened). What srun opens itself it opens when slurmctld has
        made the step, and goes without a word to it: the step lasts as long as its job, which ends
        where it is srun's own. What a node opens costs srun nothing but a line for each task."""
        self.unlaunched = True
        if not bad.own:
            self.left = True
            for step in self.steps():
                self.leave(step)
            if "SLURM_JOB_ID" not in self.call.env:
                self.ctl.cancel(self.job)
            raise Fail.error(f"Could not open {bad.stream} file: {bad.why.strerror}")
        for task in self.crew.tasks:
            task.status = LAUNCH_FAILURE
            self.call.error(f"task {task.rank} launch failed: {self.call.strerror(slurm_errno.ESLURMD_IO_ERROR)}")

    def sampled_too_seldom(self):
        """Would --acctg-freq look at a step's memory less often than JobAcctGatherFrequency does? A node refuses that
        where the job's memory is limited."""
        asked, usual = self.asked.acctg_freq, task_frequency(self.ctl.config.get("JobAcctGatherFrequency", "30"))
        limited = any(share.mem for share in unpack_alloc(self.job.alloc))
        return bool(limited and usual is not None and (asked < 0 or asked > usual))

    def not_launched(self, errno):
        """The Fail of a step of which the nodes start no task, for an error of slurm_errno; says which."""
        text = self.call.strerror(errno)
        for node in self.nodes:
            self.call.error(f"Task launch for StepId={self.step.job_id}.{self.step.step_id} failed on node {node}: {text}")
        self.call.error(f"Application launch failed: {text}")
        self.aborted = True
        return Fail.info("Job step aborted", code=errno & 255)

    def leave(self, step):
        """Nobody minds this step from now on; the end of its job ends it."""
        with self.ctl.store:
            step.pid, step.exit_code, step.cancelled_by = 0, NO_STATUS, self.job.uid
            self.ctl.store.update(step)

    def interrupt(self):
        """Ctrl-C: the first says how things are, a second within a second ends the step
        (with --quit-on-interrupt the first)."""
        import time
        if (time.monotonic() - self.interrupted < 1.0 or "quit-on-interrupt" in self.given):
            self.call.log("sending Ctrl-C to StepId=%d.%d" % (self.step.job_id, self.step.step_id))
            self.forcing()
            self.abort(signum=_signal.SIGINT)
            return
        self.interrupted = time.monotonic()
        self.call.log("interrupt (one more within 1 sec to abort)")
        self.tell_states()

    def forced(self, signum):
        """One of ENDING came: srun has slurmctld end the step at once. The signals of a job that ends reach
        the tasks, too, and those give them time."""
        if signum == _signal.SIGQUIT:
            self.call.log("Quit")
        self.forcing()
        ends = self.ctl.store.job(self.job.id).state == "COMPLETING"
        self.abort(signum=_signal.SIGTERM if ends else _signal.SIGKILL)

    def forcing(self):
        """The line that srun writes before it ends tasks for a signal."""
        self.call.log("forcing job termination")

    def tell_states(self):
        """Which tasks run, and which have ended."""
        for state, found in self.crew.states():
            self.call.log(f"StepId={self.step.job_id}.{self.step.step_id} "
                          f"task{'s' if len(found) > 1 else ''} {ranges(found)}: {state}")

    def patience(self):
        """--wait: seconds that the other tasks have after the first one's end; 0: for ever."""
        text = str(self.given.get("wait") or self.ctl.config.get("WaitTime", "0"))
        return int(text) if is_number(text) else 0

    def too_late(self):
        """Has the first task ended too long ago for those that still run? Then end them."""
        ended = [t for t in self.crew.tasks if t.status is not None]
        if not ended or len(ended) == len(self.crew.tasks) or not self.patience():
            return
        self.first_end = self.first_end or self.ctl.now
        if not self.aborted and self.ctl.now - self.first_end >= self.patience():
            self.call.log(f"First task exited {self.patience()}s ago")
            self.tell_states()
            self.terminating()
            self.late = True
            self.abort(signum=_signal.SIGKILL)

    def waiting(self):
        """The line that srun writes when it ends the step."""
        seconds = int(self.ctl.config.get("KillWait", 30)) + 2
        self.call.log(f"Job step aborted: Waiting up to {seconds} seconds for job step to finish.")

    def terminating(self):
        """The line that srun writes when it ends the step by itself."""
        self.call.log("launch/slurm: _step_signal: Terminating "
                      f"StepId={self.step.job_id}.{self.step.step_id}")

    def over_memory(self):
        """The lines about tasks that use more memory than the step has: slurmstepd's, and that of
        whoever minds the job."""
        node, used, limit = self.over
        step = f"{self.step.job_id}.{self.step.step_id}"
        self.slurmstepd(self.nodes[node], OVER_MEMORY.format(step=step, used=used,
                                                             limit=limit))
        if self.job.kind == BATCH:
            self.slurmstepd(self.job.batch_host, OVER_MEMORY_NOTE)
        else:
            who = "salloc" if "SLURM_JOB_ID" in self.call.env else "srun"
            self.call.tell(log.line(who, OVER_MEMORY_NOTE))
