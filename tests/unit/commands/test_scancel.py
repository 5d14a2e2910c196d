"""scancel: which jobs, which processes, and what it says."""

import pytest

from slurm_mock import machine
from slurm_mock.commands import scancel


def test_a_waiting_job_never_runs(stepping):
    stepping.out("sbatch -Q -H --wrap 'touch ran'; scancel 1; sleep 10")
    assert stepping.job().state == "CANCELLED" and stepping.job().start_time == 0
    assert not (stepping.work / "ran").exists()


def test_jobs_that_no_supervisor_has_taken_yet(living, monkeypatch):
    """Many start at once and are cancelled in the same moment: they end all the same."""
    cluster = living(1.0)
    monkeypatch.setattr(machine.here, "supervise", lambda ctl, *job_ids: None)
    monkeypatch.setattr(machine.here, "keep", lambda ctl: None)
    cluster.command("sbatch", "-a", "0-2", "--wrap", "touch ran")
    assert [cluster.job(i).state for i in (1, 2, 3)] == ["RUNNING"] * 3
    cluster.command("scancel", "1")
    monkeypatch.undo()
    cluster.until(lambda: not cluster.out("squeue -h"))
    assert [cluster.job(i).state for i in (1, 2, 3)] == ["CANCELLED"] * 3
    assert not (cluster.work / "ran").exists()


@pytest.mark.parametrize("argv", [("1",), ("-u", "alice")])
def test_no_task_of_an_array_starts_while_it_is_cancelled(living, monkeypatch, argv):
    cluster, depths = living(1.0), []
    cluster.out("sbatch -Q -H -a 0-3 --wrap true")
    act = scancel.act

    def watched(call, ctl, *more):
        depths.append(ctl.store.depth)       # in a transaction: nobody else changes anything
        return act(call, ctl, *more)

    monkeypatch.setattr(scancel, "act", watched)
    assert cluster.command("scancel", *argv).code == 0
    assert depths == [1] and cluster.job().state == "CANCELLED"


def test_a_running_job_gets_term(stepping):
    stepping.script("job.sh", "trap 'echo bye; exit 9' TERM\necho started\nsleep 100 &\nwait\n")
    stepping.out("sbatch -Q job.sh; sleep 20; scancel 1; sleep 1")
    job = stepping.job()
    assert (job.state, job.end_time - job.start_time) == ("CANCELLED", 20)
    assert stepping.read("slurm-1.out") == (
        "started\nslurmstepd-n1: error: *** JOB 1 ON n1 CANCELLED AT 2026-03-02T09:00:20 ***\n"
        "bye\n")


def test_kill_follows_after_kill_wait(stepping):
    stepping.script("job.sh", "trap '' TERM\nwhile :; do sleep 5; done\n")
    stepping.out("sbatch -Q job.sh; sleep 10; scancel 1; sleep 25")
    assert stepping.job().state == "COMPLETING"
    stepping.out("sleep 10")
    assert stepping.job().state == "CANCELLED"


@pytest.mark.parametrize("which, left", [
    ("-n one", [2, 3, 4]), ("--name=two", [1, 3, 4]), ("--name=two,three", [1, 2, 3, 4]), ("-t PENDING", [4]), ("-t R", [1, 2, 3]),
    ("-u alice", []), ("-u bob", [1, 2, 3, 4]), ("-p gpu", [1, 2, 4]), ("1 3", [2, 4]), ("--me", []),
    ("-w n1", [1, 2, 3]), ("-A none", [1, 2, 3, 4]), ("-n one -p gpu", [1, 2, 3, 4]), ("4", [1, 2, 3])])
def test_filters(stepping, which, left):
    stepping.out("sbatch -Q -H -J one --wrap true; sbatch -Q -H -J two --wrap true;"
                 "sbatch -Q -H -J three -p gpu --wrap true; sbatch -Q -J four --wrap 'sleep 100'")
    assert stepping.sh(f"scancel {which}; sleep 1").returncode == 0
    assert sorted(int(i) for i in stepping.out("squeue -h -o %i").split()) == left
    stepping.out("scancel -u alice; sleep 1")


def test_array_tasks(stepping):
    stepping.out("sbatch -Q -a 1-6 -H --wrap 'sleep 100'; scancel 1_2; scancel 1_[3-4]")
    assert stepping.out("squeue -h -o %i") == "1_[1,5-6]\n"
    stepping.sh("scontrol release 1")
    stepping.out("sleep 1; scancel 1_5; sleep 1")
    assert stepping.out("squeue -h -r -o '%i %T' | sort") == "1_1 RUNNING\n1_6 RUNNING\n"
    stepping.out("scancel 1; sleep 1")
    assert stepping.out("squeue -h") == ""


def test_signals_reach_the_batch_shell(stepping):
    stepping.script("job.sh", "trap 'echo got USR1' USR1\nwhile :; do sleep 3; done\n")
    stepping.out("sbatch -Q job.sh; sleep 10; scancel -b -s USR1 1; sleep 10; scancel 1; sleep 5")
    assert stepping.read("slurm-1.out").startswith("got USR1\nslurmstepd")


@pytest.mark.parametrize("argv, err, code", [
    ([], "scancel: error: No job identification provided\n", 1),
    (["x"], "scancel: error: Invalid job id x\n", 1),
    (["0"], "scancel: error: Invalid job id 0\n", 1),
    (["1.x"], "scancel: error: Invalid job id 1.x\n", 1),
    (["1_x"], "scancel: error: Invalid job id 1_x\n", 1),
    (["²"], "scancel: error: Invalid job id ²\n", 1),
    (["-s", "NOPE", "1"], "Unknown job signal: NOPE\n", 1),
    (["-t", "nope"], "Invalid job state specified: nope\n"
     "Valid job states are PENDING, RUNNING, and SUSPENDED\n", 1),
    (["--nope"], "scancel: unrecognized option '--nope'\nTry \"scancel --help\" for more information\n",
     1),
])
def test_bad_input(stepping, argv, err, code):
    stepping.out("sbatch -Q -H --wrap true")
    before = stepping.contents()
    result = stepping.command("scancel", *argv)
    assert (result.out, result.err, result.code) == ("", err, code)
    assert stepping.contents() == before


def test_lists_of_ids(stepping):
    stepping.out("sbatch -Q -H --wrap true; sbatch -Q -H -a 1-5 --wrap true; sbatch -Q -H --wrap true")
    assert stepping.command("scancel", "2_2,2_3,+2_[4-4],2_[1-]").code == 0
    assert stepping.out("squeue -h -S i -o %i").split() == ["1", "2_[1,5]", "3"]
    bad = stepping.command("scancel", "1,,3")
    assert (bad.code, bad.err) == (1, "scancel: error: Invalid job id ,3\n")
    assert stepping.command("scancel", "1,3").code == 0
    assert stepping.out("squeue -h -S i -o %i").split() == ["2_[1,5]"]


@pytest.mark.parametrize("word, err, code", [
    ("1+0", "scancel: error: Kill job error on job id 1+0: Job not heterogeneous job", 58),
    ("1.batch", "scancel: error: Invalid job id 1.batch", 1), ("\u0661", "scancel: error: Invalid job id \u0661", 1),
    ("1_[3-1]", "scancel: error: _parse_single_range: Invalid range: `3-1'\nscancel: error: Invalid job id 1_[3-1]", 1),
    ("1.0", "", 0), ("99999999999", "", 0), ("1_", "", 0)])
def test_ids_that_name_no_job_to_cancel(stepping, word, err, code):
    stepping.out("sbatch -Q -H --wrap true")
    done = stepping.command("scancel", word)
    assert (done.code, done.err.strip()) == (code, err)
    assert stepping.out("squeue -h -o %i") == "1\n"


def test_node_lists_that_cannot_be_read(stepping):
    stepping.out("sbatch -Q -H --wrap true")
    told = ("scancel: error: _parse_single_range: Invalid range: `a-b'\n"
            "scancel: error: hostlist_pop: no hostlist given\n")
    done = stepping.command("scancel", "-w", "n[a-b]")
    assert (done.code, done.err) == (0, told)
    assert stepping.command("scancel", "-n", "other", "-w", "n[a-b]").err == ""
    assert stepping.out("squeue -h -o %i") == "1\n"


def test_other_peoples_jobs(stepping):
    stepping.out("sbatch -Q -H --wrap true")
    before = stepping.contents()
    done = stepping.sh("scancel 1", MOCK_SLURM_USER="daemon")
    assert (done.returncode, done.stderr) == (
        210, "scancel: error: Kill job error on job id 1: Access/permission denied\n")
    assert stepping.contents() == before


def test_asking_first(stepping):
    stepping.out("sbatch -Q -H -J asked --wrap true")
    question = "Cancel job_id=1 name=asked partition=main [y/n]? "
    assert stepping.command("scancel", "-i", "1", stdin=b"n\n").out == question
    assert stepping.job().state == "PENDING"
    assert stepping.command("scancel", "-i", "1", stdin=b"").code == 0
    assert stepping.command("scancel", "-i", "1", stdin=b"y\n").code == 0
    assert stepping.job().state == "CANCELLED"
