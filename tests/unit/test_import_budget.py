"""Commands must start in milliseconds: what they may import is counted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from slurm_mock.cli import end_all

# On top of what the interpreter itself has loaded: `os` with what it needs, and modules written
# in C. Of what `_sqlite3` would bring along only _functools is wanted (store/connection.py).
ALLOWED = {"_sqlite3", "_struct", "fcntl", "time", "marshal", "posix", "errno", "_signal", "pwd",
           "grp", "select", "os", "stat", "posixpath", "_stat", "_collections_abc", "io", "abc",
           "genericpath", "zlib", "gc", "_functools", "_operator", "builtins", "_thread"}
# The package's own modules, packages included: each costs 0.15 to 0.2 ms.
OWN = {"squeue": 36, "sinfo": 36, "scontrol": 41, "scancel": 31, "sbatch": 54}
QUERIES = [["squeue"], ["squeue", "--me", "-h", "-o", "%i %T"], ["sinfo"], ["sinfo", "-N", "-l"],
           ["scontrol", "show", "job", "101"], ["scancel", "999999"], ["sbatch", "--wrap", "true", "-H"]]


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    root = tmp_path_factory.mktemp("budget")
    subprocess.run([sys.executable, "-m", "slurm_mock", "run", "--cluster", "small", "--no-load",
                    "--state", str(root), "--", "sbatch", "-H", "--wrap", "true"],
                   check=True, capture_output=True, cwd=root)
    yield root / "small"
    end_all(str(root / "small"))         # the held jobs would keep a keeper


@pytest.mark.parametrize("argv", QUERIES, ids=" ".join)
def test_a_command_imports_little(state, argv, tmp_path):
    launcher, told = state / "bin" / argv[0], tmp_path / "modules"
    probe = ("import sys, os\nbefore = set(sys.modules)\nreal = os._exit\n"
             "def tell(code):\n"
             f"    with open({str(told)!r}, 'w') as f:\n"
             "        f.write(' '.join(n for n in sys.modules if n not in before))\n"
             "    real(code)\n"
             "os._exit = tell\n"
             f"sys.argv = {argv!r}\nexec(open({str(launcher)!r}).read())\n")
    done = subprocess.run([sys.executable, "-IS", "-c", probe], capture_output=True, text=True,
                          cwd=tmp_path)
    names = set(told.read_text().split())
    assert any(n.startswith("slurm_mock.commands") for n in names), done.stderr
    others = {n for n in names if not n.startswith("slurm_mock")}
    assert others <= ALLOWED, sorted(others - ALLOWED)
    assert len(names - others) <= OWN[argv[0]], f"{len(names - others)}: {sorted(names - others)}"
