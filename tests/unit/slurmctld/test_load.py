"""Other people's jobs: what load.conf says is read, and chance repeats itself."""

import marshal

import pytest

from slurm_mock.common.records import ACTIVE, SIMULATED, unpack_alloc
from slurm_mock.conf.read_config import ConfError
from slurm_mock.site import clusters
from slurm_mock.slurmctld import load
from tests.clusters.bundled import NOW, opened, profile_of

# ---- load.conf ----------------------------------------------------------------

def write(tmp_path, text):
    path = tmp_path / "load.conf"
    path.write_text(text)
    return str(path)


GOOD = "Seed=1\nArrivalsPerDay=10\nUser=asp Uid=7 Account=a\n"


@pytest.mark.parametrize("line, says", [
    ("Planet=mars", "load.conf:4: Planet: a line begins with one of seed,"),
    ("User=lav Uid=x Account=a", "load.conf:4: Uid='x' cannot be read"),
    ("User=lav Uid=7", "load.conf:4: User needs account="),
    ("Running=n[1-2 User=asp", "load.conf:4: Running='n[1-2' cannot be read"),
    ("User=lav Uid=7 Account=a Shoe=44", "load.conf:4: Shoe: this line takes user, uid, account"),
    ("Waiting=x User=eve Partition=p Nodes=1 TimeLimit=1:00 Since=0 Runs=1", "no User line for eve"),
    ("Seed=", "Seed='' cannot be read"),
    ("ArrivalsPerDay=0", "ArrivalsPerDay='0' cannot be read"),
    ("Arrival=1 Runs=10-120", "Runs='10-120' cannot be read"),
    ("Arrival=1 Array=0-3,7-4", "Array='0-3,7-4' cannot be read"),
    ("Arrival=1 Nodes=1,0", "Nodes='1,0' cannot be read"),
    ("Arrival=1 Gres=gpu", "Gres='gpu' cannot be read"),
])
def test_a_bad_line_is_named(tmp_path, line, says):
    with pytest.raises(ConfError) as error:
        load.read(write(tmp_path, GOOD + line + "\n"))
    assert says in str(error.value)


def test_seed_is_needed(tmp_path):
    with pytest.raises(ConfError, match="seed= is missing"):
        load.read(write(tmp_path, "ArrivalsPerDay=1\n"))


def test_no_such_file(tmp_path):
    with pytest.raises(ConfError, match="No such file"):
        load.read(str(tmp_path / "load.conf"))


@pytest.mark.parametrize("line, says", [
    ("Running=n9 User=asp Name=x Partition=batch TimeLimit=60 Elapsed=1 Runs=9", "node n9"),
    ("Running=n1 User=asp Name=x Partition=batch TimeLimit=60 Elapsed=1 Runs=9 Gres=gpu:1", "which has none"),
    ("Waiting=x User=asp Partition=moon Nodes=1 TimeLimit=60 Since=0 Runs=9", "partition moon"),
])
def test_opening_names_only_what_the_cluster_has(tmp_path, line, says):
    cluster, _ = opened("small")
    profile = load.read(write(tmp_path, GOOD + line + "\n"))
    with pytest.raises(ConfError, match=says):
        load.opening(profile, cluster.nodes, cluster.parts, NOW)


@pytest.mark.parametrize("name", clusters.names())
def test_a_profile_can_be_kept(name):
    profile = profile_of(name)
    assert marshal.loads(marshal.dumps(profile, 4)) == profile


# ---- jobs ----------------------------------------------------------------------

def test_a_running_job_of_the_opening():
    _, opening = opened("tegner")
    job = next(job for job in opening.jobs if job.name == "train_unet")
    assert (job.phase, job.state, job.kind) == (ACTIVE, "RUNNING", SIMULATED)
    assert (job.nodelist, job.batch_host, job.num_nodes, job.num_cpus) == ("t03n02", "t03n02", 1, 24)
    assert job.start_time == NOW - (17 * 3600 + 20 * 60 + 33)
    assert job.submit_time == job.start_time - (3 * 3600 + 12 * 60)
    assert job.time_limit == 24 * 60 and job.end_time == job.start_time + 86400
    share, = unpack_alloc(job.alloc)
    assert (share.cpus, share.mem, share.gres) == (24, 515000, {"gpu:K80": [0, 1]})


def test_opening_is_in_order_of_submission():
    _, opening = opened("dardel")
    times = [job.submit_time for job in opening.jobs]
    assert times == sorted(times) and all(job.id is None for job in opening.jobs)


def test_a_waiting_array_of_the_opening():
    _, opening = opened("tegner")
    job = next(job for job in opening.jobs if job.name == "les_pipe" and job.phase != ACTIVE)
    assert (job.array_tasks, job.array_limit, job.array_count) == ("0-7%2", 2, 8)
    assert (job.array_min, job.array_max) == (0, 7)
    assert job.std_out == "/cfs/klemming/nobackup/g/gran/les_pipe/slurm-%A_%a.out"


def test_chance_repeats_itself():
    profile = profile_of("tegner")
    first = [load.arrival(profile, n, NOW) for n in range(50)]
    again = [load.arrival(profile, n, NOW) for n in range(50)]
    assert [(gap, job.row()) for gap, job in first] == [(gap, job.row()) for gap, job in again]
    assert len({gap for gap, _ in first}) > 40
    other = dict(profile, seed=profile["seed"] + 1)
    assert [load.arrival(other, n, NOW)[0] for n in range(50)] != [gap for gap, _ in first]


@pytest.mark.parametrize("name", clusters.names())
def test_arrivals_fit_the_cluster_and_vary(name):
    cluster, _ = opened(name)
    profile = profile_of(name)
    jobs = [load.arrival(profile, n, NOW)[1] for n in range(2000)]
    for job in jobs:
        part = cluster.parts[job.partition]
        fits = [n for n in part.node_names
                if cluster.nodes[n].cpus * job.num_nodes >= job.num_cpus
                and cluster.nodes[n].memory >= (job.mem_per_node or 0)
                and cluster.nodes[n].gres.startswith(job.gres.rpartition(":")[0])]
        assert job.min_nodes <= len(fits)
        assert part.max_time is None or job.time_limit <= part.max_time
        assert job.id is None and job.sim_seconds > 0 and job.uid > 1000
    assert {job.partition for job in jobs} == set(cluster.parts)
    assert {job.user for job in jobs} == set(profile["user"])
    assert any(job.array_tasks for job in jobs)
    assert 0.02 < sum(job.exit_code != 0 for job in jobs) / len(jobs) < 0.2
    assert 0.01 < sum(job.sim_seconds > job.time_limit * 60 for job in jobs) / len(jobs) < 0.1


def test_fewer_arrivals_by_night_and_at_weekends():
    profile = dict(profile_of("tegner"), quiethours=0.5)
    tuesday, hour = 1_540_252_800, 3600           # 2018-10-23 00:00 UTC
    def mean(when):
        return sum(load.arrival(profile, n, when)[0] for n in range(2000)) / 2000
    assert mean(tuesday + 3 * hour) > 1.5 * mean(tuesday + 12 * hour)
    assert mean(tuesday + 4 * 86400 + 12 * hour) > 1.5 * mean(tuesday + 12 * hour)
