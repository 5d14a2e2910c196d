"""The challenges in the lab in the browser: headless Chromium, out of reach of everybody else."""

import json
import re
import socket
from html.parser import HTMLParser

import nbformat
import pytest

from slurm_mock.commands import SLURM
from tools import make_notebooks, notebook_source
from tools.lab_visit import SECONDS, LabVisit

pytestmark = pytest.mark.timeout(4 * SECONDS)


@pytest.fixture
def lab(browser, server):
    visits = []

    def start(name, **context):
        visits.append(LabVisit(browser, server, name, **context))
        return visits[-1]

    yield start
    for one in visits:
        one.context.close()


def solved(name):
    """The solved notebook as the book shows it, and the same without what it gave."""
    shown = nbformat.read(make_notebooks.SOLVED / f"{name}.ipynb", as_version=4)
    bare = nbformat.from_dict(json.loads(nbformat.writes(shown)))
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return shown, bare


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def errors(notebook):
    return [output.evalue for cell in code_cells(notebook) for output in cell.outputs if output.output_type == "error"]


def verdicts(notebook):
    """{check: the text that it gave}"""
    found = {}
    for cell in code_cells(notebook):
        if notebook_source.checked(cell):
            found[notebook_source.checked(cell)] = "".join(
                output.data["text/plain"] for output in cell.outputs if "data" in output)
    return found


class Table(HTMLParser):
    """The cells of a table, row by row."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, _attrs):
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("th", "td")
        if self.inside:
            self.rows[-1].append("")

    def handle_endtag(self, _tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data


# What `hostname` says outside of a job, in the browser and on the desktop.
HERE = re.compile(rf"\b(emscripten|{re.escape(socket.gethostname())})\b")


def given(cell):
    """What a cell gave, without what depends on the machine: a list of texts and tables.

    Left out: what was written to stderr (pandas' warnings), the reason for which the mock is on,
    of the list of all magics those that are not Slurm's, the carriage returns of the terminal
    in which `!command` runs on the desktop, and the names of the two computers.
    """
    found = []
    for output in cell.outputs:
        if output.output_type == "stream":
            text = output.text.replace("\r\n", "\n") if output.name == "stdout" else ""
            if found and isinstance(found[-1], str):
                text = found.pop() + text
            found.append(re.sub(r"^slurm_mock: .*, so the mock is on", "the mock is on", HERE.sub("HERE", text)))
        else:
            text, page = output.data["text/plain"], output.data.get("text/html", "")
            if cell.source.strip() == "%lsmagic":
                text = " ".join(word for word in text.split() if word.lstrip("%") in SLURM)
            found.append(Table(page).rows if 'class="dataframe"' in page else [HERE.sub("HERE", text)])
    return [one for one in found if one]


# What Chromium itself asks for, with whatever page.
BROWSERS_OWN = re.compile(r"(^|[/.])(google|googleapis|gvt1)\.com(:\d+)?(/|$)")


def assert_whole(lab, browser):
    assert lab.complaints == []
    assert [name for name in browser.asked if not BROWSERS_OWN.search(name)] == []


def has_picture(cell):
    """Did the desktop draw? Here is no matplotlib, and the challenge draws with letters."""
    return any("image/png" in output.get("data", {}) for output in cell.outputs)


def assert_hints(notebook):
    assert errors(notebook) == []
    found = verdicts(notebook)
    assert found
    assert {check: text for check, text in found.items() if "Hint 1 of" not in text} == {}


def assert_passes(notebook):
    assert errors(notebook) == []
    assert {check: text for check, text in verdicts(notebook).items() if not text.startswith("✓")} == {}


def tell(capsys, name, figures):
    with capsys.disabled():
        print(f"\n{name} in Chromium: " + "; ".join(f"{what} {value}" for what, value in figures.items()))


# Modules that a kernel had to compile itself at its start, but for its own start-up.
SOURCES = """import sys
sources = {module.__file__ for name, module in list(sys.modules.items())
           if getattr(module, "__file__", None) and module.__file__.endswith(".py")
           and getattr(module.__spec__, "origin", "") != "frozen" and name != "lesson_lab"}
assert not sources, ("tools/lab/imported.txt lacks", sorted(sources))"""
MOST = 12  # MB until the first cell has run, as a server that compresses sends them


def test_a_challenge_unsolved_then_solved(lab, browser, capsys):
    """One kernel for both: what the checks say is looked at, the rest in the long test."""
    name = make_notebooks.names()[0]
    here = lab(name)
    here.run(SOURCES)
    assert here.figures["MB gzipped"] <= MOST
    notebook, here.figures["unsolved, s"] = here.run_all()
    assert_hints(notebook)
    notebook, here.figures["solved, s"] = here.run_all(solved(name)[1])
    assert_passes(notebook)
    assert_whole(here, browser)
    tell(capsys, name, here.figures)


@pytest.mark.slow
@pytest.mark.parametrize("name", make_notebooks.names())
def test_every_challenge(name, lab, browser, capsys):
    """Solved all is as on the desktop; unsolved, in a kernel of its own, each check gives its first hint."""
    here = lab(name)
    shown, bare = solved(name)
    learner = here.notebook()
    notebook, here.figures["solved, s"] = here.run_all(bare)
    assert_passes(notebook)
    for ours, desktop in zip(code_cells(notebook), code_cells(shown), strict=True):
        if not has_picture(desktop):
            assert given(ours) == given(desktop), ours.source
    here.forget_files()
    here.restart()
    notebook, here.figures["unsolved, s"] = here.run_all(learner)
    assert_hints(notebook)
    assert_whole(here, browser)
    tell(capsys, name, here.figures)


@pytest.mark.slow
def test_without_a_service_worker_the_lessons_files_are_there(lab, browser):
    """As in a private window of Firefox: the kernel sees no files of the browser's, and gets its own."""
    here = lab(make_notebooks.names()[0], service_workers="block")
    here.run("%load_ext slurm_mock\nimport checks, os\n"
             "said = !sbatch -W job.sh && grep -c Hello job.out\n"
             "assert said[1:] == ['24'], (said, os.getcwd())")
    assert [name for name in browser.asked if not BROWSERS_OWN.search(name)] == []


@pytest.mark.slow
def test_what_a_first_cell_does_not_need_comes_when_it_is_asked_for(lab, browser):
    here = lab(make_notebooks.names()[0])
    sent = here.server.sent
    assert [name for name in sent if re.search("jedi_itself|pygments_lexers|prompt_toolkit", name)] == []
    # by imports of others than a cell, which the kernel looks through
    here.run("import pygments.lexers\nassert pygments.lexers.get_lexer_by_name('rust').name == 'Rust'")
    here.run("name = 'IPython.terminal.ptutils'\nassert __import__('importlib').import_module(name).Lexer")
    # by a Tab: the first is answered from memory, those to come know a cell that has not run
    here.run("import json")
    assert [one.lstrip(".") for one in here.completions("json.dum")] == ["dump", "dumps"]
    here.run("import asyncio\nwhile not get_ipython().Completer.use_jedi: await asyncio.sleep(0.1)")
    assert "append" in here.completions("def listed() -> list: ...\nlisted().app")
    for part in ("jedi_itself", "pygments_lexers", "prompt_toolkit"):
        assert [name for name in sent if part in name], part
    assert_whole(here, browser)
