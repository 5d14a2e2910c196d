"""Firefox, spoken to in WebDriver BiDi (w3.org/TR/webdriver-bidi): Playwright knows only a Firefox
of its own, which cannot be had here.

It reaches 127.0.0.1 only.  `Firefox.complaints` has what pages said on the console as errors, and
whom else they wanted to reach.
"""

from __future__ import annotations

import json
import subprocess
import time
from urllib.parse import urlsplit

import websocket

from tools.lab_visit import HARMLESS, SECONDS

# Where no proxy listens: nobody but 127.0.0.1 can be reached.
PROXY = {"proxyType": "manual", "httpProxy": "127.0.0.1:9", "sslProxy": "127.0.0.1:9", "noProxy": ["127.0.0.1"]}
PRIVATE = 'user_pref("browser.privatebrowsing.autostart", true);\n'
LISTENS = "WebDriver BiDi listening on "
ENTER = "\ue007"


class Firefox:
    """A Firefox with one tab and a profile of its own below `folder`; `with` ends it."""

    def __init__(self, program, folder, private=False):
        self.program, self.folder, self.private = program, folder, private
        self.complaints, self.number = [], 0

    def __enter__(self):
        profile, log = self.folder / "profile", self.folder / "log"
        profile.mkdir(parents=True)
        (profile / "user.js").write_text(PRIVATE if self.private else "")
        with log.open("w") as said:
            self.process = subprocess.Popen(
                [self.program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=self.folder,
                env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8"})
        try:
            self.socket = websocket.create_connection(self._address(log) + "/session", timeout=SECONDS,
                                                      suppress_origin=True)
            self.ask("session.new", capabilities={"alwaysMatch": {"proxy": PROXY}})
            self.tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]
            self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        return self

    def __exit__(self, *_exception):
        self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _address(self, log):
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            for line in log.read_text().splitlines():
                if line.startswith(LISTENS):
                    return line.removeprefix(LISTENS)
            time.sleep(0.1)
        raise AssertionError(f"Firefox does not listen: {log.read_text()}")

    def ask(self, method, **params):
        """Send a command; its result. What is told meanwhile is noted."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            told = json.loads(self.socket.recv())
            if told.get("id") == self.number:
                assert told["type"] == "success", told
                return told["result"]
            self._note(told.get("method"), told.get("params", {}))

    def _note(self, method, told):
        if method == "log.entryAdded" and told["level"] == "error" and HARMLESS not in str(told.get("text")):
            self.complaints.append(f"console: {told['text']}")
        if method == "network.beforeRequestSent" and told.get("context"):
            address = urlsplit(told["request"]["url"])
            if address.scheme in ("http", "https", "ws", "wss") and address.hostname != "127.0.0.1":
                self.complaints.append(f"request elsewhere: {told['request']['url']}")

    def open(self, address):
        """Open a page. What the one before says when it is left (fetches that end) is its own."""
        self.ask("browsingContext.navigate", context=self.tab, url="about:blank", wait="complete")
        self.complaints.clear()
        self.ask("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def value(self, expression):
        """What JavaScript gives, a promise's value too, as JSON can say it."""
        wrapped = f"(async () => JSON.stringify(await ({expression})))()"
        told = self.ask("script.evaluate", expression=wrapped, target={"context": self.tab}, awaitPromise=True)
        assert told["type"] == "success", told["exceptionDetails"]["text"]
        return json.loads(told["result"].get("value", "null"))

    def until(self, expression):
        """Wait for what is true; its value."""
        end = time.monotonic() + SECONDS
        while not (found := self.value(expression)):
            assert time.monotonic() < end, f"never came: {expression}"
            time.sleep(0.2)
        return found

    def type(self, text):
        """Press the keys of a text in what has the focus."""
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.ask("input.performActions", context=self.tab, actions=[{"type": "key", "id": "keys", "actions": keys}])
