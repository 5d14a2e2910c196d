"""What holds for every test: a clean environment, the makers of clusters, and generated examples that
can be repeated."""

from __future__ import annotations

import os
import signal
import tempfile

import hypothesis

from slurm_mock.host import local
from tests.clusters.in_one_process import in_process, small
from tests.clusters.living import ended, living, stepping
from tests.clusters.staged import staged
from tests.shares import pytest_addoption, pytest_collection_modifyitems, pytest_terminal_summary

# The fixtures of the makers of clusters, for all folders: tests/clusters/__init__.py says which is for what.
__all__ = ["ended", "in_process", "living", "pytest_addoption", "pytest_collection_modifyitems",
           "pytest_terminal_summary", "small", "staged", "stepping"]

# Whoever runs the tests may sit in a job, in a shell of the mock, or on a cluster with defaults set.
FOREIGN = ("SLURM_", "SBATCH_", "SALLOC_", "SQUEUE_", "SINFO_", "SACCT_", "SCANCEL_", "MOCK_SLURM")
for name in [name for name in os.environ if name.startswith(FOREIGN)]:
    del os.environ[name]
os.environ.pop("LESSON_CLUSTER", None)
# The tests are run by make, whose -j and variables are not for the makes that they start.
for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
    os.environ.pop(name, None)
# The user's own state of the mock, jobs and all, is none of the tests' business.
_state = tempfile.TemporaryDirectory(prefix="slurm-mock-tests-", ignore_cleanup_errors=True)
os.environ["XDG_STATE_HOME"] = _state.name

# Jobs start at once where no test is about the moment before.
os.environ["MOCK_SLURM_START_DELAY"] = "0"

# Ctrl-C reaches what the tests start, though a shell ignores it for its commands in the background.
for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGQUIT, signal.SIG_DFL)):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, handler)

# What the tests call of the mock runs on this computer, unless they choose otherwise.
local.install()

# The same examples in every run of CI; elsewhere new ones, for new bugs.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")
