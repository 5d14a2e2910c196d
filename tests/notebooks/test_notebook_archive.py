"""A challenge to take away brings all that it needs, and says how to install it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import zipfile

import pytest

from slurm_mock.cli import end_all
from tests.clusters.living import CLEAN
from tools import notebook_archive


@pytest.fixture
def unpacked(tmp_path):
    """A folder as a learner unpacks it."""
    made = tmp_path / "made"
    made.mkdir()
    (made / "01-small.ipynb").write_text("{}")
    (made / "hello").write_text("#!/bin/sh\n")
    (made / "hello").chmod(0o755)
    notebook_archive.write(tmp_path / "01-small.zip", made, "01-small", "Små steg", "Tegner")
    with zipfile.ZipFile(tmp_path / "01-small.zip") as archive:
        assert archive.getinfo("01-small/hello").external_attr >> 16 & 0o111
        archive.extractall(tmp_path)
    return tmp_path / "01-small"


def test_its_emulator_runs_where_nothing_of_ours_is(unpacked):
    (wheel,) = unpacked.glob("*.whl")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", "here",
                    f"./{wheel.name}"], cwd=unpacked, check=True)
    state = unpacked / "state"
    done = subprocess.run(
        [sys.executable, "-m", "slurm_mock", "run", "--cluster", "small", "--state", state, "--",
         "bash", "-c", "cat $(command -v sinfo); sbatch -W --wrap 'echo done'; cat slurm-*.out"], cwd=unpacked, capture_output=True, text=True,
        env={**CLEAN, "HOME": str(unpacked), "PYTHONPATH": str(unpacked / "here")})
    end_all(str(state / "small"))
    assert done.stdout.splitlines()[-2].startswith("Submitted batch job ") and done.stdout.endswith("\ndone\n"), done
    assert str(unpacked / "here") in done.stdout, "not the one of this project"


def test_what_it_pins_is_what_the_lesson_is_tested_with(unpacked):
    lines = (unpacked / "requirements.txt").read_text().splitlines()
    assert (unpacked / lines[0]).is_file()
    ours = notebook_archive.REQUIREMENTS.read_text()
    assert all(line in ours for line in lines[1:])
    assert {line.partition("==")[0] for line in lines[1:]} == set(notebook_archive.NEEDED)


def test_its_readme_names_what_is_there(unpacked):
    text = (unpacked / "README.txt").read_text(encoding="utf-8")
    assert text.startswith("Små steg\n========\n") and "an emulated Tegner" in text
    typed = [shlex.split(line) for line in text.splitlines() if line.startswith("    ")]
    files = {word for words in typed for word in words if os.path.splitext(word)[1] in (".txt", ".ipynb", ".whl")}
    assert files == {"requirements.txt", "01-small.ipynb", next(unpacked.glob("*.whl")).name}
    assert all((unpacked / file).is_file() for file in files)


def test_the_same_files_give_the_same_archive(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("x")
    for number in (1, 2):
        notebook_archive.write(tmp_path / f"{number}.zip", tmp_path / "a", "x", "X", "Tegner")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
