"""`%load_ext slurm_mock`: one line in a notebook that works everywhere.

It joins the mock that the environment names; else, where a real Slurm answers, it says
so and steps aside; else it switches the mock on for this kernel.  MOCK_SLURM=always or
MOCK_SLURM=never in the environment decides instead.  MOCK_SLURM_CLUSTER,
MOCK_SLURM_ROOT, MOCK_SLURM_SPEED and MOCK_SLURM_LOAD stand for the options of
`slurm-mock run`.
"""

import os
import shutil
import subprocess

from .host import notebook as machine
from .site import activate
from .site.activate import ActivateError
from .store.connection import StoreError

# Seconds to wait for a real Slurm's answer.
ANSWER = 10

_before = {}


def load(ipython):
    """Switch Slurm on for this kernel; prints one line that says which Slurm it is."""
    machine.install(ipython)
    wish = os.environ.get("MOCK_SLURM", "auto").lower()
    if wish not in ("auto", "always", "never"):
        _fail(f"MOCK_SLURM={wish}: set it to always or never, or leave it away")
    current = os.environ.get("MOCK_SLURM_STATE")
    if current and wish != "never":
        if not os.path.exists(os.path.join(current, "store.db")):
            _fail(f"MOCK_SLURM_STATE names {current}, where no cluster of the mock lies: unset it, "
                  "or start again with `slurm-mock run`")
        _switch(activate.Place(None, "", current))
        print(f"slurm_mock: the mock is on: cluster {_cluster_name(current)}")
        return
    version = None if wish == "always" else real_slurm()
    if version:
        print(f"slurm_mock: a real Slurm answers here ({version}): the mock stays off")
        return
    if wish == "never":
        _fail("MOCK_SLURM=never, but no Slurm answers here (sinfo fails, is the mock's or not on "
              "PATH): log in to the cluster, or unset MOCK_SLURM to use the mock")
    try:
        where = activate.place(None, None, os.environ, os.getcwd())
        ctl = activate.ensure(where, os.environ, os.getcwd(), _speed(), _load())
    except (ActivateError, StoreError) as error:
        _fail(str(error))
    name = ctl.config.get("ClusterName")
    ctl.close()
    _switch(where)
    why = "MOCK_SLURM=always" if wish == "always" else "no Slurm answers here"
    print(f"slurm_mock: {why}, so the mock is on: cluster {name}")


def unload(ipython):
    """Put the environment back as it was."""
    machine.uninstall(ipython)
    for name, value in _before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    _before.clear()


def _switch(where):
    for name, value in activate.environment(where, dict(os.environ)).items():
        _before.setdefault(name, os.environ.get(name))
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def real_slurm():
    """The version of a Slurm that answers, or None. Commands on PATH alone are not enough."""
    program = shutil.which("sinfo")
    if not program or activate.is_ours(os.path.dirname(program)):
        return None
    try:
        answer = subprocess.run([program, "-h", "-o", "%P"], stdin=subprocess.DEVNULL,
                                capture_output=True, timeout=ANSWER)
        version = subprocess.run([program, "-V"], stdin=subprocess.DEVNULL, capture_output=True,
                                 timeout=ANSWER, text=True)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return version.stdout.strip() if answer.returncode == 0 and answer.stdout.strip() else None


def _cluster_name(state):
    from .store.store import Store
    store = Store(state)
    name = (store.data("config") or {}).get("ClusterName", "")
    store.close()
    return name


def _speed():
    text = os.environ.get("MOCK_SLURM_SPEED")
    if not text:
        return None
    from argparse import ArgumentTypeError

    from .site.activate import speed
    try:
        return speed(text)
    except ArgumentTypeError as error:
        return _fail(f"MOCK_SLURM_SPEED: {error}")


def _load():
    text = os.environ.get("MOCK_SLURM_LOAD", "").lower()
    known = {"": None, "1": True, "yes": True, "0": False, "no": False}
    return known[text] if text in known else _fail(f"MOCK_SLURM_LOAD={text}: set it to yes or no")


def _fail(text):
    """End the cell with one line instead of a traceback."""
    from IPython.core.error import UsageError
    raise UsageError(f"slurm_mock: {text}")
