"""A cluster that lives: its own state directory, real processes, and a look at what is left of them.

`Living.sh` runs a shell script with the mock switched on.  `left` lists every process that
belongs to the state directory; a test that ends with one alive has failed (fixture `living`).
"""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from slurm_mock import api
from slurm_mock.cli import end_all
from slurm_mock.site import activate, clusters
from slurm_mock.store.store import Store

SETTINGS = {
    "ClusterName": "mini",
    "SlurmctldHost": "head",
    "SlurmUser": "slurm",
    "SelectType": "select/cons_tres",
    "SelectTypeParameters": "CR_Core_Memory",
    "DefMemPerCPU": 500,
    "MaxArraySize": 1001,
    "KillWait": 30,
    "MinJobAge": 300,
    "AccountingStorageType": "accounting_storage/slurmdbd",
    "GresTypes": "gpu",
}
NODES = """\
NodeName=n[1-4] CPUs=4 CoresPerSocket=4 RealMemory=8000 Feature=ib
NodeName=g1 CPUs=4 CoresPerSocket=4 RealMemory=8000 Gres=gpu:k80:2 Weight=5
PartitionName=main Nodes=n[1-4] Default=YES MaxTime=1-00:00:00 DefaultTime=00:10:00
PartitionName=gpu Nodes=g1 MaxTime=01:00:00
"""


def slurm_conf(nodes=NODES, **settings):
    """The text of a slurm.conf: SETTINGS with others, or without those that are None, then the lines
    of nodes and partitions."""
    settings = {**SETTINGS, **settings}
    return "".join(f"{key}={value}\n" for key, value in settings.items() if value is not None) + nodes


CONF = slurm_conf()
# Everybody may have other defaults; none of them may matter here.
CLEAN = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TZ": "UTC",
         "MOCK_SLURM_START_DELAY": "0"}
TABLES = ("jobs", "steps", "nodes", "partitions", "reservations", "scripts")


class Living:
    """A cluster of its own in `folder`; `speed` 0 steps. conf: the text of its slurm.conf, or the
    name of a bundled cluster.  work: where scripts run."""

    def __init__(self, folder, speed=0.0, conf=CONF, user="alice", load=False):
        self.folder, self.work = folder, folder / "work"
        self.work.mkdir(parents=True)
        (folder / "home").mkdir()
        self.conf = conf
        if conf not in clusters.names():
            self.conf = folder / "slurm.conf"
            self.conf.write_text(conf)
        self.env = {**CLEAN, "HOME": str(folder / "home"), "MOCK_SLURM_USER": user}
        self.place = activate.place(str(self.conf), str(folder / "state"), self.env, str(folder))
        activate.ensure(self.place, self.env, str(folder), speed, load).close()
        self.state = self.place.state
        for name, value in activate.environment(self.place, self.env).items():
            self.env[name] = value

    def popen(self, script, **env):
        """Start a shell script with the mock on; text streams."""
        return subprocess.Popen(
            ["bash", "-c", script], cwd=self.work, env={**self.env, **env}, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)

    def sh(self, script, timeout=60, **env):
        """Run a shell script with the mock on -> its CompletedProcess (code, text)."""
        return subprocess.run(
            ["bash", "-c", script], cwd=self.work, env={**self.env, **env}, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)

    def out(self, script, **env):
        """What a shell script prints; it must succeed and say nothing on stderr."""
        done = self.sh(script, **env)
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout

    def command(self, name, *argv, stdin=b"", **env):
        """Run a command inside this process -> Result with text."""
        result = api.run(name, argv, stdin=stdin, env={**self.env, **env},
                              cwd=str(self.work), state=self.state)
        result.out, result.err = result.out.decode(), result.err.decode()
        return result

    def script(self, name, text):
        """Write a bash script into the working directory."""
        (self.work / name).write_text("#!/bin/bash\n" + text)
        return name

    def read(self, name):
        return (self.work / name).read_text()

    def tool(self, *argv, **env):
        """Run `slurm-mock ARGV...` for this cluster."""
        words = [argv[0], "--cluster", str(self.conf), "--state", str(self.folder / "state"),
                 *argv[1:]]
        return run_tool(*words, env={**self.env, **env}, cwd=self.work)

    def contents(self):
        """All that a refused command must not change; "kept" counts the jobs of which slurmctld
        keeps that it refused them."""
        store = Store(self.state)
        found = {name: store.db.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
        kept = store.db.execute("SELECT * FROM jobs WHERE reason='BadConstraints'").fetchall()
        found["jobs"] = [row for row in found["jobs"] if row not in kept]
        found["kept"] = len(kept)
        found["next id"] = store.meta("next_job_id")
        store.close()
        return found

    def job(self, job_id=1):
        """A job's record as it lies in the store now."""
        store = Store(self.state)
        found = store.job(job_id)
        store.close()
        return found

    def until(self, true, seconds=20.0):
        """Wait for a condition in real time; its value."""
        end = time.monotonic() + seconds
        while not (value := true()):
            assert time.monotonic() < end, "it did not come about in time"
            time.sleep(0.02)
        return value

    def take_away(self):
        """Remove the state directory as `rm -r` does, typed again as long as what runs made
        another file meanwhile."""
        self.until(lambda: shutil.rmtree(self.state, ignore_errors=True)
                   or not os.path.lexists(self.state))

    def left(self):
        """{process id: command line} of what still lives of this state directory."""
        return processes_of(self.state)

    def gone(self, seconds=5.0):
        """Wait until nothing lives any more; what is left after that."""
        end = time.monotonic() + seconds
        while (left := self.left()) and time.monotonic() < end:
            time.sleep(0.02)
        return left


def run_tool(*argv, env, cwd, timeout=60, stdin=""):
    """Run `slurm-mock ARGV...` -> CompletedProcess (text)."""
    return subprocess.run([sys.executable, "-m", "slurm_mock", *argv], env=env, cwd=cwd, text=True,
                          input=stdin, capture_output=True, timeout=timeout)


def processes_of(state):
    """{process id: command line} of the processes whose environment, command line, working
    directory or open files name the state directory. Reads /proc (proc(5))."""
    mark, found = os.fsencode(state), {}
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        base = f"/proc/{name}"
        try:
            with open(f"{base}/cmdline", "rb") as f:
                line = f.read().replace(b"\0", b" ")
            with open(f"{base}/environ", "rb") as f:
                seen = line + b"\0" + f.read()
            seen += b"\0" + os.fsencode(os.readlink(f"{base}/cwd"))
            for fd in os.listdir(f"{base}/fd"):
                seen += b"\0" + os.fsencode(os.readlink(f"{base}/fd/{fd}"))
        except OSError:
            continue                       # it has gone meanwhile, or is somebody else's
        if mark in seen and line:
            found[int(name)] = line.decode(errors="replace").strip()
    return found


@pytest.fixture
def living(tmp_path):
    """Make clusters: living(speed=0, conf=..., user=...). None may leave a process behind."""
    if sys.platform != "linux":
        pytest.skip("what is left running is read from /proc")
    made = []

    def make(speed=0.0, conf=CONF, user="alice", **options):
        one = Living(tmp_path / f"c{len(made)}", speed, conf, user, **options)
        made.append(one)
        return one

    yield make
    left = {}
    for one in made:
        left.update(one.gone())
        for pid in one.left():
            os.kill(pid, signal.SIGKILL)
    assert not left, "processes left behind"


@pytest.fixture
def stepping(living):
    """A cluster with the stepping clock."""
    return living(0.0)


@pytest.fixture
def ended():
    """Give it a state directory, and what runs there is ended at the end of the test."""
    states = []
    yield states.append
    for state in map(str, states):
        if os.path.isdir(state):
            end_all(state)
        for pid in processes_of(state):
            os.kill(pid, signal.SIGKILL)
