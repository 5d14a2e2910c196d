"""``{mock-coverage}``: how far the emulator reaches, read from what is so and not from a list kept by hand.

Slurm's own options, words and fields stand in tests/conformance/slurm_options.txt, asked of the real
commands; the mock's own tables say which of them it has; tests/conformance/deviations.toml says where
it is known to differ; last_comparison.toml, written by `make conformance`, says when and how much was
compared.  A file that can't be read ends the build.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from docutils import nodes
from lesson_facts import complain
from sphinx.util.docutils import SphinxDirective

from slurm_mock.site import coverage

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "conformance"
LISTED, DEVIATIONS, COMPARED = "slurm_options.txt", "deviations.toml", "last_comparison.toml"
KINDS = (("option", "Options"), ("word", "Commands of its own"), ("field", "Fields"))
HEADS = {
    coverage.WITHOUT_EFFECT: "Read and checked as by Slurm, but of no effect",
    coverage.MISSING: "Not there",
    coverage.SUPPORTED: "There",
}


def read_listed(path: Path) -> tuple[dict[str, str], dict[str, list[tuple[str, list[str], str]]]]:
    """Return what the list's head says ({"date": ..., "slurm": ...}) and, per command, its entries:
    (kind, names, value).  Raises ValueError naming a line that can't be read."""
    head, entries = {}, {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split()
        if line.startswith("# date: "):
            head["date"] = words[2]
        elif line.startswith("# What the commands of Slurm "):
            head["slurm"] = words[6]
        elif not line.startswith("#"):
            if len(words) < 3 or words[-1] not in ("none", "required", "optional", "word", "field"):
                raise ValueError(f"{path.name}:{number}: can't be read: {line!r}")
            kind = words[-1] if words[-1] in ("word", "field") else "option"
            entries.setdefault(words[0], []).append((kind, words[1:-1], words[-1]))
    if set(head) != {"date", "slurm"}:
        raise ValueError(f"{path.name}: its head lacks the date or Slurm's version")
    return head, entries


def sorted_out(command: str, entries) -> dict[str, dict[str, list[str]]]:
    """Return {kind: {status: [names as shown]}} of one command's entries."""
    found: dict[str, dict[str, list[str]]] = {}
    for kind, names, value in entries:
        status = {
            "option": lambda: coverage.option_status(command, names, value),
            "word": lambda: coverage.word_status(command, names[0]),
            "field": lambda: coverage.field_status(command, names[0]),
        }[kind]()
        found.setdefault(kind, {}).setdefault(status, []).append(", ".join(names))
    return found


class MockCoverage(SphinxDirective):
    """The page's tables and lists."""

    def run(self) -> list[nodes.Node]:
        for name in (LISTED, DEVIATIONS, COMPARED):
            self.env.note_dependency(str(FOLDER / name))
        # what the mock has may change with any of its files
        self.env.note_reread()
        try:
            head, entries = read_listed(FOLDER / LISTED)
            known = tomllib.loads((FOLDER / DEVIATIONS).read_text(encoding="utf-8"))
            told = tomllib.loads((FOLDER / COMPARED).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            source, line = self.get_source_info()
            complain(self.env.app, f"{source}:{line}: mock-coverage: {error}")
            return []
        found = {command: sorted_out(command, rows) for command, rows in entries.items()}
        deviations = known.get("deviation", [])
        return [
            paragraph(
                f"Slurm {head['slurm']}: its commands were asked for their options on {head['date']}. "
                f"Compared, command line by command line, on {told['date']}: "
                f"{told['identical']} of {told['compared']} command lines gave the same on the mock "
                f"as on real Slurm {told['slurm']}, {told['deviating']} deviate as listed below, "
                f"{told['different']} differ. "
                + ("Real Slurm was asked the same anew in that run." if told["real"] else
                   "In that run real Slurm's answers were those recorded before.")),
            _counts(found, told),
            *(self._section(command, kinds) for command, kinds in found.items()),
            self._deviations(deviations),
        ]

    def _section(self, command, kinds):
        section = nodes.section("", nodes.title("", command), ids=[f"mock-{command}"])
        for kind, title in KINDS:
            for status, head in HEADS.items():
                names = kinds.get(kind, {}).get(status)
                if names:
                    line = nodes.paragraph("", "", nodes.strong("", f"{title}. {head}: "))
                    for number, name in enumerate(names):
                        line += nodes.Text(" · " if number else "")
                        line += nodes.literal("", name)
                    section += line
        return section

    def _deviations(self, deviations):
        title = nodes.title("", "Known to differ")
        section = nodes.section("", title, ids=["mock-known-to-differ"])
        rows = nodes.definition_list()
        for deviation in deviations:
            reason = " ".join(deviation["reason"].split())
            rows += nodes.definition_list_item(
                "", nodes.term("", "", nodes.literal("", deviation["command"])),
                nodes.definition("", with_options(reason)))
        section += rows if deviations else paragraph("Nothing is.")
        return section


def paragraph(text: str) -> nodes.paragraph:
    return nodes.paragraph("", text)


def with_options(text: str) -> nodes.paragraph:
    """A paragraph in which options (--hint=nomultithread) are literal: of two hyphens in prose Sphinx
    makes a dash."""
    pieces = re.split(r"(?<!\S)(--[\w=-]+)", text)
    return nodes.paragraph("", "", *(nodes.literal("", piece) if number % 2 else nodes.Text(piece)
                                     for number, piece in enumerate(pieces)))


def _counts(found, told) -> nodes.table:
    """The table with one row a command: how many options there are, and how many command lines
    were compared; then one for the lines that the shell alone ran (`cat slurm-7.out`)."""
    head = ("Command", "Options", "of no effect", "not there", "Command lines compared",
            "identical", "deviating")
    rows = []
    for command, kinds in found.items():
        options = kinds.get("option", {})
        count = {status: len(names) for status, names in options.items()}
        lines = told["commands"].get(command, {})
        rows.append((command, sum(count.values()), count.get(coverage.WITHOUT_EFFECT, 0),
                     count.get(coverage.MISSING, 0), *_compared(lines)))
    if "shell" in told["commands"]:
        rows.append(("the shell's own", 0, 0, 0, *_compared(told["commands"]["shell"])))
    total = ("all", *(sum(row[place] for row in rows) for place in range(1, len(head))))
    return table(head, [*rows, total])


def table(head, rows) -> nodes.table:
    """A table of texts and numbers, with columns of one width."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group)


def _compared(lines) -> tuple[int, int, int]:
    return tuple(lines.get(what, 0) for what in ("compared", "identical", "deviating"))


def _row(cells) -> nodes.row:
    return nodes.row("", *(nodes.entry("", paragraph(str(cell))) for cell in cells))


def setup(app):
    app.add_directive("mock-coverage", MockCoverage)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
