"""``{schedule}``: the lesson's timetable, computed from the minutes in all episodes' front matter.

    ```{schedule}
    :start: "09:00"
    ```

Each episode is a row with its teaching minutes, each of its exercises a row of its own: an
exercise with the class `minutes-5` has 5, the others share what is left of the episode's
`exercises`.  `:start:` gives the time of day (default 09:00).  Exercise minutes that don't fit
into the episode's end the build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from docutils import nodes
from docutils.parsers.rst import directives
from lesson_facts import LessonError, complain
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import exercise_subtitle


@dataclass(frozen=True)
class Row:
    """A line of the timetable: minutes since midnight, what, how long; `anchor` is in the page."""

    start: int
    title: str
    minutes: int
    docname: str
    anchor: str = ""
    is_exercise: bool = False


def share_out(total: int, given: list[int | None]) -> list[int]:
    """Return each exercise's minutes: those given, and an equal share of the rest of ``total``.

    A remainder of the division goes to the first ones.  Raises LessonError when the given minutes
    exceed the total, or when all are given and don't add up to it.
    """
    rest = total - sum(m for m in given if m is not None)
    open_ones = given.count(None)
    if rest < 0 or (rest and given and not open_ones):
        raise LessonError(f"its exercises' minutes add up to {total - rest}, not to {total}")
    shares = iter(rest // open_ones + (number < rest % open_ones) for number in range(open_ones))
    return [next(shares) if m is None else m for m in given]


def timetable(episodes: list[dict], start: int) -> list[Row]:
    """Return the rows of the timetable.

    Each episode has docname, title, teaching, exercises (minutes), and items: (title, anchor,
    minutes or None) of its exercises in order.  ``start`` is in minutes since midnight.
    Raises LessonError naming the episode whose minutes don't fit.
    """
    rows, now = [], start
    for episode in episodes:
        docname, items = episode["docname"], episode["items"]
        rows.append(Row(now, episode["title"], episode["teaching"], docname))
        now += episode["teaching"]
        if not items and episode["exercises"]:
            items = [("Exercises", "", None)]
        try:
            shares = share_out(episode["exercises"], [minutes for _, _, minutes in items])
        except LessonError as error:
            raise LessonError(f"{docname}: {error}") from None
        for (title, anchor, _), minutes in zip(items, shares, strict=True):
            rows.append(Row(now, title, minutes, docname, anchor, is_exercise=True))
            now += minutes
    return rows


def clock(minutes: int) -> str:
    """540 -> '09:00'; times of the next day begin at 00:00 again."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def time_of_day(text: str) -> int:
    """'09:00' -> 540.  Raises ValueError for anything else."""
    match = re.fullmatch(r"(\d{1,2}):(\d\d)", text.strip().strip("\"'"))
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f"a time of day like 09:00 is needed, not {text!r}")
    return int(match[1]) * 60 + int(match[2])


# ---- Sphinx ---------------------------------------------------------------------------------


class schedule_node(nodes.General, nodes.Element):
    """Stands where the timetable goes until all episodes have been read."""


class ScheduleDirective(SphinxDirective):
    option_spec = {"start": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        try:
            start = time_of_day(self.options.get("start", "09:00"))
        except ValueError as error:
            raise self.error(f"schedule: {error}") from None
        self.env.lesson_schedules.add(self.env.docname)
        return [schedule_node("", start=start)]


def _collect_exercises(app, doctree):
    """Remember the page's exercises: title, anchor and the minutes that its class gives."""
    items = []
    for node in doctree.findall(nodes.Admonition):
        if node.get("type") != "exercise":
            continue
        title = next(node.findall(exercise_subtitle), None)
        classes = " ".join(node["classes"])
        minutes = re.search(r"(?<!\S)minutes-(\d+)(?!\S)", classes)
        items.append(
            (
                title.astext() if title else "Exercise",
                node["label"],
                int(minutes[1]) if minutes else None,
            )
        )
    app.env.lesson_exercises[app.env.docname] = items


def _episodes(env) -> list[dict]:
    """Return the episodes in the book's order, as `timetable` wants them."""
    relations, episodes = env.collect_relations(), []
    docname = env.config.root_doc
    while docname:
        meta = env.metadata.get(docname, {})
        if "teaching" in meta:
            episodes.append(
                {
                    "docname": docname,
                    "title": env.titles[docname].astext(),
                    "teaching": int(meta["teaching"]),
                    "exercises": int(meta["exercises"]),
                    "items": env.lesson_exercises.get(docname, []),
                }
            )
        docname = relations.get(docname, [None, None, None])[2]
    return episodes


def _fill_schedules(app, doctree, docname):
    for node in list(doctree.findall(schedule_node)):
        try:
            rows = timetable(_episodes(app.env), node["start"])
        except LessonError as error:
            complain(app, f"schedule: {error}")
            rows = []
        node.replace_self(_table(app, rows, docname))


def _table(app, rows: list[Row], from_docname: str) -> nodes.table:
    table = nodes.table("", classes=["lesson-schedule"])
    group = nodes.tgroup("", cols=4)
    group += [nodes.colspec("", colwidth=width) for width in (12, 60, 14, 14)]
    head = nodes.thead("", _row(["Time", "What", "Teaching", "Exercise"]))
    body = nodes.tbody()
    for row in rows:
        uri = app.builder.get_relative_uri(from_docname, row.docname)
        uri += f"#{row.anchor}" if row.anchor else ""
        link = nodes.reference("", row.title, internal=True, refuri=uri)
        minutes = f"{row.minutes} min"
        cells = (
            [clock(row.start), link, "", minutes]
            if row.is_exercise
            else [clock(row.start), link, minutes, ""]
        )
        body += _row(cells, "lesson-schedule-exercise" if row.is_exercise else "")
    if rows:
        end = rows[-1].start + rows[-1].minutes
        taught = sum(row.minutes for row in rows if not row.is_exercise)
        practised = sum(row.minutes for row in rows if row.is_exercise)
        body += _row(
            [clock(end), "End", f"{taught} min", f"{practised} min"], "lesson-schedule-end"
        )
    group += [head, body]
    table += group
    return table


def _row(cells: list, css_class: str = "") -> nodes.row:
    row = nodes.row("", classes=[css_class] if css_class else [])
    for cell in cells:
        paragraph = (
            nodes.paragraph("", cell) if isinstance(cell, str) else nodes.paragraph("", "", cell)
        )
        row += nodes.entry("", paragraph)
    return row


def _begin(app):
    for name, empty in (("lesson_exercises", {}), ("lesson_schedules", set())):
        if not hasattr(app.env, name):
            setattr(app.env, name, empty)


def _forget(app, env, docname):
    env.lesson_exercises.pop(docname, None)
    env.lesson_schedules.discard(docname)


def _stale(app, env):
    """An episode changed, so the pages with a schedule are written anew."""
    return sorted(env.lesson_schedules)


def setup(app):
    app.add_node(schedule_node)
    app.add_directive("schedule", ScheduleDirective)
    app.connect("builder-inited", _begin)
    app.connect("env-purge-doc", _forget)
    app.connect("doctree-read", _collect_exercises)
    app.connect("env-updated", _stale)
    app.connect("doctree-resolved", _fill_schedules)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
