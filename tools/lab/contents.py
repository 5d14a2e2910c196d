"""The files that a reader finds in the lab: those of the learners' archives, in one folder."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

from tools.notebook_archive import INSTALLATION


class ContentsError(Exception):
    """The archives do not go together."""


def read(archives: Iterable[Path]) -> tuple[dict[str, bytes], list[str]]:
    """Return {name: content} of all files, and the names of those that can be run.

    As on the desktop they lie in one folder: the challenges share their checks and their progress.
    """
    files: dict[str, bytes] = {}
    programs = set()
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                name, content = entry.filename.split("/", 1)[1], archive.read(entry)
                if name in INSTALLATION:
                    continue
                if files.setdefault(name, content) != content:
                    raise ContentsError(f"{path}: {name} differs from that of another challenge: make them anew")
                if entry.external_attr >> 16 & 0o111:
                    programs.add(name)
    return dict(sorted(files.items())), sorted(programs)
