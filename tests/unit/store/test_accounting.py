"""What accounting keeps of jobs, and asks of them."""

import pytest

from slurm_mock.common.records import ACTIVE, ENDED, PENDING, PURGED, Job, Step
from slurm_mock.common.slurmdb import Transaction
from slurm_mock.store import accounting

PHASES = (PENDING, ACTIVE, ENDED, PURGED)


def job(store, **fields):
    """A job entered as it is; its id."""
    one = Job(**fields)
    store.insert(one)
    return one.id


def ids(jobs):
    return sorted(one.id for one in jobs)


def test_purge_tells_the_earliest_end_of_those_that_stay(store):
    for end, phase in ((100, ENDED), (200, ENDED), (300, ENDED), (50, ACTIVE), (60, PURGED)):
        job(store, phase=phase, end_time=end)
    assert accounting.purge(store, 200) == 200
    assert [one.phase for one in map(store.job, range(1, 6))] == [PURGED, ENDED, ENDED, ACTIVE, PURGED]
    assert accounting.purge(store, 900) is None


def test_earlier_runs_are_kept_with_their_steps_the_oldest_first(store):
    for number in (2, 1):
        store.insert(Job(id=number, name=f"run {number}"))
        store.insert(Step(job_id=number, step_id=0, name=f"step {number}"))
    for number in (2, 1):
        accounting.keep_run(store, store.job(number))
        assert store.steps(number) == []
    assert len(store.steps()) == 0
    store.insert(Step(job_id=2, step_id=0, name="again"))
    accounting.keep_run(store, store.job(2).copy(name="third"))
    assert [(one.id, one.name, [step.name for step in steps])
            for one, steps in accounting.earlier_runs(store)] == [
        (2, "run 2", ["step 2"]), (1, "run 1", ["step 1"]), (2, "third", ["again"])]


def test_transactions_in_the_order_in_which_they_were(store):
    for action in ("Add", "Modify"):
        store.insert(Transaction(action=action))
    store.insert(Transaction(id=-1, action="Zero"))
    assert [one.action for one in accounting.transactions(store)] == ["Zero", "Add", "Modify"]


def test_jobs_that_may_have_run_in_a_period(store):
    found = [job(store, phase=ACTIVE, start_time=199), job(store, phase=ENDED, start_time=50, end_time=101),
             job(store, phase=PURGED, start_time=150, end_time=160)]
    job(store, phase=PENDING)
    job(store, phase=ACTIVE, start_time=200)
    job(store, phase=ENDED, start_time=50, end_time=100)
    job(store, phase=ENDED, start_time=0, end_time=150)
    assert ids(accounting.ran_between(store, 100, 200)) == found


def test_jobs_that_ran_since(store):
    found = [job(store, phase=ACTIVE, start_time=5), job(store, phase=ENDED, start_time=5, end_time=101),
             job(store, phase=PURGED, start_time=5, end_time=300)]
    job(store, phase=PENDING, end_time=300, start_time=5)
    job(store, phase=ENDED, start_time=5, end_time=100)
    job(store, phase=ENDED, start_time=0, end_time=200)
    assert [one.id for one in accounting.ran_since(store, 100)] == found


def test_jobs_known_since(store):
    found = [job(store, phase=PENDING), job(store, phase=ACTIVE), job(store, phase=ENDED, end_time=100),
             job(store, phase=PURGED, end_time=200)]
    job(store, phase=ENDED, end_time=99)
    job(store, phase=PURGED, end_time=99)
    assert ids(accounting.known_since(store, 100)) == found


def test_numbered_in_every_phase(store):
    for phase in PHASES:
        job(store, phase=phase)
    store.insert(Job(id=20, array_id=7))
    store.insert(Job(id=21, het_id=7, phase=PURGED))
    store.insert(Job(id=7))
    store.insert(Job(id=22, array_id=8, het_id=0))
    assert ids(accounting.numbered(store, [7])) == [7, 20, 21]
    assert ids(accounting.numbered(store, [1, 8, 4])) == [1, 4, 22]
    assert ids(accounting.numbered(store, [99])) == []


def test_no_number_is_that_of_all_that_are_no_components(store):
    store.insert(Job(id=5, array_id=3, het_id=0))
    assert ids(accounting.numbered(store, [0])) == []


def test_the_first_start(store):
    assert accounting.first_start(store) is None
    for start in (0, 70, 30, 50):
        job(store, start_time=start)
    assert accounting.first_start(store) == 30


@pytest.mark.parametrize("what, yes, noes", [
    ("submitted", dict(submit_time=100), [{"submit_time": 99}]),
    ("started", dict(start_time=100), [{"start_time": 99}]),
    ("completed", dict(phase=ENDED, state="COMPLETED", end_time=100),
     [{"end_time": 99}, {"phase": ACTIVE}, {"state": "FAILED"}]),
    ("canceled", dict(phase=ENDED, state="CANCELLED", end_time=100), [{"phase": ACTIVE}]),
    ("canceled", dict(phase=PURGED, state="CANCELLED", end_time=100),
     [{"end_time": 99}, {"phase": ACTIVE}, {"state": "FAILED"}]),
    ("failed", dict(phase=ENDED, state="TIMEOUT", end_time=100),
     [{"end_time": 99}, {"phase": ACTIVE}, {"state": "CANCELLED"}]),
    ("failed", dict(phase=ENDED, state="NODE_FAIL", end_time=100), [{"state": "DEADLINE"}]),
    ("failed", dict(phase=ENDED, state="FAILED", end_time=100), [{"state": "COMPLETED"}]),
    ("pending", dict(phase=PENDING), [{"phase": ACTIVE}, {"phase": ENDED}]),
    ("running", dict(phase=ACTIVE, state="RUNNING"), [{"phase": ENDED}, {"state": "SUSPENDED"}]),
])
def test_counts(store, what, yes, noes):
    for fields in noes:
        job(store, **{"phase": PURGED, **yes, **fields})
    before = accounting.counts(store, 100)[what]
    job(store, **{"phase": PURGED, **yes})
    assert before == 0 and accounting.counts(store, 100)[what] == 1


def test_submitted_counts_tasks_of_what_waits_and_runs(store):
    mine = dict(qos="tight", user="ada", assoc_id=4)
    for phase in PHASES:
        job(store, phase=phase, **mine)
    job(store, array_tasks="1-3,7", **mine)
    job(store, phase=ENDED, array_tasks="1-3", **mine)
    for fields in ({"qos": "loose"}, {"user": "bob"}, {"assoc_id": 5}):
        job(store, **{**mine, **fields})
    assert accounting.submitted(store, {"qos": "tight", "user": "ada", "assoc_id": [4]}) == 6
    assert accounting.submitted(store, {"assoc_id": [4, 5]}) == 9
    assert accounting.submitted(store, {"user": "carol"}) == 0


def test_what_jobs_name(store):
    for fields in (dict(qos="a", assoc_id=1, user="ada", uid=5), dict(qos="b", assoc_id=2, user="bob", uid=6),
                   dict(qos="a", assoc_id=2, user="ada", uid=5, phase=PURGED)):
        job(store, **fields)
    assert accounting.qos(store) == {"a", "b"}
    assert accounting.associations(store) == {1, 2}
    assert accounting.uids(store) == {"ada": 5, "bob": 6}
