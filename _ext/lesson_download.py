"""``{lesson-download}``: a link to something that learners take away, made when the site is built.

    {lesson-download}`configure-jupyter <setup/configure-jupyter>`
    {lesson-download}`all challenges <challenges.zip>`

`setup/NAME` is the script with the defaults of the lesson's cluster filled in; `challenges.zip` holds
the learner's notebooks and what they need, without a solution.  Anything else ends the build.
"""

from __future__ import annotations

import html
import sys
import zipfile
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import ReferenceRole
from sphinx.util.osutil import relative_uri

from lesson_facts import LessonError, complain

FOLDER = "downloads"
CHALLENGES = "challenges.zip"
# A fixed time (that of the zip format's beginning): the same files give the same archive.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", ".virtual_documents"}


def write_challenges(learner: Path, target: Path) -> None:
    """Pack the learner's folder.  Raises LessonError when it has no notebook."""
    files = [
        path
        for path in sorted(learner.rglob("*"))
        if path.is_file() and not LEFT_OUT & set(path.relative_to(learner).parts)
    ]
    if not any(path.suffix == ".ipynb" for path in files):
        raise LessonError(f"no notebook in {learner}: run tools/make_notebooks.py first")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            info = zipfile.ZipInfo(f"challenges/{path.relative_to(learner).as_posix()}", ZIP_TIME)
            info.external_attr = (path.stat().st_mode & 0xFFFF) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())


def write_script(source: Path, facts: dict[str, str], target: Path) -> None:
    """Write a setup script with its defaults filled in.  Raises LessonError when that can't be."""
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


def write_download(name: str, root: Path, facts: dict[str, str], out: Path) -> None:
    """Make the download ``name`` in ``out`` from the project at ``root``.  Raises LessonError."""
    target = out / FOLDER / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if name == CHALLENGES:
        write_challenges(root / "notebooks" / "learner", target)
    elif name.startswith("setup/") and ".." not in name:
        write_script(root / name, facts, target)
    else:
        raise LessonError(f"no such download: {name} (setup/NAME or {CHALLENGES})")


# ---- Sphinx ---------------------------------------------------------------------------------


class DownloadRole(ReferenceRole):
    def run(self):
        self.env.lesson_downloads.setdefault(self.env.docname, set()).add(self.target)
        page = self.env.app.builder.get_target_uri(self.env.docname)
        uri = relative_uri(page, f"{FOLDER}/{self.target}")
        link = (
            f'<a class="reference download internal" href="{html.escape(uri)}" download>'
            f"<code>{html.escape(self.title)}</code></a>"
        )
        return [nodes.raw("", link, format="html")], []


def _begin(app):
    if not hasattr(app.env, "lesson_downloads"):
        app.env.lesson_downloads = {}


def _forget(app, env, docname):
    env.lesson_downloads.pop(docname, None)


def _write_all(app, exception):
    if exception or app.builder.format != "html":
        return
    for docname, names in sorted(app.env.lesson_downloads.items()):
        for name in sorted(names):
            try:
                write_download(name, Path(app.srcdir), app.config.lesson_facts, Path(app.outdir))
            except LessonError as error:
                complain(app, f"{app.env.doc2path(docname)}: lesson-download: {error}")


def setup(app):
    app.add_role("lesson-download", DownloadRole())
    app.connect("builder-inited", _begin)
    app.connect("env-purge-doc", _forget)
    app.connect("build-finished", _write_all)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
