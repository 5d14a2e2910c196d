"""The disk is full, read-only, gone, or holds what another version or a fault left there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time

import pytest

from slurm_mock import api
from slurm_mock.common.records import ENDED
from slurm_mock.store.connection import VERSION
from tests import needs
from tests.torture import history
from tests.torture.test_kill import settled

MESSAGE = {"sbatch": "sbatch --wrap true", "squeue": "squeue", "scancel": "scancel 1",
           "sacct": "sacct", "scontrol": "scontrol show job 1", "sinfo": "sinfo"}


@pytest.fixture
def small_disk(tmp_path, request, tally):
    """A file system of its own of 2 MiB; only root can have one. With the parameter "quota" it is
    a folder on a larger one with a quota of as much, where the kernel can set one."""
    if os.geteuid() != 0:
        needs.unavailable("a file system of its own is mounted by root only")
    folder = tmp_path / "disk"
    folder.mkdir(mode=0o700)
    place = folder
    if getattr(request, "param", "") == "quota" and (place := quota(folder, tmp_path / "image")):
        tally["disk quotas set by the kernel"] += 1
    else:
        command = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            needs.unavailable(f"mount: {done.stderr}")
        place = folder
        tally["disks of 2 MiB"] += 1
    yield place
    subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=False, capture_output=True)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def quota(folder, image):
    """Mount Btrfs from an image file; a folder on it with a quota of 2 MiB that binds root, too
    (EDQUOT). None where the kernel has no Btrfs or no loop devices: a full disk has to do then.
    Quotas of ext4 and XFS are left out of some kernels and never bind root."""
    with open(image, "wb") as file:
        file.truncate(128 << 20)
    subprocess.run([needs.need("mkfs.btrfs"), "-q", image], check=True)
    done = subprocess.run(["mount", "-o", "loop", image, folder], capture_output=True)
    if done.returncode:
        return None
    place, btrfs = folder / "place", needs.need("btrfs")
    for words in (("quota", "enable", folder), ("subvolume", "create", place),
                  ("qgroup", "limit", "2M", place)):
        subprocess.run([btrfs, *words], check=True, capture_output=True)
    place.chmod(0o700)
    return place


@pytest.fixture
def on_small_disk(living, small_disk):
    """A cluster whose state lies on the small disk; its jobs work elsewhere."""
    cluster = living(1.0)
    assert cluster.tool("reset").returncode == 0
    root = cluster.folder / "state"
    shutil.rmtree(root, ignore_errors=True)
    root.symlink_to(small_disk)
    assert cluster.tool("run", "--", "true").returncode == 0
    return cluster


def fill(folder):
    with open(folder / "filler", "wb", buffering=0) as f:
        size = 1 << 16
        while size:
            try:
                f.write(bytes(size))
            except OSError:
                size >>= 1


def says_so(done, *words):
    """Refused in plain words."""
    assert done.returncode not in (0, -9), done
    assert "Traceback" not in done.stderr and done.stdout == "", done
    assert all(word in done.stderr.lower() for word in words), done.stderr


@pytest.mark.parametrize("small_disk", ["full", pytest.param("quota", marks=pytest.mark.slow)],
                         indirect=True)
def test_a_full_disk(on_small_disk, small_disk):
    cluster = on_small_disk
    promised, refused = [cluster.out("sbatch --parsable -H --wrap true")], None
    fill(small_disk)
    while not refused:
        done = cluster.sh("sbatch --parsable -H --wrap true")
        assert "Traceback" not in done.stderr, done.stderr
        assert len(promised) < 200, "the disk never became full"
        if done.returncode:
            refused = done
        else:
            promised.append(done.stdout)
    says_so(refused, "full", "quota", "room")
    (small_disk / "filler").unlink()
    subprocess.run(["sync", "-f", small_disk], check=True)       # Btrfs counts when it writes
    # who was refused is not there; without any room nobody could even read
    known = {job.id for job in history.jobs_of(cluster.state)}
    assert known == {int(text) for text in promised}
    cluster.out("sbatch -Q --wrap true; scontrol release 1")
    cluster.until(lambda: all(job.state == "COMPLETED" for job in history.jobs_of(cluster.state)
                              if job.id == 1 or job.id > max(known)))
    cluster.out("scancel -u alice")
    settled(cluster, 60)
    assert history.faults(cluster.state) == []


@pytest.mark.parametrize("ending", ["COMPLETED", pytest.param("CANCELLED", marks=pytest.mark.slow)])
def test_a_script_for_which_there_is_no_room_starts_when_there_is(on_small_disk, small_disk, ending):
    cluster = on_small_disk
    script = cluster.script("long.sh", "echo begun >> told\n" + "# as scripts that hold their data\n" * 15_000
                            + "echo ended >> told\n")
    cluster.out(f"sbatch -Q -H {script}")
    fill(small_disk)
    os.truncate(small_disk / "filler", os.path.getsize(small_disk / "filler") - 400_000)
    cluster.out("scontrol release 1")
    cluster.until(lambda: cluster.job(1).launched)
    time.sleep(1)
    assert not (cluster.work / "told").exists(), "half of a script must not run"
    assert cluster.job(1).state == "RUNNING"
    if ending == "CANCELLED":
        cluster.out("scancel 1")
        cluster.until(lambda: cluster.job(1).phase >= ENDED)
    (small_disk / "filler").unlink()
    cluster.until(lambda: cluster.job(1).state == ending)
    assert cluster.gone(20) == {}
    assert (cluster.work / "told").exists() == (ending == "COMPLETED")
    if ending == "COMPLETED":
        assert cluster.read("told") == "begun\nended\n"
    assert history.faults(cluster.state) == []


@pytest.mark.slow
def test_a_read_only_disk(on_small_disk, small_disk):
    cluster = on_small_disk
    cluster.out("sbatch -Q -H --wrap true; scancel 1; sbatch -Q -H --wrap true; scancel 2")
    assert cluster.gone(20) == {}
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for command in ("sbatch --wrap true", "scancel 1", "squeue"):
        done = cluster.sh(command)
        if done.returncode:
            says_so(done, "read", "only")
        assert "Traceback" not in done.stderr, done.stderr
    assert cluster.sh("sbatch --wrap true").returncode
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert {job.id for job in history.jobs_of(cluster.state)} == {1, 2}


def test_the_state_directory_goes_while_jobs_run(living):
    cluster = living(1.0)
    cluster.script("job.sh", "touch began; sleep 600\n")
    cluster.out("sbatch -Q job.sh; sbatch -Q --begin=now+600 job.sh")
    cluster.until(lambda: (cluster.work / "began").exists())
    cluster.take_away()
    for name in MESSAGE:
        result = api.run(name, MESSAGE[name].split()[1:], env=cluster.env,
                              cwd=str(cluster.work), state=cluster.state)
        assert result.code == 1 and b"no cluster in" in result.err and b"slurm-mock" in result.err
    assert cluster.gone(60) == {}
    assert not os.path.exists(cluster.state), "nothing may make it anew, empty"


def change(cluster, text):
    store = sqlite3.connect(f"{cluster.state}/store.db")
    store.execute(text)
    store.commit()
    store.close()


@pytest.mark.parametrize("version, cure", [(VERSION + 1, "upgrade slurm_mock"),
                                           pytest.param(VERSION - 1, "slurm-mock reset",
                                                        marks=pytest.mark.slow)])
def test_another_versions_state(living, version, cure):
    cluster = living(1.0)
    cluster.out("sbatch -Q -H --wrap true; sbatch -Q -H --wrap true; scancel 1")
    change(cluster, f"UPDATE meta SET value={version} WHERE key='version'")
    refuses(cluster, "version", cure)
    change(cluster, f"UPDATE meta SET value={VERSION} WHERE key='version'")
    assert [job.state for job in history.jobs_of(cluster.state)] == ["CANCELLED", "PENDING"]
    cluster.out("scancel 2")


def test_an_older_versions_state_in_which_nothing_waits_is_kept_aside(living):
    """After an update a learner goes on; what was, is still there under a name that he is told."""
    cluster = living(1.0)
    cluster.out("sbatch -Q -H --wrap true; sbatch -Q -H --wrap true; scancel 1 2")
    assert cluster.gone(20) == {}
    for turn, name in enumerate((f"store.db.format{VERSION - 1}", f"store.db.format{VERSION - 1}-2")):
        change(cluster, f"UPDATE meta SET value={VERSION - 1} WHERE key='version'")
        done = cluster.tool("run", "--", "sbatch", "--parsable", "-H", "--wrap", "true")
        assert done.returncode == 0 and done.stdout == f"{3 + turn}\n", "job ids go on"
        assert f"{cluster.state}/{name}" in done.stderr and "older version" in done.stderr
        assert os.path.getsize(f"{cluster.state}/{name}")
        assert cluster.out("squeue -h -t all -o %i").split() == [str(3 + turn)]
        cluster.out(f"scancel {3 + turn}")
        assert cluster.gone(20) == {}
    kept = sqlite3.connect(f"{cluster.state}/store.db.format{VERSION - 1}")
    assert kept.execute("SELECT id, state FROM jobs").fetchall() == [(1, "CANCELLED"),
                                                                     (2, "CANCELLED")]
    kept.close()


def refuses(cluster, *words):
    """Every command and slurm-mock itself name the fault and the cure; nothing begins anew."""
    for done in (*map(cluster.sh, MESSAGE.values()), cluster.tool("run", "--", "true"),
                 cluster.tool("status")):
        says_so(done, *words)


def torn(path, how):
    size = os.path.getsize(path)
    with open(path, "r+b") as f:
        if how == "cut to nothing":
            f.truncate(0)
        elif how == "cut":
            f.truncate(size // 2 // 4096 * 4096)
        elif how == "zeros in front":
            f.write(bytes(4096))
        elif how == "rubbish":
            f.write(b"rubbish " * (size // 8))
        elif how == "gone":
            os.unlink(path)


@pytest.mark.parametrize("how", ["cut to nothing", *[
    pytest.param(how, marks=pytest.mark.slow)
    for how in ("cut", "zeros in front", "rubbish", "gone")]])
def test_a_damaged_store(living, how):
    cluster = living(1.0)
    cluster.out("for i in 1 2 3; do sbatch -Q -H --wrap true; done; scancel 1 2 3")
    assert cluster.gone(20) == {}
    change(cluster, "PRAGMA wal_checkpoint(TRUNCATE)")
    torn(f"{cluster.state}/store.db", how)
    refuses(cluster, "slurm-mock")
    assert cluster.tool("reset").returncode == 0
    assert cluster.tool("run", "--", "squeue").returncode == 0
