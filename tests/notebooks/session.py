"""A notebook's kernel in which cells are run one by one, as a learner runs them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from tools import notebook_run, notebook_source


@dataclass
class Shown:
    """What a cell showed: its outputs as text, and the exception it ended with ("" for none)."""

    text: str
    error: str = ""


@dataclass
class Session:
    """A running kernel; `run` types a cell into it."""

    client: NotebookClient
    shown: list[Shown] = field(default_factory=list)

    def run(self, source: str) -> Shown:
        cell = new_code_cell(source)
        self.client.nb.cells.append(cell)
        self.client.execute_cell(cell, len(self.client.nb.cells) - 1)
        text, error = [], ""
        for output in cell.outputs:
            if output.output_type == "error":
                error = f"{output.ename}: {output.evalue}"
            else:
                text.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
        return Shown("\n".join(text), error)

    def check(self, name: str) -> tuple[Shown, str]:
        """Run a check's cell; what it showed, and the name of the mistake it recognised ("" for none)."""
        shown = self.run(f'check("{name}")')
        return shown, self.run("print(_.mistake or '', end='')").text


@contextlib.contextmanager
def session(folder: Path, environ: Mapping[str, str]) -> Iterator[Session]:
    """Start a kernel in `folder`, and end it."""
    client = NotebookClient(new_notebook(), timeout=notebook_run.CELL_SECONDS, kernel_name="python3",
                            allow_errors=True, extra_arguments=notebook_run.QUIET,
                            resources={"metadata": {"path": str(folder)}})
    with client.setup_kernel(env=dict(environ)):
        yield Session(client)


@dataclass
class Challenge:
    """A challenge as it is made for one cluster: its source, its record, and where its files lie."""

    name: str
    source: object
    record: dict
    facts: Mapping[str, str]
    folder: Path
    state: Path

    @property
    def environ(self) -> dict[str, str]:
        return notebook_run.mock_environment(self.state, self.facts["cluster"])

    def end(self) -> None:
        """End the cluster and all that runs in it."""
        if self.state.exists():
            notebook_run.end_cluster(self.state, self.facts["cluster"])

    @property
    def codes(self) -> list:
        """The code cells of the solved notebook."""
        return [cell for cell in notebook_source.solved(self.source).cells if cell.cell_type == "code"]

    @property
    def checks(self) -> list[str]:
        """The names of the checks, in the order in which they are called."""
        return [name for cell in self.codes if (name := notebook_source.checked(cell))]

    def position(self, check: str) -> int:
        """The place of a check's cell among `codes`."""
        return next(i for i, cell in enumerate(self.codes) if notebook_source.checked(cell) == check)

    def first_solution(self, check: str) -> int:
        """As `solution`; of several cells that a step's answer has, the first."""
        place = self.solution(check)
        while place and "solution" in notebook_source.tags(self.codes[place - 1]):
            place -= 1
        return place

    def solution(self, check: str) -> int:
        """The place of the solution that a check looks at; its own place when it has none."""
        place = self.position(check)
        for i in range(place - 1, -1, -1):
            if notebook_source.checked(self.codes[i]):
                break
            if "solution" in notebook_source.tags(self.codes[i]):
                return i
        return place


def wrong_cells(challenge: Challenge, check: str, answer: Mapping) -> list[str]:
    """The cells to run, up to the check, when a learner gives a wrong answer of the record.

    Raises ValueError when the answer changes a text that the solution does not hold.
    """
    first = challenge.solution(answer.get("instead_of", check))
    if "from" in answer:
        first = next(i for i, cell in enumerate(challenge.codes) if cell.id == f"solution-{answer['from']}")
    source = challenge.codes[first].source
    if "cell" in answer:
        source = answer["cell"]
    for old, new in answer.get("change", {}).items():
        if old not in source:
            raise ValueError(f"{check}: {answer['mistake']}: the solution does not hold {old!r}")
        source = source.replace(old, new)
    between = [cell.source for cell in challenge.codes[first + 1:challenge.position(check)]]
    earlier = [answer["first"]] if "first" in answer else []
    then = [answer["then"]] if "then" in answer else []
    return [*earlier, source, *then, *between]


class Walk:
    """A learner's way through a challenge in one session: from check to check, with wrong answers."""

    def __init__(self, challenge: Challenge, kernel: Session) -> None:
        self.challenge, self.kernel, self.done = challenge, kernel, 0

    def reach(self, check: str) -> None:
        """Do all steps before the check's own; those that are done stay done."""
        place = self.challenge.first_solution(check)
        if self.done < place or self.done == 0:
            self._solve(self.done, place)
            self.kernel.run("_before = set(globals())")

    def answer_wrongly(self, check: str, answer: Mapping) -> tuple[Shown, str]:
        """Give a wrong answer and run the check; as `Session.check`."""
        self.kernel.run("for _name in set(globals()) - _before:\n    if _name[0] != '_': del globals()[_name]")
        for source in wrong_cells(self.challenge, check, answer):
            self.kernel.run(source)
        return self.kernel.check(check)

    def answer_rightly(self, check: str) -> tuple[Shown, str]:
        """Give the solution and run the check; as `Session.check`."""
        again_from = self.challenge.record["checks"][check].get("again_from", check)
        self._solve(self.challenge.first_solution(again_from), self.challenge.position(check))
        self.done = self.challenge.position(check) + 1
        self.kernel.run("_before = set(globals())")
        return self.kernel.check(check)

    def _solve(self, first: int, last: int) -> None:
        for cell in self.challenge.codes[first:last]:
            shown = self.kernel.run(cell.source)
            if shown.error:
                raise AssertionError(f"{cell.source}\n{shown.error}")
        self.done = last
