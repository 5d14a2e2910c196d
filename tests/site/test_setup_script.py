"""{setup-script}: a link to a script that is made with the site, filled in."""

import os

import pytest

from .conftest import ROOT, BuildFailed

PAGE = "# Page\n\nTake {setup-script}`hello` along.\n"
SCRIPT = """#!/usr/bin/python3
# >>> defaults of the cluster
CLUSTER = ""
LOGIN_HOST = ""
# <<< defaults of the cluster <<<
"""
FACTS = "home: /h, private: /h/p, module_jupyter: m"


@pytest.fixture
def book(mini_book):
    mini_book.write("tools/fill_setup.py", (ROOT / "tools/fill_setup.py").read_text())
    config = (mini_book.folder / "_config.yml").read_text()
    mini_book.write(
        "_config.yml", config.replace("home: /afs/home", FACTS).replace("home: /home/me", FACTS)
    )
    mini_book.write("setup/hello", SCRIPT)
    return mini_book


def test_a_setup_script_is_filled_in_and_executable(book):
    book.write("pages/deep.md", PAGE)
    book.write("index.md", "# Index\n\n```{toctree}\npages/deep\n```\n")
    assert book.build() == ""
    assert 'href="../downloads/setup/hello" download' in book.html("pages/deep")
    script = book.folder / "out/downloads/setup/hello"
    assert 'CLUSTER = "Tegner"\nLOGIN_HOST = "tegner.example"\n' in script.read_text()
    assert os.access(script, os.X_OK)


def test_a_download_follows_its_source_in_an_old_build(book):
    book.write("index.md", PAGE)
    book.build()
    book.write("setup/hello", SCRIPT + "print('new')\n")
    book.build()
    assert "print('new')" in (book.folder / "out/downloads/setup/hello").read_text()


def test_a_script_that_is_not_there_ends_the_build(book):
    book.write("index.md", "# Page\n\n{setup-script}`none`\n")
    with pytest.raises(BuildFailed, match="index.md: setup-script: .*No such file.*setup/none"):
        book.build()


def test_a_default_without_a_fact_ends_the_build(book):
    book.write("index.md", PAGE)
    book.write("setup/hello", SCRIPT.replace("LOGIN_HOST", "COLOUR"))
    with pytest.raises(BuildFailed, match="no fact of the lesson fills this default: COLOUR"):
        book.build()
