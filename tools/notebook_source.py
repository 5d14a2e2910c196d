"""One source notebook, and what is made of it: the learner's notebook and the solved one.

How a challenge is written.  notebooks/NAME.ipynb holds prompt, solution and checks, without
outputs; notebooks/NAME.yaml is its record (its first lines say what is in there).  A cell may have
these tags; without one of the first three it is in both notebooks:

    solution   the answer, in the solved notebook only, folded on the page
    starter    what the learner finds in its place, directly after it in the source
    page       only on the page in the book, such as links to other pages
    remove-stderr   its result is a table of slurm_magic's, which may warn of a line left out; not
                    shown on the page (a tag of MyST-NB's)
    raises-exception   it is meant to raise

`check("NAME")` cells follow the solution they look at.  {{ key }} is a fact of the lesson block; a
line with {{ reservation }} is left out where there is none.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from pathlib import Path

import nbformat
import yaml
from lesson_facts import LessonError, fill

TAGS = {"solution", "starter", "page", "remove-stderr", "raises-exception"}
CHECK = re.compile(r'^check\("([\w-]+)"\)$')
# For a learner: what a check needs.  Wrong answers would be a list of what not to type.
RECORD_KEYS = ("probe", "expect", "why", "notice", "hints")


class SourceError(ValueError):
    """A challenge is not written as it must be; the text says where and what to do."""


def tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", []))


def checked(cell) -> str | None:
    """Return the name of the check that a cell calls, or None."""
    match = CHECK.match(cell.source.strip())
    return match.group(1) if match and cell.cell_type == "code" else None


def read_source(path: Path, facts: Mapping[str, str]):
    """Return the source notebook with the facts filled in.

    Raises SourceError for outputs, unknown tags, and a solution without a starter; LessonError for
    an unknown key.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        where = f"{path}: cell {cell.id}"
        unknown = tags(cell) - TAGS
        if unknown:
            raise SourceError(f"{where}: unknown tag {sorted(unknown)}; known: {sorted(TAGS)}")
        if cell.get("outputs"):
            raise SourceError(f"{where}: holds outputs; clear them: they are made anew at each build")
        cell.source = fill(without_reservation(cell.source, facts), facts, where)
    for cell, after in zip(notebook.cells, [*notebook.cells[1:], None], strict=True):
        if "solution" in tags(cell) and (after is None or "starter" not in tags(after)):
            raise SourceError(f"{path}: cell {cell.id}: a solution needs a starter directly after it")
    return notebook


def without_reservation(text: str, facts: Mapping[str, str]) -> str:
    if facts.get("reservation", "none") != "none":
        return text
    return "\n".join(line for line in text.split("\n") if "{{ reservation }}" not in line)


def read_record(path: Path, facts: Mapping[str, str]) -> dict:
    """Return a challenge's record with the facts filled in."""
    try:
        text = path.read_text(encoding="utf-8")
        record = yaml.safe_load(fill(text, facts, str(path)))
    except FileNotFoundError:
        raise SourceError(f"{path} is missing: each challenge has a record") from None
    except yaml.YAMLError as error:
        raise SourceError(f"{path}: {error}") from None
    if not isinstance(record, dict) or not isinstance(record.get("checks"), dict):
        raise SourceError(f"{path}: needs title, episode, minutes and checks")
    return record


def learner_record(record: dict) -> dict:
    """Return the part of a record that lies beside the learner's notebook."""
    kept = {key: record[key] for key in ("title", "episode", "minutes", "leaves") if key in record}
    kept["checks"] = {name: {key: check[key] for key in RECORD_KEYS if key in check}
                      for name, check in record["checks"].items()}
    return kept


def learner(source):
    """Return the learner's notebook: no solution, no output, no trace of either."""
    return _with_cells(source, [cell for cell in source.cells if not tags(cell) & {"solution", "page"}])


def solved(source):
    """Return the solved notebook, not yet executed; the page folds its solutions."""
    notebook = _with_cells(source, [cell for cell in source.cells if "starter" not in tags(cell)])
    for cell in notebook.cells:
        if "solution" in tags(cell):
            cell.metadata.tags = [*cell.metadata.tags, "hide-input"]
    return notebook


def _with_cells(source, cells):
    notebook = copy.deepcopy(source)
    notebook.cells = copy.deepcopy(cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []
        kept = [tag for tag in cell.metadata.pop("tags", []) if tag not in ("starter", "page")]
        if kept:
            cell.metadata["tags"] = kept
    return notebook


__all__ = ["LessonError", "SourceError", "checked", "learner", "learner_record", "read_record", "read_source",
           "solved", "tags"]
