"""Runs a notebook against a fresh emulated cluster, the same in every run, and says what is wrong.

The clock steps (`--speed step`) and the user's name is fixed, so that job numbers, times and names
come out alike on any machine.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

USER = "learner"
CELL_SECONDS = 120
# What pandas says of a line of squeue with a blank inside of a column, which slurm_magic can't read.
LINE_LEFT_OUT = "ParserWarning: Skipping line"
# The kernel's own remarks are of no interest on a terminal that shows what is being built.
QUIET = ["--IPKernelApp.log_level=ERROR"]


class RunError(Exception):
    """A cell did not do what it should; the text has its source and what happened."""


def mock_environment(state: Path, cluster: str, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return an environment in which `%load_ext slurm_mock` opens `cluster` afresh below `state`."""
    for folder in ("ipython", "home"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in environ.items()
            if not name.startswith(("SLURM", "MOCK_SLURM"))
            and name not in ("LNAME", "USERNAME", "LESSON_CLUSTER")}
    python = str(Path(sys.executable).parent)
    return kept | {
        "MOCK_SLURM": "always",
        "MOCK_SLURM_CLUSTER": cluster,
        "MOCK_SLURM_ROOT": str(state),
        "MOCK_SLURM_SPEED": "step",
        "MOCK_SLURM_USER": USER,
        "LOGNAME": USER,
        "USER": USER,
        "PATH": python + os.pathsep + kept.get("PATH", os.defpath),
        "PYTHONDONTWRITEBYTECODE": "1",
        # nobody's own profiles take part, neither IPython's nor the login shell's
        "IPYTHONDIR": str(state / "ipython"),
        "HOME": str(state / "home"),
        "MPLCONFIGDIR": os.path.join(sys.prefix, "share", "matplotlib"),  # as above; make has put a list of fonts there
    }


def end_cluster(state: Path, cluster: str) -> None:
    """End all that runs in a cluster below `state`, and remove it."""
    subprocess.run([sys.executable, "-m", "slurm_mock", "reset", "--cluster", cluster, "--state", str(state)],
                   check=True, stdout=subprocess.DEVNULL)


def problem(cell) -> str | None:
    """Return what is wrong with an executed cell that did not raise, or None.

    An unloaded magic, for one, raises nothing: it writes to stderr.
    """
    tags = cell.metadata.get("tags", [])
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stderr":
            if "remove-stderr" in tags and LINE_LEFT_OUT in output.text:
                continue
            return f"wrote to stderr: {output.text.strip()}"
        plain = output.get("data", {}).get("text/plain", "") if "data" in output else ""
        if plain.startswith("✗"):
            return f"the check does not pass: {plain}"
    if "raises-exception" in tags and not any(
        output.output_type == "error" for output in cell.outputs
    ):
        return "has the tag raises-exception, and raises nothing"
    return None


def execute(notebook, folder: Path, environ: Mapping[str, str],
            progress: Callable[[int, int, str], None] = lambda number, count, cell: None) -> None:
    """Execute a notebook in place, in `folder`; each cell must do without an error.

    progress(number, count, cell id) is called before each code cell.  Raises RunError.
    """
    codes = [cell.id for cell in notebook.cells if cell.cell_type == "code"]

    def started(cell, cell_index):
        if cell.cell_type == "code":
            progress(codes.index(cell.id) + 1, len(codes), cell.id)

    client = NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False,
                            extra_arguments=QUIET,
                            resources={"metadata": {"path": str(folder)}}, on_cell_execute=started)
    # what a kernel says of itself is no cell's output: on its way out it may print a traceback of its sockets
    with tempfile.TemporaryFile("w+") as own_words:
        try:
            # client.execute would leave an open event loop behind in each thread
            asyncio.run(client.async_execute(env=dict(environ), stderr=own_words))
        except CellExecutionError as error:
            raise RunError(_report(_last_run(notebook), f"{error.ename}: {error.evalue}")) from None
        except CellTimeoutError:
            raise RunError(_report(_last_run(notebook), f"still runs after {CELL_SECONDS} s")) from None
        except DeadKernelError as error:
            own_words.seek(0)
            raise RunError(f"the kernel died: {error}\n{own_words.read()}".rstrip()) from None
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/json", None)  # %lsmagic's; no page can show it
        wrong = problem(cell)
        if wrong:
            raise RunError(_report(cell, wrong))


def _last_run(notebook):
    """The cell that was being executed: the last one with a number."""
    return max((cell for cell in notebook.cells if cell.get("execution_count")),
               key=lambda cell: cell.execution_count, default=notebook.cells[0])


def _report(cell, what: str) -> str:
    source = "\n".join(f"    {line}" for line in cell.source.splitlines())
    return f"cell {cell.id}:\n{source}\n{what}"


def write_whole(notebook, path: Path) -> None:
    """Write a notebook aside, then put it in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    nbformat.write(notebook, aside)
    aside.replace(path)
