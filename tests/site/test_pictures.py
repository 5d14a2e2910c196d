"""Every picture has a dark twin that is the same drawing, and only colours that can change."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIGHT = sorted((ROOT / "_static" / "img").glob("*-light.svg"))


def test_the_dark_twins_are_in_step():
    check = subprocess.run(
        [sys.executable, ROOT / "tools" / "dark_pictures.py", "--check"], capture_output=True, text=True
    )
    assert (check.returncode, check.stderr) == (0, "")


@pytest.mark.parametrize("picture", LIGHT, ids=lambda path: path.name)
def test_a_picture_names_no_colour_outside_its_line_of_colours(picture):
    drawing = re.sub(r"^svg \{ --ink:[^}]*\}$", "", picture.read_text(), flags=re.MULTILINE)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", drawing) == []


@pytest.mark.parametrize("picture", LIGHT, ids=lambda path: path.name)
def test_a_picture_is_used_in_both_colours_with_the_same_description(picture):
    pages = "".join(page.read_text() for page in [*ROOT.glob("*.md"), *ROOT.glob("_episodes/*.md")])
    said = {
        mode: re.findall(
            rf'{re.escape(picture.name.replace("-light", "-" + mode))}\n:alt: "(.+)"\n:class: only-{mode}\n', pages
        )
        for mode in ("light", "dark")
    }
    assert said["light"] and said["light"] == said["dark"]
