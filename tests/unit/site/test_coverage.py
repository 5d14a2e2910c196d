"""What the mock supports, as data."""

import pytest

from slurm_mock.commands.sacctmgr import print as fields
from slurm_mock.commands.shared import acct_fields
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


def test_fields_are_those_of_a_release(monkeypatch):
    row = acct_fields.AccountField("Wibble", 7, "str", None, since=2411)
    monkeypatch.setattr(acct_fields, "FIELDS", (*acct_fields.FIELDS, row))
    monkeypatch.setattr(fields, "FIELDS", (*fields.FIELDS, fields._f("Wibble:3", "wibble", "W", 7, until=2411)))
    assert [coverage.field_status("sacct", "wibble", at) for at in (2205, 2411)] == [
        coverage.MISSING, coverage.SUPPORTED]
    assert [coverage.field_status("sacctmgr", "wibble", at) for at in (2205, 2411)] == [
        coverage.SUPPORTED, coverage.MISSING]
