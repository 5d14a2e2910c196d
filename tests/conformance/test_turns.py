"""Who is played on real Slurm, and when: nothing that is due may be left out, nor told of as done."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conformance import conftest, transcript, turns

ROOT = Path(__file__).parents[2]
DIGESTS = {f"t{i:02}": f"digest{i}" for i in range(40)}


def runs(digests=DIGESTS, **changed):
    made = turns.after({}, {name: 10.0 + len(name) for name in digests}, digests, "2026-01-02")
    return {**made, **changed}


def test_each_unchanged_transcript_has_its_turn_once_in_seven():
    for first in (0, 3, 739999):
        told = [name for turn in range(first, first + 7) for name in turns.choose(DIGESTS, runs(), turn)]
        assert sorted(told) == sorted(DIGESTS)


def test_each_of_todays_transcripts_has_its_turn_within_seven():
    stored = turns.read()
    digests = turns.digests(transcript.paths())
    told = {name for turn in range(100, 107) for name in turns.choose(digests, stored, turn)}
    assert told == set(digests)


def test_what_was_never_run_or_has_changed_is_due_in_every_turn():
    known = {name: run for name, run in runs().items() if name != "t07"}
    digests = {**DIGESTS, "t11": "other"}
    for turn in range(7):
        due = turns.choose(digests, known, turn)
        assert (due["t07"], due["t11"]) == (turns.NEVER, turns.CHANGED)
        assert set(due.values()) == {turns.NEVER, turns.CHANGED, turns.ITS_TURN}


def test_without_a_record_all_are_due():
    assert set(turns.choose(DIGESTS, {}, 5)) == set(DIGESTS)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the harness's files that the digest looks at."""
    here = Path(__file__).parent
    for name in turns.HARNESS:
        shutil.copy(here / name, tmp_path)
    shutil.copytree(here / "cluster", tmp_path / "cluster")
    shutil.copytree(here / "transcripts", tmp_path / "transcripts")
    monkeypatch.setattr(turns, "__file__", str(tmp_path / "turns.py"))
    monkeypatch.setattr(turns, "CLUSTER", tmp_path / "cluster")
    return tmp_path


def digests(folder: Path) -> dict[str, str]:
    return turns.digests(transcript.paths(folder / "transcripts"))


@pytest.mark.parametrize("file", ["cluster/slurm.conf.in", "cluster/gres.conf.in", *turns.HARNESS])
def test_digests_of_all_change_with_what_all_depend_on(copy, file):
    before = digests(copy)
    with open(copy / file, "a") as opened:
        opened.write("\n")
    assert all(before[name] != now for name, now in digests(copy).items())


def test_digest_changes_with_the_variant_of_those_that_have_it(copy):
    before = digests(copy)
    with open(copy / "cluster/variants/quick.conf", "a") as file:
        file.write("KillWait=6\n")
    after = digests(copy)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {name for name, path in transcript.paths(copy / "transcripts").items()
                       if transcript.variant(transcript.read(path)) == "quick"}
    assert changed


def test_digest_changes_with_the_transcript_alone_and_not_with_its_folder(copy):
    before = digests(copy)
    path = transcript.paths(copy / "transcripts")["arrays"]
    (copy / "transcripts/elsewhere").mkdir()
    path = path.rename(copy / "transcripts/elsewhere/arrays.txt")
    assert digests(copy) == before
    path.write_text(path.read_text() + "% sleep 1\n")
    after = digests(copy)
    assert {name for name in before if before[name] != after[name]} == {"arrays"}


@pytest.mark.parametrize("side, stays", [("Real", False), ("Side", False), ("Mock", True)])
def test_digest_changes_with_the_real_side_and_not_with_the_mocks(copy, monkeypatch, side, stays):
    before = digests(copy)
    source = turns.inspect.getsource
    changed = getattr(turns.sides, side)
    monkeypatch.setattr(turns.inspect, "getsource",
                        lambda asked: source(asked) + ("    x = 1\n" if asked is changed else ""))
    assert (digests(copy) == before) is stays


def test_two_transcripts_of_one_name_are_refused(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.txt").write_text("")
    with pytest.raises(transcript.Malformed, match="same name"):
        transcript.paths(tmp_path)


def test_record_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "record.toml"
    path.write_text(turns.text(runs()))
    assert turns.read(path) == runs()
    assert turns.read(tmp_path / "none.toml") == {}


def test_a_run_of_some_changes_no_other_ones_share():
    before = runs()
    now = {**DIGESTS, "t01": "changed", "new": "one"}
    del now["t39"]
    after = turns.after(before, {"t01": 5.0, "new": 70.0}, now, "2026-03-04")
    assert set(after) == set(now)
    assert after["t01"] == turns.Run("2026-03-04", "changed", 5, before["t01"].share)
    assert after["new"].date == "2026-03-04"
    assert all(after[name] == before[name] for name in now if name not in ("t01", "new"))


def test_what_failed_on_real_slurm_stays_due():
    now = {**DIGESTS, "t01": "changed", "new": "one"}
    after = turns.after(runs(), {"t02": 5.0}, now, "2026-03-04")
    due = turns.choose(now, after, 0)
    assert due["t01"] == turns.CHANGED and due["new"] == turns.NEVER


def test_shares_take_about_as_long():
    seconds = {f"t{i}": 5 + i % 13 * 7 for i in range(90)}
    shares = turns.divide(seconds, 7)
    sums = [sum(seconds[name] for name in seconds if shares[name] == share) for share in range(7)]
    assert max(sums) - min(sums) <= 10


@pytest.mark.parametrize("count", [1, 2, 3])
def test_workers_play_each_transcript_once(count):
    paths, known = transcript.paths(), turns.read()
    parts = [turns.part(f"{i}/{count}", paths, known) for i in range(1, count + 1)]
    assert sorted(name for part in parts for name in part) == sorted(paths)


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b", ""])
def test_part_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="1/2"):
        turns.part(text, DIGESTS, {})


def test_make_ci_plays_the_whole_mock():
    told = re.findall(r"--mock-part=(\d)/(\d)", (ROOT / "Makefile").read_text())
    assert told and sorted(told) == [(str(i), str(len(told))) for i in range(1, len(told) + 1)]


def test_the_log_names_each_transcript_once_and_why():
    names = list(transcript.paths())
    due = {names[0]: turns.NEVER, names[1]: turns.CHANGED, names[2]: turns.ITS_TURN, names[3]: turns.ITS_TURN}
    stored = {name: turns.Run("2026-01-02", "", 1, 0) for name in names}
    told = "\n".join(conftest.on_real_slurm(set(names[:3]), due, stored))
    assert re.search(rf"^1 played, never done before: {names[0]}$", told, re.M)
    assert re.search(rf"^1 played, changed since the last time: {names[1]}$", told, re.M)
    assert re.search(rf"^1 played, it is their turn: {names[2]}$", told, re.M)
    assert re.search(rf"^1 due, but left out by -k or -m \(some are in make test\): {names[3]}$", told, re.M)
    assert f"{len(names) - 4} NOT played (the last time since 2026-01-02): " in told
    words = told.split()
    assert all(words.count(name) == 1 for name in names)
