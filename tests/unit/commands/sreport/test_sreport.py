"""sreport: figures. Its heads and mistakes are in
tests/conformance/transcripts/sreport/sreport.txt."""

import pytest

from slurm_mock.slurmdbd import register
from slurm_mock.slurmdbd.assoc_tree import add_account, add_user
from slurm_mock.slurmdbd.register import fresh
from tests.clusters.reading import NOW, Tiny

PERIOD = ("start=2026-03-02T08:00", "end=2026-03-02T09:00")


@pytest.fixture
def tiny(tmp_path):
    """An hour in which ada's jobs took 600 and 60 CPU minutes, bob's 30."""
    made = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd")
    book = fresh({"ClusterName": "tiny"}, NOW - 9000)
    add_account(book, "edu", "root", NOW - 9000)
    add_account(book, "lab", "edu", NOW - 9000)
    ada, bob = add_user(book, "ada", "edu", NOW - 9000).id, add_user(book, "bob", "lab", NOW - 9000).id
    with made.store:
        register.save(made.store, book)
    made.store.set_meta("boot_time", NOW - 7200)
    made.running("n[1-5]", since=900, assoc_id=ada)
    made.running("n6", since=900, cpus=4, assoc_id=ada)
    made.running("g1", since=900, cpus=2, user="bob", assoc_id=bob)
    return made


def test_accounts_with_their_users(tiny):
    done = tiny.run("sreport", "-n", "-P", "cluster", "AccountUtilizationByUser", *PERIOD,
                    "format=cluster,account,login,used")
    assert (done.code, done.err) == (0, "")
    assert done.out == "tiny|root||690\ntiny|edu||690\ntiny|edu|ada|660\ntiny|lab||30\ntiny|lab|bob|30\n"


@pytest.mark.parametrize(("words", "out"), [
    (["user", "top", "format=login,account,used"], "ada|edu|660\nbob|lab|30\n"),
    (["user", "top", "topcount=1", "format=login,used"], "ada|660\n"),
    (["-t", "hours", "cluster", "UserUtilizationByAccount", "format=login,used"], "ada|11\nbob|0\n"),
    (["-t", "percent", "user", "top", "format=login,used"], "ada|19.64%\nbob|0.89%\n"),
    (["-T", "mem,node", "user", "top", "users=bob", "format=login,tresname,used"],
     "bob|mem|15000\nbob|node|15\n"),
    (["cluster", "utilization", "format=allocated,idle,reported"], "690|2670|3360\n"),
    (["-t", "secper", "cluster", "utilization", "format=allocated"], "41400(20.54%)\n"),
    (["job", "sizes", "grouping=3,20"], "tiny|root|30|60|600|100.00%\n"),
    (["job", "sizes", "grouping=3,20", "flatview", "printjobcount"],
     "tiny|edu|0|1|1|66.67%\ntiny|lab|1|0|0|33.33%\n"),
    (["cluster", "AccountUtilizationByUser", "accounts=lab", "format=account,login,used"],
     "lab||30\nlab|bob|30\n"),
])
def test_figures(tiny, words, out):
    done = tiny.run("sreport", "-n", "-P", *words, *PERIOD)
    assert (done.code, done.err, done.out) == (0, "", out)


def test_without_an_accounting_database_there_is_nothing_to_report(tmp_path):
    done = Tiny(tmp_path / "s").run("sreport", "user", "top")
    assert done.code == 1 and "accounting_storage/slurmdbd" in done.err
