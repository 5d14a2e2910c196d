"""File name patterns; the names are those that Slurm 22.05.8 made of them."""

import pytest

from slurm_mock.common.fname import fill, job_values
from slurm_mock.common.records import Job

JOB = Job(id=70180, name="name", user="alice")
TASK = Job(id=81, array_id=80, array_task=13, name="many", user="alice")


@pytest.mark.parametrize("pattern, name", [
    ("%x-%j-%A-%a-%u-%N-%n-%t-%s-%%.out", "name-70180-70180-4294967294-alice-c1-0-0-batch-%.out"),
    ("%8j.out", "00070180.out"),
    ("%J.out", "70180.out"),
    ("back\\%j.out", "back%j.out"),
    ("%q", "%q"), ("100%", "100%"), ("%5x", "name"), ("%0j", "70180"), ("", ""),
    ("%99j", "0000070180"),
    ("slurm-%j.out", "slurm-70180.out"),
])
def test_fill(pattern, name):
    assert fill(pattern, job_values(JOB, "c1.example.org")) == name


@pytest.mark.parametrize("pattern, name", [
    ("slurm-%A_%a.out", "slurm-80_13.out"), ("%3a", "013"), ("%j", "81")])
def test_array_task(pattern, name):
    assert fill(pattern, job_values(TASK, "c1")) == name


def test_step_and_task():
    values = job_values(JOB, "c2", "3", node=1, task=7)
    assert fill("%J-%s-%n-%t-%N", values) == "70180.3-3-1-7-c2"
