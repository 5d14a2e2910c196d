"""What tools/make_notebooks.py makes of a source, and what it says when it can't."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile

import nbformat
import pytest
from lesson_facts import read_facts
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import make_notebooks, notebook_run, notebook_source

FACTS = read_facts(make_notebooks.ROOT / "_config.yml", {})
NAMES = make_notebooks.names()


def lines_of_solutions(source):
    """The lines that only solutions hold: those long enough to be somebody's."""
    elsewhere = "\n".join(cell.source for cell in source.cells if "solution" not in notebook_source.tags(cell))
    return {line.strip() for cell in source.cells if "solution" in notebook_source.tags(cell)
            for line in cell.source.splitlines() if len(line.strip()) > 8 and line.strip() not in elsewhere}


@pytest.mark.parametrize("name", NAMES)
def test_learner_notebook_holds_no_solution(name):
    source = notebook_source.read_source(make_notebooks.NOTEBOOKS / f"{name}.ipynb", FACTS)
    text = nbformat.writes(notebook_source.learner(source))
    solutions = lines_of_solutions(source)
    assert len(solutions) > 10
    for line in solutions:
        assert json.dumps(line)[1:-1] not in text
    assert '"tags"' not in text
    assert "{{" not in text


@pytest.mark.parametrize("name", NAMES)
def test_learner_record_tells_no_wrong_answers(name):
    record = notebook_source.read_record(make_notebooks.NOTEBOOKS / f"{name}.yaml", FACTS)
    text = json.dumps(notebook_source.learner_record(record))
    assert "wrong_answers" not in text
    assert "again_from" not in text


@pytest.mark.parametrize("name", NAMES)
def test_solved_notebook_folds_each_solution(name):
    source = notebook_source.read_source(make_notebooks.NOTEBOOKS / f"{name}.ipynb", FACTS)
    solved = notebook_source.solved(source)
    for cell in solved.cells:
        assert ("solution" in notebook_source.tags(cell)) == ("hide-input" in notebook_source.tags(cell))
        assert "starter" not in notebook_source.tags(cell)


def test_reservation_line_only_where_there_is_one(tmp_path):
    path = tmp_path / "x.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("a\n#SBATCH --reservation={{ reservation }}\nb")]), path)
    assert notebook_source.read_source(path, FACTS).cells[0].source == "a\nb"
    reserved = notebook_source.read_source(path, {**FACTS, "reservation": "lab1"})
    assert reserved.cells[0].source == "a\n#SBATCH --reservation=lab1\nb"


# ---- the whole way, in a small project of its own --------------------------------------------

RECORD = """
title: Small
episode: 11-jupyter
minutes: 1
checks: {}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one challenge, 01-small, whose notebook is what the test puts there."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for path in make_notebooks.companions():
        shutil.copy2(path, notebooks)
    (notebooks / "01-small.yaml").write_text(RECORD)
    shutil.copy(make_notebooks.ROOT / "_config.yml", tmp_path)
    for name in ("_ext", "slurm_mock", "tools"):
        (tmp_path / name).symlink_to(make_notebooks.ROOT / name)
    for name, value in {"ROOT": tmp_path, "NOTEBOOKS": notebooks, "LEARNER": notebooks / "learner",
                        "SOLVED": tmp_path / "challenges"}.items():
        monkeypatch.setattr(make_notebooks, name, value)
    return tmp_path


def put(project, *cells, name="01-small"):
    nbformat.write(new_notebook(cells=list(cells)), project / "notebooks" / f"{name}.ipynb")
    (project / "notebooks" / f"{name}.yaml").write_text(RECORD)


def answer(source, tag="solution"):
    return new_code_cell(source, metadata={"tags": [tag]})


def test_makes_learner_solved_and_archive(project, capsys):
    put(project, new_markdown_cell("# On {{ cluster_name }}"), answer("print(6 * 7)"), answer("# 1.", "starter"))
    assert make_notebooks.main([]) == 0
    solved = nbformat.read(project / "challenges" / "01-small.ipynb", as_version=4)
    assert [cell.source for cell in solved.cells] == ["# On Tegner", "print(6 * 7)"]
    assert solved.cells[1].outputs[0].text == "42\n"
    learner = nbformat.read(project / "notebooks" / "learner" / "01-small.ipynb", as_version=4)
    assert [cell.source for cell in learner.cells] == ["# On Tegner", "# 1."]
    with zipfile.ZipFile(project / "challenges" / "01-small.zip") as archive:
        assert {"01-small/01-small.ipynb", "01-small/checks.py", "01-small/hello_mpi", "01-small/use_memory", "01-small/job.sh",
                "01-small/01-small.json"} <= set(archive.namelist())
        assert archive.getinfo("01-small/hello_mpi").external_attr >> 16 & 0o111
    capsys.readouterr()
    assert make_notebooks.main([]) == 0
    assert capsys.readouterr().out == "01-small: up to date\n"


def test_own_work_is_put_aside_not_overwritten(project, capsys):
    put(project, answer("1"), answer("# 1.", "starter"))
    assert make_notebooks.main([]) == 0
    path = project / "notebooks" / "learner" / "01-small.ipynb"
    path.write_text(path.read_text().replace("# 1.", "my own work"))
    put(project, answer("1"), answer("# One.", "starter"))
    assert make_notebooks.main([]) == 0
    assert "your own copy" in capsys.readouterr().out
    assert "my own work" in path.with_name("01-small-yours-1.ipynb").read_text()
    assert "# One." in path.read_text()


def test_a_notebook_that_was_renamed_is_made_anew(project, capsys):
    put(project, answer("1"), answer("# 1.", "starter"))
    assert make_notebooks.main([]) == 0
    path = project / "notebooks" / "learner" / "01-small.ipynb"
    path.rename(path.with_name("mine.ipynb"))
    capsys.readouterr()
    assert make_notebooks.main(["--quiet"]) == 0
    assert path.is_file() and "01-small: made" in capsys.readouterr().out
    assert make_notebooks.main(["--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_failing_cell_is_shown_and_nothing_written(project, capsys):
    put(project, new_code_cell("x = 1"), answer("print('so far')\n1 / 0"), answer("# 1.", "starter"))
    assert make_notebooks.main([]) == 1
    said = capsys.readouterr().err
    assert "01-small: cell" in said
    assert "    1 / 0" in said
    assert "ZeroDivisionError: division by zero" in said
    assert not (project / "challenges").exists()
    assert not (project / "notebooks" / "learner").exists()


def test_silent_failures_are_found(project, capsys):
    put(project, answer("%nosuchmagic"), answer("# 1.", "starter"))
    assert make_notebooks.main([]) == 1
    assert "UsageError: Line magic function `%nosuchmagic` not found" in capsys.readouterr().err


SAYS_LAST = "import atexit, os\natexit.register(os.write, 2, b'words on the way out\\n')"


def test_what_a_kernel_says_of_itself_is_told_when_it_dies(project, capfd):
    put(project, answer(f"{SAYS_LAST}\nos._exit(os.write(2, b'why it dies\\n'))"), answer("# 1.", "starter"))
    assert make_notebooks.main([]) == 1
    assert "the kernel died: Kernel died\nwhy it dies\n" in capfd.readouterr().err


def test_what_a_kernel_says_of_itself_is_not_told_otherwise(project, capfd):
    put(project, answer(SAYS_LAST), answer("# 1.", "starter"))
    assert make_notebooks.main([]) == 0
    assert "words on the way out" not in "".join(capfd.readouterr())


def waits_for(path):
    return (f"import os, time\nbegun = time.monotonic()\nwhile not os.path.exists({str(path)!r}):\n"
            "    assert time.monotonic() < begun + 30\n    time.sleep(0.05)")


def test_two_run_side_by_side_and_are_told_in_order(project, capsys):
    here, there = project / "here", project / "there"
    put(project, answer(f"open({str(here)!r}, 'w').close()\n{waits_for(there)}"), answer("# 1.", "starter"))
    put(project, answer(f"{waits_for(here)}\nopen({str(there)!r}, 'w').close()"), answer("# 2.", "starter"),
        name="02-small")
    assert make_notebooks.main([]) == 0
    made = [line.split(":")[0] for line in capsys.readouterr().out.splitlines() if ": made for " in line]
    assert made == ["01-small", "02-small"]


def test_another_ends_with_its_next_cell_when_one_fails(project, monkeypatch, capsys):
    begun, stopped, late = project / "begun", project / "stopped", project / "late"

    class Told(make_notebooks.Board):
        """Writes down when the others are to stop: so long the other notebook's first cell runs."""

        def __setattr__(self, name, value):
            super().__setattr__(name, value)
            if name == "stopped" and value:
                stopped.touch()

    monkeypatch.setattr(make_notebooks, "Board", Told)
    put(project, answer(f"{waits_for(begun)}\n1 / 0"), answer("# 1.", "starter"))
    put(project, new_code_cell(f"open({str(begun)!r}, 'w').close()\n{waits_for(stopped)}"),
        answer(f"open({str(late)!r}, 'w').close()"), answer("# 2.", "starter"), name="02-small")
    assert make_notebooks.main([]) == 1
    said = capsys.readouterr().err
    assert "01-small: cell" in said and "ZeroDivisionError" in said and "02-small" not in said
    assert not late.exists()
    assert not (project / "challenges").exists()


def test_progress_takes_one_line_of_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    board = make_notebooks.Board()
    board.show("01-small", 1, 9, "solution-of-some-length")
    board.show("02-small", 3, 4, "check")
    board.say("01-small: made")
    board.clear("01-small")
    assert capsys.readouterr().out == (
        "\033[K01-small: cell 1 of 9: solution-of-some\r"
        "\033[K01-small: cell 1 of 9: solution-of-some\r"
        "\033[K01-small: made\n\033[K01-small: cell 1 of 9: solution-of-some\r"
        "\033[K02-small: cell 3 of 4: check\r")


@pytest.mark.parametrize(("cells", "complaint"), [
    ([new_code_cell("{{ nosuchfact }}")], "no such key in the lesson block: 'nosuchfact'"),
    ([answer("1")], "a solution needs a starter directly after it"),
    ([answer("1", "solutoin")], "unknown tag ['solutoin']"),
    ([new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="1")])], "holds outputs"),
])
def test_source_that_is_not_as_it_must_be(project, capsys, cells, complaint):
    put(project, *cells)
    assert make_notebooks.main([]) == 1
    assert complaint in capsys.readouterr().err


def test_unknown_names_are_refused(project, capsys):
    put(project, new_code_cell("1"))
    assert make_notebooks.main(["99-none"]) == 1
    assert "no challenge '99-none'" in capsys.readouterr().err
    assert make_notebooks.main(["--cluster", "nowhere"]) == 1
    assert "none of: tegner" in capsys.readouterr().err
    (project / "notebooks" / "01-small.yaml").unlink()
    assert make_notebooks.main([]) == 1
    assert "each challenge has a record" in capsys.readouterr().err


def test_environment_is_the_mocks_alone(tmp_path):
    outside = {"SLURM_JOB_ID": "5", "MOCK_SLURM_STATE": "/elsewhere", "LESSON_CLUSTER": "small", "HOME": "/h"}
    environ = notebook_run.mock_environment(tmp_path, "tegner", outside)
    assert "SLURM_JOB_ID" not in environ
    assert "MOCK_SLURM_STATE" not in environ
    assert "LESSON_CLUSTER" not in environ
    assert environ["HOME"] == str(tmp_path / "home") and (tmp_path / "home").is_dir()
    assert environ["MOCK_SLURM_SPEED"] == "step"
