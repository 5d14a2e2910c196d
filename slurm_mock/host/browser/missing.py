"""What Python lacks in a browser: people (pwd, grp) and locks (fcntl).

To be put in before a module is imported that wants them.
"""

import os
import sys
import types

from ...posix import people

OPERATIONS = {"LOCK_SH": 1, "LOCK_EX": 2, "LOCK_NB": 4, "LOCK_UN": 8}


def provide():
    """Put in what is missing, and nothing else."""
    people.provide(login_name)
    provide_locks()


def login_name():
    """Who the person is to the system: who plays somebody else to Slurm (MOCK_SLURM_USER) is root, as
    in a browser the ids say."""
    return "root" if os.environ.get("MOCK_SLURM_USER") else people.login_name()


def provide_locks():
    """Put lockf in where there is no fcntl, or an empty one: one interpreter locks nobody out."""
    try:
        import fcntl
    except ImportError:
        fcntl = sys.modules["fcntl"] = types.ModuleType("fcntl", __doc__)
    if not hasattr(fcntl, "lockf"):
        fcntl.lockf = lambda fd, operation, length=0, start=0, whence=0: None
        vars(fcntl).update(OPERATIONS)
