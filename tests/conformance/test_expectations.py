"""What every learner may rely on, stated in so many words and asked of both sides.

The transcripts hold the exact texts; these tests say what they mean.
"""

from __future__ import annotations

import re
import time

import pytest

SIDES = [pytest.param("mock"), pytest.param("real", marks=pytest.mark.slow)]


@pytest.fixture(scope="module", params=SIDES)
def slurm(request, base):
    """A function that runs a command line on a side, in a folder of its own."""
    side = request.getfixturevalue(request.param)
    side.settle()
    folder = side.folder(base, "expectations")
    side.write(folder / "job.sh", "#!/bin/bash\necho out; echo err >&2\nsleep ${1:-0}\nexit ${2:-0}\n")

    def run(line, **options):
        return side.run(line, folder, **options)
    return run


def submit(slurm, line: str) -> str:
    """Submit by `sbatch --parsable ...`; the job id."""
    told = slurm(f"sbatch --parsable {line}")
    assert told.code == 0, told.stderr
    return told.stdout.strip()


def wait_for(slurm, line: str, text: str, seconds: float = 40) -> str:
    """Repeat a command line until its output holds the text; that output."""
    deadline = time.monotonic() + seconds
    while text not in (told := slurm(line)).stdout:
        assert time.monotonic() < deadline, f"{line}: no {text!r} but {told}"
        time.sleep(0.3)
    return told.stdout


@pytest.mark.parametrize("line", [
    "sbatch --nope job.sh", "sbatch -p nope job.sh", "sbatch -N x job.sh", "sbatch -t banana job.sh",
    "sbatch missing.sh", "sbatch --mem=lots job.sh", "sbatch -w nope job.sh",
    "srun -p nope hostname", "salloc -t banana true",
])
def test_refused_command_line_tells_why_and_leaves_nothing(slurm, line):
    told = slurm(line)
    assert told.code in (1, 255)
    assert told.stdout == ""
    assert told.stderr.startswith(line.split()[0] + ": ")
    assert slurm("squeue -h").stdout == ""


def test_cancelling_an_unknown_job_is_silent(slurm):
    told = slurm("scancel 999999")
    assert (told.stdout, told.stderr, told.code) == ("", "", 0)


def test_unknown_user_is_named_on_stderr_below_a_header_on_stdout(slurm):
    told = slurm("squeue -u nosuchuser")
    assert told.stdout.split()[0] == "JOBID" and told.stdout.count("\n") == 1
    assert "Invalid user: nosuchuser" in told.stderr
    assert told.code == 0


def test_allocation_is_announced_on_stderr_alone(slurm):
    told = slurm("salloc echo mine")
    assert told.stdout == "mine\n"
    assert re.match(r"salloc: Granted job allocation \d+\n", told.stderr)


@pytest.mark.parametrize("code", [0, 3, 100])
def test_exit_code_of_the_script_comes_through(slurm, code):
    told = slurm(f"sbatch --wait job.sh 0 {code}")
    job = told.stdout.split()[-1]
    assert told.code == code
    state = "COMPLETED" if code == 0 else "FAILED"
    asked = f"sacct -n -X -P -o jobname,state,exitcode -j {job}"
    assert wait_for(slurm, asked, f"job.sh|{state}").strip() == f"job.sh|{state}|{code}:0"


def test_both_streams_go_to_one_file_named_after_the_job(slurm):
    job = submit(slurm, "--wait job.sh")
    assert slurm(f"cat slurm-{job}.out").stdout == "out\nerr\n"


def test_waiting_job_starts_when_the_one_before_it_ends(slurm):
    first = submit(slurm, "-N5 --exclusive job.sh 3")
    second = submit(slurm, "-N5 --exclusive job.sh 0")
    wait_for(slurm, f"squeue -h -j {second} -o %t:%r", "PD:Resources")
    wait_for(slurm, f"scontrol show job {second}", "JobState=COMPLETED")
    times = [wait_for(slurm, f"sacct -n -X -P -o {field},state -j {job}", "COMPLETED").strip()
             for field, job in (("end", first), ("start", second))]
    assert times[0] <= times[1]


def test_begin_time_comes_though_nobody_types_a_command(slurm):
    submit(slurm, "--begin=now+3 -o begun.txt job.sh")
    assert slurm("sleep 12; cat begun.txt").stdout == "out\nerr\n"


def test_job_that_waits_for_failure_never_runs_after_success(slurm):
    good = submit(slurm, "--wait job.sh 0 0")
    never = submit(slurm, f"-d afternotok:{good} -o never.txt job.sh")
    wait_for(slurm, f"squeue -h -j {never} -o %r", "DependencyNeverSatisfied")
    assert slurm(f"scancel {never}; ls never.txt").code == 2


def test_cancelled_job_ends_and_says_so_in_its_output(slurm):
    job = submit(slurm, "job.sh 300")
    wait_for(slurm, f"cat slurm-{job}.out 2>/dev/null", "out")
    assert slurm(f"scancel {job}").code == 0
    assert "CANCELLED AT" in wait_for(slurm, f"cat slurm-{job}.out", "CANCELLED")
    wait_for(slurm, f"scontrol show job {job}", "JobState=CANCELLED")


def test_each_task_knows_its_rank_and_node(slurm):
    told = slurm("srun -N2 -n4 -l bash -c 'echo $SLURM_PROCID $SLURM_NODEID $SLURMD_NODENAME'"
                 " | sort")
    rows = [line.split() for line in told.stdout.splitlines()]
    assert [row[0] for row in rows] == [f"{rank}:" for rank in range(4)]
    assert [row[1] for row in rows] == ["0", "1", "2", "3"]
    assert {row[2] for row in rows} == {"0", "1"}
    assert {row[3] for row in rows} == {"c1", "c2"}
