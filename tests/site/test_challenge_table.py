"""The table of the challenges says what their records say."""

import re
import subprocess
import sys

import pytest
from challenge_table import read_entries, table
from lesson_facts import read_facts

from .conftest import ROOT, BuildFailed

RECORD = """title: {title}
minutes: {minutes}
episode: 10-first
objective: Take {minutes} steps
checks:
  first:
    wrong_answers: [{{mistake: typo, cell: "{{{{ cluster_name }}}}"}}, {{mistake: typo}}, {{mistake: late}}]
  second:
    wrong_answers: [{{mistake: late}}]
"""
PAGE = "# Page\n\n```{challenges}\n```\n"


def text_of(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", html))


@pytest.fixture
def records(mini_book):
    mini_book.write("notebooks/01-small.yaml", RECORD.format(title="Small steps", minutes=10))
    mini_book.write("notebooks/02-large.yaml", RECORD.format(title="Large steps", minutes=20))
    mini_book.write("challenges/01-small.md", "---\norphan: true\n---\n# One\n")
    mini_book.write("challenges/02-large.md", "---\norphan: true\n---\n# Two\n")
    mini_book.write("_episodes/10-first.md", "---\norphan: true\n---\n# First episode\n")
    mini_book.write("index.md", PAGE)
    return mini_book


def test_a_row_for_each_challenge_and_one_for_all(records):
    assert records.build() == ""
    text = text_of(records.html())
    assert "Small steps 10 first 3, second 1 4 2" in re.sub(r" ,", ",", text)
    assert "all 30 4 checks 8 2" in text
    assert 'href="challenges/02-large.html"' in records.html()


def test_objectives_for_learners(records):
    records.write("index.md", PAGE.replace("}\n", "}\n:show: objectives\n"))
    assert records.build() == ""
    assert "Small steps 10 Take 10 steps First episode Large steps 20 Take 20 steps" in text_of(records.html())


def test_record_that_cannot_be_read_ends_the_build(records):
    records.write("notebooks/02-large.yaml", "title: only\n")
    with pytest.raises(BuildFailed, match="02-large.yaml: no record of a challenge"):
        records.build()


def test_command_prints_the_project_s_own():
    done = subprocess.run([sys.executable, str(ROOT / "tools" / "challenge_matrix.py")], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    names = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert len(done.stdout.splitlines()) == len(names) + 3
    assert "| Managing Slurm jobs from Jupyter | 10 |" in done.stdout


def test_table_of_no_challenges_has_only_the_sum():
    assert table([]).splitlines()[2:] == ["| all | 0 | 0 checks | 0 | 0 |"]


def test_site_s_own_page_has_it(site):
    text = text_of((site / "instructor-notes.html").read_text(encoding="utf-8"))
    for entry in read_entries(ROOT / "notebooks", read_facts(ROOT / "_config.yml", {})):
        assert entry.title in text
