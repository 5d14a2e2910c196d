"""The page "What the mock does" says what is so."""

import re

import mock_coverage
import pytest

from slurm_mock.site import coverage

from .conftest import BuildFailed

LISTED = """# What the commands of Slurm 22.05.8 take, asked of them by real_options.py.
# date: 2026-01-02
squeue --jobs -j optional
squeue --federation none
squeue --rainbow none
sacct JobID field
sacct Flavour field
scontrol hold word
scontrol fly word
nosuch --all -a none
"""
DEVIATIONS = '[[deviation]]\ntranscript = "t"\ncommand = "squeue -x"\nreason = "because\\nof --it=x"\n'
COMPARED = """date = "2026-03-04"
slurm = "22.05.8"
real = true
compared = 12
identical = 11
deviating = 1
different = 0
[commands.squeue]
compared = 9
identical = 8
deviating = 1
different = 0
[commands.shell]
compared = 3
identical = 3
deviating = 0
different = 0
"""


@pytest.fixture
def facts(tmp_path, monkeypatch):
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "slurm_options.txt").write_text(LISTED)
    (folder / "deviations.toml").write_text(DEVIATIONS)
    (folder / "last_comparison.toml").write_text(COMPARED)
    monkeypatch.setattr(mock_coverage, "FOLDER", folder)
    return folder


def text_of(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", html))


def test_page_sorts_what_slurm_has_by_what_the_mock_does_with_it(mini_book, facts):
    mini_book.write("index.md", "# Page\n\n```{mock-coverage}\n```\n")
    assert mini_book.build() == ""
    text = text_of(mini_book.html())
    assert "Options. Not there: --rainbow" in text
    assert "Options. Read and checked as by Slurm, but of no effect: --federation" in text
    assert "Options. There: --jobs, -j" in text
    assert "Fields. Not there: Flavour" in text and "Fields. There: JobID" in text
    assert "Commands of its own. Not there: fly" in text
    assert "Options. Not there: --all, -a" in text
    assert "squeue -x because of --it=x" in text
    assert "on 2026-03-04: 11 of 12 command lines" in text
    assert re.search(r"squeue 3 1 1 9 8 1\b", text)
    assert re.search(r"the shell’s own 0 0 0 3 3 0\b", text)
    assert re.search(r"all 4 1 2 12 11 1\b", text)


def test_list_that_cannot_be_read_ends_the_build(mini_book, facts):
    (facts / "slurm_options.txt").write_text(LISTED + "squeue --x maybe\n")
    mini_book.write("index.md", "# Page\n\n```{mock-coverage}\n```\n")
    with pytest.raises(BuildFailed, match="slurm_options.txt:11: can't be read"):
        mini_book.build()


def test_missing_record_ends_the_build(mini_book, facts):
    (facts / "last_comparison.toml").unlink()
    mini_book.write("index.md", "# Page\n\n```{mock-coverage}\n```\n")
    with pytest.raises(BuildFailed, match="last_comparison.toml"):
        mini_book.build()


def test_an_option_counts_only_with_all_its_names_and_its_value():
    assert coverage.option_status("squeue", ["--jobs", "-j"], "optional") == coverage.SUPPORTED
    assert coverage.option_status("squeue", ["--jobs", "-j"], "none") == coverage.MISSING
    assert coverage.option_status("squeue", ["--jobs", "-X"], "optional") == coverage.MISSING
    assert coverage.option_status("sbatch", ["--gpu-freq"], "required") == coverage.WITHOUT_EFFECT
    assert coverage.word_status("scontrol", "hold") == coverage.SUPPORTED
    assert coverage.word_status("sacctmgr", "modify") == coverage.SUPPORTED
    assert coverage.word_status("sacctmgr", "archive") == coverage.MISSING
    assert coverage.word_status("sreport", "cluster") == coverage.SUPPORTED
    assert coverage.field_status("sacct", "jobid") == coverage.SUPPORTED


def test_page_of_the_site_names_every_command(site):
    text = text_of((site / "mock.html").read_text())
    for command in mock_coverage.read_listed(mock_coverage.FOLDER / mock_coverage.LISTED)[1]:
        assert re.search(rf"\b{command} \d+ \d+ \d+ \d+ \d+ \d+", text), command
