"""The keeper: on time while a job waits or runs, gone when none does, and never missed."""

import os
import signal
import subprocess
import sys

import pytest

from slurm_mock.common.records import ALLOC, Job
from slurm_mock.machine.locks import JOB, KEEPER, Alive
from slurm_mock.slurmctld.clock import Clock
from slurm_mock.slurmctld.controller import Controller
from slurm_mock.store.store import Store


def holder(cluster, who):
    alive = Alive(cluster.state)
    pid = alive.holder(who)
    os.close(alive.fd)
    return pid


@pytest.fixture
def brisk(living):
    """Take a cluster's keeper away and put one in its place that naps for a moment only: sooner or
    later is no question here. Any process may take a keeper's place (keeper.py)."""
    children = []

    def replace(cluster):
        old = cluster.until(lambda: holder(cluster, KEEPER))
        os.kill(old, signal.SIGKILL)
        cluster.until(lambda: not holder(cluster, KEEPER))
        code = ("import sys; from slurm_mock.host import local; from slurm_mock.slurmctld import keeper\n"
                "local.install(); keeper.main(sys.argv[1], nap=0.1, linger=0.05)")
        children.append(subprocess.Popen([sys.executable, "-c", code, cluster.state], env=cluster.env))
        cluster.until(lambda: holder(cluster, KEEPER) == children[-1].pid)

    yield replace
    for child in children:
        assert child.wait(20) == 0, "it goes when nothing waits or runs, or the cluster is gone"


@pytest.fixture
def fast(living):
    """A clock that runs a hundred times as fast."""
    return living(100.0)


def ended(cluster, job_id=1, state="COMPLETED"):
    return cluster.until(lambda: cluster.job(job_id).state == state and cluster.job(job_id))


def test_no_keeper_where_nothing_runs(fast):
    fast.out("squeue; sinfo; scontrol show config")
    assert fast.left() == {}


def test_a_jobs_begin_comes_though_nobody_types(fast):
    fast.out("sbatch -Q --begin=now+60 --wrap true")
    fast.until(lambda: holder(fast, KEEPER))
    job = ended(fast)
    assert 0 <= job.start_time - job.begin_time < 300
    assert fast.gone() == {}, "the keeper goes when nothing waits or runs"


def test_a_dependent_job_starts_though_nobody_types(fast):
    fast.out("sbatch -Q --wrap 'sleep 50'; sbatch -Q -d afterok:1 --wrap true")
    assert ended(fast, 2).start_time >= ended(fast, 1).end_time


def test_a_time_limit_ends_a_job_though_nobody_types(fast):
    fast.out("sbatch -Q -t 1 --wrap 'sleep 5000'")
    job = ended(fast, 1, "TIMEOUT")
    assert 60 <= job.end_time - job.start_time < 400
    assert "DUE TO TIME LIMIT" in fast.read("slurm-1.out")


def test_a_queue_empties_though_nobody_types(fast):
    fast.out("for i in 1 2 3; do sbatch -Q -t 5 --exclusive -w n1 --wrap 'sleep 20'; done")
    jobs = [ended(fast, i) for i in (1, 2, 3)]
    assert jobs[0].end_time <= jobs[1].start_time and jobs[1].end_time <= jobs[2].start_time


def test_the_keeper_comes_back(fast):
    fast.out("sbatch -Q --wrap true")
    ended(fast)
    assert fast.gone() == {}
    fast.out("sbatch -Q --begin=now+100 --wrap true")
    fast.until(lambda: holder(fast, KEEPER))
    first = holder(fast, KEEPER)
    os.kill(first, signal.SIGKILL)
    fast.until(lambda: not holder(fast, KEEPER))
    fast.out("squeue")
    fast.until(lambda: holder(fast, KEEPER))
    assert holder(fast, KEEPER) != first, "the next command starts another"
    ended(fast, 2)


def test_one_keeper_however_many_commands(fast):
    fast.out("sbatch -Q --begin=now+300 --wrap true; for i in 1 2 3 4 5 6; do squeue & done; wait")
    keepers = [pid for pid in fast.left() if pid == holder(fast, KEEPER)]
    assert len(keepers) == 1 and fast.until(lambda: len(fast.left()) == 1)
    fast.out("scancel 1")


def test_a_killed_keeper_loses_no_job(fast):
    fast.out("for i in 1 2 3 4 5 6; do sbatch -Q -t 5 --exclusive -w n1 --wrap 'sleep 20'; done")
    for job_id in range(1, 7):
        keeper = holder(fast, KEEPER)
        if keeper:
            os.kill(keeper, signal.SIGKILL)
        fast.until(lambda: fast.out(f"squeue -h -t all -o %T -j {job_id}") == "COMPLETED\n")
    assert [fast.read(f"slurm-{i}.out") for i in range(1, 7)] == [""] * 6


def test_what_ended_leaves_the_queue_though_nothing_else_happens(living):
    slow = living(1.0)
    slow.out("sbatch -Q --wrap true")
    slow.until(lambda: slow.out("squeue -h -t all -o %T") == "COMPLETED\n")
    assert slow.gone(30) == {}
    store = Store(slow.state)
    Clock(store).jump(Clock(store).now() + 302)      # MinJobAge=300
    store.close()
    assert slow.out("squeue -h -t all") == ""
    assert "Invalid job id" in slow.sh("scontrol show job 1").stderr
    assert slow.out("sacct -n -X -j 1 -o state").split() == ["COMPLETED"]


def test_a_refused_job_leaves_the_queue_of_a_cluster_at_rest(living):
    slow = living(1.0)
    slow.out("squeue")                               # from now on nothing is due
    assert slow.sh("sbatch --mem=999G --wrap true").returncode == 1
    assert slow.out("squeue -h -t F -o '%T %r'") == "FAILED BadConstraints\n"
    assert slow.left() == {}
    store = Store(slow.state)
    Clock(store).jump(Clock(store).now() + 302)
    store.close()
    assert slow.out("squeue -h -t all") == ""
    assert slow.out("sacct -n -X -o state -S now-1hour -j 1").split() == ["FAILED"]


def test_a_killed_supervisor_fails_the_node(living, brisk):
    slow = living(1.0)
    slow.out("sbatch -Q --no-requeue --wrap 'echo begun; sleep 1000'; sbatch -Q --wrap 'sleep 1000'")
    slow.until(lambda: slow.job(1).launched and slow.job(2).launched)
    slow.until(lambda: slow.read("slurm-1.out") == "begun\n")
    brisk(slow)
    for job_id in (1, 2):
        os.kill(holder(slow, JOB + job_id), signal.SIGKILL)
    slow.until(lambda: slow.out("squeue -h -t all -o '%i %T %r' | sort") ==
               "1 NODE_FAIL None\n2 PENDING BeginTime\n")
    assert slow.job(2).restarts == 1
    slow.out("scancel 2")


@pytest.mark.parametrize("command", ["srun -H sleep 1000", "salloc -H sleep 1000",
                                     "srun -H true : -H true"])
def test_interactive_command_that_is_killed_while_it_waits(stepping, command):
    """Its job starts, and has nobody: its nodes must be free again."""
    waiting = stepping.popen(f"exec {command}")
    stepping.until(lambda: stepping.job() and holder(stepping, JOB + 1) == waiting.pid)
    waiting.kill()
    waiting.communicate()
    assert stepping.job().phase == 0
    assert stepping.out("scontrol release 1; sleep 5; squeue -h") == ""
    assert stepping.job().state == "CANCELLED" and stepping.job().start_time


def test_an_allocation_is_owned_before_it_is_seen(stepping):
    """Whoever looks between its submission and its start finds its owner."""
    ctl = Controller.open(stepping.state, stepping.env)
    looker = Alive(stepping.state)
    with ctl.store:
        job = ctl.submit(Job(kind=ALLOC, name="a", work_dir="/tmp"))
        assert os.fork() or os._exit(looker.holder(JOB + job.id) != os.getppid())
        assert os.wait()[1] == 0
    ctl.cancel(job)
    ctl.close()
    os.close(looker.fd)


def test_killed_interactive_command(living, brisk):
    slow = living(1.0)
    srun = slow.popen("exec srun bash -c 'touch begun; sleep 1000'")
    slow.until((slow.work / "begun").exists)
    brisk(slow)
    srun.kill()
    srun.communicate()
    slow.until(lambda: slow.out("squeue -h") == "")
    assert slow.job().phase >= 2
    assert slow.gone(12.0) == {}


def test_the_state_directory_is_taken_away(living, brisk):
    slow = living(1.0)
    slow.out("sbatch -Q --wrap 'sleep 1000'; sbatch -Q --begin=now+1000 --wrap true")
    slow.until(lambda: slow.job(1).launched)
    brisk(slow)
    slow.take_away()
    assert slow.gone(15.0) == {}, "what ran notices"
