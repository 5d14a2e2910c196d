"""`slurm-mock import`: a cluster comes back from what scontrol tells of it."""

import subprocess
import sys

import pytest

from slurm_mock.conf import import_cluster, read_config
from slurm_mock.site import clusters

# Of each partition and node, all but what a moment gives.
VIEWS = ("scontrol show partition",
         "scontrol -o show node | sed -E 's/ (OS|BootTime|SlurmdStartTime|LastBusyTime|CPULoad|FreeMem)=.*//'",
         "sinfo", "sinfo -Nel | tail -n +2", "sinfo -R -h -o '%E %N'",
         "scontrol show config | grep -E '^(Priority|Select|DefMem|MaxMem|MaxArray|MaxJob|Sched|Preempt|Gres)'")


def shown(cluster, state, *lines, cwd):
    """What the mock prints on these command lines."""
    done = subprocess.run([sys.executable, "-m", "slurm_mock", "run", "--no-load", "--speed", "step",
                           "--cluster", str(cluster), "--state", str(state), "--",
                           "bash", "-c", "\n".join(lines)],
                          capture_output=True, text=True, cwd=cwd, check=True)
    return done.stdout


def told(cluster, tmp_path, oneline):
    flag = "-o " if oneline else ""
    return shown(cluster, tmp_path / "told", f"scontrol show config; scontrol {flag}show partition; "
                 f"scontrol {flag}show node", cwd=tmp_path)


@pytest.mark.parametrize(("name", "oneline"), [*((name, False) for name in clusters.names()),
                                               ("tegner", True)])
def test_round_trip(name, oneline, tmp_path):
    path = import_cluster.write(told(name, tmp_path, oneline), tmp_path / "made")
    before = shown(name, tmp_path / "before", *VIEWS, cwd=tmp_path).splitlines()
    after = shown(path, tmp_path / "after", *VIEWS, cwd=tmp_path).splitlines()
    assert len(before) > 20
    assert after == before


def test_what_is_missing_is_named_and_nothing_written(tmp_path):
    with pytest.raises(import_cluster.ImportFailed, match="`scontrol show node`, `scontrol show part"):
        import_cluster.write("ClusterName             = x\n", tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_files_that_are_there_are_left_alone(tmp_path):
    (tmp_path / "slurm.conf").write_text("mine")
    with pytest.raises(FileExistsError):
        import_cluster.write(told("tegner", tmp_path, False), tmp_path)
    assert (tmp_path / "slurm.conf").read_text() == "mine"
    assert not (tmp_path / "gres.conf").exists()


@pytest.mark.parametrize(("prepare", "words", "says"), [
    ("ulimit -f 1;", "made {told}", "made: File too large. Nothing was written"),      # of a KiB
    ("", "made /nosuch", "/nosuch: No such file or directory. Nothing was written"),
    ("", "{told} {told}", "told.txt: File exists. Nothing was written")])
def test_all_or_nothing_is_written(tmp_path, prepare, words, says):
    file = tmp_path / "told.txt"
    file.write_text(told("tegner", tmp_path, False))
    words = words.format(told=file)
    done = subprocess.run(["bash", "-c", f"{prepare} exec '{sys.executable}' -m slurm_mock import {words}"],
                          capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("slurm-mock: error: ") and done.stderr.endswith(f"{says}\n")
    made = tmp_path / "made"
    assert not made.exists() or list(made.iterdir()) == []


def test_secrets_programs_and_units():
    text = ("ClusterName             = x\nKillWait                = 30 sec\nSlurmUser               = "
            "slurm(64030)\nAccountingStoragePass   = secret\nProlog                  = /etc/prolog\n"
            "SlurmctldHost[0]        = head(10.0.0.1)\nOverTimeLimit           = 5 min\n"
            "HASH_VAL                = Match\nMailProg                = /bin/mail\n")
    assert import_cluster.config_of(text) == [
        ("ClusterName", "x"), ("KillWait", "30"), ("SlurmUser", "slurm"),
        ("SlurmctldHost", "head(10.0.0.1)"), ("OverTimeLimit", "5")]


def test_down_nodes_gres_and_names(tmp_path):
    text = """ClusterName             = x

NodeName=a1 Arch=x86_64 CoresPerSocket=4
   CPUAlloc=0 CPUTot=8 AvailableFeatures=fast,new Gres=gpu:k80:2(S:0-1)
   NodeAddr=a1 NodeHostName=a1 Port=0 RealMemory=1000 Sockets=2 State=IDLE+DRAIN
   Reason=bad fan [root@2026-01-02T03:04:05]

NodeName=a2 Arch=x86_64 CoresPerSocket=4
   CPUAlloc=0 CPUTot=8 AvailableFeatures=fast,new Gres=gpu:k80:2(S:0-1)
   NodeAddr=a2 NodeHostName=a2 Port=0 RealMemory=1000 Sockets=2 State=IDLE

PartitionName=p
   AllowGroups=ALL Default=YES QoS=N/A
   MaxTime=1-00:00:00 Nodes=a[1-2] State=UP
"""
    path = import_cluster.write(text, tmp_path / "made")
    text = (tmp_path / "made" / "slurm.conf").read_text()
    lines = [line for line in text.splitlines() if line and line[0] != "#"]
    assert lines == [
        "ClusterName=x",
        "NodeName=a[1-2] CPUs=8 Sockets=2 CoresPerSocket=4 RealMemory=1000 Feature=fast,new "
        "Gres=gpu:k80:2",
        'DownNodes=a1 State=DRAIN Reason="bad fan"',
        "PartitionName=p Nodes=a[1-2] Default=YES MaxTime=1-00:00:00"]
    assert (tmp_path / "made" / "gres.conf").read_text() == "NodeName=a[1-2] Name=gpu Type=k80 Count=2\n"
    assert read_config.read(path).nodes


def test_nodes_out_of_service_come_over(tmp_path):
    """Tegner opens with drained nodes and with some that are down."""
    loaded = ["--cluster", "tegner", "--state", str(tmp_path / "loaded"), "--speed", "step"]
    mock = [sys.executable, "-m", "slurm_mock"]
    said = subprocess.run([*mock, "run", *loaded, "--", "bash", "-c", "scontrol show config; scontrol show partition; "
                           "scontrol show node"], capture_output=True, text=True, check=True)
    subprocess.run([*mock, "reset", *loaded], capture_output=True, check=True)
    made = import_cluster.write(said.stdout, tmp_path / "made")
    assert shown(made, tmp_path / "state", "sinfo -h -p main -t drain,down -o '%t %N'", cwd=tmp_path) == (
        "drain t03n08\ndown t02n[07,33]\n")
    assert "K80 memory errors slurm t03n08\n" in shown(made, tmp_path / "state", "sinfo -R -h -o '%E %u %N'", cwd=tmp_path)
