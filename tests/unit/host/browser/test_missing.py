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


def test_what_python_has_stays():
    import fcntl

    from slurm_mock.host.browser import missing
    before = fcntl.lockf
    missing.provide()
    assert fcntl.lockf is before
