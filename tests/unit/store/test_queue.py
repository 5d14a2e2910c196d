"""What the scheduler asks of the jobs that wait: each question against jobs entered by hand."""

import pytest

from slurm_mock.common.records import ACTIVE, ENDED, PENDING, PURGED, SIMULATED, Job
from slurm_mock.store import queue

NOW = 1000


def waiting(store, **fields):
    """A job that waits and may start, or what `fields` say; its id."""
    job = Job(**{**dict(priority=5, partition="main", name="a", uid=1, eligible_time=1), **fields})
    store.insert(job)
    return job.id


def ids(jobs):
    return [job.id for job in jobs]


def test_the_queue_is_read_by_priority_then_id_up_to_its_depth(store):
    made = [waiting(store, priority=priority) for priority in (5, 9, 5, 1)]
    first, second, third, last = made
    assert ids(queue.build_job_queue(store, NOW, 10)) == [second, first, third, last]
    assert ids(queue.build_job_queue(store, NOW, 2)) == [second, first]


@pytest.mark.parametrize("fields", [
    {"priority": 0}, {"begin_time": NOW + 1}, {"dependency": "afterok:1"}, {"het_id": 3},
    {"partition": "full"}, {"phase": ACTIVE}, {"phase": ENDED}, {"phase": PURGED}])
def test_a_job_that_cannot_start_is_not_read(store, fields):
    waiting(store, **fields)
    ready = waiting(store, begin_time=NOW)
    assert ids(queue.build_job_queue(store, NOW, 10, ["full", "full,main"])) == [ready]


def test_a_partition_list_that_was_seen_to_be_full_is_left_out_as_it_stands(store):
    both, full = waiting(store, partition="full,main"), waiting(store, partition="full")
    assert ids(queue.build_job_queue(store, NOW, 10, ["full"])) == [both]
    assert ids(queue.build_job_queue(store, NOW, 10, ["full,main"])) == [full]


def test_rivals_are_told_once_for_each_sort(store):
    job = store.job(waiting(store, priority=5))
    waiting(store, reason="Resources")
    waiting(store, reason="Resources", priority=6)
    waiting(store, reservation="course", begin_time=NOW)
    assert sorted(queue.rivals(store, job, NOW)) == [
        ("main", "None", True), ("main", "Resources", False)]


@pytest.mark.parametrize("fields", [{"priority": 4}, {"begin_time": NOW + 1}, {"dependency": "afterok:1"},
                                    {"phase": ACTIVE}])
def test_no_rival_is_who_comes_later_or_cannot_start(store, fields):
    job = store.job(waiting(store, priority=5))
    waiting(store, **fields)
    assert queue.rivals(store, job, NOW) == []


def test_dependents_by_priority_then_id(store):
    made = [waiting(store, priority=priority, dependency="afterok:1") for priority in (3, 7, 3, 0)]
    waiting(store)
    waiting(store, dependency="afterok:1", phase=ACTIVE)
    assert ids(queue.dependents(store)) == [made[1], made[0], made[2]]


def test_same_name_are_the_owners_other_jobs_that_wait_or_run(store):
    job = store.job(waiting(store))
    found = [waiting(store), waiting(store, phase=ACTIVE)]
    waiting(store, phase=ENDED)
    waiting(store, name="b")
    waiting(store, uid=2)
    assert sorted(ids(queue.same_name(store, job))) == found


def test_tasks_put_back_wait_for_a_time_and_have_a_limit(store):
    task = dict(array_id=1, array_task=4, array_limit=2, begin_time=NOW + 1)
    found = waiting(store, **task)
    for other in ({"array_task": None}, {"array_limit": 0}, {"begin_time": NOW}, {"priority": 0},
                  {"dependency": "afterok:1"}, {"phase": ACTIVE}):
        waiting(store, **{**task, **other})
    assert ids(queue.tasks_put_back(store, NOW)) == [found]


def test_running_tasks_are_those_of_the_array_that_hold_nodes(store):
    for fields in ({"array_id": 7, "phase": ACTIVE}, {"array_id": 7, "phase": ACTIVE},
                   {"array_id": 7}, {"array_id": 7, "phase": ENDED}, {"array_id": 8, "phase": ACTIVE}):
        waiting(store, **fields)
    assert queue.running_tasks(store, 7) == 2 and queue.running_tasks(store, 9) == 0


def test_waiting_components_by_priority_then_id(store):
    waiting(store)
    waiting(store, het_id=2, phase=ACTIVE)
    assert not queue.components_wait(store) and queue.waiting_components(store) == []
    made = [waiting(store, het_id=2, priority=priority) for priority in (0, 4, 4)]
    assert queue.components_wait(store)
    assert ids(queue.waiting_components(store)) == [made[1], made[2], made[0]]


def test_waiting_of_a_user_in_one_partition_by_id(store):
    found = [waiting(store, priority=1), waiting(store, priority=9)]
    for fields in ({"uid": 2}, {"partition": "main,short"}, {"priority": 0}, {"phase": ACTIVE}):
        waiting(store, **fields)
    assert ids(queue.waiting_of(store, 1, "main")) == found


def test_computed_priorities_are_those_that_nobody_gave(store):
    found = waiting(store)
    for fields in ({"priority": 0}, {"direct_priority": 1}, {"phase": ACTIVE}):
        waiting(store, **fields)
    assert ids(queue.computed(store)) == [found]


def test_eligible_by_id(store):
    found = [waiting(store, begin_time=NOW), waiting(store, priority=9)]
    for fields in ({"priority": 0}, {"eligible_time": 0}, {"begin_time": NOW + 1}, {"phase": ACTIVE}):
        waiting(store, **fields)
    assert ids(queue.eligible(store, NOW)) == found


def test_counts_tell_simulated_jobs_apart(store):
    for kind, phase in ((SIMULATED, PENDING), ("batch", PENDING), ("alloc", PENDING),
                        (SIMULATED, ACTIVE), ("batch", ENDED)):
        waiting(store, kind=kind, phase=phase)
    assert queue.counts(store) == {(True, PENDING): 1, (False, PENDING): 2, (True, ACTIVE): 1}


@pytest.mark.parametrize("ask, index", [
    (lambda store: queue.dependents(store), "jobs_dependent"),
    (lambda store: queue.tasks_put_back(store, NOW), "jobs_begin"),
    (lambda store: queue.build_job_queue(store, NOW, 5, ["full"]), "jobs_queue"),
    (lambda store: queue.running_tasks(store, 7), "jobs_array")])
def test_the_queue_is_not_read_whole(store, ask, index):
    asked = []
    store.db.set_trace_callback(asked.append)
    ask(store)
    store.db.set_trace_callback(None)
    plans = [plan for *_, plan in store.db.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert f"SEARCH jobs USING INDEX {index}" in plans[0]
