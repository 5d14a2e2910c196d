"""Other people's wheels, without what a kernel in a browser does not need before its first cell.

What is left out of a wheel is either never asked for there, or comes later, as a package of its
own: when it is first imported (the kernel's LATER, see kernel/lesson_lab.py).
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from slurm_mock.posix.tools.borrowed import TOOLS

from . import own_wheels

# Of pygments' 500 languages these are a kernel's; the others are the package pygments-lexers.
LEXERS = ("__init__", "_mapping", "python", "special", "shell", "text")
# Of just-bash the text tools alone are used (slurm_mock.posix.tools.borrowed), and what they share.
BORROWED = tuple(f"just_bash/{part}" for part in [
    "__init__.py", "types.py", "commands/__init__.py", "commands/registry.py",
    *(f"commands/{module.split('.')[0]}/" for module, _kind in TOOLS.values())])
EMBED = "IPython/terminal/embed.py"


def write(folder: Path, wheels: Iterable[Path]) -> list[Path]:
    """Return the wheels, those that are not whole any more in a folder, and those split off."""
    found = []
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        found += PARTS.get(name, lambda _folder, whole, _version: [whole])(folder, wheel, version)
    return found


def ipython(folder: Path, wheel: Path, _version: str) -> list[Path]:
    stand_in = (own_wheels.KERNEL / "ipython_embed.py").read_bytes()
    return [rewritten(folder, wheel, lambda _name: True, {EMBED: stand_in})]


def pygments(folder: Path, wheel: Path, version: str) -> list[Path]:
    first = {f"pygments/lexers/{name}.py" for name in LEXERS}

    def later(name: str) -> bool:
        return name.startswith("pygments/lexers/") and name not in first

    return [rewritten(folder, wheel, lambda name: not later(name), {}),
            split_off(folder, wheel, "pygments_lexers", version, later)]


def jedi(folder: Path, wheel: Path, version: str) -> list[Path]:
    """An empty package of its name, which the kernel insists on, and itself as another."""
    return [own_wheels.write_wheel(folder, "jedi", version, {}),
            split_off(folder, wheel, "jedi_itself", version, lambda _name: True)]


def just_bash(folder: Path, wheel: Path, _version: str) -> list[Path]:
    return [rewritten(folder, wheel, lambda name: name.startswith(BORROWED) or ".dist-info/" in name, {})]


PARTS = {"ipython": ipython, "pygments": pygments, "jedi": jedi, "just_bash": just_bash}


def rewritten(folder: Path, wheel: Path, keep: Callable[[str], bool], changed: dict[str, bytes]) -> Path:
    """Write a wheel of the same name with those files that are kept, some with another content."""
    with zipfile.ZipFile(wheel) as before, zipfile.ZipFile(folder / wheel.name, "w") as after:
        for name in before.namelist():
            if keep(name):
                content = changed.get(name) or before.read(name)
                after.writestr(zipfile.ZipInfo(name, own_wheels.DATE), content, zipfile.ZIP_DEFLATED)
    return folder / wheel.name


def split_off(folder: Path, wheel: Path, name: str, version: str, wanted: Callable[[str], bool]) -> Path:
    """Write some modules of a wheel as a package of another name, with the whole's licences."""
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(wheel) as whole:
        files = {one: whole.read(one) for one in whole.namelist() if ".dist-info/" not in one and wanted(one)}
        files |= {f"{info}/licenses/{one.rsplit('/', 1)[1]}": whole.read(one) for one in whole.namelist()
                  if ".dist-info/" in one and one.rsplit("/", 1)[1].startswith(("LICEN", "AUTHORS"))}
    return own_wheels.write_wheel(folder, name, version, files)
