"""Small books of a test's own pages, built with the lesson's extensions; the built site, its server
and a browser."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import yaml
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tests.needs import need

ROOT = Path(__file__).resolve().parents[2]
EXTENSIONS = [
    "myst_parser",
    "sphinx_exercise",
    "lesson_facts",
    "lesson_file",
    "setup_script",
    "episode_box",
    "schedule",
    "terminal",
    "mock_coverage",
    "mock_samples",
    "mock_keywords",
    "challenge_table",
    "command_lines",
    "solutions",
    "try_it",
    "lab_here",
]
LESSON = """
lesson:
  cluster: tegner
  clusters:
    tegner: {cluster_name: Tegner, login_host: tegner.example, home: /afs/home, cores: 24}
    small: {cluster_name: Small, login_host: small.example, home: /home/me, cores: 4}
"""


def toc_pages() -> list[str]:
    """Return the names of the book's pages, in its order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    return [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]


class BuildFailed(Exception):
    """Sphinx ended with an exit code other than 0; the text is what it said."""


class MiniBook:
    """Pages in a folder, built to HTML as often as a test likes."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.write("_config.yml", LESSON)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def build(self, **config) -> str:
        """Build; return the warnings.  Raises what Sphinx raises, and BuildFailed."""
        warnings = io.StringIO()
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                srcdir=self.folder,
                confdir=None,
                outdir=self.folder / "out",
                doctreedir=self.folder / "doctrees",
                buildername="html",
                # The stand-in for the mock: commands run as they are.
                confoverrides={
                    "extensions": EXTENSIONS,
                    "terminal_launcher": ["env", "CLUSTER={cluster}"],
                    "terminal_closer": [],
                    "exclude_patterns": ["out", "doctrees"],
                    **config,
                },
                status=None,
                warning=warnings,
            )
            app.build()
        if app.statuscode:
            raise BuildFailed(warnings.getvalue())
        return warnings.getvalue()

    def html(self, page: str = "index") -> str:
        return (self.folder / "out" / f"{page}.html").read_text(encoding="utf-8")


@pytest.fixture
def mini_book(tmp_path) -> MiniBook:
    return MiniBook(tmp_path)


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site."""
    html = ROOT / "_build" / "html"
    if not (html / "index.html").exists():
        pytest.fail("the site is not built yet: run `make book`")
    return html


@pytest.fixture(scope="module")
def server(site):
    """The built site with its lab, served on this machine."""
    from tools.lab_visit import lab_server
    with lab_server(site) as server:
        yield server


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium that reaches nobody else than the server."""
    from playwright.sync_api import sync_playwright

    from tools.lab_visit import lone_browser
    chromium = need("chromium")
    with sync_playwright() as playwright, lone_browser(playwright, chromium) as browser:
        yield browser
