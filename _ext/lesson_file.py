"""``{lesson-file} path``: shows a file that learners get, filled in with the lesson's facts.

The path is relative to the page.  `:language:` names the highlighter, `:caption:` stands above.
Sphinx's own literalinclude reads the file as it lies, with `{{ key }}` unfilled.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.directives.code import container_wrapper
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from lesson_facts import LessonError, fill


class LessonFileDirective(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {
        "language": directives.unchanged_required,
        "caption": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        source, line = self.get_source_info()
        relative, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        try:
            text = fill(Path(path).read_text(encoding="utf-8"), self.config.lesson_facts, relative)
        except (OSError, LessonError) as error:
            raise ExtensionError(f"{source}:{line}: lesson-file: {error}") from None
        block = nodes.literal_block(text, text, language=self.options.get("language", "none"))
        self.set_source_info(block)
        if "caption" in self.options:
            block = container_wrapper(self, block, self.options["caption"])
        return [block]


def setup(app):
    app.add_directive("lesson-file", LessonFileDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
