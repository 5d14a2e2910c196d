"""The learner's laptop: a terminal with ssh, and Chromium that trusts one certificate."""

from __future__ import annotations

import contextlib
import re
import subprocess
from pathlib import Path

import pexpect
from playwright.sync_api import Page, TimeoutError, sync_playwright

from tests.needs import NEEDS, Need, need
from tools.lab_visit import FLAGS

NEEDS.setdefault("certutil", Need(("certutil",), ("libnss3-tools",)))

PROMPT = "ready> "


class Terminal:
    """An ssh session on the login node, typed into as a learner does."""

    def __init__(self, sshd, user):
        self.child = pexpect.spawn(
            "ssh", ["-tt", f"{user.name}@localhost"], env={**sshd.laptop(), "TERM": "dumb"},
            timeout=120, encoding="utf-8", dimensions=(50, 300),
        )  # fmt: skip
        self.child.expect_exact(PROMPT)

    def type(self, line: str) -> str:
        """Type a line, wait for the prompt, return what was shown."""
        self.child.sendline(line)
        self.child.expect_exact(PROMPT)
        return self.child.before

    def start(self, line: str, until: str) -> str:
        """Type a line that stays in the foreground; return what it showed up to `until`."""
        self.child.sendline(line)
        self.child.expect_exact(until)
        return self.child.before.replace("\r\n", "\n")

    def close(self) -> None:
        self.child.close(force=True)


@contextlib.contextmanager
def chromium(home: Path, certificate: bytes | None):
    """Headless Chromium with a profile of its own, in which `certificate` is trusted (only it)."""
    certutil = need("certutil")
    database = home / ".pki/nssdb"
    database.mkdir(parents=True)
    subprocess.run([certutil, "-d", f"sql:{database}", "-N", "--empty-password"], check=True)
    if certificate:
        subprocess.run(
            [certutil, "-d", f"sql:{database}", "-A", "-t", "P,,", "-n", "jupyter", "-a"],
            input=certificate, check=True,
        )  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"), args=FLAGS, env={"HOME": str(home), "PATH": "/usr/bin:/bin"}
        )
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(60_000)
        context.route(
            re.compile(r"^(?!https://localhost[:/])(?!data:)(?!blob:)"), lambda route: route.abort()
        )
        yield context.new_page()
        browser.close()


def log_in(page: Page, address: str, password: str) -> str:
    """Open the address, type the password; return the protocol of the verified connection."""
    answer = page.goto(address)
    protocol = answer.security_details()["protocol"]
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(tree|lab)"))
    return protocol


def run_first_cell(page: Page, address: str, expected: str) -> None:
    """Open a notebook, run its first cell with Shift-Enter, wait for words in its output."""
    page.goto(address)
    cell = ".jp-Notebook .jp-CodeCell .cm-content, #notebook .code_cell .CodeMirror"
    page.wait_for_selector(cell)
    if page.query_selector("#notebook .code_cell"):
        page.wait_for_function("window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel"
                               " && Jupyter.notebook.kernel.is_connected()")  # fmt: skip
    else:
        with contextlib.suppress(TimeoutError):
            page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=20_000)
    output = page.locator(".jp-OutputArea-output, .output_area", has_text=expected).first
    for _ in range(6):  # a kernel that still starts takes no cell
        for button in page.query_selector_all(".jp-Dialog .jp-mod-accept"):
            print("dialog:", page.inner_text(".jp-Dialog"))  # "Select Kernel", as Enter would
            button.click()
        with contextlib.suppress(TimeoutError):
            page.locator(cell).first.click(timeout=5_000)
            page.keyboard.press("Shift+Enter")
            output.wait_for(timeout=12_000)
            return
    raise AssertionError(f"no cell showed {expected!r}: {page.inner_text('body')[-2000:]}")
