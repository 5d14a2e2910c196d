"""sinfo must say of nodes that it does not read what it says of those that it does."""

import pytest

from slurm_mock.commands import sinfo
from slurm_mock.commands.sinfo import many
from slurm_mock.commands.sinfo import print as sinfo_print
from slurm_mock.common.records import Node, Reservation
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    """A partition of 60 nodes, of which nothing is to be said, beside the others."""
    one = Tiny(tmp_path / "state")
    with one.store:
        for i in range(60):
            one.store.insert(Node(name=f"m{i}", idx=59 + i, cpus=8, memory=16000))
        one.partition("wide", "m[0-59]", MaxTime="1:00:00")
        one.partition("all", "g1,m[0-59],n[1-6]")
        one.partition("none", "")
    return one


def busy(one):
    one.running("n[1-2],m[4-7]")
    one.running("m[8-9]", cpus=3)
    one.running("m11", state="COMPLETING")
    one.running("m12", state="SUSPENDED")
    one.running("m13", exclusive="exclusive", cpus=1)
    one.node("m1", flags="DRAIN", reason="bad disk")
    one.node("m4", flags="DRAIN")
    one.node("m59", state="DOWN", flags="NO_RESPOND")
    one.node("n3", state="UNKNOWN")
    one.store.insert(Reservation(name="course", start_time=NOW - 5, end_time=NOW + 3600,
                                 nodes="m[20-22],n6"))
    one.store.insert(Reservation(name="over", start_time=NOW - 50, end_time=NOW - 5, nodes="m30"))


def wholly_taken(one):
    one.running("m[0-59],n[1-6],g1")


def cloudy(one):
    """A flag that no word shows: the node stands in a line with the idle ones."""
    one.node("m0", flags="CLOUD")


@pytest.fixture
def quick(monkeypatch):
    """Counts the answers given quickly; quick.off() has sinfo read all nodes."""
    real = many.gather

    def counting(*args):
        found = real(*args)
        counting.count += found is not None
        return found

    counting.count, counting.off = 0, lambda: monkeypatch.setattr(sinfo, "MANY", 10 ** 6)
    monkeypatch.setattr(many, "gather", counting)
    monkeypatch.setattr(sinfo, "MANY", 1)
    return counting


QUICK = [(), ("-h",), ("-l",), ("-a",), ("-s",), ("-p", "wide"), ("-p", "gpu,none"), ("-e",),
         ("-o", "%R %t %D %A %F %N"), ("-o", "%P %N"), ("-O", "partition,statecomplete,nodes")]
# A filter, an order or a column that asks more of a node; partitions that are not told apart
WHOLE = [("-N",), ("-R",), ("-r",), ("-d",), ("-t", "idle"), ("-n", "m1"), ("-S", "N"),
         ("-o", "%D %N"), ("-o", "%P %C"), ("-o", "%P %c"), ("-o", "%P %v"), ("-O", "partition,allocmem")]


# Where a line's state is that of a node that is not simply idle, all are read.
CLOUDY = [("-s",), ("-p", "gpu,none"), ("-o", "%P %N"), ("-O", "partition,statecomplete,nodes")]


@pytest.mark.parametrize("state", [busy, wholly_taken, cloudy, None],
                         ids=lambda s: s and s.__name__)
def test_one_answer_both_ways(tiny, quick, state):
    if state:
        with tiny.store:
            state(tiny)
    given = {argv: tiny.run("sinfo", *argv) for argv in QUICK}
    assert quick.count == len(CLOUDY if state is cloudy else QUICK)
    quick.off()
    for argv, result in given.items():
        slow = tiny.run("sinfo", *argv)
        assert (argv, result.code, result.out, result.err) == (argv, slow.code, slow.out, slow.err)


def test_other_questions_need_every_node(tiny, quick):
    assert all(tiny.run("sinfo", *argv).out for argv in WHOLE)
    assert not quick.count


def test_every_column_that_needs_nothing_of_a_node(tiny, quick):
    with tiny.store:
        busy(tiny)
    asked = ["-O" + ",".join(["partition"] + [name for name, field in sinfo_print.NAMES.items()
                                              if not field.needs]),
             "-o" + "|".join([f"%{letter}" for letter, field in sinfo_print.LETTERS.items()
                              if not field.needs])]
    given = [tiny.run("sinfo", argv).out for argv in asked]
    assert quick.count == 2
    quick.off()
    assert given == [tiny.run("sinfo", argv).out for argv in asked]


def test_few_nodes_are_all_read(tiny, quick, monkeypatch):
    monkeypatch.setattr(sinfo, "MANY", 68)
    assert tiny.run("sinfo").out and not quick.count
    monkeypatch.setattr(sinfo, "MANY", 67)
    assert tiny.run("sinfo").out and quick.count
