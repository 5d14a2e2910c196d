"""The page "What the mock does" lists which keywords of slurm.conf are heeded."""

import re

import mock_keywords
import pytest

from slurm_mock.conf import keywords

PAGE = "# Page\n\n```{mock-keywords}\n```\n"


@pytest.mark.parametrize("kind, name, status", [
    ("config", "SelectType", "heeded"), ("config", "PriorityDecayHalfLife", "heeded"), ("config", "MinJobAge", "heeded"),
    ("config", "TCPTimeout", "shown, without effect"), ("config", "TaskProlog", "shown, without effect"),
    ("config", "CacheGroups", "passed over"), ("node", "realmemory", "heeded"), ("node", "bcastaddr", "passed over"),
    ("partition", "MaxTime", "heeded"), ("partition", "TRESBillingWeights", "heeded"), ("gres", "file", "heeded")])
def test_what_is_heeded(kind, name, status):
    places = next(row[2] for row in mock_keywords.KINDS if row[0] == kind)
    assert name in mock_keywords.sorted_out(kind, places)[status]


def test_each_keyword_stands_once(mini_book):
    mini_book.write("index.md", PAGE)
    assert mini_book.build() == ""
    text = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", mini_book.html()))
    for kind, where, places in mock_keywords.KINDS:
        found = [name for names in mock_keywords.sorted_out(kind, places).values() for name in names]
        assert sorted(found) == sorted(keywords.table(kind).values())
        assert where in text
    assert "are never run" in text
