"""The two sides of a comparison: real Slurm and the mock, driven in the same way.

A side runs a command line by ``bash -c`` as the same ordinary user, with the
same clean environment, and knows how to become empty again.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conformance.normalise import Normaliser
from tests.conformance.real_slurm import LEARNER, RealSlurm, ensure_user, write_configuration
from tests.conformance.transcript import Result

ADMIN = "slurm"  # the SlurmUser of cluster/slurm.conf.in
COMMAND_TIMEOUT = 150  # seconds that one command line may take
ROOT = Path(__file__).parents[2]


class Side:
    """Common to both sides: how a command line is run and a file is written."""

    name: str
    home: Path  # the folder of slurm.conf
    user: pwd.struct_passwd

    def environment(self) -> dict[str, str]:
        """Environment of every command line, beside what the side adds."""
        return {"HOME": self.user.pw_dir, "USER": LEARNER, "SHELL": "/bin/bash",
                "LOGNAME": LEARNER, "LANG": "C.UTF-8", "TERM": "dumb",
                "PATH": "/usr/local/bin:/usr/bin:/bin"}

    def normaliser(self, folder: Path) -> Normaliser:
        """For what command lines in this folder give: the learner may have another uid here."""
        return Normaliser({str(folder): "WORK", str(self.home): "CLUSTER",
                           self.user.pw_dir: f"/home/{LEARNER}"}, uid=self.user.pw_uid)

    def folder(self, base: Path, name: str) -> Path:
        """An empty folder of the user's; its path is as long on either side."""
        made = base / self.name / name
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        os.chown(made, self.user.pw_uid, self.user.pw_gid)
        return made

    def write(self, path: Path, text: str) -> None:
        """Make a file that the user owns and may run."""
        with open(path, "w", newline="") as file:
            file.write(text)
        path.chmod(0o755)
        os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def now(self) -> float:
        """Seconds, on the clock by which the side's jobs live."""
        return time.monotonic()

    def _bash(self, argv: list[str], folder: Path, env: dict[str, str],
              user: pwd.struct_passwd, timeout: float = COMMAND_TIMEOUT) -> Result:
        owner = {}
        if os.geteuid() == 0:
            owner = {"user": user.pw_uid, "group": user.pw_gid,
                     "extra_groups": os.getgrouplist(user.pw_name, user.pw_gid)}
        process = subprocess.Popen(argv, cwd=folder, env=env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   start_new_session=True, **owner)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            err += f"(not done after {timeout} s)\n".encode()
        except BaseException:
            # the test's own time limit: leave no command behind
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        return Result(out.decode(errors="replace"), err.decode(errors="replace"),
                      process.returncode)


class Real(Side):
    """Commands of the real Slurm that is running in a folder."""

    name = "real"

    def __init__(self, cluster: RealSlurm):
        self.cluster = cluster
        self.home = cluster.root
        self.used = cluster.lasting
        self.user = pwd.getpwnam(LEARNER)

    def run(self, line: str, folder: Path, env: dict[str, str] | None = None,
            admin: bool = False, timeout: float = COMMAND_TIMEOUT) -> Result:
        """Run a command line as the learner, or as the cluster's administrator.

        Where a node has not quite cleaned up, the next job goes to another one: by
        chance, for a person.  So wait for that first.
        """
        self.cluster.wait_for_cleanup()
        env = {**self.environment(), "SLURM_CONF": str(self.cluster.conf), **(env or {})}
        user = pwd.getpwnam(ADMIN) if admin else self.user
        return self._bash(["bash", "-c", line], folder, env, user, timeout)

    def settle(self, variant: str = "") -> None:
        """Begin anew: no jobs, no history, the first job id; slurm.conf in this variant."""
        if self.used or variant != self.cluster.variant:
            self.cluster.variant = variant
            self.cluster.forget()
        self.used = True


class Mock(Side):
    """Commands of slurm_mock on the same slurm.conf, from a state folder of their own."""

    name = "mock"

    def __init__(self, home: Path, base: Path):
        self.home, self.base = home, base
        self.conf = home / "slurm.conf"
        self.user = ensure_user() if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.states = self.folder(base, "states")
        self.python = self._private_python()
        self.runs = 0

    def run(self, line: str, folder: Path, env: dict[str, str] | None = None,
            admin: bool = False, timeout: float = COMMAND_TIMEOUT) -> Result:
        """Run a command line as the learner, or as the mock's administrator."""
        argv = ["bash", "-c", line]
        if admin:
            argv = [*self._slurm_mock("admin"), "--", *argv]
        return self._bash(argv, folder, {**self.switched_on, **(env or {})}, self.user,
                          timeout)

    def environment(self) -> dict[str, str]:
        """As on the real side nobody but root has an account at first."""
        return {**super().environment(), "MOCK_SLURM_ALLOCATION": "none", "MOCK_SLURM_START_DELAY": "0"}

    def settle(self, variant: str = "") -> None:
        """Begin anew, with a fresh state; slurm.conf in this variant."""
        if self.runs:
            self.close()
        write_configuration(self.home, variant)
        self.open()

    def open(self) -> None:
        """Switch the mock on, on a fresh state."""
        self.runs += 1
        self.state = self.states / str(self.runs)
        told = self._bash(self._slurm_mock("env"), self.base, self.environment(), self.user)
        if told.code:
            raise RuntimeError(f"slurm-mock env failed: {told.stderr}")
        script = told.stdout + "\nenv -0"
        told = self._bash(["bash", "-c", script], self.base, self.environment(), self.user)
        self.switched_on = dict(v.split("=", 1) for v in told.stdout.split("\0") if "=" in v)
        for name in ("_", "SHLVL", "PWD", "OLDPWD", "MOCK_SLURM_ALLOCATION"):
            self.switched_on.pop(name, None)
        if self.user.pw_name != LEARNER:
            self.switched_on["MOCK_SLURM_USER"] = LEARNER

    def close(self) -> None:
        """End what still runs."""
        if self.runs:
            self._bash(self._slurm_mock("reset"), self.base, self.environment(), self.user)

    def _slurm_mock(self, verb: str) -> list[str]:
        return [str(self.python), "-m", "slurm_mock", verb,
                "--cluster", str(self.conf), "--state", str(self.state)]

    def _private_python(self) -> Path:
        """A Python with nothing but the mock, which the learner may run as well.

        The checkout and the Python of the tests may lie in root's home.
        """
        base = sys.executable
        if os.geteuid() == 0:
            ways = [base, "/usr/bin/python3", "/usr/local/bin/python3"]
            base = next(filter(self._runs_for_user, ways), None)
            if base is None:
                raise RuntimeError(f"{LEARNER} can run none of {ways}: is one of them "
                                   "Python >= 3.10, outside of root's home?")
        home = self.base / self.name / "python"
        subprocess.run([base, "-m", "venv", "--without-pip", str(home)], check=True)
        site = next(home.glob("lib/python*/site-packages"))
        shutil.copytree(ROOT / "slurm_mock", site / "slurm_mock",
                        ignore=shutil.ignore_patterns("__pycache__"))
        return home / "bin" / "python"

    def _runs_for_user(self, python: str) -> bool:
        ask = [python, "-c", "import sys, venv, sqlite3; sys.exit(sys.version_info < (3, 10))"]
        try:
            return self._bash(ask, Path("/"), self.environment(), self.user).code == 0
        except OSError:
            return False
