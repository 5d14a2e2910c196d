"""SIGKILL hits the mock's processes at random while jobs run: what was accepted is not lost."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter

import pytest

from tests.clusters.living import slurm_conf
from tests.torture import history
from tests.torture.victims import kill, own_processes

# Requeued jobs wait two minutes of the cluster's.
SPEED = 100.0
CONF = slurm_conf("""\
NodeName=n[1-4] CPUs=8 CoresPerSocket=8 RealMemory=8000
PartitionName=main Nodes=n[1-4] Default=YES MaxTime=UNLIMITED DefaultTime=UNLIMITED
""", DefMemPerCPU=10, MaxJobCount=5000, KillWait=300, MinJobAge=1000000, GresTypes=None)
# Each run says when it begins and when it ends, in one file for all and in its own output.
SCRIPT = """\
me=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}
run="$me ${SLURM_RESTART_COUNT:-0}"
echo "begin $run" >> ran
for i in 1 2 3 4 5; do echo "$run line $i"; done
echo "end $run" >> ran
"""
COMMANDS = ("squeue", "sinfo -N", "sacct -X", "scontrol show jobs", "squeue -r -t all")


class Storm:
    """Submits and kills until both counts are reached."""

    def __init__(self, cluster, chance, jobs, kills, submitters=3):
        self.cluster, self.chance, self.kills = cluster, chance, kills
        self.promised, self.hit, self.stop = [], Counter(), False
        self.lock = threading.Lock()
        self.todo = jobs
        self.threads = [threading.Thread(target=self.submit) for _ in range(submitters)]
        self.threads.append(threading.Thread(target=self.query))

    def run(self, patience):
        end = time.monotonic() + patience
        for thread in self.threads:
            thread.start()
        try:
            while sum(self.hit.values()) < self.kills or self.todo > 0:
                assert time.monotonic() < end, f"only {dict(self.hit)} so far"
                self.strike()
        finally:
            self.stop = True
            for thread in self.threads:
                thread.join()

    def strike(self):
        """Kill one of the mock's processes, now and then all of them at once."""
        time.sleep(self.chance.uniform(0.0, 0.05))
        found = own_processes(self.cluster.state)
        if not found or sum(self.hit.values()) >= self.kills:
            return
        for victim in found if self.chance.random() < 0.02 else [self.chance.choice(found)]:
            try:
                with open(f"/proc/{victim}/stat") as f:
                    forked = f.read().rpartition(")")[2].split()[1] == "1"
            except OSError:
                continue
            if kill(victim):
                self.hit["daemon" if forked else "command"] += 1

    def take(self):
        """What to submit next: the command line and how many jobs it asks for."""
        with self.lock:
            if self.todo <= 0 or self.stop:
                return None
            many = self.chance.choice([0, 0, 0, 20])
            count = min(many or 1, self.todo)
            array = f"-a 0-{count - 1} -o out/%A_%a" if many else "-o out/%j"
            return f"sbatch {self.options()} --open-mode=append {array} job.sh", count

    def options(self):
        """What else sbatch is told."""
        return self.chance.choice(["--requeue", "--no-requeue"])

    def submit(self):
        while (taken := self.take()):
            line, count = taken
            with self.cluster.popen(f"exec {line}") as done:
                told, said = done.communicate(timeout=120)
            assert "Traceback" not in said, said
            found = re.fullmatch(r"Submitted batch job (\d+)\n", told)
            assert found or not told, told
            if found:
                with self.lock:
                    self.promised.append((int(found[1]), count, "-a" in line))
                    self.todo -= count

    def query(self):
        """Reads while it all goes on; says nothing wrong, whatever hits it."""
        while not self.stop:
            self.ask(self.chance.choice(COMMANDS))

    def ask(self, line):
        """What a command prints; "" when it was killed."""
        with self.cluster.popen(f"exec {line}") as done:
            told, said = done.communicate(timeout=120)
        assert "Traceback" not in said and "rror" not in said, said
        return told if done.returncode == 0 else ""


def settled(cluster, patience):
    """Wait until no job is left in the queue."""
    end = time.monotonic() + patience
    while cluster.out("squeue -h -r"):
        assert time.monotonic() < end, cluster.out("squeue -r; scontrol show jobs | tail -40")
        time.sleep(0.2)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("jobs, kills", [
    (40, 20), pytest.param(1000, 300, marks=pytest.mark.slow)])
def test_kill_anything_any_time(living, seed, tally, jobs, kills):
    cluster = living(SPEED, CONF)
    cluster.script("job.sh", SCRIPT)
    (cluster.work / "out").mkdir()
    (cluster.work / "ran").touch()
    storm = Storm(cluster, seed, jobs, kills)
    storm.run(600)
    assert storm.hit["daemon"] > kills // 10 and storm.hit["command"] > kills // 10, storm.hit
    settled(cluster, 300)
    assert cluster.gone(30) == {}
    assert history.faults(cluster.state) == []
    check_promises(cluster, storm)
    check_runs(cluster)
    assert "Traceback" not in cluster_log(cluster)
    tally.update({f"kills of a {who}": count for who, count in storm.hit.items()})
    tally.update(f"jobs under kills that ended {job.state}" for job in history.jobs_of(cluster.state))


def check_promises(cluster, storm):
    """Every id that sbatch printed is there, whole."""
    known = Counter((job.array_id or job.id) for job in history.jobs_of(cluster.state))
    assert sum(count for _, count, _ in storm.promised) >= 1
    missing = [number for number, count, _ in storm.promised if known[number] != count]
    assert missing == []


def check_runs(cluster):
    """No run happened twice; who COMPLETED ran whole; outputs are nobody else's."""
    ran = Counter(cluster.read("ran").splitlines())
    assert [line for line, count in ran.items() if count > 1] == []
    for job in history.jobs_of(cluster.state):
        me = f"{job.array_id}_{job.array_task}" if job.array_id else str(job.id)
        path = cluster.work / "out" / me
        lines = path.read_text().splitlines() if path.exists() else []
        assert all(line.startswith((f"{me} ", "slurmstepd-")) for line in lines), (me, lines)
        if job.state == "COMPLETED":
            run = f"{me} {job.restarts}"
            assert ran[f"begin {run}"] == ran[f"end {run}"] == 1, (me, job.restarts)
            # what an earlier run left is before it, whole lines
            assert lines[-5:] == [f"{run} line {i}" for i in range(1, 6)], (me, lines)
        elif job.state == "FAILED":
            # chosen between fork and exec, the script itself is killed, as by the kernel: signal 9
            assert job.exit_code == 9 and not ran[f"end {me} {job.restarts}"], (me, job.exit_code)
        elif job.state == "TIMEOUT":
            assert job.time_limit > 0, me
        else:
            assert job.state == "NODE_FAIL" and not job.requeue, (me, job.state)


def cluster_log(cluster):
    with open(f"{cluster.state}/log", errors="replace") as f:
        return f.read()


def test_the_hunter_finds_commands_and_daemons(living):
    """The storm above would be none if it hit nobody."""
    cluster = living(1.0)
    cluster.out("sbatch -Q --wrap 'sleep 600'")
    cluster.until(lambda: len(own_processes(cluster.state)) >= 2)
    with cluster.popen("exec salloc -Q sleep 600") as waiting:
        cluster.until(lambda: waiting.pid in own_processes(cluster.state))
        # again and again: what one has just started is not found at the first look
        cluster.until(lambda: not [kill(pid) for pid in own_processes(cluster.state)])
        waiting.communicate(timeout=60)
    cluster.out("scancel -u $(id -un); scancel -u alice")
    settled(cluster, 60)
