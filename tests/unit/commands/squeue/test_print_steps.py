"""The columns of squeue --steps.  (Expectations: squeue(1); transcripts/squeue/squeue-steps.txt.)"""

import pytest

from slurm_mock.commands.squeue import print_steps
from slurm_mock.common.records import Job, Step
from slurm_mock.slurmctld.job_info import StepRow
from tests.clusters.reading import NOW, Tiny


@pytest.mark.parametrize("job, step, text", [
    (Job(id=7), Step(step_id=0), "7.0"), (Job(id=7), Step(step_id=-5), "7.batch"), (Job(id=7), Step(step_id=-4), "7.extern"),
    (Job(id=9, array_id=7, array_task=2), Step(step_id=1), "7_2.1"),
    (Job(id=9, het_id=8, het_offset=1), Step(step_id=0), "8+1.0")])
def test_ids(job, step, text):
    assert print_steps.step_id(StepRow(step, job), None) == text


@pytest.mark.parametrize("job, step, seconds", [
    (Job(state="RUNNING"), Step(start_time=NOW - 90), 90), (Job(state="RUNNING"), Step(start_time=NOW - 90, end_time=NOW - 30), 60),
    (Job(state="SUSPENDED", start_time=NOW - 100, pre_suspend=70), Step(start_time=NOW - 90), 60)])
def test_times(job, step, seconds):
    assert print_steps.used(StepRow(step, job), NOW) == seconds


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.step(tiny.running("n[1-2]", id=7, since=3700), 0, name="solve", start_time=NOW - 3661, ntasks=4, time_limit=90)
    return tiny


def test_letters(tiny):
    assert tiny.run("squeue", "-s", "-h", "-o", "%A|%b|%i|%j|%l|%M|%N|%P|%S|%U|%u").out == (
        "4|(null)|7.0|solve|1:30:00|1:01:01|n[1-2]|main|2026-03-02T07:58:59|1000|ada\n")


def test_names(tiny):
    told = tiny.run("squeue", "-s", "-h", "-O", "stepstate:10,numtasks:4,stepname:7,timelimit:9,arraytaskid:4,cluster:5,userid:5").out
    assert told == "RUNNING   4   solve  1:30:00  N/A tiny 1000 \n"
    assert print_steps.by_name("numtasksx") is print_steps.LETTERS["A"] and print_steps.by_name("nosuch") is None
    assert print_steps.by_name("container").header == "CONTAINER"
