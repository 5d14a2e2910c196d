"""Figures of the notebooks and of the book.  Functions that give rows.

    python benchmarks/notebooks.py [--rounds N] [--book]

What is compared takes turns. --book: `make book` too, which takes minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(1, str(Path(__file__).resolve().parent.parent / "_ext"))

import nbformat  # noqa: E402
from lesson_facts import read_facts  # noqa: E402

from benchmarks.bench import ROOT, Row, tell, turns  # noqa: E402
from tests.notebooks.nbval_run import nbval  # noqa: E402
from tools import make_notebooks, notebook_run, notebook_source  # noqa: E402

EMPTY = nbformat.v4.new_notebook(
    cells=[nbformat.v4.new_code_cell("pass", execution_count=1)],
    metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})


def validated(name, notebook, facts, folder):
    """Seconds that nbval takes on one notebook, in a folder and with a cluster of its own."""
    place = Path(tempfile.mkdtemp(dir=folder))
    work, state = place / "work", place / "state"
    make_notebooks.write_companions(work, {name: record(name, facts)}, facts)
    nbformat.write(notebook, work / f"{name}.ipynb")
    environ = notebook_run.mock_environment(state, facts["cluster"])
    begin = time.perf_counter()
    found, said = nbval(work, environ)
    spent = time.perf_counter() - begin
    notebook_run.end_cluster(state, facts["cluster"])
    shutil.rmtree(place)
    if not found or any(found.values()):
        raise RuntimeError(f"{name}: {said}")
    return spent


def record(name, facts):
    """A challenge's record."""
    return notebook_source.read_record(make_notebooks.NOTEBOOKS / f"{name}.yaml", facts)


def published(name, facts, folder):
    """The solved notebook as make has written it or, where that is of other sources, run now."""
    if make_notebooks.is_up_to_date(name, facts):
        return nbformat.read(make_notebooks.SOLVED / f"{name}.ipynb", as_version=4)
    place = Path(tempfile.mkdtemp(dir=folder))
    source = notebook_source.read_source(make_notebooks.NOTEBOOKS / f"{name}.ipynb", facts)
    notebook = notebook_source.solved(source)
    make_notebooks.write_companions(place / "work", {name: record(name, facts)}, facts)
    try:
        notebook_run.execute(notebook, place / "work",
                             notebook_run.mock_environment(place / "state", facts["cluster"]))
    finally:
        notebook_run.end_cluster(place / "state", facts["cluster"])
    return notebook


def challenges(folder, rounds, one_by_one=False):
    """Row: nbval on all solved challenges.  one_by_one: also one for each, which tells where it goes."""
    facts = read_facts(ROOT / "_config.yml", {})
    solved = {name: published(name, facts, folder) for name in make_notebooks.names()}
    spent = turns(rounds, *[lambda name=name, notebook=notebook: validated(name, notebook, facts, folder)
                            for name in solved for notebook in (solved[name], EMPTY)])
    if one_by_one:
        for name, mine, floor in zip(solved, spent[::2], spent[1::2]):
            yield Row(f"nbval on {name}", f"{mine:.1f} s", mine / floor, 1.5, f"an empty one ({floor:.1f} s)", rounds)
    mine, floor = sum(spent[::2]), sum(spent[1::2])
    yield Row(f"the notebooks: nbval on all {len(solved)} solved challenges", f"{mine:.1f} s", mine / floor, 1.5,
              f"as many empty notebooks ({floor:.1f} s)", rounds)


# ---- the book --------------------------------------------------------------------------------

MADE = ("_build", "challenges", ".venv", ".git", "__pycache__", "learner", ".hypothesis", "*.egg-info")


def whole_book(folder):
    """Seconds of `make book` in a copy of the project that has made nothing yet."""
    copy = Path(tempfile.mkdtemp(dir=folder), "lesson")
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*MADE), symlinks=True)
    venv = sys.prefix                        # as it is (-o): a copy must not install itself into it
    return timed(["make", "--no-print-directory", "-o", f"{venv}/.installed", "book", f"VENV={venv}"], copy)


def empty_book(folder):
    """Seconds of a book with one empty page, and JupyterLite as it comes, with the same kernel."""
    from tools.lab.site import EXTENSION
    place = Path(tempfile.mkdtemp(dir=folder))
    (place / "_config.yml").write_text("title: Empty\n")
    (place / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (place / "index.md").write_text("# Empty\n")
    (place / "lite").mkdir()
    (place / "lite" / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": {
        "no_libarchive": True, "ignore_sys_prefix": ["federated_extensions"], "federated_extensions": [str(EXTENSION)]}}))
    return (timed([Path(sys.executable).with_name("jupyter-book"), "build", "."], place)
            + timed([sys.executable, "-m", "jupyterlite_core", "build", "--output-dir", "../_build/html/lite"], place / "lite"))


def timed(argv, cwd):
    """Seconds of a command that must succeed."""
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    begin = time.perf_counter()
    done = subprocess.run(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout[-3000:])
    return time.perf_counter() - begin


def book(folder, rounds):
    """Row: the site from nothing, against an empty one."""
    mine, floor = turns(rounds, lambda: whole_book(folder), lambda: empty_book(folder))
    yield Row("`make book`, all notebooks run", f"{mine:.0f} s", mine / floor, 2.5,
              f"an empty book with JupyterLite ({floor:.0f} s)", rounds)


def main():
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--book", action="store_true")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        for row in challenges(folder, asked.rounds, one_by_one=True):
            tell(row)
        for row in book(folder, 1) if asked.book else ():
            tell(row)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
