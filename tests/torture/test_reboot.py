"""The machine is switched off and on, its process ids go to others, its clock steps by an hour."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from slurm_mock.machine.locks import JOB, KEEPER, Alive
from slurm_mock.store.store import Store
from tests.torture import history
from tests.torture.test_kill import settled

HOUR = 3600


def switch_off(cluster):
    """End every process that belongs to the state directory, at one stroke."""
    for _ in range(50):
        left = cluster.left()
        if not left:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
    assert not cluster.left()


@pytest.fixture
def busy(living):
    """A cluster with four jobs that run, a step in each of two, one that waits, and one that has ended."""
    cluster = living(1.0)
    cluster.script("job.sh", "echo run ${SLURM_RESTART_COUNT:-0}; srun sleep 600\n")
    cluster.out("sbatch -Q --requeue -w n1 job.sh; sbatch -Q --no-requeue -w n2 job.sh")
    cluster.out("sbatch -Q -t 30 -w n3 --wrap 'sleep 600'; sbatch -Q -w n4 --wrap 'sleep 600'")
    cluster.out("sbatch -Q -w n1 -n 4 --wrap true; sbatch -Q -d afterok:4 --wrap true")
    cluster.until(lambda: cluster.out("squeue -h -s -t R | grep -c '\\.0 ' || true") == "2\n")
    cluster.until(lambda: states(cluster)[5] == "COMPLETED")
    return cluster


def states(cluster):
    return {job.id: job.state for job in history.jobs_of(cluster.state)}


def test_a_reboot(busy):
    before = states(busy)
    switch_off(busy)
    assert busy.out("squeue -h -o %i").split()
    after = states(busy)
    assert set(after) == set(before)
    assert after[1] == "PENDING" and after[2] == "NODE_FAIL"
    assert after[3] == after[4] == after[6] == "PENDING"
    shown = busy.out("scontrol show job 1")
    assert "Restarts=1" in shown and "Reason=BeginTime" in shown
    assert "NODE_FAIL" in busy.out("sacct -X -n -j 2 -o state")
    busy.out("scancel 1 3 4 5 6")
    settled(busy, 60)
    assert history.faults(busy.state) == []


def test_process_ids_that_others_have_now(busy):
    """All that the store knows by number belongs to somebody else after a reboot."""
    switch_off(busy)
    innocent = [subprocess.Popen(["sleep", "600"], start_new_session=True) for _ in range(3)]
    try:
        store = Store(busy.state)
        with store:
            rows = store.db.execute("SELECT rowid FROM steps").fetchall()
            assert rows
            for number, (row,) in enumerate(rows):
                store.db.execute("UPDATE steps SET pid=? WHERE rowid=?",
                                 (innocent[number % 3].pid, row))
            store.db.execute("INSERT INTO sleepers (job_id, wake_at, pid) VALUES (1, 0, ?)",
                             (innocent[0].pid,))
        store.close()
        busy.sh("scancel -s KILL 1; scancel --full -s TERM 2; scancel 1.0 2.0 3.batch; sstat 1")
        busy.out("squeue; scancel 1 3 4 5 6")
        settled(busy, 60)
        assert busy.tool("reset").returncode == 0
        assert [one.poll() for one in innocent] == [None] * 3
    finally:
        for one in innocent:
            one.kill()
            one.wait()


@pytest.mark.slow
def test_locks_name_nobody_else(busy):
    """Who asks after a reboot who keeps the queue is told: nobody."""
    switch_off(busy)
    alive = Alive(busy.state)
    assert [alive.holder(KEEPER), *[alive.holder(JOB + i) for i in range(1, 7)]] == [0] * 7
    os.close(alive.fd)
    busy.out("scancel 1 3 4 5 6")
    settled(busy, 60)


def step_clock(cluster, seconds):
    """The machine's clock steps: the cluster's is reckoned from it (see clock.py)."""
    store = Store(cluster.state)
    with store:
        store.set_meta("clock_real", store.meta("clock_real") - seconds)
    store.close()


@pytest.mark.slow
def test_an_hour_forward(busy):
    step_clock(busy, HOUR)
    busy.until(lambda: states(busy)[3] == "TIMEOUT" or not busy.out("squeue"))
    assert states(busy)[1] in ("TIMEOUT", "COMPLETING", "RUNNING")
    busy.out("scancel -u alice")
    settled(busy, 60)
    assert history.faults(busy.state) == []
    assert set(states(busy)) == set(range(1, 7))


@pytest.mark.slow
def test_an_hour_back(busy):
    step_clock(busy, -HOUR)
    assert {states(busy)[i] for i in (1, 2, 3, 4)} == {"RUNNING"}
    shown = busy.out("squeue -h -o '%i %M'; sacct -X -n -P -o jobid,elapsed")
    assert "-" not in shown, shown
    # life goes on: what comes now runs, what is due becomes due
    busy.out("sbatch -Q -p gpu --wrap true; sbatch -Q -p gpu --begin=now+1 --wrap true")
    busy.until(lambda: states(busy)[8] == "COMPLETED", 60)
    busy.out("scancel 1 2 3 4 5 6")
    settled(busy, 60)
    assert set(states(busy)) == set(range(1, 9))
    assert history.faults(busy.state, steady=False) == []


@pytest.mark.slow
def test_back_and_forward_again(busy):
    for seconds in (-HOUR, HOUR):
        step_clock(busy, seconds)
        busy.out("squeue; sinfo; sacct")
    busy.out("sbatch -Q -p gpu --wrap true")
    busy.until(lambda: states(busy)[7] == "COMPLETED", 60)
    busy.out("scancel 1 2 3 4 5 6")
    settled(busy, 60)
    assert history.faults(busy.state) == []


def test_a_look_ahead_that_was_due_long_ago(living):
    """The look at the deeper queue is due while nobody minds it: time goes on all the same."""
    cluster = living(1.0)
    cluster.out("sbatch -Q -H --wrap true; sbatch -Q --begin=now+600 --wrap true")
    switch_off(cluster)
    store = Store(cluster.state)
    with store:
        store.set_meta("backfill_due", int(store.meta("clock_cluster")) - HOUR)
    store.close()
    cluster.sh("squeue", timeout=60)
    cluster.out("scancel 1 2")
    settled(cluster, 60)
