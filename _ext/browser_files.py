"""Brings scripts and styles of `_ext/browser` into the site, on the pages that ask for them.

Jupyter Book would load whatever lies in `_static` on every page.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = str(Path(__file__).with_name("browser"))


def bring(app) -> None:
    """Copy the folder's content into the site's `_static`."""

    def add(_app, config):
        if FOLDER not in config.html_static_path:
            config.html_static_path.append(FOLDER)

    app.connect("config-inited", add)
