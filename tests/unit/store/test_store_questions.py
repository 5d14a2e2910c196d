"""What any command may ask of the store: jobs and steps, nodes, partitions and reservations."""

import pytest

from slurm_mock.common.records import (ACTIVE, ALLOC, ENDED, PENDING, PURGED, SIMULATED, Job, Node,
                                       Partition, Reservation, Step)

HUGE = 1 << 70


def ids(jobs):
    return [job.id for job in jobs]


@pytest.fixture
def four(store):
    """A store with a job of each phase, its id one more than the phase."""
    for phase in (PENDING, ACTIVE, ENDED, PURGED):
        store.insert(Job(phase=phase, priority=phase, name=f"phase {phase}"))
    return store


def test_jobs_of_phases_by_id(four):
    assert ids(four.jobs()) == [1, 2, 3]
    assert ids(four.jobs(ACTIVE, PENDING)) == [1, 2]
    assert ids(four.jobs(PURGED)) == [4]
    assert ids(four.jobs(ENDED, ids=[4, 1, 99])) == [1, 3, 4]


def test_jobs_with_some_columns_read_the_others_when_they_are_asked_for(four):
    found = four.jobs(ACTIVE, columns=["id", "phase"])
    assert [(job.id, job.phase) for job in found] == [(2, ACTIVE)]
    assert "name" not in vars(found[0]) and found[0].name == "phase 1"


def test_jobs_come_by_id_whatever_their_priority(store):
    for priority in (1, 9, 5):
        store.insert(Job(priority=priority))
    assert ids(store.jobs(PENDING)) == ids(store.jobs(PENDING, columns=["id"])) == [1, 2, 3]


def test_many_pending_are_those_that_wait(store):
    for phase in (PENDING, PENDING, ACTIVE, ENDED, PURGED):
        store.insert(Job(phase=phase))
    assert store.many_pending(2) and not store.many_pending(3)


def test_has_jobs(store):
    assert not store.has_jobs()
    store.insert(Job(phase=PURGED))
    assert not store.has_jobs() and store.has_jobs(PURGED)
    store.insert(Job(phase=ENDED))
    assert store.has_jobs() and store.has_jobs(ACTIVE, ENDED) and not store.has_jobs(PENDING)


def test_a_job_by_its_id_whatever_its_phase(four):
    assert four.job(4).phase == PURGED and four.job(5) is four.job(HUGE) is None


@pytest.mark.parametrize("fields, so", [
    ({}, True), ({"phase": ACTIVE, "kind": ALLOC}, True), ({"kind": SIMULATED}, False),
    ({"phase": ACTIVE, "kind": SIMULATED}, False), ({"phase": ENDED}, False), ({"phase": PURGED}, False)])
def test_a_users_job_waits_or_runs(store, fields, so):
    assert store.user_jobs_wait_or_run() is False
    store.insert(Job(**fields))
    assert store.user_jobs_wait_or_run() is so


def test_a_number_names_a_job_an_array_and_a_heterogeneous_job(store):
    for fields in (dict(id=7, array_id=7), dict(id=9, array_id=7), dict(id=8, het_id=7), dict(id=5),
                   dict(id=6, array_id=7, phase=ENDED), dict(id=10, array_id=7, phase=PURGED)):
        store.insert(Job(**fields))
    assert ids(store.named(7)) == [6, 7, 8, 9]
    assert ids(store.named(5)) == [5] and store.named(99) == store.named(HUGE) == []
    assert ids(store.named(0)) == [5, 8]             # those of no array
    assert ids(store.named(7, ["id", "array_id"])) == [6, 7, 8, 9]
    assert vars(store.named(5, ["id"])[0]).keys() == {"id", "shape"}
    with pytest.raises(OverflowError):
        store.named(HUGE, ["id"])


def test_array_jobs_by_id(store):
    for number, array_id, phase in ((9, 7, PENDING), (8, 7, ENDED), (7, 7, PURGED), (6, 5, PENDING)):
        store.insert(Job(id=number, array_id=array_id, phase=phase, priority=number))
    assert ids(store.array_jobs(7)) == [7, 8, 9]
    assert ids(store.array_jobs(7, purged=False)) == [8, 9]
    assert store.array_jobs(HUGE) == []


def test_components_in_their_order(store):
    for number, het_id, offset, phase in ((4, 3, 2, PENDING), (5, 3, 1, ACTIVE), (3, 3, 0, ENDED),
                                          (9, 8, 0, PENDING), (2, 0, None, PENDING)):
        store.insert(Job(id=number, het_id=het_id, het_offset=offset, phase=phase))
    assert ids(store.components(3)) == [3, 5, 4]
    assert ids(store.components(3, PENDING, ACTIVE)) == [5, 4]
    assert store.components(0) == store.components(HUGE) == []


def test_owner_by_name_or_uid(store):
    store.insert(Job(user="ada", uid=1000, phase=PURGED))
    assert store.owner("ada", -1) == store.owner("1000", 1000) == "ada"
    assert store.owner("bob", 1) is None
    with pytest.raises(OverflowError):
        store.owner("x", HUGE)


def test_scripts(store):
    assert store.script(1) is None
    store.put_script(1, b"#!/bin/sh", b"A=1\0")
    store.put_script(2, b"two", b"")
    assert store.script(1) == (b"#!/bin/sh", b"A=1\0")
    store.put_script(1, b"new", b"")
    assert store.script(1) == (b"new", b"")


def test_steps_of_a_job_by_id_and_of_all(store):
    for job_id, step_id in ((4, 1), (4, -5), (4, 0), (3, 2)):
        store.insert(Step(job_id=job_id, step_id=step_id))
    assert [step.step_id for step in store.steps(4)] == [-5, 0, 1] and store.steps(5) == []
    assert [(step.job_id, step.step_id) for step in store.steps()] == [(3, 2), (4, -5), (4, 0), (4, 1)]


def test_running_steps_of_a_job_are_cancelled(store):
    for job_id, step_id, state in ((1, 0, "RUNNING"), (1, -5, "RUNNING"), (1, 1, "FAILED"), (2, 0, "RUNNING")):
        store.insert(Step(job_id=job_id, step_id=step_id, state=state, end_time=3))
    store.cancel_steps(1, 70)
    assert [(s.job_id, s.step_id, s.state, s.end_time) for s in store.steps()] == [
        (1, -5, "CANCELLED", 70), (1, 0, "CANCELLED", 70), (1, 1, "FAILED", 3), (2, 0, "RUNNING", 3)]


def test_nodes_and_partitions_in_slurm_confs_order(store):
    for kind, of_kind, one in ((Node, store.nodes, "n1"), (Partition, store.partitions, "main")):
        for idx, name in ((2, "a"), (0, "z"), (1, one)):
            store.insert(kind(name=name, idx=idx))
        assert [item.name for item in of_kind()] == ["z", one, "a"]
    found = store.nodes(["name"])
    assert [node.name for node in found] == ["z", "n1", "a"] and "idx" not in vars(found[0])


def test_one_partition(store):
    store.insert(Partition(name="main", nodes="n1"))
    store.insert(Partition(name="short", nodes="n2"))
    assert store.partition("short").nodes == "n2" and store.partition("long") is None


def test_reservations_by_begin_then_name(store):
    for name, start in (("b", 5), ("c", 2), ("a", 5)):
        store.insert(Reservation(name=name, start_time=start))
    assert [one.name for one in store.reservations()] == ["c", "a", "b"]
    assert store.reservation("a").start_time == 5 and store.reservation("d") is None
    store.delete_reservation("a")
    assert [one.name for one in store.reservations()] == ["c", "b"]
