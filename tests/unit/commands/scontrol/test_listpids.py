"""scontrol listpids and pidinfo.  (Expectations: scontrol(1); transcripts/squeue/squeue-errors.txt.)"""

import pytest

from slurm_mock.machine.locks import JOB, STEP
from tests.clusters.reading import Tiny

HEAD = "PID      JOBID    STEPID   LOCALID GLOBALID\n"
NOWHERE = "scontrol: error: stepd_available: Couldn't find nodename\n"


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


@pytest.mark.parametrize("words, says", [
    ([], NOWHERE + "No job steps exist on this node.\n"), (["7"], NOWHERE + "JobId=7 does not exist on node (null).\n"),
    (["7.0"], NOWHERE + "StepId=7.0 does not exist on node (null).\n"), (["x"], '"x" does not look like a jobid\n'),
    (["7.x"], '"7.x" does not look like a stepid\n')])
def test_on_a_login_node(tiny, words, says):
    told = tiny.run("scontrol", "listpids", *words)
    assert (told.code, told.out, told.err) == (1, HEAD, says)


@pytest.mark.parametrize("words, says", [
    (["7.0"], "StepId=7.0 does not exist on node n1.\n"), (["*"], "No job steps exist on node n1.\n"),
    (["7"], "There are no steps for job 7 on node n1.\n")])
def test_on_a_node_without_them(tiny, words, says):
    assert tiny.run("scontrol", "listpids", *words, SLURMD_NODENAME="n1").err == says


def test_processes_of_a_step(tiny, staged):
    """Two tasks on two nodes; what a task started has no rank."""
    tiny.step(tiny.running("n[1-2]", id=7), 0, pid=100, ntasks=2, tasks_per_node="1,1", layout="Block")
    staged.owners[STEP + 100] = 100
    for pid, parent in ((201, 100), (202, 100), (203, 202), (300, 1)):
        staged.process(pid, parent)
    assert tiny.run("scontrol", "listpids", "7", "n2").out == (
        HEAD + "202      7        0        0       1       \n203      7        0        -       -       \n")
    assert tiny.run("scontrol", "listpids", "7.0", "n1").out == HEAD + "201      7        0        0       0       \n"


def test_processes_of_a_batch_step_are_not_those_of_its_sruns(tiny, staged):
    job = tiny.running("n1", id=7)
    tiny.step(job, -5, name="batch")
    tiny.step(job, 0, pid=110)
    staged.owners.update({JOB + 7: 50, STEP + 110: 110})
    for pid, parent in ((100, 50), (110, 100), (111, 110), (120, 100)):
        staged.process(pid, parent)
    lines = tiny.run("scontrol", "listpids", "7", "n1").out.splitlines()[1:]
    assert [line.split()[:3] for line in lines] == [
        ["100", "7", "batch"], ["110", "7", "batch"], ["120", "7", "batch"], ["111", "7", "0"]]


def test_nobody_knows_a_process(tiny):
    told = tiny.run("scontrol", "pidinfo", "1")
    assert (told.code, told.err) == (1, "Failed to locate job for requested pid\n")
