"""The words that scontrol takes for commands.  (Expectations: scontrol(1).)"""

import pytest

from slurm_mock.commands.scontrol import opts
from tests.clusters.reading import Tiny


@pytest.mark.parametrize("word, name, least, fits", [
    ("sho", "show", 3, True), ("SHOW", "show", 3, True), ("sh", "show", 3, False), ("shows", "show", 3, False), ("x", "show", 1, False)])
def test_words_may_be_cut_short(word, name, least, fits):
    assert opts.begins(word, name, least) is fits


def meant(word):
    """The command that a word stands for: the first of the table that it begins."""
    return next(name for name, least, *_ in opts.COMMANDS if opts.begins(word, name, least))


@pytest.mark.parametrize("word, name", [
    ("hold", "hold"), ("holdu", "holdu"), ("uhold", "uhold"), ("req", "requeue"), ("requeuehold", "requeuehold"), ("rel", "release"),
    ("su", "suspend"), ("res", "resume"), ("u", "update"), ("d", "details"), ("l", "listpids"), ("pid", "pidinfo"), ("pin", "ping"),
    ("sho", "show"), ("del", "delete"), ("setdebug", "setdebug"), ("setdebugflags", "setdebugflags"), ("se", "setdebug")])
def test_which_command_is_meant(word, name):
    assert meant(word) == name


def test_each_command_has_its_function():
    from importlib import import_module
    for name, least, module, function, few, most, _ in opts.COMMANDS:
        assert 0 < least <= len(name) and few <= most
        if module:
            assert callable(getattr(import_module(f"slurm_mock.commands.scontrol.{module}"), function)), name


@pytest.mark.parametrize("words, says", [
    ("hold", "too few arguments for keyword:hold\n"), ("ping x", "too many arguments for keyword:ping\n"),
    ("nosuch", "invalid keyword: nosuch\n"), ("update", "too few arguments for update keyword\n")])
def test_numbers_of_arguments(tmp_path, words, says):
    told = Tiny(tmp_path / "s").run("scontrol", *words.split())
    assert (told.code, told.err.removeprefix("scontrol: error: ")) == (1, says)


def test_help_tells_of_commands_that_are_told_of(tmp_path):
    told = Tiny(tmp_path / "s").run("scontrol", "--help").out
    assert told.startswith("Usage: scontrol [OPTION]... [COMMAND [ARGUMENT]...]\n") and "\nCommands:\n" in told
    assert "  hold             JOBS: do not start them\n" in told and "  holdu " not in told
