"""`python -m slurm_mock` is `slurm-mock`."""

import subprocess
import sys


def test_it_is_the_command():
    done = subprocess.run([sys.executable, "-m", "slurm_mock", "--version"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("slurm-mock ")
    assert subprocess.run([sys.executable, "-m", "slurm_mock"], capture_output=True).returncode == 2
