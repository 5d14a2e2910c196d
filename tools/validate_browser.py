"""The challenges in the lab of the built site, in a Chromium that reaches nobody else."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tools import make_notebooks, notebook_source
from tools.lab_visit import LabVisit, lab_server, lone_browser
from tools.notebook_session import shown_by
from tools.validate_verdict import HALVES, LAST, CannotValidate, Row, judged

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """The path of a Chromium.  Raises CannotValidate."""
    for name in CHROMIUM:
        if found := shutil.which(name):
            return found
    raise CannotValidate(f"there is no {' or '.join(CHROMIUM)} on PATH: install one, or leave SLURM=browser out")


def built_lab(site: Path) -> Path:
    """The folder of a built site that has the lab.  Raises CannotValidate."""
    if not (site / "lite" / "release.json").exists():
        raise CannotValidate(f"there is no lab in {site}: run `make book`")
    return site


def validate(names: Sequence[str], facts: Mapping[str, str], site: Path) -> Iterator[Row]:
    """Run challenges, one after the other, in the lab of `site`; a Row for each check, and for each other
    cell that raises.  Raises CannotValidate when the site is older than the notebooks."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright, lone_browser(playwright, chromium()) as browser, lab_server(built_lab(site)) as server:
        for name in names:
            visit = LabVisit(browser, server, name)
            try:
                yield from both_halves(visit, name, facts)
            except Error as error:
                yield Row("browser", name, "both", "the notebook", 0.0, False, "the lab gave no answer", str(error)[:LAST])
            finally:
                visit.context.close()


def both_halves(visit: LabVisit, name: str, facts: Mapping[str, str]) -> Iterator[Row]:
    """The notebook as the site has it, and then the solved one in a kernel of its own."""
    source = notebook_source.read_source(make_notebooks.NOTEBOOKS / f"{name}.ipynb", facts)
    record = notebook_source.read_record(make_notebooks.NOTEBOOKS / f"{name}.yaml", facts)
    if texts(visit.notebook()) != texts(notebook_source.learner(source)):
        raise CannotValidate(f"the site has another {name} than notebooks/: run `make book`")
    for half in HALVES:
        if half == "unsolved":
            begun = time.time()
            notebook, _ = visit.run_all()
        else:
            visit.forget_files()
            visit.restart()
            begun = time.time()
            notebook, _ = visit.run_all(notebook_source.solved(source))
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            ended = ended_at(cell) or begun
            row = judged("browser", name, half, record, cell, shown_by(cell.outputs), max(0.0, ended - begun))
            if row:
                begun = ended
                yield row


def texts(notebook) -> list[str]:
    return [cell.source for cell in notebook.cells]


def ended_at(cell) -> float | None:
    """When JupyterLab saw the end of a cell's run, in seconds of the epoch (its setting recordTiming)."""
    text = cell.metadata.get("execution", {}).get("shell.execute_reply")
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else None
