"""{lesson-download}: links whose files are made with the site, filled in, without solutions."""

import os
import shutil
import zipfile

import pytest

from .conftest import ROOT, BuildFailed

PAGE = "# Page\n\nTake {lesson-download}`the script <setup/hello>` along.\n"
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
    mini_book.write("_config.yml", config.replace("home: /afs/home", FACTS).replace("home: /home/me", FACTS))
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


def test_challenges_are_packed_without_leftovers_and_always_alike(book):
    book.write("index.md", "# Page\n\n{lesson-download}`all <challenges.zip>`\n")
    book.write("notebooks/learner/01.ipynb", "{}")
    book.write("notebooks/learner/hello_mpi", "#!/bin/sh\n")
    (book.folder / "notebooks/learner/hello_mpi").chmod(0o755)
    book.write("notebooks/learner/.ipynb_checkpoints/01.ipynb", "{}")
    book.build()
    target = book.folder / "out/downloads/challenges.zip"
    first = target.read_bytes()
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["challenges/01.ipynb", "challenges/hello_mpi"]
        assert archive.getinfo("challenges/hello_mpi").external_attr >> 16 & 0o777 == 0o755
    shutil.rmtree(book.folder / "out")
    os.utime(book.folder / "notebooks/learner/01.ipynb", (1, 1))
    book.build()
    assert target.read_bytes() == first


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("{lesson-download}`x <setup/none>`", "No such file"),
        ("{lesson-download}`x <setup/../_config.yml>`", "no such download: setup/../_config.yml"),
        ("{lesson-download}`x <challenges.zip>`", "no notebook in"),
        ("{lesson-download}`x <README.md>`", "no such download: README.md"),
    ],
)
def test_what_is_not_there_ends_the_build(book, page, words):
    book.write("index.md", f"# Page\n\n{page}\n")
    with pytest.raises(BuildFailed, match=words):
        book.build()
