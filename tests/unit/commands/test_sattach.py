"""sattach: who runs where, and looking on. Expectations: Slurm 22.05.8."""

STEP = """srun -n3 bash -c 'echo early $SLURM_PROCID; echo err >&2; touch up$SLURM_PROCID
until [ -e go ]; do sleep 0.1; done; echo late $SLURM_PROCID; exit $SLURM_PROCID' 2> errors-of-srun"""


def start(cluster):
    cluster.script("job.sh", STEP)
    cluster.sh("sbatch -Q -n3 job.sh; until [ -e up0 ] && [ -e up1 ] && [ -e up2 ]; do :; done")


def test_output_from_before_and_after(living):
    cluster = living(1.0)
    start(cluster)
    assert cluster.out("sattach --layout 1.0") == (
        "Job step layout:\n\t3 tasks, 1 nodes (n1)\n\n\tNode 0 (n1), 3 task(s): 0 1 2 \n")
    cluster.sh("(until grep -q early seen; do sleep 0.1; done; touch go) 2> /dev/null & sattach -l 1.0 > seen 2> errors; echo $? > code")
    assert sorted(cluster.read("seen").splitlines()) == [
        "0: early 0", "0: late 0", "1: early 1", "1: late 1", "2: early 2", "2: late 2"]
    assert sorted(cluster.read("errors").splitlines()) == [
        "0: err", "1: err", "2: err", "sattach: error: task 1 exited with exit code 1",
        "sattach: error: task 2 exited with exit code 2"]
    assert cluster.read("code") == "2\n"


def test_one_task_only(living):
    cluster = living(1.0)
    start(cluster)
    cluster.sh("(until grep -q early seen; do sleep 0.1; done; touch go) 2> /dev/null & sattach --output-filter=1 --error-filter=7 1.0 > seen 2> errors")
    assert cluster.read("seen") == "early 1\nlate 1\n"
    assert "err\n" not in cluster.read("errors")


def test_refusals(stepping):
    done = stepping.sh("sbatch -Q -H --wrap true; sattach; sattach 1; sattach 1.0; sattach 7.0; "
                       "sattach 1.x; sattach --output-filter=x 1.0; scancel 1")
    assert done.stderr == (
        "sattach: error: too many parameters\n"
        "sattach: error: Failed to parse stepid from command line options\n"
        "sattach: error: Could not get job step info: Job is pending execution\n"
        "sattach: error: Could not get job step info: Invalid job id specified\n"
        "sattach: fatal: Bad step specified: 1\n"
        'sattach: error: Invalid numeric value "x" for output-filter.\n')
    assert done.stdout == "Usage: sattach [options] <jobid.stepid>\n" * 2
