"""The factors of a job's priority; the numbers are those that sprio of Slurm 22.05.8 gave."""

import pytest

from slurm_mock.commands.sprio import print as sprio_print
from slurm_mock.conf.weights import weights
from slurm_mock.slurmctld import priority
from tests.clusters.planned import NOW, ask, cluster

CONFIG = {"PriorityType": "priority/multifactor", "PriorityWeightAge": "1000",
          "PriorityWeightAssoc": "500", "PriorityWeightFairshare": "20000",
          "PriorityWeightJobSize": "100", "PriorityWeightPartition": "10000",
          "PriorityWeightQOS": "4000", "PriorityWeightTRES": "cpu=1000,mem=2000",
          "PriorityMaxAge": "7-0"}
TOTALS = {"main": {"cpu": 40, "mem": 80_000}, "all": {"cpu": 104, "mem": 296_000}}


def measured(fairshare=0.0, **config):
    return priority.Measure(
        {**CONFIG, **config}, 10, 104, cluster().parts, {"normal": 0, "high": 100, "low": 20},
        {1: 50, 2: 100, 3: None}, {1: fairshare}, lambda part: TOTALS[part.name])


def found(options, tres=None, assoc=1, since=0, part=None, fairshare=0.0, **config):
    job = ask(options, assoc_id=assoc, accrue_time=NOW - since, eligible_time=NOW - since)
    scale = measured(fairshare, **config)
    return priority.factors(scale, job, scale.parts[part or job.partition], NOW, tres)


@pytest.mark.parametrize("options, part, tres, number, size, amounts", [
    ("-q high -N 2", "main", {"cpu": 2, "mem": 1000}, 14335, 0.1096154, "cpu=50,mem=25"),
    ("-p main,all -n 4 --mem-per-cpu=1000", "main", {"cpu": 4, "mem": 4000}, 10456, 0.0692308,
     "cpu=100,mem=100"),
    ("-p main,all -n 4 --mem-per-cpu=1000", "all", {"cpu": 4, "mem": 4000}, None, 0.0692308,
     "cpu=38,mem=27")])
def test_as_sprio_shows_them(options, part, tres, number, size, amounts):
    got = found(options, tres, part=part)
    row = sprio_print.Row(ask(options), part, got)
    assert sprio_print.LETTERS["T"].text(row, None) == amounts
    assert sprio_print.LETTERS["j"].text(row, None) == f"{size:.7f}"
    assert number is None or got.priority() == number


def test_normalised_priority_as_sprio_shows_it():
    row = sprio_print.Row(ask(""), "main", found("-q high -N 2", {"cpu": 2, "mem": 1000}))
    assert sprio_print.LETTERS["y"].text(row, None) == "0.00000333785115"
    assert sprio_print.LETTERS["Y"].text(row, None) == "14335"


def test_age_grows_to_its_limit():
    week = 7 * 86400
    ages = [found("", since=s).norm["Age"] for s in (0, week // 2, week, 2 * week)]
    assert ages == [0, 0.5, 1, 1]


def test_fairshare_and_association_are_those_of_the_job():
    assert found("", fairshare=0.25).weighted("Fairshare") == 5000
    assert found("", assoc=2).norm["Assoc"] == 1 and found("", assoc=3).norm["Assoc"] == 0
    assert found("", assoc=2, fairshare=0.25).norm["Fairshare"] == 0


def test_favour_small_turns_the_size_round():
    assert found("-N 2", PriorityFavorSmall="YES").norm["JobSize"] == pytest.approx(1 - 0.1096154, 1e-6)


def test_small_relative_to_time():
    got = found("-N 2 -t 10", PriorityFlags="SMALL_RELATIVE_TO_TIME").norm["JobSize"]
    assert got == pytest.approx(2 * 104 / 10 / 10 / 104)


def test_flags_leave_factors_as_they_are():
    got = found("-q high", PriorityFlags="NO_NORMAL_ALL", tres={"cpu": 3})
    assert (got.norm["QOS"], got.norm["Partition"], got.norm["Assoc"]) == (100, 10, 50)
    assert got.tres == {"cpu": 3, "mem": 0}


def test_nice_lowers_but_never_holds():
    assert found("--nice=10").priority() == found("").priority() - 10
    assert found("--nice=100000").priority() == 1


@pytest.mark.parametrize("long, norm, text", [
    (False, False, "%.15i %9r %.10Y %.10S %.10A %.10J %.10P"),
    (True, False, "%.15i %9r %.8u %.10Y %.10S %.10A %.10B %.10F %.10J %.10P %.10Q %.11N %.20T"),
    (False, True, "%.15i %9r %10y %10a %10j %10p")])
def test_the_default_format_shows_what_has_a_weight(long, norm, text):
    given = weights({"PriorityWeightAge": "1000", "PriorityWeightJobSize": "100",
                     "PriorityWeightPartition": "10000"})
    assert sprio_print.default(given, long, norm) == text


def test_a_weight_for_a_larger_unit():
    found = weights({"PriorityWeightTRES": "CPU=10,Mem=512G,GRES/gpu=3"})["TRES"]
    assert found == {"cpu": 10, "mem": 0.5, "gres/gpu": 3}
