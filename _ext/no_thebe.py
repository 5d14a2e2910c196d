"""Keeps Thebe off the pages.

Jupyter Book always loads sphinx_thebe.  We have no use for it: it names a server elsewhere, and its
script block comes twice, which is an error on every page (a `const` declared again).
"""

from __future__ import annotations


def _silence(app):
    for listeners in app.events.listeners.values():
        for listener in list(listeners):
            if listener.handler.__module__ == "sphinx_thebe":
                app.disconnect(listener.id)


def setup(app):
    app.connect("builder-inited", _silence, priority=0)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
