"""setup/start-jupyter-compute on the mock and on real Slurm, with a real Jupyter of each age."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.needs import need, unavailable
from tests.setup import machine
from tests.setup.files import mode
from tests.setup.machine import ROOT, eventually, free_port
from tests.setup.servers import FINGERPRINT, TUNNEL, Browser
from tests.setup.test_start_login import listening
from tests.setup.test_tunnel import Tunnel

PASSWORD = "correct horse"
ALLOWED = ("sbatch", "squeue", "scancel", "scontrol")


class Slurm:
    """A Slurm that a user reaches by words before the command and by variables."""

    name = ""

    def __init__(self, user, env):
        self.user, self.env = user, env
        self.wrap, self.more = [], {}

    def run(self, *command, **options):
        return self.user.run([*self.wrap, *command], self.env, more=self.more, **options)

    def script(self, *options, **more):
        return self.run(self.user.home / "start-jupyter-compute", *options, timeout=120, **more)

    def jobs(self) -> list[str]:
        return self.run("squeue", "-h", "-u", self.user.name, "-o", "%i %T").stdout.split("\n")[:-1]


class Mock(Slurm):
    """slurm_mock's cluster "small", its files copied to where the user can read them."""

    name, partition, waiting = "mock", "batch", ("--begin=now+1hour", "BeginTime")

    def __init__(self, user, env, python):
        super().__init__(user, env)
        home = user.home
        shutil.copytree(ROOT / "slurm_mock", home / "mock/slurm_mock",
                        ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
        self.wrap = [python.python, "-m", "slurm_mock", "run", "--cluster", "small", "--no-load",
                     "--state", home / "slurm", "--"]  # fmt: skip
        libraries = f"{env.lib}:{python.lib}"
        self.more = {"PYTHONPATH": str(home / "mock"), "LD_LIBRARY_PATH": libraries}


class Real(Slurm):
    """Real Slurm 22.05.8, as the conformance tests start it."""

    name, partition, waiting = "real", "main", ("--begin=now+1hour", "BeginTime")

    def __init__(self, user, env, conf):
        super().__init__(user, env)
        self.more = {"SLURM_CONF": str(conf)}


@pytest.fixture(scope="session")
def real_conf():
    """The slurm.conf of a real Slurm, started for this session."""
    from tests.conformance import real_slurm

    machine.require_root()
    for name in ("slurm", "munge", "slurmdbd"):
        need(name)
    if real_slurm.installed_version() != real_slurm.VERSION:
        unavailable(f"real Slurm here is {real_slurm.installed_version()}, not {real_slurm.VERSION}")
    with tempfile.TemporaryDirectory(prefix="real-slurm-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with real_slurm.RealSlurm(Path(folder) / "cluster") as cluster:
            yield cluster.conf
        for daemon in cluster.daemons:
            daemon.wait(30)


@pytest.fixture(params=["mock", pytest.param("real", marks=pytest.mark.slow)])
def slurm(request, learner, env, new_env):
    assert learner.configure(env, password=PASSWORD).returncode == 0
    if request.param == "mock":
        side = Mock(learner, env, new_env)
    else:
        side = Real(learner, env, request.getfixturevalue("real_conf"))
    yield side
    for line in side.jobs():
        side.run("scancel", line.split()[0])
    eventually(lambda: side.jobs() == [], 60, 0.5)


def test_from_submission_to_scancel(slurm, other, sshd):
    learner = slurm.user
    result = slurm.script("-A", "course", "-t", "10", "-p", slurm.partition)
    assert result.returncode == 0, result.stdout + result.stderr

    # What is printed, in this order.
    job = re.match(r"job (\d+)\n", result.stdout)[1]
    node, port, user, _ = TUNNEL.search(result.stdout).groups()
    fingerprint = FINGERPRINT.search(result.stdout)[0]
    places = [result.stdout.index(text) for text in (
        f"job {job}\n", "\nssh -N -L 127.0.0.1:8888:", "\nhttps://localhost:8888\n", fingerprint,
        f"\nscancel {job}\n")]  # fmt: skip
    assert places == sorted(places)
    assert user == learner.name and "oken" not in result.stdout
    assert slurm.run("squeue", "-h", "-j", job, "-o", "%N %a").stdout.split()[0] == node
    assert "Account=course" in slurm.run("scontrol", "show", "job", job).stdout or slurm.name == "real"

    # One address, not all; the log is the learner's alone.
    assert listening(int(port)) and "00000000" not in listening(int(port))
    log = learner.home / f"Private/jupyter/start-jupyter-compute-{job}.log"
    assert mode(log) == 0o600
    assert other.run(["cat", log], None).returncode != 0
    assert "token=" not in log.read_text()

    # From the laptop, through the login node.  (The nodes of this machine have no address of their own.)
    here = free_port()
    words = [f"{user}@localhost", port, here, "127.0.0.1", fingerprint]
    with Tunnel(sshd, *words) as tunnel:
        assert "The certificate at the far end is yours." in tunnel.output
        browser = Browser(here, learner.home / "Private/jupyter/mycert.pem")
        assert not browser.log_in("wrong password")
        assert Browser(here, learner.home / "Private/jupyter/mycert.pem").log_in(PASSWORD)

    # scancel ends it, and nothing is left.
    slurm.run("scancel", job)
    eventually(lambda: not listening(int(port)), 40, 0.2)
    eventually(lambda: list((learner.home / "Private/jupyter/run").iterdir()) == [], 20)
    assert os.listdir(learner.home / "Private/jupyter/run") == []


def test_it_waits_with_the_reason_and_ctrl_c_cancels(slurm):
    options, reason = slurm.waiting
    process = slurm.user.popen(
        [*slurm.wrap, slurm.user.home / "start-jupyter-compute", "-A", "course", "-t", "10",
         "-p", slurm.partition, options], slurm.env, more=slurm.more,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        seen = b""
        while b"waiting:" not in seen and (line := process.stdout.readline()):
            seen += line
        assert f"waiting: PENDING ({reason})" in seen.decode()
        os.killpg(process.pid, signal.SIGINT)
        _, error = process.communicate(timeout=40)
    assert b"the job is cancelled" in error
    assert slurm.name == "mock" or process.returncode == 130
    eventually(lambda: slurm.jobs() == [], 40, 0.5)
    assert os.listdir(slurm.user.home / "Private/jupyter/run") == []


def test_a_job_that_ends_early_is_explained(slurm):
    """The server can't start in the job: here because of the learner's own lines."""
    learner = slurm.user
    script = learner.home / ".jupyter/jupyter_notebook_config.py"
    script.write_text(script.read_text() + (
        "import os as _os\nif 'SLURM_JOB_ID' in _os.environ:\n    undefined\n"))  # fmt: skip
    result = slurm.script("-A", "course", "-t", "10", "-p", slurm.partition)
    assert result.returncode == 1
    assert "has ended before Jupyter answered" in result.stderr and "NameError" in result.stderr
    assert os.listdir(learner.home / "Private/jupyter/run") == []


@pytest.mark.parametrize("options", [[], ["-t", "10"], ["-p", "x", "--nodes=1"], ["-A"],
                                     ["--account="]])  # fmt: skip
def test_without_an_allocation(learner, new_env, options):
    learner.configure(new_env)
    result = learner.run([learner.home / "start-jupyter-compute", *options], new_env)
    assert result.returncode == 2 and "-A" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("options", [["job.sh"], ["--wrap=hostname"], ["--", "x"], ["--array=1-3"]])
def test_options_that_do_not_fit(learner, new_env, options):
    learner.configure(new_env)
    result = learner.run(
        [learner.home / "start-jupyter-compute", "-A", "course", *options], new_env
    )
    assert result.returncode == 2 and len(result.stderr.strip().splitlines()) == 1


def test_it_refuses_what_the_login_script_refuses(learner, new_env):
    result = learner.run([learner.home / "start-jupyter-compute", "-A", "course"], new_env)
    assert result.returncode == 2 and "no password" in result.stderr


def test_without_slurm(learner, new_env):
    learner.configure(new_env)
    links = learner.home / "bin"
    links.mkdir()
    for name in ("env", "openssl"):
        (links / name).symlink_to(shutil.which(name))
    more = {"PATH": f"{new_env.bin}:{links}"}
    result = learner.run([learner.home / "start-jupyter-compute", "-A", "x"], new_env, more=more)
    assert result.returncode == 2 and "sbatch is not on PATH" in result.stderr
    assert os.listdir(learner.home / "Private/jupyter/run") == []


def test_slurms_own_refusal_is_shown(learner, new_env):
    learner.configure(new_env)
    side = Mock(learner, new_env, new_env)
    result = side.script("-A", "course", "-p", "nosuch")
    assert result.returncode == 2
    assert "invalid partition specified: nosuch" in result.stderr
    assert side.jobs() == []


def test_it_needs_four_commands_only(learner, new_env):
    """A PATH on which nothing but sbatch, squeue, scancel and scontrol lead to Slurm."""
    learner.configure(new_env)
    side = Mock(learner, new_env, new_env)
    called = learner.home / "called"
    binaries = learner.home / "few"
    binaries.mkdir()
    for name in ALLOWED:
        wrapper = binaries / name
        wrapper.write_text(
            f'#!/bin/sh\necho {name} "$@" >>{called}\nPATH=$REST exec {name} "$@"\n'
        )
        wrapper.chmod(0o755)
    called.touch()
    os.chown(called, learner.uid, learner.gid)
    inner = f'REST=$PATH PATH={binaries}:{new_env.bin}:/usr/bin:/bin exec "$@"'
    result = learner.run(
        [*side.wrap, "/bin/sh", "-c", inner, "sh", learner.home / "start-jupyter-compute",
         "-A", "course", "-t", "10"], new_env, more=side.more, timeout=120,
    )  # fmt: skip
    try:
        assert result.returncode == 0, result.stderr
        words = {line.split()[0] for line in called.read_text().splitlines()}
        assert {"sbatch", "squeue"} <= words <= set(ALLOWED)
        for line in called.read_text().splitlines():
            assert not line.startswith("squeue") or re.match(r"squeue -h -j \d+ -o ", line)
            assert not line.startswith("scontrol") or line.startswith("scontrol show job")
    finally:
        with contextlib.suppress(IndexError):
            side.run("scancel", side.jobs()[0].split()[0])
    eventually(lambda: side.jobs() == [], 40, 0.5)
