"""Wheels of what the lab installs from here: slurm_mock, slurm_magic, and the kernel's start-up.

The same files give the same wheel, byte for byte: the lab's release is made of such digests.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

import slurm_mock

ROOT = Path(__file__).resolve().parents[2]
KERNEL = Path(__file__).with_name("kernel")
NAMES = ("slurm_mock", "slurm_magic", "lesson_lab")
DATE = (2020, 1, 1, 0, 0, 0)


def write(folder: Path, seeds: Mapping[str, bytes], programs: list[str]) -> list[Path]:
    """Write the wheels into a folder; return their paths.

    seeds: files that the kernel lays out itself where the browser shows it none (see kernel/);
    programs: which of them can be run.
    """
    return [write_wheel(folder, "slurm_mock", slurm_mock.__version__, mock_files()),
            write_wheel(folder, "slurm_magic", *magic()),
            write_wheel(folder, "lesson_lab", slurm_mock.__version__, kernel_files(seeds, programs))]


def mock_files() -> dict[str, bytes]:
    """The emulator, whole."""
    package = ROOT / "slurm_mock"
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted(package.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts}


def magic() -> tuple[str, dict[str, bytes]]:
    """slurm_magic's version and files as they are installed: PyPI has no wheel of it."""
    installed = distribution("slurm-magic")
    files = {str(file): file.read_binary() for file in installed.files or []
             if file.suffix == ".py" and ".." not in file.parts}
    return installed.version, files


def kernel_files(seeds: Mapping[str, bytes], programs: list[str]) -> dict[str, bytes]:
    """The kernel's start-up; IPython reads ipython_config.py below sys.prefix by itself."""
    config = f"lesson_lab-{slurm_mock.__version__}.data/data/etc/ipython/ipython_config.py"
    files = {"lesson_lab/__init__.py": (KERNEL / "lesson_lab.py").read_bytes(),
             "lesson_lab/programs": "\n".join(programs).encode(),
             config: (KERNEL / "ipython_config.py").read_bytes()}
    return files | {f"lesson_lab/files/{name}": content for name, content in seeds.items()}


def write_wheel(folder: Path, name: str, version: str, files: Mapping[str, bytes]) -> Path:
    """Write a wheel of pure Python (packaging.python.org, binary distribution format)."""
    info = f"{name}-{version}.dist-info"
    files = dict(files)
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: build_lab\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(f"{path},sha256={digest(content)},{len(content)}\n" for path, content in files.items())
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, DATE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return wheel


def digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
