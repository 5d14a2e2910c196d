"""`%load_ext slurm_mock`: joins, steps aside, or switches on; MOCK_SLURM decides."""

import os
import subprocess

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from slurm_mock import notebook
from tests.clusters.living import CLEAN


@pytest.fixture
def kernel(tmp_path, monkeypatch, ended):
    """A clean environment, as a kernel's; kernel(sinfo=script) puts a sinfo on PATH."""
    for name in list(os.environ):
        monkeypatch.delenv(name)
    folder = tmp_path / "real"
    folder.mkdir()
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    for name, value in {**CLEAN, "HOME": str(tmp_path), "MOCK_SLURM_ROOT": str(tmp_path / "state"),
                        "MOCK_SLURM_CLUSTER": "small", "MOCK_SLURM_SPEED": "step",
                        "MOCK_SLURM_LOAD": "no"}.items():
        monkeypatch.setenv(name, value)
    path = [p for p in CLEAN["PATH"].split(":") if not os.path.exists(os.path.join(p, "sinfo"))]
    monkeypatch.setenv("PATH", ":".join([str(folder), *path]))
    ended(tmp_path / "state" / "small")
    notebook._before.clear()

    def put(sinfo):
        (folder / "sinfo").write_text("#!/bin/sh\n" + sinfo)
        (folder / "sinfo").chmod(0o755)

    yield put
    notebook.unload(None)


ANSWERS = "case $1 in -V) echo slurm 21.08.8 ;; *) echo main ;; esac\n"
# sinfo -V answers wherever the package is installed
FAILS = ("case $1 in -V) echo slurm 21.08.8 ;; *)"
         " echo 'slurm_load_partitions: Unable to contact slurm controller' >&2; exit 1 ;; esac\n")


def on():
    return "MOCK_SLURM_STATE" in os.environ


def test_it_switches_on_where_no_slurm_answers(kernel, capsys):
    before = dict(os.environ)
    notebook.load(None)
    assert capsys.readouterr().out == (
        "slurm_mock: no Slurm answers here, so the mock is on: cluster small\n")
    answer = subprocess.run(["sinfo", "-h", "-o", "%P"], capture_output=True, text=True)
    assert on() and answer.stdout == "debug*\nbatch\n"
    notebook.unload(None)
    assert dict(os.environ) == before


def test_it_joins_the_cluster_that_is_on(kernel, capsys):
    notebook.load(None)
    joined = dict(os.environ)
    notebook._before.clear()
    capsys.readouterr()
    notebook.load(None)
    assert capsys.readouterr().out == "slurm_mock: the mock is on: cluster small\n"
    assert dict(os.environ) == joined


def test_it_steps_aside_for_a_slurm_that_answers(kernel, capsys):
    kernel(ANSWERS)
    before = dict(os.environ)
    notebook.load(None)
    assert capsys.readouterr().out == (
        "slurm_mock: a real Slurm answers here (slurm 21.08.8): the mock stays off\n")
    assert dict(os.environ) == before and sorted(os.listdir("..")) == ["real", "work"] and not on()


@pytest.mark.parametrize("sinfo", [FAILS, "exit 0\n", "sleep 60\n"])
def test_commands_alone_are_no_slurm(kernel, monkeypatch, capsys, sinfo):
    monkeypatch.setattr(notebook, "ANSWER", 0.5)
    kernel(sinfo)
    notebook.load(None)
    assert on() and "so the mock is on" in capsys.readouterr().out


def test_always(kernel, monkeypatch):
    kernel(ANSWERS)
    monkeypatch.setenv("MOCK_SLURM", "always")
    notebook.load(None)
    assert on()


def test_never(kernel, monkeypatch, capsys):
    monkeypatch.setenv("MOCK_SLURM", "never")
    with pytest.raises(UsageError, match="MOCK_SLURM=never, but no Slurm answers"):
        notebook.load(None)
    assert not on()
    kernel(ANSWERS)
    notebook.load(None)
    assert "the mock stays off" in capsys.readouterr().out and not on()


def test_never_takes_the_mock_for_a_real_slurm(kernel, monkeypatch):
    notebook.load(None)                              # as in a shell of the mock's
    notebook._before.clear()
    monkeypatch.setenv("MOCK_SLURM", "never")
    with pytest.raises(UsageError, match="MOCK_SLURM=never, but no Slurm answers .* is the mock's"):
        notebook.load(None)


@pytest.mark.parametrize("name, value, says", [
    ("MOCK_SLURM", "maybe", "set it to always or never"),
    ("MOCK_SLURM_CLUSTER", "nowhere", "no cluster 'nowhere'"),
    ("MOCK_SLURM_SPEED", "fast", "MOCK_SLURM_SPEED: 'fast'"),
    ("MOCK_SLURM_STATE", "/nowhere", "MOCK_SLURM_STATE names /nowhere"),
    ("MOCK_SLURM_LOAD", "maybe", "MOCK_SLURM_LOAD"),
])
def test_bad_settings(kernel, monkeypatch, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=says.replace("(", r"\(")):
        notebook.load(None)


def test_as_an_extension_of_ipython(kernel, capsys):
    shell = InteractiveShell()
    assert shell.run_line_magic("load_ext", "slurm_mock") in (None, "already loaded")
    assert "the mock is on" in capsys.readouterr().out
    shell.run_line_magic("unload_ext", "slurm_mock")
    assert not on()
    shell.run_line_magic("load_ext", "slurm_mock")
    assert on()
