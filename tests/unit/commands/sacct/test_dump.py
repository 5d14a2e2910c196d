"""sacct --json: the jobs that were asked for, each with its steps (openapi/dbv0.0.38)."""

import json

import pytest

from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd")
    first = tiny.ended(id=7)
    tiny.step(first, -5, name="batch", end_time=NOW - 100, state="COMPLETED")
    tiny.step(first, 0, end_time=NOW - 100, state="COMPLETED")
    tiny.ended("FAILED", id=8)
    return tiny


def told(tiny, *words):
    done = tiny.run("sacct", "--json", *words)
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)


def test_jobs_and_their_steps(tiny):
    jobs = told(tiny)["jobs"]
    assert [(job["job_id"], len(job["steps"])) for job in jobs] == [(7, 2), (8, 0)]
    assert [step["step"]["id"] for step in jobs[0]["steps"]] == ["batch", 0]


def test_only_those_asked_for(tiny):
    assert [job["job_id"] for job in told(tiny, "-j", "8")["jobs"]] == [8]
    assert [job["job_id"] for job in told(tiny, "-X", "-j", "7")["jobs"]] == [7]


def test_nothing_found_is_an_error_of_the_answer(tiny):
    found = told(tiny, "-j", "99")
    assert found["jobs"] == [] and found["errors"][0]["error_number"] == 9003


def test_yaml(tiny):
    assert tiny.run("sacct", "--yaml", "-j", "8").out.startswith("%YAML 1.1\n--- !!map\n!!str meta: !!map\n")
