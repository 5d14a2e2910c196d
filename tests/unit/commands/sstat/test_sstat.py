"""sstat on running steps. Expectations: Slurm 22.05.8."""

JOB = """touch ready-0
srun -n2 bash -c 'touch ready-1-$SLURM_PROCID; exec sleep 500' &
wait
"""


def start(cluster):
    """A job with a step of two tasks, which all run."""
    cluster.script("job.sh", JOB)
    cluster.sh("sbatch -Q -n2 job.sh; until [ -e ready-1-0 ] && [ -e ready-1-1 ]; do :; done")


def test_rows_of_a_running_job(living):
    cluster = living(1.0)
    start(cluster)
    assert cluster.out("sstat -a -n -P -o jobid,ntasks,nodelist 1") == "1.batch|1|n1\n1.0|2|n1\n"
    assert cluster.out("sstat -n -P -o jobid,mincputask 1") == "1.0|0\n"
    told = cluster.out("sstat -n -P --noconvert -o maxrss,averss,pids 1.0").strip().split("|")
    assert int(told[0]) >= int(told[1]) > 0 and len(told[2].split(",")) == 2
    cluster.sh("scancel 1")


def test_what_it_cannot_tell(living):
    cluster = living(1.0)
    done = cluster.sh("sstat; sstat -n 5; sstat -o nope 1; sstat --nope; sstat 3.x")
    assert done.stderr == (
        "sstat: error: You didn't give me any jobs to stat.\n"
        "sstat: error: No steps running for job 5\n"
        'sstat: error: Invalid field requested: "nope"\n'
        "sstat: unrecognized option '--nope'\n"
        "sstat: fatal: Bad step specified: 3\n")
