"""What crosses a part's border is annotated, and checked: mypy's strict look at the files of pyproject.toml."""

from __future__ import annotations

import subprocess
import sys

from tools import house


def mypy(*words: str) -> subprocess.CompletedProcess[str]:
    # its cache is for the next run: .mypy_cache is not tracked
    return subprocess.run([sys.executable, "-m", "mypy", "--no-color-output", "--no-error-summary", *words],
                          cwd=house.ROOT, capture_output=True, text=True)


def test_the_borders_are_annotated_and_kept():
    """strict: no function without annotations in these files, and none that is called with another type."""
    done = mypy()
    assert not done.returncode, done.stdout + done.stderr


def test_a_wrong_type_would_be_seen(tmp_path):
    """Fields of records, and the keywords of their constructors, are known to it."""
    (tmp_path / "wrong.py").write_text(
        "from slurm_mock.common.records import Job\n"
        "job = Job(id=1, name='a')\n"
        "job.priority = 'high'\n"
        "Job(nam='a')\n"
        "def untold(job): return job\n")
    done = mypy(str(tmp_path / "wrong.py"))
    assert [line.partition(": error: ")[0].rpartition(":")[2] for line in done.stdout.splitlines()
            if ": error: " in line] == ["3", "4", "5"], done.stdout + done.stderr
