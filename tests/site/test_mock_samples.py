"""The page "What the mock is compared on" lists what tests/conformance has."""

import json
import lzma
import re

import mock_samples
import pytest

from .conftest import BuildFailed

PAGE = "# Page\n\n```{mock-samples}\n```\n"


@pytest.fixture
def facts(tmp_path, monkeypatch):
    folder = tmp_path / "facts"
    for name in ("transcripts/squeue", "cases/commands", "cases/sites"):
        (folder / name).mkdir(parents=True)
    (folder / "transcripts/squeue/looks.txt").write_text("# How a queue looks to its users.\n$ squeue\n> nothing\n$ squeue -l\n")
    (folder / "cases/commands/01-x.sh").write_text("# an odd line that somebody typed\nt true\n")
    (folder / "cases/commands/01-x.expected").write_text("$ true\n  exit 0\n")
    (folder / "cases/commands/lib.sh").write_text("# no case, for nobody has its answer\n")
    (folder / "cases/sites/02-y.case").write_text("# a site without a partition of its own\n")
    (folder / "cases/sites/02-y.expected").write_text("### sinfo\n[rc=0]\n### squeue\n")
    lines = [["squeue", "jobs", "empty", "squeue --jobs=''", "= 0"], ["squeue", "jobs", "huge", "squeue --jobs=9", "= 0"]]
    (folder / "wide.json.xz").write_bytes(lzma.compress(json.dumps(lines).encode()))
    (folder / "wide-open.txt").write_text("# why\nsqueue --jobs=9\n")
    monkeypatch.setattr(mock_samples, "FOLDER", folder)
    return folder


def text_of(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", html))


def test_families_and_counts(mini_book, facts):
    mini_book.write("index.md", PAGE)
    assert mini_book.build() == ""
    text = text_of(mini_book.html())
    assert "squeue 1 2 " in text and "odd inputs, a kind a file 1 1 configurations of sites 1 2 all 3 5 " in text
    assert "looks How a queue looks to its users" in text and "02-y a site without a partition of its own" in text
    assert "2 generated command lines" in text and "In 1 of them" in text and "an empty value 1" in text


def test_reports_are_links_behind_the_words_and_options_are_literal(mini_book, facts):
    (facts / "transcripts/squeue/looks.txt").write_text(
        "# user: root\n# https://github.com/a/b.c/issues/5  https://github.com/d/e/pull/60  what --states shows\n$ squeue\n"
    )
    mini_book.write("index.md", PAGE)
    assert mini_book.build() == ""
    assert "what --states shows (from a/b.c #5 , d/e #60 )" in text_of(mini_book.html())
    assert 'href="https://github.com/d/e/pull/60"' in mini_book.html()


@pytest.mark.parametrize("first", ["$ squeue\n", "# short\n", ""])
def test_a_sample_without_a_first_line_ends_the_build(mini_book, facts, first):
    (facts / "transcripts/squeue/looks.txt").write_text(first)
    mini_book.write("index.md", PAGE)
    with pytest.raises(BuildFailed, match="looks.txt: its first line does not say what it is a sample of"):
        mini_book.build()
