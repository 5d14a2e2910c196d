"""The lesson's facts: what of a _config.yml is read, and that no text in it can be too odd."""

import pytest

from slurm_mock.site.lesson import facts

GOOD = """\
title: A lesson
lesson:
  cluster: small
  clusters:
    small:
      allocation: edu1
      odd:
        deeper: 3
"""


def test_the_clusters_facts(tmp_path):
    (tmp_path / "_config.yml").write_text(GOOD)
    assert facts(str(tmp_path), {}) == {"allocation": "edu1", "cluster": "small"}


@pytest.mark.parametrize("text, found", [
    ("lesson: x\n", {}), ("lesson:\n  cluster:\n    small: x\n", {}),
    ("lesson:\n  cluster: small\n  clusters: x\n", {"cluster": "small"}),
    ("lesson:\n  cluster: small\n  clusters:\n    small: x\n", {"cluster": "small"})])
def test_text_where_lines_below_are_expected(tmp_path, text, found):
    (tmp_path / "_config.yml").write_text(text)
    assert facts(str(tmp_path), {}) == found


def test_a_file_that_is_not_utf_8(tmp_path):
    (tmp_path / "_config.yml").write_bytes(b"title: caf\xe9\n" + GOOD.encode())
    assert facts(str(tmp_path), {})["allocation"] == "edu1"
