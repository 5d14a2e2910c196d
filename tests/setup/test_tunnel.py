"""setup/tunnel through a real sshd, to a real Jupyter and to all that may be there in its place."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import pytest

from tests.setup.machine import SETUP, eventually, free_port
from tests.setup.servers import Browser, Login

WRONG = ":".join(["AB"] * 32)


class Tunnel:
    """The script at work on the laptop; a context manager that ends it."""

    def __init__(self, sshd, *words, more=None):
        self.out = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [str(word) for word in (SETUP / "tunnel", *words)], env={**sshd.laptop(), **(more or {})},
            stdin=subprocess.DEVNULL, stdout=self.out, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip

    @property
    def output(self) -> str:
        return os.pread(self.out.fileno(), 100_000, 0).decode()

    def __enter__(self):
        eventually(lambda: self.process.poll() is not None or "Ctrl-C" in self.output, 60)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            self.process.wait(20)
        self.out.close()


@contextlib.contextmanager
def far_end(behave, family=socket.AF_INET, port=0):
    """Something that listens where the server should be: behave(connection) for each caller."""
    with socket.socket(family) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1" if family == socket.AF_INET else "::1", port))
        server.listen()
        server.settimeout(0.2)
        ended = threading.Event()

        def serve():
            while not ended.is_set():
                with contextlib.suppress(OSError):
                    connection, _ = server.accept()
                    with connection:
                        behave(connection, ended)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def certificate(folder):
    """A certificate of somebody else's; return the paths of it and its key."""
    subprocess.run(
        ["openssl", "req", "-x509", "-new", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=localhost",
         "-keyout", folder / "key", "-out", folder / "cert"], check=True, capture_output=True,
    )  # fmt: skip
    return folder / "cert", folder / "key"


def tls(cert, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    def behave(connection, _):
        with contextlib.suppress(OSError, ssl.SSLError):
            with context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(10)

    return behave


def target(learner):
    return f"{learner.name}@127.0.0.1"


def ended(tunnel, *words, code=1):
    """Check that the tunnel ended with this code and said this, and that no ssh is left."""
    with tunnel:
        assert tunnel.process.poll() == code, tunnel.output
        for word in words:
            assert word in tunnel.output
        with pytest.raises(ProcessLookupError):
            eventually(lambda: os.killpg(tunnel.process.pid, 0), 10)


def nothing_listens(port):
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


def test_to_the_right_server_and_back(learner, sshd, new_env):
    """The user's own ssh settings hold (port and key come from them), multiplexing does not."""
    learner.configure(new_env, password="correct horse")
    here = free_port()
    with Login(learner, new_env) as login:
        with Tunnel(sshd, target(learner), login.port, here, "127.0.0.1", login.fingerprint) as tunnel:
            assert tunnel.process.poll() is None, tunnel.output
            lines = tunnel.output.splitlines()
            assert "The certificate at the far end is yours." in lines
            assert f"https://localhost:{here}" in lines
            browser = Browser(here, learner.home / "Private/jupyter/mycert.pem")
            assert browser.log_in("correct horse")
            assert not list(sshd.folder.glob("multiplex-*"))
        assert tunnel.process.returncode == 0
        eventually(lambda: nothing_listens(here))
        # A wrong fingerprint: closed at once.
        ended(Tunnel(sshd, target(learner), login.port, here, "127.0.0.1", WRONG),
              "do not type your password", login.fingerprint)  # fmt: skip
        assert nothing_listens(here)
        # No fingerprint: shown, for the learner to compare.
        with Tunnel(sshd, target(learner), login.port, here) as tunnel:
            assert login.fingerprint in tunnel.output.splitlines()
            assert "Only then type your password" in tunnel.output
    assert not list(sshd.folder.glob("tmp/tunnel.*"))


def test_without_openssl_it_says_that_nothing_was_checked(learner, sshd, new_env, tmp_path):
    laptop = tmp_path / "bin"
    laptop.mkdir()
    for name in ("sh", "mktemp", "sleep", "grep", "sed", "cat", "rm", "wc", "tr", "touch", "kill"):
        found = next(f"{folder}/{name}" for folder in ("/usr/bin", "/bin")
                     if os.path.exists(f"{folder}/{name}"))  # fmt: skip
        (laptop / name).symlink_to(found)
    path = f"{sshd.laptop()['PATH'].split(':')[0]}:{laptop}"
    with far_end(tls(*certificate(tmp_path))) as port:
        with Tunnel(sshd, target(learner), port, free_port(), more={"PATH": path}) as tunnel:
            assert tunnel.process.poll() is None, tunnel.output
            assert "the fingerprint was not checked" in tunnel.output


def test_nothing_at_the_far_end(learner, sshd):
    ended(Tunnel(sshd, target(learner), free_port(), free_port(), WRONG),
          "the server stopped, or you reached another login node")  # fmt: skip


@pytest.mark.parametrize("words", [b"HTTP/1.1 200 OK\r\n\r\nhello", b"SSH-2.0-x\r\n"])
def test_plain_http_at_the_far_end(learner, sshd, words):
    def behave(connection, _):
        connection.recv(1000)
        connection.sendall(words)

    with far_end(behave) as port:
        ended(Tunnel(sshd, target(learner), port, free_port(), WRONG), "do not type your password")


def test_a_far_end_that_keeps_silent_is_not_waited_for(learner, sshd):
    started = time.monotonic()
    with far_end(lambda connection, ended: ended.wait(60)) as port:
        ended(Tunnel(sshd, target(learner), port, free_port(), WRONG), "127.0.0.1:")
    assert time.monotonic() - started < 60


def test_another_users_server_that_took_the_port(learner, other, sshd, new_env, tmp_path):
    """The learner's server died; another user's listens on its port, with a certificate of his own."""
    learner.configure(new_env)
    with Login(learner, new_env) as login:
        port, mine = login.port, login.fingerprint
    cert, key = certificate(tmp_path)
    with far_end(tls(cert, key), port=port):
        ended(Tunnel(sshd, target(learner), port, free_port(), mine),
              "do not type your password", "not yours")  # fmt: skip


def test_a_listener_on_the_other_localhost_gets_nothing(learner, sshd, new_env, tmp_path):
    """-L 8888:localhost:8888 could land on [::1]: this tunnel names 127.0.0.1 on both ends."""
    learner.configure(new_env)
    seen = []

    def thief(connection, _):
        seen.append(connection.recv(10))

    with Login(learner, new_env) as login:
        try:
            trap = far_end(thief, socket.AF_INET6, login.port)
            with trap, Tunnel(sshd, target(learner), login.port, free_port(), login.fingerprint) as t:
                assert t.process.poll() is None, t.output
        except OSError as error:
            pytest.skip(f"this machine has no [::1]: {error}")
    assert seen == []


def test_a_busy_local_port_is_named(learner, sshd):
    with far_end(lambda connection, ended: None) as busy:
        ended(Tunnel(sshd, target(learner), free_port(), busy), f"port {busy} of this machine is taken",
              "LOCAL_PORT")  # fmt: skip


def test_a_busy_local_port_on_ipv6_is_named(learner, sshd):
    with far_end(lambda connection, ended: ended.wait(5), socket.AF_INET6) as busy:
        ended(Tunnel(sshd, target(learner), free_port(), busy), f"[::1]:{busy}", "LOCAL_PORT")


def test_a_refused_login(sshd):
    ended(Tunnel(sshd, "no-such-user@127.0.0.1", free_port(), free_port()), "ssh could not open the tunnel",
          "Permission denied")  # fmt: skip


def test_a_connection_that_ends_is_told(learner, sshd, new_env):
    learner.configure(new_env)
    with Login(learner, new_env) as login:
        with Tunnel(sshd, target(learner), login.port, free_port(), login.fingerprint) as tunnel:
            children = subprocess.run(
                ["ps", "-o", "pid=,args=", "--ppid", str(tunnel.process.pid)],
                capture_output=True, text=True,
            ).stdout  # fmt: skip
            (pid,) = re.findall(r"^\s*(\d+) \S*ssh ", children, re.M)
            os.kill(int(pid), signal.SIGTERM)
            assert tunnel.process.wait(20) == 1
            assert "the connection has ended" in tunnel.output


@pytest.mark.parametrize("moment", [0.02, 0.1, 0.3, 0.6, 1.0, 2.0])
def test_ctrl_c_at_any_moment_leaves_no_ssh(learner, sshd, moment, tmp_path):
    tunnel = Tunnel(sshd, target(learner), free_port(), free_port(), more={"TMPDIR": str(tmp_path)})
    time.sleep(moment)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(tunnel.process.pid, signal.SIGINT)
    assert tunnel.process.wait(20) in (0, 1, 130, -signal.SIGINT)
    with pytest.raises(ProcessLookupError):
        eventually(lambda: os.killpg(tunnel.process.pid, 0), 10)
    assert moment < 0.1 or list(tmp_path.iterdir()) == []
    tunnel.out.close()


@pytest.mark.parametrize("words", [
    [], ["host"], ["host", "x"], ["host", "0"], ["host", "70000"], ["host", "1", "99999"],
    ["-oProxyCommand=touch /tmp/owned", "1"], ["a b", "1"], ["host;id", "1"],
    ["host", "1", "2", "-node"], ["host", "1", "2", "no de"], ["host", "1", "2", "x", "AB:CD"],
    ["host", "1", "2", "3", "4", "5"],
])  # fmt: skip
def test_wrong_words_are_refused(sshd, words):
    ended(Tunnel(sshd, *words), "usage: tunnel USER@HOST REMOTE_PORT", code=2)


def test_no_room_for_its_files(sshd, tmp_path):
    nowhere = str(tmp_path / "nowhere")
    ended(Tunnel(sshd, "host", "1", more={"TMPDIR": nowhere}), f"no folder can be made in {nowhere}: make room", code=3)


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_help_is_the_head_of_the_file(shell):
    result = subprocess.run([shell, SETUP / "tunnel", "--help"], capture_output=True, text=True)
    assert result.returncode == 0 and "usage: tunnel USER@HOST" in result.stdout
    assert "set -u" not in result.stdout
