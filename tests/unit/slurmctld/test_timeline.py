"""The cluster's future: running jobs end at their limits, pictures are made once."""

from slurm_mock.common.records import Reservation, Share
from slurm_mock.slurmctld.timeline import FAR, Timeline, ends, reserved, seconds
from tests.clusters.planned import NOW, ask, cluster, run


def future():
    here = cluster()
    run(here, ask("-t 10"), [Share("c1", 4), Share("c2", 8)])
    run(here, ask("-t 20"), [Share("c1", 4)])
    return here, Timeline(here)


def test_a_picture_holds_until_the_next_job_ends():
    here, timeline = future()
    assert timeline.ends() == {NOW + 600, NOW + 1200}
    assert timeline.at(NOW + 599)[0] is here
    picture, index = timeline.at(NOW + 600)
    assert picture is timeline.at(NOW + 1199)[0] and index == 1
    assert {name: use.cpus for name, use in picture.use.items()} == {"c1": 4}
    assert timeline.at(NOW + 1200)[0].use == {}


def test_looking_ahead_changes_nothing_now():
    here, timeline = future()
    timeline.at(NOW + 9999)
    assert {name: use.cpus for name, use in here.use.items()} == {"c1": 8, "c2": 8}
    assert len(here.active) == 2


def test_where_something_comes_free():
    here, timeline = future()
    timeline.at(NOW + 9999)
    assert timeline.freed_between(0, 1) == here.mask(["c1", "c2"])
    assert timeline.freed_between(1, 2) == here.mask(["c1"])
    assert timeline.freed_between(2, 2) == 0


def test_a_job_without_limit_never_ends():
    here = cluster()
    job = run(here, ask("-p all", time_limit=-1), [Share("c1", 1)])
    assert ends(here, job) >= FAR and seconds(job, here.parts["all"]) == FAR
    assert seconds(ask("", time_limit=None), here.parts["main"]) == 3600


def test_the_nodes_of_a_reservation():
    here = cluster()
    assert reserved(here, Reservation(name="r", nodes="c[1-2]")) == here.mask(["c1", "c2"])
    assert reserved(here, Reservation(name="s", nodes="")) == 0
