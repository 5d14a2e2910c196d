"""One run of sacctmgr: who may do what, lists of QOS, what is kept and what is asked.
(Expectations: sacctmgr(1); transcripts/sacctmgr/.)"""

import io

import pytest

from slurm_mock.commands.sacctmgr import session as session_file
from slurm_mock.commands.sacctmgr.session import Session, ask, clusters_known, level_named, read_letter
from slurm_mock.commands.shared.call import Call
from slurm_mock.common.slurmdb import Coordinator, Qos, Transaction
from slurm_mock.slurmdbd import register
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd")
    book = register.fresh({"ClusterName": "tiny"}, NOW)
    register.enrol(book, "ada", "lab", NOW)
    book.all_qos.append(Qos(name="high", id=2))
    book.all_coordinators.append(Coordinator(account="lab", user="ada"))
    with tiny.store:
        register.save(tiny.store, book)
    return tiny


@pytest.fixture
def session(tiny):
    """A function of what is typed -> Session of ada's, or of the administrator's."""
    def made(typed=b"", admin=False):
        env = {"MOCK_SLURM_DRIVEN": "1", "MOCK_SLURM_USER": "ada", **({"MOCK_SLURM_ADMIN": "1"} if admin else {})}
        return Session(Call("sacctmgr", [], env, "/", io.BytesIO(typed), io.BytesIO(), io.BytesIO(), tiny.state))
    return made


def said(one):
    return one.call.out.getvalue().decode(), one.call.err.getvalue().decode()


def test_rights(session):
    one = session()
    assert (one.level(), session(admin=True).level()) == (0, 2)
    one.book.users["ada"].admin_level = "Operator"
    assert one.level() == 1 and one.coordinates("lab") and not one.coordinates("root")


@pytest.mark.parametrize("text, level", [("op", "Operator"), ("Admin", "Administrator"), ("none", "None"), ("", None), ("x", None)])
def test_levels_by_name(text, level):
    assert level_named(text) == level


@pytest.mark.parametrize("text, sign, signed, found", [
    ("normal,high", "", False, ["normal", "high"]), ("high,high", "", False, ["high"]), ("", "", False, []), ("", "", True, [("", "")]),
    ("+high,-normal", "", True, [("+", "high"), ("-", "normal")]), ("high", "-", True, [("-", "high")]), ('"high"', "", True, [("", "high")])])
def test_lists_of_qos(session, text, sign, signed, found):
    assert session().qos_list(text, sign, signed) == found


@pytest.mark.parametrize("text, says", [
    ("nosuch", "sacctmgr: error: You gave a bad qos 'nosuch'. Valid QOS's are normal,high\n"),
    ("normal,,", "sacctmgr: error: You gave me an empty qos list\n"),
    ("normal,+high", "sacctmgr: error: You can't set qos equal to something and then add or subtract from it in the same line\n")])
def test_lists_that_are_none(session, text, says):
    one = session()
    assert one.qos_list(text) is None and said(one)[1] == says


@pytest.mark.parametrize("typed, yes", [(b"y", True), (b"Y", True), (b"n", False), (b"\n", False), (b"", False), (b"xy", True)])
def test_the_question(session, typed, yes):
    one = session(typed)
    assert ask(one, "Sure?") is yes
    assert said(one)[0].startswith("Sure? (You have 30 seconds to decide)\n(N/y): ")
    one.asks = False
    assert ask(one, "Sure?")


def test_nobody_answers_in_time(session, monkeypatch, tmp_path):
    import os
    reader, writer = os.pipe()
    monkeypatch.setattr(session_file, "PATIENCE", 0.01)
    one = session()
    with os.fdopen(reader, "rb", buffering=0) as one.call.stdin:
        assert not ask(one, "Sure?") and said(one)[0].endswith("(N/y): timeout\n")
        os.write(writer, b"y")
        assert read_letter(one.call.stdin) == "y"
    os.close(writer)
    assert read_letter(None) == ""


def test_what_is_committed_stays_with_its_transaction(session, tiny):
    one = session(admin=True)
    one.asks = False
    register.enrol(one.book, "bob", "lab", NOW)
    assert one.commit("Add Users", "bob", "x=1")
    assert session().book.find("bob").account == "lab"
    (done,) = tiny.store.select(Transaction)
    assert (done.time, done.action, done.actor, done.where_text, done.info, done.cluster) == (
        NOW, "Add Users", "slurm", "bob", "x=1", "tiny")


def test_what_is_not_leaves_nothing_but_used_up_ids(session, tiny):
    one = session(b"n", admin=True)
    before = one.book.next_id
    register.enrol(one.book, "bob", "lab", NOW)
    assert not one.commit("Add Users") and said(one)[0].endswith(" Changes Discarded\n")
    assert one.book.find("bob") is None and one.book.next_id == before + 1 and tiny.store.select(Transaction) == []


def test_refusals(session):
    one = session()
    session_file.denied(one, "users")
    session_file.refused(one)
    assert one.exit_code == 1 and said(one)[1] == (
        " Problem adding users: Access/permission denied\n"
        "sacctmgr: error: Your user doesn't have privilege to perform this action\n"
        " Error with request: Access/permission denied\n")


def test_clusters_that_are_not_there(session):
    one = session()
    assert clusters_known(one, []) and clusters_known(one, ["tiny"]) and not clusters_known(one, ["x"])
    assert clusters_known(one, ["x", "tiny"])
    assert said(one)[1].startswith(" This cluster 'x' doesn't exist.\n")
