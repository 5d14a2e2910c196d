"""Getting an allocation: at once, later, or not at all.  Expectations: Slurm 22.05.8
(transcripts/salloc/, scheduling/time-waiting.txt); waiting itself: commands/test_salloc.py."""

import signal
import time

import pytest

from slurm_mock import machine
from slurm_mock.host import local
from tests.clusters.reading import Tiny

BUSY = "Requested nodes are busy"
DEPENDENCY = "Job dependency problem"


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


def test_it_starts_at_once(tiny):
    told = tiny.run("salloc", "--no-shell", "-n2", "-J", "mine")
    assert (told.code, told.err) == (0, "salloc: Granted job allocation 1\n")
    job = tiny.store.job(1)
    assert (job.kind, job.state, job.nodelist, job.std_in) == ("alloc", "RUNNING", "n1", "")


@pytest.mark.parametrize("words, why", [
    ("-N2", f"Unable to allocate resources: {BUSY}"),
    ("-N99", "Job submit/allocate failed: Requested partition configuration not available now"),
    ("-d afterok:1", f"Job submit/allocate failed: {DEPENDENCY}"), ("-H", f"Job submit/allocate failed: {DEPENDENCY}"),
    ("-b now+60", f"Job submit/allocate failed: {DEPENDENCY}"),
    ("-w n6", "Job submit/allocate failed: Required node not available (down, drained or reserved)")])
def test_who_cannot_wait_is_refused(tiny, words, why):
    tiny.running("n[1-5]", kind="simulated", sim_seconds=9999)
    tiny.node("n6", state="DOWN")
    told = tiny.run("salloc", "-I", "--no-shell", *words.split())
    assert told.code == 1
    assert told.err == f"salloc: Job allocation 2 has been revoked.\nsalloc: error: {why}\n"
    assert tiny.store.job(2).state == "FAILED" and tiny.store.job(2).start_time == 0


def test_srun_has_words_of_its_own(tiny):
    tiny.running("n[1-6]", kind="simulated", sim_seconds=9999)
    told = tiny.run("srun", "-I", "-N2", "true")
    assert (told.code, told.err) == (1, f"srun: error: Unable to allocate resources: {BUSY}\n")


@pytest.mark.parametrize("command, doing", [("salloc", "Job submit/allocate failed"),
                                            ("srun", "Unable to allocate resources")])
def test_what_the_controller_refuses(tiny, command, doing):
    told = tiny.run(command, "-p", "nosuch", "true")
    assert (told.code, told.err) == (1, f"{command}: error: invalid partition specified: nosuch\n"
                                        f"{command}: error: {doing}: Invalid partition name specified\n")


def test_salloc_tells_of_the_id_that_a_refusal_used_up(tiny):
    told = tiny.run("salloc", "--no-shell", "--mem=9000G")
    assert told.code == 1 and told.err.endswith("salloc: Job allocation 1 has been revoked.\n")


def test_who_waits_says_so_and_for_what(stepping):
    stepping.out("sbatch -Q -N4 --exclusive -t1 --wrap 'sleep 5'")
    told = stepping.sh("salloc -N4 true")
    assert told.returncode == 0 and told.stderr.splitlines() == [
        "salloc: Pending job allocation 2", "salloc: job 2 queued and waiting for resources",
        "salloc: job 2 has been allocated resources", "salloc: Granted job allocation 2",
        "salloc: Relinquishing job allocation 2"]


@pytest.mark.parametrize("command, says", [
    ("salloc", "salloc: error: Unable to allocate resources: Connection timed out\n"),
    ("srun", f"srun: error: Unable to allocate resources: {BUSY}\n")])
def test_patience_of_some_seconds(tiny, monkeypatch, command, says):
    waited = []

    class Patient(local.Local):
        def sleep(self, ctl, seconds):
            waited.append(seconds)
            return ()

    monkeypatch.setattr(machine, "here", Patient())
    tiny.running("n[1-6]", kind="simulated", sim_seconds=9999)
    told = tiny.run(command, "-I3", "-Q", "-N2", "true")
    assert (told.code, told.err, sum(waited)) == (1, says, 3)
    assert tiny.store.job(2).state == "CANCELLED"


@pytest.mark.parametrize("name", ["TERM", "HUP", "USR1", "QUIT"])
@pytest.mark.parametrize("command", ["salloc", "srun"])
def test_a_signal_that_ends_the_wait_ends_the_job(living, command, name):
    """transcripts of real Slurm: cases/commands/82-signals-while-waiting."""
    cluster = living(1.0)
    process = cluster.popen(f"exec {command} -H true")
    deadline = time.monotonic() + 20
    while not cluster.out("squeue -h -o %T") and time.monotonic() < deadline:
        time.sleep(0.05)
    # it says that it waits, and waits
    told = "" if command == "srun" else "salloc: Pending job allocation 1\n"
    said = "".join(process.stderr.readline() for _ in range(2 + bool(told)))
    assert said == f"{command}: Job is in held state, pending scheduler release\n{told}{command}: job 1 queued and waiting for resources\n"
    process.send_signal(getattr(signal, f"SIG{name}"))
    _, error = process.communicate(timeout=20)
    assert process.returncode == 1
    assert error.endswith("salloc: Job aborted due to signal\n" if command == "salloc" else "srun: Job allocation 1 has been revoked\n")
    assert cluster.out("squeue -h; squeue -h -t all -o %T") == "CANCELLED\n"
