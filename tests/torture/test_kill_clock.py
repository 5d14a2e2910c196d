"""SIGKILL hits the mock's processes while the machine's clock steps by an hour, to and fro."""

from __future__ import annotations

import json
import os
import re
from collections import Counter

import pytest

from tests.torture import history
from tests.torture.test_kill import (CONF, SPEED, Storm, check_promises, check_runs, cluster_log,
                                     settled)
from tests.torture.test_reboot import HOUR, step_clock

# Some last long enough for a step of the clock to find them running. They wait without a process
# of its own, the end of which bash might tell of.
SCRIPT = """\
me=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}
run="$me ${SLURM_RESTART_COUNT:-0}"
echo "begin $run" >> ran
read -rt 0.$((RANDOM % 4)) <> nothing
for i in 1 2 3 4 5; do echo "$run line $i"; done
echo "end $run" >> ran
"""
# Commands, and how the times that they show look; INVALID says squeue of a job of the future.
SHOWN = {"squeue -r -h -t all -o TIME=%M": r"TIME=(.+)", "scontrol show jobs": r"RunTime=(\S+)",
         "sacct -D -n -P -o elapsed": "(.+)", "sacct -D -n -P -o cputimeraw": "(.+)"}
A_TIME = re.compile(r"(\d+-)?(\d+:)?\d+:\d\d|\d+|INVALID")


class ClockStorm(Storm):
    """A storm in which the machine's clock is an hour behind, right, or an hour ahead."""

    def __init__(self, *args):
        super().__init__(*args)
        self.ahead, self.steps, self.times, self.strikes = 0, Counter(), 0, 0

    def strike(self):
        super().strike()
        self.strikes += 1
        if self.strikes % 8 == 0:
            self.step(self.chance.choice([way for way in (-1, 1) if abs(self.ahead + way) <= 1]))

    def step(self, hours):
        step_clock(self.cluster, hours * HOUR)
        self.ahead += hours
        self.steps["forwards" if hours > 0 else "back"] += 1

    def options(self):
        """Every other job has a time limit of less than what the cluster's clock steps."""
        return f"{super().options()} -t {self.chance.choice(['60', 'infinite'])}"

    def query(self):
        while not self.stop:
            line = self.chance.choice(list(SHOWN))
            shown = re.findall(SHOWN[line], self.ask(line))
            assert [text for text in shown if not A_TIME.fullmatch(text)] == [], line
            assert history.faults(self.cluster.state, over=False, steady=False) == []
            self.times += len(shown)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_kill_while_the_clock_steps(living, seed, tally):
    cluster = living(SPEED, CONF)
    cluster.script("job.sh", SCRIPT)
    (cluster.work / "out").mkdir()
    (cluster.work / "ran").touch()
    os.mkfifo(cluster.work / "nothing")
    storm = ClockStorm(cluster, seed, 200, 120)
    storm.run(600)
    assert min(storm.steps["forwards"], storm.steps["back"]) >= 2, storm.steps
    assert storm.hit["daemon"] > 12 and storm.hit["command"] > 12, storm.hit
    # who was requeued while it was late waits until it is as late again
    while storm.ahead < 1:
        storm.step(1)
    settled(cluster, 300)
    assert cluster.gone(30) == {}
    check_history(cluster)
    check_promises(cluster, storm)
    check_runs(cluster)
    assert "Traceback" not in cluster_log(cluster)
    tally["steps of the clock by an hour under kills"] += storm.steps.total()
    tally["times looked at meanwhile"] += storm.times
    tally.update({f"kills of a {who} while the clock steps": n for who, n in storm.hit.items()})
    tally.update(f"jobs under kills while the clock steps that ended {job.state}"
                 for job in history.jobs_of(cluster.state))


def check_history(cluster):
    """All is over, and nothing took less than no time."""
    assert history.faults(cluster.state, steady=False) == []
    ids = [job.id for job in history.jobs_of(cluster.state)]
    told = json.loads(cluster.out(f"sacct -D --json -j {','.join(map(str, ids))}"))["jobs"]
    assert {job["job_id"] for job in told} == set(ids)
    assert min(numbers(told, "time")) >= 0


def numbers(found, inside, within=False):
    """All numbers in JSON data below a key `inside`."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from numbers(value, inside, within or key == inside)
    elif isinstance(found, list):
        for value in found:
            yield from numbers(value, inside, within)
    elif within and isinstance(found, (int, float)) and not isinstance(found, bool):
        yield found
