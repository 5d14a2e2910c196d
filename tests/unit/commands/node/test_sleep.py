"""sleep, hostname, date and mpirun: what a job finds on its node."""

import os
import time

import pytest

FORM = "%Y-%m-%d %H:%M:%S"


@pytest.mark.parametrize("argv, seconds", [(["5"], 5), (["0.5"], 0.5), (["1m", "2s"], 62), (["1h"], 3600),
                                           (["1d"], 86400), (["1e2"], 100), (["0"], 0)])
def test_sleep(stepping, argv, seconds):
    from slurm_mock.store.store import Store
    store = Store(stepping.state)
    before = store.meta("clock_cluster")
    begun = time.monotonic()
    assert stepping.command("sleep", *argv).code == 0
    assert store.meta("clock_cluster") - before == seconds and time.monotonic() - begun < 10
    store.close()


@pytest.mark.parametrize("argv, says", [
    ([], "sleep: missing operand"), (["x"], "sleep: invalid time interval 'x'"),
    (["-1"], "sleep: invalid time interval '-1'"), (["nan"], "invalid time interval 'nan'"),
    (["1", "2y"], "invalid time interval '2y'")])
def test_bad_sleep(stepping, argv, says):
    done = stepping.command("sleep", *argv)
    assert done.code == 1 and says in done.err and done.out == ""


def test_an_endless_sleep_can_be_interrupted(living):
    real = living(1.0)
    waiting = real.popen("exec sleep infinity")
    time.sleep(0.5)
    assert waiting.poll() is None
    waiting.terminate()
    assert waiting.wait(10) != 0
    waiting.communicate()


def test_sleep_on_a_fast_clock(living):
    fast = living(60.0)
    begun = time.monotonic()
    fast.out("sleep 60")
    assert 0.9 < time.monotonic() - begun < 10


@pytest.mark.parametrize("argv, env, out", [
    ([], {}, os.uname().nodename), ([], {"SLURMD_NODENAME": "n3"}, "n3"),
    (["-s"], {"SLURMD_NODENAME": "n3.example.org"}, "n3"),
    (["-f"], {"SLURMD_NODENAME": "n3.example.org"}, "n3.example.org")])
def test_hostname(stepping, argv, env, out):
    done = stepping.command("hostname", *argv, **env)
    assert (done.out, done.err, done.code) == (out + "\n", "", 0)


def test_date_tells_the_clusters_time(stepping):
    stepping.out("sleep 90")
    assert stepping.command("date", f"+{FORM}").out == "2026-03-02 09:01:30\n"
    assert stepping.command("date", "+%N %s").out.split()[0] == "000000000"
    assert stepping.command("date").out.startswith("Mon Mar  2 09:01:30 ")


def test_other_uses_of_date_are_the_machines(stepping):
    done = stepping.sh(f"{stepping.state}/node/date -d @0 -u +%Y; {stepping.state}/node/date --nope")
    assert done.stdout == "1970\n" and "nope" in done.stderr


def test_mpirun_outside_of_a_job(stepping):
    done = stepping.sh(f"{stepping.state}/node/mpirun -n 3 bash -c "
                       "'echo $OMPI_COMM_WORLD_RANK of $OMPI_COMM_WORLD_SIZE' | sort")
    assert done.stdout == "0 of 3\n1 of 3\n2 of 3\n" and done.stderr == ""
    assert stepping.sh(f"{stepping.state}/node/mpirun -np 2 bash -c 'exit $OMPI_COMM_WORLD_RANK'"
                       ).returncode == 1


@pytest.mark.parametrize("argv", [["-n", "0", "true"], ["-n", "x", "true"], [], ["-n", "2"], ["--nope"]])
def test_mpirun_refuses(stepping, argv):
    done = stepping.command("mpirun", *argv)
    assert done.code == 1 and done.err.startswith("mpirun: ") and done.out == ""


def test_mpirun_in_a_job_is_a_step(stepping):
    stepping.script("job.sh", "mpirun -n 4 bash -c 'echo $(hostname) $OMPI_COMM_WORLD_RANK' | sort\n"
                              "mpirun nosuchprogram; echo $?\nsleep 1; mpirun -n 9 true; echo $?\n")
    stepping.out("sbatch -Q -N 2 -n 4 --ntasks-per-node=2 -o out -e err job.sh; sleep 30")
    lines = stepping.read("out").splitlines()
    assert lines[:4] == ["n1 0", "n1 1", "n2 2", "n2 3"]
    assert all(int(code) for code in lines[4:]) and len(lines) == 6
    assert "nosuchprogram" in stepping.read("err")
