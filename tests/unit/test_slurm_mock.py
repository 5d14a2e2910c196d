"""The package itself: nothing is read by importing it."""

import subprocess
import sys

import slurm_mock


def test_importing_it_reads_nothing():
    code = "import sys; import slurm_mock; print(*[name for name in sys.modules if name.startswith('slurm_mock.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_it_is_an_extension_of_ipython_and_has_a_version():
    assert callable(slurm_mock.load_ipython_extension) and callable(slurm_mock.unload_ipython_extension)
    assert slurm_mock.__version__.count(".") == 2
