"""Who opens a file of slurm_mock knows its test.

slurm_mock/<path>/<file>.py is tested by tests/unit/<path>/test_<file>.py, a folder's __init__.py by
tests/unit/<path>/<folder>/test_<folder>.py; files with nothing but a docstring need none.  A file
without such a test has a row in tests/TESTED_THROUGH.toml, which names the test file or transcript
that executes it.  Further tests may lie beside them under names of their own.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.project import executed

ROOT = Path(__file__).parents[2]
PACKAGE, TESTS = ROOT / "slurm_mock", ROOT / "tests"
if sys.version_info >= (3, 11):
    import tomllib
    THROUGH = tomllib.loads((TESTS / "TESTED_THROUGH.toml").read_text(encoding="utf-8"))["through"]
else:
    THROUGH = {}
MOST, LEAST = 40, 0.7                    # rows; the part of a file's lines that its row executes
TOOK = 300                               # seconds that a test file may take while it is watched
BOOT = "import sys; sys.path.insert(0, {root!r}); from tests.project import executed"
pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib; just-bash needs Python 3.11")


@cache
def files() -> list[str]:
    """The files that need a test, by their path in slurm_mock."""
    return sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")
                  if len(ast.parse(path.read_text(encoding="utf-8")).body) > 1 or path.name != "__init__.py")


def home_of(name: str) -> Path:
    """The test file of a file: by its path, as the docstring above says."""
    path = Path(name)
    if path.name == "__init__.py":
        return TESTS / "unit" / path.parent / f"test_{path.parent.name or PACKAGE.name}.py"
    return TESTS / "unit" / path.with_name(f"test_{path.name}")


def through(row: str) -> Path:
    """The test file or transcript that a row names."""
    return TESTS / ("conformance" if row.startswith("transcripts/") else "") / row


def test_each_file_has_a_test_of_its_path_or_a_row():
    assert [name for name in files() if not home_of(name).is_file() and name not in THROUGH] == []


def test_rows_are_few_and_needed_and_name_what_there_is():
    assert len(THROUGH) <= MOST
    assert [name for name in THROUGH if name not in files() or home_of(name).is_file()] == []
    assert [row for row in THROUGH.values() if not through(row).is_file()] == []
    assert list(THROUGH) == sorted(THROUGH)


@cache
def executed_by(row: str) -> dict[str, list[int]]:
    """{file: [lines]} that the test file or transcript of a row executes, in one process."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "executed.json"
        if row.startswith("transcripts/"):
            play(through(row).stem, Path(folder), answer)
        else:
            subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "tests.project.executed", "-p", "no:cacheprovider",
                            "-m", "not slow", "--timeout", str(TOOK), str(through(row))], cwd=ROOT, check=True,
                           env={**os.environ, "EXECUTED": str(answer)}, stdout=subprocess.DEVNULL)
        return json.loads(answer.read_text())


def play(name: str, folder: Path, answer: Path) -> None:
    """Play a transcript on the in-process machine, whose interpreter is watched; it must do as recorded."""
    from tests.conformance.in_process import InProcess
    from tests.conformance.test_in_process import played

    class Watched(InProcess):
        def _private_python(self):
            python = super()._private_python()
            site = next(python.parents[1].glob("lib/python*/site-packages"))
            (site / "executed.py").write_bytes((TESTS / "project" / "executed.py").read_bytes())
            (site / "executed.pth").write_text("import executed\n")
            return python

        def environment(self):
            return {**super().environment(), "EXECUTED": str(answer)}

    folder.chmod(0o777)
    side = Watched(folder / "inprocess" / "cluster", folder)
    try:
        wrong, same = played(side, folder, name)
    finally:
        side.close()
    assert not wrong and same


@pytest.mark.slow
@pytest.mark.share(7)
@pytest.mark.timeout(4 * TOOK)
@pytest.mark.parametrize("name", sorted(THROUGH, key=THROUGH.get))  # those of one test together
def test_a_row_executes_most_of_its_file(name):
    lines = executed.lines_of(PACKAGE / name)
    part = len(lines & set(executed_by(THROUGH[name]).get(name, ()))) / len(lines)
    print(f"{part:.0%} of {len(lines)} lines: {name}")
    assert part >= LEAST
