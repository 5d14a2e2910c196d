"""sshare: lines, columns, filters. The tree's figures are in slurmdbd/test_fair_tree.py."""

import pytest

from slurm_mock.slurmdbd import register
from tests.clusters.reading import NOW, Tiny
from tests.unit.slurmdbd.test_fair_tree import book, used


@pytest.fixture
def tiny(tmp_path):
    made = Tiny(tmp_path / "s", user="alice", ClusterName="conf", PriorityType="priority/multifactor",
                AccountingStorageType="accounting_storage/slurmdbd")
    accounts = book()
    with made.store:
        register.save(made.store, accounts)
    made.store.set_data("usage", {"time": NOW, "qos": {},
                                  "assoc": used(accounts, bio=237.8119, opt=762.1881)})
    return made


def test_the_tree_as_a_user_sees_it(tiny):
    assert tiny.run("sshare").out == (
        "Account                    User  RawShares  NormShares    RawUsage  EffectvUsage  FairShare \n"
        "-------------------- ---------- ---------- ----------- ----------- ------------- ---------- \n"
        "root                                          0.000000        1000      1.000000            \n"
        " bio                                     1    0.200000         237      0.237812            \n"
        "  bio                     alice          1    0.090909         237      1.000000   0.666667 \n"
        " phys                                    3    0.600000         762      0.762188            \n"
        "  opt                                    2    0.285714         762      1.000000            \n"
        "   opt                    alice          7    0.875000         762      1.000000   0.166667 \n"
        "  thin                                   5    0.714286           0      0.000000            \n")


@pytest.mark.parametrize("argv, out", [
    (["-n", "-P", "-U", "-o", "account,user,fairshare"], "bio|alice|0.666667\nopt|alice|0.166667\n"),
    (["-P", "-a", "-A", "bio", "-o", "acc,user,raws"],
     "Account|User|RawShares\nbio||1\n bio|alice|1\n bio|daemon|10\n"),
    (["-n", "-p", "-A", "thin", "-a", "-o", "user,rawshares,levelfs"], "|5|inf|\nnobody|parent||\n"),
    (["-n", "-P", "-U", "-u", "daemon", "-o", "account,levelfs,normusage"],
     "bio|inf|0.000000\nopt|inf|0.000000\n"),
    (["-n", "-A", "nope"], ""), (["-n", "--accounts="], "")])
def test_options(tiny, argv, out):
    done = tiny.run("sshare", *argv)
    assert (done.code, done.err, done.out) == (0, "", out)


def test_minutes_that_running_jobs_may_still_use(tiny):
    assoc = book().get("bio", "alice").id
    tiny.running("n1", since=0, cpus=4, user="alice", assoc_id=assoc, time_limit=10)
    line = tiny.run("sshare", "-n", "-P", "-U", "-A", "bio", "-o", "tresrunmins").out
    assert line.startswith("cpu=40,mem=20000,energy=0,node=10,billing=40,")


@pytest.mark.parametrize("argv, err", [
    (["-o", "nope"], 'sshare: error: Invalid field requested: "nope"\n'),
    (["--nope"], "sshare: unrecognized option '--nope'\nTry \"sshare --help\" for more information\n")])
def test_mistakes(tiny, argv, err):
    done = tiny.run("sshare", *argv)
    assert (done.code, done.err) == (1, err)


def test_another_cluster_is_not_known(tiny):
    done = tiny.run("sshare", "-M", "nope")
    assert (done.code, done.err.splitlines()[0]) == (
        1, "sshare: error: No cluster 'nope' known by database.")
    assert tiny.run("sshare", "-M", "conf").code == 0
