"""quota.charge: the account, association and QOS that a job gets; partitions for some of them."""

import pytest

from slurm_mock.common.records import Job
from slurm_mock.common.slurm_errno import Refused
from slurm_mock.common.slurmdb import Qos
from slurm_mock.slurmctld.acct_policy import charge
from slurm_mock.slurmctld.controller import Controller
from slurm_mock.slurmdbd import register
from slurm_mock.slurmdbd.assoc_mgr import barred
from slurm_mock.slurmdbd.assoc_tree import add_account, add_user
from slurm_mock.slurmdbd.register import fresh
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def cluster(tmp_path):
    """A function that opens a cluster on which ada may charge edu (her default) and lab."""
    def make(enforce="none"):
        tiny = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd",
                    AccountingStorageEnforce=enforce)
        book = fresh({"ClusterName": "tiny"}, NOW)
        book.all_qos.append(Qos(name="long", id=2))
        add_account(book, "edu", "root", NOW)
        add_account(book, "lab", "root", NOW)
        add_user(book, "ada", "edu", NOW)
        add_user(book, "ada", "lab", NOW, qos="normal,long", default_qos="long")
        with tiny.store:
            register.save(tiny.store, book)
        return Controller.open(tiny.state, {"MOCK_SLURM_USER": "ada"})
    return make


def charged(ctl, **fields):
    job = Job(user="ada", partition="main", qos_given=int("qos" in fields), **fields)
    charge(ctl, job)
    return job.account, job.qos, bool(job.assoc_id)


@pytest.mark.parametrize(("enforce", "fields", "wanted"), [
    ("none", {}, ("edu", "normal", True)), ("associations,qos", {}, ("edu", "normal", True)),
    ("none", {"account": "LAB"}, ("lab", "long", True)),
    ("associations,qos", {"account": "lab", "qos": "normal"}, ("lab", "normal", True)),
    ("none", {"account": "nope"}, ("edu", "normal", True)), ("none", {"qos": "nope"}, ("edu", "", True)),
    ("associations", {"qos": "nope"}, ("edu", "", True)),
])
def test_charge(cluster, enforce, fields, wanted):
    assert charged(cluster(enforce), **fields) == wanted


@pytest.mark.parametrize(("enforce", "fields", "why"), [
    ("associations", {"account": "nope"}, "Invalid account or account/partition combination specified"),
    ("qos", {"account": "root"}, "Invalid account or account/partition combination specified"),
    ("qos", {"qos": "nope"}, "Invalid qos specification"), ("qos", {"qos": "long"}, "Invalid qos specification"),
])
def test_refused(cluster, enforce, fields, why):
    with pytest.raises(Refused) as told:
        charged(cluster(enforce), **fields)
    assert told.value.text == why


class Part:
    name = "lab"

    def __init__(self, **options):
        self.options = options


@pytest.mark.parametrize(("options", "what"), [
    ({}, None), ({"AllowAccounts": "ALL"}, None), ({"AllowAccounts": "edu,lab"}, None),
    ({"AllowAccounts": "lab"}, "account"), ({"DenyAccounts": "edu"}, "account"),
    ({"DenyAccounts": "lab"}, None), ({"AllowQos": "long"}, "QOS"), ({"DenyQos": "normal"}, "QOS"),
])
def test_barred(options, what):
    told = barred(Part(**options), "edu", "normal")
    assert (told[0] if told else None) == what
