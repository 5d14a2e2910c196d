"""Highlights a notebook's cell that holds a job script as one: the notebook's own lexer takes it for Python."""

from __future__ import annotations

import re

from docutils import nodes

SHELL = re.compile(r"%%(sbatch|bash|sh)\b|%%writefile\s+\S+\.sh\b")


def set_languages(app, doctree: nodes.document) -> None:
    for block in doctree.findall(nodes.literal_block):
        if block.get("language", "").startswith("ipython") and SHELL.match(block.astext()):
            block["language"] = "bash"


def setup(app):
    app.connect("doctree-read", set_languages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
