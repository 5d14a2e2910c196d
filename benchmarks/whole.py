"""Figures of the mock as a whole: a round in CI, memory, a month.  Functions that give rows."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bench import ROOT, Row, Side, end, switched_on, turns
from slurm_mock.host import local
from slurm_mock.machine.locks import JOB, KEEPER, Alive
from slurm_mock.site import activate
from slurm_mock.slurmctld.controller import Controller

ROUND = "sbatch --wait -o out.txt --wrap 'sleep 1; echo done' >/dev/null && grep -q done out.txt"


def mock_round(folder):
    """From nothing, one 1-second job, its output read, nothing left: seconds."""
    work = Path(tempfile.mkdtemp(dir=folder))
    words = ["--cluster", "small", "--state", str(work / "state")]
    begin = time.perf_counter()
    for verb, *more in (("run", "--no-load", "--", "bash", "-c", ROUND), ("reset",)):
        subprocess.run([sys.executable, "-m", "slurm_mock", verb, *words, *more], check=True, cwd=work,
                       stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)})
    spent = time.perf_counter() - begin
    if (work / "state" / "small").exists():
        raise RuntimeError("something is left")
    return spent


def real_round(folder):
    """The same with real Slurm without a database: the quickest way to have one."""
    from tests.conformance.real_slurm import RealSlurm
    work = Path(tempfile.mkdtemp(dir=folder))
    work.chmod(0o755)
    begin = time.perf_counter()
    slurm = RealSlurm(work / "slurm")
    slurm.variant = "plain"
    with slurm:
        Side({**os.environ, **slurm.environment()}, work).script(ROUND)
    return time.perf_counter() - begin


def ci_round(folder, real, rounds):
    """Row: a CI round."""
    took = turns(rounds, *[lambda one=one: one(folder)
                           for one in ((mock_round, real_round) if real else (mock_round,))])
    yield Row("a CI round: one job of 1 s, from nothing to nothing", f"{took[0]:.2f} s",
              took[0] / took[1] if real else None, 0.2,
              f"real ({took[1]:.1f} s)" if real else "real", rounds)


def mebibytes(pid, *fields):
    """Fields of /proc/PID/smaps_rollup (proc(5)) together, in MiB."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        found = dict(line.split()[:2] for line in file if line.rstrip().endswith("kB"))
    return sum(int(found[f"{name}:"]) for name in fields) / 1024


def memory(folder, count=9):
    """Rows: what is idle, what a running job costs besides its own processes, the rest."""
    env = switched_on(folder / "memory", "small", "--no-load")
    side, state = Side(env, folder), env["MOCK_SLURM_STATE"]
    side.script("sbatch -o /dev/null --wrap true; sbatch -o /dev/null --wrap 'sleep 1'; squeue")
    idle = Alive(state)
    until(lambda: not side.script("squeue -h") and not idle.holder(KEEPER))
    time.sleep(1)                            # a supervisor waits half a second for another job
    left = [name for name in os.listdir("/proc") if name.isdigit() and state in _line(name)]
    yield Row("processes when no job waits or runs", str(len(left)), float(len(left)), 0, "processes", 1)
    ids = side.script(f"for i in $(seq {count}); do sbatch --parsable -p batch -o /dev/null --wrap "
                      "'exec tail -f /dev/null'; done").split()
    until(lambda: idle.holder(KEEPER) and all(idle.holder(JOB + int(job)) for job in ids))
    time.sleep(1)                            # the scripts have begun by then
    own = statistics.median(mebibytes(idle.holder(JOB + int(job)), "Private_Clean", "Private_Dirty")
                            for job in ids)
    yield Row("memory of its own of a running job's supervisor", f"{own:.1f} MiB", own / 8, 1.0,
              "8 MiB", count)
    rest = mebibytes(idle.holder(KEEPER), "Rss")
    yield Row("memory of the rest (the keeper)", f"{rest:.1f} MiB", rest / 40, 1.0, "40 MiB", 1)
    os.close(idle.fd)
    end(env)


def until(true, patience=120):
    """Wait for a condition."""
    end_at = time.monotonic() + patience
    while not true():
        if time.monotonic() > end_at:
            raise TimeoutError("it did not come about")
        time.sleep(0.1)


def _line(name):
    try:
        with open(f"/proc/{name}/cmdline", "rb") as file:
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def month(days=30.0):
    """Row: so many days of Dardel's load, all at once."""
    folder = tempfile.mkdtemp(prefix="month-")
    env = {"PATH": os.environ["PATH"], "HOME": folder, "MOCK_SLURM_USER": "alice"}
    local.install()
    place = activate.place("dardel", f"{folder}/state", env, folder)
    activate.ensure(place, env, folder, 0.0, True).close()
    ctl = Controller.open(place.state, env)
    begin = time.perf_counter()
    ctl.clock.jump(ctl.now + int(days * 86400))
    ctl.tick()
    spent = time.perf_counter() - begin
    ctl.close()
    shutil.rmtree(folder)
    yield Row(f"{days:g} virtual days of Dardel's load", f"{spent:.1f} s", spent / 90, 1.0, "90 s", 1)
