"""Where notebooks belong on a compute node, that section comes first."""

import re

import pytest

from .conftest import EXTENSIONS, LESSON

PAGE = """# Page

before

(jupyter-login-node)=
## On the login node

one, or [there](#jupyter-compute-node)

### Dig the tunnel

two

(jupyter-compute-node)=
## On a compute node

three, see [here](#jupyter-login-node)

## Afterwards

four
"""
# The theme's own headings have no link of theirs.
HEADING = re.compile(r"<h[23]>([^<]*)<a class=\"headerlink")
HEADINGS = ["On the login node", "Dig the tunnel", "On a compute node", "Afterwards"]


def build(book, jupyter_on, page):
    book.write("_config.yml", LESSON.replace("cores: ", f"jupyter_on: {jupyter_on}, cores: "))
    book.write("index.md", page)
    assert book.build(extensions=[*EXTENSIONS, "jupyter_place"]) == ""
    return book.html()


@pytest.mark.parametrize(
    "jupyter_on, order", [("login", [0, 1, 2, 3]), ("compute", [2, 0, 1, 3])]
)
def test_the_sections_stand_in_the_centres_order(mini_book, jupyter_on, order):
    html = build(mini_book, jupyter_on, PAGE)
    assert HEADING.findall(html) == [HEADINGS[i] for i in order]
    for label in ("jupyter-login-node", "jupyter-compute-node"):
        assert html.count(f'href="#{label}"') >= 1
        assert html.count(f'id="{label}"') == 1


def test_a_page_without_the_two_sections_is_left_alone(mini_book):
    html = build(mini_book, "compute", "# Page\n\n## Dig the tunnel\n\ntext\n")
    assert HEADING.findall(html) == ["Dig the tunnel"]
