"""`make serve` and `make lab` answer on 127.0.0.1, and only there."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress

import pytest

from .conftest import ROOT

# `make lab` may have to make the challenges first: minutes, on a loaded machine.
SECONDS = 900
pytestmark = [pytest.mark.slow, pytest.mark.timeout(SECONDS + 100)]
MAKE = ["make", "--no-print-directory", "-o", ".venv/.installed"]


@contextmanager
def running(tmp_path, *words, **environ):
    """Start make with these words; yield a function that waits for a line of its output."""
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*MAKE, *words], cwd=ROOT, env={**os.environ, **environ}, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

        def wait_for(pattern):
            end = time.monotonic() + SECONDS
            while time.monotonic() < end and process.poll() is None:
                found = re.search(pattern, log.read_text())
                if found:
                    return found
                time.sleep(0.2)
            pytest.fail(f"no {pattern} in:\n{log.read_text()[-3000:]}")

        try:
            yield wait_for
        finally:
            # Twice: JupyterLab asks back after the first.
            for _ in range(2):
                with suppress(ProcessLookupError):  # it ended by itself
                    os.killpg(process.pid, signal.SIGTERM)
                time.sleep(0.5)
            process.wait(timeout=30)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def fetch(url):
    """Return (status, text) of a page, trying for a while: the server may still be starting."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(50):
        try:
            with opener.open(url, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except ConnectionError:
            time.sleep(0.2)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
            time.sleep(0.2)
    pytest.fail(f"{url} does not answer")


def listens_elsewhere(port):
    """True when the port can be reached by an address other than 127.0.0.1."""
    with socket.socket() as client:
        client.settimeout(2)
        return client.connect_ex(("127.0.0.2", port)) == 0


def test_make_serve(tmp_path, site):
    port = free_port()
    with running(tmp_path, "serve", f"PORT={port}") as wait_for:
        wait_for(f"http://127.0.0.1:{port}/")
        status, text = fetch(f"http://127.0.0.1:{port}/_episodes/11-jupyter.html")
        assert status == 200
        assert "Jupyter" in text
        assert not listens_elsewhere(port)


def test_make_lab(tmp_path, site):
    with running(tmp_path, "lab", BROWSER="true") as wait_for:
        found = wait_for(r"http://127\.0\.0\.1:(\d+)/lab\?token=(\w+)")
        port, token = int(found[1]), found[2]
        status, text = fetch(f"http://127.0.0.1:{port}/api/contents/?token={token}")
        assert status == 200
        assert "01-slurm-magics.ipynb" in text
        assert not listens_elsewhere(port)
