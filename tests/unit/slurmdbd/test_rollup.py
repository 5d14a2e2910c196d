"""reports: sums over jobs, by hand."""

from slurm_mock.common.records import ENDED, Job
from slurm_mock.slurmdbd import rollup
from slurm_mock.slurmdbd.assoc_tree import add_account, add_user
from slurm_mock.slurmdbd.register import fresh


def job(assoc_id, start, end, cpus, **more):
    return Job(id=1, phase=ENDED, state="COMPLETED", start_time=start, end_time=end, num_cpus=cpus,
               assoc_id=assoc_id, alloc_tres=f"cpu={cpus},mem={cpus * 100}M,node=1", **more)


def test_only_the_part_of_a_job_that_lies_in_the_period_counts():
    used = rollup.by_association([job(5, 1000, 1100, 4), job(5, 1150, 1300, 2), job(0, 1000, 1100, 8)], 1050, 1200,
                                  lambda j: j.alloc_tres)
    assert used == {5: {"cpu": 50 * 4 + 50 * 2, "mem": 50 * 400 + 50 * 200, "node": 100}}


def test_accounts_get_what_is_used_below_them():
    book = fresh({"ClusterName": "c"}, 1)
    add_account(book, "top", "root", 1)
    add_account(book, "low", "top", 1)
    high, low = add_user(book, "ada", "top", 1).id, add_user(book, "ada", "low", 1).id
    total = rollup.with_parents(book, {high: {"cpu": 10}, low: {"cpu": 5}})
    named = {book.by_id(i).account + "/" + book.by_id(i).user: n["cpu"] for i, n in total.items()}
    assert named == {"top/ada": 10, "low/ada": 5, "low/": 5, "top/": 15, "root/": 15}


def test_sizes_put_a_job_into_the_group_of_its_cpus():
    found = rollup.sizes([job(1, 1000, 1010, n) for n in (1, 49, 50, 1000)], 1000, 1010, [50, 250, 1000])
    assert [(place, seconds) for _, place, seconds in found] == [(0, 10), (0, 490), (1, 500), (3, 10000)]


def test_groups_that_odd_bounds_make():
    """As real sreport heads its columns."""
    most = 4294967295
    assert rollup.groups([0]) == [(0, most)] and rollup.groups([1]) == [(0, 0), (1, most)]
    assert rollup.groups([5, 0, 9]) == [(0, 4), (5, most), (0, 8), (9, most)]
    assert rollup.groups([10, 5]) == [(0, 9), (10, 4), (5, most)] and rollup.groups([5, 0]) == [(0, 4), (5, most)]


def test_utilization_adds_up_to_what_was_there():
    told = rollup.utilization({"cpu": 10}, {"cpu": 300}, {"cpu": 50}, 100, 200)["cpu"]
    assert told == {"allocated": 300, "down": 50, "idle": 650, "reported": 1000}


def test_a_period_begins_and_ends_at_the_nearest_hour():
    import time
    hour = 1_000_000 * 3600
    assert rollup.rounded(hour + 29 * 60 + 29, 0, time.gmtime) % 3600 == 0
    early, late = (rollup.rounded(hour + m * 60, 0, time.localtime) for m in (29, 30))
    assert late - early == 3600
    assert rollup.rounded(None, 7, time.localtime) == 7
