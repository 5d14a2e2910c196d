"""host/notebook.py: on which machine a kernel's programs run."""

import pytest

from slurm_mock import machine
from slurm_mock.host import local, notebook


@pytest.mark.parametrize("name, alone", [("inprocess", True), ("", False), (None, False)])
def test_who_must_run_in_one_interpreter(name, alone, monkeypatch):
    monkeypatch.delenv("MOCK_SLURM_MACHINE", raising=False)
    if name is not None:
        monkeypatch.setenv("MOCK_SLURM_MACHINE", name)
    assert notebook.in_one_process() == alone


def test_a_browser_has_no_choice(monkeypatch):
    monkeypatch.setattr("sys.platform", "emscripten")
    assert notebook.in_one_process()


def test_on_a_desktop_it_is_this_computer(monkeypatch):
    monkeypatch.delenv("MOCK_SLURM_MACHINE", raising=False)
    monkeypatch.setattr(machine, "here", None)
    notebook.install(None)
    assert type(machine.here) is local.Local
    notebook.uninstall(None)
