"""load.conf: how a bundled cluster opens, read line by line (its words: conf/load_conf.py)."""

import pytest

from slurm_mock.common.records import Node
from slurm_mock.conf.load_conf import check, read
from slurm_mock.conf.read_config import ConfError

HEAD = "Seed=4\nArrivalsPerDay=80\nUser=asp Uid=41001 Account=physics\n"
RUNNING = "Running=n[3-4] User=asp Name=ising Partition=batch TimeLimit=12:00:00 Elapsed=3:20:10 Runs=9:30:00"


@pytest.fixture
def load(tmp_path):
    """A function of the lines behind HEAD -> profile."""
    def run(text="", head=HEAD):
        (tmp_path / "load.conf").write_text(head + text)
        return read(str(tmp_path / "load.conf"))
    return run


def test_the_head(load):
    profile = load()
    assert (profile["seed"], profile["arrivalsperday"], profile["quiethours"], profile["workdir"]) == (
        4, 80.0, 1.0, "/home/%u")
    assert profile["user"] == {"asp": {"user": "asp", "uid": 41001, "account": "physics"}}
    assert load("WorkDir=/cfs/%i/%u\nQuietHours=0.2\n")["workdir"] == "/cfs/%i/%u"


def test_a_running_job(load):
    (job,) = load(RUNNING + " Cpus=4 Mem=7G Gres=gpu:k80:2\n")["running"]
    assert job["running"] == ["n3", "n4"] and job["elapsed"] == 12010 and job["timelimit"] == 43200
    assert (job["cpus"], job["mem"], job["gres"]) == (4, 7168, "gpu:k80:2")


def test_a_waiting_job_and_a_reservation(load):
    profile = load("Waiting=phylo User=asp Partition=batch Nodes=1 TimeLimit=3:00:00 Since=7:40:10 Runs=1:50:00 "
                   "Array=0-4%2 Dependency=singleton\nReservation=course Nodes=n[1-2] For=2:00:00 Users=asp\n"
                   "Node=n7 State=DOWN Reason=fan Since=1-0\n")
    assert (profile["waiting"][0]["array"], profile["waiting"][0]["since"]) == ("0-4%2", 27610)
    assert profile["reservation"][0]["nodes"] == ["n1", "n2"] and profile["reservation"][0]["for"] == 7200
    assert profile["node"][0]["node"] == ["n7"] and profile["node"][0]["since"] == 86400


def test_an_arrival_has_lists(load):
    (kind,) = load("Arrival=20 Name=a,b User=asp,asp Partition=batch Nodes=1,1,2 Cpus=4 TimeLimit=1:00:00,4:00:00 "
                   "Runs=15-95 Fails=6 Array=0-9%3,1-5\n")["arrival"]
    assert (kind["arrival"], kind["nodes"], kind["timelimit"], kind["runs"]) == (20, [1, 1, 2], [3600, 14400], (15, 95))
    assert kind["array"] == ["0-9%3", "1-5"] and kind["user"] == ["asp", "asp"]


@pytest.mark.parametrize("line, says", [
    ("Wibble=1", "load.conf:4: Wibble: a line begins with one of seed,"),
    ("User=bo Uid=1", "User needs account="), ("User=bo Uid=x Account=a", "Uid='x' cannot be read"),
    ("Node=n1", "Node needs state="), ("Node=n[1 State=DOWN", "Node='n.1' cannot be read"),
    ("Node=n1 State=DOWN Colour=red", "Colour: this line takes node, state"),
    (RUNNING.replace("asp", "bo"), "no User line for bo"), (RUNNING + " Cpus=0", "Cpus='0' cannot be read"),
    (RUNNING + " Gres=gpu", "Gres='gpu' cannot be read"),
    ("Arrival=1 Name=a User=asp,bo Partition=p Nodes=1 TimeLimit=1:00 Runs=5", "no User line for bo"),
    ("Arrival=1 Name=a User=asp Partition=p Nodes=1 TimeLimit=1:00 Runs=95-15", "Runs='95-15' cannot be read"),
    ("Arrival=1 Name=a User=asp Partition=p Nodes=1 TimeLimit=1:00 Runs=5 Array=3-1", "Array='3-1' cannot be read"),
    ("Arrival=1 Name=a User=asp Partition=p Nodes=1 TimeLimit=1:00 Runs=5 Array=0-4%9", "cannot be read"),
    ("QuietHours=0", "QuietHours='0' cannot be read"),
])
def test_what_cannot_be_read_is_told_with_its_place(load, line, says):
    with pytest.raises(ConfError, match=says):
        load(line + "\n")


@pytest.mark.parametrize("head, says", [("ArrivalsPerDay=8\n", "seed= is missing"),
                                        ("Seed=1\n", "arrivalsperday= is missing")])
def test_what_must_not_be_missing(load, head, says):
    with pytest.raises(ConfError, match=says):
        load("", head)


def test_it_must_be_about_this_cluster(load):
    nodes = {name: Node(name=name, gres="gpu:k80:2" if name == "n4" else "") for name in ("n3", "n4")}
    check(load(RUNNING + "\n"), nodes, {"batch": None})
    for line, says in ((RUNNING.replace("n[3-4]", "n9"), "names node n9"), (RUNNING + " Gres=gpu:k80:1", "of node n3"),
                       (RUNNING.replace("batch", "fat"), "names partition fat"), ("Node=n9 State=DOWN", "names node n9"),
                       ("Reservation=r Nodes=n9 For=1:00", "names node n9")):
        with pytest.raises(ConfError, match=says):
            check(load(line + "\n"), nodes, {"batch": None})
