"""The clients' own virtual environments: made from pins, kept for the next run.

They lie outside of the checkout, where the learner of the conformance tests may run them.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import needs

HERE = Path(__file__).parent
KEPT = Path(tempfile.gettempdir()) / f"slurm-mock-clients-{os.getuid()}"


def made(client: str, base: Path) -> Path:
    """The folder of the virtual environment with what <client>.txt pins.

    base: the Python to make it of.  Skips the calling test where it cannot be made.
    """
    pins = HERE / f"{client}.txt"
    mark = hashlib.sha256(pins.read_bytes() + str(base).encode()).hexdigest()[:12]
    with _alone():
        folder = KEPT / f"{client}-{mark}"
        if not (folder / "whole").exists():
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([base, "-m", "venv", "--without-pip", folder], check=True)
            _install(folder, pins)
            (folder / "whole").touch()
    return folder


def _install(folder: Path, pins: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet",
         "--no-deps", "--prefer-binary", "--progress-bar=off",
         "--no-warn-script-location", "-r", pins],
        stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        needs.unavailable(f"{pins.name} could not be installed: {done.stderr[-1000:]}")


@contextlib.contextmanager
def _alone():
    """One process at a time, in a folder that nobody else has made."""
    KEPT.mkdir(mode=0o755, exist_ok=True)
    if KEPT.stat().st_uid != os.getuid():
        needs.unavailable(f"{KEPT} belongs to another user")
    with open(KEPT / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
