"""Runs nbval on notebooks: each cell's output is compared with the one that the notebook has."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 280  # that all notebooks of a folder may take


def nbval(folder: Path, environ: Mapping[str, str]) -> tuple[dict[str, list[str]], str]:
    """Run pytest --nbval, with nbval_strict, on a folder's notebooks: ({notebook: [failed messages]}, what
    it printed).  Raises AssertionError when there is no report."""
    report = folder / "report.xml"
    (folder / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=60",
         "-p", "tests.notebooks.nbval_strict", "-p", "no:cacheprovider", "-c", "pytest.ini",
         f"--junitxml={report}", "-q", "--color=no", "."],
        cwd=folder, env={**environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=SECONDS)
    assert report.exists(), done.stdout + done.stderr
    found: dict[str, list[str]] = {}
    for case in ET.parse(report).iter("testcase"):
        name = case.get("classname").rpartition(".")[0].rpartition(".")[2] or case.get("classname")
        failures = found.setdefault(name, [])
        failures += [(node.get("message") or "") + (node.text or "") for node in case if node.tag in ("failure", "error")]
    return found, done.stdout + done.stderr
