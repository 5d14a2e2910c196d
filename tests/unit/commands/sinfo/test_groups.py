"""Which nodes stand in one line of sinfo, and in which order.  (Expectations: sinfo(1), --exact, -N, -S.)"""

import pytest

from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    """n1 full, n2 half, n3 down, n4 drained with half of its memory; g1 in a partition of its own."""
    tiny = Tiny(tmp_path / "s")
    tiny.running("n1")
    tiny.running("n2", cpus=3)
    tiny.node("n3", state="DOWN", reason="fan", reason_uid=5, reason_user="root", reason_time=NOW - 60)
    tiny.node("n4", flags="DRAIN", reason="disk", reason_uid=7, reason_user="ada", reason_time=NOW - 90, memory=8000)
    return tiny


def lines(tiny, *words):
    return [line.rstrip() for line in tiny.run("sinfo", "-h", *words).out.splitlines()]


def test_columns_decide_what_is_told_apart(tiny):
    assert lines(tiny, "-p", "main", "-o", "%N") == ["n[1-6]"]
    assert lines(tiny, "-p", "main", "-o", "%N %D") == ["n[1-6] 6"]
    assert lines(tiny, "-p", "main", "-o", "%N %t") == ["n4 drain", "n2 mix", "n1 alloc", "n[5-6] idle", "n3 down"]
    assert lines(tiny, "-p", "main", "-o", "%N %E") == ["n4 disk", "n[1-2,5-6] none", "n3 fan"]


def test_exact_tells_numbers_apart(tiny):
    assert lines(tiny, "-p", "main", "-o", "%m %N") == ["8000+ n[1-6]"]
    assert sorted(lines(tiny, "-e", "-p", "main", "-o", "%m %N")) == ["16000 n[1-3,5-6]", "8000 n4"]


def test_partitions_are_told_apart_where_they_are_shown(tiny):
    assert lines(tiny, "-p", "main,short", "-o", "%N") == ["n[1-6]"]
    assert lines(tiny, "-p", "main,short", "-o", "%R %N") == ["main n[1-6]", "short n[1-2]"]
    assert lines(tiny, "-N", "-p", "short", "-o", "%N %R") == ["n1 short", "n2 short"]


def test_nodes_and_cpus_are_counted_by_what_they_do(tiny):
    """%A is allocated/idle, %F adds other and total; CPUs of a node that is down are other ones."""
    assert lines(tiny, "-p", "main", "-o", "%A %F %C") == ["2/2 2/2/2/6 11/21/16/48"]


def test_a_job_alone_on_its_node_has_all_of_it(tiny):
    tiny.running("g1", cpus=2, partition="gpu", exclusive="exclusive")
    assert lines(tiny, "-p", "gpu", "-o", "%C %t") == ["8/0/0/8 alloc"]


def test_a_partition_without_such_nodes_has_a_line_of_zeros(tiny):
    assert lines(tiny, "-p", "short,gpu", "-t", "down", "-o", "%R %D %t %N") == ["short 0 n/a", "gpu 0 n/a"]


@pytest.mark.parametrize("order, names", [
    ("N", ["n1", "n2", "n3", "n4", "n[5-6]"]), ("-N", ["n[5-6]", "n4", "n3", "n2", "n1"]),
    ("t", ["n3", "n[5-6]", "n1", "n2", "n4"]), ("m,-N", ["n4", "n[5-6]", "n3", "n2", "n1"]),
    ("-D,N", ["n[5-6]", "n1", "n2", "n3", "n4"])])
def test_orders(tiny, order, names):
    """States by number, as in slurm.h: DOWN 1, IDLE 2, ALLOCATED 3, MIXED 5, and the flag DRAIN above."""
    found = [line.split()[0] for line in lines(tiny, "-p", "main", "-S", order, "-o", "%N %T %m %D")]
    assert found == names


def test_partitions_in_the_order_of_slurm_conf_or_of_their_names(tiny):
    assert lines(tiny, "-S", "#P", "-o", "%R") == ["main", "short", "gpu"]
    assert lines(tiny, "-S", "P", "-o", "%R") == ["gpu", "main", "short"]
    assert lines(tiny, "-S", "-p", "-o", "%R %p") == ["short 10", "main 1", "gpu 1"]
