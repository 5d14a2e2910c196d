"""``{mock-samples}``: on what the emulator is compared with real Slurm, by families, with counts.

Read from tests/conformance: transcripts by their folders, cases of other people's inputs and configurations, and the
generated lines of wide.json.xz.  The first line of each file says what it is a sample of; one without such a line ends the
build.
"""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from pathlib import Path

from docutils import nodes
from lesson_facts import complain
from mock_coverage import paragraph, table, with_options
from sphinx.util.docutils import SphinxDirective

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "conformance"
CASES = {"commands": "odd inputs, a kind a file", "sites": "configurations of sites"}
ADDRESS = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/(?:issues|pull)/(\d+)")
HEAD = ("Family", "Samples", "Command lines")
KINDS = {"plain": "values that people give", "empty": "an empty value", "zero": "zero", "negative": "a negative number",
         "huge": "a number beyond 32 and 64 bits", "word": "a word", "list": "a list", "repeat": "the option twice",
         "nothing": "no value where one is wanted", "variable": "the option's environment variable",
         "directive": "a line of the script", "pair": "two options together"}


def read_sample(path: Path, lines: int) -> tuple[str, str, int]:
    """(its name, what it is a sample of, its command lines).  Raises ValueError where its first line does not say so,
    or the second below one that names the user who runs it."""
    with path.open(encoding="utf-8", errors="replace") as file:
        first = file.readline().strip()
        if first.startswith("# user:"):
            first = file.readline().strip()
    if not first.startswith("# ") or len(first) < 12:
        raise ValueError(f"{path.name}: its first line does not say what it is a sample of")
    return path.stem, first.lstrip("# ").rstrip("."), lines


def _count(path: Path, mark: str) -> int:
    return sum(line.startswith(mark) for line in path.read_text(encoding="utf-8", errors="replace").splitlines())


def families(folder: Path) -> dict[str, list[tuple[str, str, int]]]:
    """{family: its samples, as read_sample gives them}.  Raises OSError, ValueError."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for path in sorted((folder / "transcripts").rglob("*.txt")):
        found.setdefault(path.parent.name, []).append(read_sample(path, _count(path, "$ ")))
    for kind, name in CASES.items():
        for path in sorted((folder / "cases" / kind).iterdir()):
            answer = path.with_suffix(".expected")
            if path.suffix in (".sh", ".case") and answer.exists():
                found.setdefault(name, []).append(read_sample(path, _count(answer, "$ ") + _count(answer, "### ")))
    return found


def generated(folder: Path) -> tuple[Counter, int]:
    """({kind: generated command lines}, of how many the mock's answer is known to differ).  Raises OSError, ValueError."""
    rows = json.loads(lzma.decompress((folder / "wide.json.xz").read_bytes()))
    known = [line for line in (folder / "wide-open.txt").read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#")]
    return Counter(row[2] for row in rows), len(known)


def what_it_is(text: str) -> nodes.paragraph:
    """A sample's first line as a paragraph: options are literal, addresses of reports are links behind the words."""
    row = with_options(" ".join(ADDRESS.sub("", text).split()))
    for number, found in enumerate(ADDRESS.finditer(text)):
        repository, report = found.groups()
        row += nodes.Text(" (from " if not number else ", ")
        row += nodes.reference("", f"{repository} #{report}", refuri=found.group())
    if ADDRESS.search(text):
        row += nodes.Text(")")
    return row


class MockSamples(SphinxDirective):
    """A table of the families, one of the generated lines, and a list of the samples of each family."""

    def run(self) -> list[nodes.Node]:
        for path in (FOLDER / "transcripts", FOLDER / "cases", FOLDER / "wide.json.xz", FOLDER / "wide-open.txt"):
            self.env.note_dependency(str(path))
        try:
            found, (kinds, known) = families(FOLDER), generated(FOLDER)
        except (OSError, ValueError, lzma.LZMAError) as error:
            source, line = self.get_source_info()
            complain(self.env.app, f"{source}:{line}: mock-samples: {error}")
            return []
        rows = [(family, len(samples), sum(lines for _, _, lines in samples)) for family, samples in found.items()]
        rows.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
        words = [(KINDS.get(kind, kind), count) for kind, count in kinds.most_common()]
        return [
            paragraph("Each sample is played on the mock and on real Slurm, and the answers are the same but for what the page on "
                       "what the mock does lists as known to differ."),
            table(HEAD, rows),
            paragraph(f"Besides, {sum(kinds.values())} generated command lines have real Slurm's answer: each option of twelve "
                       f"commands, with values that nobody chose. In {known} of them the mock's answer differs, each for a "
                       "reason that is written down."),
            table(("Generated with", "Command lines"), words),
            *(self._section(family, samples) for family, samples in found.items()),
        ]

    def _section(self, family, samples):
        section = nodes.section("", nodes.title("", family), ids=[f"mock-samples-{nodes.make_id(family)}"])
        rows = nodes.definition_list()
        for name, what, _ in samples:
            rows += nodes.definition_list_item("", nodes.term("", "", nodes.literal("", name)), nodes.definition("", what_it_is(what)))
        section += rows
        return section


def setup(app):
    app.add_directive("mock-samples", MockSamples)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
