"""sacctmgr: what the transcripts sacctmgr-*.txt do not show - files, the question, damaged input."""

import pytest

from slurm_mock import api
from slurm_mock.slurmdbd import register
from slurm_mock.slurmdbd.register import fresh
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    made = Tiny(tmp_path / "s", user="slurm", AccountingStorageType="accounting_storage/slurmdbd")
    with made.store:
        register.save(made.store, fresh({"ClusterName": "tiny"}, NOW))
    return made


def admin(tiny, *argv, stdin=b"", cwd=None):
    done = api.run("sacctmgr", argv, stdin=stdin, state=tiny.state, cwd=cwd, env={
        "MOCK_SLURM_DRIVEN": "1", "MOCK_SLURM_ADMIN": "1"})
    return done.code, done.out.decode(), done.err.decode()


def accounts(tiny):
    return admin(tiny, "-nP", "show", "account", "format=account")[1].split()


@pytest.mark.parametrize(("answer", "kept", "told"), [
    (b"y", True, "(N/y): \n"), (b"Y", True, "(N/y): \n"), (b"n", False, " Changes Discarded\n"),
    (b"\n", False, " Changes Discarded\n"), (b"", False, " Changes Discarded\n"),
    (b"?y", True, "Y or N please\n(N/y): \n")])
def test_a_change_holds_when_the_answer_is_yes(tiny, answer, kept, told):
    code, out, err = admin(tiny, "add", "account", "lab", stdin=answer)
    assert (code, err) == (0, "") and out.endswith(told)
    assert ("lab" in accounts(tiny)) is kept


def test_what_was_dumped_can_be_loaded_elsewhere(tiny, tmp_path):
    for words in (["account", "lab", "Description=some words", "grpjobs=4"],
                  ["account", "deep", "parent=lab", "maxtres=cpu=8,mem=4G", "fairshare=7"],
                  ["user", "root", "account=deep", "maxwall=90"]):
        assert admin(tiny, "-i", "add", *words)[0] == 0
    code, out, err = admin(tiny, "dump", "tiny", "file=t.cfg", cwd=str(tmp_path))
    assert code == 0 and "sacctmgr: Parent - 'lab'\n" in err
    lines = [line for line in (tmp_path / "t.cfg").read_text().splitlines() if line[0] != "#"]
    assert lines[3:] == [
        "Account - 'lab':Description='some words':Organization='lab':Fairshare=1:GrpJobs=4",
        "Parent - 'lab'",
        "Account - 'deep':Description='deep':Organization='lab':Fairshare=7:MaxTRESPerJob=cpu=8,mem=4G",
        "Parent - 'deep'",
        "User - 'root':DefaultAccount='root':AdminLevel='Administrator':Fairshare=1:"
        "MaxWallDurationPerJob=90"]
    other = Tiny(tmp_path / "other", AccountingStorageType="accounting_storage/slurmdbd")
    with other.store:
        register.save(other.store, fresh({"ClusterName": "tiny"}, NOW))
    assert admin(other, "-i", "load", "t.cfg", cwd=str(tmp_path))[0] == 0
    shown = ["-nP", "show", "assoc", "wolimits"], ["-nP", "show", "assoc"]
    assert [admin(other, *s) for s in shown] == [admin(tiny, *s) for s in shown]


@pytest.mark.parametrize("text", ["Account 'x'", "Nonsense - 'x'", "Parent - 'nope'", "Account - 'x':Nope=3",
                                  "Account - 'x':MaxJobs", "User - 'x':MaxJobs=many"])
def test_a_damaged_file_changes_nothing(tiny, tmp_path, text):
    (tmp_path / "t.cfg").write_text(f"Account - 'first':Fairshare=1\n{text}\n")
    code, _, err = admin(tiny, "-i", "load", "t.cfg", cwd=str(tmp_path))
    assert code == 1 and err and "Traceback" not in err
    assert accounts(tiny) == ["root"]


def test_a_file_that_is_not_utf_8(tiny, tmp_path):
    (tmp_path / "t.cfg").write_bytes(b"Account - 'caf\xe9':Fairshare=1\n")
    assert admin(tiny, "-i", "load", "t.cfg", cwd=str(tmp_path)) == (
        1, "", " Unable to read 't.cfg': not UTF-8\n")
    assert accounts(tiny) == ["root"]


def test_a_file_that_is_not_there(tiny, tmp_path):
    assert admin(tiny, "-i", "load", "nope.cfg", cwd=str(tmp_path))[0] == 1
    code, _, err = admin(tiny, "dump", "tiny", "file=no/such/folder.cfg", cwd=str(tmp_path))
    assert code == 1 and "No such file" in err


def test_transactions_tell_who_changed_what(tiny):
    admin(tiny, "-i", "add", "account", "lab")
    admin(tiny, "-i", "modify", "account", "lab", "set", "fairshare=3")
    _, out, _ = admin(tiny, "-nP", "show", "transaction", "format=action,actor,where")
    assert out == "Add Accounts|slurm|lab\nModify Associations|slurm|lab\n"


def test_help_lists_options_and_verbs(tiny):
    code, out, err = admin(tiny, "--help")
    assert (code, err) == (0, "") and "--immediate" in out and "modify" in out


def test_without_an_accounting_database_nothing_works(tmp_path):
    done = Tiny(tmp_path / "s").run("sacctmgr", "show", "qos")
    assert done.code == 1 and "accounting_storage/slurmdbd" in done.err
