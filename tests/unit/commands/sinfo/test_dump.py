"""sinfo --json: all nodes, whatever the filters say (openapi/v0.0.38)."""

import json

from tests.clusters.reading import Tiny


def test_all_nodes_in_their_order(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.node("n3", state="DOWN", reason="fan")
    nodes = json.loads(tiny.run("sinfo", "--json", "-p", "gpu").out)["nodes"]
    assert [node["name"] for node in nodes] == ["n1", "n2", "n3", "n4", "n5", "n6", "g1"]
    third, last = nodes[2], nodes[-1]
    assert (third["state"], third["reason"], third["partitions"]) == ("down", "fan", ["main"])
    assert (last["cpus"], last["real_memory"], last["gres"]) == (8, 32000, "gpu:k80:2")


def test_yaml(tmp_path):
    assert "!!str nodes: !!seq\n- !!map\n" in Tiny(tmp_path / "s").run("sinfo", "--yaml").out
