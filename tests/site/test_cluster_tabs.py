"""The tab of the lesson's own cluster is the open one."""

import re

import pytest

from .conftest import EXTENSIONS, LESSON

PAGE = """# Page

`````{tab-set}
:sync-group: cluster

````{tab-item} Tegner
:sync: tegner
one
````

````{tab-item} Your own
:sync: own
two
````
`````

`````{tab-set}
:sync-group: python

````{tab-item} New
:sync: tegner
three
````

````{tab-item} Old
:sync: own
four
````
`````
"""


def open_tabs(html: str) -> list[str]:
    return re.findall(r'<input checked="checked"[^>]*>\s*<label[^>]*>\s*([^<]*?)\s*</label>', html)


@pytest.mark.parametrize("cluster, tab", [("tegner", "Tegner"), ("small", "Your own")])
def test_the_lessons_cluster_is_open_and_other_groups_are_left_alone(mini_book, cluster, tab):
    mini_book.write("_config.yml", LESSON.replace("cluster: tegner", f"cluster: {cluster}", 1))
    mini_book.write("index.md", PAGE)
    assert mini_book.build(extensions=[*EXTENSIONS, "sphinx_design", "cluster_tabs"]) == ""
    assert open_tabs(mini_book.html()) == [tab, "New"]
