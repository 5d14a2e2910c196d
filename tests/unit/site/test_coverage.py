"""What the mock supports, as data."""

import pytest

from slurm_mock.site import coverage


@pytest.mark.parametrize("command, names, value, status", [
    ("squeue", ["--jobs", "-j"], "optional", coverage.SUPPORTED), ("squeue", ["--federation"], "none", coverage.WITHOUT_EFFECT),
    ("squeue", ["--nosuch"], "none", coverage.MISSING), ("squeue", ["--jobs"], "none", coverage.MISSING),
    ("sbatch", ["--gpu-freq"], "required", coverage.WITHOUT_EFFECT), ("nosuch", ["--help"], "none", coverage.MISSING)])
def test_options(command, names, value, status):
    assert coverage.option_status(command, names, value) == status


@pytest.mark.parametrize("command, word, status", [
    ("scontrol", "hold", coverage.SUPPORTED), ("scontrol", "nosuch", coverage.MISSING), ("sacctmgr", "add", coverage.SUPPORTED),
    ("sacctmgr", "archive", coverage.MISSING), ("squeue", "hold", coverage.MISSING)])
def test_words(command, word, status):
    assert coverage.word_status(command, word) == status


@pytest.mark.parametrize("command, field, status", [
    ("sacct", "MaxRSS", coverage.SUPPORTED), ("sacct", "nosuch", coverage.MISSING), ("sshare", "FairShare", coverage.SUPPORTED)])
def test_fields(command, field, status):
    assert coverage.field_status(command, field) == status


def test_a_command_that_is_none_has_no_table():
    with pytest.raises(LookupError):
        coverage.table("nosuch")
