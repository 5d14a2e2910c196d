"""A challenge to take away: an archive with one folder, in which lie its notebook, all that it
needs beside it, the emulator as a wheel, and how to install it.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import slurm_mock
from tools.lab import own_wheels

# What tells how to install the rest, in the archive only: a lab has it installed.
INSTALLATION = ("README.txt", "requirements.txt", f"slurm_mock-{slurm_mock.__version__}-py3-none-any.whl")
REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"
# Of requirements.txt, what a learner's own computer needs.
NEEDED = ("slurm-magic", "pandas", "numpy", "matplotlib", "ipykernel", "jupyterlab")
README = """\
{title}
{rule}

{name}.ipynb is a notebook with tasks, and with checks that look at what you did.

On your own computer (Linux, macOS, or the Windows Subsystem for Linux; Python 3.10 or newer), in
this folder:

    python3 -m venv .venv
    .venv/bin/pip install -r requirements.txt
    .venv/bin/jupyter lab {name}.ipynb

The cell `%load_ext slurm_mock` then starts an emulated {cluster_name}.

On a cluster, copy the folder there and open the notebook in the cluster's own Jupyter. Its Slurm is
used, and two packages may be missing:

    pip install --user slurm-magic=={magic}
    pip install --user {wheel}

Without the second (it wants Python 3.10) the cell `%load_ext slurm_mock` ends in a
ModuleNotFoundError. A cluster does not need it: go on with the next cell.

`progress()` tells of the challenges whose files lie in one folder: here it is this one.
"""


def write(path: Path, folder: Path, name: str, title: str, cluster_name: str) -> None:
    """Write the archive of a challenge aside, then put it in its place.  `folder` has all but what
    tells how to install it.  The same files give the same archive, byte for byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.aside")
    with tempfile.TemporaryDirectory(prefix="make-notebooks-") as temporary:
        wheel = own_wheels.write_wheel(Path(temporary), "slurm_mock", slurm_mock.__version__, own_wheels.mock_files())
        pins = pinned()
        magic = next(pin.partition("==")[2] for pin in pins if pin.startswith("slurm-magic=="))
        Path(temporary, "requirements.txt").write_text("".join(f"{line}\n" for line in (f"./{wheel.name}", *pins)),
                                                        encoding="utf-8")
        Path(temporary, "README.txt").write_text(README.format(
            title=title, rule="=" * len(title), name=name, cluster_name=cluster_name, magic=magic, wheel=wheel.name),
                                                  encoding="utf-8")
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted([*folder.iterdir(), *Path(temporary).iterdir()], key=lambda file: file.name):
                entry = zipfile.ZipInfo(f"{name}/{file.name}", own_wheels.DATE)
                entry.external_attr = file.stat().st_mode << 16
                archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    aside.replace(path)


def pinned() -> list[str]:
    """The lines of requirements.txt for the packages in NEEDED, without their reasons."""
    lines = (line.partition("#")[0].strip() for line in REQUIREMENTS.read_text().splitlines())
    return [line for line in lines if line.partition("==")[0] in NEEDED]
