"""Validate the challenges: run all of them, unsolved and solved, and write down what each check said.

    python tools/validate.py [--slurm mock|real] [--config FILE] [--out FOLDER] [CHALLENGE...]

Unsolved, each check must fail with its first hint; solved, each must pass; no cell may raise.  On the
side `real` that is asked of the Slurm on PATH, with the lesson block of FILE.  A cell whose metadata
have `differs` (a text, the reason) need not pass there.

The report is FOLDER/report.html and, for other programs, FOLDER/junit.xml.  Exit code 1 when
something is not as it must be.
"""

from __future__ import annotations

import argparse
import html
import os
import shutil
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "_ext")]

from lesson_facts import LessonError, read_facts  # noqa: E402

from tools import make_notebooks, notebook_run, notebook_source  # noqa: E402
from tools.notebook_session import session  # noqa: E402

SIDES = ("mock", "real")
HALVES = ("unsolved", "solved")
LAST = 600  # characters of the last output that are kept of what failed


@dataclass
class Row:
    """What a check said in one run.  ok: as it must be; why: what is wrong, or the reason for which it may be."""

    challenge: str
    half: str
    check: str
    seconds: float
    ok: bool
    why: str = ""
    output: str = ""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Run all challenges, unsolved and solved, and report.")
    parser.add_argument("--slurm", choices=SIDES, default="mock", help="the emulated cluster, or the Slurm on PATH")
    parser.add_argument("--config", type=Path, default=ROOT / "_config.yml", help="file with the lesson block")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "validate", help="folder of the report")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="challenges at a time")
    parser.add_argument("challenges", nargs="*", help="such as 01-slurm-magics (default: all)")
    options = parser.parse_args(argv)
    names = options.challenges or make_notebooks.names()
    try:
        facts = read_facts(options.config, os.environ)
    except (LessonError, OSError) as error:
        print(f"validate: error: {error}", file=sys.stderr)
        return 1
    unknown = [name for name in names if name not in make_notebooks.names()]
    if unknown:
        print(f"validate: error: no challenge {unknown[0]!r}; there is: {', '.join(make_notebooks.names())}", file=sys.stderr)
        return 1
    if options.slurm == "real" and not shutil.which("sinfo"):
        print("validate: error: there is no sinfo on PATH: log in to a cluster, or leave SLURM=real out", file=sys.stderr)
        return 1
    begun = time.monotonic()
    floor = empty_kernels(2 * len(names), options.jobs)
    begun_checks = time.monotonic()
    with ThreadPoolExecutor(options.jobs) as pool:
        rows = [row for found in pool.map(lambda name: list(validate(name, facts, options.slurm)), names) for row in found]
    seconds = time.monotonic() - begun_checks
    summary = (f"{len(names)} challenges on {options.slurm} Slurm in {seconds:.0f} s; as many empty kernels take "
               f"{floor:.0f} s (ratio {seconds / floor:.1f})")
    options.out.mkdir(parents=True, exist_ok=True)
    write_html(options.out / "report.html", rows, options.slurm, summary)
    write_junit(options.out / "junit.xml", rows, options.slurm, time.monotonic() - begun)
    for row in rows:
        if not row.ok:
            print(f"{row.challenge}: {row.check} ({row.half}): {row.why}\n{row.output}\n")
    bad = sum(not row.ok for row in rows)
    print(f"{summary}: {len(rows) - bad} of {len(rows)} as they must be. Report: {options.out / 'report.html'}")
    return 1 if bad else 0


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
            check = notebook_source.checked(cell)
            why = complaint(shown, half, record["checks"][check]["hints"] if check else None,
                            "raises-exception" in notebook_source.tags(cell))
            differs = cell.metadata.get("differs", "") if side == "real" else ""
            if check or why:
                now = time.monotonic()
                output = "" if not why else (shown.text + "\n" + shown.error)[-LAST:].strip()
                yield Row(name, half, check or f"cell {cell.id}", now - since, not why or bool(differs),
                          f"differs here: {differs}" if why and differs else why, output)
                since = now
        if side == "real":
            kernel.run("check.start_again()")  # leaves no job behind


def complaint(shown, half, hints, may_raise) -> str:
    """What is wrong with what a cell has shown, or ""; hints: of the check that it called, or None."""
    if shown.error and not may_raise:
        return f"raises {shown.error.splitlines()[0]}"
    if hints is None:
        return ""
    if half == "solved":
        return "" if "✓ Right" in shown.text else "the check does not pass"
    if "✗ Not yet" not in shown.text:
        return "the check passes without an answer"
    return "" if f"Hint 1 of {len(hints)}: {hints[0]}" in shown.text else "not its own first hint"


def empty_kernels(count: int, jobs: int) -> float:
    """Seconds to start and end so many kernels that run an empty cell."""
    begun = time.monotonic()

    def one(_):
        with tempfile.TemporaryDirectory() as folder, session(Path(folder), dict(os.environ)) as kernel:
            kernel.run("")

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, range(count)))
    return time.monotonic() - begun


# ---- the report ------------------------------------------------------------------------------

STYLE = """body { font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; color: #222; background: #fff }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3em .6em; border-bottom: 1px solid #ccc }
.bad { font-weight: bold } pre { white-space: pre-wrap; background: #f3f3f3; padding: .5em }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #181818 } pre { background: #2a2a2a } }"""


def write_html(path: Path, rows: list[Row], side: str, summary: str) -> None:
    """A page with a line for each check: unsolved, solved, seconds, and what failed."""
    body = []
    for challenge in dict.fromkeys(row.challenge for row in rows):
        body.append(f"<h2>{html.escape(challenge)}</h2><table><tr><th>check</th><th>run</th><th>{side}</th>"
                    "<th>seconds</th></tr>")
        for row in (row for row in rows if row.challenge == challenge):
            verdict = "✓ as it must be" if row.ok else "✗ wrong"
            more = f"<br>{html.escape(row.why)}" if row.why else ""
            more += f"<pre>{html.escape(row.output)}</pre>" if row.output else ""
            body.append(f'<tr class="{"ok" if row.ok else "bad"}"><td>{html.escape(row.check)}</td><td>{row.half}</td>'
                        f"<td>{verdict}{more}</td><td>{row.seconds:.1f}</td></tr>")
        body.append("</table>")
    path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Challenges validated</title>'
                    f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style>'
                    f"<h1>Challenges validated</h1><p>{html.escape(summary)}</p>{''.join(body)}</html>\n", encoding="utf-8")


def write_junit(path: Path, rows: list[Row], side: str, seconds: float) -> None:
    suite = ET.Element("testsuite", name=f"challenges on {side} Slurm", tests=str(len(rows)), time=f"{seconds:.1f}",
                       failures=str(sum(not row.ok for row in rows)), skipped=str(sum(row.ok and bool(row.why) for row in rows)))
    for row in rows:
        case = ET.SubElement(suite, "testcase", classname=f"{side}.{row.challenge}", name=f"{row.check}-{row.half}",
                             time=f"{row.seconds:.1f}")
        if not row.ok:
            ET.SubElement(case, "failure", message=row.why).text = row.output
        elif row.why:
            ET.SubElement(case, "skipped", message=row.why)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


if __name__ == "__main__":
    sys.exit(main())
