"""srun -v."""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


def test_where_tasks_begin_and_how_they_end(small):
    code, out, err = small("srun -v -n2 echo hi")
    told = err.decode()
    assert code == 0 and out == b"hi\nhi\n"
    assert "srun: jobid 101: nodes(1):`" in told and "launching StepId=101.0 on host " in told and ", 2 tasks: [0-1]\n" in told
    assert "_task_start: Node " in told and "tasks 0-1: Completed\n" in told


def test_a_failure_and_silence(small):
    told = small("srun -v false")[2].decode()
    assert "Received task exit notification for 1 task of StepId=101.0 (status=0x0100)." in told
    assert "task 0: Exited with exit code 1" in told
    assert small("srun true")[2] == b""


def test_cpus_per_task_means_exact(small):
    assert b"Implicitly setting --exact, because -c/--cpus-per-task given." in small("srun -v -c1 true")[2]
