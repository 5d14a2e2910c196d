"""``{setup-script}``: a link to a script of `setup/`, ready for the lesson's cluster.

    {setup-script}`configure-jupyter`

The script is offered with the cluster's facts in its block of defaults (tools/fill_setup.py).  A
script that is not there ends the build.
"""

from __future__ import annotations

import html
import sys
from pathlib import Path

from docutils import nodes
from lesson_facts import LessonError, complain
from sphinx.util.docutils import SphinxRole
from sphinx.util.osutil import relative_uri

FOLDER = "downloads/setup"


def write_script(source: Path, facts: dict[str, str], target: Path) -> None:
    """Write a setup script with its defaults filled in.  Raises LessonError when that can't be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(source.parent.parent / "tools"))
    try:
        from fill_setup import filled

        target.write_text(filled(source.read_text(encoding="utf-8"), facts), encoding="utf-8")
    except KeyError as error:
        raise LessonError(f"{source}: needs the fact {error}") from None
    except (OSError, ValueError) as error:
        raise LessonError(f"{source}: {error}") from None
    finally:
        sys.path.pop(0)
    target.chmod(0o755)


# ---- Sphinx ---------------------------------------------------------------------------------


class SetupScriptRole(SphinxRole):
    def run(self):
        self.env.lesson_scripts.setdefault(self.env.docname, set()).add(self.text)
        page = self.env.app.builder.get_target_uri(self.env.docname)
        uri = relative_uri(page, f"{FOLDER}/{self.text}")
        link = (
            f'<a class="reference download internal" href="{html.escape(uri)}" download>'
            f"<code>{html.escape(self.text)}</code></a>"
        )
        return [nodes.raw("", link, format="html")], []


def _begin(app):
    if not hasattr(app.env, "lesson_scripts"):
        app.env.lesson_scripts = {}


def _forget(app, env, docname):
    env.lesson_scripts.pop(docname, None)


def _write_all(app, exception):
    if exception or app.builder.format != "html":
        return
    for docname, names in sorted(app.env.lesson_scripts.items()):
        for name in sorted(names):
            try:
                source, target = Path(app.srcdir, "setup", name), Path(app.outdir, FOLDER, name)
                write_script(source, app.config.lesson_facts, target)
            except LessonError as error:
                complain(app, f"{app.env.doc2path(docname)}: setup-script: {error}")


def setup(app):
    app.add_role("setup-script", SetupScriptRole())
    app.connect("builder-inited", _begin)
    app.connect("env-purge-doc", _forget)
    app.connect("build-finished", _write_all)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
