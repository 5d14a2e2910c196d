"""The mock in one interpreter as a third side: what the lab in the browser is, under CPython.

A server, a Python process of the learner's, is asked for each command line by a line of JSON
and answers by another; it runs them all itself and starts no process.  Its clock steps.
"""

from __future__ import annotations

import json
import pwd
import shutil
import subprocess
from pathlib import Path

from tests.conformance.sides import COMMAND_TIMEOUT, Mock
from tests.conformance.transcript import Result

SERVER = """
import json, os, subprocess, sys
from slurm_mock.host import browser
def forbidden(*args, **more):
    raise AssertionError("a process of the operating system's")
for name in ("fork", "execve", "posix_spawn", "system", "kill", "popen"):
    setattr(os, name, forbidden)
subprocess.Popen = forbidden
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for line in sys.stdin:
    asked = json.loads(line)
    if asked["anew"]:
        browser.uninstall()
        browser.install()
    code, out, err = browser.run(asked["line"], asked["env"], asked["folder"], shell=True)
    print(json.dumps([code, out.decode(errors="replace"), err.decode(errors="replace")]),
          file=answers, flush=True)
"""


class InProcess(Mock):
    """Commands of slurm_mock in one interpreter, on the same slurm.conf and the stepping clock."""

    name = "inprocess"

    def __init__(self, home: Path, base: Path):
        super().__init__(home, base)
        self.server = None
        self.begun = False
        self.time = 0.0

    def run(self, line: str, folder: Path, env: dict[str, str] | None = None,
            admin: bool = False, timeout: float = COMMAND_TIMEOUT) -> Result:
        env = {**self.switched_on, **(env or {})}
        if admin:
            env["MOCK_SLURM_ADMIN"] = "1"
        return self._ask(line, folder, env)

    def pause(self, seconds: float) -> None:
        self.time += seconds
        self._ask(f"sleep {seconds}", self.base, self.switched_on)

    def now(self) -> float:
        return self.time

    def settle(self, variant: str = "") -> None:
        super().settle(variant)
        self.begun = False

    def close(self) -> None:
        super().close()
        if self.server:
            self.server.stdin.close()
            self.server.wait(timeout=COMMAND_TIMEOUT)
            self.server.stdout.close()
            self.server = None

    def _slurm_mock(self, verb: str) -> list[str]:
        words = super()._slurm_mock(verb)
        return [*words, "--speed", "step"] if verb == "env" else words

    def _ask(self, line: str, folder: Path, env: dict[str, str]) -> Result:
        if self.server is None:
            self.server = self._start()
        asked = {"line": line, "folder": str(folder), "env": env, "anew": not self.begun}
        self.begun = True
        self.server.stdin.write(json.dumps(asked) + "\n")
        self.server.stdin.flush()
        answer = self.server.stdout.readline()
        if not answer:
            raise RuntimeError(f"the in-process machine has ended at: {line}")
        code, out, err = json.loads(answer)
        return Result(out, err, code)

    def _start(self) -> subprocess.Popen:
        owner = {}
        if self.user.pw_uid != pwd.getpwuid(0).pw_uid and _is_root():
            owner = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return subprocess.Popen([str(self.python), "-c", SERVER], cwd="/", env=self.environment(), text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, **owner)

    def _private_python(self) -> Path:
        python = super()._private_python()
        import just_bash
        site = next(python.parents[1].glob("lib/python*/site-packages"))
        shutil.copytree(just_bash.__path__[0], site / "just_bash",
                        ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        return python


def _is_root() -> bool:
    import os
    return os.geteuid() == 0
