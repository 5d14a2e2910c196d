"""What make challenge writes can be made, and does not pass for finished."""

from __future__ import annotations

import pytest
from lesson_facts import read_facts

from tools import make_notebooks, new_challenge, notebook_source


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setattr(make_notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(make_notebooks, "NOTEBOOKS", folder)
    return folder


def test_scaffold_is_a_challenge_that_lacks_wrong_answers(notebooks, capsys):
    facts = read_facts(new_challenge.ROOT / "_config.yml", {})
    assert new_challenge.main(["10-my-own"]) == 0
    assert "10-my-own" in capsys.readouterr().out
    source = notebook_source.read_source(notebooks / "10-my-own.ipynb", facts)
    record = notebook_source.read_record(notebooks / "10-my-own.yaml", facts)
    solved = notebook_source.solved(source)
    assert [check for cell in solved.cells if (check := notebook_source.checked(cell))] == list(record["checks"])
    assert "-A edu20.dd2443" in "".join(cell.source for cell in solved.cells)
    assert "sbatch" not in "".join(cell.source for cell in notebook_source.learner(source).cells)
    assert record["checks"]["first"]["wrong_answers"] == []


@pytest.mark.parametrize("argv", [[], ["My Own"], ["10_my"], ["10-a", "11-b"]])
def test_bad_names(notebooks, capsys, argv):
    assert new_challenge.main(argv) == 1
    assert "give it a name such as" in capsys.readouterr().err
    assert list(notebooks.iterdir()) == []


def test_taken_number(notebooks, capsys):
    new_challenge.main(["10-my-own"])
    assert new_challenge.main(["10-another"]) == 1
    assert "taken by 10-my-own" in capsys.readouterr().err
