"""make validate: what it finds, what it writes, and all challenges on real Slurm."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest

from tests import needs
from tests.conformance import real_slurm
from tests.notebooks import real_site
from tools import make_notebooks, validate, validate_browser, validate_report, validate_verdict
from tools.notebook_session import Shown

HINTS = ["Which one?", "That one.", "`this`"]
FIRST = "✗ Not yet: nothing.\n  Hint 1 of 3: Which one?"


@pytest.mark.parametrize(("shown", "half", "hints", "why"), [
    (Shown(FIRST), "unsolved", HINTS, ""),
    (Shown(FIRST), "solved", HINTS, "the check does not pass"),
    (Shown("✓ Right: so it is."), "solved", HINTS, ""),
    (Shown("✓ Right: so it is."), "unsolved", HINTS, "the check passes without an answer"),
    (Shown("✗ Not yet: nothing.\n  Hint 2 of 3: That one."), "unsolved", HINTS, "not its own first hint"),
    (Shown(""), "unsolved", HINTS, "the check has shown nothing: it was not run"),
    (Shown("", "NameError: x"), "solved", None, "raises NameError: x"),
    (Shown("some table"), "solved", None, ""),
])
def test_complaint(shown, half, hints, why):
    assert validate_verdict.complaint(shown, half, hints, may_raise=False) == why


ROWS = [
    validate_verdict.Row("mock", "01-a", "solved", "first", 1.25, True),
    validate_verdict.Row("mock", "01-a", "solved", "second", 2.0, False, "the check does not pass", "✗ Not yet: <b>"),
    validate_verdict.Row("real", "01-a", "solved", "second", 0.5, True, "differs here: no such node"),
]
RUN = [validate_report.Side("mock", "1 of 2 as they must be", 4.0), validate_report.Side("real", "1 of 1", 9.0),
       validate_report.Side("browser", "not run: SLURM=browser was not asked for")]


def test_page_has_challenge_by_check_by_side(tmp_path):
    validate_report.write_html(tmp_path / "r.html", ROWS, RUN)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<li>browser: not run: SLURM=browser was not asked for</li>" in page
    assert "<th>mock</th><th>real</th><th>browser</th>" in page
    assert ("<tr><td>first</td><td>solved</td>"
            '<td class="ok">✓ as it must be, 1.2 s</td><td></td><td>not run</td></tr>') in page
    assert ('<td class="bad">✗ wrong, 2.0 s<br>the check does not pass<pre>✗ Not yet: &lt;b&gt;</pre></td>'
            '<td class="ok">✓ as it must be, 0.5 s<br>differs here: no such node</td><td>not run</td></tr>') in page


def test_junit_has_a_suite_for_each_side(tmp_path):
    validate_report.write_junit(tmp_path / "j.xml", ROWS, RUN)
    mock, real, browser = ET.parse(tmp_path / "j.xml").getroot()
    assert [tuple(suite.get(word) for word in ("tests", "failures", "skipped")) for suite in (mock, real, browser)] == [
        ("2", "1", "0"), ("1", "0", "1"), ("1", "0", "1")]
    assert [(case.get("classname"), case.get("name")) for case in mock] == [("mock.01-a", "first-solved"),
                                                                            ("mock.01-a", "second-solved")]
    assert browser[0][0].get("message") == "not run: SLURM=browser was not asked for"


@pytest.mark.parametrize(("argv", "said"), [
    (["99-none"], "no challenge '99-none'"),
    (["--slurm", "mock,moon"], "SLURM=mock,moon: name one or several of mock, real, browser"),
    (["--slurm", ""], "name one or several"),
    (["--config", "nosuch.yml"], "nosuch.yml"),
])
def test_bad_arguments(argv, said, capsys):
    assert validate.main(argv) == 1
    assert said in capsys.readouterr().err


def test_real_without_slurm_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert validate.main(["--slurm", "real"]) == 1
    assert "no sinfo on PATH" in capsys.readouterr().err
    for path in ("bin/sinfo", "etc/launchers"):      # as the emulator puts them
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text("#!/bin/sh\n")
        (tmp_path / path).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert validate.main(["--slurm", "real"]) == 1
    assert "is the emulator's" in capsys.readouterr().err


def test_browser_without_a_site_or_a_chromium_says_so(monkeypatch, capsys, tmp_path):
    (tmp_path / "chromium").write_text("#!/bin/sh\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert validate.main(["--slurm", "browser", "--site", str(tmp_path)]) == 1
    assert "there is no lab in" in capsys.readouterr().err
    (tmp_path / "chromium").unlink()
    assert validate.main(["--slurm", "browser"]) == 1
    assert "there is no chromium or" in capsys.readouterr().err


def test_time_of_a_cell_in_the_lab():
    cell = nbformat.v4.new_code_cell("1", metadata={"execution": {"shell.execute_reply": "2026-03-02T09:00:01.500Z"}})
    assert validate_browser.ended_at(cell) == 1772442001.5
    assert validate_browser.ended_at(nbformat.v4.new_code_cell("1")) is None


def run_validate(folder: Path, environ, *argv: str) -> tuple[subprocess.CompletedProcess, ET.Element]:
    done = subprocess.run([sys.executable, str(make_notebooks.ROOT / "tools" / "validate.py"), "--out", str(folder), *argv],
                          cwd=make_notebooks.ROOT, env=environ, capture_output=True, text=True, timeout=1700)
    return done, ET.parse(folder / "junit.xml").getroot()


@pytest.mark.slow
def test_one_challenge_on_the_mock(tmp_path):
    done, suite = run_validate(tmp_path / "out", dict(os.environ), "03-job-script")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {case.get("name") for case in suite.iter("testcase") if case.get("classname") == "mock.03-job-script"} == {
        f"{check}-{half}" for check in ("script", "submit", "counted", "variables") for half in validate.HALVES}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_all_challenges_on_real_slurm():
    """The same notebooks, solved and unsolved, on the cluster of the conformance tests."""
    if os.geteuid() != 0:
        needs.unavailable("real Slurm starts jobs as other users, for which it needs root")
    for name in ("slurm", "munge", "slurmdbd", "mariadb"):
        needs.need(name)
    if real_slurm.installed_version() != real_slurm.VERSION:
        needs.unavailable(f"found Slurm {real_slurm.installed_version()}: compared is only with {real_slurm.VERSION}")
    with tempfile.TemporaryDirectory(prefix="validate-", ignore_cleanup_errors=True) as temporary:
        base = Path(temporary)
        base.chmod(0o755)
        real = real_slurm.RealSlurm(base / "cluster")
        real.variant = "memory"  # one challenge has a job that uses more than it asked for
        with real as cluster:
            config, environ = real_site.make(base / "site", cluster.conf)
            done, suite = run_validate(base / "out", environ, "--slurm", "real", "--config", str(config), "--jobs", "4")
    assert done.returncode == 0, done.stdout + done.stderr
    ran = {case.get("classname") for case in suite.iter("testcase") if case.get("classname").startswith("real.")}
    assert ran == {f"real.{name}" for name in make_notebooks.names()}


def test_few_cells_differ_on_real_slurm():
    """At most three in all, none in the episode's own challenge; each with its reason."""
    marked = [(name, cell.metadata["differs"]) for name in make_notebooks.names()
              for cell in nbformat.read(make_notebooks.NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
              if "differs" in cell.metadata]
    assert len(marked) <= 3
    for name, reason in marked:
        assert name != "01-slurm-magics"
        assert len(reason) > 20
