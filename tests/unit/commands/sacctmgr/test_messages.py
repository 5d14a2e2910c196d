"""Slurm's words: each text of sacctmgr's is said by somebody, and can be filled in; so are some that
stand in the file of their command."""

import re
import string
from pathlib import Path

import pytest

import slurm_mock
from slurm_mock.commands.sacctmgr import messages
from slurm_mock.commands.shared.call import TRY_HELP
from slurm_mock.commands.slurm_opt.table import FEWER_NODES
from slurm_mock.slurmd.jobacct_gather import OVER_MEMORY

NAMES = [name for name in vars(messages) if name.isupper()]
PACKAGE = Path(slurm_mock.__file__).parent


@pytest.fixture(scope="module")
def said():
    """The names that any other module says with messages.NAME, or imports."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if path.name != "messages.py":
            found.update(re.findall(r"\b[A-Z][A-Z_]{2,}\b", path.read_text(encoding="utf-8")))
    return found


def test_nothing_is_kept_that_nobody_says(said):
    assert [name for name in NAMES if name not in said] == []


def test_texts_are_lines_whose_gaps_have_names():
    for name in NAMES:
        value = getattr(messages, name)
        for text in value.values() if isinstance(value, dict) else [value]:
            gaps = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
            assert all(gap.isidentifier() for gap in gaps), name
            assert text == text.rstrip(" ") or name == "PROMPT", name


@pytest.mark.parametrize("text, values, line", [
    (TRY_HELP, {"name": "squeue"}, 'Try "squeue --help" for more information'),
    (OVER_MEMORY, {"step": "7.batch", "used": 9, "limit": 5},
     "StepId=7.batch exceeded memory limit (9 > 5), being killed"),
    (FEWER_NODES, {"tasks": 2, "nodes": 3},
     "Warning: can't run 2 processes on 3 nodes, setting nnodes to 2"),
])
def test_filled_in(text, values, line):
    assert text.format(**values) == line
