"""Which nodes jobs get; where a test names options, the answer is that of Slurm 22.05.8
(tests/conformance/transcripts/scheduling/placement.txt)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slurm_mock.common.records import Share
from slurm_mock.common.tres import parse_gres
from slurm_mock.slurmctld.select_nodes import has_features, place
from tests.clusters.planned import ask, cluster, run, seen


def placed(here, options, blocked=0, **more):
    job = ask(options)
    return place(here, job, here.parts[job.partition], blocked, **more)


@pytest.mark.parametrize("options, where", [
    ("", "c1 1 1"), ("-n 9", "c[1-2] 8,1 8,1"), ("-N 3", "c[1-3] 1(x3) 1(x3)"),
    ("-N 3 -n 4", "c[1-3] 2,1(x2) 2,1(x2)"),
    ("-N 1-4 -n 12", "c[1-4] 6,4,1(x2) 6,4,1(x2)"),
    ("-c 5 -n 3", "c[1-3] 5(x3) 1(x3)"),
    ("-n 6 --ntasks-per-node=2", "c[1-3] 2(x3) 2(x3)"),
    ("-w c3", "c3 1 1"), ("-x c1,c2", "c3 1 1"), ("-N 2 -w c4", "c[4-5] 1(x2) 1(x2)"),
    ("--exclusive", "c1 8 8"), ("-p fat -n 2", "f1 16 2"), ("-p all -C fat", "f1 1 1"),
    ("-p all -C rome", "h1 2 2"), ("-p all -C gpu|fat", "f1 1 1"), ("-p ht -n 3", "h1 4 3"),
    ("-p ht -c 2 -n 2", "h1 4 2"), ("-p ht -n 3 --threads-per-core=1", "h1 6 3"),
    ("-p ht -c 4 --hint=nomultithread", "h1 8 1"), ("-p ht -n 3 --hint=multithread", "h1 4 3"),
    ("-p ht -n 2 --hint=compute_bound --exclusive", "h1 16 2"), ("--mem=15G -n 2", "c1 2 2"),
    ("--mem-per-cpu=6G -n 4", "c[1-2] 2(x2) 2(x2)"),
    ("-p gpu --gres=gpu:2 -N 2", "g[1-2] 1(x2) 1(x2)"),
    ("-p gpu -n 2 --gpus-per-task=1", "g1 2 2"), ("-p gpu -n 3 --gpus-per-task=1", "g[1-2] 2,1 2,1"),
    ("-p gpu -n 2 -c 2 --gpus-per-task=k80:2", "g[1-2] 2(x2) 1(x2)"),
    ("--mincpus=3", "c1 3 3"), ("-N 2 -n 3 -c 2 --ntasks-per-node=2", "c[1-2] 4(x2) 2(x2)"),
    ("-p gpu -N 1 --gpus-per-node=2 --cpus-per-gpu=2", "g1 4 4"), ("-p gpu --gpus=1 --cpus-per-gpu=3", "g1 3 3"),
    ("-p all -n 20 --mem-per-cpu=100 -x c1,c2", "c[3-5] 8(x2),4 8(x2),4"),
])
def test_as_slurm_places(options, where):
    assert seen(placed(cluster(), options)) == where


@pytest.mark.parametrize("options", [
    "-N 6", "-n 41", "-c 9", "-w f1", "-x c[1-5]", "--mem=900G", "--gres=gpu:1",
    "-p ht -n 9 --hint=nomultithread", "-p gpu --gres=gpu:3", "-p gpu -n 5 --gpus-per-task=1", "-p gpu -n 1 --gpus-per-task=3", "-C fat", "--tmp=1G", "--mincpus=9",
    "--sockets-per-node=3", "-p gpu --gres=gpu:tesla:1", "-p gpu --gpus=1 --cpus-per-gpu=9"])
def test_it_fits_nowhere(options):
    assert placed(cluster(), options) is None
    assert placed(cluster(), options, empty=True) is None


def test_memory_is_held():
    here = cluster()
    share, = placed(here, "--mem=15G")
    assert share.mem == 15360
    run(here, ask("--mem=15G"), [share])
    assert seen(placed(here, "--mem=1G")) == "c2 1 1"
    assert seen(placed(here, "--mem=600M")) == "c1 1 1"
    assert seen(placed(here, "--mem=1G", empty=True)) == "c1 1 1"
    share, = placed(here, "--mem=0 -w c2")
    assert share.mem == 16000


def test_idle_threads_have_no_memory_and_no_guests():
    here = cluster()
    share, = placed(here, "-p ht -n 6 --hint=nomultithread")
    assert (share.cpus, share.mem) == (12, 3000)
    run(here, ask("-p ht"), [share])
    assert seen(placed(here, "-p ht -n 4")) == "h1 4 4"
    assert placed(here, "-p ht -n 5") is None
    assert placed(here, "-p ht -n 3 --hint=nomultithread") is None


def test_what_others_hold_is_left_alone():
    here = cluster()
    run(here, ask("-n 6"), [Share("c1", 6, 3000)])
    assert seen(placed(here, "-n 2")) == "c1 2 2"
    assert seen(placed(here, "-c 3")) == "c2 3 1"
    assert seen(placed(here, "--exclusive")) == "c2 8 8"
    run(here, ask("--exclusive", exclusive="exclusive"), [Share("c2", 1, 500)])
    assert seen(placed(here, "-N 2")) == "c[3-4] 1(x2) 1(x2)"     # neighbours
    assert seen(placed(here, "", blocked=0b101)) == "c4 1 1"
    assert placed(here, "-w c1", blocked=0b1) is None


@pytest.mark.parametrize("state, flags", [("DOWN", ""), ("IDLE", "DRAIN"), ("IDLE", "FAIL"),
                                          ("IDLE", "NO_RESPOND")])
def test_nodes_that_take_no_work(state, flags):
    here = cluster()
    here.nodes["c1"].state, here.nodes["c1"].flags = state, flags
    assert seen(placed(here, "")) == "c2 1 1"
    assert placed(here, "-w c1") is None
    assert seen(placed(here, "-w c1", empty=True)) == "c1 1 1"


def test_gpus_have_numbers_of_their_own():
    here = cluster()
    first, = placed(here, "-p gpu --gres=gpu:1")
    assert first.gres == {"gpu:k80": [0]}
    run(here, ask("-p gpu"), [first])
    second, = placed(here, "-p gpu --gres=gpu:k80:1")
    assert (second.node, second.gres) == ("g1", {"gpu:k80": [1]})
    third, = placed(here, "-p gpu --gres=gpu:2")
    assert (third.node, third.gres) == ("g2", {"gpu:k80": [0, 1]})


@pytest.mark.parametrize("text, found", [
    ("gpu:K80:2,craynetwork:1", {("gpu", "K80"): 2, ("craynetwork", ""): 1}),
    ("gpu", {("gpu", ""): 1}), ("gpu:k80", {("gpu", "k80"): 1}), ("gres:gpu:2", {("gpu", ""): 2}),
    ("gpu:a100:4(S:0-1)", {("gpu", "a100"): 4}), ("gpu:1,gpu:1", {("gpu", ""): 2}),
    ("none", {}), ("", {})])
def test_parse_gres(text, found):
    assert parse_gres(text) == found


@pytest.mark.parametrize("text, fits", [
    ("haswell", True), ("rome", False), ("haswell&ib", True), ("haswell&fat", False),
    ("rome|ib", True), ("[rome|fat]", False), ("ib*2", True)])
def test_features(text, fits):
    assert has_features(cluster().nodes["c1"], text) is fits


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 4), st.integers(1, 3)), max_size=12))
def test_no_node_is_given_twice(requests):
    here = cluster()
    for ntasks, cpus, nodes in requests:
        job = ask(f"-n {max(ntasks, nodes)} -c {cpus} -N {nodes}-5")
        shares = place(here, job, here.parts["main"])
        if shares:
            assert sum(s.tasks for s in shares) == job.ntasks and len(shares) >= nodes
            run(here, job, shares)
    for name, use in here.use.items():
        assert use.cpus <= here.nodes[name].cpus and use.mem <= here.nodes[name].memory
