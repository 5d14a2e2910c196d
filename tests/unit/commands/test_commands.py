"""The commands by their names: what stands on PATH can be found."""

import pytest

from slurm_mock import commands


@pytest.mark.parametrize("name", [*commands.SLURM, *commands.NODE])
def test_each_has_a_function_of_its_own(name):
    main = commands.find(name)
    assert callable(main) and main.__module__.split(".")[1] == "commands" and name in main.__module__


def test_programs_of_a_node_lie_apart():
    assert commands.find("date").__module__ == "slurm_mock.commands.node.date"
    assert not set(commands.SLURM) & set(commands.NODE)


@pytest.mark.parametrize("name", ["nosuch", "shared.call.nosuch"])
def test_there_is_no_other(name):
    with pytest.raises((ModuleNotFoundError, AttributeError)):
        commands.find(name)
