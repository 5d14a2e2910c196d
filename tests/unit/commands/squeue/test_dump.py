"""squeue --json: the whole queue, whatever the filters say (openapi/v0.0.38)."""

import json

from tests.clusters.reading import Tiny


def test_all_jobs_in_slurmctlds_order(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.running("n1", id=7)
    tiny.job("bob", id=9, partition="secret")
    tiny.ended(id=8)
    told = json.loads(tiny.run("squeue", "--json", "-u", "ada", "-t", "R").out)
    assert [(job["job_id"], job["job_state"], job["user_name"]) for job in told["jobs"]] == [
        (7, "RUNNING", "ada"), (8, "COMPLETED", "ada"), (9, "PENDING", "bob")]
    assert told["errors"] == [] and told["meta"]["plugin"]["type"] == "openapi/v0.0.38"


def test_yaml(tmp_path):
    assert "!!str jobs: !!seq []\n" in Tiny(tmp_path / "s").run("squeue", "--yaml").out
