"""dask-jobqueue: two workers as jobs, work for them, one fewer, none."""

from dask.distributed import Client
from dask_jobqueue import SLURMCluster
from facts import accounted, states, tell, until


def where(number):
    import os
    return number + 1, os.environ["SLURM_JOB_ID"]


if __name__ == "__main__":
    cluster = SLURMCluster(
        cores=1, processes=1, memory="500MB", walltime="00:05:00", queue="main", job_name="worker",
        interface="lo", local_directory="local", log_directory="logs", death_timeout=120,
        scheduler_options={"dashboard_address": None}, worker_extra_args=["--no-dashboard"],
        job_extra_directives=["--mem-per-cpu=500M"], job_directives_skip=["--mem="])
    header = [line for line in cluster.job_script().splitlines() if line.startswith("#SBATCH")]
    tell("header", len(header) > 4)
    with cluster, Client(cluster) as client:
        cluster.scale(2)
        client.wait_for_workers(2, timeout=120)
        done = client.gather(client.map(where, range(4)))
        tell("results", [number for number, _ in done])
        ids = sorted(worker.job_id for worker in cluster.workers.values())
        tell("where", {job for _, job in done} <= set(ids))
        until(lambda: states(ids) == ["RUNNING", "RUNNING"])
        tell("jobs", [accounted(job, "jobname,partition,state,ncpus") for job in ids])
        cluster.scale(1)
        until(lambda: states(ids) == ["CANCELLED", "RUNNING"])
    until(lambda: states(ids) == ["CANCELLED", "CANCELLED"])
    tell("at the end", "CANCELLED")
