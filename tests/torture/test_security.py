"""Nobody else gets at the state, and no text that a user gives reaches a shell."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from pathlib import Path

import pytest

from tests import needs
from tests.torture import history
from tests.torture.test_kill import settled

# Each would make the file "pwned" if a shell ever read it.
POISON = ("$(touch pwned)", "`touch pwned`", "; touch pwned;", "| touch pwned", "' ; touch pwned ; '",
          '"; touch pwned; "', "\n touch pwned\n", "&& touch pwned", "<(touch pwned)", "-oX touch")


def test_state_and_files_are_the_owners_alone(living):
    cluster = living(1.0)
    cluster.script("job.sh", "umask; srun true; sbatch -Q --wrap true; sleep 1\n")
    cluster.sh("umask 000; sbatch -Q job.sh; sbatch -Q -a 1-2 --wrap 'sleep 1'; salloc -Q true",
               timeout=120)
    seen = 0
    for folder, dirs, files in os.walk(cluster.state):
        for name in [".", *dirs, *files]:
            path = os.path.join(folder, name)
            try:
                info = os.lstat(path)
            except FileNotFoundError:
                continue
            if stat.S_ISLNK(info.st_mode):
                continue
            seen += 1
            assert stat.S_IMODE(info.st_mode) & 0o077 == 0, f"{path}: {info.st_mode:o}"
            assert info.st_uid == os.getuid()
    assert seen > 20 and stat.S_IMODE(os.stat(cluster.state).st_mode) == 0o700
    cluster.out("scancel -u alice")
    settled(cluster, 60)


@pytest.mark.parametrize("mode", [
    0o770, *[pytest.param(mode, marks=pytest.mark.slow) for mode in (0o702, 0o777)]])
def test_a_state_that_others_can_write_is_refused(living, mode):
    cluster = living(1.0)
    os.chmod(cluster.state, mode)
    refused = cluster.tool("run", "--", "true")
    assert refused.returncode == 1 and "can be written by others" in refused.stderr
    assert "chmod 700" in refused.stderr
    os.chmod(cluster.state, 0o700)
    assert cluster.tool("run", "--", "true").returncode == 0


@pytest.fixture
def stranger():
    """How to run a command as another user; only root can."""
    if os.geteuid() != 0:
        needs.unavailable("commands as another user need root")
    nobody = pwd.getpwnam("nobody")

    def run(*argv, **options):
        return subprocess.run(argv, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, **options)
    return run


def open_way(cluster):
    """Let the stranger reach everything up to the state directory."""
    folder = cluster.folder
    while str(folder) != "/tmp" and folder != folder.parent:
        if os.stat(folder).st_uid == os.getuid():
            os.chmod(folder, 0o755)
        folder = folder.parent


def test_a_stranger_can_neither_read_nor_signal_nor_forge(living, stranger):
    cluster = living(1.0)
    open_way(cluster)
    cluster.out("sbatch -Q --comment=secret --wrap 'sleep 600'")
    cluster.until(lambda: cluster.job().launched)
    state = cluster.state
    for path in ("store.db", "log", "alive.lock", "etc/bashenv", "bin/squeue", "spool"):
        for what in (["cat", f"{state}/{path}"], ["ls", f"{state}/{path}"],
                     ["sh", "-c", f"echo forged >> '{state}/{path}'"]):
            done = stranger(*what, cwd="/")
            assert done.returncode and "denied" in done.stderr.lower(), (what, done)
    done = stranger("mv", state, f"{state}.mine", cwd="/")
    assert done.returncode
    before = cluster.contents()
    pids = cluster.left()
    assert pids
    done = stranger("kill", "-KILL", *map(str, pids), cwd="/")
    assert done.returncode and cluster.left() == pids
    assert cluster.contents() == before
    cluster.out("scancel 1")
    settled(cluster, 60)


def test_a_strangers_state_is_refused(living, tmp_path):
    if os.geteuid() != 0:
        needs.unavailable("files of another user are made by root only")
    cluster = living(1.0)
    root = cluster.folder / "state"
    nobody = pwd.getpwnam("nobody")
    for path in (root, cluster.state):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
        refused = cluster.tool("run", "--", "true")
        assert refused.returncode == 1 and "belongs to another user" in refused.stderr
        os.chown(path, os.getuid(), os.getgid())


@pytest.mark.parametrize("poison", [
    POISON[0], *[pytest.param(text, marks=pytest.mark.slow) for text in POISON[1:]]])
def test_no_text_reaches_a_shell(living, poison):
    cluster = living(1.0)
    script = cluster.work / "job.sh"
    script.write_text("#!/bin/bash\nexit 0\n")
    options = [f"--job-name={poison}", f"--comment={poison}", f"--mail-user={poison}",
               "--mail-type=ALL", f"--output=out{poison.replace('/', '')}", f"--wckey={poison}"]
    done = subprocess.run(["sbatch", *options, "job.sh", poison], cwd=cluster.work, text=True,
                          env={**cluster.env, "POISON": poison, "SBATCH_JOB_NAME": poison},
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert "Traceback" not in done.stderr
    for name in ("squeue", "sacct", "scontrol show job"):
        words = [*name.split(), *(["-o", f"%i{poison}"] if name == "squeue" else [])]
        subprocess.run(words, cwd=cluster.work, env=cluster.env, capture_output=True, timeout=60)
    settled(cluster, 60)
    assert not (cluster.work / "pwned").exists()
    assert not (cluster.folder / "pwned").exists()
    if not done.returncode:
        assert cluster.job(1).name == poison


def test_links_in_shared_folders(living, stranger, tmp_path):
    """Output through somebody's link in a sticky folder is refused by the kernel
    (fs.protected_symlinks) or goes where slurmstepd's would: nothing else is opened."""
    cluster = living(1.0)
    open_way(cluster)
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    mine = tmp_path / "mine"
    mine.write_text("precious\n")
    assert stranger("ln", "-s", str(mine), f"{shared}/out", cwd="/").returncode == 0
    protected = Path("/proc/sys/fs/protected_symlinks").read_text().strip() == "1"
    cluster.sh(f"sbatch -Q -o {shared}/out --wrap 'echo new'")
    cluster.until(lambda: cluster.job().phase == 2)
    if protected:
        assert mine.read_text() == "precious\n"
        assert (cluster.job().state, cluster.job().exit_code) == ("FAILED", 53)
    else:
        assert mine.read_text() == "new\n"
    # a link of one's own is followed, as by slurmstepd
    (tmp_path / "own").symlink_to(mine)
    cluster.sh(f"sbatch -Q -o {tmp_path}/own --wrap 'echo mine'")
    cluster.until(lambda: cluster.job(2).state == "COMPLETED")
    assert mine.read_text() == "mine\n"


@pytest.mark.parametrize("export, kept", [
    ("NONE", set()), pytest.param("ONE", {"ONE"}, marks=pytest.mark.slow),
    pytest.param("ALL", {"ONE", "TWO"}, marks=pytest.mark.slow)])
def test_a_jobs_environment_is_what_export_says(living, export, kept):
    cluster = living(1.0)
    cluster.script("job.sh", "env -0 > env.out; mv env.out env.txt\n")
    cluster.out(f"sbatch -Q --export={export} job.sh", ONE="1", TWO="2", SECRET_TOKEN="x")
    cluster.until(lambda: (cluster.work / "env.txt").exists())
    names = {line.split("=")[0] for line in cluster.read("env.txt").split("\0") if line}
    assert names & {"ONE", "TWO"} == kept
    assert ("SECRET_TOKEN" in names) == (export == "ALL")
    settled(cluster, 60)
    assert history.faults(cluster.state) == []
