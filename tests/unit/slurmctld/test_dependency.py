"""Dependencies: how they are read, and when they hold."""

import pytest

from slurm_mock.common.records import ACTIVE, ENDED, Job
from slurm_mock.slurmctld import dependency
from slurm_mock.slurmctld.dependency import MET, NEVER, WAITING, BadDependency

NOW = 10_000
JOBS = {
    1: [Job(id=1, phase=ENDED, state="COMPLETED", start_time=100)],
    2: [Job(id=2, phase=ENDED, state="FAILED", start_time=100)],
    3: [Job(id=3, phase=ACTIVE, state="RUNNING", start_time=NOW - 100)],
    4: [Job(id=4)],
    5: [Job(id=5, phase=ENDED, state="CANCELLED")],
    6: [Job(id=6, phase=ENDED, state="COMPLETED", array_id=6, array_task=0, start_time=1),
        Job(id=7, phase=ACTIVE, state="RUNNING", array_id=6, array_task=1, start_time=1)],
    8: [Job(id=8, phase=ENDED, state="FAILED", array_id=8, array_task=0, start_time=1),
        Job(id=9, phase=ACTIVE, state="RUNNING", array_id=8, array_task=1, start_time=1)],
}


def find(job_id, task):
    if job_id is None:
        return [] if task.name == "alone" else [task]
    return [j for j in JOBS.get(job_id, ()) if task is None or j.array_task == task]


def verdict(text, **fields):
    return dependency.state(Job(id=50, dependency=text, **fields), NOW, find)


@pytest.mark.parametrize("text, held", [
    ("afterok:1", MET), ("afterok:2", NEVER), ("afterok:3", WAITING), ("afterok:4", WAITING),
    ("afterok:5", NEVER), ("afternotok:1", NEVER), ("afternotok:2", MET), ("afternotok:3", WAITING),
    ("afternotok:5", MET), ("afterany:1:2:5", MET), ("afterany:1:3", WAITING), ("after:3", MET),
    ("after:4", WAITING), ("after:5", MET), ("after:3+1", MET), ("after:3+2", WAITING),
    ("afterok:1,afternotok:2", MET), ("afterok:1,afterok:2", NEVER), ("afterok:3,afterok:2", NEVER),
    ("afterok:2?afterok:1", MET), ("afterok:2?afterok:3", WAITING), ("afterok:2?afterok:5", NEVER),
    ("afterok:6", WAITING), ("afterok:6_0", MET), ("afterok:6_1", WAITING), ("afterok:6_*", WAITING),
    ("afterok:99", MET), ("afterany:99", MET), ("afternotok:99", MET),
    ("afternotok:99(failed)", NEVER), ("afterok:8", WAITING), ("afterok:1,afterok:2?afterok:3", MET), ("singleton", WAITING), ("", MET)])
def test_verdict(text, held):
    assert verdict(text)[0] == held


def test_singleton_is_met_when_no_rival_is_left():
    assert verdict("singleton", name="alone") == (MET, "")


def test_aftercorr_looks_at_the_task_of_the_same_number():
    assert verdict("aftercorr:6", array_task=0)[0] == MET
    assert verdict("aftercorr:6", array_task=1)[0] == WAITING


@pytest.mark.parametrize("text, left", [
    ("afterok:1:3", "afterok:3(unfulfilled)"),
    ("afterok:2:1", "afterok:2(failed)"),
    ("afterok:1(unfulfilled),afternotok:3(unfulfilled)", "afternotok:3(unfulfilled)"),
    ("afterok:2?afterok:3", "afterok:2(failed)?afterok:3(unfulfilled)"),
    ("after:4+5", "after:4+5(unfulfilled)"), ("afterok:6_1", "afterok:6_1(unfulfilled)"),
    ("afterok:99(failed),afterok:3", "afterok:99(failed),afterok:3(unfulfilled)"),
    ("singleton", "singleton(unfulfilled)")])
def test_what_is_left_is_shown(text, left):
    assert verdict(text)[1] == left


@pytest.mark.parametrize("text", ["afterok", "afterok:x", "nope:1", "singleton:", "singleton:3",
                                  "", "afterok:", "afterok:1_x", "afterok:0", "afterok:1_[1",
                                  "after:1+0", "after:1+x", "afterok:²"])
def test_malformed(text):
    with pytest.raises(BadDependency):
        dependency.parse(text)


def test_parse():
    assert dependency.parse("after:1+5:2,singleton,afterok:3_4") == (",", [
        ("after", 1, None, 5), ("after", 2, None, 0), ("singleton", None, None, 0),
        ("afterok", 3, 4, 0)])


@pytest.mark.parametrize("text, shown", [
    ("afterok:6", "afterok:6_*(unfulfilled)"), ("1", "afterany:1(unfulfilled)"),
    ("AfterOK:1:2", "afterok:1(unfulfilled),afterok:2(unfulfilled)"),
    ("afterok:6_[1-2,4],singleton", "afterok:6_1(unfulfilled),afterok:6_2(unfulfilled),"
                                    "afterok:6_4(unfulfilled),singleton(unfulfilled)"),
    ("afterok:1,afterok:1", "afterok:1(unfulfilled)"),
    ("afterok:1,after:2?after:3", "afterok:1(unfulfilled)?after:2(unfulfilled)?after:3(unfulfilled)")])
def test_written_as_slurmctld_writes_it(text, shown):
    assert dependency.written(text, lambda job: job == 6) == shown
