"""What the commands say of sbatch's options: each text is said by somebody, and can be filled in."""

import re
from pathlib import Path

import pytest

import slurm_mock
from slurm_mock.common import messages

NAMES = [name for name in vars(messages) if name.isupper()]


def test_nothing_is_kept_that_nobody_says():
    said = "".join(path.read_text(encoding="utf-8") for path in Path(slurm_mock.__file__).parent.rglob("*.py") if path.name != "messages.py")
    assert [name for name in NAMES if not re.search(rf"messages\.{name}\b", said)] == []


@pytest.mark.parametrize("text, values, line", [
    (messages.FEWER_NODES, {"tasks": 2, "nodes": 3}, "Warning: can't run 2 processes on 3 nodes, setting nnodes to 2"),
    (messages.BAD_TIME, {"value": "x"}, "Invalid time specification (pos=0): x"),
    (messages.TOO_MANY_NAMED, {"named": 3, "most": 2}, "Required nodelist includes more nodes than permitted by max-node count (3 > 2). "
                                                       "Eliminating nodes from the nodelist.")])
def test_filled_in(text, values, line):
    assert text.format(**values) == line
