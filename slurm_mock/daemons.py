"""Processes that outlive the command that made them: keepers and supervisors."""

import gc
import os


def _start_afresh(state, function, args):
    """Run function(state, *args) in a new interpreter in place of this one."""
    import sys
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    body = (f"import sys; sys.path.insert(0, {root!r}); import slurm_mock.controller as c; "
            f"c.sole_connection = True; from {function.__module__} import {function.__name__} as f; "
            f"f({state!r}, *{args!r})")
    env = {name: value for name, value in os.environ.items()
           if name != "MOCK_SLURM_DRIVEN" and not name.startswith("SLURM_")}
    os.execve(sys.executable, [sys.executable, "-IS", "-c", body], env)


def become_daemons(state, function, calls, afresh):
    """In a child: start a process for each of `calls`, arguments of the function, and end.

    afresh: each in a new interpreter, not in a fork of this one.
    """
    try:
        os.setsid()
        for args in calls:
            if not os.fork():
                _become_daemon(state, function, args, afresh)
    finally:
        os._exit(0)


def _become_daemon(state, function, args, afresh):
    """A process without terminal and without files of its parent's runs the function."""
    code = 1
    try:
        null = os.open(os.devnull, os.O_RDWR)
        log = os.open(os.path.join(state, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(null, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.closerange(3, 256)
        os.chdir(state)
        os.umask(0o077)
        gc.set_threshold(700)            # Python's own; commands have more (call.launch)
        if afresh:
            _start_afresh(state, function, args)
        function(state, *args)
        code = 0
    except BaseException:
        # nobody is there to see it: the log keeps it for a bug report
        import traceback
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)
