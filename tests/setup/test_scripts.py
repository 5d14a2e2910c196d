"""The scripts as files: they compile on every Python, shellcheck is content, the parts are in step."""

from __future__ import annotations

import ast
import importlib.util
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import need
from tests.setup.ages import interpreter
from tests.setup.machine import ROOT, SETUP

PYTHON_SCRIPTS = ["configure-jupyter", "start-jupyter-login", "start-jupyter-compute"]
PAGE = ROOT / "_episodes/troubleshooting.md"

spec = importlib.util.spec_from_file_location("fill_setup", ROOT / "tools/fill_setup.py")
fill_setup = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fill_setup)

FACTS = {
    "cluster_name": "Dardel", "login_host": "dardel.pdc.kth.se", "home": "/cfs/home/<username>",
    "private": "/cfs/home/<username>/closed", "module_jupyter": "PDC anaconda3",
    "allocation": "edu26.secret",
}  # fmt: skip


@pytest.mark.parametrize("version", [f"3.{minor}" for minor in range(6, 14)])
def test_python_scripts_compile_and_run(version, tmp_path):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    for name in PYTHON_SCRIPTS:
        compiled = subprocess.run(
            [python, "-W", "error", "-c", "import py_compile, sys;"
             "py_compile.compile(sys.argv[1], cfile=sys.argv[2], doraise=True)",
             SETUP / name, tmp_path / "compiled"], capture_output=True, text=True,
        )  # fmt: skip
        assert compiled.returncode == 0, compiled.stderr
        shown = subprocess.run([python, SETUP / name, "--help"], capture_output=True, text=True)
        assert shown.returncode == 0 and f"usage: {name}" in shown.stdout, shown.stderr


def test_python_scripts_are_python_3_6():
    """On machines that have no such old interpreter, too: what its grammar lacked is not there."""
    for name in PYTHON_SCRIPTS:
        ast.parse((SETUP / name).read_text(encoding="utf-8"), feature_version=(3, 6))
    with pytest.raises(SyntaxError):
        ast.parse("if (n := 1): pass", feature_version=(3, 6))


def test_python_scripts_import_the_standard_library_only():
    for name in PYTHON_SCRIPTS:
        tree = ast.parse((SETUP / name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert all(alias.name in sys.stdlib_module_names for alias in node.names)
            assert not isinstance(node, ast.ImportFrom)


def test_shellcheck():
    result = subprocess.run(
        [need("shellcheck"), "--shell=sh", SETUP / "tunnel"], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout


def test_every_script_can_be_run_as_it_lies():
    for path in SETUP.iterdir():
        executable = path.suffix == "" and path.is_file()
        assert bool(path.stat().st_mode & stat.S_IXUSR) == executable, path
        assert b"\r" not in path.read_bytes()


def test_no_option_carries_a_password():
    """The only option with the word takes no value: the password never is on a command line."""
    source = (SETUP / "configure-jupyter").read_text(encoding="utf-8")
    assert re.findall(r'"--?[a-z-]*pass[a-z-]*"', source) == []
    assert 'parser.add_argument("--" + flag, action="store_true")' in source


def test_tunnel_ps1_says_that_it_is_not_tested():
    assert "NOT TESTED" in "".join((SETUP / "tunnel.ps1").read_text().splitlines()[:6])


# --- tools/fill_setup.py -------------------------------------------------------------------------


@pytest.mark.parametrize("name", PYTHON_SCRIPTS)
def test_shared_parts_are_in_step(name):
    text = (SETUP / name).read_text(encoding="utf-8")
    assert fill_setup.with_shared_parts(text) == text, "run: python tools/fill_setup.py --sync"
    assert "class Refused" in text


@pytest.mark.parametrize("name", PYTHON_SCRIPTS)
def test_filled_in_scripts_name_the_cluster(name):
    text = fill_setup.filled((SETUP / name).read_text(encoding="utf-8"), FACTS)
    assert 'JUPYTER_MODULE = "PDC anaconda3"' in text and 'LOGIN_HOST = "dardel' in text
    assert ('PRIVATE_DIR = "~/closed/jupyter"' in text) == (name == "configure-jupyter")
    assert "edu26" not in text and "anaconda/py36" not in text
    compile(text, name, "exec")


def test_tunnel_has_no_defaults_and_stays():
    text = (SETUP / "tunnel").read_text(encoding="utf-8")
    assert fill_setup.filled(text, FACTS) == text


@pytest.mark.parametrize("value", ['a"b', "a\\b", "a\nb"])
def test_a_fact_that_would_break_the_script_is_refused(value):
    text = (SETUP / "configure-jupyter").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="CLUSTER"):
        fill_setup.filled(text, {**FACTS, "cluster_name": value})


def test_an_unknown_default_is_refused():
    text = '# >>> defaults of the cluster >>>\nALLOCATION = "x"\n# <<< defaults of the cluster <<<\n'
    with pytest.raises(ValueError, match="ALLOCATION"):
        fill_setup.filled(text, FACTS)


# --- the page ------------------------------------------------------------------------------------


def spoken_by_the_doctor() -> list[str]:
    """Return regular expressions of the first lines that --check can print, from its source."""
    tree = ast.parse((SETUP / "configure-jupyter").read_text(encoding="utf-8"))
    sentences, problems = [], []

    def pattern(node):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return re.sub(r"\\([^\w.()|*+?\[\]{}^$])", r"\1", re.escape(node.value))
        if isinstance(node, ast.JoinedStr):
            return "".join(".+" if isinstance(v, ast.FormattedValue) else pattern(v) for v in node.values)
        if isinstance(node, ast.BinOp):
            return pattern(node.left) + pattern(node.right)
        return ".+"

    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name == "certificate_problem":
            problems += [pattern(n.value) for n in ast.walk(function) if isinstance(n, ast.Return)]
            for constant in ast.walk(function):
                if isinstance(constant, ast.Tuple) and len(constant.elts) == 2:
                    problems.append("the certificate " + pattern(constant.elts[1]))
        if isinstance(function, ast.FunctionDef) and function.name == "refuse_public_folder":
            # Up to the colon it says what is wrong, behind it what to do.
            problems += [pattern(n.exc.args[0]).partition(":")[0]
                         for n in ast.walk(function) if isinstance(n, ast.Raise)]  # fmt: skip
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            word = {"ok": "ok    ", "note": "note  ", "mend": "MEND  "}.get(call.func.attr)
            if word and getattr(call.func.value, "id", "") == "doctor":
                text = pattern(call.args[0])
                if text != ".+":
                    sentences.append(word + text)
                if word.startswith("MEND"):
                    sentences.append("      -> " + pattern(call.args[1]))
    return sentences + ["MEND  " + p for p in problems if p not in ("", ".+")]


def test_the_page_quotes_what_check_really_prints():
    text = PAGE.read_text(encoding="utf-8")
    quoted = re.findall(r"^  ((?:ok    |note  |MEND  |      -> ).*)$", text, re.M)
    assert len(quoted) > 20
    spoken = spoken_by_the_doctor()
    for line in quoted:
        # Where a sentence begins with what differs, the page has to say "..." there.
        fitting = [p for p in spoken if line[6:].startswith("...") or not p[6:].startswith(".+")]
        assert any(re.fullmatch(p, line) for p in fitting), line


def test_the_page_has_every_symptom():
    text = PAGE.read_text(encoding="utf-8").lower()
    for symptom in ("connection refused", "reset by peer", "address already in use", "firefox",
                    "chrome", "safari", "password is refused", "wrong login node",
                    "token of afs", "windows"):  # fmt: skip
        assert symptom in text
    assert text.count("`--check` prints") >= 9


def test_readme_names_every_file_that_is_there():
    readme = (SETUP / "README.md").read_text(encoding="utf-8")
    for path in SETUP.iterdir():
        if path.is_file() and path.name != "README.md":
            assert f"`{path.name}`" in readme
    assert Path(SETUP / "README.md").stat().st_size > 1000
