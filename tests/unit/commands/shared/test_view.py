"""What is shown to whom, and times as SLURM_TIME_FORMAT wants them (squeue(1), sinfo(1))."""

import pytest

from slurm_mock.commands.shared.view import View, clock_line
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


def view(tiny, form="", user="ada"):
    return View(tiny.controller(user), {"SLURM_TIME_FORMAT": form} if form else {})


def test_hidden_partitions_are_shown_on_demand(tiny):
    assert [part.name for part in view(tiny).visible()] == ["main", "short", "gpu"]
    assert [part.name for part in view(tiny).visible(True)] == ["main", "short", "gpu", "secret"]


def test_partitions_of_other_groups_are_hidden(tiny, monkeypatch):
    tiny.partition("staff", "n5", AllowGroups="nosuchgroup")
    mine = view(tiny)
    monkeypatch.setattr(mine, "groups", lambda: {"lab"})     # whatever groups this machine has
    tiny.partition("mine", "n5", AllowGroups="nosuchgroup,lab")
    found = {part.name: part for part in view(tiny).visible(True)}
    assert not mine.allowed(found["staff"]) and mine.allowed(found["mine"]) and mine.allowed(found["main"])
    assert "staff" not in [part.name for part in mine.visible()]


def test_the_first_partition_that_is_there(tiny):
    assert view(tiny).part("nosuch,gpu,main").name == "gpu" and view(tiny).part("nosuch") is None


def test_the_cluster_is_read_once(tiny):
    seen = view(tiny)
    assert seen.cluster is seen.cluster and len(seen.cluster.nodes) == 7


DAY = 86400


@pytest.mark.parametrize("form, when, text", [
    ("", NOW, "2026-03-02T09:00:00"), ("standard", NOW, "2026-03-02T09:00:00"), ("%H:%M", NOW, "09:00"),
    ("relative", NOW + 60, "09:01:00"), ("relative", NOW - DAY, "Ystday 09:00"),
    ("relative", NOW + DAY, "Tomorr 09:00"), ("relative", NOW + 3 * DAY, "Thu 09:00"),
    ("relative", NOW - 3 * DAY, "27 Feb 09:00"), ("relative", NOW + 20 * DAY, "22 Mar 09:00"),
    ("relative", NOW - 500 * DAY, "18 Oct 2024")])
def test_stamps(tiny, form, when, text):
    # summer time moves the hour of a far day, and is not what this is about
    assert view(tiny, form).stamp(when)[:-5] == text[:-5]
    if abs(when - NOW) < 10 * DAY:
        assert view(tiny, form).stamp(when) == text


def test_no_time_and_formats_that_cannot_be_used(tiny):
    assert view(tiny).stamp(0) == "N/A" and view(tiny).stamp(0, "Unknown") == "Unknown"
    bad = view(tiny, "nothing")
    assert bad.bad_time_format == "nothing" and bad.stamp(NOW) == "2026-03-02T09:00:00"
    assert view(tiny, "%c%c%c%c%c%c%c%c").stamp(NOW) == "#" * 31


def test_the_line_above_a_long_listing():
    assert clock_line(NOW) == "Mon Mar 02 09:00:00 2026"
