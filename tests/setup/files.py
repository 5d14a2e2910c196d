"""What lies in a folder, to compare before and after."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def snapshot(folder: Path) -> dict[str, tuple]:
    """Return {path: (mode, content or link's target)} of all that lies in a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            content = os.readlink(path)
        elif stat.S_ISREG(mode):
            content = path.read_bytes()
        else:
            content = None
        found[str(path.relative_to(folder))] = (oct(mode), content)
    return found


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def leftovers(folder: Path) -> list[str]:
    """Names of files that a run must not leave behind."""
    return [p for p in snapshot(folder) if ".new-" in p or p.endswith((".lock", "~", ".tmp"))]
