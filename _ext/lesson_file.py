"""``{lesson-file} path``: shows a file that learners get, filled in with the lesson's facts.

The path is relative to the page.  `:language:` names the highlighter, `:caption:` stands above,
`:linenos:` numbers the lines.  Sphinx's own literalinclude would show `{{ key }}` as it lies.
The page's later `{terminal}` blocks find the file in their folder.
"""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from lesson_facts import LessonError, complain, fill
from sphinx.directives.code import container_wrapper
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

# Where the page that is being read keeps its files: {path: filled-in text}.
FILES = "lesson_files"


def note_file(env: BuildEnvironment, name: str) -> str:
    """Remember a file (path relative to the page) as one of the page's; return its filled-in text.

    Raises LessonError when it can't be read or uses an unknown key.
    """
    relative, path = env.relfn2path(name)
    env.note_dependency(relative)
    try:
        text = fill(Path(path).read_text(encoding="utf-8"), env.config.lesson_facts, relative)
    except OSError as error:
        raise LessonError(f"no such file beside the page: {error}") from None
    env.temp_data.setdefault(FILES, {})[Path(path)] = text
    return text


def listed_files(document: nodes.document) -> list[str]:
    """Return `terminal_files` of the front matter of the page that is being read."""
    for field in document.findall(nodes.field):
        if field[0].astext() == "terminal_files":
            return json.loads(field[1].astext())
    return []


class LessonFileDirective(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {
        "language": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "linenos": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        source, line = self.get_source_info()
        try:
            text = note_file(self.env, self.arguments[0])
        except LessonError as error:
            complain(self.env.app, f"{source}:{line}: lesson-file: {error}")
            return []
        block = nodes.literal_block(text, text, language=self.options.get("language", "none"))
        block["linenos"] = "linenos" in self.options
        self.set_source_info(block)
        if "caption" in self.options:
            block = container_wrapper(self, block, self.options["caption"])
        return [block]


def setup(app):
    app.add_directive("lesson-file", LessonFileDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
