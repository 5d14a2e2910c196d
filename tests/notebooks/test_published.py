"""The solved notebooks give, run again, what the book shows; and nbval really looks."""

from __future__ import annotations

import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.notebooks.nbval_run import nbval
from tools import make_notebooks, notebook_run, notebook_source


def published(challenge):
    """The solved notebook that make has written, or, when that is not of today's sources, a new one."""
    path = make_notebooks.SOLVED / f"{challenge.name}.ipynb"
    if make_notebooks.is_up_to_date(challenge.name, challenge.facts):
        return nbformat.read(path, as_version=4)
    notebook = notebook_source.solved(challenge.source)
    notebook_run.execute(notebook, challenge.folder, challenge.environ)
    challenge.end()
    return notebook


# One of them in every run of the tests; the long tests take all.
ONE_QUICK = [pytest.param(name, marks=[] if name.startswith("01-") else [pytest.mark.slow])
             for name in make_notebooks.names()]


@pytest.mark.parametrize("name", ONE_QUICK)
def test_second_run_gives_the_same(name, make_challenge):
    notebook = published(make_challenge(name))
    again = make_challenge(name)
    nbformat.write(notebook, again.folder / f"{name}.ipynb")
    found, said = nbval(again.folder, again.environ)
    assert sum(map(len, found.values())) == 0, said
    assert found, said


# ---- nbval's holes, each in a notebook that must fail ----------------------------------------


def text(words):
    return new_output("stream", name="stdout", text=words)


HOLES = {
    "missing_output": (new_code_cell("print(1)", execution_count=1), "Unexpected output"),
    "never_run": (new_code_cell("print(1)"), "has no stored output"),
    "unloaded_magic": (new_code_cell("%sbatch job.sh", execution_count=1), "UsageError"),
    "raises_nothing": (new_code_cell("x = 1", execution_count=1, metadata={"tags": ["raises-exception"]}),
                       "raises nothing"),
    "failing_command": (new_code_cell("!exit 3", execution_count=1), "exit code 3"),
    "failing_check": (new_code_cell(
        "type('R', (), {'__repr__': lambda self: '✗ Not yet: x'})()", execution_count=1,
        outputs=[new_output("execute_result", data={"text/plain": "✗ Not yet: x"}, execution_count=1)]),
        "does not pass"),
    "other_output": (new_code_cell("print(2)", execution_count=1, outputs=[text("1\n")]), "Cell outputs differ"),
}
SOUND = {
    "says_so": new_code_cell("print(1)", execution_count=1, outputs=[text("1\n")]),
    "raises": new_code_cell("1 / 0", execution_count=1, metadata={"tags": ["raises-exception"]},
                            outputs=[new_output("error", ename="ZeroDivisionError", evalue="division by zero")]),
    "command": new_code_cell("!true", execution_count=1),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("holes")
    for name, cell in {**{name: cell for name, (cell, _) in HOLES.items()}, **SOUND}.items():
        nbformat.write(new_notebook(cells=[cell]), folder / f"{name}.ipynb")
    return nbval(folder, dict(os.environ))


@pytest.mark.parametrize("name", HOLES)
def test_hole_is_closed(name, verdicts):
    found, said = verdicts
    key = next(key for key in found if name in key)
    assert HOLES[name][1] in "".join(found[key]), said


@pytest.mark.parametrize("name", SOUND)
def test_sound_notebook_passes(name, verdicts):
    found, said = verdicts
    assert found[next(key for key in found if name in key)] == [], said
