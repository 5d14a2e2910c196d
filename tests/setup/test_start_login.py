"""setup/start-jupyter-login with a real Jupyter of each age, and a second user on the same node."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests.setup import ages
from tests.setup.files import snapshot
from tests.setup.machine import eventually, free_port
from tests.setup.servers import TUNNEL, Browser, Login, speaks

CERTIFICATE = "Private/jupyter/mycert.pem"
PASSWORD = "lösenord \"på\" 'åtta"


@pytest.fixture
def configured(learner, env):
    assert learner.configure(env, password=PASSWORD).returncode == 0
    return learner


def listening(port: int) -> set[str]:
    """The local addresses on which this port listens, from the kernel's tables."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if state == "0A" and int(local.rpartition(":")[2], 16) == port:
                found.add(local.rpartition(":")[0])
    return found


def test_the_server_is_closed_to_all_but_the_password(configured, other, env):
    """The whole of it, in one server's life, because a start takes seconds."""
    temporary = set(os.listdir("/tmp"))
    with Login(configured, env) as login:
        # What is printed: the forms that the episode shows.
        node, port, user, host = TUNNEL.search(login.output).groups()
        assert (node, int(port), user) == ("127.0.0.1", login.port, configured.name)
        assert host.split(".")[0] == socket.gethostname().split(".")[0]
        assert "\nhttps://localhost:8888\n" in login.output
        assert "oken" not in login.output

        # 127.0.0.1 and nothing else, on TCP.
        assert listening(login.port) == {"0100007F"}

        # TLS 1.2 and newer, verified; http gets nothing.
        assert not speaks(login.port, "-tls1") and not speaks(login.port, "-tls1_1")
        assert speaks(login.port, "-tls1_2")
        plain = http.client.HTTPConnection("127.0.0.1", login.port, timeout=10)
        with pytest.raises((http.client.HTTPException, OSError)):
            plain.request("GET", "/login")
            plain.getresponse()
        plain.close()

        # The password, and only it, opens the files.
        certificate = configured.home / CERTIFICATE
        stranger = Browser(login.port, certificate)
        assert stranger.request("GET", "/api/contents")[0] in (302, 403)
        assert stranger.request("GET", "/api/terminals")[0] in (302, 403, 404)
        assert not stranger.log_in("wrong password")
        assert not stranger.log_in("")
        assert Browser(login.port, certificate).log_in(PASSWORD)

        # Another user of this node sees neither key nor hash, no token, and gets nothing.
        for path in ("Private/jupyter/mykey.key", ".jupyter/jupyter_notebook_config.json",
                     "Private/jupyter/start-jupyter-login.log"):  # fmt: skip
            assert (configured.home / path).exists()
            result = other.run(["cat", configured.home / path], None)
            assert result.returncode != 0 and "Permission denied" in result.stderr
        seen = other.run(["ps", "-eo", "args"], None).stdout
        assert "jupyter-notebook" in seen
        for secret in ("sha512", "token", PASSWORD):
            assert secret not in seen
        code = (
            "import ssl, sys, urllib.request, urllib.error\n"
            "context = ssl._create_unverified_context()\n"
            "try:\n"
            "    answer = urllib.request.urlopen(f'https://127.0.0.1:{sys.argv[1]}/api/contents',"
            " context=context)\n"
            "    print(answer.status, answer.url)\n"
            "except urllib.error.HTTPError as error:\n    print(error.code)\n"
        )
        got = other.run(["/usr/bin/python3", "-c", code, str(login.port)], None).stdout
        assert got.strip() == "403" or "/login?next=" in got

        # The same port again: refused at once, by name, no silent next port.
        second = configured.run([configured.home / "start-jupyter-login", str(login.port)], env)
        assert second.returncode == 2 and f"port {login.port} is taken" in second.stderr
    assert login.process.returncode == 0
    assert configured.processes() == []
    assert list((configured.home / "Private/jupyter/run").iterdir()) == []
    left = {name for name in set(os.listdir("/tmp")) - temporary
            if os.lstat(f"/tmp/{name}").st_uid == configured.uid}  # fmt: skip
    assert left == set()


def test_the_instrument_hears_old_tls():
    """A server that does speak TLS 1.0 is heard, so that "not spoken" above means something."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["openssl", "req", "-x509", "-new", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=x",
             "-keyout", f"{folder}/k", "-out", f"{folder}/c"], check=True, capture_output=True,
        )  # fmt: skip
        with subprocess.Popen(
            ["openssl", "s_server", "-quiet", "-cipher", "ALL:@SECLEVEL=0", "-tls1", "-key",
             f"{folder}/k", "-cert", f"{folder}/c", "-accept", f"127.0.0.1:{port}"],
            stdin=subprocess.PIPE,
        ) as server:  # fmt: skip
            eventually(lambda: listening(port))
            assert speaks(port, "-tls1") and not speaks(port, "-tls1_2")
            server.kill()


@pytest.mark.parametrize("started", ages.ALL, ids=str)
def test_what_one_age_configured_another_serves(learner, started):
    """One home, several modules: configured with the oldest (else the middle) Jupyter there is."""
    first = ages.OLD if ages.interpreter("3.6") else ages.MIDDLE
    learner.configure(ages.environment(first), password=PASSWORD)
    with Login(learner, ages.environment(started)) as login:
        assert not speaks(login.port, "-tls1") and not speaks(login.port, "-tls1_1")
        assert Browser(login.port, learner.home / CERTIFICATE).log_in(PASSWORD)


def test_a_connection_without_terminal_that_drops(configured, env):
    """`ssh host ./start-jupyter-login` has a pipe for a terminal; its end is the connection's."""
    with configured.popen(
        [configured.home / "start-jupyter-login", str(free_port())], env,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        while b"Ctrl-C" not in process.stdout.readline():
            assert process.poll() is None
        process.stdout.close()
        process.wait(30)
    eventually(lambda: configured.processes() == [], 20)


# --- what it refuses -----------------------------------------------------------------------------


def refused(user, env, *words, port=None, **more):
    before = snapshot(user.home)
    result = user.run([user.home / "start-jupyter-login", str(port or free_port())], env, **more)
    assert result.returncode == 2, result.stdout + result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in result.stderr
    assert snapshot(user.home) == before
    assert user.processes() == []


def test_refused_before_configuration(learner, env):
    refused(learner, env, "no password", "configure-jupyter")


def test_refused_without_jupyter(learner):
    refused(learner, None, "module load anaconda/py36/5.0.1")


CA = """\
[ca]
default_ca = ours
[ours]
database = index
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = any
[any]
CN = supplied
"""


def end(key: Path, certificate: Path) -> None:
    """Put a certificate of the year 2020 in the place of this one."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "ca").write_text(CA)
        Path(folder, "index").touch()
        subprocess.run(
            ["openssl", "req", "-new", "-key", key, "-subj", "/CN=localhost", "-out", "request"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        subprocess.run(
            ["openssl", "ca", "-batch", "-notext", "-config", "ca", "-selfsign", "-keyfile", key,
             "-in", "request", "-out", certificate, "-startdate", "20200101000000Z",
             "-enddate", "20200201000000Z"], check=True, capture_output=True, cwd=folder,
        )  # fmt: skip


@pytest.mark.parametrize("harm, word", [
    ("no password", "no password"), ("does not compile", "line"), ("fails", "NameError"),
    ("broken json", "json"), ("readable key", "others may read the key"), ("no key", "there is no"),
    ("no certificate set", "no certificate"), ("ended", "has ended"),
])  # fmt: skip
def test_refused_with_what_would_make_an_open_server(configured, env, harm, word):
    home = configured.home
    script = home / ".jupyter/jupyter_notebook_config.py"
    names = ["jupyter_notebook_config", "jupyter_server_config"]
    if harm == "no password":
        for name in names:
            (home / f".jupyter/{name}.json").unlink(missing_ok=True)
    elif harm == "does not compile":
        script.write_text(script.read_text() + "c.NotebookApp.port = = 1\n")
    elif harm == "fails":
        script.write_text("c.NotebookApp.x = nothing\n" + script.read_text())
    elif harm == "broken json":
        (home / ".jupyter/jupyter_notebook_config.json").write_text("{")
    elif harm == "readable key":
        (home / "Private/jupyter/mykey.key").chmod(0o644)
    elif harm == "no key":
        (home / "Private/jupyter/mykey.key").unlink()
    elif harm == "no certificate set":
        for name in names:
            (home / f".jupyter/{name}.py").unlink(missing_ok=True)
    else:
        end(home / "Private/jupyter/mykey.key", home / CERTIFICATE)
        os.chown(home / CERTIFICATE, configured.uid, configured.gid)
    refused(configured, env, word)


@pytest.mark.parametrize("port", ["80", "0", "65536", "x", "-1", "8888 9999", "99999"])
def test_ports_that_are_none(learner, new_env, port):
    learner.configure(new_env)
    refused(learner, new_env, "1024", port=port)


def test_a_port_of_another_users_is_refused(learner, other, new_env):
    learner.configure(new_env)
    code = ("import socket, sys, time; s = socket.socket(); s.bind(('127.0.0.1', int(sys.argv[1])));"
            "s.listen(); print('up', flush=True); time.sleep(60)")  # fmt: skip
    port = free_port()
    with other.popen(["/usr/bin/python3", "-c", code, str(port)], None,
                     stdout=subprocess.PIPE) as thief:  # fmt: skip
        try:
            assert thief.stdout.readline() == b"up\n"
            refused(learner, new_env, f"port {port} is taken", port=port)
        finally:
            thief.kill()


# --- surroundings --------------------------------------------------------------------------------


def test_foreign_runtime_folder_token_and_own_settings(configured, other, env):
    """What stops notebook 5.0, or would open or move the server, if the script let it."""
    script = configured.home / ".jupyter/jupyter_notebook_config.py"
    script.write_text(
        script.read_text() + "c.NotebookApp.ip = '0.0.0.0'\nc.NotebookApp.port = 9999\n"
        "c.NotebookApp.port_retries = 50\nc.NotebookApp.base_url = '/mine/'\n"
        "c.NotebookApp.open_browser = True\n"
    )
    foreign = other.home / "runtime"
    foreign.mkdir(mode=0o700)
    more = {"XDG_RUNTIME_DIR": str(foreign), "JUPYTER_TOKEN": "a-secret-token"}
    with Login(configured, env, more=more) as login:
        assert listening(login.port) == {"0100007F"}
        assert "a-secret-token" not in login.output
        log = configured.home / "Private/jupyter/start-jupyter-login.log"
        assert "a-secret-token" not in log.read_text()
        browser = Browser(login.port, configured.home / CERTIFICATE)
        assert browser.request("GET", "/api/contents?token=a-secret-token")[0] in (302, 403)
        assert browser.log_in(PASSWORD)
    assert list(foreign.iterdir()) == []


def test_settings_that_switch_the_password_off_are_noticed(learner, new_env):
    learner.configure(new_env)
    script = learner.home / ".jupyter/jupyter_server_config.py"
    script.write_text(script.read_text() + (
        "from jupyter_server.auth.identity import IdentityProvider, User\n"
        "class Open(IdentityProvider):\n"
        "    def get_user(self, handler):\n        return User('anybody')\n"
        "c.ServerApp.identity_provider_class = Open\n"))  # fmt: skip
    result = learner.run([learner.home / "start-jupyter-login", str(free_port())], new_env)
    assert result.returncode == 1 and "without the password" in result.stderr
    assert learner.processes() == []


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_the_server_ends_with_its_script(configured, env, number):
    with Login(configured, env) as login:
        os.kill(login.process.pid, number)
        login.process.wait(30)
        eventually(lambda: configured.processes() == [], 30)
    assert listening(login.port) == set()
    if number == signal.SIGKILL:  # what is left then goes with the next start
        with Login(configured, env):
            assert len(list((configured.home / "Private/jupyter/run").iterdir())) == 1
    assert list((configured.home / "Private/jupyter/run").iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("moment", [0.05, 0.3, 0.7, 1.2, 2.0])
def test_ctrl_c_before_it_is_ready_leaves_no_server(learner, new_env, moment):
    learner.configure(new_env)
    with learner.popen(
        [learner.home / "start-jupyter-login", str(free_port())], new_env,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(1)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)  # the first one came before Python listened
        error = process.stderr.read()
    # "line 0": Python itself was interrupted, before it came to the script's first line.
    assert b"Traceback" not in error or b"line 0, in <module>" in error
    assert process.returncode in (0, 130, -signal.SIGINT)
    eventually(lambda: learner.processes() == [], 20)


def test_check_sees_the_server_and_that_it_is_older_than_the_password(learner, new_env):
    learner.configure(new_env)
    with Login(learner, new_env) as login:
        check = [learner.home / "configure-jupyter", "--check"]
        assert f"port {login.port}" in learner.run(check, new_env).stdout
        learner.configure(new_env, "--new-password", password="quite another")
        result = learner.run(check, new_env)
        assert result.returncode == 2 and "started before the last change" in result.stdout


def test_the_runtime_folder_is_private(learner, new_env):
    learner.configure(new_env)
    with Login(learner, new_env):
        (folder,) = (learner.home / "Private/jupyter/run").iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        facts = json.loads((folder / "ready.json").read_text())
        assert facts["machine"] == socket.gethostname()
    assert ssl.OPENSSL_VERSION_INFO >= (1, 1, 1)  # the tests' own TLS is new enough to judge
