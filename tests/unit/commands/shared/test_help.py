"""--help and --usage in the shape of Slurm's (tests/conformance/cases/commands/88-help-shape.sh has the same of real Slurm)."""

import importlib

import pytest

from slurm_mock.commands.shared import help as shaped
from slurm_mock.commands.slurm_opt.table import LETTERS, table
from slurm_mock.common.release import CURRENT


def options_of(name):
    if name in LETTERS:
        return table(LETTERS[name])
    module = importlib.import_module(f"slurm_mock.commands.{name}")
    return module.TABLE if hasattr(module, "TABLE") else module.OPTIONS


@pytest.mark.parametrize("name", ["sbatch", "srun", "salloc", "scancel", "sattach", "sbcast", "sdiag", "strigger"])
def test_each_option_that_the_shape_has_is_one(name):
    words = " ".join(names for _, names in shaped.SHAPES[name].groups)
    missing = [word for word in words.split() if not shaped.rows(word, options_of(name), CURRENT)]
    assert missing == []


def test_groups_in_order():
    text = shaped.text("sbatch", "", options_of("sbatch"), CURRENT, False)
    lines = text.splitlines()
    assert lines[0].startswith("Usage: sbatch [OPTIONS(0)...]")
    assert [line for line in lines if line.endswith(" options:")] == [
        "Parallel run options:", "Constraint options:", "Consumable resources related options:", "GPU scheduling options:",
        "Help options:", "Other options:"]
    assert lines[3].startswith("  -a, --array=VALUE ") and "  -B, --extra-node-info=VALUE" in text


def test_usage_is_short():
    text = shaped.text("sbatch", "", options_of("sbatch"), CURRENT, True)
    assert text.startswith("Usage: sbatch [-a VALUE]") and max(map(len, text.splitlines())) <= shaped.WIDTH
    assert text.endswith(" script [args...]\n") and text.count("[") == text.count("]")


def test_a_command_without_a_shape_has_a_plain_list():
    assert shaped.text("seff", "JOBID", [], CURRENT, False) == "Usage: seff JOBID\n"
