"""What the pages have of the lab, in headless Chromium: the episodes' console, the challenges' frame."""

import http.server
import json
import re
import subprocess
import sys
import zipfile

import pytest

from tools import offline
from tools.lab_visit import KERNEL, SECONDS, Visit

from .test_browser import CONTRAST, DESKTOP, PHONE

pytestmark = pytest.mark.timeout(4 * SECONDS)

EPISODES = ["_episodes/10-scheduling.html", "_episodes/11-jupyter.html", "_episodes/12-many-jobs.html"]
NOTEBOOK = "03-job-script.ipynb"
CHALLENGE = "challenges/03-job-script.html"
QUIET = """() => document.querySelector(".try-it-screen").getAttribute("aria-busy") === "false" """
NO_WEBASSEMBLY = "delete globalThis.WebAssembly"
# A reader's notebook of another release, as JupyterLite keeps it.
OLDER = """notebook => new Promise((resolve, reject) => {
  const request = indexedDB.open("hpc-notebooks-000000000000", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("files");
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const change = request.result.transaction("files", "readwrite");
    change.objectStore("files").put({name: notebook, path: notebook, type: "notebook",
      format: "json", content: {cells: [], metadata: {older: true}, nbformat: 4, nbformat_minor: 5}}, notebook);
    change.objectStore("files").put({name: "mine.sh", path: "scripts/mine.sh", type: "file", format: "text",
      content: "#!/bin/bash\\necho älter\\n"}, "scripts/mine.sh");
    change.objectStore("files").put({name: "scripts", path: "scripts", type: "directory"}, "scripts");
    change.oncomplete = () => { request.result.close(); resolve(); };
  };
})"""


class PageVisit(Visit):
    """A visit with the time that a kernel's start may take."""

    def __init__(self, browser, address, width, scheme):
        super().__init__(browser, address, width, scheme)
        self.context.set_default_timeout(1000 * SECONDS)

    def _console(self, message):
        # JupyterLite asks for folders of contents that the site does not have, and takes no for an answer
        if "/api/contents/" not in message.location.get("url", ""):
            super()._console(message)

    def _response(self, response):
        if "/api/contents/" not in response.url:
            super()._response(response)


@pytest.fixture
def visit(browser, server):
    visits = []

    def start(width=DESKTOP, scheme="light", address=None):
        address = address or f"http://127.0.0.1:{server.server_port}/"
        visits.append(PageVisit(browser, address, width, scheme))
        return visits[-1]

    yield start
    for one in visits:
        one.context.close()


class Console:
    """A page's console, started and used by keyboard alone."""

    def __init__(self, page):
        self.page, self.frame = page, page.locator("section.try-it")
        self.screen, self.input = page.locator(".try-it-screen"), page.locator(".try-it-input")

    def start(self):
        self.page.locator(".try-it-start").focus()
        self.page.keyboard.press("Enter")
        self.input.wait_for()
        return self

    def type(self, line):
        """Type a line; return what it printed."""
        before = len(self.screen.text_content())
        self.page.keyboard.type(line)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(QUIET)
        return self.screen.text_content()[before:].split(line + "\n", 1)[1]


def has_focus(locator):
    return locator.evaluate("node => node === document.activeElement")


def test_the_console_of_an_episode(visit):
    reader = visit()
    console = Console(reader.open(EPISODES[0])).start()
    assert has_focus(console.input)
    assert console.type("squeue | head -n 1").split() == "JOBID PARTITION NAME USER ST TIME NODES NODELIST(REASON)".split()
    assert re.fullmatch(r"Submitted batch job \d+\n", console.type("sbatch hello.sh"))
    assert console.type("squeue -h -u $USER -o '%j %T'") == "hello RUNNING\n"
    assert console.type("for i in 1 2; do echo turn $i; done") == "turn 1\nturn 2\n"
    assert console.type("sleep 60; tail -n 1 slurm-*.out") == "Goodbye\n"
    assert console.type("nonsense") == "bash: nonsense: command not found\n"
    reader.page.keyboard.press("ArrowUp")
    reader.page.keyboard.press("ArrowUp")
    assert console.input.input_value() == "sleep 60; tail -n 1 slurm-*.out"
    reader.page.keyboard.press("Escape")
    assert has_focus(console.frame)
    assert console.screen.get_attribute("role") == "log"
    assert reader.complaints == []


@pytest.mark.slow
@pytest.mark.parametrize(("page", "width", "scheme"), [
    (EPISODES[0], PHONE, "light"), (EPISODES[1], DESKTOP, "dark"), (EPISODES[2], PHONE, "dark")])
def test_all_that_a_console_offers_works(visit, page, width, scheme):
    reader = visit(width, scheme)
    console = Console(reader.open(page)).start()
    offered = console.page.locator(".try-it-suggestion")
    assert offered.count() >= 3
    for number in range(offered.count()):
        offered.nth(number).click()
        assert has_focus(console.input)
        said = console.type("")
        assert not re.search(r"error|not found|Traceback|does not work", said), said
    assert reader.overflow() <= 0
    for selector in (".try-it-status", ".try-it-suggestion", ".try-it-screen", ".try-it-input"):
        assert console.page.locator(selector).first.evaluate(CONTRAST) >= 4.5
    assert reader.complaints == []


@pytest.mark.slow
def test_a_line_of_the_console_is_interrupted(visit):
    reader = visit()
    console = Console(reader.open(EPISODES[0])).start()
    reader.page.keyboard.type("while true; do sleep 1; done")
    reader.page.keyboard.press("Enter")
    stop = reader.page.locator(".try-it-stop")
    stop.wait_for()
    stop.click()
    reader.page.wait_for_function(QUIET)
    assert console.type("echo $?") == "130\n"
    reader.page.keyboard.type("forgotten")
    reader.page.keyboard.press("Control+c")
    reader.page.wait_for_function("document.querySelector('.try-it-screen').textContent.includes('forgotten^C')")
    assert console.type("echo $?") == "130\n"
    assert reader.complaints == []


class Box:
    """What a challenge's page has of the lab."""

    def __init__(self, page):
        self.page, self.box = page, page.locator("#lab-here")

    def part(self, name):
        return self.box.locator(f".lab-here-{name}")

    def start(self):
        """By keyboard; returns what the page said meanwhile."""
        self.page.evaluate("""() => {
          const line = document.querySelector(".lab-here-status");
          window.said = [];
          new MutationObserver(() => said.push(line.textContent)).observe(line, {childList: true});
        }""")
        self.part("run").focus()
        self.page.keyboard.press("Enter")
        self.page.locator("#lab-here[data-state=ready]").wait_for()
        return self.page.evaluate("said")

    @property
    def notebook(self):
        return next(frame for frame in self.page.frames if "/lite/notebooks/" in frame.url)

    def sources(self):
        return self.notebook.evaluate(
            "jupyterapp.shell.currentWidget.content.model.toJSON().cells.map(cell => [].concat(cell.source).join(''))")

    def leave(self):
        """Esc leaves the cell, Esc leaves the notebook, Enter closes it."""
        for _ in range(2):
            self.page.keyboard.press("Escape")
        self.page.wait_for_function("document.activeElement.classList.contains('lab-here-close')")
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("!document.querySelector('.lab-here-frame')")


@pytest.mark.slow
def test_a_notebook_on_its_page(visit):
    """Started, written into, left, found again and reset, by keyboard; on a phone, in the dark."""
    reader = visit(PHONE, "dark")
    box = Box(reader.open(CHALLENGE))
    said = box.start()
    assert any(text.startswith("Loading JupyterLab") for text in said)
    assert any(text.startswith("Loading Python") for text in said)
    assert said[-1].startswith("Ready.")
    assert reader.overflow() <= 0
    assert box.notebook.evaluate("document.body.dataset.jpThemeLight") == "false"
    shipped = box.sources()
    box.notebook.locator(".jp-CodeCell .cm-content").first.click()
    reader.page.keyboard.press("End")
    reader.page.keyboard.type("  # mine")
    box.leave()

    box = Box(reader.open(CHALLENGE))
    box.part("reset").wait_for()
    box.start()
    assert [text for text in box.sources() if text not in shipped] == [
        next(text for text in shipped if text.startswith("%load_ext")) + "  # mine"]
    reader.page.on("dialog", lambda dialog: dialog.accept())
    box.part("reset").click()
    reader.page.wait_for_function("!document.querySelector('#lab-here[data-state=ready]')")
    reader.page.locator("#lab-here[data-state=ready]").wait_for()
    assert box.sources() == shipped
    assert reader.complaints == []


@pytest.mark.slow
def test_a_notebooks_cells_run_by_keyboard_alone(visit):
    reader = visit()
    box = Box(reader.open(CHALLENGE))
    box.start()
    first = next(i for i, text in enumerate(box.sources()) if text.startswith("%load_ext"))
    for _ in range(first + 1):
        reader.page.keyboard.press("Shift+Enter")
    box.notebook.wait_for_function("first => jupyterapp.shell.currentWidget.content.widgets[first].model.outputs.length", arg=first)
    said = box.notebook.evaluate(
        "first => jupyterapp.shell.currentWidget.content.widgets[first].model.outputs.toJSON()[0].text", first)
    assert "the mock is on" in "".join(said)
    assert reader.complaints == []


@pytest.mark.slow
def test_notebooks_of_an_older_release(visit):
    reader = visit()
    page = reader.open(CHALLENGE)
    page.evaluate(OLDER, NOTEBOOK)
    box = Box(reader.open(CHALLENGE))
    page.get_by_text("The lesson has a newer release than the notebooks").wait_for()
    box.start()
    # what is opened is the site's, not the empty one of the older release
    assert len(box.sources()) > 5
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save my older {NOTEBOOK}").click()
    assert json.loads(download.value.path().read_text())["metadata"] == {"older": True}
    assert download.value.suggested_filename == NOTEBOOK.replace(".ipynb", "-older.ipynb")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my older scripts/mine.sh").click()
    assert download.value.path().read_text(encoding="utf-8") == "#!/bin/bash\necho älter\n"
    assert download.value.suggested_filename == "mine-older.sh"
    assert page.get_by_role("button", name="Save my older").count() == 2
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete my older notebooks").click()
    page.wait_for_function("!document.querySelector('.lab-here-older').textContent")
    assert page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))").count(
        "hpc-notebooks-000000000000") == 0
    assert reader.complaints == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "start", "status"), [
    (EPISODES[0], ".try-it-start", ".try-it-status"), (CHALLENGE, ".lab-here-run", ".lab-here-status")])
def test_a_browser_without_webassembly_is_told_what_to_do(visit, name, start, status):
    reader = visit()
    reader.page.add_init_script(NO_WEBASSEMBLY)
    page = reader.open(name)
    page.locator(start).click()
    said = page.locator(status).inner_text()
    assert "no WebAssembly" in said and "Firefox" in said and "make lab" in said
    assert page.locator("iframe").count() == 0
    assert reader.complaints == []


@pytest.mark.slow
def test_a_window_that_keeps_nothing_is_told_so(visit):
    """As private windows of some browsers: no service worker, no database."""
    reader = visit()
    reader.page.add_init_script("""
      delete Navigator.prototype.serviceWorker;
      const open = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function (name, ...rest) {
        if (name === "lab-here-probe") throw new DOMException("denied", "SecurityError");
        return open.call(this, name, ...rest);
      };""")
    box = Box(reader.open(CHALLENGE))
    box.part("run").click()
    box.part("frame").wait_for()
    said = box.part("limits").inner_text()
    assert "keeps nothing" in said and "no service workers" in said


@pytest.mark.slow
def test_the_zip_for_a_room_without_internet(site, tmp_path, visit):
    """Unpacked, and served by Python's own server; pandas' place is taken by plain tables."""
    offline.pack(site, tmp_path / "site.zip", None)
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        archive.extractall(tmp_path)
    with subprocess.Popen([sys.executable, "-u", "-m", http.server.__name__, "0", "--bind", "127.0.0.1"],
                          cwd=tmp_path / offline.TOP, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            port = re.search(r"port (\d+)", process.stdout.readline())[1]
            reader = visit(address=f"http://127.0.0.1:{port}/")
            assert Console(reader.open(EPISODES[0])).start().type("echo here") == "here\n"
            box = Box(reader.open(CHALLENGE))
            box.start()
            reply = box.notebook.evaluate(
                f"code => {KERNEL}.requestExecute({{code}}).done.then(reply => reply.content)",
                "%load_ext slurm_mock\n%load_ext slurm_magic\nnodes = get_ipython().run_line_magic('sinfo', '')\n"
                "assert 'pandas is not part of this copy' in repr(nodes), nodes")
            assert reply["status"] == "ok", reply
            assert reader.complaints == []
        finally:
            process.terminate()
