"""What make does with the project's files as a fresh clone has them."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

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


# ---- make test: five parts side by side -------------------------------------------------------


@pytest.fixture
def parts(tmp_path):
    """Start `make test`, or another target, where the book stands; a pytest that is given these lines of sh stands in."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml", "tools/make-venv", ".venv/.installed"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    def start(lines, target="test"):
        (tmp_path / "pytest").write_text(f"#!/bin/sh\n{lines}\n")
        (tmp_path / "pytest").chmod(0o755)
        return subprocess.Popen(["make", "-o", "book", target, f"PYTEST={tmp_path}/pytest"], cwd=tmp_path, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    return start


def test_every_test_is_in_one_part(parts):
    done = parts('echo "run: $*"')
    said, _ = done.communicate(timeout=60)
    assert done.returncode == 0, said
    runs = [line.split()[1:] for line in said.splitlines() if line.startswith("run: ")]
    assert len(runs) == 5 and all(words[:4] == ["-m", "not", "slow", "--durations=10"] for words in runs)
    for file in (ROOT / "tests").rglob("test_*.py"):
        chosen = [words for words in runs if runs_it(words[4:], file.relative_to(ROOT))]
        assert len(chosen) == 1, (file, chosen)


def runs_it(words, file):
    """Does pytest with these folders and --ignore= run this file?"""
    ignored = [word.partition("=")[2] for word in words if word.startswith("--ignore=")]
    return any(file.is_relative_to(word) for word in words) and not any(file.is_relative_to(word) for word in ignored)


@pytest.mark.parametrize("fails", ["tests/conformance tests/", "--ignore=tests/notebooks"])
def test_one_part_that_fails_fails_the_whole_and_the_others_are_told(parts, fails):
    done = parts(f'echo "closing line"; case "$*" in *{fails.replace(" ", chr(92) + " ")}*) exit 1;; esac; sleep 1; echo "all passed"')
    said, _ = done.communicate(timeout=60)
    assert done.returncode != 0
    assert said.count("closing line") == 5 and said.count("all passed") == 4, said


def test_a_part_that_fails_at_once_keeps_no_other_from_being_started(parts):
    done = parts('echo "run: $*"; exit 1', "ci")
    said, _ = done.communicate(timeout=60)
    assert done.returncode != 0 and said.count("run: ") == 6, said


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS's make is too old to keep it together")
def test_what_a_part_prints_stays_together(parts):
    done = parts('for i in 1 2 3 4; do echo "line $i of $$"; sleep 0.1; done')
    said, _ = done.communicate(timeout=60)
    lines = [line.split()[3] for line in said.splitlines() if line.startswith("line ")]
    assert len(set(lines)) == 5 and lines == [line for line in dict.fromkeys(lines) for _ in range(4)]


def test_ctrl_c_ends_all(parts, tmp_path):
    done = parts('echo > begun.$$; exec sleep 100')
    while len(begun := list(tmp_path.glob("begun.*"))) < 5:
        assert done.poll() is None
        time.sleep(0.02)
    os.killpg(done.pid, signal.SIGINT)
    done.communicate(timeout=20)
    assert done.returncode != 0
    for name in begun:
        with pytest.raises(ProcessLookupError):
            os.kill(int(name.suffix[1:]), 0)
