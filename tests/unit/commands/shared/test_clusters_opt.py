"""-M and SLURM_CLUSTERS where there is one cluster.  Expectations: transcripts/options/clusters.txt."""

import pytest

from tests.clusters.reading import Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


def test_the_cluster_that_there_is(tiny):
    for words in (["-M", "tiny"], ["-M", "TINY"], ["-M", "all"]):
        told = tiny.run("squeue", *words)
        assert (told.code, told.err) == (0, "") and told.out.startswith("CLUSTER: tiny\n")
    assert tiny.run("squeue", SLURM_CLUSTERS="tiny").out.startswith("CLUSTER: tiny\n")
    assert "CLUSTER" not in tiny.run("squeue").out


def test_one_that_nobody_knows(tiny):
    told = tiny.run("squeue", "-M", "nosuch")
    assert told.code == 1 and told.err.startswith(
        "squeue: error: No cluster 'nosuch' known by database.\nsqueue: error: 'nosuch' can't be reached now, "
        "or it is an invalid entry for --cluster.")
    told = tiny.run("squeue", SLURM_CLUSTERS="nosuch")
    assert told.code == 1 and "invalid entry for SLURM_CLUSTERS." in told.err


def test_beside_a_known_one_it_is_passed_over(tiny):
    told = tiny.run("squeue", "-M", "nosuch,tiny")
    assert told.code == 0 and told.err == "squeue: error: No cluster 'nosuch' known by database.\n"
