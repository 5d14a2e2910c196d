"""Puts the section on compute nodes first where the centre wants notebook servers there.

A page has the sections `jupyter-login-node` and `jupyter-compute-node`, in this order, each written
so that it reads well before or after the other.  The lesson's fact `jupyter_on` decides.
"""

from __future__ import annotations

from docutils import nodes

LOGIN, COMPUTE = "jupyter-login-node", "jupyter-compute-node"


def section(doctree: nodes.document, label: str) -> list[nodes.Node]:
    """Return a labelled section and the label's target before it, or [] where there is none."""
    for found in doctree.findall(nodes.section):
        if label in found["ids"]:
            before = found.parent.index(found) - 1
            target = found.parent[before]
            return [target, found] if isinstance(target, nodes.target) else [found]
    return []


def compute_first(doctree: nodes.document) -> None:
    """Move the section on compute nodes before the one on login nodes."""
    login, compute = section(doctree, LOGIN), section(doctree, COMPUTE)
    if not (login and compute):
        return
    parent = login[0].parent
    for node in compute:
        node.parent.remove(node)
    place = parent.index(login[0])
    parent[place:place] = compute


def _place(app, doctree):
    if app.config.lesson_facts["jupyter_on"] == "compute":
        compute_first(doctree)


def setup(app):
    # Before Sphinx collects the page's table of contents (priority 500).
    app.connect("doctree-read", _place, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
