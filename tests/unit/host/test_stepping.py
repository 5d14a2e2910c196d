"""The stepping clock: the same story gives the same bytes in every run, however busy the machine."""

import multiprocessing
import os

import pytest

STORY = r"""
cat > pipe.sh <<'EOF'
#!/bin/bash
date +%T; (sleep 20; echo late) | cat; sleep 10 | true; date +%T
EOF
cat > back.sh <<'EOF'
#!/bin/bash
sleep 90 & python3 -c 'print(sum(i*i for i in range(300000)))'; sleep 15; date +%T; wait; date +%T
EOF
cat > steps.sh <<'EOF'
#!/bin/bash
srun -n2 sleep 30; srun -n1 hostname; date +%T
EOF
sbatch -J pipe -n4 pipe.sh
sbatch -J back -n4 back.sh
sbatch -J steps -n4 -d after:1 steps.sh
sbatch -J array -a 1-6%2 --wrap 'sleep $((SLURM_ARRAY_TASK_ID * 7)); date +%T'
sbatch -J next -d afterok:1 --wrap 'date +%T; exit 3'
sbatch -J wide -N4 --exclusive -t 5 --wrap 'sleep 12; hostname'
squeue; sleep 25; squeue -o "%i %j %T %M %L %S %r %N %Q"; scontrol show job 1
sleep 100; squeue; scontrol show job 2 | grep -v -e AllocNode
sleep 500; squeue -t all -o "%i %j %T %M %e"
sacct -P -o jobid,jobname,state,submit,start,end,elapsed,exitcode,nodelist
scontrol show nodes
tail -n +1 *.out
"""


def burn(stop):
    while not stop.is_set():
        sum(i * i for i in range(10_000))


@pytest.fixture
def busy_machine():
    """Call it, and more processes compute than there are processors."""
    stop, started = multiprocessing.Event(), []

    def begin():
        for _ in range(3 * (os.cpu_count() or 1)):
            started.append(multiprocessing.Process(target=burn, args=(stop,)))
            started[-1].start()

    yield begin
    stop.set()
    for process in started:
        process.join()


def tell(cluster, story):
    done = cluster.sh(story, timeout=200)
    assert done.returncode == 0, done
    return (done.stdout + done.stderr).replace(str(cluster.folder), "HERE")


@pytest.mark.slow
def test_the_same_story_three_times(living, busy_machine):
    first = tell(living(), STORY)
    assert "DependencyNeverSatisfied" not in first and "FAILED" in first
    assert tell(living(), STORY) == first
    busy_machine()
    assert tell(living(), STORY) == first


SHORT = r"""
sbatch -Q -J a --wrap 'sleep 30; date +%T'; sbatch -Q -J b --wrap 'sleep 30; date +%T'
sbatch -Q -J c -d afterok:1:2 --wrap 'sleep 5 | cat; date +%T'
squeue; sleep 29; squeue; sleep 1; squeue; sleep 60; squeue -t all -o "%i %T %S %e"; cat *.out
"""


def test_a_short_story_twice_once_under_load(living, busy_machine):
    first = tell(living(), SHORT)
    busy_machine()
    assert tell(living(), SHORT) == first


@pytest.mark.parametrize("script, seconds", [
    ("sleep 60", 60),
    ("sleep 0.5; sleep 0.5", 1),
    ("sleep 1m 5s", 65),
    ("sleep 40 | cat", 40),
    ("cat <(sleep 25)", 25),
    ("sleep 30 & sleep 10; wait", 30),
    ("sleep 30 & sleep 40", 40),
    ("python3 -c 'sum(range(10**6))'; sleep 20", 20),
    ("sleep 20 & python3 -c 'sum(range(10**6))'; wait", 20),
    ("python3 -c 'import subprocess; subprocess.run([\"sleep\", \"33\"])'", 33),
    ("for i in 1 2 3; do (sleep $i) & done; wait", 3),
    ("x=$(sleep 12; echo done); test $x = done", 12),
    ("srun sleep 45", 45),
    ("srun -n2 bash -c 'sleep $((10 + SLURM_PROCID * 5))'", 15),
    ("srun -n1 sleep 10 & srun -n1 --overlap sleep 20; wait", 20),
    ("mpirun -n 2 sleep 17", 17),
    ("true", 0),
    ("/bin/bash -l -c 'sleep 9'", 9),
    ("nohup setsid sleep 11 > /dev/null", 11),
    ("timeout 1000 sleep 14", 14),
])
def test_a_job_lasts_as_long_as_it_sleeps(stepping, script, seconds):
    stepping.script("job.sh", script + "\n")
    stepping.sh("sbatch -n2 job.sh; sleep 300")
    job = stepping.job()
    assert (job.state, job.end_time - job.start_time) == ("COMPLETED", seconds)


def test_computing_costs_no_time(stepping):
    stepping.script("job.sh", "date +%s; python3 -c 'sum(range(3 * 10**7))'; date +%s\n")
    stepping.out("sbatch -W job.sh")
    first, second = stepping.read("slurm-1.out").split()
    assert first == second


def test_typed_sleep_moves_the_clock(stepping):
    stepping.out("sbatch -Q --wrap 'sleep 60'")
    assert stepping.out("sleep 59; squeue -h -o '%T %M'") == "RUNNING 0:59\n"
    assert stepping.out("sleep 1; squeue -h -o '%T %M'; squeue -h -t all -o '%T %M'") == \
        "COMPLETED 1:00\n"


def test_nothing_moves_while_nobody_waits(stepping):
    assert stepping.out("sbatch -Q --wrap 'sleep 60'; squeue; squeue; scontrol show job 1 >/dev/null;"
                        "squeue -h -o %M; scancel 1").endswith("0:00\n")


def test_two_jobs_end_at_the_same_moment(stepping):
    stepping.out("sbatch -Q --wrap 'sleep 30'; sleep 10; sbatch -Q --wrap 'sleep 20';"
                 "sbatch -Q -d afterok:1:2 --wrap 'sleep 1'; sleep 100")
    a, b, c = (stepping.job(i) for i in (1, 2, 3))
    assert a.end_time == b.end_time == c.start_time == a.start_time + 30
    assert c.end_time == c.start_time + 1


def test_jobs_queue_up_on_one_node(stepping):
    for _ in range(3):
        stepping.out("sbatch -Q --exclusive -w n1 -t 5 --wrap 'sleep 100'")
    stepping.out("sleep 400")
    jobs = [stepping.job(i) for i in (1, 2, 3)]
    start = jobs[0].start_time
    assert [(j.start_time - start, j.end_time - start) for j in jobs] == [
        (0, 100), (100, 200), (200, 300)]


def test_advance(stepping):
    stepping.out("sbatch -Q --wrap 'sleep 60'; sbatch -Q --begin=now+1hour --wrap true")
    done = stepping.tool("advance", "30")
    assert (done.returncode, done.stdout) == (0, "2026-03-02T09:00:30\n")
    assert stepping.out("squeue -h -o '%i %T %M'") == "2 PENDING 0:00\n1 RUNNING 0:30\n"
    assert stepping.tool("advance", "1:29:30").stdout == "2026-03-02T10:30:00\n"
    assert stepping.job(1).end_time - stepping.job(1).start_time == 60
    assert stepping.job(2).start_time - stepping.job(1).start_time == 3600
    assert stepping.job(2).state == "COMPLETED"


@pytest.mark.parametrize("text", ["", "x", "-5", "1y", "1:2:3:4"])
def test_advance_takes_a_duration(stepping, text):
    before = stepping.contents()
    done = stepping.tool("advance", "--", text)
    assert done.returncode == 1 and "is not a duration" in done.stderr and done.stdout == ""
    assert stepping.contents() == before


def test_begin(stepping):
    stepping.out("sbatch -Q --begin=now+90 --wrap 'date +%T'")
    assert stepping.out("squeue -h -o '%T %r %S'") == "PENDING BeginTime 2026-03-02T09:01:30\n"
    stepping.out("sleep 89")
    assert stepping.job().state == "PENDING"
    stepping.out("sleep 1")
    assert stepping.read("slurm-1.out") == "09:01:30\n"


def test_time_limit_with_a_trap(stepping):
    stepping.script("job.sh", "trap 'echo bye; exit 5' TERM\nsleep 600 &\nwait\n")
    stepping.out("sbatch -Q -t 2 job.sh; sleep 150")
    job = stepping.job()
    assert (job.state, job.end_time - job.start_time, job.exit_code) == ("TIMEOUT", 120, 5 << 8)
    assert stepping.read("slurm-1.out") == (
        "slurmstepd-n1: error: *** JOB 1 ON n1 CANCELLED AT 2026-03-02T09:02:00 DUE TO TIME LIMIT"
        " ***\nbye\n")


@pytest.mark.parametrize("asked, said", [("B:USR1@30", "warned 09:01:30\n"), ("USR1@30", "")])
def test_a_warning_before_the_time_limit(stepping, asked, said):
    """With B: the batch shell gets the signal, without only the steps do (there are none)."""
    stepping.script("job.sh", "trap 'date +\"warned %T\"; exit 6' USR1\nsleep 600 & wait\n")
    stepping.out(f"sbatch -Q -t 2 --signal={asked} -o out.txt job.sh; sleep 200")
    assert stepping.read("out.txt").startswith(said)
    assert stepping.job().state == ("FAILED" if said else "TIMEOUT")


def test_kill_wait(stepping):
    stepping.script("job.sh", "trap 'echo not yet' TERM\nwhile :; do sleep 7; done\n")
    stepping.out("sbatch -Q -t 2 job.sh; sleep 125")
    assert stepping.job().state == "COMPLETING"
    assert "not yet" in stepping.read("slurm-1.out")
    stepping.out("sleep 60")
    assert stepping.job().state == "TIMEOUT"


def test_a_blocking_command_moves_the_clock(stepping):
    stepping.out("sbatch -Q --exclusive -w n1 -t 5 --wrap 'sleep 100'")
    done = stepping.sh("srun -w n1 --exclusive date +%T")
    assert done.stdout == "09:01:40\n"
    assert done.stderr == ("srun: job 2 queued and waiting for resources\n"
                           "srun: job 2 has been allocated resources\n")


def test_wait_returns_the_jobs_exit_code(stepping):
    done = stepping.sh("sbatch --wait --wrap 'sleep 50; exit 7'; echo $?")
    assert done.stdout == "Submitted batch job 1\n7\n"
    assert stepping.job().end_time - stepping.job().submit_time == 50


def test_a_server_that_listens_does_not_stop_the_clock(stepping):
    stepping.script("job.sh", "exec python3 -c 'import socket; s = socket.socket();"
                              " s.bind((\"127.0.0.1\", 0)); s.listen(); s.accept()'\n")
    stepping.out("sbatch -Q -t 3 job.sh; sleep 60")
    assert stepping.out("squeue -h -o '%T %M'") == "RUNNING 1:00\n"
    stepping.out("scancel 1; sleep 5")
    assert stepping.job().state == "CANCELLED"
