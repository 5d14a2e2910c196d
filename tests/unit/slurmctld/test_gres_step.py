"""Which of its job's GRES a step gets, and what it is refused.  (Expectations: cases/commands/94-steps-gres, real Slurm.)"""

import pytest

from slurm_mock.common import slurm_errno
from slurm_mock.common.records import Job, Share, Step, pack_alloc
from slurm_mock.common.slurm_errno import Refused
from slurm_mock.slurmctld import gres_step
from slurm_mock.slurmctld.gres_step import of_step


def job(*counts, kind="gpu:K80", **fields):
    """A job with so many GPUs on n1, n2 ..."""
    shares = [Share(f"n{i}", 2, gres={kind: list(range(count))} if count else {}) for i, count in enumerate(counts, 1)]
    return Job(alloc=pack_alloc(shares), **{"gres": f"gpu:{max(counts)}", **fields})


def got(given, of, tasks=None, running=(), inherits=True):
    return of_step(given, of, running, tasks or {"n1": 1}, inherits)


@pytest.mark.parametrize("given, indices", [
    ({}, [0, 1]), ({"gres": "gpu:1"}, [0]), ({"gres": "gpu:2"}, [0, 1]), ({"gpus": "1"}, [0]), ({"gpus-per-node": "1"}, [0]),
    ({"gpus-per-task": "1"}, [0]), ({"gres": "gpu:1", "gpus": "2"}, [0]), ({"gpus": "1", "gpus-per-node": "2"}, [0, 1])])
def test_what_a_step_gets_of_one_node(given, indices):
    assert got(given, job(2)) == {"n1": {"gpu:K80": indices}}


@pytest.mark.parametrize("given", [{"gres": "none"}, {"gres": "gpu:0"}, {"gpus": "0"}])
def test_a_step_that_wants_none_has_none(given):
    assert got(given, job(2)) == {}


def test_who_has_whole_nodes_hands_on_nothing_unasked():
    assert got({}, job(2, gres=""), inherits=False) == {}
    assert got({"gres": "gpu:1"}, job(2, gres=""), inherits=False) == {"n1": {"gpu:K80": [0]}}


def test_over_several_nodes():
    two = {"n1": 1, "n2": 3}
    assert got({"gpus": "3"}, job(2, 2), two) == {"n1": {"gpu:K80": [0, 1]}, "n2": {"gpu:K80": [0]}}
    assert got({"gpus-per-task": "1"}, job(1, 3), two) == {"n1": {"gpu:K80": [0]}, "n2": {"gpu:K80": [0, 1, 2]}}


def test_what_other_steps_have_is_waited_for():
    first = Step(alloc=pack_alloc([Share("n1", 1, gres={"gpu:K80": [0]})]))
    assert got({"gres": "gpu:1"}, job(2), running=[first]) == {"n1": {"gpu:K80": [1]}}
    assert got({"gres": "gpu:2"}, job(2), running=[first]) is None and got({}, job(2), running=[first]) is None
    assert got({"gres": "none"}, job(2), running=[first]) == {}


@pytest.mark.parametrize("given, of, line", [
    ({"gres": "gpu:1"}, job(0, gres=""), gres_step.NOT_IN_JOB),
    ({"gres": "gpu:K420:1"}, job(2), "Step requested GRES (gpu:K420) not found in the job"),
    ({"gpus": "K80:1"}, job(2), "Step requested GRES (gpu:K80) not found in the job"),
    ({"gres": "gpu:3"}, job(2), "Step requested gres_per_node=gpu:3 is more than the job's gres_per_node=gpu:2"),
    ({"gpus": "3"}, job(2), ""),
    ({"gpus": "3"}, job(2, gres="", tres_per_job="gres:gpu:2"), "Step requested gres=gpu:3 is more than the job's gres=gpu:2"),
    ({"gpus-per-task": "2"}, job(2, gres="", tres_per_task="gres:gpu:1"),
     "Step requested gres_per_task=gpu:2 is more than the job's gres_per_task=gpu:1"),
    ({"gpus-per-task": "3"}, job(2), "")])
def test_what_the_job_does_not_have(given, of, line):
    with pytest.raises(Refused) as refused:
        got(given, of)
    assert (refused.value.errno, refused.value.before) == (slurm_errno.ESLURM_INVALID_GRES, line)


def test_fewer_than_nodes_and_more_than_there_are():
    with pytest.raises(Refused) as refused:
        got({"gpus": "1"}, job(1, 1), {"n1": 1, "n2": 1})
    assert refused.value.before == "Step requested gres=gpu:1 is less than the requested min nodes=2"
    with pytest.raises(Refused) as refused:
        got({"gpus-per-task": "2"}, job(2), {"n1": 2})
    assert refused.value.errno == slurm_errno.ESLURM_TOO_MANY_REQUESTED_CPUS


def test_a_type_that_the_job_named_can_be_named_again():
    assert got({"gres": "gpu:K80:1"}, job(2, gres="gpu:K80:2")) == {"n1": {"gpu:K80": [0]}}


def test_what_is_only_counted_is_no_matter():
    of = Job(gres="tmpfs:300", alloc=pack_alloc([Share("n1", 2, gres={"tmpfs": 300})]))
    assert got({"gres": "tmpfs:100"}, of) == {}
