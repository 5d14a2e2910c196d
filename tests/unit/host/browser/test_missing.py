"""host/browser/missing.py: a store can be written to where Python has no locks, or an empty fcntl."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys, types
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "fcntl":
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Missing())
sys.modules.pop("fcntl", None)
if sys.argv[1] == "empty":
    sys.modules["fcntl"] = types.ModuleType("fcntl")
from slurm_mock.host import browser
from slurm_mock.store.store import Store
browser.install()
store = Store(sys.argv[2], create=True)
with store:
    store.set_meta("key", "value")
print(store.meta("key"))
"""


@pytest.mark.parametrize("fcntl", ["missing", "empty"])
def test_the_store_is_written(fcntl, tmp_path):
    done = subprocess.run([sys.executable, "-c", PROGRAM, fcntl, tmp_path], capture_output=True,
                          text=True, timeout=60)
    assert done.stdout == "value\n", done.stderr


JOB = """
import os, sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in ("fcntl", "pwd", "grp", "termios", "tty", "resource"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Missing())
for name in ("fcntl", "pwd", "grp", "termios"):
    sys.modules.pop(name, None)
for name in ("fork", "wait4", "killpg", "setsid", "openpty", "kill"):
    delattr(os, name)
from slurm_mock.host.browser import notebook          # as the kernel of the lab does, before all else
from slurm_mock.host import browser
browser.install()
from tests.clusters.in_one_process import cluster
from pathlib import Path
env = cluster(Path(sys.argv[1]), "small", False)
print(browser.run("sbatch -W -n2 -o out --wrap 'srun -l hostname'; sort out", env, sys.argv[1], shell=True))
"""


def test_a_job_runs_where_python_lacks_what_it_lacks_in_a_browser(tmp_path):
    done = subprocess.run([sys.executable, "-c", JOB, tmp_path], capture_output=True, text=True, timeout=60)
    assert done.stdout == "(0, b'Submitted batch job 101\\n0: n1\\n1: n1\\n', b'')\n", done.stderr


def test_what_python_has_stays():
    import fcntl

    from slurm_mock.host.browser import missing
    before = fcntl.lockf
    missing.provide()
    assert fcntl.lockf is before
