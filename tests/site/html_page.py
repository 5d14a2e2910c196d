"""Reads a built page: its text, links, ids and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

# The attributes by which a page refers to something else.
REFERENCES = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src"}
# What the browser fetches by itself; a link waits until the reader follows it.
FETCHED = {"link", "img", "script", "source"}


@dataclass
class Page:
    path: Path
    text: str = ""
    ids: set[str] = field(default_factory=set)
    references: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, page: Page):
        super().__init__(convert_charrefs=True)
        self.page = page
        self.silent = 0
        self.cells: list[str] | None = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.page.ids.update(attributes[key] for key in ("id", "name") if attributes.get(key))
        target = attributes.get(REFERENCES.get(tag))
        if target:
            self.page.references.append((tag, target))
        self.silent += tag in ("script", "style")
        if tag == "tr":
            self.cells = []
        elif tag in ("td", "th") and self.cells is not None:
            self.cells.append("")

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")
        if tag == "tr" and self.cells is not None:
            self.page.rows.append([squeeze(cell) for cell in self.cells])
            self.cells = None

    def handle_data(self, data):
        if self.silent:
            return
        self.page.text += data
        if self.cells:
            self.cells[-1] += data


def squeeze(text: str) -> str:
    """Return the text with every run of white space as one blank, quotes made plain."""
    for curly, plain in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'")):
        text = text.replace(curly, plain)
    return " ".join(text.split())


def read_page(path: Path) -> Page:
    page = Page(path)
    _Reader(page).feed(path.read_text(encoding="utf-8"))
    page.text = squeeze(page.text)
    return page
