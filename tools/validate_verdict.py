"""What a check said in one run of its notebook, and whether that is as it must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools import notebook_source
from tools.notebook_session import Shown

HALVES = ("unsolved", "solved")
LAST = 600  # characters of the last output that are kept of what failed


class CannotValidate(Exception):
    """The challenges can't be run as was asked; the text says why, and what to do."""


@dataclass
class Row:
    """What a check said.  side: mock, real or browser; ok: as it must be; why: what is wrong, or
    the reason for which it may be."""

    side: str
    challenge: str
    half: str
    check: str
    seconds: float
    ok: bool
    why: str = ""
    output: str = ""


def judged(side: str, name: str, half: str, record: dict, cell, shown: Shown, seconds: float) -> Row | None:
    """The Row for a cell that calls a check, or for another one that raises; else None.

    record: the challenge's; seconds: since the check before.
    """
    check = notebook_source.checked(cell)
    why = complaint(shown, half, record["checks"][check]["hints"] if check else None,
                    "raises-exception" in notebook_source.tags(cell))
    if not check and not why:
        return None
    differs = cell.metadata.get("differs", "") if side == "real" else ""
    output = "" if not why else (shown.text + "\n" + shown.error)[-LAST:].strip()
    return Row(side, name, half, check or f"cell {cell.id}", seconds, not why or bool(differs),
               f"differs here: {differs}" if why and differs else why, output)


def complaint(shown: Shown, half: str, hints: Sequence[str] | None, may_raise: bool) -> str:
    """What is wrong with what a cell has shown, or ""; hints: of the check that it called, or None."""
    if shown.error and not may_raise:
        return f"raises {shown.error.splitlines()[0]}"
    if hints is None:
        return ""
    if not shown.text:
        return "the check has shown nothing: it was not run"
    if half == "solved":
        return "" if "✓ Right" in shown.text else "the check does not pass"
    if "✗ Not yet" not in shown.text:
        return "the check passes without an answer"
    return "" if f"Hint 1 of {len(hints)}: {hints[0]}" in shown.text else "not its own first hint"
