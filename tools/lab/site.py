"""JupyterLite's build: its configuration, and the folder that it is made from."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import jupyterlite_core
import jupyterlite_pyodide_kernel

from . import compiled, downloads, lock, own_wheels, trimmed

TITLE = "Jupyter notebooks in HPC"
STORAGE = "hpc-notebooks"
APPS = ("lab", "notebooks", "tree", "repl", "edit")
EXTENSION = Path(sys.prefix, "share", "jupyter", "labextensions", "@jupyterlite", "pyodide-kernel-extension")
# What the kernel needs before its first cell; pandas and the like come when they are imported.
FIRST = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython", "lesson-lab")
# The book's light or dark; and a reader who closes the page loses no more than a moment's work.
OVERRIDES = {"@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
             "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10}}
PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"


class BuildError(Exception):
    """JupyterLite's build failed; the text is what it said."""


def build(target: Path, files: Mapping[str, bytes], programs: list[str], cache: Path) -> str:
    """Build the lab into a folder, which it replaces; return its release.

    files: what readers find in it; programs: which of them can be run; cache: folder of what was
    downloaded before.  Raises downloads.DownloadError and BuildError.
    """
    with tempfile.TemporaryDirectory(prefix="build-lab-", dir=target.parent) as temporary:
        lite, out = Path(temporary, "lite"), Path(temporary, "out")
        mark = lay_out(lite, files, programs, cache)
        done = subprocess.run([sys.executable, "-m", "jupyterlite_core", "build", "--output-dir", str(out)],
                              cwd=lite, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise BuildError(done.stdout[-3000:])
        notebooks = [name for name in files if name.endswith(".ipynb")]
        write_json(out / "release.json", {"release": mark, "storage": storage(mark), "notebooks": notebooks})
        shutil.rmtree(target, ignore_errors=True)
        out.rename(target)
    return mark


def lay_out(lite: Path, files: Mapping[str, bytes], programs: list[str], cache: Path) -> str:
    """Write the folder that the build reads; return the lab's release."""
    contents, served, own, less = lite / "contents", lite / "static" / "pyodide", lite / "wheels", lite / "trimmed"
    for folder in (contents, own, less):
        folder.mkdir(parents=True)
    for name, content in files.items():
        (contents / name).write_bytes(content)
    pyodide = downloads.pyodide(cache)
    shutil.copytree(pyodide, served)
    seeds = {name: content for name, content in files.items() if not name.endswith(".ipynb")}
    wheels = [*own_wheels.write(own, seeds, programs), *trimmed.write(less, downloads.wheels(cache)), *kernel_wheels()]
    for archive in compiled.archives(cache, pyodide, [*wheels, pyodide / "python_stdlib.zip"]):
        shutil.copy(archive, served)
    lockfile = served / "pyodide-lock.json"
    write_json(lockfile, lock.for_site(json.loads(lockfile.read_text()), sorted(served.glob("*.whl"))))
    mark = release(files, wheels)
    write_json(lite / "jupyter_lite_config.json", {"LiteBuildConfig": build_options(contents)})
    write_json(lite / "jupyter-lite.json", runtime_options(mark))
    write_json(lite / "overrides.json", OVERRIDES)
    return mark


def kernel_wheels() -> list[Path]:
    """The wheels that the kernel's makers ship with it."""
    return [path for path in sorted((EXTENSION / "static" / "pypi").glob("*.whl"))
            if path.name.split("-")[0] in ("piplite", "pyodide_kernel", "ipykernel")]


def release(files: Mapping[str, bytes], wheels: list[Path]) -> str:
    """A digest of all that the lab is made of: the same sources give the same release.

    It is in the name of the store where readers' files are kept, so that no old notebook ever
    meets a new emulator.
    """
    parts = [jupyterlite_core.__version__, jupyterlite_pyodide_kernel.__version__,
             *(f"{wheel.name} {hashlib.sha256(wheel.read_bytes()).hexdigest()}" for wheel in wheels),
             *(f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in sorted(files.items()))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def storage(mark: str) -> str:
    """The name of the store (IndexedDB) of a release's files."""
    return f"{STORAGE}-{mark}"


def build_options(contents: Path) -> dict:
    """For `jupyter lite build`: nothing that happens to be installed here gets into the lab."""
    return {"apps": APPS, "contents": [str(contents)], "no_sourcemaps": True, "no_libarchive": True,
            "ignore_sys_prefix": ["federated_extensions"], "federated_extensions": [str(EXTENSION)],
            "settings_overrides": ["overrides.json"]}


def runtime_options(mark: str) -> dict:
    """For the browser (jupyter-lite.json)."""
    kernel = {"pyodideUrl": "./static/pyodide/pyodide.mjs", "disablePyPIFallback": True,
              "loadPyodideOptions": {"packages": FIRST}}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": {
        "appName": TITLE, "exposeAppInBrowser": True, "contentsStorageName": storage(mark), "litePluginSettings": {PLUGIN: kernel}}}


def write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
