"""The scheduler's decisions: order, backfill, reasons, expected starts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slurm_mock.common.records import Reservation, Share, unpack_alloc
from slurm_mock.conf import params
from slurm_mock.slurmctld.backfill import plan
from tests.clusters.planned import NOW, ask, cluster, run, seen


def decide(here, *jobs):
    """{job id or (id, task): where it starts, or why it waits}."""
    found = {}
    for d in plan(here, list(jobs)):
        key = d.job.id if d.task is None else (d.job.id, d.task)
        found[key] = seen(d.shares) if d.shares else d.reason
    return found


def full(here, minutes=10, nodes=("c1", "c2", "c3", "c4", "c5")):
    """All nodes of main are taken for so many minutes more."""
    return run(here, ask(f"-t {minutes} --exclusive", exclusive="exclusive"),
               [Share(n, 8, 4000) for n in nodes])


def test_all_that_fits_starts():
    a, b = ask("-N 3"), ask("-n 40 -p all")
    assert decide(cluster(), a, b) == {a.id: "c[1-3] 1(x3) 1(x3)", b.id: "c[1-5] 7(x3),8(x2) 7(x3),8(x2)"
                                       .replace("c[1-5] 7(x3),8(x2) 7(x3),8(x2)",
                                                "c[1-5],f1 7(x3),8(x2),3 7(x3),8(x2),3")}


def test_one_node_is_not_given_to_two():
    a, b = ask("--exclusive -w c1"), ask("-w c1")
    assert decide(cluster(), a, b) == {a.id: "c1 8 8", b.id: "Resources"}


def test_the_first_waits_for_resources_the_others_for_priority():
    here = cluster()
    full(here)
    a, b, c = ask("-t 10"), ask("-t 10"), ask("-p gpu")
    assert decide(here, a, b, c) == {a.id: "Resources", b.id: "Priority", c.id: "g1 1 1"}


def test_expected_start_is_when_nodes_come_free():
    here = cluster()
    full(here, 30, ("c1", "c2"))
    full(here, 10, ("c3", "c4", "c5"))
    a, b = ask("-N 3 -t 10"), ask("-N 5 -t 10")
    first, second = plan(here, [a, b])
    assert (first.expected, first.nodes) == (NOW + 600, "c[3-5]")
    assert (second.expected, second.nodes) == (NOW + 1800, "c[1-5]")


def test_backfill_starts_what_delays_nobody():
    here = cluster()
    full(here, 30, ("c1", "c2", "c3"))
    wide, short, long = ask("-N 5 -t 60"), ask("-N 2 -t 20"), ask("-N 1 -t 90")
    assert decide(here, wide, long, short) == {
        wide.id: "Resources", long.id: "Priority", short.id: "c[4-5] 1(x2) 1(x2)"}


def test_nothing_is_expected_behind_a_job_without_limit():
    here = cluster()
    run(here, ask("-p all -w c1", exclusive="exclusive", time_limit=-1), [Share("c1", 8, 4000)])
    decision, = plan(here, [ask("-w c1")])
    assert (decision.reason, decision.expected, decision.nodes) == ("Resources", 0, "")


@pytest.mark.parametrize("options, reason", [
    ("-p debug -N 3", "PartitionNodeLimit"), ("-p down", "PartitionDown"),
    ("-p off", "PartitionInactive"), ("-t 3-0", "PartitionTimeLimit"),
    ("-p debug -t 60", "PartitionTimeLimit")])
def test_reasons_that_lie_in_the_partition(options, reason):
    job = ask(options)
    assert decide(cluster(), job) == {job.id: reason}


def test_more_nodes_than_there_are():
    # pending.txt of real Slurm: sbatch -N 6 on a partition of five nodes
    job = ask("-N 6")
    assert decide(cluster(), job) == {job.id: "PartitionNodeLimit"}


def test_drained_nodes_are_named():
    here = cluster()
    here.nodes["c1"].flags = "DRAIN"
    wide, on_it = ask("-N 5"), ask("-w c1")
    assert decide(here, wide) == {
        wide.id: "Nodes required for job are DOWN, DRAINED or reserved for jobs in higher "
                 "priority partitions"}
    assert decide(here, on_it) == {on_it.id: "ReqNodeNotAvail, UnavailableNodes:c1"}


def test_a_job_may_name_several_partitions():
    here = cluster()
    full(here)
    job = ask("-p main,gpu")
    decision, = plan(here, [job])
    assert (decision.part, seen(decision.shares)) == ("gpu", "g1 1 1")
    job = ask("-p main,debug")
    decision, = plan(cluster(), [job])
    assert decision.part == "debug", "the tier of debug is higher"


def test_an_array_starts_task_by_task():
    here = cluster()
    job = ask("--exclusive", array_id=7, array_tasks="0-9")
    found = decide(here, job)
    assert [found[job.id, n] for n in range(5)] == [f"c{n} 8 8" for n in range(1, 6)]
    assert found[job.id] == "Resources" and len(found) == 6


def test_an_array_keeps_its_limit():
    here = cluster()
    job = ask("", array_id=7, array_tasks="2-9", array_limit=3)
    run(here, ask("", array_id=7, array_task=1), [Share("c1", 1, 500)])
    found = decide(here, job)
    assert set(found) == {(job.id, 2), (job.id, 3), job.id}
    assert found[job.id] == "JobArrayTaskLimit"


def reservation(start, end, nodes="c[1-4]", name="course"):
    return Reservation(name=name, start_time=NOW + start, end_time=NOW + end, nodes=nodes,
                       partition="main")


def test_reserved_nodes_are_for_those_who_name_it():
    here = cluster(reservations=[reservation(0, 3600)])
    inside, outside, wide = ask("--reservation=course -N 4"), ask("-t 5"), ask("-N 2 -t 5")
    assert decide(here, inside, outside, wide) == {
        inside.id: "c[1-4] 1(x4) 1(x4)", outside.id: "c5 1 1", wide.id: "Resources"}
    other = ask("--reservation=course -N 5")
    assert decide(cluster(reservations=[reservation(0, 3600)]), other)[other.id] != "c[1-5]"


def test_a_reservation_to_come_keeps_long_jobs_away():
    here = cluster(reservations=[reservation(1800, 3600, "c[1-5]")])
    long, short = ask("-t 60"), ask("-t 20")
    found = plan(here, [long, short])
    assert (found[0].reason, found[0].expected) == ("Resources", NOW + 3600)
    assert seen(found[1].shares) == "c1 1 1"


requests = st.tuples(st.integers(1, 5), st.integers(1, 12), st.integers(1, 3), st.integers(1, 120),
                     st.booleans())


@settings(max_examples=60)
@given(st.lists(requests, max_size=14), st.lists(requests, max_size=6))
def test_no_node_is_over_allocated_and_the_first_is_not_delayed(queue, before):
    def job(r):
        nodes, tasks, cpus, minutes, alone = r
        return ask(f"-N {nodes}-5 -n {max(tasks, nodes)} -c {cpus} -t {minutes}"
                   + " --exclusive" * alone)
    here = cluster()
    plan(here, [job(r) for r in before])
    wide = ask("-N 5 -t 30 --exclusive")
    earlier = next((d.expected for d in plan(copied(here), [wide]) if not d.shares), 0)
    plan(here, [wide, *map(job, queue)])
    for name, use in here.use.items():
        assert use.cpus <= here.nodes[name].cpus and use.mem <= here.nodes[name].memory
        if use.exclusive:
            assert len(use.jobs) == 1, f"{name} is not {use.jobs}'s alone"
    if earlier:
        later = [j.start_time + j.time_limit * 60 for j in here.active]
        assert max(later) <= earlier, "a job behind it holds a node when the first should start"


def copied(here):
    """The same state in another Cluster."""
    twin = cluster()
    for job in here.active:
        twin.occupy(job.copy())
    assert [unpack_alloc(j.alloc)[0].node for j in twin.active] == [
        unpack_alloc(j.alloc)[0].node for j in here.active]
    return twin


@pytest.mark.parametrize("parameters, seconds", [
    ({}, 86400),
    ({"SchedulerParameters": "defer,bf_window=2880,bf_resolution=60"}, 2 * 86400),
    ({"SchedulerParameters": "bf_continue"}, 86400),
])
def test_starts_are_foretold_no_further_than_the_window(parameters, seconds):
    assert params.parameter(parameters, "bf_window") * 60 == seconds
