"""Figures at scale: thousands of jobs, ten thousand nodes, a long history.  They take minutes.

Functions that give rows (bench.Row) for results.py.  `mock` and `real` are bench.Sides of
clusters with the same slurm.conf; real is None where Slurm is not installed.
"""

from __future__ import annotations

import time

from benchmarks.bench import Row, Side, end, switched_on, turns
from slurm_mock.common.records import PENDING, PURGED, SIMULATED, Job
from slurm_mock.host import local
from slurm_mock.slurmctld.controller import Controller

ONE_BY_ONE = "for i in $(seq {n}); do sbatch -o /dev/null --wrap true >/dev/null || exit 1; done"
ARRAY = "sbatch -o /dev/null --array=1-{n} --wrap true >/dev/null"
TOGETHER = ("for s in 1 2 3 4 5 6 7 8; do (for i in $(seq 25); do sbatch --parsable -o /dev/null "
            "--wrap true; done) & done >ids; wait; test $(sort -u ids | wc -l) = 200")
UNTIL_DONE = "while test -n \"$(squeue -h -u $(id -un) | head -1)\"; do sleep 0.2; done"
BIG = """\
ClusterName=big
SlurmctldHost=head
SlurmUser=slurm
NodeName=n[1-{nodes}] CPUs=16 RealMemory=64000
PartitionName=main Nodes=n[1-{nodes}] Default=YES MaxTime=INFINITE
"""


def until_done(side, script):
    """Wall time from the first submission until no job waits or runs."""
    begin = time.perf_counter()
    side.script(f"{script}; {UNTIL_DONE}")
    return time.perf_counter() - begin


def throughput(mock, real, rounds, few, jobs):
    """Rows: many jobs, from the first sbatch to the last end. few: rounds of the long rows."""
    for what, script, most, count in (
            (f"{jobs} one-line jobs", ONE_BY_ONE.format(n=jobs), 0.7, few),
            (f"one array of {jobs}", ARRAY.format(n=jobs), 0.25, few),
            ("8 submitters at once, 25 jobs each", TOGETHER, 0.7, rounds)):
        sides = [side for side in (mock, real) if side]
        took = turns(count, *[lambda side=side: until_done(side, script) for side in sides])
        yield Row(what, f"{took[0]:.1f} s", took[0] / took[1] if real else None, most,
                  f"real ({took[1]:.1f} s)" if real else "real", count)


def copies(env, count, phase=PENDING):
    """Put copies of the last job into a mock's store: waiting ones, or ones that ran long ago."""
    local.install()
    ctl = Controller.open(env["MOCK_SLURM_STATE"], env)
    with ctl.store:
        model = ctl.store.select(Job, "ORDER BY id DESC LIMIT 1")[0]
        first = ctl.store.next_job_id(count)
        for number in range(count):
            changes = {"id": first + number, "priority": max(0, model.priority - number)}
            if phase == PENDING:
                # nobody but the scheduler has to do with it
                changes.update(kind=SIMULATED, sim_seconds=60)
            else:
                begin = int(ctl.now) - 10 * count + 10 * number - 86400
                changes.update(phase=phase, submit_time=begin, start_time=begin, end_time=begin + 5)
            ctl.store.insert(model.copy(**changes))
    ctl.close()
    return first


def busy(folder, name, cluster):
    """A mock all of whose default nodes are taken for an hour, and its environment."""
    env = switched_on(folder / name, cluster)
    nodes = Side(env, folder).script("sinfo -h -o %D -p $(sinfo -h -o %P | grep '*' | tr -d '*')")
    Side(env, folder).script(f"sbatch --exclusive -t 60 -N {sum(map(int, nodes.split()))} "
                             "-o /dev/null --wrap 'sleep 3600'")
    Side(env, folder).script("sbatch -o /dev/null --wrap true")
    return env


def queue(folder, cluster, real, rounds, count):
    """Rows: `count` separate jobs wait."""
    short, long = busy(folder, "short", cluster), busy(folder, "long", cluster)
    copies(long, count)
    few, many = Side(short, folder), Side(long, folder)
    words = "sbatch", "-o", "/dev/null", "--wrap", "true"
    full, empty = turns(rounds, lambda: many.command(*words), lambda: few.command(*words))
    yield Row(f"`sbatch` with {count} queued", f"{full * 1000:.0f} ms", full / empty, 1.3,
              "empty queue", rounds)
    if real:
        separate(real, count)
    sides = [side for side in (many, real) if side]
    took = turns(rounds, *[lambda side=side: side.command("squeue") for side in sides])
    yield Row(f"`squeue` with {count} pending", f"{took[0] * 1000:.0f} ms",
              took[0] / took[1] if real else None, 0.6,
              f"real ({took[1] * 1000:.0f} ms)" if real else "real", rounds)
    if real:
        real.script("scancel -u $(id -un)")
    for env in (short, long):
        end(env)


def separate(real, count):
    """Have so many jobs wait in real Slurm, each a record of its own: slurmctld splits the tasks
    of an array that are changed by themselves."""
    job = real.script(f"sbatch --parsable -H -o /dev/null --array=0-{count} --wrap true").strip()
    real.script(f"scontrol update JobId={job}_[1-{count}] Nice=1")
    lines = int(real.script("squeue -h | wc -l"))
    if lines < count:
        raise RuntimeError(f"squeue shows {lines} lines, not {count}")


def history(folder, rounds, count):
    """Row: `sacct -j` of one job among many, and among a hundred."""
    sides, jobs = [], []
    for number in (100, count):
        env = switched_on(folder / f"history-{number}", "small", "--no-load")
        side = Side(env, folder)
        side.script(f"sbatch -o /dev/null --wrap true; {UNTIL_DONE}")
        jobs.append(copies(env, number, PURGED) + number // 2)
        sides.append(side)
    few, many = turns(rounds, *[lambda i=i: sides[i].command("sacct", "-j", str(jobs[i]))
                                for i in (0, 1)])
    yield Row(f"`sacct -j` with {count} jobs in history", f"{many * 1000:.0f} ms", many / few, 1.5,
              "its time with 100", rounds)
    for side in sides:
        end(side.env)


def nodes(folder, rounds, count):
    """Row: `sinfo` on many nodes, and on a hundred."""
    sides = []
    for number in (100, count):
        conf = folder / f"big-{number}.conf"
        conf.write_text(BIG.format(nodes=number))
        sides.append(Side(switched_on(folder / f"nodes-{number}", conf), folder))
    few, many = turns(rounds, *[lambda side=side: side.command("sinfo") for side in sides])
    yield Row(f"`sinfo` on {count} nodes", f"{many * 1000:.0f} ms", many / few, 1.5,
              "its time on 100", rounds)
    for side in sides:
        end(side.env)


__all__ = ["history", "nodes", "queue", "throughput"]
