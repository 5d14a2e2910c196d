"""What time brings: the next moment, and who is due at one, of jobs entered by hand."""

import pytest

from slurm_mock.common.records import (ACTIVE, ALLOC, BATCH, ENDED, PENDING, SIMULATED, Job,
                                       Reservation)
from slurm_mock.store import moments

NOW = 1000


def running(store, **fields):
    """A batch job that runs, or what `fields` say; its id."""
    job = Job(**{**dict(phase=ACTIVE, state="RUNNING", kind=BATCH), **fields})
    store.insert(job)
    return job.id


def pending(store, **fields):
    return running(store, **{**dict(phase=PENDING, state="PENDING"), **fields})


def ids(jobs):
    return [job.id for job in jobs]


# Each makes 1007 the next moment.
COMES = [
    dict(kind=SIMULATED, start_time=1000, sim_seconds=7),
    dict(end_time=1000, over_time=7),
    dict(kind=ALLOC, end_time=1007),
    dict(warn_time=1007), dict(mail_time=1007),
    dict(state="COMPLETING", kill_time=1007),
    dict(phase=PENDING, begin_time=1007), dict(phase=PENDING, deadline=1007),
]
# Nothing of these comes by itself.
NEVER = [
    dict(state="SUSPENDED", end_time=1007), dict(end_time=0, over_time=1007),
    dict(kind=SIMULATED, end_time=1007, start_time=1 << 40, sim_seconds=0),
    dict(state="SUSPENDED", warn_time=1007), dict(state="SUSPENDED", mail_time=1007),
    dict(kill_time=1007), dict(kill_time=0, state="COMPLETING"),
    dict(phase=ENDED, state="COMPLETED", end_time=1007, warn_time=1007, mail_time=1007),
    dict(phase=ENDED, state="COMPLETING", kill_time=1007),
    dict(begin_time=1007, deadline=1007),
    dict(phase=PENDING, begin_time=0, deadline=0, end_time=1007, warn_time=1007),
]


@pytest.mark.parametrize("fields", COMES)
def test_the_next_moment_is_the_first_that_comes(store, fields):
    assert moments.next_moment(store, NOW) is None
    running(store, **fields)
    assert moments.next_moment(store, NOW) == 1007
    for other in COMES:
        running(store, **{key: value + 5 if value in (7, 1007) else value
                          for key, value in other.items()})
    for other in NEVER:
        running(store, **other)
    assert moments.next_moment(store, NOW) == 1007


@pytest.mark.parametrize("fields", NEVER)
def test_what_does_not_come_by_itself(store, fields):
    running(store, **fields)
    assert moments.next_moment(store, NOW) in (None, 1 << 40)


def test_what_is_overdue_still_comes_but_who_may_begin_does_so_once(store):
    pending(store, begin_time=NOW)
    assert moments.next_moment(store, NOW) is None
    pending(store, begin_time=NOW + 1)
    assert moments.next_moment(store, NOW) == NOW + 1
    running(store, warn_time=NOW - 5)
    assert moments.next_moment(store, NOW) == NOW - 5
    pending(store, deadline=NOW - 6)
    assert moments.next_moment(store, NOW) == NOW - 6


def test_reservations_begin_and_end(store):
    store.insert(Reservation(name="r", start_time=NOW, end_time=NOW + 9))
    store.insert(Reservation(name="later", start_time=NOW + 10, end_time=NOW + 20))
    assert moments.next_moment(store, NOW - 1) == NOW
    assert moments.next_moment(store, NOW) == NOW + 9
    assert [moments.next_moment(store, NOW + n) for n in (9, 10, 20)] == [NOW + 10, NOW + 20, None]


def test_minutes_after_another_jobs_start_are_looked_at_every_minute(store):
    pending(store, dependency="afterok:1(unfulfilled)")
    pending(store, dependency="after:1(unfulfilled)")
    running(store, dependency="after:1+5(unfulfilled)")
    assert moments.next_moment(store, 600) is None
    pending(store, dependency="afterok:2,after:1+5(unfulfilled)")
    assert [moments.next_moment(store, done) for done in (-3, 0, 599, 600)] == [60, 60, 600, 660]


# ---- due ----------------------------------------------------------------------

@pytest.mark.parametrize("due, fields, others", [
    (moments.simulated_ends, dict(kind=SIMULATED, start_time=900, sim_seconds=100), [
        {"kind": BATCH}, {"sim_seconds": 101}, {"phase": ENDED}]),
    (moments.warnings, dict(warn_time=NOW), [
        {"warn_time": 0}, {"warn_time": NOW + 1}, {"state": "SUSPENDED"}, {"phase": ENDED}]),
    (moments.mails, dict(mail_time=NOW), [
        {"mail_time": 0}, {"mail_time": NOW + 1}, {"state": "SUSPENDED"}, {"phase": ENDED}]),
    (moments.over_limit, dict(end_time=900, over_time=100), [
        {"kind": SIMULATED}, {"end_time": 0}, {"over_time": 101}, {"state": "SUSPENDED"}, {"phase": ENDED}]),
    (moments.to_kill, dict(state="COMPLETING", kill_time=NOW), [
        {"state": "RUNNING"}, {"kill_time": 0}, {"kill_time": NOW + 1}, {"phase": ENDED}]),
    (moments.deadlines, dict(phase=PENDING, state="PENDING", deadline=NOW), [
        {"deadline": 0}, {"deadline": NOW + 1}, {"phase": ACTIVE}]),
])
def test_who_is_due(store, due, fields, others):
    for other in others:
        running(store, **{**fields, **other})
    assert due(store, NOW) == []
    found = [running(store, priority=1, **fields), running(store, priority=1, **fields)]
    assert ids(due(store, NOW)) == found


@pytest.mark.parametrize("due, fields", [
    (moments.simulated_ends, dict(kind=SIMULATED, start_time=900, sim_seconds=100)),
    (moments.over_limit, dict(end_time=900, over_time=100))])
def test_ends_come_by_id_whatever_the_priority(store, due, fields):
    found = [running(store, priority=priority, **fields) for priority in (1, 9, 5)]
    assert ids(due(store, NOW)) == found


def test_deadlines_come_by_priority_then_id(store):
    made = [pending(store, priority=priority, deadline=NOW) for priority in (1, 9, 1)]
    assert ids(moments.deadlines(store, NOW)) == [made[1], made[0], made[2]]


# ---- owners ---------------------------------------------------------------------

def test_unlaunched_are_batch_jobs_without_a_supervisor_by_id(store):
    found = [running(store, priority=1), running(store, state="COMPLETING", priority=9)]
    for fields in ({"launched": 1}, {"kind": ALLOC}, {"kind": SIMULATED}, {"state": "SUSPENDED"},
                   {"phase": PENDING}):
        running(store, **fields)
    assert moments.unlaunched(store) == found
    assert moments.unlaunched(store, 1) == found[:1]


def test_owned_are_launched_batch_jobs_and_allocations(store):
    found = [running(store, launched=1), running(store, kind=ALLOC),
             running(store, kind=ALLOC, launched=1), running(store, launched=1, het_offset=0)]
    for fields in ({}, {"launched": 1, "kind": SIMULATED}, {"launched": 1, "het_offset": 1},
                   {"launched": 1, "phase": ENDED}, {"kind": ALLOC, "phase": PENDING}):
        running(store, **fields)
    assert sorted(moments.owned(store)) == found


def test_with_processes_are_real_jobs_and_leaders(store):
    found = [running(store), running(store, kind=ALLOC), running(store, het_offset=0)]
    for fields in ({"kind": SIMULATED}, {"het_offset": 1}, {"phase": ENDED}):
        running(store, **fields)
    assert sorted(ids(moments.with_processes(store))) == found


def test_of_the_waiting_jobs_only_those_are_read_for_which_time_matters(store):
    asked = []
    store.db.set_trace_callback(asked.append)
    moments.next_moment(store, NOW)
    moments.deadlines(store, NOW)
    store.db.set_trace_callback(None)
    plans = [plan for statement in asked for *_, plan in store.db.execute(f"EXPLAIN QUERY PLAN {statement}")
             if " jobs " in plan]
    used = [plan.partition("INDEX ")[2].partition(" ")[0] for plan in plans]
    assert used == ["jobs_queue", "jobs_begin", "jobs_deadline", "jobs_dependent", "jobs_deadline"]
