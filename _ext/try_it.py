"""``{try-it}``: a console on the page, in which the reader types on an emulated cluster.

    ```{try-it}
    :files: files/hello.sh

    squeue
    sbatch hello.sh
    ```

Each line of the body is offered to the reader.  In the console's home folder lie the files of
`:files:` (relative to the page), and all that the page's terminals above have.  `:cluster: NAME`
takes another cluster than the lesson's.

The console is a shell in the reader's browser (_ext/browser/try_it), started by a click: Python, with
slurm_mock in it, comes from the lab in the site's folder `lite`.
"""

from __future__ import annotations

import html
import json

from browser_files import bring
from docutils import nodes
from docutils.parsers.rst import directives
from lesson_facts import LessonError, complain
from lesson_file import FILES, listed_files, note_file
from sphinx.util.docutils import SphinxDirective
from terminal import USER

# Marks the console among a page's nodes.
MARK = "try_it"
SCRIPT, STYLE = "try_it/console.js", "try_it/console.css"

# What is there before a script has run, and all there is where scripts are switched off.
FRAME = """<section class="terminal try-it" id="{id}" tabindex="-1" aria-label="Try it: a console on {title}">
<p class="terminal-title">Try it: {title}, in your browser</p>
<p class="try-it-suggestions" hidden>Lines to try: </p>
<button type="button" class="try-it-start" hidden>Start the console</button>
<p class="try-it-status" id="{id}-status" role="status">{note}</p>
<noscript><p>The console needs JavaScript.</p></noscript>
<script type="application/json">{settings}</script>
</section>
"""
NOTE = (
    "A shell on an emulated {title}, here on the page: it runs on your computer alone, and loads"
    " about 8 MB at the first time. Nothing that you type can break anything."
)


def settings(cluster: str, facts: dict[str, str], files: dict, lines: list[str]) -> dict:
    """Return what the console's script is told.

    ``files``: {path: (text, mode)}; ``lines``: what is offered to the reader.
    """
    own = {key.split(".", 1)[1]: v for key, v in facts.items() if key.startswith(f"{cluster}.")}
    home = own["home"].replace("<username>", USER).replace("<initial>", USER[0])
    block = ["lesson:", f"  cluster: {cluster}", "  clusters:", f"    {cluster}:"]
    block += [f"      {key}: {value}" for key, value in own.items()]
    return {
        "cluster": cluster,
        "user": USER,
        "home": home,
        "facts": "\n".join(block) + "\n",
        "files": {path.name: [text, mode & 0o777] for path, (text, mode) in files.items()},
        "suggestions": lines,
    }


def embedded(value: object) -> str:
    """Return JSON that may stand inside of a script element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


class TryItDirective(SphinxDirective):
    has_content = True
    option_spec = {
        "cluster": directives.unchanged_required,
        "files": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        source, line = self.get_source_info()
        facts = self.config.lesson_facts
        cluster = self.options.get("cluster", facts["cluster"])
        try:
            if f"{cluster}.home" not in facts:
                raise LessonError(f"no such cluster in the lesson block: {cluster}")
            if not self.content:
                raise LessonError("no line for the reader to try")
            for name in [*listed_files(self.state.document), *self.options.get("files", "").split()]:
                note_file(self.env, name)
        except LessonError as error:
            complain(self.env.app, f"{source}:{line}: try-it: {error}")
            return []
        files = {
            path: (text, path.stat().st_mode)
            for path, text in self.env.temp_data.get(FILES, {}).items()
        }
        title = html.escape(facts[f"{cluster}.cluster_name"])
        text = FRAME.format(
            id=f"try-it-{self.env.new_serialno('try-it') + 1}",
            title=title,
            note=NOTE.format(title=title),
            settings=embedded(settings(cluster, facts, files, list(self.content))),
        )
        console = nodes.raw("", text, format="html")
        console[MARK] = True
        return [console]


def _add_assets(app, _pagename, _templatename, _context, doctree):
    """Load the script on pages that have a console, and on no other."""
    if doctree and any(MARK in raw for raw in doctree.findall(nodes.raw)):
        app.add_js_file(SCRIPT, loading_method="defer")
        app.add_css_file(STYLE)


def setup(app):
    bring(app)
    app.add_directive("try-it", TryItDirective)
    app.connect("html-page-context", _add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
