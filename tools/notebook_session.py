"""A notebook's kernel in which cells are run one by one, as a person runs them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from tools import notebook_run


@dataclass
class Shown:
    """What a cell showed: its outputs as text, and the exception it ended with ("" for none)."""

    text: str
    error: str = ""


def shown_by(outputs) -> Shown:
    """What a cell's outputs come to."""
    text, error = "", ""
    for output in outputs:
        if output.output_type == "error":
            error = f"{output.ename}: {output.evalue}"
        elif output.output_type == "stream":  # arrives in as many pieces as the kernel likes
            text += output["text"]
        else:
            text += "\n" * bool(text) + output.get("data", {}).get("text/plain", "") + "\n"
    return Shown(text, error)


@dataclass
class Session:
    """A running kernel; `run` types a cell into it."""

    client: NotebookClient
    shown: list[Shown] = field(default_factory=list)

    def run(self, source: str) -> Shown:
        cell = new_code_cell(source)
        self.client.nb.cells.append(cell)
        self.client.execute_cell(cell, len(self.client.nb.cells) - 1)
        return shown_by(cell.outputs)

    def check(self, name: str) -> tuple[Shown, str]:
        """Run a check's cell; what it showed, and the name of the mistake it recognised ("" for none)."""
        shown = self.run(f'check("{name}")')
        return shown, self.run("print(Out[max(Out)].mistake or '', end='')").text


@contextlib.contextmanager
def session(folder: Path, environ: Mapping[str, str]) -> Iterator[Session]:
    """Start a kernel in `folder`, and end it."""
    client = NotebookClient(new_notebook(), timeout=notebook_run.CELL_SECONDS, kernel_name="python3",
                            allow_errors=True, extra_arguments=notebook_run.QUIET,
                            resources={"metadata": {"path": str(folder)}})
    with client.setup_kernel(env=dict(environ)):
        yield Session(client)
