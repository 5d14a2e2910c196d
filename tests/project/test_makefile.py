"""What make does with the project's files as a fresh clone has them."""

import os
import shutil
import subprocess

from tests.site.conftest import ROOT


def test_a_program_beside_its_source_is_not_made_of_it(tmp_path):
    """Which of the two a clone writes last is chance."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "notebooks").mkdir()
    for name, when in (("hello_mpi", 1), ("hello_mpi.c", 2)):
        (tmp_path / "notebooks" / name).touch()
        os.utime(tmp_path / "notebooks" / name, (when, when))
    done = subprocess.run(["make", "--dry-run", "notebooks/hello_mpi"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "hello_mpi.c" not in done.stdout


def test_make_lab_first_makes_notebooks_that_were_renamed():
    done = subprocess.run(["make", "--dry-run", "-o", ".venv/.installed", "-o", "challenges/.made", "lab"],
                          cwd=ROOT, capture_output=True, text=True)
    made, opened = (done.stdout.find(word) for word in ("make_notebooks.py --quiet", "jupyter lab"))
    assert 0 <= made < opened, done
