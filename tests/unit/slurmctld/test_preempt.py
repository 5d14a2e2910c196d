"""Who pushes out whom, as Slurm 22.05.8 did (tests/conformance/transcripts/scheduling/preempt.txt)."""

import pytest

from slurm_mock.common.slurmdb import Qos
from slurm_mock.slurmctld.backfill import plan
from slurm_mock.slurmctld.preempt import Preemption
from tests.clusters.planned import CONF, ask, cluster

QOS = {q.name: q for q in (
    Qos(name="normal"), Qos(name="low"), Qos(name="end", preempt_mode="cancel", priority=1),
    Qos(name="grace", preempt_mode="cancel", grace_time=6), Qos(name="stay", preempt_mode="off"),
    Qos(name="high", preempt="low,end,grace,stay", priority=10))}
BY_QOS = {"PreemptType": "preempt/qos", "PreemptMode": "REQUEUE"}
BY_PARTITION = {"PreemptType": "preempt/partition_prio", "PreemptMode": "CANCEL"}


def running(here, *options):
    """Jobs that were started on the cluster."""
    found = []
    for text in options:
        decision, = plan(here, [ask(text)])
        found.append(decision.running)
    return found


def pushed_out(here, options, config=None):
    """Ids of the jobs that have to make room, and the reason of the one that waits."""
    decision, = plan(here, [ask(options)], preemption=Preemption(config or BY_QOS, QOS))
    return sorted(j.id for j in decision.victims), decision.reason


def test_a_lower_qos_makes_room():
    here = cluster()
    low, = running(here, "-q low -N 5 --exclusive -t 10")
    assert pushed_out(here, "-q high -N 2 -t 10") == ([low.id], "Resources")


def test_no_more_than_need_be():
    here = cluster()
    jobs = running(here, *["-q low --exclusive -t 10"] * 5)
    ids, _ = pushed_out(here, "-q high -N 2 --exclusive -t 10")
    assert len(ids) == 2 and set(ids) <= {j.id for j in jobs}


@pytest.mark.parametrize("there, asked", [
    ("-q normal", "-q high"), ("-q low", "-q normal"), ("-q high", "-q high"), ("-q stay", "-q high")])
def test_others_stay(there, asked):
    here = cluster()
    running(here, f"{there} -N 5 --exclusive -t 10")
    assert pushed_out(here, f"{asked} -t 10") == ([], "Resources")


def test_none_goes_where_it_would_not_help():
    here = cluster()
    running(here, "-q normal -N 3 --exclusive -t 10", "-q low -N 2 --exclusive -t 10")
    assert pushed_out(here, "-q high -N 3 --exclusive -t 10") == ([], "Resources")


def test_those_that_are_going_already_are_enough():
    here = cluster()
    going, _ = running(here, "-q low -N 2 --exclusive -t 10", "-q low -N 3 --exclusive -t 10")
    going.preempt_time = here.now
    assert pushed_out(here, "-q high -N 2 -t 10") == ([], "Resources")


def test_the_least_important_goes_first():
    here = cluster()
    end, low = running(here, "-q end -N 3 --exclusive -t 10", "-q low -N 2 --exclusive -t 10")
    assert pushed_out(here, "-q high -N 1 -t 10")[0] == [low.id]
    assert end.id in pushed_out(here, "-q high -N 4 --exclusive -t 10")[0]


def test_free_nodes_are_taken_first():
    here = cluster()
    running(here, "-q low -N 4 --exclusive -t 10")
    decision, = plan(here, [ask("-q high -t 10")], preemption=Preemption(BY_QOS, QOS))
    assert decision.shares and not decision.victims


@pytest.mark.parametrize("qos, requeue, mode", [
    ("low", 1, "REQUEUE"), ("low", 0, "CANCEL"), ("end", 1, "CANCEL"), ("stay", 1, "")])
def test_what_becomes_of_them(qos, requeue, mode):
    job = ask(f"-q {qos}", requeue=requeue)
    assert Preemption(BY_QOS, QOS).mode(cluster(), job) == mode


def test_a_higher_tier_pushes_out_a_lower():
    here = cluster(CONF)
    low, = running(here, "-p main -N 5 --exclusive -t 10")
    assert pushed_out(here, "-p debug -t 10", BY_PARTITION) == ([low.id], "Resources")
    assert pushed_out(here, "-p main -t 10", BY_PARTITION) == ([], "Resources")
    here.parts["main"].options["PreemptMode"] = "OFF"
    assert pushed_out(here, "-p debug -t 10", BY_PARTITION) == ([], "Resources")


def test_grace_is_that_of_the_qos():
    preemption = Preemption(BY_QOS, QOS)
    assert [preemption.grace(cluster(), ask(f"-q {q}")) for q in ("grace", "low")] == [6, 0]
