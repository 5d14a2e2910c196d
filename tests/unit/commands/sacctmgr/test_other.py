"""sacctmgr: events, problems, transactions, statistics and clusters.  (Expectations: sacctmgr(1);
transcripts/sacctmgr/sacctmgr-show.txt, sacctmgr-add.txt.)"""

import pytest

from slurm_mock.common.records import Reservation
from slurm_mock.slurmdbd import register
from slurm_mock.slurmdbd.assoc_tree import add_account
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd")
    book = register.fresh({"ClusterName": "tiny"}, NOW)
    register.enrol(book, "nobodyatall", "lab", NOW)
    add_account(book, "empty", "root", NOW)
    with tiny.store:
        register.save(tiny.store, book)
    tiny.store.set_meta("boot_time", NOW - 3600)
    return tiny


def sacctmgr(tiny, words, admin=True):
    done = tiny.run("sacctmgr", "-inP", *words.split(), **({"MOCK_SLURM_ADMIN": "1"} if admin else {}))
    return done.code, done.out, done.err


def test_events(tiny):
    tiny.node("n1", state="DOWN", reason="fan", reason_user="root", reason_uid=0, reason_time=NOW - 60)
    tiny.node("n2", flags="DRAIN", reason="disk", reason_time=NOW - 30)
    assert sacctmgr(tiny, "show event format=cluster,nodename,duration,state,reason,user", False) == (0, (
        "tiny||01:00:00||Cluster Registered TRES|\ntiny|n1|00:01:00|DOWN|fan|root(0)\ntiny|n2|00:00:30|IDLE+DRAIN|disk|\n"), "")
    assert sacctmgr(tiny, "show event nodes=n2 format=nodename,event")[1] == "n2|Node\n"
    assert sacctmgr(tiny, "show event event=odd") == (1, "", (
        " Unknown event type: 'odd'  Valid events are Cluster and Node.\n"))


def test_problems_are_the_operators(tiny):
    assert sacctmgr(tiny, "show problem format=account,user,problem")[1] == (
        "empty||Account has no users\nlab|nobodyatall|User does not have a uid\n")
    assert sacctmgr(tiny, "show problem", False) == (1, "", (
        "sacctmgr: error: Access/permission denied\n Error with request: Access/permission denied\n"))


def test_transactions(tiny):
    sacctmgr(tiny, "add account new")
    sacctmgr(tiny, "add qos high")
    assert sacctmgr(tiny, "show transaction format=action,actor,where")[1] == "Add Accounts|slurm|new\nAdd QOS|slurm|high\n"
    assert sacctmgr(tiny, "show txn action=addqos format=action")[1] == "Add QOS\n"
    assert sacctmgr(tiny, "show txn actor=nobody format=action")[1] == ""


@pytest.mark.parametrize("words, admin, told", [
    ("show runaway", True, (0, "Runaway Jobs: No runaway jobs found on cluster tiny\n", "")),
    ("show runaway", False, (1, "", "sacctmgr: error: You must have an AdminLevel>=Operator to fix runaway jobs\n")),
    ("show stats", True, (1, "", "slurm_mock: show stats is not part of the mock\n")), ("clear stats", True, (0, "", "")), ("clear stats", False, (1, "", "")),
    ("show federation", False, (0, "", "")), ("show resource", False, (0, "", ""))])
def test_what_there_is_little_of(tiny, words, admin, told):
    assert sacctmgr(tiny, words, admin) == told


def test_statistics_are_the_administrators(tiny):
    code, _, err = sacctmgr(tiny, "show stats", False)
    assert code == 1 and "acct_storage_p_get_stats: RC:2002" in err


def test_reservations_that_are_not_over(tiny):
    """As case sites/72-reservation-cores: of CPUs, whatever core_cnt says."""
    for name, start, nodes in (("later", NOW + 60, "n[1-2]"), ("now", NOW - 60, "n1"), ("gone", NOW - 700, "n1")):
        tiny.store.insert(Reservation(name=name, start_time=start, end_time=start + 600, nodes=nodes))
    cpus = tiny.controller().cluster().nodes["n1"].cpus
    assert sacctmgr(tiny, "show reservation format=cluster,name,tres,unusedwall", False)[1] == (
        f"tiny|now|cpu={cpus}|60.000000\ntiny|later|cpu={2 * cpus}|0.000000\n")


def test_a_cluster_comes_and_goes(tiny):
    assert sacctmgr(tiny, "add cluster far grpjobs=3") == (0, (
        " Adding Cluster(s)\n  Name           = far\n Setting\n Default Limits\n  GrpJobs       = 3\n"), "")
    assert sacctmgr(tiny, "show cluster format=cluster")[1] == "far\ntiny\n"
    assert sacctmgr(tiny, "show assoc cluster=far format=account,user,grpjobs")[1] == "root||3\nroot|root|\n"
    assert sacctmgr(tiny, "add cluster far") == (1, " This cluster far already exists.  Not adding.\n", "")
    assert sacctmgr(tiny, "delete cluster far") == (0, " Deleting clusters...\n  far\n", "")
    assert sacctmgr(tiny, "show cluster format=cluster")[1] == "tiny\n"


@pytest.mark.parametrize("words, admin, told", [
    ("add cluster", True, (1, "", " Need name of cluster to add.\n")), ("delete cluster nosuch", True, (1, " Nothing deleted\n", "")),
    ("delete cluster tiny", True, (1, "", "slurm_mock: delete the cluster's own entry is not part of the mock\n")),
    ("add cluster far", False, (1, " Adding Cluster(s)\n  Name           = far\n", " Problem adding clusters: Access/permission denied\n")),
    ("delete cluster tiny", False, (1, "", "sacctmgr: error: Your user doesn't have privilege to perform this action\n"
                                           " Error with request: Access/permission denied\n")),
    ("add cluster far odd=1", True, (1, "", " Unknown option: odd=1\n Use keyword 'where' to modify condition\n"))])
def test_clusters_that_stay(tiny, words, admin, told):
    assert sacctmgr(tiny, words, admin) == told
