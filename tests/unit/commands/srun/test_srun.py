"""srun whose output goes nowhere; srun that cannot go on: its tasks end with it, and its job has failed."""


import pytest

# Prints the processes that still sleep, and how the job and its step ended.
AFTER = "; echo $? > code; sacct -n -P -o jobid,state,exitcode > ends; squeue -h > queue"


@pytest.mark.parametrize("options", ["", "-l", "-l -o /dev/full"])
def test_what_nobody_can_take_is_lost_and_the_tasks_go_on(stepping, options):
    """As Slurm 22.05.8's srun does."""
    stepping.sh(f"srun {options} sh -c 'echo hi; sleep 1; echo you; sleep 1; echo > ended' > /dev/full 2> said" + AFTER)
    assert (stepping.work / "ended").exists()
    assert (stepping.read("said"), stepping.read("code"), stepping.read("queue")) == ("", "0\n", "")
    assert stepping.read("ends") == "1|COMPLETED|0:0\n1.0|COMPLETED|0:0\n"


@pytest.mark.parametrize("options", ["", "-l"])
def test_a_reader_that_goes_away_ends_no_task(stepping, options):
    done = stepping.sh(f"srun {options} sh -c 'echo a; until [ -e gone ]; do /bin/sleep 0.02; done; "
                       "for i in 1 2 3; do sleep 1; echo $i; done; echo > ended' | (read line; exec <&-; touch gone)"
                       "; echo ${PIPESTATUS[0]}")
    assert (done.stdout, done.stderr) == ("0\n", "") and (stepping.work / "ended").exists()


def test_labelled_lines_that_nobody_reads_any_more(stepping):
    done = stepping.sh("set -o pipefail; srun -l sh -c 'echo a; until [ -e gone ]; do /bin/sleep 0.02; "
                       "done; echo b; sleep 30; exit 3' | (read line; echo $line; exec <&-; touch gone)"
                       "; echo ${PIPESTATUS[0]}")
    assert (done.stdout, done.stderr) == (
        "0: a\n3\n", "srun: error: n1: task 0: Exited with exit code 3\n")


def test_tasks_end_when_not_all_can_be_started(living):
    cluster = living(1.0)
    cluster.sh("(ulimit -n 32; srun -O -n 25 /bin/sleep 3600 2> said)" + AFTER)
    assert cluster.read("said") == "srun: error: Could not start all tasks: Too many open files\n"
    assert cluster.read("code") == "1\n" and cluster.read("queue") == ""
    assert cluster.read("ends") == "1|FAILED|1:0\n1.0|FAILED|1:0\n"
    assert "/bin/sleep 3600" not in cluster.left().values()


@pytest.mark.parametrize("option, stream", [("-o", "stdout"), ("-e", "stderr"), ("-i", "stdin")])
def test_a_file_that_srun_cannot_open(stepping, option, stream):
    done = stepping.sh(f"srun {option} missing/file true" + AFTER)
    assert done.stderr == f"srun: error: Could not open {stream} file: No such file or directory\n"
    assert stepping.read("code") == "1\n"
    assert stepping.out("sacct -nP -o State,ExitCode | sed 's/ by [0-9]*//'") == "CANCELLED|0:0\nCANCELLED|\n"


def test_a_file_that_a_node_cannot_open(stepping):
    done = stepping.sh("srun -n2 -O -o missing/file%t true" + AFTER)
    assert done.stderr == "".join(f"srun: error: task {rank} launch failed: Slurmd could not connect IO\n" for rank in (0, 1))
    assert stepping.read("code") == "0\n"
    assert stepping.out("sacct -nP -o State,ExitCode") == "COMPLETED|0:0\nCANCELLED|0:53\n"
