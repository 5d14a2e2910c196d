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
from tools import make_notebooks, validate
from tools.notebook_session import Shown

HINTS = ["Which one?", "That one.", "`this`"]
FIRST = "✗ Not yet: nothing.\n  Hint 1 of 3: Which one?"


@pytest.mark.parametrize(("shown", "half", "hints", "why"), [
    (Shown(FIRST), "unsolved", HINTS, ""),
    (Shown(FIRST), "solved", HINTS, "the check does not pass"),
    (Shown("✓ Right: so it is."), "solved", HINTS, ""),
    (Shown("✓ Right: so it is."), "unsolved", HINTS, "the check passes without an answer"),
    (Shown("✗ Not yet: nothing.\n  Hint 2 of 3: That one."), "unsolved", HINTS, "not its own first hint"),
    (Shown("", "NameError: x"), "solved", None, "raises NameError: x"),
    (Shown("some table"), "solved", None, ""),
])
def test_complaint(shown, half, hints, why):
    assert validate.complaint(shown, half, hints, may_raise=False) == why


ROWS = [
    validate.Row("01-a", "solved", "first", 1.25, True),
    validate.Row("01-a", "solved", "second", 2.0, False, "the check does not pass", "✗ Not yet: <b>"),
    validate.Row("02-b", "solved", "third", 0.5, True, "differs here: no such node"),
]


def test_report_says_what_failed(tmp_path):
    validate.write_html(tmp_path / "r.html", ROWS, "mock", "2 challenges")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "✗ wrong<br>the check does not pass<pre>✗ Not yet: &lt;b&gt;</pre>" in page
    assert page.count("✓ as it must be") == 2
    validate.write_junit(tmp_path / "j.xml", ROWS, "mock", 4.0)
    suite = ET.parse(tmp_path / "j.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    assert [case.get("name") for case in suite] == ["first-solved", "second-solved", "third-solved"]


@pytest.mark.parametrize(("argv", "said"), [
    (["99-none"], "no challenge '99-none'"),
    (["--config", "nosuch.yml"], "nosuch.yml"),
])
def test_bad_arguments(argv, said, capsys):
    assert validate.main(argv) == 1
    assert said in capsys.readouterr().err


def test_real_without_slurm_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert validate.main(["--slurm", "real"]) == 1
    assert "no sinfo on PATH" in capsys.readouterr().err


def run_validate(folder: Path, environ, *argv: str) -> tuple[subprocess.CompletedProcess, ET.Element]:
    done = subprocess.run([sys.executable, str(make_notebooks.ROOT / "tools" / "validate.py"), "--out", str(folder), *argv],
                          cwd=make_notebooks.ROOT, env=environ, capture_output=True, text=True, timeout=1700)
    return done, ET.parse(folder / "junit.xml").getroot()


@pytest.mark.slow
def test_one_challenge_on_the_mock(tmp_path):
    done, suite = run_validate(tmp_path / "out", dict(os.environ), "03-job-script")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {case.get("name") for case in suite} == {
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
    assert {case.get("classname") for case in suite} == {f"real.{name}" for name in make_notebooks.names()}


def test_few_cells_differ_on_real_slurm():
    """At most three in all, none in the episode's own challenge; each with its reason."""
    marked = [(name, cell.metadata["differs"]) for name in make_notebooks.names()
              for cell in nbformat.read(make_notebooks.NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
              if "differs" in cell.metadata]
    assert len(marked) <= 3
    for name, reason in marked:
        assert name != "01-slurm-magics"
        assert len(reason) > 20
