"""Rows of tables that came or went with a release: each kind of table, by the code that reads it.

The rows are made up; what is in the tables names releases that there are.
"""

from __future__ import annotations

import importlib

import pytest

from slurm_mock import api
from slurm_mock.commands import sshare
from slurm_mock.commands.scontrol import print_job, print_lines, print_node
from slurm_mock.commands.shared import acct_fields
from slurm_mock.commands.squeue import print as squeue_print, print_steps
from slurm_mock.commands.sstat import print as sstat_print
from slurm_mock.common import print_fields, print_table, release, slurm_errno
from slurm_mock.common.print_fields import Field
from slurm_mock.conf import defaults, keywords, read_config
from tests.clusters.reading import Tiny

BEFORE, AFTER = 2205, 2411


def seen(at, since=2205, until=None):
    """Is what these columns say there? By the rule alone."""
    return at >= since and (until is None or at < until)


KINDS = pytest.mark.parametrize("since, until", [(2411, None), (2205, 2411), (2411, 2605), (2605, None)])
RELEASES = pytest.mark.parametrize("at", release.RELEASES)


@KINDS
@RELEASES
def test_fields_of_o_and_O(at, since, until, monkeypatch):
    field = Field("NEW", attr="name", since=since, until=until)
    unknown = []
    columns = print_fields.letters("%x", {"x": field}, unknown.append, release=at)
    assert (columns[0].field is field) is seen(at, since, until) and bool(unknown) is not seen(at, since, until)
    for module in (squeue_print, print_steps):
        monkeypatch.setitem(module.NAMES, "new", field)
        assert (module.by_name("new", at) is field) is seen(at, since, until)


@KINDS
@RELEASES
def test_fields_of_accounting(at, since, until, monkeypatch):
    field = acct_fields.AccountField("Wibble", 7, "str", None, since, until)
    for module, columns in ((acct_fields, acct_fields.columns), (sstat_print, sstat_print.columns)):
        monkeypatch.setattr(module, "FIELDS", (*module.FIELDS, field))
        if seen(at, since, until):
            assert columns("wibb", at) == [(field, 7)]
        else:
            with pytest.raises(acct_fields.BadField):
                columns("wibb", at)
    assert (field in [f for f, _ in acct_fields.columns("all", at)]) is seen(at, since, until)


@pytest.mark.parametrize("at", [BEFORE, AFTER])
def test_helpformat(at, tmp_path, monkeypatch):
    """The lists of names are those of the release of the call."""
    tiny = Tiny(tmp_path / "state", AccountingStorageType="accounting_storage/slurmdbd")
    row = acct_fields.AccountField("Wibble", 7, "str", None, AFTER)
    monkeypatch.setattr(acct_fields, "FIELDS", (*acct_fields.FIELDS, row))
    monkeypatch.setattr(sstat_print, "FIELDS", [*sstat_print.FIELDS, row])
    monkeypatch.setattr(sshare, "FIELDS", (*sshare.FIELDS, sshare.Field("Wibble", 7, None, AFTER)))
    for command in ("sacct", "sstat", "sshare"):
        told = api.run(command, ["--helpformat"], env={"MOCK_SLURM_DRIVEN": "1"}, state=tiny.state, release=at)
        assert (b"Wibble" in told.out) is (at == AFTER), command


@pytest.mark.parametrize("at, format", [(2205, "one"), (2411, "two"), (2605, "two")])
def test_default_formats(at, format):
    assert release.as_of({2205: "one", 2411: "two"}, at) == format
    assert release.as_of("one", at) == "one"
    assert release.as_of({2605: "three"}, at) == ("three" if at == 2605 else None)


@KINDS
@RELEASES
def test_columns_of_sacctmgr(at, since, until):
    row = ([("Wibble", 3)], "wibble", "Wibble", 7, print_table.TEXT, since, until)
    if seen(at, since, until):
        assert print_table.columns(["wib"], [row], {}, at)[0].title == "Wibble"
    else:
        with pytest.raises(print_table.UnknownField):
            print_table.columns(["wib"], [row], {}, at)


@RELEASES
def test_texts_of_errors(at, monkeypatch):
    monkeypatch.setitem(slurm_errno.TEXTS, 29999, {2411: "It came"})
    monkeypatch.setitem(slurm_errno.TEXTS, 29998, {2205: "It was", 2411: None})
    monkeypatch.setitem(slurm_errno.TEXTS, 2000, {2205: "Old words", 2605: "New words"})
    assert (slurm_errno.strerror(29999, at) == "It came") is (at >= 2411)
    assert (slurm_errno.strerror(29998, at) == "It was") is (at < 2411)
    assert slurm_errno.strerror(2000, at) == ("New words" if at == 2605 else "Old words")
    assert slurm_errno.Refused(2000).says(at) == slurm_errno.strerror(2000, at)


@pytest.mark.parametrize("at, told", [(2205, "Old words"), (2411, "New words")])
def test_a_command_prints_its_releases_text(at, told, tmp_path, monkeypatch):
    monkeypatch.setitem(slurm_errno.TEXTS, slurm_errno.ESLURM_INVALID_JOB_ID, {2205: "Old words", 2411: "New words"})
    tiny = Tiny(tmp_path / "state")
    done = api.run("squeue", ["-j", "77"], env={"MOCK_SLURM_DRIVEN": "1"}, state=tiny.state, release=at)
    assert done.err.decode() == f"slurm_load_jobs error: {told}\n"


@RELEASES
def test_lines_of_scontrol_show(at):
    table = ((("Always", lambda s: 1), ("New", lambda s: 2, 2411), ("Gone", lambda s: 3, 2205, 2411)),
             (("Line", lambda s: 4, 2605),))
    assert print_lines.lines(table, None, at) == {
        2205: ["Always=1 Gone=3"], 2411: ["Always=1 New=2"], 2605: ["Always=1 New=2", "Line=4"]}[at]


@pytest.mark.parametrize("at", [None, 2205, 2411])
def test_a_cluster_has_one_release(at, tmp_path, monkeypatch):
    """The store's meta "release"; without one it is 22.05."""
    monkeypatch.setattr(print_job, "JOB", (*print_job.JOB, (("Wibble", lambda s: "x", 2411),)))
    tiny = Tiny(tmp_path / "state")
    tiny.job()
    if at:
        with tiny.store:
            tiny.store.set_meta("release", at)
    assert ("Wibble=x" in tiny.run("scontrol", "show", "job").out) is (at == 2411)


@RELEASES
def test_keywords_of_slurm_conf(at, monkeypatch):
    monkeypatch.setattr(keywords, "CHANGES", {2411: {"config": (["WibbleDir"], ["KillWait"]),
                                                     "node": (["wibble"], [])}, 2605: {"config": ([], ["WibbleDir"])}})
    assert keywords.spelling("wibbledir", at) == ("WibbleDir" if at == 2411 else None)
    assert keywords.spelling("KILLWAIT", at) == ("KillWait" if at == 2205 else None)
    assert ("wibble" in keywords.table("node", at)) is (at >= 2411)


@pytest.mark.parametrize("at", [2205, 2411])
def test_a_conf_is_read_as_its_release_does(at, tmp_path, monkeypatch):
    monkeypatch.setattr(keywords, "CHANGES", {2411: {"config": (["WibbleDir"], [])}})
    path = tmp_path / "slurm.conf"
    path.write_text("ClusterName=one\nWibbleDir=/tmp\nNodeName=n1\nPartitionName=p Nodes=n1\n")
    found = read_config.read(str(path), at)
    assert bool(found.unknown) is (at == 2205) and ("WibbleDir" in found.config) is (at == 2411)


@RELEASES
def test_defaults_of_slurm_conf(at, monkeypatch):
    monkeypatch.setattr(defaults, "CHANGES", {2411: {"KillWait": "60 sec", "KeepWibble": "(null)", "TmpFS": None}})
    table = defaults.table(at)
    assert table["KillWait"] == ("30 sec" if at == 2205 else "60 sec")
    assert ("TmpFS" in table) is (at == 2205) and ("KeepWibble" in table) is (at >= 2411)
    if at >= 2411:
        names = list(table)
        assert names[names.index("KeepWibble") - 1] < "KeepWibble" < names[names.index("KeepWibble") + 1]


# ---- what is in the tables -----------------------------------------------------------

def rows():
    """(where, since, until) of every row of the tables that have these columns."""
    for module in ("squeue.print", "squeue.print_steps", "sinfo.print", "sprio.print"):
        found = importlib.import_module(f"slurm_mock.commands.{module}")
        names = {} if module == "sprio.print" else found.NAMES
        for name, field in {**found.LETTERS, **names}.items():
            yield f"{module} {name}", field.since, field.until
    for module in (acct_fields, sstat_print, sshare):
        for field in module.FIELDS:
            yield f"{module.__name__} {field.name}", field.since, field.until
    from slurm_mock.commands.sacctmgr.print import FIELDS
    for row in FIELDS:
        yield f"sacctmgr {row[1]}", *row[5:]
    for table in (print_job.JOB, print_job.STEP, print_node.NODE, print_node.PARTITION, print_node.RESERVATION):
        for label, _, *when in (row for line in table for row in line):
            since, until = (*when, *(2205, None)[len(when):])
            yield f"scontrol show {label}", since, until


def releases():
    """(where, release) of every {release: value}."""
    for number, text in slurm_errno.TEXTS.items():
        if isinstance(text, dict):
            yield from ((number, key) for key in text)
    for changes in (keywords.CHANGES, defaults.CHANGES):
        yield from (("slurm.conf", key) for key in changes)
    from slurm_mock.commands import sinfo
    from slurm_mock.commands.squeue import opts
    for module, names in ((acct_fields, "BRIEF DEFAULT LONG"), (sstat_print, "DEFAULT PIDS"), (opts, "DEFAULT LONG STEPS"),
                          (sshare, "DEFAULT PARTITION LONG"),
                          (sinfo, "DEFAULT LONG SUMMARY NODES NODES_LONG REASONS REASONS_LONG")):
        for name in names.split():
            yield from ((f"{module.__name__}.{name}", key) for key in getattr(module, name))


def test_columns_name_releases_that_there_are():
    wrong = [where for where, since, until in rows()
             if since not in release.RELEASES or until not in (None, *release.RELEASES)]
    assert wrong == [] and len(list(rows())) > 500


def test_differences_are_by_releases_that_there_are():
    assert [where for where, key in releases() if key not in release.RELEASES] == []
    assert len(list(releases())) >= 18
