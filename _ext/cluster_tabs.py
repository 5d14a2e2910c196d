"""Opens the tab of the lesson's own cluster in every tab set with the sync group `cluster`.

A site for Dardel then shows Dardel's commands first, with no page edited.
"""

from __future__ import annotations

from docutils import nodes

GROUP = "cluster"


def open_tab(doctree: nodes.document, tab: str) -> None:
    """Mark the tab with the sync key ``tab`` as the open one in each tab set of the group."""
    for label in doctree.findall(nodes.rubric):
        if label.get("sync_group") == GROUP:
            label.parent["selected"] = label["sync_id"] == tab


def setup(app):
    app.connect("doctree-read", lambda app, doctree: open_tab(doctree, app.config.lesson_facts["tab"]))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
