"""What steps used, as `sacct --json` tells it (openapi/dbv0.0.38: steps/tres/requested, consumed)."""

import json

import pytest

from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tres(tmp_path):
    """A function of Step.usage -> the "tres" of its step."""
    def told(usage, **fields):
        tiny = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd")
        job = tiny.ended(nodelist="n[1-2]", num_nodes=2)
        tiny.step(job, 0, **{**dict(state="COMPLETED", end_time=NOW - 100, usage=usage, ntasks=2), **fields})
        (step,) = json.loads(tiny.run("sacct", "--json").out)["jobs"][0]["steps"]
        return step["tres"]
    return told


def amounts(entries, *more):
    return {entry["name"] or entry["type"]: tuple(entry[key] for key in ("count", *more)) for entry in entries}


def test_two_tasks(tres):
    # rank, node, cpu in microseconds, rss and vm in KiB, pages, bytes read and written
    told = tres("0,0,3000000,100,200,1,5,9;1,1,1000000,300,400,0,7,2")
    assert amounts(told["requested"]["max"], "task", "node") == {
        "cpu": (3000, 0, "n1"), "mem": (300 * 1024, 1, "n2"), "energy": (0, 0, "n1"), "disk": (7, 1, "n2"),
        "vmem": (400 * 1024, 1, "n2"), "pages": (1, 0, "n1")}
    assert amounts(told["requested"]["min"], "task")["cpu"] == (1000, 1)
    assert amounts(told["requested"]["average"])["mem"] == (200 * 1024,)
    assert amounts(told["requested"]["total"])["cpu"] == (4000,)
    assert amounts(told["consumed"]["max"], "task") == {"energy": (0, 0), "disk": (9, 0)}
    assert amounts(told["consumed"]["total"]) == {"energy": (0,), "disk": (11,)}


def test_a_step_that_was_never_measured(tres):
    told = tres("")
    assert told["requested"]["max"] == told["consumed"]["min"] == []
    assert amounts(told["requested"]["average"]) == {"energy": (0,)}


def test_a_step_that_runs(tres):
    assert tres("0,0,1,1,1,1,1,1", state="RUNNING", end_time=0)["requested"]["total"] == []
