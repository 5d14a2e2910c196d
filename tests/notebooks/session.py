"""A challenge for the tests, and a learner's way through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import notebook_run, notebook_source
from tools.notebook_session import Session, Shown


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
