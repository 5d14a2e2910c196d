"""Keeps solutions out of the search index: who looks up a word must not stumble over an answer.

A solution is a `{solution}` box on a page, or a notebook's cell with the tag `solution`.
"""

from __future__ import annotations

from docutils import nodes


def is_solution(node: nodes.Node) -> bool:
    if not isinstance(node, nodes.Element):
        return False
    return node.get("type") == "solution" or "tag_solution" in node.get("classes", [])


def without_solutions(doctree: nodes.document) -> nodes.document:
    """Return a copy of the page in which there are no solutions."""
    copy = doctree.deepcopy()
    for node in list(copy.findall(is_solution)):
        if node.parent is not None:
            node.parent.remove(node)
    return copy


def _guard_index(app):
    index_page = getattr(app.builder, "index_page", None)
    if index_page is None:
        return

    def index_without_solutions(pagename, doctree, title):
        index_page(pagename, without_solutions(doctree), title)

    app.builder.index_page = index_without_solutions


def setup(app):
    app.connect("builder-inited", _guard_index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
