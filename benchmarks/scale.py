"""Figures at scale: thousands of jobs, a month of load.  They take minutes.

    python benchmarks/scale.py [--jobs 1000] [--queue 10000] [--days 30] [--real] [ROW...]

Rows: jobs, array, submitters, sbatch, squeue, month (all if none is named).  Each is a ratio
taken in one run; --real compares with the Slurm that SLURM_CONF in the environment names
(`python tests/conformance/real_slurm.py start --dir DIR --variant scale` starts one).
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

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.bench import seconds, switched_on  # noqa: E402
from slurm_mock.cli import end_all  # noqa: E402
from slurm_mock.controller import Controller  # noqa: E402
from slurm_mock.model import PENDING, SIMULATED, Job  # noqa: E402

ONE_BY_ONE = "for i in $(seq {n}); do sbatch -o /dev/null --wrap true >/dev/null || exit 1; done"
ARRAY = "sbatch -o /dev/null --array=1-{n} --wrap true >/dev/null"
TOGETHER = ("for s in 1 2 3 4 5 6 7 8; do (for i in $(seq 25); do sbatch --parsable -o /dev/null "
            "--wrap true; done) & done >{folder}/ids; wait; test $(sort -u {folder}/ids | wc -l) = 200")
UNTIL_DONE = "while test -n \"$(squeue -h -u $(id -un) | head -1)\"; do sleep 0.2; done"


def until_done(script, env, folder):
    """Wall time from the first submission until no job waits or runs."""
    begin = time.perf_counter()
    subprocess.run(["bash", "-c", f"{script}; {UNTIL_DONE}"], env=env, cwd=folder, check=True)
    return time.perf_counter() - begin


class Side:
    """Where commands run: `env` has the mock on, or real Slurm on its PATH."""

    def __init__(self, env, folder):
        self.env, self.folder = env, folder

    def command(self, *words):
        program = shutil.which(words[0], path=self.env["PATH"])
        return seconds([program, *words[1:]], self.env, self.folder)


def fill(state, env, count):
    """Put `count` waiting jobs into a mock's queue, behind one that has all nodes: copies of one
    that was submitted."""
    ctl = Controller.open(state, env)
    with ctl.store:
        model = ctl.store.select(Job, "WHERE phase=? ORDER BY id DESC LIMIT 1", (PENDING,))[0]
        first = ctl.store.next_job_id(count)
        for number in range(count):
            ctl.store.insert(model.copy(id=first + number, priority=model.priority - number,
                                        kind=SIMULATED, sim_seconds=60))
    ctl.close()


def busy(folder, name):
    """A mock of ten nodes all of whose nodes are taken for an hour, and its environment."""
    env = switched_on(folder / name, "small")
    for options in (["-N", "5", "-p", "batch"], ["-p", "batch"]):
        subprocess.run([shutil.which("sbatch", path=env["PATH"]), "--exclusive", "-t", "60", "-o",
                        "/dev/null", *options, "--wrap", "sleep 3600"], env=env, cwd=folder,
                       check=True, stdout=subprocess.DEVNULL)
    return env


def race(row, script, mock, real):
    """One row: the mock's seconds, and the ratio to real Slurm's where there is one."""
    mine = until_done(script.format(n=row, folder=mock.folder), mock.env, mock.folder)
    theirs = until_done(script.format(n=row, folder=real.folder), real.env, real.folder) if real else 0
    return mine, mine / theirs if theirs else None


def queued(folder, count, rounds):
    """(sbatch behind `count` waiting jobs / behind one, squeue's seconds with them)."""
    short, long = busy(folder, "short"), busy(folder, "long")
    fill(long["MOCK_SLURM_STATE"], long, count)
    words = ["sbatch", "-p", "batch", "-o", "/dev/null", "--wrap", "true"]
    empty, full, listing = [], [], []
    for _ in range(rounds):
        empty.append(Side(short, folder).command(*words))
        full.append(Side(long, folder).command(*words))
        listing.append(Side(long, folder).command("squeue"))
    for env in (short, long):
        end_all(env["MOCK_SLURM_STATE"])
    return statistics.median(full) / statistics.median(empty), statistics.median(listing)


def month(days):
    """Seconds that so many days of Dardel's load take, all at once."""
    from slurm_mock import activate
    folder = tempfile.mkdtemp(prefix="month-")
    env = {"PATH": os.environ["PATH"], "HOME": folder, "MOCK_SLURM_USER": "alice"}
    place = activate.place("dardel", f"{folder}/state", env, folder)
    activate.ensure(place, env, folder, 0.0, True).close()
    ctl = Controller.open(place.state, env)
    begin = time.perf_counter()
    ctl.clock.jump(ctl.now + int(days * 86400))
    ctl.tick()
    spent = time.perf_counter() - begin
    ctl.close()
    shutil.rmtree(folder)
    return spent


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--queue", type=int, default=10_000)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("rows", nargs="*", metavar="ROW")
    asked = parser.parse_args()
    rows = asked.rows or ["jobs", "array", "submitters", "sbatch", "month"]
    folder = Path(tempfile.mkdtemp(prefix="scale-"))
    folder.chmod(0o755)
    real = Side(dict(os.environ), folder) if asked.real else None
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<46}  seconds   ratio  at most")

    def tell(name, spent, ratio, most):
        shown = "-" if ratio is None else f"{ratio:.2f}"
        print(f"{name:<46} {spent:8.2f} {shown:>7} {most:>8}", flush=True)

    try:
        mock = Side(switched_on(folder / "state", "small"), folder)
        for name, script, most in (("jobs", ONE_BY_ONE, 0.7), ("array", ARRAY, 0.25),
                                   ("submitters", TOGETHER, 0.7)):
            if name in rows:
                title = {"jobs": f"{asked.jobs} one-line jobs (x real)",
                         "array": f"one array of {asked.jobs} (x real)",
                         "submitters": "8 submitters, 25 jobs each (x real)"}[name]
                tell(title, *race(asked.jobs, script, mock, real), most)
        if "sbatch" in rows or "squeue" in rows:
            ratio, listing = queued(folder, asked.queue, asked.rounds)
            tell(f"sbatch with {asked.queue} queued (x empty queue)", 0.0, ratio, 1.3)
            theirs = None
            if real:
                subprocess.run(["sbatch", "-H", "-o", "/dev/null", f"--array=1-{asked.queue}",
                                "--wrap", "true"], env=real.env, cwd=folder, check=True,
                               stdout=subprocess.DEVNULL)
                theirs = statistics.median(real.command("squeue", "-r") for _ in range(asked.rounds))
                subprocess.run(["scancel", "-u", "root"], env=real.env, check=False)
            tell(f"squeue with {asked.queue} pending (x real)", listing,
                 listing / theirs if theirs else None, 0.6)
        if "month" in rows:
            spent = month(asked.days)
            tell(f"{asked.days:g} virtual days of Dardel's load", spent, None, "90 s")
    finally:
        end_all(str(folder / "state"))
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
