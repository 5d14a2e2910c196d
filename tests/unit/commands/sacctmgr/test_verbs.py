"""sacctmgr's table of verbs: what stands in it can be called."""

import importlib

import pytest

from slurm_mock.commands.sacctmgr import verbs


@pytest.mark.parametrize("key", verbs.FUNCTIONS, ids=str)
def test_each_row_names_a_function_that_is_there(key):
    row = verbs.FUNCTIONS[key]
    module, name = row if isinstance(row, tuple) else row.rsplit(".", 1) if isinstance(row, str) else (row.__module__, row.__name__)
    found = importlib.import_module(module if "." in module else f"slurm_mock.commands.sacctmgr.{module}")
    assert callable(getattr(found, name))


def test_the_usual_ones_are_there():
    verbs_known = {key[0] for key in verbs.FUNCTIONS}
    assert {"list", "add", "modify", "delete"} <= verbs_known
