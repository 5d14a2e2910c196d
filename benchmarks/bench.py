"""Figures of the mock as ratios taken in one run: to a bare Python, and to real Slurm.

    python benchmarks/bench.py [--rounds N] [--real]

Each figure is the median of N rounds (9 unless told), in which the things compared take
turns, so that a noisy machine disturbs both alike.  --real compares with the Slurm that
SLURM_CONF in the environment names (tests/conformance/real_slurm.py starts one).
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PYTHON = os.path.realpath(sys.executable)
FLOOR = [PYTHON, "-I", "-S", "-c", "pass"]
ROOT = Path(__file__).resolve().parent.parent

# Whole processes, with the most that issue 4 allows of each, in floors.
COMMANDS = [
    (["squeue"], 2.5), (["sinfo"], 2.5), (["scontrol", "show", "job", "{job}"], 2.5),
    (["scancel", "999999"], 2.5), (["sbatch", "-H", "-o", "/dev/null", "--wrap", "true"], 3.0),
]


def seconds(argv, env, cwd):
    """Wall time of one process."""
    begin = time.perf_counter()
    subprocess.run(argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - begin


def switched_on(state, cluster):
    """The environment with the mock on."""
    lines = subprocess.run([sys.executable, "-m", "slurm_mock", "env", "--cluster", cluster,
                            "--state", str(state)], capture_output=True, text=True, check=True,
                           cwd=ROOT).stdout
    told = subprocess.run(["bash", "-c", f"{lines}\nenv -0"], capture_output=True, text=True,
                          check=True).stdout
    return dict(item.split("=", 1) for item in told.split("\0") if "=" in item)


def commands(rounds, cluster, folder):
    """Rows (command, milliseconds, floors, limit): the everyday commands against the floor."""
    env = switched_on(folder / "state", cluster)
    job = subprocess.run([shutil.which("sbatch", path=env["PATH"]), "-H", "--parsable", "--wrap",
                          "true"], env=env, cwd=folder, capture_output=True, text=True,
                         check=True).stdout.strip()
    rows = []
    for words, limit in COMMANDS:
        words = [w.format(job=job) for w in words]
        program = shutil.which(words[0], path=env["PATH"])
        bare, mine = [], []
        for _ in range(rounds):
            bare.append(seconds(FLOOR, env, folder))
            mine.append(seconds([program, *words[1:]], env, folder))
        floor = statistics.median(bare)
        rows.append((" ".join(words), statistics.median(mine) * 1000,
                     statistics.median(mine) / floor, limit))
    return rows


def ci_round(folder):
    """A CI round: from nothing, one 1-second job, its output read, nothing left. Seconds."""
    work = Path(tempfile.mkdtemp(dir=folder))
    script = ("sbatch --wait -o out.txt --wrap 'sleep 1; echo done' >/dev/null && "
              "grep -q done out.txt")
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-m", "slurm_mock", "run", "--cluster", "small", "--state",
                    str(work / "state"), "--no-load", "--", "bash", "-c", script], check=True,
                   cwd=work, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return time.perf_counter() - begin


def real(rounds, folder):
    """Rows (command, ratio): the same command on the mock and on real Slurm."""
    env = switched_on(folder / "state", "small")
    rows = []
    for words in (["squeue"], ["sinfo"], ["sbatch", "-H", "-o", "/dev/null", "--wrap", "true"]):
        mock = shutil.which(words[0], path=env["PATH"])
        mine, theirs = [], []
        for _ in range(rounds):
            mine.append(seconds([mock, *words[1:]], env, folder))
            theirs.append(seconds([shutil.which(words[0]), *words[1:]], dict(os.environ), folder))
        rows.append((" ".join(words), statistics.median(mine) / statistics.median(theirs)))
    return rows


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--real", action="store_true")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for cluster in ("small", "tegner"):
            print(f"\ncluster {cluster:<40} ms  x floor  at most")
            for name, ms, ratio, limit in commands(options.rounds, cluster, folder):
                print(f"{name:<46} {ms:5.1f} {ratio:8.2f} {limit:8.1f}")
        times = [ci_round(folder) for _ in range(3)]
        print(f"\na CI round (one job of 1 s, from nothing)  {statistics.median(times):.2f} s")
        if options.real:
            print("\nagainst real Slurm                         x real")
            for name, ratio in real(options.rounds, folder):
                print(f"{name:<42} {ratio:6.2f}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
