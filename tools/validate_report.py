"""The report on the challenges, challenge by check by side: a page for a person, JUnit XML for programs."""

from __future__ import annotations

import html
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.validate_verdict import Row


@dataclass
class Side:
    """One of the places where the notebooks can run.  told: a sentence on the run, or on why there
    was none; seconds: what it took, None when it was not run."""

    name: str
    told: str
    seconds: float | None = None


STYLE = """body { font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #222; background: #fff }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .3em .6em; border-bottom: 1px solid #ccc }
.bad { font-weight: bold } pre { white-space: pre-wrap; background: #f3f3f3; padding: .5em }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #181818 } pre { background: #2a2a2a } }"""


def write_html(path: Path, rows: Sequence[Row], sides: Sequence[Side]) -> None:
    """A page with a line for each check, unsolved and solved, and a column for each side."""
    body = ["<ul>", *(f"<li>{html.escape(f'{side.name}: {side.told}')}</li>" for side in sides), "</ul>"]
    names = [side.name for side in sides]
    for challenge in dict.fromkeys(row.challenge for row in rows):
        body.append(f"<h2>{html.escape(challenge)}</h2><table><tr><th>check</th><th>run</th>"
                    + "".join(f"<th>{name}</th>" for name in names) + "</tr>")
        found = {(row.half, row.check, row.side): row for row in rows if row.challenge == challenge}
        for half, check in dict.fromkeys(key[:2] for key in found):
            cells = "".join(cell(found.get((half, check, side.name)), side) for side in sides)
            body.append(f"<tr><td>{html.escape(check)}</td><td>{half}</td>{cells}</tr>")
        body.append("</table>")
    path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Challenges validated</title>'
                    f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style>'
                    f"<h1>Challenges validated</h1>{''.join(body)}</html>\n", encoding="utf-8")


def cell(row: Row | None, side: Side) -> str:
    """The table's cell for a check on one side."""
    if row is None:
        return f"<td>{'not run' if side.seconds is None else ''}</td>"
    more = f"<br>{html.escape(row.why)}" if row.why else ""
    more += f"<pre>{html.escape(row.output)}</pre>" if row.output else ""
    verdict = "✓ as it must be" if row.ok else "✗ wrong"
    return f'<td class="{"ok" if row.ok else "bad"}">{verdict}, {row.seconds:.1f} s{more}</td>'


def write_junit(path: Path, rows: Sequence[Row], sides: Sequence[Side]) -> None:
    """A test suite for each side; one that was not run has a single test, which was skipped."""
    suites = ET.Element("testsuites")
    for side in sides:
        own = [row for row in rows if row.side == side.name]
        suite = ET.SubElement(suites, "testsuite", name=f"challenges, {side.name}", time=f"{side.seconds or 0:.1f}")
        for row in own:
            case = ET.SubElement(suite, "testcase", classname=f"{side.name}.{row.challenge}",
                                 name=f"{row.check}-{row.half}", time=f"{row.seconds:.1f}")
            if not row.ok:
                ET.SubElement(case, "failure", message=row.why).text = row.output
            elif row.why:
                ET.SubElement(case, "skipped", message=row.why)
        if side.seconds is None:
            case = ET.SubElement(suite, "testcase", classname=side.name, name="all")
            ET.SubElement(case, "skipped", message=side.told)
        for word, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
            suite.set(word, str(len(list(suite.iter(tag)))))
    ET.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)
