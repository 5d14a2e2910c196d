"""salloc and srun: allocations, steps, their messages and exit codes.

The messages are those of Slurm 22.05.8 (tests/conformance/transcripts/salloc/, srun/).
"""

import pytest

# Real Slurm's salloc may add that the allocation "has been revoked": that is chance.
GRANTED = ("salloc: Granted job allocation 1\nsalloc: Relinquishing job allocation 1\n")


@pytest.mark.parametrize("command, out, code", [
    ("echo hello", "hello\n", 0), ("bash -c 'exit 3'", "", 3), ("-n2 srun hostname", "n1\nn1\n", 0),
    ("-N2 bash -c 'echo $SLURM_JOB_NODELIST $SLURM_JOB_NUM_NODES'", "n[1-2] 2\n", 0),
    ("-J mine -t 5 bash -c 'squeue -h -o \"%j %l %t\"'", "mine 5:00 R\n", 0)])
def test_an_allocation_lasts_as_long_as_its_command(stepping, command, out, code):
    done = stepping.sh(f"salloc {command}; code=$?; sleep 1; exit $code")
    assert (done.returncode, done.stdout, done.stderr) == (code, out, GRANTED)
    assert stepping.job().phase == 2 and stepping.out("squeue -h") == ""


def test_an_allocation_without_a_shell_ends_at_its_limit(stepping):
    """It has no process to wait for; a step that runs on is ended with it."""
    done = stepping.sh("salloc --no-shell -t 1; srun --jobid=1 sleep 30; sleep 5; srun --jobid=1 sleep 300; "
                       "sacct -n -P -o jobid,state,elapsed")
    rows = dict(line.split("|", 1) for line in done.stdout.splitlines())
    assert rows["1"] == "TIMEOUT|00:01:00"
    assert rows["1.0"] == "COMPLETED|00:00:30"
    assert rows["1.1"].split("|")[0] != "RUNNING"
    assert stepping.out("squeue -h") == ""


@pytest.mark.parametrize("argv, err, code", [
    (["-p", "nope", "true"], "salloc: error: invalid partition specified: nope\n"
     "salloc: error: Job submit/allocate failed: Invalid partition name specified\n", 1),
    (["-t", "banana", "true"], "salloc: error: Invalid --time specification\n", 255),
    (["-C", "nope", "true"],
     "salloc: error: Job submit/allocate failed: Invalid feature specification\n", 1)])
def test_salloc_refuses(stepping, argv, err, code):
    before = stepping.contents()["jobs"]
    done = stepping.command("salloc", *argv)
    assert (done.out, done.err, done.code) == ("", err, code)
    assert stepping.contents()["jobs"] == before


@pytest.mark.parametrize("command, err, state, waited", [
    ("srun -H -I", "srun: error: Unable to allocate resources: Job dependency problem\n",
     "FAILED", 0),
    ("salloc -H -I", "salloc: Job allocation 1 has been revoked.\n"
     "salloc: error: Job submit/allocate failed: Job dependency problem\n", "FAILED", 0),
    ("srun -Q -H --immediate=7",
     "srun: error: Unable to allocate resources: Requested nodes are busy\n", "CANCELLED", 7)])
def test_a_job_that_does_not_start_in_time_is_refused(stepping, command, err, state, waited):
    done = stepping.sh(f"{command} true")
    assert (done.returncode, done.stderr) == (1, err)
    job = stepping.job()
    assert job.state == state
    assert waited <= job.end_time - job.submit_time <= waited + 1


@pytest.mark.parametrize("command, out, code", [
    ("hostname", "n1\n", 0), ("-N2 hostname | sort", "n1\nn2\n", 0), ("true", "", 0),
    ("-n3 -l echo hello | sort", "0: hello\n1: hello\n2: hello\n", 0),
    ("-Q bash -c 'exit 3'", "", 3), ("-D /tmp pwd", "/tmp\n", 0),
    ("-n2 bash -c 'exit $((SLURM_PROCID + 3))'", "", 4)])
def test_srun_outside_of_a_job(stepping, command, out, code):
    done = stepping.sh(f"srun {command}")
    assert (done.returncode, done.stdout) == (code, out)
    assert "Traceback" not in done.stderr and stepping.job().phase == 2


def test_what_srun_says_of_a_failed_task(stepping):
    assert stepping.sh("srun bash -c 'exit 3'").stderr == (
        "srun: error: n1: task 0: Exited with exit code 3\n")


def test_steps_take_turns_on_the_jobs_processors(stepping):
    # srun(1), --exact: without it a step takes all that the job has of its nodes
    stepping.script("job.sh", "srun $1 -n1 sleep 10 &\nsrun $1 -n1 sleep 10 &\nwait\n")
    stepping.sh("sbatch -Q -n 2 job.sh --exact; sbatch -Q -n 2 job.sh; sleep 60")
    assert [stepping.job(i).end_time - stepping.job(i).start_time for i in (1, 2)] == [10, 20]


@pytest.mark.parametrize("argv, err, code", [
    (["-n", "0", "true"], 'srun: error: Invalid numeric value "0" for --ntasks.\n', 1),
    (["-t", "banana", "true"], "srun: error: Invalid --time specification\n", 255),
    ([], "srun: fatal: No command given to execute.\n", 1)])
def test_srun_refuses(stepping, argv, err, code):
    before = stepping.contents()
    done = stepping.command("srun", *argv)
    assert (done.out, done.err, done.code) == ("", err, code)
    assert stepping.contents() == before
