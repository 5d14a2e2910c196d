"""In which order nodes are taken; real Slurm's answers are in tests/conformance/cases/sites/60-placement."""

import pytest

from slurm_mock.common.records import Node
from slurm_mock.slurmctld.eval_nodes import Room, best, sets, walk


def rooms(*told):
    """(place in slurm.conf, CPUs that are free, weight, named?) of each."""
    return [Room(Node(name=f"n{idx}", idx=idx, weight=weight), None, cpus, wanted)
            for idx, cpus, weight, wanted in (one + (1, False)[len(one) - 2:] for one in told)]


def shown(one):
    return [room.node.idx for room in one.rooms] if one else None


@pytest.mark.parametrize("told, weighed, found", [
    ([(0, 8), (1, 8), (3, 8)], True, [[0, 1], [3]]),
    ([(0, 8, 1), (1, 8, 5), (2, 8, 5)], True, [[0], [1, 2]]),
    ([(0, 8, 1), (1, 8, 5), (2, 8, 5)], False, [[0, 1, 2]]),
    ([(0, 8, 1), (1, 8, 9, True), (2, 8, 1)], True, [[0, 1, 2]]),
    ([], True, []),
])
def test_sets_are_neighbours_of_one_weight(told, weighed, found):
    assert [shown(one) for one in sets(rooms(*told), weighed)] == found


@pytest.mark.parametrize("told, cpus, nodes, taken", [
    ([(0, 8), (2, 8), (3, 8), (5, 8)], 8, 1, [0]),                  # the first of those that fit tightest
    ([(0, 8), (2, 8), (3, 8), (5, 8)], 2, 2, [2, 3]),               # one that has nodes enough
    ([(0, 8), (2, 4), (3, 3), (5, 8)], 7, 1, [2, 3]),               # the tightest, whatever its nodes
    ([(0, 8), (2, 8), (3, 8)], 99, 1, [2, 3]),                      # none has enough: the biggest
    ([(0, 8, 5), (2, 2, 1)], 8, 1, [2]),                            # the lightest first, though it does not suffice
    ([(0, 8, 1), (2, 8, 5), (3, 8, 5, True)], 1, 1, [2, 3]),        # what is named goes before all
    ([(0, 8, 1, True)], 1, 1, None),
])
def test_the_best_set(told, cpus, nodes, taken):
    assert shown(best(sets(rooms(*told)), cpus, nodes)) == taken


@pytest.mark.parametrize("told, cpus, nodes, taken", [
    ([(0, 8), (1, 4), (2, 6)], 5, 1, [2]),                          # the node with the fewest that suffice
    ([(0, 8), (1, 4), (2, 4)], 4, 1, [1]),
    ([(0, 8), (1, 4), (2, 6)], 9, 1, [0, 1, 2]),                    # no single one does
    ([(0, 8), (1, 4), (2, 6)], 4, 2, [0, 1, 2]),
    ([(0, 8), (1, 8), (2, 8, 1, True), (3, 8)], 4, 2, [3, 1, 0]),   # up from the one named, then down
])
def test_the_way_through_a_set(told, cpus, nodes, taken):
    (one,) = sets(rooms(*told))
    assert [room.node.idx for room in walk(one, nodes, lambda room: room.cpus >= cpus)] == taken
