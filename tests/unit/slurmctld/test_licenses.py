"""Licenses: waiting for them, as Slurm 22.05.8 did with Licenses=ansys:3,matlab:1."""

import pytest

from slurm_mock.slurmctld import licenses
from slurm_mock.slurmctld.backfill import plan
from tests.clusters.planned import CONF, ask, cluster

HAVE = {"Licenses": "ansys:3,matlab:1"}


@pytest.mark.parametrize("text", ["ansys:2", "matlab", "matlab:1,ansys:1", "ansys:1;matlab"])
def test_what_there_is_may_be_asked_for(text):
    licenses.check(HAVE, text)


@pytest.mark.parametrize("text", ["ansys:4", "nope", "ansys:1,nope", "matlab:1,matlab:1"])
def test_what_there_is_not_may_not(text):
    with pytest.raises(licenses.BadLicenses):
        licenses.check(HAVE, text)


def test_jobs_wait_until_licenses_are_free():
    here = cluster(CONF + "Licenses=ansys:3,matlab:1\n")
    jobs = [ask(f"-L {text}") for text in ("ansys:2", "ansys:2", "matlab:1,ansys:1", "matlab",
                                           "'ansys:1;matlab'")] + [ask("")]
    found = plan(here, jobs)
    assert [d.reason or "start" for d in found] == [
        "start", "Licenses", "start", "Licenses", "Licenses", "start"]
    here.release(found[0].running)
    assert plan(here, [jobs[1]])[0].shares


def test_either_is_enough():
    left = {"ansys": 0, "matlab": 1}
    assert licenses.take(left, "ansys:1;matlab") and left == {"ansys": 0, "matlab": 0}
    assert not licenses.take(left, "ansys:1;matlab") and left == {"ansys": 0, "matlab": 0}
