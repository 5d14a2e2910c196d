"""Make the challenge notebooks from their sources in notebooks/ (how those are written:
tools/notebook_source.py).

    notebooks/learner/       for learners: notebooks without solutions, and all that they need
    challenges/NAME.ipynb    for the book: solved, executed against the emulated cluster
    challenges/NAME.zip      for download: the learner's notebook, and all that it needs elsewhere

    python tools/make_notebooks.py [--cluster NAME] [--force] [--quiet] [CHALLENGE...]

What is up to date stays as it is.  A learner's notebook that somebody has worked in is put aside,
never overwritten.  A cell that fails ends the run, and nothing of that challenge is written.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "_ext")]

import nbformat  # noqa: E402
from lesson_facts import LessonError, fill, read_facts  # noqa: E402

from tools import notebook_archive, notebook_run, notebook_source  # noqa: E402

NOTEBOOKS = ROOT / "notebooks"
LEARNER = NOTEBOOKS / "learner"
SOLVED = ROOT / "challenges"
STAMPS = ".made.json"  # in LEARNER: what each file was made from, and what was written
JOB_SCRIPT = ROOT / "_episodes" / "files" / "job.sh"
# What lies as it is beside every notebook: the checks, and programs for jobs.
COMPANIONS = ("checks*.py", "hello_mpi*", "jupyter-notebook", "use_memory")
PACKAGES = ("slurm-magic", "pandas", "matplotlib", "ipykernel", "ipython")
AT_ONCE = 2  # notebooks: one computes while another waits for its jobs


class MakeError(Exception):
    """The notebooks can't be made; the text says why and what to do."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make the learners' and the solved challenge notebooks.")
    parser.add_argument("--cluster", help="another cluster of the lesson block than lesson.cluster")
    parser.add_argument("--force", action="store_true", help="make even what is up to date")
    parser.add_argument("--quiet", action="store_true", help="say nothing of what is up to date")
    parser.add_argument("challenges", nargs="*", help="such as 01-slurm-magics (default: all)")
    options = parser.parse_args(argv)
    environ = dict(os.environ)
    if options.cluster:
        environ["LESSON_CLUSTER"] = options.cluster
    try:
        facts = read_facts(ROOT / "_config.yml", environ)
        due = [name for name in options.challenges or names() if is_due(name, facts, options.force, options.quiet)]
        make_all(due, facts)
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


def make_all(challenges: Iterable[str], facts: Mapping[str, str]) -> None:
    """Make these challenges' files.  Raises the errors that main reports.

    Some notebooks run side by side; what they give is written one after the other, in order.
    """
    board = Board()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = [(name, pool.submit(run, name, facts, board)) for name in challenges]
        try:
            for name, made in runs:
                learner, solved, made_from, seconds = made.result()
                kept = keep(name, facts, learner, solved, made_from)
                if kept:
                    board.say(f"{name}: your own copy of the notebook is now {kept.relative_to(ROOT)}")
                board.say(f"{name}: made for {facts['cluster_name']} in {seconds:.0f} s: "
                          f"{place(SOLVED, name)}, {place(LEARNER, name)}")
        except BaseException:
            board.stopped = True
            pool.shutdown(cancel_futures=True)
            raise


def is_due(name: str, facts: Mapping[str, str], force: bool, quiet: bool) -> bool:
    """Return whether a challenge is to be made; say so if it is not.  Raises MakeError."""
    if name not in names():
        raise MakeError(f"no challenge {name!r} in {NOTEBOOKS}; there is: {', '.join(names())}")
    if not force and is_up_to_date(name, facts):
        if not quiet:
            print(f"{name}: up to date")
        return False
    return True


def run(name: str, facts: Mapping[str, str], board: Board):
    """Execute a challenge's solved notebook on an emulated cluster of its own.

    Returns the learner's notebook, the solved one with its outputs, what they were made from, and
    the seconds that it took.
    """
    made_from, begun = fingerprint(name, facts), time.monotonic()
    source = notebook_source.read_source(NOTEBOOKS / f"{name}.ipynb", facts)
    learner, solved = notebook_source.learner(source), notebook_source.solved(source)
    with tempfile.TemporaryDirectory(prefix="make-notebooks-") as temporary:
        folder, state = Path(temporary, "work"), Path(temporary, "state")
        write_companions(folder, {name: read_record(name, facts)}, facts)
        environ = notebook_run.mock_environment(state, facts["cluster"])
        try:
            notebook_run.execute(solved, folder, environ, functools.partial(board.show, name))
        except notebook_run.RunError as error:
            raise notebook_run.RunError(f"{name}: {error}") from None
        finally:
            board.clear(name)
            notebook_run.end_cluster(state, facts["cluster"])
    return learner, solved, made_from, time.monotonic() - begun


def keep(name: str, facts: Mapping[str, str], learner, solved, made_from: str) -> Path | None:
    """Write a challenge's files.  Returns where a learner's own work was put, if there was any."""
    record = read_record(name, facts)
    write_companions(LEARNER, {name: record}, facts)
    kept = write_learner(learner, name, made_from)
    write_archive(learner, name, record, facts)
    notebook_run.write_whole(solved, SOLVED / f"{name}.ipynb")
    return kept


def place(folder: Path, name: str) -> Path:
    return (folder / f"{name}.ipynb").relative_to(ROOT)


def read_record(name: str, facts: Mapping[str, str]) -> dict:
    return notebook_source.read_record(NOTEBOOKS / f"{name}.yaml", facts)


class Board:
    """Says which cells run: on one line that changes in a terminal, else once at the beginning.

    stopped: set when another notebook failed; those that run then end with their next cell.
    """

    def __init__(self) -> None:
        self.stopped = False
        self.terminal = sys.stdout.isatty()
        self.lock = threading.Lock()
        self.running: dict[str, str] = {}

    def show(self, name: str, number: int, count: int, cell: str) -> None:
        if self.stopped:
            raise notebook_run.RunError("stopped, as another notebook failed")
        with self.lock:
            self.running[name] = f"{name}: cell {number} of {count}: {cell}"
            if self.terminal:
                self.draw()
            elif number == 1:
                print(f"{name}: running {count} cells", flush=True)

    def clear(self, name: str) -> None:
        with self.lock:
            self.running.pop(name, None)
            self.draw()

    def say(self, line: str) -> None:
        """Print a line that stays."""
        with self.lock:
            print(("\033[K" if self.terminal else "") + line)
            self.draw()

    def draw(self) -> None:
        """Nothing where there is no terminal; there one line, no longer than it is wide."""
        if self.terminal:
            line = "  ".join(self.running.values())[:shutil.get_terminal_size().columns - 1]
            print(f"\033[K{line}", end="\r", flush=True)


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


def write_learner(notebook, name: str, made_from: str) -> Path | None:
    """Put the learner's notebook in its place; one that was worked in is kept under another name,
    which is returned."""
    path, stamps, kept = LEARNER / f"{name}.ipynb", read_stamps(), None
    if path.exists() and digest([path.read_bytes()]) != stamps.get(name, {}).get("written"):
        kept = next(candidate for number in range(1, 1000)
                    if not (candidate := LEARNER / f"{name}-yours-{number}.ipynb").exists())
        shutil.move(path, kept)
    notebook_run.write_whole(notebook, path)
    stamps[name] = {"from": made_from, "written": digest([path.read_bytes()])}
    write(LEARNER / STAMPS, json.dumps(stamps, indent=1).encode())
    return kept


def write_archive(notebook, name: str, record: dict, facts: Mapping[str, str]) -> None:
    """Write the challenge to take away."""
    with tempfile.TemporaryDirectory(prefix="make-notebooks-") as temporary:
        folder = Path(temporary)
        write_companions(folder, {name: record}, facts)
        nbformat.write(notebook, folder / f"{name}.ipynb")
        notebook_archive.write(SOLVED / f"{name}.zip", folder, name, record["title"], facts["cluster_name"])


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
             *sorted((ROOT / "tools").glob("*notebook*.py")), ROOT / "tools" / "lab" / "own_wheels.py",
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
