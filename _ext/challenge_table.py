"""``{challenges}``: a table of all challenges, their checks, and how many wrong answers prove each check.

    ```{challenges}
    :show: objectives
    ```

shows learners instead which objective, of which episode, each challenge is for.  It is read from the records in notebooks/, which the tests run: nothing in it is kept by hand.  The
directive belongs on a page in the book's root.  `python tools/challenge_matrix.py` prints the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from docutils.parsers.rst import directives
from lesson_facts import LessonError, complain, fill
from sphinx.util.docutils import SphinxDirective


@dataclass
class Entry:
    """A challenge: name of its notebook, title, minutes, {check: [mistake of each wrong answer]}, and
    the objective that it is for, with the name of that episode's page."""

    name: str
    title: str
    minutes: int
    checks: dict[str, list[str]]
    episode: str
    objective: str


def read_entries(folder: Path, facts: Mapping[str, str]) -> list[Entry]:
    """Return the challenges of a folder of records, in order.  Raises LessonError for one that can't be read."""
    entries = []
    for path in sorted(folder.glob("[0-9]*.yaml")):
        try:
            record = yaml.safe_load(fill(path.read_text(encoding="utf-8"), facts, str(path)))
            checks = {name: [answer["mistake"] for answer in check["wrong_answers"]] for name, check in record["checks"].items()}
            entries.append(Entry(path.stem, record["title"], record["minutes"], checks,
                                 record["episode"], record["objective"]))
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise LessonError(f"{path}: no record of a challenge: {error!r}") from None
    return entries


def table(entries: list[Entry], link: str = "{title}") -> str:
    """Return the entries as a table in Markdown; link: how a title is written, with {name} and {title}."""
    rows = ["| challenge | minutes | checks, with their wrong answers | wrong answers | mistakes told apart |",
            "| --- | --- | --- | --- | --- |"]
    for entry in entries:
        answers = [mistake for mistakes in entry.checks.values() for mistake in mistakes]
        checks = ", ".join(f"`{check}` {len(mistakes)}" for check, mistakes in entry.checks.items())
        title = link.format(name=entry.name, title=entry.title)
        rows.append(f"| {title} | {entry.minutes} | {checks} | {len(answers)} | {len(set(answers))} |")
    every = [mistake for entry in entries for mistakes in entry.checks.values() for mistake in mistakes]
    count = sum(len(entry.checks) for entry in entries)
    rows.append(f"| all | {sum(entry.minutes for entry in entries)} | {count} checks | {len(every)} | {len(set(every))} |")
    return "\n".join(rows) + "\n"


def objectives(entries: list[Entry]) -> str:
    """Return what each challenge is for as a table in Markdown, with links from a page in the book's root."""
    rows = ["| challenge | minutes | to be able to | episode |", "| --- | --- | --- | --- |"]
    rows += [f"| [{entry.title}](challenges/{entry.name}) | {entry.minutes} | {entry.objective} | "
             f"{{doc}}`_episodes/{entry.episode}` |" for entry in entries]
    return "\n".join(rows) + "\n"


class Challenges(SphinxDirective):
    option_spec = {"show": lambda given: directives.choice(given, ("proofs", "objectives"))}

    def run(self):
        folder = Path(self.env.srcdir, "notebooks")
        for path in folder.glob("*.yaml"):
            self.env.note_dependency(str(path))
        try:
            entries = read_entries(folder, self.config.lesson_facts)
        except (LessonError, OSError) as error:
            complain(self.env.app, f"{self.env.doc2path(self.env.docname)}:{self.lineno}: {error}")
            return []
        if self.options.get("show") == "objectives":
            return self.parse_text_to_nodes(objectives(entries))
        return self.parse_text_to_nodes(table(entries, "[{title}](challenges/{name})"))


def setup(app):
    app.add_directive("challenges", Challenges)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
