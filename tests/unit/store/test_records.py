"""Rows as objects: whole records and those of which only some columns were read."""

import pytest

from slurm_mock.common.records import ENDED, Job, Step
from slurm_mock.store.records import Partial


@pytest.fixture
def one(store):
    """A job of which the id and the state were read."""
    store.insert(Job(name="a", partition="main"))
    return store.partial(Job, ["id", "state"])[0]


def test_a_column_that_was_not_read_is_read_when_it_is_asked_for(store, one):
    assert vars(one).keys() == {"id", "state", "shape"}
    assert one.name == "a" and "name" in vars(one)
    store.update(Job(id=1, name="b"), "name")
    assert one.name == "a"                       # it is read once
    with pytest.raises(AttributeError, match="colour"):
        one.colour  # noqa: B018


def test_a_record_that_is_gone_has_nothing_more_to_tell(store, one):
    store.replace(Job, [])
    assert (one.state, one.name) == ("PENDING", None)


def test_a_changed_copy_leaves_the_record_as_it_is(one):
    twin = one.copy(partition="short", state="RUNNING")
    assert isinstance(twin, Partial)
    assert (twin.id, twin.partition, twin.state, twin.name) == (1, "short", "RUNNING", "a")
    assert (one.partition, one.state) == ("main", "PENDING")
    twin.reason = "Priority"
    assert one.reason == "None"


def test_an_update_of_what_is_gone_brings_nothing_back(store):
    store.update(Job(id=9, name="a"))
    store.update(Step(job_id=9, step_id=1))
    assert store.jobs() == [] and store.steps() == []


def test_replace_lets_these_be_all(store):
    for name in ("a", "b"):
        store.insert(Job(name=name))
    store.replace(Job, [Job(id=7, name="c", phase=ENDED)])
    assert [(job.id, job.name) for job in store.jobs()] == [(7, "c")]


def test_text_that_is_no_utf_8_is_kept_with_a_mark(store):
    store.insert(Job(name="a\udcffb"))
    assert store.job(1).name == "a\ufffdb"
    assert [job.id for job in store.select(Job, "WHERE name=?", ["a\udcffb"])] == [1]


def test_a_number_beyond_sqlites_is_nobodys_but_cannot_be_written(store):
    store.insert(Job())
    assert store.select(Job, "WHERE id=?", [1 << 70]) == []
    with pytest.raises(OverflowError):
        store.insert(Job(nice=1 << 70))
