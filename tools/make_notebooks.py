"""Make the challenge notebooks from their sources in notebooks/ (how those are written:
tools/notebook_source.py).

    notebooks/learner/       for learners: notebooks without solutions, and all that they need
    challenges/NAME.ipynb    for the book: solved, executed against the emulated cluster
    challenges/NAME.zip      for download: the learner's notebook and all that it needs

    python tools/make_notebooks.py [--cluster NAME] [CHALLENGE...]

What is up to date stays as it is.  A learner's notebook that somebody has worked in is put aside,
never overwritten.  A cell that fails ends the run, and nothing of that challenge is written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "_ext")]

import nbformat  # noqa: E402
from lesson_facts import LessonError, fill, read_facts  # noqa: E402

from tools import notebook_run, notebook_source  # noqa: E402

NOTEBOOKS = ROOT / "notebooks"
LEARNER = NOTEBOOKS / "learner"
SOLVED = ROOT / "challenges"
STAMPS = ".made.json"  # in LEARNER: what each file was made from, and what was written
JOB_SCRIPT = ROOT / "_episodes" / "files" / "job.sh"
# What lies as it is beside every notebook: the checks, and programs for jobs.
COMPANIONS = ("checks*.py", "hello_mpi*", "jupyter-notebook", "use_memory")
PACKAGES = ("slurm-magic", "pandas", "matplotlib", "ipykernel", "ipython")
ZIP_DATE = (2020, 1, 1, 0, 0, 0)  # the same archive from the same files


class MakeError(Exception):
    """The notebooks can't be made; the text says why and what to do."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make the learners' and the solved challenge notebooks.")
    parser.add_argument("--cluster", help="another cluster of the lesson block than lesson.cluster")
    parser.add_argument("--force", action="store_true", help="make even what is up to date")
    parser.add_argument("challenges", nargs="*", help="such as 01-slurm-magics (default: all)")
    options = parser.parse_args(argv)
    environ = dict(os.environ)
    if options.cluster:
        environ["LESSON_CLUSTER"] = options.cluster
    try:
        facts = read_facts(ROOT / "_config.yml", environ)
        for name in options.challenges or names():
            make(name, facts, options.force)
    except (MakeError, LessonError, notebook_source.SourceError, notebook_run.RunError) as error:
        print(f"make_notebooks: error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"make_notebooks: error: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def names() -> list[str]:
    """Return the names of all challenges, in order."""
    return sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def make(name: str, facts: Mapping[str, str], force: bool = False) -> None:
    """Make one challenge's files, if they are not up to date.  Raises the errors that main reports."""
    if name not in names():
        raise MakeError(f"no challenge {name!r} in {NOTEBOOKS}; there is: {', '.join(names())}")
    if not force and is_up_to_date(name, facts):
        print(f"{name}: up to date")
        return
    made_from, solved_path = fingerprint(name, facts), SOLVED / f"{name}.ipynb"
    begun = time.monotonic()
    source = notebook_source.read_source(NOTEBOOKS / f"{name}.ipynb", facts)
    record = notebook_source.read_record(NOTEBOOKS / f"{name}.yaml", facts)
    learner, solved = notebook_source.learner(source), notebook_source.solved(source)
    with tempfile.TemporaryDirectory(prefix="make-notebooks-") as temporary:
        folder, state = Path(temporary, "work"), Path(temporary, "state")
        write_companions(folder, {name: record}, facts)
        environ = notebook_run.mock_environment(state, facts["cluster"])
        try:
            notebook_run.execute(solved, folder, environ, Progress(name))
        except notebook_run.RunError as error:
            raise notebook_run.RunError(f"{name}: {error}") from None
        finally:
            notebook_run.end_cluster(state, facts["cluster"])
    write_companions(LEARNER, {name: record}, facts)
    write_learner(learner, name, made_from)
    write_zip(SOLVED / f"{name}.zip", learner, name, record, facts)
    notebook_run.write_whole(solved, solved_path)
    print(f"{name}: made for {facts['cluster_name']} in {time.monotonic() - begun:.0f} s: "
          f"{solved_path.relative_to(ROOT)}, {(LEARNER / f'{name}.ipynb').relative_to(ROOT)}")


class Progress:
    """Says which cell runs: on one line that changes in a terminal, else once at the beginning."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, number: int, count: int, cell: str) -> None:
        if sys.stdout.isatty():
            print(f"\r{self.name}: cell {number} of {count}: {cell}\033[K", end="\r" if number == count else "",
                  flush=True)
        elif number == 1:
            print(f"{self.name}: running {count} cells", flush=True)


# ---- what lies beside a notebook -------------------------------------------------------------


def companions() -> list[Path]:
    """The checks and helper programs: the files that lie as they are beside every notebook."""
    return [path for pattern in COMPANIONS for path in sorted(NOTEBOOKS.glob(pattern))]


def write_companions(folder: Path, records: Mapping[str, dict], facts: Mapping[str, str]) -> None:
    """Write all that a notebook needs beside it: checks, records, helper programs, job.sh, the facts."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in companions():
        write(folder / path.name, path.read_bytes(), path.stat().st_mode)
    job = fill(JOB_SCRIPT.read_text(encoding="utf-8"), facts, str(JOB_SCRIPT))
    write(folder / "job.sh", job.encode(), JOB_SCRIPT.stat().st_mode)
    write(folder / "_config.yml", cluster_block(facts).encode())
    for name, record in records.items():
        text = json.dumps(notebook_source.learner_record(record), indent=1, ensure_ascii=False)
        write(folder / f"{name}.json", (text + "\n").encode())


def cluster_block(facts: Mapping[str, str]) -> str:
    """Return the lesson block with the one cluster: the emulator takes its facts from there."""
    lines = [f"      {key}: {json.dumps(value)}" for key, value in facts.items()
             if "." not in key and key != "cluster"]
    return "\n".join([
        "# Which cluster the emulator (slurm_mock) shall be, and what these notebooks say about it.",
        "lesson:", f"  cluster: {facts['cluster']}", "  clusters:", f"    {facts['cluster']}:", *lines, ""])


def write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file aside, then put it in its place."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(content)
    aside.chmod(mode & 0o777)
    aside.replace(path)


def write_learner(notebook, name: str, made_from: str) -> None:
    """Put the learner's notebook in its place; one that was worked in is kept under another name."""
    path, stamps = LEARNER / f"{name}.ipynb", read_stamps()
    if path.exists() and digest([path.read_bytes()]) != stamps.get(name, {}).get("written"):
        kept = next(candidate for number in range(1, 1000)
                    if not (candidate := LEARNER / f"{name}-yours-{number}.ipynb").exists())
        shutil.move(path, kept)
        print(f"{name}: your own copy of the notebook is now {kept.relative_to(ROOT)}")
    notebook_run.write_whole(notebook, path)
    stamps[name] = {"from": made_from, "written": digest([path.read_bytes()])}
    write(LEARNER / STAMPS, json.dumps(stamps, indent=1).encode())


def write_zip(path: Path, notebook, name: str, record: dict, facts: Mapping[str, str]) -> None:
    """Write an archive with one folder, the challenge's: its notebook and what lies beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with tempfile.TemporaryDirectory(prefix="make-notebooks-") as temporary:
        folder = Path(temporary)
        write_companions(folder, {name: record}, facts)
        nbformat.write(notebook, folder / f"{name}.ipynb")
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.iterdir()):
                entry = zipfile.ZipInfo(f"{name}/{file.name}", ZIP_DATE)
                entry.external_attr = file.stat().st_mode << 16
                archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    aside.replace(path)


# ---- up to date? -----------------------------------------------------------------------------


def is_up_to_date(name: str, facts: Mapping[str, str]) -> bool:
    """Return whether a challenge's files are there and made from what is there now."""
    made = [SOLVED / f"{name}.ipynb", SOLVED / f"{name}.zip", LEARNER / f"{name}.ipynb"]
    return all(path.exists() for path in made) and read_stamps().get(name, {}).get("from") == fingerprint(name, facts)


def fingerprint(name: str, facts: Mapping[str, str]) -> str:
    """Return a digest of all that a challenge's files are made from."""
    if not (NOTEBOOKS / f"{name}.yaml").exists():
        raise MakeError(f"{NOTEBOOKS / name}.yaml is missing: each challenge has a record")
    files = [NOTEBOOKS / f"{name}.ipynb", NOTEBOOKS / f"{name}.yaml", JOB_SCRIPT, ROOT / "_ext" / "lesson_facts.py",
             *companions(),
             *sorted((ROOT / "tools").glob("*notebook*.py")),
             *sorted(path for path in (ROOT / "slurm_mock").rglob("*")
                     if path.is_file() and "__pycache__" not in path.parts)]
    words = [sys.version, *(f"{package} {version(package)}" for package in PACKAGES), json.dumps(dict(facts))]
    return digest([*(word.encode() for word in words), *(path.read_bytes() for path in files)])


def digest(parts: Iterable[bytes]) -> str:
    result = hashlib.sha256()
    for part in parts:
        result.update(len(part).to_bytes(8, "big") + part)
    return result.hexdigest()


def read_stamps() -> dict:
    try:
        return json.loads((LEARNER / STAMPS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


if __name__ == "__main__":
    sys.exit(main())
