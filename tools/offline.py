"""Pack the site into one zip for a class room without internet.

    python tools/offline.py SITE ZIP [--wheels DIR]

SITE is the built site's folder.  The lab's compiled packages (pandas, matplotlib and what they
need) come from wheels in DIR, those that Pyodide's makers publish for the version in the lab.
Without pandas its place is taken by tools/lab/plain_pandas.py: tables are plain text then, with
a note.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from tools.lab import lock, own_wheels  # noqa: E402

TOP = "hpc-notebooks"
WANTED = ("pandas", "matplotlib")
LOCK = "lite/static/pyodide/pyodide-lock.json"
STAND_IN = Path(lock.__file__).with_name("plain_pandas.py")
NOTE = "(a plain table: pandas is not part of this copy of the lesson)"
HOW = """This is a whole copy of the lesson: pages, notebooks, and the lab in which they run.

In this folder type

    python3 -m http.server 8000 --bind 127.0.0.1

and open http://127.0.0.1:8000/ in a browser.  Nothing is fetched from anywhere else.

One machine can serve a room (leave --bind away, and give out its address).  Browsers then grant
the pages less, since only https and 127.0.0.1 count as safe: the notebooks run all the same, but
files that jobs write do not show in the lab's list of files.

"""


class OfflineError(Exception):
    """The site cannot be packed; the text says why."""


def needed(table: dict, *wanted: str) -> list[str]:
    """Return those of some packages and of all that they need that a lock would fetch elsewhere."""
    found, todo = [], list(wanted)
    while todo:
        name = todo.pop(0)
        if name not in found and name in table:
            found.append(name)
            todo += table[name]["depends"]
    return [name for name in found if "://" in table[name]["file_name"]]


def file_of(table: dict, name: str) -> str:
    """Return the name of a package's wheel."""
    return table[name]["file_name"].rsplit("/", 1)[-1]


def choose(table: dict, folder: Path | None) -> tuple[list[Path], list[str]]:
    """Return (wheels of needed packages in the folder, names of the packages that are missing)."""
    wheels, missing = [], []
    for name in needed(table, *WANTED):
        if folder and (folder / file_of(table, name)).is_file():
            wheels.append(folder / file_of(table, name))
        else:
            missing.append(name)
    return wheels, missing


def lab_files(site: Path, folder: Path | None, temporary: Path) -> tuple[dict, list[Path], list[str]]:
    """Return (the offline lock, wheels to lie beside it, file names of what is missing)."""
    whole = json.loads((site / LOCK).read_text(encoding="utf-8"))
    official = whole["packages"]
    wheels, missing = choose(official, folder)
    files = [file_of(official, name) for name in missing]
    whole = lock.with_local(whole, wheels)
    if set(needed(official, "pandas")) & set(missing):
        version = official["pandas"]["version"]
        text = STAND_IN.read_bytes() + f"\n\nNOTE = {NOTE!r}\n".encode()
        wheel = own_wheels.write_wheel(temporary, "pandas", version, {"pandas/__init__.py": text})
        wheels = [one for one in wheels if one.name.split("-")[0] != "pandas"] + [wheel]
        whole = lock.with_local(whole, [wheel])
        whole["packages"]["pandas"]["depends"] = []
    if set(needed(official, "matplotlib")) & set(missing):
        # half of it would fail when it is imported
        wheels = [one for one in wheels if one.name != file_of(official, "matplotlib")]
        whole["packages"].pop("matplotlib", None)
    # Whoever imports something else is told at once that it is not here.
    whole["packages"] = {k: v for k, v in whole["packages"].items() if "://" not in v["file_name"]}
    return whole, wheels, files


def pack(site: Path, target: Path, folder: Path | None) -> list[str]:
    """Write the zip; return the file names of the wheels that are missing in it."""
    if not (site / LOCK).is_file():
        raise OfflineError(f"{site} has no lab: run `make book` first")
    if folder and not folder.is_dir():
        raise OfflineError(f"WHEELS={folder}: no such folder")
    with tempfile.TemporaryDirectory() as temporary:
        whole, wheels, missing = lab_files(site, folder, Path(temporary))
        aside = target.with_suffix(".new")
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(site.rglob("*")):
                name = str(path.relative_to(site))
                if path.is_file() and name != LOCK:
                    archive.write(path, f"{TOP}/{name}")
            archive.writestr(f"{TOP}/{LOCK}", json.dumps(whole))
            for wheel in wheels:
                archive.write(wheel, f"{TOP}/{Path(LOCK).parent}/{wheel.name}")
            archive.writestr(f"{TOP}/START.txt", HOW + what_is_missing(missing))
        aside.replace(target)
    return missing


def what_is_missing(missing: list[str]) -> str:
    if not missing:
        return "pandas and matplotlib are in it.\n"
    names = "\n".join(f"    {name}" for name in missing)
    return ("Not in it: compiled packages whose wheels were not there when it was packed (WHEELS=DIR).\n"
            "Without pandas tables are plain text, without matplotlib there are no pictures.\n\n" + names + "\n")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Pack the site for a class room without internet.")
    parser.add_argument("site", type=Path)
    parser.add_argument("zip", type=Path)
    parser.add_argument("--wheels", type=Path, help="folder with wheels of pandas, matplotlib and what they need")
    options = parser.parse_args(argv)
    try:
        missing = pack(options.site, options.zip, options.wheels)
    except (OfflineError, OSError) as error:
        print(f"offline: error: {error}", file=sys.stderr)
        return 1
    print(f"{options.zip}: {options.zip.stat().st_size / 1e6:.0f} MB; unpack it, and read START.txt in it")
    print(what_is_missing(missing), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
