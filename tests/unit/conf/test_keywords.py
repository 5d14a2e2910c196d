"""The keywords of slurm.conf(5): found in any case, and each table a part of the whole."""

import pytest

from slurm_mock.conf import keywords


@pytest.mark.parametrize("written, key", [
    ("clustername", "ClusterName"), ("SELECTTYPE", "SelectType"), ("KillWait", "KillWait"),
    ("usepam", "UsePAM"), ("wibble", None), ("", None), ("NodeName", None)])
def test_spelling(written, key):
    assert keywords.spelling(written) == key


def test_what_is_counted_with_is_a_keyword():
    known = {name.lower() for name in keywords.CONFIG} | set(keywords.PARTITION)
    assert {name for name in keywords.NUMBERS | keywords.TIMES if name.lower() not in known} == set()


def test_lines_have_keywords_of_their_own():
    assert {"nodename", "cpus", "realmemory", "sockets", "corespersocket", "threadspercore", "gres",
            "feature", "weight", "state", "tmpdisk"} <= keywords.NODE
    assert keywords.PARTITION["maxtime"] == "MaxTime" and "priority" in keywords.PARTITION
    assert all(key == name.lower() for key, name in keywords.PARTITION.items())
    assert {"name", "type", "file", "count", "cores", "nodename", "autodetect"} <= keywords.GRES


def test_none_stands_twice():
    assert len({name.lower() for name in keywords.CONFIG}) == len(keywords.CONFIG)
