"""Turns an episode's front matter into its overview box and its closing key points.

    teaching: 10            minutes
    exercises: 10           minutes
    questions: [...]        lists of text, in which MyST's markup works
    objectives: [...]
    keypoints: [...]

Any page that names `teaching` is an episode and must have all five.  The boxes are MyST text added
at the page's end, so that the line numbers in warnings stay those of the file; the overview is
moved to below the heading once the page is parsed.
"""

from __future__ import annotations

import yaml
from docutils import nodes
from lesson_facts import complain

MINUTES = ("teaching", "exercises")
LISTS = ("questions", "objectives", "keypoints")
OVERVIEW = "lesson-overview"
KEYPOINTS = "lesson-keypoints"


class EpisodeError(ValueError):
    """An episode's front matter is incomplete or of the wrong kind; the text says which key."""


def front_matter(source: str) -> dict:
    """Return the YAML between a page's first two lines of ---, or {} where there is none.

    Raises EpisodeError when it is not YAML.
    """
    head, _, rest = source.partition("---\n")
    text, end, _ = rest.partition("\n---\n")
    if head or not end:
        return {}
    try:
        return yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise EpisodeError(f"front matter is not YAML: {error}") from None


def is_episode(meta: dict) -> bool:
    return "teaching" in meta


def check(meta: dict) -> None:
    """Raise EpisodeError when a key that an episode needs is missing or of the wrong kind."""
    for key in MINUTES:
        if not isinstance(meta.get(key), int) or meta[key] < 0:
            raise EpisodeError(f"front matter: `{key}` must be a number of minutes")
    for key in LISTS:
        texts = meta.get(key)
        if not isinstance(texts, list) or not texts or not all(isinstance(t, str) for t in texts):
            raise EpisodeError(f"front matter: `{key}` must be a list of texts")


def boxes(meta: dict) -> str:
    """Return the MyST text of the overview and the key points for (checked) front matter."""
    minutes = f"**Teaching** {meta['teaching']} min · **Exercises** {meta['exercises']} min"
    overview = [
        minutes,
        f"**Questions**\n\n{_bullets(meta['questions'])}",
        f"**Objectives**\n\n{_bullets(meta['objectives'])}",
    ]
    return _box("Overview", OVERVIEW, "\n\n".join(overview)) + _box(
        "Key points", KEYPOINTS, _bullets(meta["keypoints"])
    )


def _box(title: str, css_class: str, content: str) -> str:
    fence = "`" * 8  # longer than any inside
    return f"\n\n{fence}{{admonition}} {title}\n:class: {css_class}\n\n{content}\n{fence}\n"


def _bullets(texts: list[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def raise_overview(doctree: nodes.document) -> None:
    """Move the overview from the page's end to directly below its first heading.

    Raises EpisodeError when the page has no heading.
    """
    overview = next(
        (n for n in doctree.findall(nodes.admonition) if OVERVIEW in n["classes"]), None
    )
    if overview is None:
        return
    title = next(doctree.findall(nodes.title), None)
    if not isinstance(getattr(title, "parent", None), nodes.section):
        raise EpisodeError("the page has no heading (# ...) to put the overview under")
    overview.parent.remove(overview)
    title.parent.insert(title.parent.index(title) + 1, overview)


# ---- Sphinx ---------------------------------------------------------------------------------


def _add_boxes(app, docname, source):
    path = str(app.env.doc2path(docname, base=False))
    if not path.endswith(".md"):
        return
    try:
        meta = front_matter(source[0])
        if is_episode(meta):
            check(meta)
            source[0] += boxes(meta)
    except EpisodeError as error:
        complain(app, f"{path}: {error}")


def _raise_overview(app, doctree):
    try:
        raise_overview(doctree)
    except EpisodeError as error:
        complain(app, f"{app.env.doc2path(app.env.docname)}: {error}")


def setup(app):
    # After lesson_facts, whose priority is 100: front matter holds placeholders too.
    app.connect("source-read", _add_boxes, priority=200)
    app.connect("doctree-read", _raise_overview)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
