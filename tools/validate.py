"""Validate the challenges: run all of them, unsolved and solved, and write down what each check said.

    python tools/validate.py [--slurm SIDE,...] [--config FILE] [--out FOLDER] [CHALLENGE...]

Unsolved, each check must fail with its first hint; solved, each must pass; no cell may raise.  A side is
`mock`, the emulated cluster; `real`, the Slurm on PATH, with the lesson block of FILE, where a cell
whose metadata have `differs` (a text, the reason) need not pass; or `browser`, the lab of the built
site in Chromium, with a small stand-in for pandas.

The report is FOLDER/report.html and, for other programs, FOLDER/junit.xml.  Exit code 1 when
something is not as it must be.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "_ext")]

from lesson_facts import LessonError, read_facts  # noqa: E402

from slurm_mock.site import activate  # noqa: E402
from tools import make_notebooks, notebook_run, notebook_source, validate_browser  # noqa: E402
from tools.notebook_session import session  # noqa: E402
from tools.validate_report import Side, write_html, write_junit  # noqa: E402
from tools.validate_verdict import HALVES, CannotValidate, Row, judged  # noqa: E402

SIDES = ("mock", "real", "browser")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Run all challenges, unsolved and solved, and report.")
    parser.add_argument("--slurm", default="mock", metavar="SIDE,...", help=f"of {', '.join(SIDES)} (default: mock)")
    parser.add_argument("--config", type=Path, default=ROOT / "_config.yml", help="file with the lesson block")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "validate", help="folder of the report")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html", help="the built site, for the browser")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="challenges at a time")
    parser.add_argument("challenges", nargs="*", help="such as 01-slurm-magics (default: all)")
    options = parser.parse_args(argv)
    names, rows, sides = options.challenges or make_notebooks.names(), [], []
    try:
        facts = read_facts(options.config, os.environ)
        asked = can_run(options.slurm, names, options.site)
        for side in SIDES:
            if side not in asked:
                sides.append(Side(side, f"not run: SLURM={side} was not asked for"))
                continue
            found, seconds, more = (in_browser if side == "browser" else on_slurm)(side, names, facts, options)
            bad = sum(not row.ok for row in found)
            sides.append(Side(side, f"{len(found) - bad} of {len(found)} as they must be; {len(names)} challenges in "
                                    f"{seconds:.0f} s{more}", seconds))
            rows += found
    except (CannotValidate, LessonError, OSError) as error:
        print(f"validate: error: {error}", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    write_html(options.out / "report.html", rows, sides)
    write_junit(options.out / "junit.xml", rows, sides)
    for row in rows:
        if not row.ok:
            print(f"{row.side}: {row.challenge}: {row.check} ({row.half}): {row.why}\n{row.output}\n")
    for side in sides:
        print(f"{side.name}: {side.told}")
    print(f"Report: {options.out / 'report.html'}")
    return 0 if all(row.ok for row in rows) else 1


def can_run(slurm: str, names: list[str], site: Path) -> list[str]:
    """The sides of a text such as "mock,browser".  Raises CannotValidate for what can't be run here."""
    asked = slurm.replace(",", " ").split()
    if not asked or not set(asked) <= set(SIDES):
        raise CannotValidate(f"SLURM={slurm}: name one or several of {', '.join(SIDES)}, with commas between them")
    unknown = [name for name in names if name not in make_notebooks.names()]
    if unknown:
        raise CannotValidate(f"no challenge {unknown[0]!r}; there is: {', '.join(make_notebooks.names())}")
    sinfo = shutil.which("sinfo")
    if "real" in asked and not sinfo:
        raise CannotValidate("there is no sinfo on PATH: log in to a cluster, or leave SLURM=real out")
    if "real" in asked and activate.is_ours(os.path.dirname(sinfo)):
        raise CannotValidate("the sinfo on PATH is the emulator's: leave its shell, or leave SLURM=real out")
    if "browser" in asked:
        validate_browser.chromium()
        validate_browser.built_lab(site)
    return asked


def in_browser(side, names, facts, options) -> tuple[list[Row], float, str]:
    """(Rows, seconds, what there is to say besides) of the challenges in the lab."""
    begun = time.monotonic()
    rows = list(validate_browser.validate(names, facts, options.site))
    return rows, time.monotonic() - begun, ", in Chromium with a stand-in for pandas"


def on_slurm(side, names, facts, options) -> tuple[list[Row], float, str]:
    """As in_browser, on the emulated or the real Slurm."""
    floor = empty_kernels(2 * len(names), options.jobs)
    begun = time.monotonic()
    with ThreadPoolExecutor(options.jobs) as pool:
        rows = [row for found in pool.map(lambda name: list(validate(name, facts, side)), names) for row in found]
    seconds = time.monotonic() - begun
    return rows, seconds, f"; as many empty kernels take {floor:.0f} s (ratio {seconds / floor:.1f})"


def validate(name: str, facts: Mapping[str, str], side: str) -> Iterator[Row]:
    """Run one challenge, unsolved and solved, each in a folder and (on the mock) a cluster of its own."""
    source = notebook_source.read_source(make_notebooks.NOTEBOOKS / f"{name}.ipynb", facts)
    record = notebook_source.read_record(make_notebooks.NOTEBOOKS / f"{name}.yaml", facts)
    for half, notebook in zip(HALVES, (notebook_source.learner(source), notebook_source.solved(source)), strict=True):
        with tempfile.TemporaryDirectory(prefix="validate-", ignore_cleanup_errors=True) as temporary:
            folder, state = Path(temporary, "work"), Path(temporary, "state")
            make_notebooks.write_companions(folder, {name: record}, facts)
            environ = notebook_run.mock_environment(state, facts["cluster"]) if side == "mock" else real_environment(state)
            try:
                yield from run_cells(name, half, notebook, record, side, folder, environ)
            finally:
                if side == "mock":
                    notebook_run.end_cluster(state, facts["cluster"])


def real_environment(state: Path) -> dict[str, str]:
    """The environment as it is, in which the notebooks must use the Slurm on PATH."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOCK_SLURM")}
    python = str(Path(sys.executable).parent)
    return kept | {"MOCK_SLURM": "never", "IPYTHONDIR": str(state), "PATH": kept["PATH"] + os.pathsep + python}


def run_cells(name, half, notebook, record, side, folder, environ) -> Iterator[Row]:
    """Run a notebook's cells one by one; a Row for each check, and for each other cell that raises."""
    with session(folder, environ) as kernel:
        since = time.monotonic()
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            shown = kernel.run(cell.source)
            row = judged(side, name, half, record, cell, shown, time.monotonic() - since)
            if row:
                since = time.monotonic()
                yield row
        if side == "real":
            kernel.run("check.start_again()")  # leaves no job behind


def empty_kernels(count: int, jobs: int) -> float:
    """Seconds to start and end so many kernels that run an empty cell."""
    begun = time.monotonic()

    def one(_):
        with tempfile.TemporaryDirectory() as folder, session(Path(folder), dict(os.environ)) as kernel:
            kernel.run("")

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, range(count)))
    return time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main())
