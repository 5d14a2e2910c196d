"""The timetable follows from the episodes' minutes."""

import re

import pytest
from lesson_facts import LessonError
from schedule import clock, share_out, time_of_day, timetable

from .conftest import BuildFailed

EPISODE = """---
teaching: {teaching}
exercises: {exercises}
questions: [q]
objectives: [o]
keypoints: [k]
---
# {title}

{body}
"""
EXERCISE = """```{{exercise}} {title}
:label: {label}
:class: {css}

Do it.
```
"""


def rows(html):
    table = re.search(r"<table.*?</table>", html, re.S)[0]
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in table.split("<tr")[1:]]
    return [[re.sub("<[^>]*>", "", cell).strip() for cell in row] for row in cells]


def write_book(book, second_body=""):
    book.write(
        "index.md",
        "# Schedule\n\n```{schedule}\n:start: 9:30\n```\n\n```{toctree}\nb\na\n```\n",
    )
    book.write("b.md", EPISODE.format(title="First", teaching=20, exercises=0, body="x"))
    book.write("a.md", EPISODE.format(title="Second", teaching=10, exercises=15, body=second_body))


def test_times_follow_the_books_order(mini_book):
    write_book(mini_book)
    assert mini_book.build() == ""
    assert rows(mini_book.html()) == [
        ["Time", "What", "Teaching", "Exercise"],
        ["09:30", "First", "20 min", ""],
        ["09:50", "Second", "10 min", ""],
        ["10:00", "Exercises", "", "15 min"],
        ["10:15", "End", "30 min", "15 min"],
    ]


def test_each_exercise_has_a_row_that_links_to_it(mini_book):
    write_book(
        mini_book,
        EXERCISE.format(title="Try *this*", label="ex-this", css="minutes-5")
        + EXERCISE.format(title="And that", label="ex-that", css="other"),
    )
    assert mini_book.build() == ""
    assert rows(mini_book.html())[3:5] == [
        ["10:00", "Try this", "", "5 min"],
        ["10:05", "And that", "", "10 min"],
    ]
    assert 'href="a.html#ex-that"' in mini_book.html()
    assert 'id="ex-that"' in mini_book.html("a")


def test_a_changed_episode_changes_the_schedule_of_an_old_build(mini_book):
    write_book(mini_book)
    mini_book.build()
    mini_book.write("b.md", EPISODE.format(title="First", teaching=45, exercises=0, body="x"))
    mini_book.build()
    assert rows(mini_book.html())[2][0] == "10:15"


def test_exercises_longer_than_the_episode_says_end_the_build(mini_book):
    write_book(mini_book, EXERCISE.format(title="Long", label="ex-long", css="minutes-50"))
    with pytest.raises(BuildFailed, match="a: its exercises' minutes add up to 50, not to 15"):
        mini_book.build()


def test_a_wrong_start_time_is_an_error_on_the_page(mini_book):
    mini_book.write("index.md", "# S\n\n```{schedule}\n:start: nine\n```\n")
    assert "a time of day like 09:00 is needed, not 'nine'" in mini_book.build()


@pytest.mark.parametrize(
    ("total", "given", "shares"),
    [(10, [], []), (10, [None], [10]), (10, [None, None, None], [4, 3, 3]), (10, [4, None], [4, 6]),
     (10, [4, 6], [4, 6]), (0, [None], [0])],
)  # fmt: skip
def test_share_out(total, given, shares):
    assert share_out(total, given) == shares


@pytest.mark.parametrize(("total", "given"), [(10, [11]), (10, [5]), (10, [8, 3, None])])
def test_minutes_that_do_not_add_up(total, given):
    with pytest.raises(LessonError, match="add up to"):
        share_out(total, given)


def test_past_midnight():
    episode = {"docname": "x", "title": "X", "teaching": 90, "exercises": 0, "items": []}
    late = timetable([episode, episode], time_of_day("23:00"))
    assert [clock(row.start) for row in late] == ["23:00", "00:30"]


@pytest.mark.parametrize("text", ["24:00", "9", "09:60", "", "9.30"])
def test_no_time_of_day(text):
    with pytest.raises(ValueError, match="time of day"):
        time_of_day(text)
