"""What must not be in the project's files: paths of one machine, hosts of package registries."""

import re
import subprocess

import pytest

from tests.site.conftest import ROOT

# Put together here, so that this file does not name them itself.
FORBIDDEN = {
    "a package registry's host": re.compile(
        "|".join(
            [
                r"py" + r"pi\.org",
                "files" + r"\.pythonhosted",
                r"registry\.npm" + "js",
                "deb" + r"\.debian\.org",
            ]
        )
    ),
    "a path of one machine": re.compile(r"(?<![\w.~-])/(wo" + "rk|ro" + "ot|fa" + r"rm)/[\w.]"),
}
BINARY = (".png", ".jpg", ".ico", ".woff2", ".gz", ".zip")


@pytest.fixture(scope="module")
def texts():
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    paths = [ROOT / name for name in names if name and not name.endswith(BINARY)]
    return {path: path.read_text(errors="replace") for path in paths if path.is_file()}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(texts, what):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


def test_the_search_would_find_them():
    assert FORBIDDEN["a path of one machine"].search("cd /wo" + "rk/main")
    assert FORBIDDEN["a package registry's host"].search("https://py" + "pi.org/simple")


def test_pictures_are_small(texts):
    pictures = [p for p in (ROOT / "_static").rglob("*") if p.suffix in (".png", ".svg")]
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > 300 * 1024] == []
