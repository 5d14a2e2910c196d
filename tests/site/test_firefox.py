"""The lab in Firefox, too: every challenge, an episode's console, a challenge's frame, a private window."""

import json

import nbformat
import pytest

from tests.needs import need
from tools import make_notebooks
from tools.lab_visit import KERNEL, MODEL, READY, SECONDS, lab_server

from .firefox import ENTER, Firefox
from .test_lab import errors, solved, verdicts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(4 * SECONDS)]

QUIET = "document.querySelector('.try-it-screen').getAttribute('aria-busy') === 'false'"


@pytest.fixture(scope="module")
def server(site):
    with lab_server(site) as server:
        yield f"http://127.0.0.1:{server.server_port}/"


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    with Firefox(need("firefox"), tmp_path_factory.mktemp("firefox")) as firefox:
        yield firefox


@pytest.fixture(params=["usual", "private"])
def firefox(request, tmp_path):
    if request.param == "usual":
        yield request.getfixturevalue("usual")
        return
    with Firefox(need("firefox"), tmp_path, private=True) as firefox:
        yield firefox


def open_notebook(firefox, server, name):
    firefox.open(f"{server}lite/notebooks/index.html?path={name}.ipynb")
    firefox.until(f"!!({READY})()")


def run(firefox, code):
    """Run code in the kernel, beside the notebook."""
    reply = firefox.value(f"{KERNEL}.requestExecute({{code: {json.dumps(code)}}}).done.then(reply => reply.content)")
    assert reply["status"] == "ok", reply


@pytest.mark.share(3)      # Chromium, which more people have, solves all of them in each run
@pytest.mark.parametrize("name", make_notebooks.names())
def test_every_challenge(usual, server, name):
    shown, bare = solved(name)
    open_notebook(usual, server, name)
    usual.value(f"{MODEL}.fromJSON({json.dumps(bare)})")
    usual.value("jupyterapp.commands.execute('notebook:run-all-cells')")
    ran = nbformat.from_dict(usual.value(f"{MODEL}.toJSON()"))
    assert errors(ran) == errors(shown)
    assert verdicts(ran) and verdicts(ran).keys() == verdicts(shown).keys()
    assert [name for name, said in verdicts(ran).items() if not said.startswith("✓")] == []
    assert usual.complaints == []


def test_the_console_of_an_episode(firefox, server):
    firefox.open(f"{server}_episodes/10-scheduling.html")
    firefox.value("document.querySelector('.try-it-start').click()")
    firefox.until("document.activeElement.matches('.try-it-input')")
    for line in ("sbatch hello.sh", "for i in 1 2; do echo turn $i; done", "sleep 60; tail -n 1 slurm-*.out"):
        firefox.type(line + ENTER)
        firefox.until(QUIET)
    said = firefox.value("document.querySelector('.try-it-screen').textContent")
    assert [line for line in said.splitlines() if "$ " not in line] == [
        "Submitted batch job 20021", "turn 1", "turn 2", "Goodbye"]
    assert firefox.complaints == []


def test_a_challenges_frame(firefox, server):
    firefox.open(f"{server}challenges/03-job-script.html")
    firefox.value("document.querySelector('.lab-here-run').click()")
    firefox.until("document.querySelector('.lab-here-status').textContent.startsWith('Ready')")
    inside = "document.querySelector('iframe').contentWindow.jupyterapp.shell.currentWidget"
    assert firefox.value(f"{inside}.content.widgets.length") > 10
    assert firefox.complaints == []


def test_the_lessons_files_are_there(firefox, server):
    open_notebook(firefox, server, make_notebooks.names()[0])
    run(firefox, "%load_ext slurm_mock\nimport checks, os\n"
                 "said = !sbatch -W job.sh && grep -c Hello job.out\n"
                 "assert said[1:] == ['24'], (said, os.getcwd())")


def test_who_asks_elsewhere_is_noticed(usual, server):
    usual.open(server)
    usual.value("fetch('http://elsewhere.example/').catch(() => console.error('refused'))")
    usual.value("1")
    assert {"request elsewhere: http://elsewhere.example/", "console: refused"} <= {*usual.complaints}
