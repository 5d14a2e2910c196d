"""The accounting database of a new cluster: what slurmdbd makes by itself, how it is kept and added to.
(Expectations: transcripts/sacctmgr/sacctmgr-show.txt; as_mysql_cluster.c.)"""

import pytest

from slurm_mock.common.tres import word
from slurm_mock.slurmdbd import register
from tests.clusters.reading import Tiny

NOW = 1_000_000
CONFIG = {"ClusterName": "Tiny", "SlurmctldHost": "head(10.0.0.1)", "SlurmctldPort": "6820-6822",
          "AccountingStorageTRES": "gres/gpu,license/ansys,cpu"}


@pytest.fixture
def store(tmp_path):
    return Tiny(tmp_path / "s").store


def test_a_fresh_database():
    book = register.fresh(CONFIG, NOW)
    (cluster,) = book.all_clusters
    assert (cluster.name, cluster.control_host, cluster.control_port, cluster.rpc_version) == ("tiny", "10.0.0.1", 6820, 9728)
    assert [(q.name, q.id) for q in book.all_qos] == [("normal", 1)] and book.next_qos_id == 2
    assert [(a.account, a.user) for a in book.associations] == [("root", ""), ("root", "root")]
    assert book.users["root"].admin_level == "Administrator" and book.default_account("root") == "root"


def test_tres_have_slurms_numbers():
    """slurmdb_defs.h: TRES_CPU 1 ... TRES_PAGES 8; one's own begin at 1001."""
    assert [(t.id, word(t)) for t in register.all_tres(CONFIG)] == [
        (1, "cpu"), (2, "mem"), (3, "energy"), (4, "node"), (5, "billing"), (6, "fs/disk"), (7, "vmem"), (8, "pages"),
        (1001, "gres/gpu"), (1002, "license/ansys")]


@pytest.mark.parametrize("host, address", [("head", "head"), ("head(10.0.0.1)", "10.0.0.1"), ("", "")])
def test_the_controllers_address(host, address):
    assert register.control_host({"SlurmctldHost": host}) == address
    assert register.cluster_name({"ClusterName": "BIG"}) == "big" and register.cluster_name({}) == "cluster"


def test_what_is_saved_is_read_again(store):
    book = register.fresh(CONFIG, NOW)
    register.enrol(book, "ada", "lab", NOW)
    with store:
        register.save(store, book)
    version = store.meta("book_version")
    back = register.read(store, CONFIG)
    assert [a.row() for a in back.associations] == [a.row() for a in book.associations]
    assert (back.next_id, back.next_qos_id) == (book.next_id, book.next_qos_id)
    with store:
        register.save(store, back)
    assert store.meta("book_version") == version + 1


def test_ids_are_used_up_though_the_book_is_thrown_away(store):
    with store:
        register.save(store, register.fresh(CONFIG, NOW))
    book = register.read(store, CONFIG)
    register.enrol(book, "ada", "lab", NOW)
    with store:
        register.keep_ids(store, book)
    assert register.read(store, CONFIG).next_id == book.next_id and register.read(store, CONFIG).find("ada") is None


def test_a_cluster_registers_itself_and_its_new_tres(store):
    with store:
        register.register(store, {"ClusterName": "tiny"}, NOW)
    assert "gres/gpu" not in register.read(store, CONFIG).tres
    with store:
        register.register(store, {"ClusterName": "tiny", "AccountingStorageTRES": "gres/gpu"}, NOW)
        register.register(store, {"ClusterName": "tiny", "AccountingStorageTRES": "gres/gpu,gres/mps"}, NOW)
    tres = register.read(store, CONFIG).tres
    assert (tres["gres/gpu"].id, tres["gres/mps"].id) == (1001, 1002)


def test_users_are_enrolled():
    book = register.fresh(CONFIG, NOW)
    assert register.enrol(book, "ada", "Lab", NOW) and book.default_account("ada") == "lab"
    assert not register.enrol(book, "ada", "lab", NOW)
    assert register.enrol(book, "ada", "other", NOW) and book.default_account("ada") == "other"
    assert len([a for a in book.associations if a.user == "ada" and a.is_default]) == 1
