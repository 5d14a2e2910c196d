"""The site's facts: {{ key }} in pages and notebooks, filled in from _config.yml's `lesson:` block.

Pages get them from a hook on Sphinx's source-read event, because MyST's own substitutions don't
reach code fences and directive arguments.  tools/make_notebooks.py calls the same functions.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import yaml
from sphinx.errors import ConfigError
from sphinx.util import logging

PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}")
# The clusters that have a tab of their own where commands differ; any other is "Your own cluster".
TABS = ("tegner", "dardel")
OWN = "own"
# What stands there, when the chosen cluster is another, for a fact that must be one to type.
LEFT_OPEN = {"private_short": "~/Private"}


class LessonError(ValueError):
    """The lesson block, or a page's use of it, is wrong; the text says where and what to do."""


def read_facts(config: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the facts of the chosen cluster by name, as text, and `cluster`, its name.

    The facts of any cluster are there too, as ``dardel.login_host``, and for the tab "Your own
    cluster" ``own.login_host``: the chosen cluster's, or ``<login host>`` where that has its own
    tab.  ``tab`` is the name of the chosen cluster's tab.  ``LESSON_CLUSTER`` in
    ``environ`` goes before ``lesson.cluster``.  Raises LessonError when there is no such cluster,
    or when two clusters don't have the same keys.
    """
    lesson = (yaml.safe_load(config.read_text(encoding="utf-8")) or {}).get("lesson")
    try:
        clusters = lesson["clusters"]
        chosen = environ.get("LESSON_CLUSTER") or lesson["cluster"]
    except (KeyError, TypeError):
        raise LessonError(f"{config}: needs `lesson:` with `cluster` and `clusters`") from None
    if chosen not in clusters:
        known = ", ".join(clusters)
        raise LessonError(f"{config}: lesson.cluster is {chosen!r}, which is none of: {known}")
    for name, facts in clusters.items():
        differing = sorted(set(facts) ^ set(clusters[chosen]))
        if differing:
            raise LessonError(
                f"{config}: lesson.clusters.{name} and .{chosen} must have the same keys;"
                f" only one of them has: {', '.join(differing)}"
            )
    clusters = {name: {**facts, **derived(facts)} for name, facts in clusters.items()}
    flat = {
        f"{name}.{key}": value for name, facts in clusters.items() for key, value in facts.items()
    }
    for key, value in clusters[chosen].items():
        flat[f"{OWN}.{key}"] = LEFT_OPEN.get(key, f"<{key.replace('_', ' ')}>") if chosen in TABS else value
    flat |= clusters[chosen] | {"cluster": chosen, "tab": chosen if chosen in TABS else OWN}
    return {key: str(value) for key, value in flat.items()}


def derived(facts: Mapping[str, object]) -> dict[str, str]:
    """Return what follows from a cluster's facts: private_short, its `private` as one types it (~/Private)."""
    if not {"home", "private"} <= set(facts):
        return {}
    home, private = str(facts["home"]), str(facts["private"])
    return {"private_short": "~" + private[len(home):] if private.startswith(home + "/") else private}


def fill(text: str, facts: Mapping[str, str], source: str) -> str:
    """Return ``text`` with every ``{{ key }}`` replaced by its fact.

    ``source`` names the text's file in errors.  Raises LessonError, one line for each unknown
    key with its line number, and the known keys.
    """
    unknown = []

    def replacement(match: re.Match[str]) -> str:
        key = match.group(1).strip()
        if key not in facts:
            line = text.count("\n", 0, match.start()) + 1
            unknown.append(f"{source}:{line}: no such key in the lesson block: {key!r}")
        return facts.get(key, "")

    filled = PLACEHOLDER.sub(replacement, text)
    if unknown:
        known = ", ".join(sorted(key for key in facts if "." not in key))
        raise LessonError(
            "\n".join([*unknown, f"known keys: {known}; cluster.key for another cluster's"])
        )
    return filled


# ---- Sphinx ---------------------------------------------------------------------------------


def complain(app, message: str) -> None:
    """Report what is wrong and let the build fail at its end, so that it reports the rest too."""
    logging.getLogger(__name__).error("%s", message)
    app.statuscode = 1


def _fill_page(app, docname, source):
    """Fill one page in; notebooks were filled in when they were generated."""
    path = app.env.doc2path(docname, base=False)
    if not str(path).endswith(".md"):
        return
    try:
        source[0] = fill(source[0], app.config.lesson_facts, str(path))
    except LessonError as error:
        complain(app, str(error))


def _read_config(app, config):
    try:
        config.lesson_facts = read_facts(Path(app.srcdir, "_config.yml"))
    except (OSError, LessonError) as error:
        raise ConfigError(str(error)) from None


def setup(app):
    # rebuild="env": a changed fact is on every page, so every page is read anew.
    app.add_config_value("lesson_facts", {}, "env")
    app.connect("config-inited", _read_config)
    app.connect("source-read", _fill_page, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
