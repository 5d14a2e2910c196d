"""What follows from several options of one job together."""

import pytest

from slurm_mock.commands.shared.call import Fail
from tests.unit.commands.slurm_opt.options import request


def finished(*words, **more):
    return request(*words, **more).finished()


def test_tasks_follow_from_nodes_and_nodes_from_tasks():
    assert finished("-N3").ntasks == 3
    assert finished("-N2", "--ntasks-per-node=4").ntasks == 8
    assert finished("-n8", "--ntasks-per-node=3").min_nodes == 3


def test_fewer_tasks_than_nodes_take_fewer_nodes():
    made = request("-N4", "-n2")
    assert made.finished().min_nodes == 2
    assert made.call.err.getvalue() == b"sbatch: Warning: can't run 2 processes on 4 nodes, setting nnodes to 2\n"


@pytest.mark.parametrize("words, told", [
    (["--mem=1", "--mem-per-cpu=1"], "--mem, --mem-per-cpu, and --mem-per-gpu are mutually exclusive."),
    (["-m", "arbitrary"], "With Arbitrary distribution you need to specify a nodelist or hostfile with the -w option")])
def test_what_does_not_go_together(words, told):
    with pytest.raises(Fail, match=told[:30]):
        finished(*words)


def test_a_deadline_before_the_beginning():
    made = request("--begin=now+100", "--deadline=now+50")
    with pytest.raises(Fail):
        made.finished()
    assert made.call.err.getvalue() == b"sbatch: error: Incompatible begin and deadline time specification\n"


def test_more_named_nodes_than_may_be():
    made = request("-N1", "-w", "n[1-3]", name="srun")
    assert made.room_for_named_nodes() and made.job.req_nodes == "n1"
    assert not request("-N1", "-w", "n[1-3]").room_for_named_nodes()


def test_the_command_line_goes_before_a_variable():
    assert request("-p", "short", env={"SBATCH_PARTITION": "long"}).job.partition == "short"
    assert request(env={"SBATCH_PARTITION": "long"}).job.partition == "long"
    assert request(env={"SBATCH_NOSUCH": "1", "SALLOC_PARTITION": "x"}).job.partition == ""


def test_how_loud_it_is():
    assert request("-vv").loudness == 2 and request().loudness == 0
    assert request("-v", env={"SBATCH_DEBUG": "3"}).loudness == 3, "instead of -v"
    assert request("-v", name="srun", env={"SLURM_DEBUG": "3"}).loudness == 4, "beside it"
