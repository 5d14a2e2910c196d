"""Figures of the mock's commands as ratios taken in one run, to a bare Python.

    python benchmarks/bench.py [--rounds N]

Each figure is the median of N rounds (9 unless told), in which the things compared take
turns, so that a noisy machine disturbs both alike.  results.py writes these and all others
into RESULTS.md.
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
from dataclasses import dataclass
from pathlib import Path

PYTHON = os.path.realpath(sys.executable)
FLOOR = [PYTHON, "-I", "-S", "-c", "pass"]
ROOT = Path(__file__).resolve().parent.parent

# Whole processes, with the most that each may take, in floors.
COMMANDS = [
    (["squeue"], 2.25), (["sinfo"], 2.25), (["scontrol", "show", "job", "{job}"], 2.4),
    (["scancel", "999999"], 2.25), (["sbatch", "-H", "-o", "/dev/null", "--wrap", "true"], 2.6),
]


@dataclass
class Row:
    """One line of the table. mine: what the mock took, with its unit; ratio: to `against`, None
    where there was nothing to compare with; most: the target; rounds: medians of how many."""

    what: str
    mine: str
    ratio: float | None
    most: float
    against: str
    rounds: int

    @property
    def shown(self) -> str:
        return "-" if self.ratio is None else f"{self.ratio:.2f}"

    @property
    def verdict(self) -> str:
        return "-" if self.ratio is None else "yes" if self.ratio <= self.most else "**no**"


def tell(row: Row) -> Row:
    """Print a row as soon as it is known; the same row."""
    print(f"{row.what:<48} {row.mine:>10} {row.shown:>7} x {row.against:<20} at most {row.most:<5g}"
          f" n={row.rounds}", flush=True)
    return row


def seconds(argv, env, cwd):
    """Wall time of one process."""
    begin = time.perf_counter()
    subprocess.run(argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - begin


def switched_on(state, cluster, *options):
    """The environment with the mock on."""
    lines = subprocess.run([sys.executable, "-m", "slurm_mock", "env", "--cluster", str(cluster),
                            "--state", str(state), *options], capture_output=True, text=True,
                           check=True, cwd=ROOT).stdout
    told = subprocess.run(["bash", "-c", f"{lines}\nenv -0"], capture_output=True, text=True,
                          check=True).stdout
    return dict(item.split("=", 1) for item in told.split("\0") if "=" in item)


class Side:
    """Where commands run: `env` has the mock on, or real Slurm on its PATH."""

    def __init__(self, env, folder):
        self.env, self.folder = env, folder

    def command(self, *words):
        """Seconds that one command takes."""
        return seconds([shutil.which(words[0], path=self.env["PATH"]), *words[1:]], self.env,
                       self.folder)

    def script(self, text):
        """What a shell script prints; it must succeed."""
        return subprocess.run(["bash", "-c", text], env=self.env, cwd=self.folder, check=True,
                              stdout=subprocess.PIPE, text=True).stdout


def turns(rounds, *functions):
    """The medians of functions that take turns; each gives its own seconds."""
    taken = [[] for _ in functions]
    for _ in range(rounds):
        for function, times in zip(functions, taken):
            times.append(function())
    return [statistics.median(times) for times in taken]


def commands(rounds, cluster, folder):
    """Rows: the everyday commands against the floor."""
    env = switched_on(folder / "commands", cluster)
    side = Side(env, folder)
    job = side.script("sbatch -H --parsable --wrap true").strip()
    for words, limit in COMMANDS:
        words = [w.format(job=job) for w in words]
        mine, floor = turns(rounds, lambda: side.command(*words),
                            lambda: seconds(FLOOR, env, folder))
        yield Row(f"`{' '.join(words)}` on {cluster}", f"{mine * 1000:.1f} ms", mine / floor, limit,
                  "`python3 -I -S -c pass`", rounds)
    end(env)


def end(env):
    """End a cluster of the mock's and remove its state."""
    from slurm_mock.cli import end_all
    from slurm_mock.host import local
    local.install()
    end_all(env["MOCK_SLURM_STATE"])


def workplace():
    """A folder that other users (slurmctld's, slurmd's) may enter."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    folder.chmod(0o755)
    return folder


def machine() -> str:
    return (f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, "
            f"load {os.getloadavg()[0]:.1f}")


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    folder = workplace()
    try:
        print(machine())
        for cluster in ("small", "tegner"):
            for row in commands(options.rounds, cluster, folder):
                tell(row)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
