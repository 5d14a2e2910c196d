"""The one world of this interpreter: all processes, jobs' among them, on the cluster's clock."""

from ...posix.kernel import INTERPRETER, World
from .cluster_clock import ClusterClock
from .programs import PROGRAMS


class Lab(World):
    """A world that knows which of its processes are a job's, and on which node.

    locks: {(state directory, who): process id} of what is held (see locks.py); children: {process
    id: Process} of those whose end somebody will ask for (runner.InProcess.ended).
    """

    never = ("slurm_mock: interrupted: what this command waits for never comes by itself (a job that is "
             "held, or whose dependency cannot be met?)\n")
    mistake = "slurm_mock: a mistake in the browser lab itself:\n"

    def begin(self):
        """The world begins, and nothing is held."""
        super().begin()
        self.locks, self.children = {}, {}

    def adopt(self, child):
        """Keep a child until its end is asked for; its process id."""
        for pid, one in list(self.children.items()):
            if one.parent not in self.processes and one.parent != INTERPRETER:
                del self.children[pid]       # who would have asked has gone
        self.children[child.pid] = child
        return child.pid

    def apart(self, process):
        """Is a process part of a job? Those are not ended with the command that started the job."""
        return bool(process.env.get("MOCK_SLURM_DRIVEN"))

    def node_name(self, env):
        """The name of the node; in a job the one that Slurm gave it."""
        return env.get("SLURMD_NODENAME") or super().node_name(env)

    def nproc(self, env):
        """The CPUs that a job has of its node."""
        return env.get("SLURM_CPUS_ON_NODE", "1").split("(")[0]


world = Lab(ClusterClock(), PROGRAMS)
