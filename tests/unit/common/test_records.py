"""Records: fields and rows cannot drift apart; what the texts in them mean."""

import pytest

from slurm_mock.common.records import (ACTIVE, FOREVER, STATE_CODES, UNLIMITED, Job, Node,
                                       Partition, Record, Reservation, Share, Step, cpus_asked,
                                       exit_text, kept_in, min_cpus, minutes_asked, pack_alloc,
                                       record, unpack_alloc)


@pytest.mark.parametrize("kind", [Job, Step, Node, Partition, Reservation])
def test_a_row_comes_back_field_by_field(kind):
    one = kind()
    values = [f"value {i}" for i in range(len(kind.columns))]
    for name, value in zip(kind.columns, values, strict=True):
        setattr(one, name, value)
    assert list(one.row()) == values
    assert kind.from_row(one.row()).row() == one.row()
    assert len(set(kind.columns)) == len(kind.columns)


def test_what_is_not_said_has_its_default_and_what_is_not_there_is_refused():
    Thing = record("Thing", "things", [("name", "TEXT", ""), ("count", "INTEGER", 3)])
    assert Thing(name="x").row() == ("x", 3) and repr(Thing(name="x")) == "<Thing x>"
    with pytest.raises(TypeError, match="Thing has no field size"):
        Thing(size=1)


def test_a_class_body_is_a_list_of_fields():
    """Its annotations are the column types; a key and what must not be NULL are said beside it."""
    @kept_in("things", key="name", needed=("count",))
    class Thing(Record):
        name: str = ""
        count: int = 3
        told: "str | None" = None
        weight: "float | None" = None

    assert Thing.fields == [("name", "TEXT PRIMARY KEY", ""), ("count", "INTEGER NOT NULL", 3),
                            ("told", "TEXT", None), ("weight", "REAL", None)]
    assert (Thing.__name__, Thing.table, Thing(told="a").row()) == ("Thing", "things", ("", 3, "a", None))
    with pytest.raises(AttributeError):
        Thing().size = 1                 # there are slots, and no others


def test_a_copy_is_another_record():
    job = Job(id=7, name="a")
    twin = job.copy(name="b", phase=ACTIVE)
    assert (job.name, job.phase, twin.id, twin.name, twin.phase) == ("a", 0, 7, "b", 1)


def test_shares_are_kept_as_text():
    shares = [Share("n1", 4, 2000, {"gpu:k80": [0, 1], "fpga": []}, 2), Share("n2", 1)]
    back = unpack_alloc(pack_alloc(shares))
    assert [(s.node, s.cpus, s.mem, s.gres, s.tasks) for s in back] == [
        ("n1", 4, 2000, {"gpu:k80": [0, 1], "fpga": []}, 2), ("n2", 1, 0, {}, 0)]
    assert unpack_alloc("") == [] == unpack_alloc(pack_alloc([]))


@pytest.mark.parametrize("fields, cpus", [
    ({}, 1), ({"ntasks": 4, "cpus_per_task": 2}, 8), ({"ntasks": 1, "min_nodes": 3}, 3),
    ({"ntasks": 8, "min_nodes": 2, "overcommit": 1}, 2)])
def test_cpus_that_a_job_needs(fields, cpus):
    assert cpus_asked(Job(**fields)) == cpus


def test_limits_and_sizes():
    assert minutes_asked(Job(time_limit=UNLIMITED)) == FOREVER
    assert [minutes_asked(Job(time_limit=n)) for n in (60, 0)] == [60, 0]
    assert min_cpus(Job(min_cpus_node=3, cpus_per_task=2, ntasks_per_node=2)) == 4
    assert min_cpus(Job(min_cpus_node=3)) == 3


@pytest.mark.parametrize("status, text", [(0, "0:0"), (3 << 8, "3:0"), (9, "0:9"), (137 << 8, "137:0"),
                                          (15 | 128, "0:15")])
def test_wait_statuses(status, text):
    assert exit_text(status) == text


def test_short_codes_are_slurms():
    """squeue(1), JOB STATE CODES."""
    assert {STATE_CODES[state] for state in ("PENDING", "RUNNING", "COMPLETING", "TIMEOUT", "OUT_OF_MEMORY",
                                             "NODE_FAIL", "PREEMPTED")} == {"PD", "R", "CG", "TO", "OOM",
                                                                            "NF", "PR"}
    assert len(set(STATE_CODES.values())) == len(STATE_CODES)
