"""sacctmgr: QOS and coordinators.  (Expectations: sacctmgr(1); transcripts/sacctmgr/sacctmgr-modify.txt,
accounts/limits.txt.)"""

import pytest

from slurm_mock.commands.sacctmgr import qos
from slurm_mock.common.slurmdb import Qos
from slurm_mock.slurmdbd import register
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd")
    book = register.fresh({"ClusterName": "tiny"}, NOW)
    register.enrol(book, "ada", "lab", NOW)
    with tiny.store:
        register.save(tiny.store, book)
    return tiny


def sacctmgr(tiny, words, admin=True):
    done = tiny.run("sacctmgr", "-inP", *words.split(), **({"MOCK_SLURM_ADMIN": "1"} if admin else {}))
    return done.code, done.out, done.err


def shown(tiny, name, fields):
    return sacctmgr(tiny, f"show qos {name} format={fields}")[1].rstrip("\n").split("|")


def test_add_tells_what_is_set(tiny):
    assert sacctmgr(tiny, "add qos high priority=10 grptres=cpu=4 maxwall=60 preempt=normal flags=DenyOnLimit usagefactor=2") == (0, (
        " Adding QOS(s)\n  high\n Settings\n  Description    = high\n  Flags                    = DenyOnLimit\n"
        "  GrpTRES                  = cpu=4\n  MaxWall                  = 01:00:00\n  Preempt                  = normal\n"
        "  Priority                 = 10\n  UsageFactor              = 2.0000\n"), "")
    assert shown(tiny, "high", "name,priority,grptres,maxwall,preempt,flags,usagefactor") == [
        "high", "10", "cpu=4", "01:00:00", "normal", "DenyOnLimit", "2.000000"]
    assert sacctmgr(tiny, "add qos high") == (1, " Nothing new added.\n", "")


@pytest.mark.parametrize("words, field, value", [
    ("grpjobs=5", "grpjobs", "5"), ("grpjobs=-1", "grpjobs", ""), ("grptres=mem=1G", "grptres", "cpu=4,mem=1G"),
    ("grptres=cpu=-1", "grptres", ""), ("flags+=NoDecay", "flags", "DenyOnLimit,NoDecay"), ("flags-=DenyOnLimit", "flags", ""),
    ("priority=-1", "priority", "0"), ("maxwall=2:00:00", "maxwall", "02:00:00"), ("preempt-=normal", "preempt", ""), ("gracetime=30", "gracetime", "00:00:30")])
def test_modify(tiny, words, field, value):
    sacctmgr(tiny, "add qos high priority=10 grptres=cpu=4 grpjobs=9 preempt=normal flags=DenyOnLimit")
    code, out, err = sacctmgr(tiny, f"modify qos high set {words}")
    assert (code, out, err) == (0, " Modified qos...\n  high\n", "") and shown(tiny, "high", field) == [value]


def test_delete_takes_it_off_every_list(tiny):
    sacctmgr(tiny, "add qos high")
    sacctmgr(tiny, "modify user ada set qos=normal,high defaultqos=high")
    sacctmgr(tiny, "modify qos normal set preempt=high")
    assert sacctmgr(tiny, "delete qos high") == (0, " Deleting QOS(s)...\n  high\n", "")
    assert shown(tiny, "normal", "preempt") == [""]
    assert sacctmgr(tiny, "show assoc user=ada format=qos,defaultqos")[1] == "normal|\n"
    assert sacctmgr(tiny, "add qos high")[0] == 0 and shown(tiny, "high", "id") == ["2"]        # it keeps its id


def test_nobody_preempts_in_a_circle(tiny):
    sacctmgr(tiny, "add qos high preempt=normal")
    code, _, err = sacctmgr(tiny, "modify qos normal set preempt=high")
    assert code == 1 and "QOS Preemption loop detected" in err and shown(tiny, "normal", "preempt") == [""]


@pytest.mark.parametrize("rows, loop", [([("a", "b"), ("b", "")], False), ([("a", "b"), ("b", "a")], True), ([("a", "a")], True),
                                        ([("a", "b"), ("b", "c"), ("c", "a")], True)])
def test_loops(rows, loop):
    from types import SimpleNamespace as Some
    assert qos.loops(Some(qos={name: Qos(name=name, preempt=preempt) for name, preempt in rows})) is loop


DENIED = ("sacctmgr: error: Your user doesn't have privilege to perform this action\n"
          " Error with request: Access/permission denied\n")


@pytest.mark.parametrize("words, told", [
    ("add qos", (1, "", " Need name of qos to add.\n")), ("add qos x odd=1", (1, " Unknown option: odd=1\n Use keyword 'where' to modify condition\n", "")),
    ("modify qos nosuch set grpjobs=1", (1, " Nothing modified\n", "")), ("delete qos nosuch", (1, " Nothing deleted\n", "")),
    ("modify qos normal set rawusage=5", (1, "", "sacctmgr: error: Raw usage can only be set to 0 (zero)\n")),
    ("modify qos normal set", (1, "", " You didn't give me anything to set\n"))])
def test_mistakes(tiny, words, told):
    assert sacctmgr(tiny, words) == told


@pytest.mark.parametrize("words, err", [("modify qos normal set grpjobs=1", DENIED), ("delete qos normal", DENIED),
                                        ("add qos x", " Problem adding QOS: Access/permission denied\n")])
def test_qos_are_the_administrators(tiny, words, err):
    code, _, told = sacctmgr(tiny, words, admin=False)
    assert (code, told) == (1, err)


def test_coordinators(tiny):
    assert sacctmgr(tiny, "add coordinator account=lab names=ada") == (0, (
        " Adding Coordinator User(s)\n  ada\n To Account(s) and all sub-accounts\n  lab\n"), "")
    assert sacctmgr(tiny, "show account lab withcoord format=account,coord")[1] == "lab|ada\n"
    assert sacctmgr(tiny, "delete coordinator names=ada")[1] == (
        " Removing Coordinators with user name\n  ada\n From all accounts\n Removed Coordinators (sub accounts not listed)...\n"
        "  U = ada       A = lab       \n")
    assert sacctmgr(tiny, "delete coordinator account=lab") == (
        1, " Removing all users from Accounts\n  lab\n Nothing removed\n", "")


@pytest.mark.parametrize("words, err", [
    ("add coordinator", " You need to specify conditions to to add the coordinator.\n"),
    ("add coordinator account=lab", " You need to specify a user list here.\n"), ("add coordinator names=ada", " You need to specify an account list here.\n"),
    ("add coordinator account=nosuch names=ada", " You specified a non-existent account 'nosuch'.\n"),
    ("delete coordinator", " You need to specify a user list or account list here.\n")])
def test_coordinators_need_both(tiny, words, err):
    assert sacctmgr(tiny, words) == (1, "", err)
