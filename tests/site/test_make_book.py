"""`make book` in a copy of the project: other clusters, and everything that must make it fail."""

import json
import os
import shutil
import subprocess

import pytest
from lesson_facts import read_facts

from .conftest import ROOT
from .html_page import read_page

SECONDS = 900  # that one build may take
pytestmark = [pytest.mark.slow, pytest.mark.timeout(2 * SECONDS + 100)]
VENV = ROOT / ".venv"
MADE = (
    "_build",
    "challenges",
    ".venv",
    ".git",
    "__pycache__",
    "learner",
    ".hypothesis",
    "*.egg-info",
)


@pytest.fixture
def copy(tmp_path):
    """A copy of the project as it lies, without what make made."""
    target = tmp_path / "lesson"
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*MADE), symlinks=True)
    return target


def make(folder, target="book", **environ):
    return subprocess.run(
        # The project's own environment, as it is (-o): a copy must not install itself into it.
        ["make", "--no-print-directory", "-o", VENV / ".installed", target, f"VENV={VENV}"],
        cwd=folder,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
    )


def append(path, text):
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


@pytest.mark.share(2)
@pytest.mark.parametrize("cluster", ["dardel", "small"])
def test_the_site_of_another_cluster(copy, cluster):
    done = make(copy, LESSON_CLUSTER=cluster)
    assert done.returncode == 0, done.stdout[-3000:]
    html = copy / "_build" / cluster / "_build" / "html"
    facts = read_facts(copy / "_config.yml", environ={"LESSON_CLUSTER": cluster})
    scheduling = read_page(html / "_episodes/10-scheduling.html").text
    episode = read_page(html / "_episodes/11-jupyter.html").text
    assert f"#SBATCH -A {facts['allocation']}" in scheduling
    assert f"{facts['launcher']} -n {facts['cores_per_node']} ./hello_mpi" in scheduling
    assert "$ sinfo PARTITION AVAIL" in scheduling
    assert f"at {facts['centre']}?" in episode
    typed = "~/private" if cluster == "small" else "$HOME/Private"
    for words in (f"certificate in {facts['private_short']}/jupyter,", f"cd {typed} ", f"'{facts['private']}/mykey.key'"):
        assert words in episode
    places = [episode.index(f"Running Jupyter on {node} node") for node in ("the login", "a compute")]
    assert (places[0] > places[1]) == (facts["jupyter_on"] == "compute")
    challenge = read_page(html / "challenges/01-slurm-magics.html").text
    assert facts["allocation"] in challenge
    assert not (copy / "_build/html").exists(), "the lesson's own site is elsewhere"


def test_a_second_run_reuses_what_stands(copy):
    first, second = make(copy), make(copy)
    assert first.returncode == second.returncode == 0, first.stdout[-3000:]
    assert "jupyter-book build" in first.stdout
    assert second.stdout.splitlines() == [first.stdout.splitlines()[-1]]
    assert str(copy / "_build/html/index.html") in second.stdout


@pytest.mark.share(5)
@pytest.mark.parametrize(
    ("page", "text", "words"),
    [
        ("index.md", "\n[gone](nowhere.md)\n", "nowhere.md"),
        ("index.md", "\n[gone](#no-such-heading)\n", "no-such-heading"),
        ("index.md", "\n```{image} _static/img/nowhere.svg\n```\n", "nowhere.svg"),
        ("index.md", "\n{{ login_hots }}\n", "no such key in the lesson block: 'login_hots'"),
        ("_episodes/10-scheduling.md", "\n```{terminal}\nsbatch --no-such-option\n```\n",
         "sbatch: unrecognized option '--no-such-option'"),
    ],
)  # fmt: skip
def test_a_wrong_page_fails_the_build_however_often_it_is_tried(copy, page, text, words):
    append(copy / page, text)
    for _ in range(2):
        done = make(copy)
        assert done.returncode != 0
        assert words in done.stdout
        assert "Traceback" not in done.stdout


def test_a_failing_cell_fails_the_build(copy):
    source = next((copy / "notebooks").glob("*.ipynb"))
    notebook = json.loads(source.read_text())
    notebook["cells"].append(
        {"cell_type": "code", "id": "wrong", "metadata": {}, "execution_count": None,
         "outputs": [], "source": ["raise RuntimeError('wrong on purpose')"]}
    )  # fmt: skip
    source.write_text(json.dumps(notebook))
    for _ in range(2):
        done = make(copy)
        assert done.returncode != 0
        assert "wrong on purpose" in done.stdout
