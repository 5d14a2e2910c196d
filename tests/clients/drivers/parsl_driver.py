"""parsl: Python functions on a pilot job of two nodes, started with srun; a provider steered by hand."""

import logging
import os
from pathlib import Path

import parsl
from facts import accounted, once, tell, until
from parsl.config import Config
from parsl.executors import HighThroughputExecutor
from parsl.jobs.states import JobState
from parsl.launchers import SrunLauncher
from parsl.providers import SlurmProvider

logging.raiseExceptions = False


@parsl.python_app
def where(number):
    import os
    return number * number, os.environ["SLURM_JOB_NUM_NODES"]


def provider(**options):
    return SlurmProvider(partition="main", exclusive=False, walltime="00:05:00", cmd_timeout=60,
                         worker_init=f"export PATH={os.environ['PATH']}", **options)


pilot = provider(nodes_per_block=2, init_blocks=1, max_blocks=1, launcher=SrunLauncher(),
                 scheduler_options="#SBATCH --mem-per-cpu=100")
executor = HighThroughputExecutor(
    label="htex", address="127.0.0.1", loopback_address="127.0.0.1", max_workers_per_node=1,
    provider=pilot, encrypted=False)
parsl.load(Config(executors=[executor], run_dir="runinfo", usage_tracking=0))
tell("results", [app.result() for app in [where(n) for n in range(4)]])
(job,) = pilot.resources
tell("pilot", once(job, "RUNNING", "nnodes,state"))
parsl.dfk().cleanup()
tell("pilot after the end", once(job, "CANCELLED").split()[0])

hand = provider(launcher=parsl.launchers.SimpleLauncher())
hand.script_dir = os.path.abspath("scripts")
os.makedirs(hand.script_dir)
jobs = {"good": hand.submit("echo hello", 1, "hand"), "bad": hand.submit("exit 3", 1, "hand"),
        "long": hand.submit("sleep 600", 1, "hand")}
seen = {}


def watched():
    """Each job's first state that stays; parsl itself forgets it at the next look."""
    for name, one in zip(jobs, hand.status(list(jobs.values()))):
        if one.state not in (JobState.PENDING, JobState.UNKNOWN):
            if seen.get(name) in (None, "RUNNING"):
                seen[name] = one.state.name
    return seen == {"good": "COMPLETED", "bad": "FAILED", "long": "RUNNING"}


# parsl takes a job that accounting does not know yet for one that has ended
until(lambda: all(accounted(job, "state") for job in jobs.values()))
until(watched)
tell("states", seen)
tell("output", Path(hand.resources[jobs["good"]]["status"].stdout_path).read_text())
tell("failed", once(jobs["bad"], "FAILED", "state,exitcode"))
tell("cancel", hand.cancel([jobs["long"]]))
once(jobs["long"], "CANCELLED")
