"""fcntl's record locks where Python has none (in a browser): one interpreter locks nobody out."""

import sys
import types

OPERATIONS = {"LOCK_SH": 1, "LOCK_EX": 2, "LOCK_NB": 4, "LOCK_UN": 8}


def provide():
    """Put lockf in where it is missing: without the module, or in an empty one."""
    try:
        import fcntl
    except ImportError:
        fcntl = sys.modules["fcntl"] = types.ModuleType("fcntl", __doc__)
    if not hasattr(fcntl, "lockf"):
        fcntl.lockf = lambda fd, operation, length=0, start=0, whence=0: None
        vars(fcntl).update(OPERATIONS)
