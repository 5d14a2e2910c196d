"""Draw how slurm_mock's parts import each other, and list its files: `make house`.

Writes slurm_mock/parts.svg, and in slurm_mock/README.md what stands between its marks: from the
imports and the files' first lines, never by hand.  tests/project/test_parts.py tells when they are old.
"""

from __future__ import annotations

import html
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools import house  # noqa: E402

PICTURE, MAP = Path("slurm_mock/parts.svg"), Path("slurm_mock/README.md")
BEGIN, END = "<!-- made by make house: begin -->", "<!-- made by make house: end -->"

WIDTH, ROW, BOX, LEFT, RIGHT = 690, 46, 36, 50, 480
STYLE = """text{font:13px system-ui,sans-serif;fill:#1f2328}.says{font-size:11px;fill:#59636e}
rect{fill:#eef3f8;stroke:#9fb3c8}path{fill:none;stroke:#2f6f9f}.up{stroke:#c62828}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.says{fill:#9da7b1}rect{fill:#1c2733;stroke:#48607a}
path{stroke:#7fb4dd}.up{stroke:#ff7b72}}"""


def floors() -> list[str]:
    """The names of the boxes, the highest first; "" stands for the entry points."""
    return ["", *reversed(house.PARTS)]


def arrows(modules: dict[str, Path]) -> Counter[tuple[str, str]]:
    """(part, part that it imports from) -> how many pairs of files."""
    pairs = {(each.file, each.target) for each in house.imports(modules)}
    return Counter((house.part(one), house.part(other)) for one, other in pairs
                   if house.part(one) != house.part(other))


def picture(modules: dict[str, Path]) -> str:
    """The SVG: a box a part, the highest above; arcs to the right go down, and one to the left, in
    red, would go up. The more files import, the wider the arc."""
    order, found = floors(), arrows(modules)
    middle = {name: 20 + number * ROW + BOX / 2 for number, name in enumerate(order)}
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {20 + ROW * len(order)}" role="img" '
             'aria-labelledby="title">', '<title id="title">The parts of slurm_mock: every import goes down</title>',
             f"<style>{STYLE}</style>"]
    for (one, other), count in sorted(found.items()):
        begin, end = middle[one], middle[other]
        down = end > begin
        side, bow = (RIGHT, 24 + abs(end - begin) * .42) if down else (LEFT, -24 - abs(end - begin) * .2)
        lines.append(f'<path class="{"down" if down else "up"}" stroke-width="{_width(count)}" '
                     f'stroke-opacity=".55" d="M{side} {begin:g}C{side + bow:.0f} {begin:g} {side + bow:.0f} {end:g} '
                     f'{side + 7 if down else side - 7} {end:g}"><title>{html.escape(one or "entry points")} → '
                     f"{other}</title></path>")
        tip = side
        way = 1 if down else -1
        lines.append(f'<path class="{"down" if down else "up"}" d="M{tip + 8 * way} {end - 4:g}L{tip} {end:g}'
                     f'L{tip + 8 * way} {end + 4:g}"/>')
    for name in order:
        top = middle[name] - BOX / 2
        says = house.PARTS.get(name, "entry points: a command's process, slurm-mock, %load_ext, a program's own")
        lines.append(f'<rect x="{LEFT}" y="{top:g}" width="{RIGHT - LEFT}" height="{BOX}" rx="5"/>'
                     f'<text x="{LEFT + 10}" y="{top + 14:g}">{name or "slurm_mock"}</text>'
                     f'<text class="says" x="{LEFT + 10}" y="{top + 28:g}">{html.escape(_short(says))}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _width(count: int) -> float:
    """Of an arc: one of five, so that not each new import makes another picture."""
    return next(width for most, width in ((4, 1), (15, 1.8), (50, 3), (120, 4.4), (1 << 30, 6)) if count <= most)


def _short(text: str) -> str:
    return text if len(text) < 66 else text[:text[:66].rfind(" ")].rstrip(",;:") + " …"


def listing(modules: dict[str, Path]) -> str:
    """The parts in one line each, and under each its files in one line each."""
    lines = []
    for name in floors():
        members = [module for module in modules if house.part(module) == name and module != house.PACKAGE]
        title, says = (f"{name}/", house.PARTS[name]) if name else ("entry points", "what starts, and what programs call")
        lines += ["", f"### {title}", "", f"{says.capitalize() if not name else says[0].upper() + says[1:]}. "
                  f"{len(members)} files.", ""]
        for _, says, inside in _by_step(name, members):
            if says:
                lines += [f"**{says[0].upper() + says[1:]}**", ""]
            lines += ["| file | |", "| --- | --- |"]
            lines += [f"| `{_shown(modules[module], name)}` | {_cell(house.first_line(modules[module]))} |" for module in inside]
            lines.append("")
    return "\n".join(line for line, before in zip(lines, ["", *lines], strict=False) if line or before).strip() + "\n"


def _by_step(name: str, members: list[str]) -> list[tuple[int, str, list[str]]]:
    """(step, its words, its files) of a part, the highest step first."""
    steps = house.STEPS.get(name)
    if not steps:
        return [(0, "", members)]
    by: dict[int, list[str]] = {}
    for module in members:
        by.setdefault(house.place(module)[1], []).append(module)
    return [(number, steps[number][0], by[number]) for number in sorted(by, reverse=True)]


def _shown(path: Path, name: str) -> str:
    return path.relative_to(house.ROOT / house.PACKAGE / name).as_posix()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def filled(text: str, made: str) -> str:
    """The map's text with what stands between the marks made anew. Raises ValueError without marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{MAP}: the lines {BEGIN} and {END} are missing: put them where the list is to stand")
    return f"{before}{BEGIN}\n{made}{END}{after}"


def main() -> int:
    modules = house.files()
    (house.ROOT / PICTURE).write_text(picture(modules), encoding="utf-8")
    path = house.ROOT / MAP
    try:
        text = filled(path.read_text(encoding="utf-8"), listing(modules))
    except ValueError as error:
        print(f"draw_house: {error}", file=sys.stderr)
        return 1
    path.write_text(text, encoding="utf-8")
    print(f"written: {PICTURE} and the list in {MAP}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
