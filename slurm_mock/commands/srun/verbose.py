"""srun -v: how the step comes to its nodes, and how its tasks begin and end there.

Source: what srun 22.05.8 was seen to print
(tests/conformance/transcripts/options/verbose.txt).  Real nodes
tell of their tasks as these end; here all is told when the last one has ended, node by node.
"""

from ...common.hostlist import ranges
from ...common.records import unpack_alloc
from ...slurmd.task import ended_how
from ..slurm_opt.args_bind import cpu_binding

PLUGIN = "launch/slurm: "


class Told:
    """Part of step.Run, which has the job, the step and its tasks (crew)."""

    @property
    def loud(self):
        """Is all of this to be said?"""
        return self.request.loudness

    def tell_job(self):
        """The job's nodes, before its step is created."""
        if not self.loud:
            return
        shares, counts = unpack_alloc(self.job.alloc), []
        for share in shares:
            if counts and counts[-1][0] == share.cpus:
                counts[-1][1] += 1
            else:
                counts.append([share.cpus, 1])
        cpus = ",".join(f"{cpus}(x{times})" for cpus, times in counts)
        self.call.log(f"jobid {self.job.id}: nodes({len(shares)}):`{self.job.nodelist}', "
                      f"cpu counts: {cpus}")
        if self.asked.cpus_per_task_given and "exact" not in self.given:
            self.call.log("Implicitly setting --exact, because -c/--cpus-per-task given.")

    def tell_launch(self, tasks):
        """Which tasks begin where: said before they do, lest they say something first."""
        if not self.loud:
            return
        log, nodes = self.call.log, {}
        for task in tasks:
            nodes.setdefault(task.node, []).append(task.rank)
        log(f"{PLUGIN}launch_p_step_launch: CpuBindType={cpu_binding(self.given, self.asked)}")
        for node, there in nodes.items():
            which = f"[{ranges(there)}]" if len(there) > 1 else there[0]
            log(f"launching StepId={self.step.job_id}.{self.step.step_id} on host {node}, "
                f"{len(there)} tasks: {which}")
        for node, there in nodes.items():
            log(f"{PLUGIN}_task_start: Node {node}, {len(there)} tasks started")

    def report(self):
        """What srun says of its tasks' ends, without "srun: "."""
        if not self.loud:
            return self.crew.report()
        lines, step = [], f"{self.step.job_id}.{self.step.step_id}"
        for node, status, there in self.crew.untold():
            who = "tasks" if len(there) > 1 else "task"
            lines.append(f"{PLUGIN}_task_finish: Received task exit notification for {len(there)} "
                         f"{who} of StepId={step} (status=0x{status:04x}).")
            lines.append(ended_how(node, status, there) if status else
                         f"{PLUGIN}_task_finish: {node}: {who} {ranges(there)}: Completed")
        return lines
