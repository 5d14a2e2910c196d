"""The same notebook on other clusters, and where there is no Slurm at all."""

from __future__ import annotations

import pytest

from tools import make_notebooks, notebook_run, notebook_source
from tools.notebook_session import session


# One of them in every run of the tests; the long tests take all.
ONE_QUICK = [pytest.param(name, marks=[] if name.startswith("01-") else [pytest.mark.slow])
             for name in make_notebooks.names()]


@pytest.mark.parametrize("cluster", ["dardel", "small"])
@pytest.mark.parametrize("name", ONE_QUICK)
def test_solved_on_another_cluster(name, cluster, make_challenge):
    """No cell fails and every check passes, with that cluster's allocation, partition and launcher."""
    challenge = make_challenge(name, cluster)
    notebook = notebook_source.solved(challenge.source)
    notebook_run.execute(notebook, challenge.folder, challenge.environ)
    texts = "\n".join(cell.source for cell in notebook.cells)
    assert challenge.facts["allocation"] in texts
    if name == "01-slurm-magics":
        assert f"{challenge.facts['launcher']} -n {challenge.facts['cores_per_node']} ./hello_mpi" in texts
    assert "edu20.dd2443" not in texts  # Tegner's


@pytest.fixture
def nowhere(make_challenge, tmp_path):
    """A challenge in an environment where no Slurm answers and the mock is not wanted."""
    challenge = make_challenge("01-slurm-magics")
    environ = {name: value for name, value in challenge.environ.items() if not name.startswith("MOCK_SLURM")}
    tools = tmp_path / "bin"
    tools.mkdir()
    return challenge, environ | {"MOCK_SLURM": "never", "PATH": str(tools)}


def test_never_without_slurm_is_a_clear_error(nowhere):
    challenge, environ = nowhere
    with session(challenge.folder, environ) as kernel:
        shown = kernel.run("%load_ext slurm_mock")
        assert "MOCK_SLURM=never, but no Slurm answers here" in shown.text
        assert "Traceback" not in shown.text


def test_checks_without_slurm_say_so(nowhere):
    challenge, environ = nowhere
    with session(challenge.folder, environ) as kernel:
        kernel.run("from checks import challenge\ncheck = challenge('01-slurm-magics')")
        for check in ("submit", "ended", "output"):
            shown, mistake = kernel.check(check)
            assert not shown.error
            assert "no Slurm answers here" in shown.text
            assert "first cell" in shown.text
            assert mistake == "no-slurm"


def test_unknown_check_and_challenge_are_named(make_challenge):
    challenge = make_challenge("01-slurm-magics")
    with session(challenge.folder, challenge.environ) as kernel:
        kernel.run("from checks import challenge\ncheck = challenge('01-slurm-magics')")
        shown = kernel.run("check('sbumit')")
        assert not shown.error
        assert "no check called 'sbumit'" in shown.text
        assert "submit" in shown.text
        assert "there is: 01-slurm-magics" in kernel.run("challenge('02')").error
