"""Compares what the mock gave with what real Slurm gave, and counts.

Known deviations stand in deviations.toml, each with its reason: see `Deviation`.
"""

from __future__ import annotations

import difflib
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from tests.conformance.transcript import COMMANDS, Step

DEVIATIONS = Path(__file__).parent / "deviations.toml"
RECORD = Path(__file__).parent / "last_comparison.toml"
OUTCOMES = ("identical", "deviating", "different")


@dataclass(frozen=True)
class Deviation:
    """A command line of a transcript on which the mock may differ, and why.

    ``lines`` are those of the transcript that it may lack or give otherwise; all
    if there are none.  A deviation that does not occur any more is an error.
    """

    transcript: str
    command: str
    reason: str
    lines: tuple[str, ...] = ()

    def explains(self, expected: list[str], got: list[str]) -> bool:
        """True if the outputs differ in the listed lines alone."""
        if not self.lines:
            return True
        matcher = difflib.SequenceMatcher(None, expected, got, autojunk=False)
        return all(line in self.lines
                   for tag, start, end, _, _ in matcher.get_opcodes() if tag != "equal"
                   for line in expected[start:end] or [""])


def deviations(path: Path = DEVIATIONS) -> list[Deviation]:
    """All known deviations."""
    listed = tomllib.loads(path.read_text()).get("deviation", [])
    return [Deviation(d["transcript"], d["command"], d["reason"], tuple(d.get("lines", ())))
            for d in listed]


@dataclass
class Tally:
    """Per command: command lines compared, identical, deviating as listed, different."""

    counts: Counter = field(default_factory=Counter)
    replayed: list = field(default_factory=list)
    played: set = field(default_factory=set)  # {(side, transcript)}, as recorded or not
    seconds: dict = field(default_factory=dict)  # {transcript: seconds}, as recorded on real Slurm

    def add(self, step: Step, outcome: str) -> None:
        """Count a command line as "identical", "deviating" or "different"."""
        self.counts[step.command, outcome] += 1

    def total(self) -> int:
        """How many command lines were compared."""
        return sum(self.counts.values())

    def again(self, why: str) -> None:
        """Note that a transcript differed and was played anew (or failed for good)."""
        self.replayed.append(why)

    def record(self, version: str, today: str, transcripts: set[str]) -> str:
        """The text of last_comparison.toml, which the book's page shows.

        Raises ValueError where not every transcript was played on the mock: the counts would tell
        of less than is there.
        """
        missing = transcripts - {name for side, name in self.played if side == "mock"}
        if missing:
            raise ValueError(f"not compared in this run: {', '.join(sorted(missing))}")
        real = transcripts <= {name for side, name in self.played if side == "real"}
        lines = ["# Written by `make conformance`: what the last full comparison gave.",
                 f'date = "{today}"', f'slurm = "{version}"',
                 f"real = {str(real).lower()}  # was real Slurm asked anew, or only its transcripts?"]
        totals = {outcome: sum(n for (_, o), n in self.counts.items() if o == outcome)
                  for outcome in OUTCOMES}
        lines += _numbers(totals)
        for command in (*COMMANDS, "shell"):
            told = {outcome: self.counts[command, outcome] for outcome in OUTCOMES}
            if any(told.values()):
                lines += ["", f"[commands.{command}]", *_numbers(told)]
        return "\n".join(lines) + "\n"

    def table(self) -> str:
        """The counts as text, one line a command; empty if nothing was compared."""
        if not self.counts and not self.replayed:
            return ""
        rows = [("command", "compared", *OUTCOMES)]
        for command in (*COMMANDS, "shell"):
            told = [self.counts[command, outcome] for outcome in OUTCOMES]
            if any(told):
                rows.append((command, *map(str, (sum(told), *told))))
        total = [sum(int(row[i]) for row in rows[1:]) for i in range(1, 5)]
        rows.append(("all", *map(str, total)))
        lines = [f"{row[0]:<10}" + "".join(f"{cell:>11}" for cell in row[1:]) for row in rows]
        return "\n".join(lines + [f"differed once: {why}" for why in self.replayed])


def _numbers(told: dict[str, int]) -> list[str]:
    return [f"compared = {sum(told.values())}", *(f"{name} = {n}" for name, n in told.items())]


def difference(step: Step, got: list[str]) -> str:
    """The command line and, for a person, the lines that differ."""
    diff = difflib.ndiff(step.body, got)
    return f"{step.kind} {step.text}\n" + "\n".join(line for line in diff if line[0] in "+-")
