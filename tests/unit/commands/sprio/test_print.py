"""sprio's columns and formats.  (Expectations: sprio(1), -o; transcripts/sprio/priority.txt.)"""

from types import SimpleNamespace as Some

import pytest

from slurm_mock.commands.sprio.print import HIGHEST, KEYS, LETTERS, Row, Weights, default
from slurm_mock.common.print_fields import letters, printer
from slurm_mock.common.records import Job

NORMS = {"Age": 0.5, "Assoc": 0.0, "Fairshare": 0.25, "JobSize": 0.125, "Partition": 1.0, "QOS": 0.0}
WEIGHT = {"Age": 1000, "Assoc": 0, "Fairshare": 100, "JobSize": 0, "Partition": 500, "QOS": 0, "TRES": {"cpu": 10.0}}
FACTORS = Some(norm=NORMS, weighted=lambda name: NORMS[name] * WEIGHT[name], tres={"cpu": 0.5},
               weighted_tres=lambda: {"cpu": 5.0}, total=lambda: 1030.0)
ROW = Row(Job(id=12, user="ada", nice=30), "main", FACTORS)


def shown(form, row=ROW):
    return printer(letters(form, LETTERS, None), None)(row)


@pytest.mark.parametrize("form, text", [
    ("%i %r %u %N %S", "12 main ada 30 0"), ("%A %B %F %J %P %Q", "500 0 25 0 500 0"), ("%Y", "1000"),
    ("%a %f %p", "0.5000000 0.2500000 1.0000000"), ("%T %t", "cpu=5 cpu=0.50"), ("%y", f"{1000 / HIGHEST:.14f}")])
def test_a_job(form, text):
    assert shown(form) == text


def test_the_line_of_weights():
    assert shown("%i %A %P %S|%T|%u|%Y", Weights(WEIGHT)) == "Weights 1000 500 1|cpu=10||"


def test_a_priority_is_never_below_one():
    low = Row(Job(id=1, nice=5000), "main", FACTORS)
    assert shown("%Y", low) == "1"


def test_keys_sort_by_what_the_letter_shows():
    assert [KEYS[letter](ROW) for letter in "iNruAaYT"] == [12, 30, "main", "ada", 500, 0.5, 1000, 5.0]
    assert set(KEYS) == set(LETTERS)


def test_factors_without_weight_have_no_column_of_their_own():
    assert default(WEIGHT, False, False) == "%.15i %9r %.10Y %.10S %.10A %.10F %.10P %.20T"
    assert default(WEIGHT, False, True) == "%.15i %9r %10y %10a %10f %10p %20t"
    assert default(WEIGHT, False, False, users=True).startswith("%.15i %9r %.8u %.10Y")
    assert default({**WEIGHT, "TRES": {}}, True, False) == (
        "%.15i %9r %.8u %.10Y %.10S %.10A %.10B %.10F %.10J %.10P %.10Q %.11N %.20T")
