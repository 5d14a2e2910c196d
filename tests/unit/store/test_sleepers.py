"""Who waits for the cluster's clock."""

from slurm_mock.store import sleepers


def register(store, job_id, wake_at, taken=()):
    return sleepers.register(store, lambda number: number not in taken, job_id, wake_at, 100 + job_id)


def test_a_number_is_given_with_its_lock(store):
    assert register(store, 1, 5.0) == 1
    assert register(store, 1, 5.0, taken=(2, 3)) == 4
    assert register(store, 1, 5.0) == 5


def test_what_is_registered_is_told(store):
    assert sleepers.everybody(store) == []
    register(store, 1, 5.5)
    register(store, 2, None)
    register(store, sleepers.OUTSIDE, 7.0)
    assert sleepers.everybody(store) == [(1, 1), (2, 2), (3, sleepers.OUTSIDE)]
    assert sleepers.of_job(store, 1) == [(1, 5.5, 101)]
    assert sleepers.of_job(store, sleepers.OUTSIDE) == [(3, 7.0, 99)]


def test_forgotten_one_by_one_or_with_the_job(store):
    for job_id in (1, 1, 2, 3):
        register(store, job_id, 5.0)
    sleepers.forget(store, [1, 4])
    assert sleepers.everybody(store) == [(2, 1), (3, 2)]
    sleepers.forget_job(store, 1)
    assert sleepers.everybody(store) == [(3, 2)]


def test_waiting_for_something_else_than_the_clock(store):
    for job_id, wake_at in ((1, None), (1, 5.0), (2, None)):
        register(store, job_id, wake_at)
    assert sleepers.waiting(store, 1) == [1]


def test_due_are_jobs_whose_time_has_come(store):
    for job_id, wake_at in ((1, 4.0), (2, 5.0), (3, 5.5), (4, None), (sleepers.OUTSIDE, 4.0)):
        register(store, job_id, wake_at)
    assert sleepers.due(store, 5.0) == [1, 2]


def test_the_next_one_wakes_after_now(store):
    assert sleepers.next_wake(store, 0.0) is None
    for wake_at in (9.0, 5.0, None, 7.25):
        register(store, 1, wake_at)
    assert [sleepers.next_wake(store, now) for now in (4.0, 5.0, 9.0)] == [5.0, 7.25, None]
