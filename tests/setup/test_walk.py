"""The whole path as a learner walks it: configure, start, tunnel, log in, run a cell that submits.

Real sshd, real Jupyter of each age, Slurm by the mock, headless Chromium.  The time of each step is
printed, and a screenshot is left in the folder that SETUP_SCREENSHOTS names (else the temporary one).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.setup import ages, laptop
from tests.setup.machine import MODULE, ROOT, eventually, free_port
from tests.setup.servers import FINGERPRINT, TUNNEL, Browser
from tests.setup.test_tunnel import Tunnel, nothing_listens

PASSWORD = "a pässword of mine"
COMMAND = "!sbatch -A edu20.dd2443 -t 2 --wrap hostname"

BASHRC = """\
PS1='{prompt}'
export LD_LIBRARY_PATH={mock_lib}
eval "$(cd / && PYTHONPATH={home}/mock {mock_python} -m slurm_mock env --cluster tegner --state {home}/slurm)"
module() {{
    [ "$*" = "load {module}" ] || {{ echo "no such module: $*" >&2; return 1; }}
    export PATH={bin}:$PATH LD_LIBRARY_PATH={lib}:$LD_LIBRARY_PATH
}}
"""


@pytest.fixture
def login_node(learner, env, new_env):
    """The learner's account on a login node with Slurm (the mock) and a module of this age."""
    shutil.copytree(ROOT / "slurm_mock", learner.home / "mock/slurm_mock",
                    ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    (learner.home / ".bashrc").write_text(BASHRC.format(
        prompt=laptop.PROMPT, mock_lib=new_env.lib, mock_python=new_env.python,
        home=learner.home, module=MODULE, bin=env.bin, lib=env.lib))  # fmt: skip
    (learner.home / ".bash_profile").write_text(". ~/.bashrc\n")
    notebook = {
        "cells": [{"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [],
                   "source": COMMAND}],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4, "nbformat_minor": 2,
    }  # fmt: skip
    path = learner.home / "walk.ipynb"
    path.write_text(json.dumps(notebook))
    for one in learner.home.rglob("*"):
        os.chown(one, learner.uid, learner.gid)
    return learner


class Clock:
    """The wall time of each step, printed at the end."""

    def __init__(self):
        self.steps, self.last = [], time.monotonic()

    def step(self, name: str) -> None:
        now = time.monotonic()
        self.steps.append(f"{name} {now - self.last:.1f} s")
        self.last = now


def test_the_whole_path(login_node, sshd, env, tmp_path, capsys):
    learner, clock = login_node, Clock()
    terminal = laptop.Terminal(sshd, learner)
    clock.step("log in to the node")

    assert "jupyter is not on PATH" in terminal.type("./configure-jupyter") or shutil.which(
        "jupyter", path="/usr/bin:/bin"
    )
    terminal.type(f"module load {MODULE}")
    child = terminal.child
    child.sendline("./configure-jupyter")
    for prompt in ("New password for Jupyter: ", "The same again: "):
        child.expect_exact(prompt)
        child.sendline(PASSWORD)
    child.expect(r"SHA-256 fingerprint: (\S+)")
    told = child.match[1]
    child.expect_exact(laptop.PROMPT)
    clock.step("configure-jupyter")

    shown = terminal.start("./start-jupyter-login", "Stop the server")
    node, port, user, host = TUNNEL.search(shown).groups()
    assert "\nhttps://localhost:8888\n" in shown and FINGERPRINT.search(shown)[0] == told
    clock.step("start-jupyter-login")

    here = free_port()
    words = re.search(r"^sh tunnel (.*) \)$", shown, re.M)[1].split()
    assert words[0] == f"{user}@{host}" and words[2] == "8888"
    words[0], words[2] = f"{user}@localhost", str(here)  # this machine's name leads nowhere else
    with Tunnel(sshd, *words) as tunnel:
        assert "The certificate at the far end is yours." in tunnel.output
        clock.step("tunnel")

        certificate = (learner.home / "Private/jupyter/mycert.pem").read_bytes()
        with laptop.chromium(tmp_path / "trusting", certificate) as page:
            protocol = laptop.log_in(page, f"https://localhost:{here}", PASSWORD)
            assert protocol in ("TLS 1.2", "TLS 1.3")
            clock.step(f"log in over {protocol}")
            laptop.run_first_cell(
                page, f"https://localhost:{here}/notebooks/walk.ipynb", "Submitted batch job"
            )
            clock.step("run a cell that submits a job")
            page.screenshot(path=picture(env.age))
            if env.age is ages.NEW:
                lab = f"https://localhost:{here}/lab/tree/walk.ipynb"
                laptop.run_first_cell(page, lab, "Submitted batch job")
                page.screenshot(path=picture(env.age, "-lab"))
                clock.step("the same in JupyterLab")
        with laptop.chromium(tmp_path / "first-visit", None) as page:
            with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
                page.goto(f"https://localhost:{here}")

        # The connection drops: the server ends with it.
        terminal.close()
        eventually(lambda: nothing_listens(int(port)), 30)
        clock.step("connection dropped, server gone")
    with capsys.disabled():
        print(f"\n{env.age}: " + ", ".join(clock.steps))


def picture(age, more="") -> Path:
    folder = Path(os.environ.get("SETUP_SCREENSHOTS") or "/tmp")
    folder.mkdir(exist_ok=True)
    return folder / f"setup-walk-{age}{more}.png"


def test_the_line_by_hand(login_node, sshd, env):
    """The printed ssh line, as it is typed without the script."""
    learner = login_node
    learner.configure(env, password=PASSWORD)
    terminal = laptop.Terminal(sshd, learner)
    terminal.type(f"module load {MODULE}")
    shown = terminal.start("./start-jupyter-login", "Stop the server")
    here = free_port()
    line = TUNNEL.search(shown)[0].replace(":8888:", f":{here}:").rpartition("@")[0] + "@localhost"

    with subprocess.Popen(line.split(), env=sshd.laptop(), stdin=subprocess.DEVNULL) as tunnel:
        eventually(lambda: not nothing_listens(here), 20)
        assert Browser(here, learner.home / "Private/jupyter/mycert.pem").log_in(PASSWORD)
        tunnel.terminate()
    terminal.child.sendintr()
    terminal.child.expect_exact("The server has ended.")
    terminal.child.expect_exact(laptop.PROMPT)
    assert terminal.type("echo code $?").count("code 0") == 1
    terminal.close()
