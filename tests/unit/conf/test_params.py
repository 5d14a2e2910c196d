"""What keys of slurm.conf mean.  (Expectations: slurm.conf(5).)"""

from types import SimpleNamespace as Some

import pytest

from slurm_mock.conf import params


def ctl(**config):
    return Some(config=config)


@pytest.mark.parametrize("kind, there", [("accounting_storage/slurmdbd", True), ("accounting_storage/none", False)])
def test_is_there_a_database(kind, there):
    assert params.accounted({"AccountingStorageType": kind}) is there
    assert not params.accounted({})


@pytest.mark.parametrize("text, words", [
    ("none", ""), ("0", ""), ("1", "associations"), ("limits", "limits associations"), ("nosteps", "nosteps"),
    ("safe", "safe limits associations"), ("nojobs", "nojobs nosteps"), ("QOS , wckeys", "qos wckeys associations"),
    ("all", "associations limits qos safe wckeys"), ("wibble", "")])
def test_what_is_enforced_implies_more(text, words):
    assert params.enforced({"AccountingStorageEnforce": text}) == set(words.split())


def test_a_number_of_schedulerparameters():
    config = {"SchedulerParameters": "bf_window=10080,default_queue_depth=x,bf_continue"}
    assert params.parameter(config, "bf_window") == 10080
    assert params.parameter(config, "default_queue_depth") == params.parameter({}, "default_queue_depth") == 100
    assert (params.parameter({}, "bf_interval"), params.parameter({}, "bf_window")) == (30, 1440)


def test_a_partitions_memory_goes_before_the_clusters():
    part, config = Some(options={"MaxMemPerNode": "8000"}), {"MaxMemPerCPU": "2000", "DefMemPerCPU": "500"}
    assert params.most_memory(part, config) == (8000, False)
    assert params.most_memory(Some(options={}), config) == (2000, True)
    assert params.most_memory(Some(options={}), {}) == (0, False)
    assert params.memory_setting("Def", {}, config) == (500, True)
    assert params.memory_setting("Def", {"DefMemPerNode": "UNLIMITED"}, config) == (0, False)


@pytest.mark.parametrize("text, counted", [("CR_Core_Memory", True), ("CR_Memory", True), ("CR_Core", False), ("", False)])
def test_is_memory_counted(text, counted):
    assert params.counts_memory({"SelectTypeParameters": text}) is counted


def test_is_the_priority_multifactor():
    assert params.multifactor({"PriorityType": "priority/multifactor"}) and not params.multifactor({})


def test_flags_and_periods():
    assert params.flags({"PriorityFlags": "Accrue_Always, max_tres"}) == {"ACCRUE_ALWAYS", "MAX_TRES"}
    assert params.period({"PriorityDecayHalfLife": "14-0"}, "PriorityDecayHalfLife", "7-0") == 14 * 86400
    assert params.period({}, "PriorityMaxAge", "7-0") == 7 * 86400
    assert params.period({"PriorityMaxAge": "none"}, "PriorityMaxAge", "7-0") == 0
    for word in ("UNLIMITED", "infinite", "-1"):       # 49710-06:27:16, says real slurmctld
        assert params.period({"PriorityMaxAge": word}, "PriorityMaxAge", "7-0") == 4294967236


@pytest.mark.parametrize("config, seconds", [
    ({}, 30), ({"JobAcctGatherFrequency": "10"}, 10), ({"JobAcctGatherFrequency": "energy=5,task=7"}, 7),
    ({"JobAcctGatherFrequency": "energy=5"}, 0), ({"JobAcctGatherFrequency": "0"}, 0),
    ({"JobAcctGatherType": "jobacct_gather/none"}, 0)])
def test_how_often_tasks_are_measured(config, seconds):
    assert params.frequency(ctl(**config)) == seconds


def test_a_job_may_be_measured_more_often():
    assert params.frequency(ctl(), 7) == 7 and params.frequency(ctl(), -1) == 0
    assert params.frequency(ctl(JobAcctGatherType="jobacct_gather/none"), 7) == 0


@pytest.mark.parametrize("text, seconds", [("7", 7), ("Task=7,energy=3", 7), ("0", 0), ("energy=3", None), ("", None)])
def test_a_frequency_of_tasks(text, seconds):
    assert params.task_frequency(text) == seconds


@pytest.mark.parametrize("text, asked", [("7", 7), ("0", -1), ("task=0,energy=5", -1), ("energy=5", 0), ("", 0)])
def test_what_a_job_asks_of_the_samples(text, asked):
    assert params.acctg_freq(text) == asked


def test_how_long_a_job_stays_in_the_queue():
    assert params.min_age(ctl()) == 300 and params.min_age(ctl(MinJobAge="10")) == 10
