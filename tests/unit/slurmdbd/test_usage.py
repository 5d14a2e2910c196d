"""What jobs used: charged once, forgotten as time passes."""

import time

import pytest

from slurm_mock.common import tres
from slurm_mock.common.records import ACTIVE, ENDED, Job
from slurm_mock.common.slurmdb import Qos
from slurm_mock.slurmdbd import usage
from tests.unit.slurmdbd.test_fair_tree import DAY, book


def ran(made, account="bio", start=1000, end=1100, **fields):
    return Job(id=1, phase=ENDED, state="COMPLETED", start_time=start, end_time=end, qos="normal",
               assoc_id=made.get(account, "alice").id,
               alloc_tres="cpu=4,mem=2000M,node=1,billing=4", **fields)


def test_a_job_is_charged_to_its_association_and_all_above():
    made = book()
    kept = usage.charged({"time": 900, "assoc": {}, "qos": {}}, made, [ran(made)], 1100, 0)
    root = made.get("root").id
    assert kept["assoc"][root][""] == kept["assoc"][made.get("bio").id][""] == 400
    assert kept["assoc"][made.get("bio", "alice").id]["mem"] == 200_000
    assert made.get("phys").id not in kept["assoc"]
    assert kept["qos"]["normal"]["cpu"] == 400


def test_only_what_ran_since_the_last_time_is_charged_again():
    made = book()
    first = usage.charged({"time": 900, "assoc": {}, "qos": {}}, made, [ran(made, end=2000)], 1060, 0)
    job = ran(made, end=1100)
    second = usage.charged(first, made, [job], 1200, 0)
    assert second["assoc"][made.get("bio").id][""] == 400
    again = usage.charged(second, made, [job], 1300, 0)
    assert again["assoc"] == second["assoc"]


def test_what_was_kept_fades_but_not_of_a_qos_that_says_so():
    made = book()
    made.all_qos.append(Qos(name="keep", id=2, flags="NoDecay"))
    made.index()
    kept = {"time": 1000, "assoc": {1: {"": 80.0}}, "qos": {"normal": {"": 8.0}, "keep": {"": 8.0}}}
    found = usage.charged(kept, made, [], 1000 + 7 * DAY, 7 * DAY)
    assert found["assoc"][1][""] == 40.0
    assert (found["qos"]["normal"][""], found["qos"]["keep"][""]) == (4.0, 8.0)


def test_a_qos_may_count_more():
    made = book()
    made.qos["normal"].usage_factor = 2.5
    kept = usage.charged({"time": 900, "assoc": {}, "qos": {}}, made, [ran(made)], 1100, 0)
    assert kept["assoc"][made.get("bio").id][""] == 1000


@pytest.mark.parametrize("word, days, gone", [
    ("NONE", 400, False), ("DAILY", 1, True), ("MONTHLY", 1, False), ("MONTHLY", 40, True),
    ("YEARLY", 40, False), ("YEARLY", 400, True), ("WEEKLY", 5, False), ("WEEKLY", 6, True)])
def test_the_reset_period(word, days, gone):
    noon = 1_772_452_800              # 2 March 2026
    kept = {"time": noon, "assoc": {1: {"": 1.0}}, "qos": {}}
    found = usage.reset(kept, {"PriorityUsageResetPeriod": word}, noon + days * DAY)
    assert (found["assoc"] == {}) == gone


def test_a_week_does_not_end_with_the_year():
    wednesday = int(time.mktime((2025, 12, 31, 12, 0, 0, 0, 0, -1)))
    kept = {"time": wednesday, "assoc": {1: {"": 1.0}}, "qos": {}}
    for days, gone in ((1, False), (3, False), (4, True)):
        found = usage.reset(kept, {"PriorityUsageResetPeriod": "WEEKLY"}, wednesday + days * DAY)
        assert (found["assoc"] == {}) == gone, days


def suspended(**fields):
    """A job that began at 1000 and was suspended at 1100."""
    return Job(**{**dict(id=1, phase=ACTIVE, state="SUSPENDED", start_time=1000, pre_suspend=100, suspend_time=1100),
                  **fields})


@pytest.mark.parametrize("since, until, seconds", [(0, 1500, 100), (1050, 1500, 50), (1200, 1500, 0), (0, 1040, 40)])
def test_what_a_job_ran_before_it_was_suspended_counts(since, until, seconds):
    assert usage.ran(suspended(), since, until) == seconds


@pytest.mark.parametrize("since, until, seconds", [
    (0, 1500, 400), (1050, 1500, 350), (1150, 1500, 300), (1150, 1250, 50), (1300, 1500, 200), (0, 1150, 100)])
def test_what_it_ran_on_both_sides_of_the_break_counts(since, until, seconds):
    assert usage.ran(suspended(state="RUNNING", suspend_time=1200), since, until) == seconds
    ended = suspended(state="COMPLETED", phase=ENDED, suspend_time=1200, end_time=1500)
    assert usage.ran(ended, since, until + 100 if until == 1500 else until) == seconds


def test_amounts_of_tres():
    assert tres.tres_dict("cpu=2,mem=2.50G,node=1,gres/gpu=2") == {
        "cpu": 2, "mem": 2560, "node": 1, "gres/gpu": 2}
    assert tres.tres_dict("mem=1000M") == {"mem": 1000} and tres.tres_dict("") == {}
