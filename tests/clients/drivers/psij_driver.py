"""PSI/J: single and parallel jobs, exit codes, a cancelled job, attaching to one by its id."""

from datetime import timedelta
from pathlib import Path

from facts import once, tell
from psij import Job, JobAttributes, JobExecutor, JobSpec, JobState, ResourceSpecV1
from psij.executors.batch.slurm import SlurmExecutorConfig

config = SlurmExecutorConfig(queue_polling_interval=1, initial_queue_polling_delay=1)
executor = JobExecutor.get_instance("slurm", config=config)
wait = timedelta(seconds=120)


def job(executable, *arguments, launcher="single", **more):
    spec = JobSpec(executable, list(arguments), launcher=launcher, **more)
    spec.attributes = JobAttributes(queue_name="main", duration=timedelta(minutes=5),
                                    custom_attributes={"slurm.comment": "psij"})
    return Job(spec)


def said(what):
    """The state a job came to, and its exit code."""
    status = what.wait(wait)
    return [status.state.name, status.exit_code] if status else None


hello = job("/bin/echo", "hello", stdout_path=Path("hello.txt").absolute())
executor.submit(hello)
tell("echo", said(hello))
tell("output", Path("hello.txt").read_text())
once(hello.native_id, "COMPLETED")

failing = job("/bin/false")
executor.submit(failing)
tell("false", said(failing))

wide = job("/bin/sh", "-c", "echo $SLURM_PROCID", launcher="srun",
           stdout_path=Path("wide.txt").absolute(),
           resources=ResourceSpecV1(node_count=2, processes_per_node=2))
executor.submit(wide)
tell("parallel", said(wide))
tell("ranks", sorted(Path("wide.txt").read_text().split()))
tell("nodes", once(wide.native_id, "COMPLETED", "nnodes,ncpus"))

sleeper = job("/bin/sleep", "600")
executor.submit(sleeper)
tell("came to run", sleeper.wait(wait, target_states=[JobState.ACTIVE]).state.name)
tell("listed", sleeper.native_id in executor.list())
attached = Job()
executor.attach(attached, sleeper.native_id)
tell("attached", attached.wait(wait, target_states=[JobState.ACTIVE]).state.name)
sleeper.cancel()
tell("cancelled", sleeper.wait(wait).state.name)
once(sleeper.native_id, "CANCELLED")
