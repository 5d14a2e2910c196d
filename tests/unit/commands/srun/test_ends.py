"""When a step ends before its time."""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


def test_the_others_are_waited_for_only_so_long(small):
    code, _, err = small("srun -n2 --wait=5 bash -c '[ $SLURM_PROCID = 0 ] || sleep 1000'")
    assert code and b"srun: First task exited 5s ago\n" in err
    assert b"srun: launch/slurm: _step_signal: Terminating StepId=101.0\n" in err


def test_a_failure_ends_the_step_where_it_is_asked_for(small):
    code, _, err = small("srun -n2 -K bash -c '[ $SLURM_PROCID = 1 ] || exit 3; sleep 1000'")
    assert code and b"task 0: Exited with exit code 3" in err


def test_a_step_that_does_not_fit(small):
    code, _, err = small("salloc -Q -n1 srun -n500 true")
    assert code and b"srun: error: Unable to create step for job 101: More processors requested than permitted\n" in err


def test_a_time_limit_ends_the_tasks(small):
    code, _, err = small("srun -t1 sleep 1000")
    assert code and b"CANCELLED AT 2026-03-02T09:01:00 DUE TO TIME LIMIT ***" in err
    assert small("sacct -n -X -P -o state,elapsedraw -j 101")[1] == b"TIMEOUT|60\n"
