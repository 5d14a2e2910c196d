"""host/browser/stand_ins.py: what stands for what cannot be measured, or cannot listen, in one interpreter."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from slurm_mock.host import browser as browser_host
from slurm_mock.host.browser import stand_ins
from slurm_mock.site import clusters
from tests.clusters.in_one_process import cluster, here

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")

USE_MEMORY = Path(__file__).parents[4] / "notebooks" / "use_memory"
STORY = """
sbatch -W --mem=200 -o over -t 5 --wrap './use_memory 300 100; echo not reached'; cat over
sbatch -W --mem=500 -o well -t 5 --wrap 'srun ./use_memory 300 100; echo after $?'; cat well
sacct -n -P -o jobid,state,exitcode,elapsed,reqmem
sacct -n -P -o maxrss --units=K
"""


def told(folder, run):
    """What STORY prints on a cluster that ends who uses too much memory: (lines, MaxRSS in MiB)."""
    shutil.copytree(Path(clusters.__file__).parent / "small", folder / "conf")
    with open(folder / "conf" / "slurm.conf", "a", encoding="utf-8") as conf:
        conf.write("JobAcctGatherParams=OverMemoryKill\n")
    shutil.copy(USE_MEMORY, folder)
    code, out, err = run(STORY, cluster(folder, str(folder / "conf" / "slurm.conf"), False), str(folder))
    assert code == 0, err
    lines = re.sub(r"\((\d+) >", "(N >", out.decode()).splitlines()
    sizes = [int(line[:-1]) // 1024 for line in lines if re.fullmatch(r"\d+K", line)]
    return [line for line in lines if not re.fullmatch(r"(\d+K|0)?", line)], sizes


def on_desktop(line, env, cwd):
    done = subprocess.run(["bash", "-c", line], env=env, cwd=cwd, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=100)
    return done.returncode, done.stdout, done.stderr


def test_use_memory_is_killed_alike_where_it_is_measured_and_where_it_is_declared(tmp_path):
    """The desktop really allocates, and is sampled on the stepping clock."""
    for name in ("desktop", "browser"):
        (tmp_path / name).mkdir()
    desktop, measured = told(tmp_path / "desktop", on_desktop)
    browser_host.install()
    try:
        browser, declared = told(tmp_path / "browser", here)
    finally:
        browser_host.uninstall()
    assert browser == desktop
    assert "slurmstepd-n1: error: StepId=101.batch exceeded memory limit (N > 209715200), being killed" in browser
    assert [line for line in browser if line.startswith("10")] == [
        "101|FAILED|0:9|00:00:30|200M", "101.batch|CANCELLED by 0|0:9|00:00:30|",
        "102|COMPLETED|0:0|00:01:40|500M", "102.batch|COMPLETED|0:0|00:01:40|", "102.0|COMPLETED|0:0|00:01:40|"]
    assert declared == [300, 300]
    big = [size for size in measured if size >= 300]
    assert len(big) == 2 and max(big) < 364


@pytest.mark.parametrize("words", ["", "x 1", "300", "-1 1", "1 2 3"])
def test_use_memory_says_what_it_wants(tmp_path, words):
    done = subprocess.run(f"{USE_MEMORY} {words}", shell=True, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "usage: use_memory MIB SECONDS\n")


def test_declare_memory(small):
    """Its command's exit code and output; the memory is the process's as long as the command runs."""
    assert small("declare-memory 5 bash -c 'echo out; exit 3'") == (3, b"out\n", b"")
    assert small("declare-memory 5 nosuch") == (127, b"", b"declare-memory: nosuch: No such file or directory\n")
    for line in ("declare-memory", "declare-memory 5", "declare-memory x true", "declare-memory 99999999999 true"):
        assert small(line) == (2, b"", b"usage: declare-memory MIB COMMAND [ARG...]\n")
    code, out, _ = small("sbatch -W --wrap 'declare-memory 7 sleep 40 & sleep 39; sstat -n -P -a -o maxrss -j $SLURM_JOB_ID > now; wait; "
                         "sleep 60' > /dev/null; cat now; sacct -n -P -o maxrss")
    assert out.split() == [b"7M", b"7M"]


def test_jupyter_prints_where_it_would_listen_until_it_is_ended(small):
    small("sbatch -t 2 -o out --wrap 'jupyter-notebook --no-browser --port=8889 --ip=$(hostname); echo code $?'")
    text = small("sleep 200; cat out")[1].decode()
    url = re.search(r"is running at:\n\[I 2026-03-02 09:00:00.000 ServerApp\] (http://n1:8889/tree\?token=[0-9a-f]{48})\n", text)
    assert url and text.count(url.group(1)) == 2
    assert "a stand-in of the browser lab" in text
    assert "DUE TO TIME LIMIT" in text and "received signal 15, stopping" in text


@pytest.mark.parametrize("line, message", [
    ("jupyter trust x.ipynb", b"jupyter: only `notebook` and `lab` have a stand-in in the browser lab\n"),
    ("jupyter lab --port=http", b"jupyter: --port=http: not a port\n"),
])
def test_jupyter_refuses(small, line, message):
    assert small(line) == (1, b"", message)


def test_jupyter_list_knows_of_none(small):
    assert small("jupyter notebook list") == (0, b"", b"Currently running servers:\n")


def test_options():
    words = ["--no-browser", "--ip", "h", "--ServerApp.port=1", "--port=2", "x"]
    assert stand_ins.options(words) == {"no-browser": "", "ip": "h", "port": "2"}
