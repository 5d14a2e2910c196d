"""Other people's jobs come into a cluster: at its opening, and as time passes."""

import pytest

from slurm_mock.common.records import ACTIVE, SIMULATED, Reservation
from slurm_mock.slurmctld import other_users
from slurm_mock.slurmdbd import register
from tests.clusters.reading import NOW, Tiny

LOAD = """\
Seed=4
ArrivalsPerDay=2000
User=bob Uid=1001 Account=lab
Node=n6 State=DOWN Reason=fan By=root Since=1:00:00
Reservation=course Nodes=n5 Users=bob Accounts=lab For=2:00:00
Running=n[1-2] User=bob Name=ising Partition=main TimeLimit=2:00:00 Elapsed=0:10:00 Runs=1:00:00 Cpus=4 Mem=1000
Waiting=later User=bob Partition=main Nodes=1 Cpus=1 Mem=100 TimeLimit=1:00:00 Since=0:05:00 Runs=0:30:00
Waiting=never User=bob Partition=main Nodes=1 Cpus=1 Mem=900000 TimeLimit=1:00:00 Since=0:05:00 Runs=0:30:00
Arrival=1 Name=test User=bob Partition=main Nodes=1 Cpus=1 Mem=100 TimeLimit=0:10:00 Runs=50
"""


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd")
    with tiny.store:
        register.save(tiny.store, register.fresh({"ClusterName": "tiny"}, NOW))
    (tmp_path / "load.conf").write_text(LOAD)
    tiny.store.set_meta("load_conf", str(tmp_path / "load.conf"))
    other_users.open_with_load(tiny.controller(admin=True), str(tmp_path / "load.conf"))
    return tiny


def test_the_opening(tiny):
    jobs = {job.name: job for job in tiny.store.jobs()}
    assert set(jobs) == {"ising", "later"}                   # what the cluster cannot take is one job less
    ising, later = jobs["ising"], jobs["later"]
    assert (ising.phase, ising.kind, ising.nodelist, ising.start_time, ising.sim_seconds) == (ACTIVE, SIMULATED, "n[1-2]", NOW - 600, 3600)
    assert (later.state, later.submit_time, later.eligible_time, later.sim_seconds) == ("PENDING", NOW - 300, NOW - 300, 1800)
    node = tiny.controller().cluster().nodes["n6"]
    assert (node.state, node.reason, node.reason_user, node.reason_time) == ("DOWN", "fan", "root", NOW - 3600)
    (res,) = tiny.store.select(Reservation)
    assert (res.name, res.nodes, res.end_time) == ("course", "n5", NOW + 7200)


def test_owners_are_enrolled_and_charged(tiny):
    book = tiny.controller().book()
    assert book.default_account("bob") == "lab"
    assert {job.assoc_id for job in tiny.store.jobs()} == {book.find("bob").id}


def test_jobs_arrive_and_end_as_time_passes(tiny):
    due = tiny.store.meta("load_next")
    assert due > NOW and tiny.store.meta("load_count") == 0
    tiny.pass_time(due - NOW)
    assert tiny.store.meta("load_count") == 1 and tiny.store.meta("load_next") > due
    (arrived,) = [job for job in tiny.store.jobs() if job.name == "test"]
    assert (arrived.user, arrived.submit_time, arrived.account) == ("bob", due, "lab")
    tiny.pass_time(3600)
    assert tiny.store.meta("load_count") > 20 and tiny.store.job(arrived.id).phase >= 2
