"""What the accounting database says to a submission, on a store."""

import pytest

from slurm_mock.common.slurmdb import Qos
from slurm_mock.slurmdbd import register
from slurm_mock.slurmdbd.assoc_tree import add_account, add_user
from slurm_mock.store import accounting
from tests.clusters.reading import Tiny

POLICY = ("Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)")


@pytest.fixture
def tiny(tmp_path):
    """ada may submit two jobs at a time, three tasks in QOS tight."""
    made = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd",
                AccountingStorageEnforce="associations,limits,qos")
    book = register.fresh({"ClusterName": "tiny"}, 0)
    book.all_qos += [Qos(name="tight", id=2, max_submit_pu=3), Qos(name="other", id=3)]
    book.index()
    add_account(book, "edu", "root", 0)
    add_user(book, "ada", "edu", 0, max_submit=2, qos="normal,tight")
    with made.store:
        register.save(made.store, book)
    return made


def submit(tiny, *options):
    return tiny.run("sbatch", "-H", *options, "--wrap", "true")


def test_no_more_jobs_than_a_user_may_have(tiny):
    assert [submit(tiny).code for _ in range(2)] == [0, 0]
    refused = submit(tiny)
    assert refused.code == 1 and refused.err == (
        "sbatch: error: AssocMaxSubmitJobLimit\n"
        f"sbatch: error: Batch job submission failed: {POLICY}\n")
    tiny.run("scancel", "1")
    assert submit(tiny).code == 0


def test_each_task_of_an_array_counts(tiny):
    assert submit(tiny, "--array=1-3").code == 1
    assert submit(tiny, "-q", "tight", "--array=1-3").code == 0
    refused = submit(tiny, "-q", "tight")
    assert refused.err.startswith("sbatch: error: QOSMaxSubmitJobPerUserLimit\n")
    assert accounting.submitted(tiny.store, {"qos": "tight", "user": "ada"}) == 3
    assert accounting.submitted(tiny.store, {"qos": "tight", "user": "bob"}) == 0


@pytest.mark.parametrize("name", ["nope", "other"])
def test_a_qos_must_be_one_that_the_association_allows(tiny, name):
    refused = submit(tiny, "-q", name)
    assert (refused.code, refused.err) == (
        1, "sbatch: error: Batch job submission failed: Invalid qos specification\n")
