"""A login node on this machine: throw-away users, an sshd on 127.0.0.1, and what they can type."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.needs import need, unavailable
from tests.setup.ages import Environment

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "setup"
MODULE = "anaconda/py36/5.0.1"


def require_root() -> None:
    """Skip the calling test where throw-away users can't be made."""
    if os.geteuid() != 0 or not shutil.which("useradd"):
        unavailable("throw-away users and an sshd need root (and useradd)")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def eventually(what, seconds=20.0, every=0.05):
    """Return what() as soon as it is true; fail after so many seconds."""
    limit = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < limit, f"not true after {seconds} s: {what}"
        time.sleep(every)


class User:
    """A throw-away user with a home of its own, in which the setup scripts lie."""

    def __init__(self, comment: str):
        self.name = "jl" + secrets.token_hex(4)
        subprocess.run(
            ["useradd", "--create-home", "--shell", "/bin/bash", "--password", "*",  # no "!": sshd refuses
             "--comment", comment, self.name],
            check=True, capture_output=True,
        )  # fmt: skip
        entry = pwd.getpwnam(self.name)
        self.uid, self.gid, self.home = entry.pw_uid, entry.pw_gid, Path(entry.pw_dir)
        for name in ("configure-jupyter", "start-jupyter-login", "start-jupyter-compute"):
            self.give(SETUP / name, name)

    def give(self, source: Path, name: str) -> Path:
        """Copy one file to the user's home, as a learner does."""
        target = self.home / name
        shutil.copy(source, target)
        os.chown(target, self.uid, self.gid)
        target.chmod(0o755)
        return target

    def environ(self, env: Environment | None, **more: str) -> dict[str, str]:
        """A login's environment, with the module of `env` loaded if there is one."""
        module = env.variables if env else {"PATH": "/usr/bin:/bin"}
        return {"HOME": str(self.home), "USER": self.name, "LANG": "C", **module, **more}

    def popen(self, command, env: Environment | None, *, cwd=None, more=None, **options):
        """Start a command as this user, in the home, in a session of its own."""
        return subprocess.Popen(
            [str(word) for word in command], cwd=cwd or self.home,
            env=self.environ(env, **(more or {})), user=self.uid, group=self.gid, extra_groups=[],
            start_new_session=True, **options,
        )  # fmt: skip

    def run(self, command, env: Environment | None, *, input: bytes = b"", timeout=60, **options):
        """Run a command as this user; return the CompletedProcess, its output as text."""
        with self.popen(
            command, env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            **options,
        ) as process:  # fmt: skip
            try:
                out, error = process.communicate(input, timeout=timeout)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return subprocess.CompletedProcess(
            command, process.returncode, out.decode("utf-8", "replace"), error.decode("utf-8", "replace")
        )

    def configure(self, env, *options, password="correct horse", **more):
        """Run configure-jupyter with the password on its standard input."""
        return self.run(
            [self.home / "configure-jupyter", "--password-stdin", *options], env,
            input=password.encode() + b"\n", **more,
        )  # fmt: skip

    def processes(self) -> list[int]:
        """The ids of all processes of this user."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if entry.stat().st_uid == self.uid:
                        found.append(int(entry.name))
                except OSError:
                    continue
        return found

    def remove(self) -> None:
        """End what this user still runs, by id, and remove the user and the home."""
        for _ in range(50):
            left = self.processes()
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not left:
                break
            time.sleep(0.1)
        subprocess.run(["userdel", "--force", "--remove", self.name], capture_output=True)
        assert not self.home.exists()


class Sshd:
    """OpenSSH's real server on a free port of 127.0.0.1, for throw-away users with keys."""

    def __init__(self, folder: Path):
        sshd = need("sshd")
        self.folder, self.port = folder, free_port()
        folder.chmod(0o755)
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        for name in ("host", "user"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True
            )
        (folder / "authorized").write_text((folder / "user.pub").read_text())
        (folder / "authorized").chmod(0o644)
        config = folder / "sshd_config"
        config.write_text(f"""\
ListenAddress 127.0.0.1:{self.port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PidFile none
AllowTcpForwarding yes
""")
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen([sshd, "-D", "-e", "-f", config], stderr=self.log)
        eventually(self.answers)
        # A laptop's own settings, which the tunnel must leave in force: all of the login is in here.
        (folder / "config").write_text(f"""\
Host *
    Port {self.port}
    IdentityFile {folder}/user
    IdentitiesOnly yes
    UserKnownHostsFile {folder}/known_hosts
    ControlMaster auto
    ControlPersist 60
    ControlPath {folder}/multiplex-%C
""")
        public = (folder / "host.pub").read_text().split()[:2]
        (folder / "known_hosts").write_text(
            f"[127.0.0.1]:{self.port} {' '.join(public)}\n[localhost]:{self.port} {' '.join(public)}\n"
        )

    def answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "log").read_text()
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0

    def laptop(self) -> dict[str, str]:
        """The environment of a laptop whose ssh has the settings above (by a wrapper on PATH)."""
        binaries = self.folder / "laptop"
        if not binaries.exists():
            binaries.mkdir()
            wrapper = binaries / "ssh"
            wrapper.write_text(f'#!/bin/sh\nexec {need("ssh")} -F {self.folder}/config "$@"\n')
            wrapper.chmod(0o755)
        return {"PATH": f"{binaries}:/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C"}

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.log.close()
