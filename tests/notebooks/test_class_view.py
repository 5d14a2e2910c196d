"""A learner's code, and the page that an instructor makes of a class's codes."""

from __future__ import annotations

import json
import sys

import pytest

from tools import class_view, make_notebooks

sys.path.append(str(make_notebooks.NOTEBOOKS))
import checks_progress  # noqa: E402

RECORDS = {"01-slurm-magics": ["magics", "look", "submit"], "03-job-script": ["script", "submit"]}


@pytest.fixture
def learner(tmp_path, monkeypatch):
    """The learner's folder, with two challenges in it."""
    monkeypatch.setattr(checks_progress, "HERE", str(tmp_path))
    for name, checks in RECORDS.items():
        record = {"title": name[3:], "minutes": 5, "checks": {check: {} for check in checks}}
        (tmp_path / f"{name}.json").write_text(json.dumps(record))
    return tmp_path


def test_progress_of_a_beginner(learner):
    shown = repr(checks_progress.progress())
    assert "slurm-magics  open   0 of 3  5 min" in shown
    assert "Your code" not in shown
    assert not (learner / checks_progress.FILE).exists()


def test_progress_and_code(learner):
    for ok in (False, False, True):
        checks_progress.note("01-slurm-magics", "magics", ok)
    for _ in range(20):
        checks_progress.note("01-slurm-magics", "look", False)
    shown = checks_progress.progress(share="Åsa")
    assert "begun  1 of 3  still open: look, submit" in repr(shown)
    assert shown.code in shown._repr_html_()
    assert checks_progress.decode(shown.code) == ("Åsa", {1: ([0], 1, 15)})
    assert len(shown.code) < 40


def test_what_was_right_once_stays_done(learner):
    checks_progress.note("03-job-script", "script", True)
    checks_progress.note("03-job-script", "script", False)
    checks_progress.note("03-job-script", "submit", True)
    assert "done   2 of 2" in repr(checks_progress.progress())
    checks_progress.forget("03-job-script", 70)
    assert "open   0 of 2" in repr(checks_progress.progress())
    assert checks_progress.mark("03-job-script") == 70


def test_broken_file_counts_as_none(learner):
    (learner / checks_progress.FILE).write_text("{")
    assert "open   0 of 3" in repr(checks_progress.progress())


def test_mistyped_code_is_refused(learner):
    checks_progress.note("03-job-script", "script", True)
    code = checks_progress.progress(share="eva").code
    for bad in (code[:-3], code[:4] + ("A" if code[4] != "A" else "B") + code[5:], "hello", "åäö"):
        with pytest.raises(ValueError, match="code|mistyped"):
            checks_progress.decode(bad)


def test_class_view(learner, capsys):
    checks_progress.note("03-job-script", "script", True)
    codes = [checks_progress.progress(share="eva").code]
    checks_progress.note("03-job-script", "submit", False)
    codes.append(checks_progress.progress(share="olle").code)
    (learner / "codes.txt").write_text(f"Eva says: {codes[0]}\n\n{codes[1]}\nthanks!\n")
    assert class_view.main(["--out", str(learner / "page.html"), str(learner / "codes.txt")]) == 0
    said = capsys.readouterr()
    assert "2 people" in said.out
    assert "passed over: 'thanks!'" in said.err
    page = (learner / "page.html").read_text(encoding="utf-8")
    assert "<th>eva</th>" in page
    assert "stopped at <b>submit</b>, 1 tries" in page
    assert "<li>03 Writing a job script: submit: 1</li>" in page


def test_class_view_without_a_code(learner, capsys):
    (learner / "codes.txt").write_text("nothing here\n")
    assert class_view.main(["--out", str(learner / "page.html"), str(learner / "codes.txt")]) == 1
    assert "no code in there" in capsys.readouterr().err
    assert not (learner / "page.html").exists()
