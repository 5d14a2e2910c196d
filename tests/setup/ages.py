"""Jupyter of four ages, each in a virtual environment that throw-away users can read.

The environments are made once per machine, in the temporary folder, from the pinned lists in
``ages/``.  The interpreter is copied there as well where ordinary users could not run it in its
place (a pyenv in root's home).
"""

from __future__ import annotations

import fcntl
import functools
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.needs import unavailable

LISTS = Path(__file__).parent / "ages"
NOBODY = 65534


@dataclass(frozen=True)
class Age:
    """One generation of Jupyter: its pinned list and the Pythons it runs on, best first."""

    name: str
    pythons: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


OLD = Age("notebook-5.0", ("3.6",))
MIDDLE = Age("notebook-6.4", ("3.9", "3.10", "3.11", "3.8"))
BETWEEN = Age("notebook-6.5", ("3.11", "3.12", "3.13"))  # notebook 6 on Jupyter Server 2's parts
NEW = Age("notebook-7", ("3.11", "3.12", "3.13"))
ALL = (OLD, MIDDLE, BETWEEN, NEW)


@dataclass(frozen=True)
class Environment:
    """Where an age lies: the folder of its commands, and what the loader needs to find."""

    age: Age
    bin: Path
    lib: Path

    @property
    def variables(self) -> dict[str, str]:
        """What the cluster's module of this Jupyter would set."""
        return {"PATH": f"{self.bin}:/usr/bin:/bin", "LD_LIBRARY_PATH": str(self.lib)}

    @property
    def python(self) -> Path:
        return self.bin / "python3"


@functools.cache
def environment(age: Age) -> Environment:
    """Return the environment of an age, made if need be; skip the test if no Python fits."""
    found = next((p for v in age.pythons if (p := interpreter(v))), None)
    if found is None:
        what = f"{age.name} needs Python {' or '.join(age.pythons)}, which is not on this machine"
        unavailable_interpreter(age, what)
    pins = LISTS / f"{age.name}.txt"
    digest = hashlib.sha256(pins.read_bytes() + str(found).encode()).hexdigest()[:12]
    home = Path(tempfile.gettempdir()) / f"jupyter-ages-{os.getuid()}"
    home.mkdir(mode=0o755, exist_ok=True)
    if home.stat().st_uid != os.getuid():
        unavailable(f"{home} belongs to somebody else")
    folder = home / f"{age.name}-{digest}"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder, found, pins)
            (folder / "done").touch()
    base = folder / "python" if (folder / "python").exists() else found.parent.parent
    return Environment(age, folder / "venv" / "bin", base / "lib")


def unavailable_interpreter(age: Age, what: str) -> None:
    """Skip; the oldest age alone may be missing everywhere: no Debian of today has Python 3.6."""
    if age is OLD:
        import pytest

        pytest.skip(what)
    unavailable(what)


def interpreter(version: str) -> Path | None:
    """Return a Python of this version (e.g. "3.6") on PATH or in a pyenv, or None."""
    roots = [os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv")]
    candidates = [
        *(p for root in roots if root for p in glob.glob(f"{root}/versions/{version}.*/bin/python3")),
        shutil.which(f"python{version}"),
        sys.executable if sys.version.startswith(version + ".") else None,
    ]
    for candidate in filter(None, candidates):
        path = Path(os.path.realpath(candidate))
        answer = subprocess.run(
            [path, "-c", "import sys, venv, ssl; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
        )
        if answer.stdout.strip() == version:
            return path
    return None


def make(folder: Path, python: Path, pins: Path) -> None:
    """Make the virtual environment; raises CalledProcessError with pip's output in it."""
    folder.mkdir(mode=0o755)
    if os.geteuid() == 0 and not runs_for_others(python):
        shutil.copytree(python.parent.parent, folder / "python", symlinks=True)
        python = folder / "python" / "bin" / python.name
    lib = {**os.environ, "LD_LIBRARY_PATH": str(python.parent.parent / "lib")}
    venv = folder / "venv"
    subprocess.run([python, "-m", "venv", venv], check=True, env=lib, capture_output=True)
    # The lists are whole: --no-deps keeps an old pip from choosing what its Python can't take.
    subprocess.run(
        [venv / "bin" / "pip", "install", "-q", "--disable-pip-version-check", "--no-deps",
         "-r", pins],
        check=True, env=lib, capture_output=True, text=True, timeout=600,
    )  # fmt: skip


def runs_for_others(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", ""], user=NOBODY, capture_output=True).returncode == 0
    except PermissionError:
        return False
