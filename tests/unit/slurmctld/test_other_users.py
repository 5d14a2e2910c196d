"""Other people's jobs come into a cluster: as it opens, and one after the other.  (What a line says:
slurm_mock/conf/load_conf.py; chance is test_load.py's.)"""

import pytest

from slurm_mock.common.records import ACTIVE, PENDING, SIMULATED
from slurm_mock.slurmctld import other_users
from tests.clusters.reading import NOW, Tiny

LOAD = """\
Seed=1
ArrivalsPerDay=200
WorkDir=/home/%u
User=asp Uid=41001 Account=physics
User=lav Uid=41002 Account=biology
Running=n[1-2] User=asp Name=ising Partition=main TimeLimit=12:00:00 Elapsed=1:00:00 Runs=2:00:00 Waited=00:05:00 Cpus=8 Mem=8000
Waiting=heat User=lav Partition=main Nodes=6 Cpus=8 Mem=8000 TimeLimit=1:00:00 Since=00:20:00 Runs=1:00:00
Arrival=1 Name=try User=lav Partition=main Nodes=1 Cpus=1 Mem=500 TimeLimit=1:00:00 Runs=5-70
Node=n6 State=DOWN Flags=NO_RESPOND Reason=power Since=00:10:00 By=root
"""


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s")
    (tmp_path / "load.conf").write_text(LOAD)
    tiny.store.set_meta("load_conf", str(tmp_path / "load.conf"))
    return tiny


@pytest.fixture
def ctl(tiny):
    ctl = tiny.controller(admin=True)
    other_users.open_with_load(ctl, tiny.store.meta("load_conf"))
    return ctl


def test_the_opening_state(tiny, ctl):
    runs, waits = tiny.store.jobs(ACTIVE), tiny.store.jobs(PENDING)
    assert [(job.user, job.name, job.nodelist, job.start_time, job.kind) for job in runs] == [
        ("asp", "ising", "n[1-2]", NOW - 3600, SIMULATED)]
    assert [(job.user, job.uid, job.account, job.submit_time, job.num_nodes) for job in waits] == [
        ("lav", 41002, "biology", NOW - 1200, 6)]
    assert [job.id for job in (*runs, *waits)] == [1, 2], "who came first has the lower id"
    node = ctl.cluster().nodes["n6"]
    assert (node.state, node.flags, node.reason, node.reason_time) == ("DOWN", "NO_RESPOND", "power", NOW - 600)


def test_the_owners_may_charge_their_accounts(tiny, ctl):
    book = ctl.book()
    assert (book.default_account("asp"), book.default_account("lav")) == ("physics", "biology")
    assert book.find("asp", "biology") is None


def test_arrivals_come_when_they_are_due_and_set_the_next(tiny, ctl):
    due = tiny.store.meta("load_next")
    assert due > NOW and tiny.store.meta("load_count") == 0
    tiny.pass_time(due - NOW - 1)
    assert len(tiny.store.named(3)) == 0
    tiny.pass_time(1)
    job = tiny.store.job(3)
    assert (job.user, job.name, job.submit_time, job.kind) == ("lav", "try", due, SIMULATED)
    assert tiny.store.meta("load_count") == 1 and tiny.store.meta("load_next") > due


def test_all_that_came_meanwhile_is_caught_up_with(tiny, ctl):
    tiny.pass_time(2 * 3600)
    count, due = tiny.store.meta("load_count"), tiny.store.meta("load_next")
    assert count > 3 and due > NOW + 2 * 3600
    submitted = [tiny.store.job(3 + n) for n in range(count)]
    times = [job.submit_time for job in submitted if job]
    assert times == sorted(times) and all(job.id == 3 + n for n, job in enumerate(submitted) if job)


def test_a_job_that_the_cluster_cannot_take_is_one_less(tiny, ctl):
    job = tiny.store.jobs(PENDING)[0].copy(id=None, partition="nosuch")
    other_users.add(ctl, job)
    assert len(tiny.store.jobs(PENDING)) == 1
    other_users.add(ctl, job.copy(partition="main", submit_time=NOW - 5))
    assert [(one.id, one.submit_time) for one in tiny.store.jobs(PENDING)][1:] == [(3, NOW - 5)]
