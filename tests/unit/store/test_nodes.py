"""What only a few ask of the nodes."""

from slurm_mock.common.records import Node
from slurm_mock.store import nodes


def test_totals(store):
    assert nodes.totals(store) == (0, None)
    store.insert(Node(name="n1", cpus=8))
    store.insert(Node(name="n2", cpus=4))
    assert nodes.totals(store) == (2, 12)


def test_not_idle_are_those_of_which_something_is_to_be_said_in_slurm_confs_order(store):
    for idx, (name, fields) in enumerate([("z", {"state": "DOWN"}), ("y", {}), ("x", {"flags": "DRAIN"}),
                                          ("a", {}), ("b", {})]):
        store.insert(Node(name=name, idx=10 - idx, memory=idx, **fields))
    assert [node.name for node in nodes.not_idle(store, ["name", "memory"], ["a"])] == ["a", "x", "z"]
    assert [node.name for node in nodes.not_idle(store, ["name"], [])] == ["x", "z"]
    assert [node.memory for node in nodes.not_idle(store, ["name"], ["a"])] == [3, 2, 0]


def test_were_busy(store):
    for name in ("n1", "n2", "n3"):
        store.insert(Node(name=name, last_busy=5))
    nodes.were_busy(store, ["n1", "n3", "gone"], 70)
    assert {node.name: node.last_busy for node in store.nodes()} == {"n1": 70, "n2": 5, "n3": 70}
