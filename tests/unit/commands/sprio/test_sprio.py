"""sprio: which jobs it lists, its formats, its messages. How the numbers come about is in
slurmctld/test_priority.py; whole tables are compared with real Slurm's in
tests/conformance/transcripts/sprio/priority.txt."""

import pytest

from tests.clusters.reading import NOW, Tiny

WEIGHTS = {"PriorityType": "priority/multifactor", "PriorityWeightAge": "1000",
           "PriorityWeightPartition": "500"}


@pytest.fixture
def tiny(tmp_path):
    made = Tiny(tmp_path / "s", **WEIGHTS)
    made.job(name="first", accrue_time=NOW)
    made.job("bob", name="second", partition="main,short", accrue_time=NOW, nice=7)
    made.job(name="held", priority=0, hold="user")
    made.job(name="later", begin_time=NOW + 3600, eligible_time=0)
    made.running("n1")
    return made


def test_an_empty_list_of_jobs_where_none_waits(tmp_path):
    empty = Tiny(tmp_path / "e", **WEIGHTS)
    assert empty.run("sprio", "--jobs=").out == "Unable to find jobs matching user/id(s) specified\n" != empty.run("sprio").out


def test_jobs_that_could_start_are_listed_by_partition(tiny):
    assert tiny.run("sprio").out == (
        "          JOBID PARTITION   PRIORITY       SITE        AGE  PARTITION\n"
        "              1 main             500          0          0        500\n"
        "              2 main             493          0          0        500\n"
        "              2 short            493          0          0        500\n")


@pytest.mark.parametrize("argv, out", [
    (["-h", "-u", "bob", "-o", "%i %r %N"], "2 main 7\n2 short 7\n"),
    (["-h", "-p", "short", "-o", "%i"], "2\n"), (["-h", "-j", "1,3", "-o", "%i"], "1\n"),
    (["-h", "-S", "-i,r", "-o", "%i%r"], "2main\n2short\n1main\n"),
    (["-h", "-w", "-o", "%i %A %P %S"], "Weights 1000 500 1\n"),
    (["-j", "99"], "Unable to find jobs matching user/id(s) specified\n"),
    (["-h", "-n", "-j", "1"], "              1 main      0.00000011 0.0000000  1.0000000 \n")])
def test_options(tiny, argv, out):
    done = tiny.run("sprio", *argv)
    assert (done.code, done.err, done.out) == (0, "", out)


@pytest.mark.parametrize("argv, code, err", [
    (["extra"], 1, "sprio: error: Unrecognized option: extra"),
    (["-j", "x"], 1, "sprio: error: Invalid job id: x"),
    (["-u", "nobodyatall"], 0, "sprio: error: Invalid user: nobodyatall"),
    (["-o", "%x"], 0, "sprio: error: Invalid job format specification: x"),
    (["--nope"], 1, "sprio: unrecognized option '--nope'")])
def test_mistakes(tiny, argv, code, err):
    done = tiny.run("sprio", *argv)
    assert (done.code, done.err.splitlines()[0]) == (code, err)


def test_age_is_that_of_the_last_calculation(tiny):
    tiny.store.set_meta("priority_time", NOW + 7 * 86400)
    assert tiny.run("sprio", "-h", "-j", "1", "-o", "%A %a").out == "1000 1.0000000\n"


def test_the_format_may_come_from_the_environment(tiny):
    assert tiny.run("sprio", "-h", "-j", "1", SPRIO_FORMAT="<%i>").out == "<1>\n"


def test_without_multifactor_there_is_nothing_to_show(tmp_path):
    done = Tiny(tmp_path / "s").run("sprio")
    assert (done.code, done.out) == (1, "")
    assert done.err == ("You are not running a supported priority plugin\n(priority/basic).\n"
                        "Only 'priority/multifactor' is supported.\n")


def test_another_cluster_is_not_known(tiny):
    done = tiny.run("sprio", "-M", "nope")
    assert (done.code, done.err.splitlines()[0]) == (
        1, "sprio: error: No cluster 'nope' known by database.")
    assert tiny.run("sprio", "-M", "tiny").code == 0
