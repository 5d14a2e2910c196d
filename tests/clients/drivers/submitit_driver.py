"""submitit: functions as jobs, an array, an error, a cancelled job, an interrupted one that requeues."""

import operator
import os
import re
import subprocess
import time
from pathlib import Path

import submitit
from facts import once, tell, until


def ranks():
    env = submitit.JobEnvironment()
    return env.num_nodes, env.num_tasks, env.global_rank


def fail():
    raise ValueError("as asked")


class Checkpointed:
    """Sleeps; when it is interrupted it asks to be submitted anew."""

    def __call__(self, mark):
        Path(mark).touch()
        time.sleep(600)

    def checkpoint(self, mark):
        return submitit.helpers.DelayedSubmission(self, mark)


def state(job):
    return job.watcher.get_state(job.job_id, mode="force").split()[0]


def shown(job, name):
    """A field of scontrol's."""
    return re.search(rf"\b{name}=(\S*)", subprocess.run(
        ["scontrol", "show", "job", job.job_id], check=True, capture_output=True,
        text=True).stdout)[1]


executor = submitit.AutoExecutor(folder="logs/%j", cluster="slurm")
executor.update_parameters(timeout_min=5, mem_gb=0.5, name="submitit", slurm_partition="main")

one = executor.submit(operator.add, 40, 2)
tell("result", one.result())
tell("id", one.job_id.isdecimal())
until(lambda: state(one) == "COMPLETED")
tell("accounting", once(one.job_id, "COMPLETED", "jobname,partition,state,exitcode"))

wrong = executor.submit(fail)
tell("error", type(wrong.exception()).__name__)
until(lambda: state(wrong) == "FAILED")

executor.update_parameters(slurm_array_parallelism=2)
tasks = executor.map_array(operator.mul, [1, 2, 3], [10, 10, 10])
tell("array", [task.result() for task in tasks])
tell("one id", len({task.job_id.split("_")[0] for task in tasks}) == 1)

executor.update_parameters(nodes=2, tasks_per_node=2, slurm_array_parallelism=256)
wide = executor.submit(ranks)
tell("ranks", wide.results())
executor.update_parameters(nodes=1, tasks_per_node=1)

sleeper = executor.submit(time.sleep, 600)
until(lambda: state(sleeper) == "RUNNING")
sleeper.cancel()
until(lambda: state(sleeper) == "CANCELLED")
tell("cancelled", once(sleeper.job_id, "CANCELLED").split()[0])

again = executor.submit(Checkpointed(), os.path.abspath("began"))
until(lambda: os.path.exists("began"))
again._interrupt(timeout=True)
until(lambda: (shown(again, "Restarts"), shown(again, "JobState")) == ("1", "PENDING"))
until(lambda: shown(again, "Reason") == "BeginTime")
tell("heard", "Caught signal SIGUSR2" in again.stderr())
again.cancel()
tell("withdrawn", shown(again, "JobState"))
