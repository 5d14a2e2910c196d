"""The cluster in memory: who uses what, and in which state nodes are for it.
(Expectations: sinfo(1), NODE STATE CODES; slurm.conf(5), partitions.)"""

import pytest

from slurm_mock.common.records import Partition, Reservation, Share
from slurm_mock.slurmctld.cluster import Part
from tests.clusters.planned import NOW, ask, cluster, run


def part(**options):
    return Part(Partition(name="p", nodes="c[1-3]"), options)


@pytest.mark.parametrize("options, field, value", [
    ({"MaxTime": "1-00:00:00"}, "max_time", 1440), ({"MaxTime": "INFINITE"}, "max_time", None), ({}, "default_time", None),
    ({"DefaultTime": "30"}, "default_time", 30), ({"MaxNodes": "UNLIMITED"}, "max_nodes", None), ({"MaxNodes": "2"}, "max_nodes", 2),
    ({"Priority": "7"}, "priority_factor", 7), ({"Priority": "7"}, "priority_tier", 7), ({"PriorityTier": "9"}, "priority_factor", 1),
    ({"Default": "yes"}, "default", True), ({"Hidden": "YES"}, "hidden", True), ({"Shared": "EXCLUSIVE"}, "exclusive", True),
    ({"OverSubscribe": "force:2"}, "oversubscribe", "FORCE:2"), ({"MaxCPUsPerNode": "4"}, "max_cpus_per_node", 4),
    ({"DenyQos": "x"}, "restricted", True), ({}, "restricted", False), ({}, "node_names", ["c1", "c2", "c3"])])
def test_what_a_partition_says(options, field, value):
    assert getattr(part(**options), field) == value


def test_flags_of_a_partition():
    assert part(RootOnly="YES").flag("RootOnly") and not part().flag("RootOnly") and part().node_set == {"c1", "c2", "c3"}


def test_shares_are_counted_and_given_back():
    here = cluster()
    one = run(here, ask("-n 6"), [Share("c1", 4, 2000), Share("c2", 2, 1000)])
    two = run(here, ask("-n 2"), [Share("c1", 2, 500)])
    use = here.use["c1"]
    assert (use.cpus, use.mem, len(use.jobs), here.cpus_used(here.nodes["c1"])) == (6, 2500, 2, 6)
    assert here.release(one) == ["c1", "c2"]
    assert here.use["c1"].cpus == 2 and "c2" not in here.use and here.active == [two]
    assert here.cpus_used(here.nodes["c3"]) == 0


def test_devices_are_counted_one_by_one():
    here = cluster()
    one = run(here, ask("-n 1"), [Share("g1", 1, 0, {"gpu:k80": [0]})])
    run(here, ask("-n 1"), [Share("g1", 1, 0, {"gpu:k80": [1]})])
    assert here.use["g1"].gres == {"gpu:k80": [0, 1]}
    here.release(one)
    assert here.use["g1"].gres == {"gpu:k80": [1]}


def test_who_is_suspended_holds_nothing():
    here, job = cluster(), ask("-n 4")
    job.state, job.alloc = "SUSPENDED", "c1|4|0|0|"
    here.occupy(job)
    assert here.use == {} and here.active == [job] and here.release(job) == []


@pytest.mark.parametrize("cpus, fields, state", [
    (8, {}, ("ALLOCATED", ())), (3, {}, ("MIXED", ())), (3, {"exclusive": "exclusive"}, ("ALLOCATED", ())),
    (3, {"state": "COMPLETING"}, ("IDLE", ("COMPLETING",)))])
def test_a_nodes_state_is_its_jobs(cpus, fields, state):
    here = cluster()
    job = ask("-n 1", **{k: v for k, v in fields.items() if k != "state"})
    job = run(here, job, [Share("c1", cpus)])
    if "state" in fields:
        here.release(job)
        job.state = fields["state"]
        here.occupy(job)
    assert here.node_state(here.nodes["c1"]) == state


def test_reservations_and_flags_are_part_of_the_state():
    here = cluster(reservations=[Reservation(name="r", start_time=NOW - 5, end_time=NOW + 5, nodes="c[1-2]"),
                                 Reservation(name="past", start_time=NOW - 50, end_time=NOW, nodes="c3")])
    here.nodes["c1"].flags = "DRAIN"
    assert here.reserved_now() == dict.fromkeys(("c1", "c2"), ("RESERVED",))
    assert here.node_state(here.nodes["c1"]) == ("IDLE", ("DRAIN", "RESERVED"))
    assert here.node_state(here.nodes["c1"], {}) == ("IDLE", ("DRAIN",))


@pytest.mark.parametrize("state, flags, takes", [
    ("IDLE", "", True), ("DOWN", "", False), ("IDLE", "DRAIN", False), ("IDLE", "NO_RESPOND", False), ("UNKNOWN", "", True),
    ("FUTURE", "", False), ("IDLE", "PLANNED", True)])
def test_who_takes_new_work(state, flags, takes):
    here = cluster()
    here.nodes["c1"].state, here.nodes["c1"].flags = state, flags
    assert here.takes_work(here.nodes["c1"]) is takes


def test_sets_of_nodes_are_masks():
    here = cluster()
    run(here, ask("-n 1"), [Share("c2", 1)])
    assert here.busy() == here.mask(["c2"]) == here.bits()["c2"]
    assert here.mask(["c1", "c2", "nosuch"]) == here.bits()["c1"] | here.bits()["c2"]
    assert len({*here.bits().values()}) == len(here.nodes)


def test_another_moment_shares_what_does_not_change():
    here = cluster()
    later = here.twin(NOW + 60, {})
    assert later.now == NOW + 60 and later.nodes is here.nodes and later.use == {} and later.busy() == 0
    assert here.cpus_of(here.parts["main"]) == later.cpus_of(here.parts["main"]) == 40
    assert here.default_partition().name == "main"
