"""Front matter becomes the overview below the heading and the key points at the end."""

import re

import pytest
from episode_box import EpisodeError, boxes, check, front_matter

from .conftest import BuildFailed

META = {
    "teaching": 10,
    "exercises": 5,
    "questions": ["Can I use `sbatch`?"],
    "objectives": ["Learn it"],
    "keypoints": ["It is an *alternative*"],
}
PAGE = """---
title: Jupyter
teaching: 10
exercises: 5
questions: ["Can I use it at {{ cluster_name }}?"]
objectives: ["Learn `sbatch`"]
keypoints: ["It is an *alternative*"]
---

# Jupyter

First words.

## Last section

Last words.
"""


def text_of(html):
    article = re.search(r'<div class="body" role="main">(.*?)<div class="clearer"', html, re.S)
    return " ".join(re.sub("<[^>]*>", " ", article[1]).split())


def test_boxes_stand_below_the_heading_and_at_the_end(mini_book):
    mini_book.write("index.md", PAGE)
    assert mini_book.build() == ""
    text = text_of(mini_book.html())
    order = [
        "Overview", "10 min", "5 min", "Can I use it at Tegner?", "Objectives", "First words",
        "Last words", "Key points", "It is an",
    ]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places), text


def test_markup_in_front_matter_works(mini_book):
    mini_book.write("index.md", PAGE)
    mini_book.build()
    assert re.search(r"<code[^>]*>.*sbatch.*</code>", mini_book.html())
    assert "<em>alternative</em>" in mini_book.html()


def test_a_page_without_minutes_has_no_boxes(mini_book):
    mini_book.write("index.md", "---\ntitle: x\n---\n\n# Page\n\nText.\n")
    mini_book.build()
    assert "Overview" not in mini_book.html()


def test_warnings_keep_the_files_line_numbers(mini_book):
    mini_book.write("index.md", PAGE.replace("Last words.", "[gone](nowhere.md)"))
    line = PAGE.splitlines().index("Last words.") + 1
    assert f"index.md:{line}:" in mini_book.build()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("teaching", "ten"), ("exercises", None), ("exercises", -1),
        ("questions", []), ("objectives", "one text"), ("keypoints", None), ("keypoints", [3]),
    ],
)  # fmt: skip
def test_incomplete_front_matter_names_the_key(key, value):
    with pytest.raises(EpisodeError, match=f"`{key}` must be"):
        check(META | {key: value})


def test_incomplete_front_matter_ends_the_build(mini_book):
    mini_book.write("index.md", PAGE.replace("objectives", "objetives"))
    with pytest.raises(BuildFailed, match="index.md: front matter: `objectives` must be a list"):
        mini_book.build()


def test_an_episode_without_a_heading_ends_the_build(mini_book):
    mini_book.write("index.md", PAGE.replace("# Jupyter", "").replace("#", ""))
    with pytest.raises(BuildFailed, match="no heading"):
        mini_book.build()


@pytest.mark.parametrize("source", ["", "# Page\n", "text\n---\na: 1\n---\n", "---\na: 1\n"])
def test_pages_without_front_matter(source):
    assert front_matter(source) == {}


def test_front_matter_that_is_not_yaml():
    with pytest.raises(EpisodeError, match="not YAML"):
        front_matter("---\na: [1\n---\n")


def test_boxes_hold_every_text_once():
    text = boxes(META)
    for values in (META["questions"], META["objectives"], META["keypoints"]):
        assert text.count(f"- {values[0]}\n") == 1
