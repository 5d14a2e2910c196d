"""Lists and files that say where each task runs. Expectations: Slurm 22.05.8
(tests/conformance/transcripts/srun/distribution.txt)."""

import io
import re

import pytest

from slurm_mock.commands.shared.call import Call, Fail
from slurm_mock.commands.slurm_opt.request import Request
from slurm_mock.commands.slurm_opt.table import SRUN, rows
from slurm_mock.commands.srun.hostfile import counts, order


@pytest.fixture
def asked(tmp_path):
    """asked(options, content of hosts.txt or None) -> a Request of srun."""
    def make(options, content=None):
        env = {}
        if content is not None:
            (tmp_path / "hosts.txt").write_text(content)
            env = {"SLURM_HOSTFILE": "hosts.txt"}
        call = Call("srun", [], env, str(tmp_path), None, io.BytesIO(), io.BytesIO(), "")
        request = Request(call, 0)
        request.apply([(rows(SRUN)[name], value) for name, value in options.items()])
        return request
    return make


@pytest.mark.parametrize("options, content, nodes, tasks", [
    ({}, "c2\nc1 # here\n\nc2\n", ["c2", "c1", "c2"], 3), ({"ntasks": "2"}, "c2\nc1\nc2\n", ["c2", "c1"], 2),
    ({}, "c[1-2] c1*2", ["c1", "c2", "c1", "c1"], 4),
    ({"distribution": "arbitrary", "nodelist": "c2,c1,c2"}, None, ["c2", "c1", "c2"], 3),
    ({"distribution": "arbitrary", "nodelist": "./hosts.txt"}, "c1\n", ["c1"], 1)])
def test_order(asked, options, content, nodes, tasks):
    request = asked(options, content)
    assert order(request) == nodes
    job = request.job
    assert (job.ntasks, job.distribution, job.req_nodes) == (
        tasks, "arbitrary", ",".join(dict.fromkeys(nodes)))
    assert job.min_nodes == len(set(nodes))


def test_without_a_list(asked):
    assert order(asked({"nodelist": "c2"}, "c1\n")) == []
    assert order(asked({"distribution": "arbitrary", "ntasks": "2"})) == []


@pytest.mark.parametrize("options, content, told", [
    ({"ntasks": "2"}, "c1\n", "Failure getting NodeNames from hostfile"),
    ({}, "\n", "Failure getting NodeNames from hostfile"), ({}, "c[1-\n", "Invalid node name"),
    ({}, "c1*99999999999999\n", "Invalid node name"), ({}, "c1*" + "9" * 5000, "Invalid node name"),
    ({"distribution": "arbitrary"}, None, "invalid number of tasks (-n 0)"),
    ({"distribution": "arbitrary", "nodelist": "./nope"}, None, "Failure getting NodeNames")])
def test_refused(asked, options, content, told):
    with pytest.raises(Fail, match=re.escape(told)):
        order(asked(options, content))


def test_counts(asked):
    request = asked({})
    assert counts(request, 2, ["c1", "c2"], 1) == [1, 1]
    request.order = ["c2", "c1", "c2"]
    assert counts(request, 3, ["c1", "c2"], 1) == [1, 2]
    with pytest.raises(Fail, match="Unable to create step for job 1: Unspecified error"):
        counts(request, 2, ["c1", "c2"], 1)
    request.order = []
    with pytest.raises(Fail, match="You asked for 3 tasks but hostlist specified 0 nodes"):
        counts(request, 3, ["c1", "c2"], 1)
