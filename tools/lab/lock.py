"""pyodide-lock.json: which packages the kernel can load, and from where.

A package whose wheel lies beside the lock comes from the site itself.  All others keep the
digest that Pyodide's makers gave them, and come from their server when they are first imported.
"""

from __future__ import annotations

import copy
import hashlib
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

# Whom loading one package must bring along; just-bash's own list is of what no command here needs,
# and IPython's terminal is not there (trimmed.py).
DEPENDS = {"comm": [], "just-bash": [], "slurm-mock": ["just-bash"], "slurm-magic": ["ipython", "pandas"],
           "lesson-lab": ["slurm-mock"], "piplite": ["micropip"], "pyodide-kernel": ["comm", "ipython"],
           "ipykernel": ["pyodide-kernel"], "jedi": [], "jedi-itself": ["parso"],
           "ipython": ["asttokens", "decorator", "executing", "matplotlib-inline", "pure-eval", "pygments",
                       "stack-data", "traitlets"]}
# What importing a name must bring, where that is not told by the modules in the wheel.
IMPORTS = {"jedi": [], "pygments-lexers": []}


def for_site(lock: dict, wheels: Iterable[Path]) -> dict:
    """Return the lock with all packages on the server of Pyodide's makers but these wheels."""
    lock = copy.deepcopy(lock)
    for package in lock["packages"].values():
        package["file_name"] = f"{PYODIDE_CDN_URL}/{package['file_name']}"
    return with_local(lock, wheels)


def with_local(lock: dict, wheels: Iterable[Path]) -> dict:
    """Return the lock with these wheels taken from where the lock lies."""
    lock = copy.deepcopy(lock)
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        name = normal(name)
        key = next((key for key in lock["packages"] if normal(key) == name), name)
        entry = lock["packages"].setdefault(key, {
            "name": name, "install_dir": "site", "package_type": "package", "unvendored_tests": False,
            "imports": imports(wheel), "depends": []})
        entry |= {"version": version, "file_name": wheel.name,
                  "imports": IMPORTS.get(name, entry["imports"]), "depends": DEPENDS.get(name, entry["depends"]),
                  "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest()}
    return lock


def normal(name: str) -> str:
    """A package's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def imports(wheel: Path) -> list[str]:
    """The top modules of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {path.split("/")[0] for path in archive.namelist()}
    return sorted(top.removesuffix(".py") for top in tops if not re.search(r"\.(dist-info|data|libs)$", top))
