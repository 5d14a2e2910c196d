"""A month of a cluster's life: what stays in memory, open and on disk does not grow with its age."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

import pytest

from benchmarks.whole import mebibytes
from slurm_mock.common.records import PENDING, SIMULATED
from slurm_mock.machine.locks import JOB, KEEPER
from slurm_mock.slurmctld.controller import Controller

HOUR, DAY = 3600, 86400
DAYS, EARLY = 30, 10
# What the user does on some days; every line that it prints is an id.
ACTIVITY = """\
sbatch --parsable -t 2-0 -o /dev/null --wrap 'srun true'
sbatch --parsable -t 2-0 -a 0-2 -o /dev/null --wrap true
squeue >/dev/null; sacct >/dev/null; sinfo >/dev/null
"""
TASKS = 3
# What accounting keeps for good, and what slurmctld knows of jobs in its queue.
HISTORY, QUEUE = ("jobs", "steps", "earlier"), ("scripts", "sleepers")


@dataclass
class Picture:
    """Of one moment: MiB of their own and open files of the processes that stay; rows by table."""

    memory: dict
    files: dict
    rows: dict
    queued: int              # jobs that squeue -t all knows
    facts: int               # bytes of the facts by key
    store: int               # bytes of the store
    journal: int             # bytes of its journal
    others: int              # bytes of all other files of the state directory


class Life:
    """A bundled cluster with other people's load, and a user with a job that runs all the time.

    The clock is the machine's and jumps ahead; the keeper does what was due meanwhile.
    """

    def __init__(self, cluster):
        self.cluster = cluster
        self.ctl = Controller.open(cluster.state, cluster.env)
        self.begun = self.ctl.now
        self.long, self.held = (int(cluster.out(f"sbatch --parsable -o /dev/null {more}")) for more in
                                (f"-t {2 * DAYS}-0 --wrap 'exec sleep infinity'", "-H --wrap true"))
        cluster.until(lambda: self.ctl.alive.holder(JOB + self.long))
        self.ids = {}                    # {when: what the user submitted then}

    def staying(self):
        """Process ids of what stays, by name."""
        return {"keeper": self.ctl.alive.holder(KEEPER),
                "supervisor": self.ctl.alive.holder(JOB + self.long)}

    def spend(self, days):
        for day in range(days):
            if day % 3 == 0:
                now = self.ctl.now
                self.ids[now] = [int(line) for line in self.cluster.out(ACTIVITY).split()]
            for _ in range(4):
                self.rest()
                self.jump(DAY // 4)

    def rest(self):
        """Until no job of the user's runs but the long one."""
        self.cluster.until(lambda: not self.ctl.store.db.execute(
            "SELECT 1 FROM jobs WHERE phase=1 AND kind<>? AND id<>?", (SIMULATED, self.long)
        ).fetchone(), 120)

    def jump(self, seconds):
        self.ctl.clock.jump(self.ctl.clock.now() + seconds)
        self.ctl.alive.poke(KEEPER)
        self.cluster.until(lambda: self.ctl.store.meta("next_event") > self.ctl.now, 120)

    def picture(self):
        ask, store = self.ctl.store.db.execute, self.ctl.store.file
        tables = [name for name, in ask("SELECT name FROM sqlite_master WHERE type='table'").fetchall()]
        sizes = {path: os.path.getsize(path) for folder, _, names in os.walk(self.cluster.state)
                 for path in (os.path.join(folder, name) for name in names)}
        return Picture(
            {who: mebibytes(pid, "Anonymous", "Swap") for who, pid in self.staying().items()},
            {who: len(os.listdir(f"/proc/{pid}/fd")) for who, pid in self.staying().items()},
            {name: ask(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in tables},
            ask("SELECT COUNT(*) FROM jobs WHERE phase<3").fetchone()[0],
            ask("SELECT SUM(LENGTH(value)) FROM meta").fetchone()[0],
            ask("PRAGMA page_count").fetchone()[0] * ask("PRAGMA page_size").fetchone()[0],
            sizes[f"{store}-wal"],
            sum(size for path, size in sizes.items() if not path.startswith(store)))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_thirty_days(living, tally):
    life = Life(living(1.0, "tegner", load=True))
    try:
        stay = life.staying()
        life.spend(EARLY)
        early = life.picture()
        life.spend(DAYS - EARLY)
        late = life.picture()
        assert life.staying() == stay and all(stay.values()), "what should stay was replaced"
        check_bounds(early, late)
        check_purge(life)
    finally:
        life.cluster.sh("scancel -u alice")
        life.ctl.close()
    tally["virtual days of a cluster's life"] += DAYS
    tally["jobs in its accounting afterwards"] += late.rows["jobs"]


def check_bounds(early, late):
    """From day 10 to day 30 nothing has grown but what accounting keeps of each job."""
    print(early, late, sep="\n")
    assert late.rows["jobs"] > 2 * early.rows["jobs"] > 1000, "there was no life"
    for who in early.memory:
        assert late.memory[who] <= early.memory[who] + 1, who
        assert late.files[who] <= early.files[who] + 4, who      # some are open for a moment
    assert late.store / late.rows["jobs"] <= early.store / early.rows["jobs"]
    assert late.journal <= 16 << 20
    assert late.facts <= early.facts + 1024 and late.others <= early.others + 1024
    for name in late.rows:
        if name in QUEUE:
            assert late.rows[name] <= late.queued, name
        elif name not in HISTORY:
            assert late.rows[name] <= early.rows[name], name


def check_purge(life):
    """Jobs leave the queue MinJobAge (5 minutes) after their end and stay in accounting."""
    life.rest()
    cluster, when = life.cluster, lambda t: time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t))
    last = int(cluster.out("sbatch --parsable -t 2-0 -o /dev/null --wrap true"))
    while life.ctl.store.job(last).phase == PENDING:
        life.jump(HOUR)
    life.rest()
    mine = "squeue -h -t all -u alice -o %i"
    assert str(last) in cluster.out(mine).split()
    life.jump(HOUR)
    assert cluster.out(mine).split() == [str(life.held), str(life.long)]
    for at, ids in life.ids.items():
        shown = cluster.sh(f"scontrol show job {ids[0]}")
        assert shown.returncode == 1 and "Invalid job id specified" in shown.stderr, shown
        told = cluster.out(f"sacct -X -n -P -o jobid,state -S {when(at)}")
        assert [line for line in told.splitlines() if int(line.split("|")[0].split("_")[0]) in ids] == [
            f"{ids[0]}|COMPLETED", *(f"{ids[1]}_{task}|COMPLETED" for task in range(TASKS))]
    told = cluster.out(f"sacct -a -X -n -P -o jobidraw -S {when(life.begun)}")
    ids = {str(row[0]) for row in life.ctl.store.db.execute("SELECT id FROM jobs").fetchall()}
    # a job that was held all its life was never eligible, and lies in no window of sacct's
    assert set(told.split()) == ids - {str(life.held)}
