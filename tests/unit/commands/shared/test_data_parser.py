"""--json and --yaml of squeue, sinfo and sacct."""

import json

import pytest

from slurm_mock.common import serializer
from tests.clusters.reading import Tiny


@pytest.fixture
def tiny(tmp_path):
    t = Tiny(tmp_path, AccountingStorageType="accounting_storage/slurmdbd")
    t.step(t.running("n1", id=7, work_dir="/home/ada"), -5, name="batch")
    t.ended("FAILED", id=8, exit_code=9)
    return t


def told(tiny, command, *words):
    result = tiny.run(command, "--json", *words)
    assert (result.code, result.err) == (0, "")
    return json.loads(result.out)


def test_squeue(tiny):
    jobs = {j["job_id"]: j for j in told(tiny, "squeue")["jobs"]}
    assert jobs[7]["job_state"] == "RUNNING"
    assert jobs[7]["job_resources"]["nodes"] == "n1"
    assert jobs[7]["user_name"] == "ada"


def test_sinfo(tiny):
    nodes = told(tiny, "sinfo")["nodes"]
    assert nodes[0]["name"] == "n1" and nodes[0]["partitions"]


def test_sacct(tiny):
    told_ = told(tiny, "sacct", "-j", "7,8")
    assert told_["meta"]["plugin"]["type"] == "openapi/dbv0.0.38"
    seven, eight = told_["jobs"]
    assert [s["step"]["id"] for s in seven["steps"]] == ["batch"]
    assert eight["exit_code"]["signal"] == {"signal_id": 9, "name": "Killed"}


def test_slashes_are_escaped_in_json(tiny):
    assert r'"\/home\/ada"' in tiny.run("squeue", "--json").out


@pytest.mark.parametrize("data, yaml", [
    ({"a": 1}, "!!str a: !!int 1\n"),
    ({"a": ""}, "!!str a: !!null null\n"),
    ({"a": serializer.Empty()}, "!!str a: !!str\n"),
    ({"a": []}, "!!str a: !!seq []\n"),
    ({"a": [True]}, "!!str a: !!seq\n- !!bool true\n"),
    ({"a": {"b": 1.5}}, "!!str a: !!map\n  !!str b: !!float 1.500000\n"),
    ({"a": "#1 x"}, "!!str a: !!str '#1 x'\n"),
])
def test_yaml_is_tagged(data, yaml):
    assert serializer.write(data, "yaml") == "%YAML 1.1\n--- !!map\n" + yaml + "...\n"
