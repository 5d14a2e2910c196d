"""Where the tasks of a step run. Expectations: Slurm 22.05.8."""

import pytest

from slurm_mock.layout import layout, named, of_step
from slurm_mock.model import Step


@pytest.mark.parametrize("distribution, nodes", [
    ("", [0, 0, 0, 1]), ("block", [0, 0, 0, 1]), ("cyclic", [0, 1, 0, 0]),
    ("plane=2", [0, 0, 1, 0]), ("cyclic:block", [0, 1, 0, 0])])
def test_layout(distribution, nodes):
    assert layout([3, 1], distribution) == nodes
    step = Step(ntasks=4, tasks_per_node="3,1", layout=named(distribution))
    assert of_step(step) == nodes
