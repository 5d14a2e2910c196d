"""Servers that a start script runs, and requests to them as a browser or a stranger makes them."""

from __future__ import annotations

import contextlib
import http.client
import http.cookies
import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import urllib.parse
from pathlib import Path

from tests.setup.machine import User, eventually, free_port

TUNNEL = re.compile(r"^ssh -N -L 127\.0\.0\.1:8888:(\S+):(\d+) (\S+)@(\S+)$", re.M)
FINGERPRINT = re.compile(r"^([0-9A-F]{2}:){31}[0-9A-F]{2}$", re.M)


class Login:
    """start-jupyter-login at work for a user; a context manager that ends it."""

    def __init__(self, user: User, env, port: int | None = None, *, wrap=(), more=None, options=()):
        self.user, self.port = user, port or free_port()
        self.out = tempfile.TemporaryFile()
        self.process = user.popen(
            [*wrap, user.home / "start-jupyter-login", str(self.port), *options], env, more=more,
            stdin=subprocess.DEVNULL, stdout=self.out, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def __enter__(self):
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(self.__exit__)
            eventually(lambda: self.process.poll() is not None or "Ctrl-C" in self.output, 90)
            assert self.process.poll() is None, self.output
            on_failure.pop_all()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGINT)
            self.process.wait(40)
        self.out.close()

    @property
    def output(self) -> str:
        return os.pread(self.out.fileno(), 100_000, 0).decode()

    @property
    def fingerprint(self) -> str:
        return FINGERPRINT.search(self.output)[0]


def trusting(certificate: Path | str) -> ssl.SSLContext:
    """A browser's way: full verification, TLS 1.2 and newer, with this certificate trusted."""
    context = ssl.create_default_context(cafile=str(certificate))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
    return context


class Browser:
    """Just enough of a browser: cookies and the login form, over verified TLS."""

    def __init__(self, port: int, certificate: Path, host="127.0.0.1"):
        self.port, self.host, self.context = port, host, trusting(certificate)
        self.cookies: dict[str, str] = {}

    def request(self, method: str, path: str, form: dict | None = None):
        """Return (status, body) of one request; the certificate has to be that of localhost."""
        with socket.create_connection((self.host, self.port), timeout=20) as plain:
            with self.context.wrap_socket(plain, server_hostname="localhost") as secure:
                connection = http.client.HTTPConnection("localhost", self.port)
                connection.sock = secure
                headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
                body = urllib.parse.urlencode(form) if form else None
                if form:
                    headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                for line in answer.headers.get_all("Set-Cookie") or []:
                    for name, morsel in http.cookies.SimpleCookie(line).items():
                        self.cookies[name] = morsel.value
                return answer.status, answer.read()

    def log_in(self, password: str) -> bool:
        """Fill in the login page; return whether the files are shown now."""
        self.request("GET", "/login")
        form = {"password": password, "_xsrf": self.cookies.get("_xsrf", "")}
        self.request("POST", "/login", form)
        return self.request("GET", "/api/contents")[0] == 200


def speaks(port: int, version: str) -> bool:
    """Return whether the server takes this TLS version ("-tls1", ...) when a client insists."""
    result = subprocess.run(
        ["openssl", "s_client", version, "-cipher", "ALL:@SECLEVEL=0",
         "-connect", f"127.0.0.1:{port}"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    return bool(re.search(r"Cipher is (?!\(NONE\))\S+", result.stdout))
