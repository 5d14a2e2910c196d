"""A page of where a class stands, from the codes that learners get by `progress(share=True)`.

    python tools/class_view.py [--out FILE] [FILE]     codes in FILE, else pasted, one a line

Other text around the codes, as in a chat, is passed over with a word about it.
"""

from __future__ import annotations

import argparse
import html
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "_ext"), str(ROOT / "notebooks")]

import checks_progress  # noqa: E402
from lesson_facts import read_facts  # noqa: E402

from tools import make_notebooks, notebook_source  # noqa: E402
from tools.validate_report import STYLE  # noqa: E402

STOPS_SHOWN = 8


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make a page of where a class stands.")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "class-view.html")
    parser.add_argument("file", nargs="?", type=Path, help="a file with the codes; else they are read from the terminal")
    options = parser.parse_args(argv)
    if not options.file and sys.stdin.isatty():
        print("Paste the codes, one a line; end with Ctrl-D.")
    try:
        text = options.file.read_text(encoding="utf-8") if options.file else sys.stdin.read()
    except OSError as error:
        print(f"class_view: error: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    people, remarks = read_codes(text)
    for remark in remarks:
        print(f"class_view: {remark}", file=sys.stderr)
    if not people:
        print("class_view: error: no code in there: learners get one by progress(share=True)", file=sys.stderr)
        return 1
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page(people, challenges()), encoding="utf-8")
    print(f"{len(people)} people: {options.out}")
    return 0


def read_codes(text: str) -> tuple[dict[str, dict], list[str]]:
    """({name: what its code says}, remarks); of two codes with the same name the later one counts."""
    people, remarks = {}, []
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        try:
            name, found = checks_progress.decode(words[-1])
        except ValueError as error:
            remarks.append(f"passed over: {error}")
            continue
        people[name] = found
    return people, remarks


def challenges() -> dict[int, tuple[str, list[str]]]:
    """{number: (title, names of the checks)}."""
    facts = read_facts(ROOT / "_config.yml", {})
    found = {}
    for name in make_notebooks.names():
        record = notebook_source.read_record(make_notebooks.NOTEBOOKS / f"{name}.yaml", facts)
        found[int(name[:2])] = (record["title"], list(record["checks"]))
    return found


def page(people: dict[str, dict], known: dict[int, tuple[str, list[str]]]) -> str:
    """The page: a line a person, a column a challenge; then the checks that stop most people."""
    head = "".join(f"<th>{number:02} {html.escape(title)}</th>" for number, (title, _) in known.items())
    lines, stops = [], Counter()
    for name, found in sorted(people.items()):
        cells = []
        for number, (title, checks) in known.items():
            done, stop, tries = found.get(number, ([], None, 0))
            text = "·" if number not in found else f"{len(done)} of {len(checks)}" + (" ✓" if len(done) == len(checks) else "")
            if stop is not None and stop < len(checks):
                text += f"<br>stopped at <b>{html.escape(checks[stop])}</b>, {tries} tries"
                stops[f"{number:02} {title}: {checks[stop]}"] += 1
            cells.append(f"<td>{text}</td>")
        lines.append(f"<tr><th>{html.escape(name)}</th>{''.join(cells)}</tr>")
    most = "".join(f"<li>{html.escape(check)}: {count}</li>" for check, count in stops.most_common(STOPS_SHOWN))
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><title>The class</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style>'
            f"<h1>The class</h1><table><tr><th></th>{head}</tr>{''.join(lines)}</table>"
            f"<h2>Where people are stopped</h2><ul>{most or '<li>nowhere</li>'}</ul></html>\n")


if __name__ == "__main__":
    sys.exit(main())
