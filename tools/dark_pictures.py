"""Make the dark twin of every picture in _static/img.

A picture is drawn once, in light colours, as NAME-light.svg; its colours stand in one line,
`svg { --ink:...; ... }`. NAME-dark.svg is the same drawing with another such line.

    python tools/dark_pictures.py           write the twins
    python tools/dark_pictures.py --check   exit 1, naming the picture, if a twin is out of step
"""
import argparse
import pathlib
import re
import sys

PICTURES = pathlib.Path(__file__).resolve().parent.parent / "_static" / "img"
LIGHT_COLOURS = re.compile(r"^svg \{ --ink:[^}]*\}$", re.MULTILINE)
DARK_COLOURS = (
    "svg { --ink:#e8eef4; --soft:#b3bfca; --line:#73828f; --box:#202a33; --blue:#86bdff; "
    "--blueback:#15304f; --red:#ffb488; --redback:#47280f; --green:#86dba6; --greenback:#153a24 }"
)


def darken(drawing: str, name: str) -> str:
    """Return the drawing in dark colours; ValueError if it has no line of colours, or several."""
    dark, found = LIGHT_COLOURS.subn(DARK_COLOURS, drawing)
    if found != 1:
        raise ValueError(f"{name}: expected one line 'svg {{ --ink:... }}' with the colours, found {found}")
    return dark


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the dark twin of every picture.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a twin is out of step")
    check = parser.parse_args().check
    stale = []
    for light in sorted(PICTURES.glob("*-light.svg")):
        try:
            wanted = darken(light.read_text(encoding="utf-8"), light.name)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 1
        dark = light.with_name(light.name.replace("-light", "-dark"))
        if check:
            if not dark.exists() or dark.read_text(encoding="utf-8") != wanted:
                stale.append(dark.name)
        else:
            dark.write_text(wanted, encoding="utf-8")
    for name in stale:
        print(f"{name} is out of step: run python tools/dark_pictures.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
