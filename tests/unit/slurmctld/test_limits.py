"""Limits of associations and QOS: each line's reason is the one that Slurm 22.05.8 gave
(tests/conformance/transcripts/accounts/limits.txt)."""

import pytest

from slurm_mock.common.slurmdb import Qos
from slurm_mock.slurmctld import limits
from slurm_mock.slurmctld.backfill import plan
from slurm_mock.slurmdbd import register
from slurm_mock.slurmdbd.assoc_tree import add_account, add_user
from tests.clusters.planned import NOW, ask, cluster


def book(lab=None, alice=None, **qos):
    """The accounts lab > lim with alice; `qos` are the fields of the QOS "tight"."""
    made = register.fresh({"ClusterName": "conf"}, 0)
    made.all_qos.append(Qos(name="tight", id=2, **qos))
    add_account(made, "lab", "root", 0, **(lab or {}))
    add_account(made, "lim", "lab", 0)
    add_user(made, "alice", "lim", 0, **(alice or {}))
    return made


def mine(made, options, **fields):
    return ask(options, user="alice", account="lim", assoc_id=made.get("lim", "alice").id, **fields)


def decide(made, running, options, used=None, safe=False):
    """What becomes of a job when others run: its reason, or "start"."""
    here = cluster()
    for options_of in running:
        for decision in plan(here, [mine(made, options_of)]):
            assert decision.shares
            job = decision.running
            job.alloc_tres = ",".join(
                f"{name}={count}{'M' * (name == 'mem')}" for name, count in
                (("cpu", sum(s.cpus for s in decision.shares)),
                 ("mem", sum(s.mem for s in decision.shares)), ("node", len(decision.shares))))
    ledger = limits.Ledger(made, here.active, NOW, used or {"assoc": {}, "qos": {}}, safe)
    decision, = plan(here, [mine(made, options)], limits=ledger)
    return "start" if decision.shares else decision.reason


@pytest.mark.parametrize("lab, alice, running, options, expected", [
    ({}, {}, ["-t 10"], "-t 10", "start"),
    ({}, {"max_jobs": 1}, ["-t 10"], "-t 10", "AssocMaxJobsLimit"),
    ({}, {"max_tres_pj": "cpu=4,node=2"}, [], "-n 5 -t 10", "AssocMaxCpuPerJobLimit"),
    ({}, {"max_tres_pj": "cpu=4,node=2"}, [], "-N 3 -t 10", "AssocMaxNodePerJobLimit"),
    ({}, {"max_tres_pj": "cpu=4,node=2"}, [], "-n 4 -t 10", "start"),
    ({}, {"max_wall": 30}, [], "-t 40", "AssocMaxWallDurationPerJobLimit"),
    ({}, {"max_wall": 30}, [], "", "AssocMaxWallDurationPerJobLimit"),
    ({}, {"max_tres_pj": "mem=1000"}, [], "-n 3 --mem=2000 -t 10", "AssocMaxMemPerJob"),
    ({}, {"max_tres_pn": "cpu=3"}, [], "-n 4 -N 1 -t 10", "AssocMaxCpuPerNode"),
    ({}, {"max_tres_pn": "cpu=3"}, [], "-n 4 -N 2 -t 10", "start"),
    ({"grp_tres": "cpu=6,node=2"}, {}, ["-n 4 -t 10"], "-n 4 -t 10", "AssocGrpCpuLimit"),
    ({"grp_tres": "cpu=6,node=2"}, {}, ["-n 4 -t 10"], "-n 7 -t 10", "AssocGrpCpuLimit"),
    # a node that two jobs share counts once
    ({"grp_tres": "cpu=6,node=2"}, {}, ["-n 4 -t 10"], "-N 2 -t 10", "start"),
    ({"grp_tres": "node=2"}, {}, ["-n 4 -t 10"], "-N 3 -t 10", "AssocGrpNodeLimit"),
    ({"grp_tres": "cpu=6,node=2"}, {}, ["-n 4 -t 10"], "-N 3 -t 10", "AssocGrpNodeLimit"),
    ({"grp_jobs": 1}, {}, ["-t 10"], "-t 10", "AssocGrpJobsLimit"),
    ({"grp_tres_run_mins": "cpu=25"}, {}, ["-n 2 -t 10"], "-t 10", "AssocGrpCPURunMinutesLimit"),
    ({"grp_tres_mins": "cpu=20"}, {}, [], "-n 3 -t 10", "start"),
    ({"grp_wall": 5}, {}, [], "-t 10", "start"),
    ({}, {"max_tres_mins_pj": "cpu=15"}, [], "-n 2 -t 10", "AssocMaxCpuMinutesPerJobLimit"),
    ({"max_jobs": 1}, {}, ["-t 10"], "-t 10", "AssocMaxJobsLimit"),
])
def test_limits_of_associations(lab, alice, running, options, expected):
    assert decide(book(lab, alice), running, options) == expected


@pytest.mark.parametrize("qos, running, options, expected", [
    ({"max_jobs_pu": 1}, ["-q tight -t 10"], "-q tight -t 10", "QOSMaxJobsPerUserLimit"),
    ({"max_jobs_pu": 1}, ["-t 10"], "-q tight -t 10", "start"),
    ({"max_tres_pu": "cpu=4,node=1"}, ["-q tight -n 3 -t 10"], "-q tight -n 2 -t 10",
     "QOSMaxCpuPerUserLimit"),
    ({"max_tres_pu": "cpu=4,node=1", "max_tres_pj": "cpu=3"}, ["-q tight -n 3 -t 10"],
     "-q tight -n 4 -t 10", "QOSMaxCpuPerJobLimit"),
    ({"max_tres_pu": "node=1"}, ["-q tight -n 3 -t 10"], "-q tight -N 2 -t 10",
     "QOSMaxNodePerUserLimit"),
    ({"max_wall": 20}, [], "-q tight -t 30", "QOSMaxWallDurationPerJobLimit"),
    ({"max_tres_pu": "cpu=4,node=1", "max_tres_pj": "cpu=3"}, ["-q tight -n 3 -t 10"],
     "-q tight -N 2 -n 2 -t 10", "QOSMaxNodePerUserLimit"),
    ({"grp_tres": "cpu=4,node=1"}, ["-q tight -n 3 -t 10"], "-q tight -n 2 -N 2 -t 10",
     "QOSGrpNodeLimit"),
    ({"grp_tres": "cpu=4"}, ["-q tight -n 3 -t 10"], "-q tight -n 2 -t 10", "QOSGrpCpuLimit"),
    ({"grp_tres": "node=1"}, ["-q tight -t 10"], "-q tight -N 2 -t 10", "QOSGrpNodeLimit"),
    ({"grp_tres": "mem=3000"}, ["-q tight --mem=1000 -t 10"], "-q tight --mem=2500 -t 10",
     "QOSGrpMemLimit"),
    ({"grp_jobs": 1}, ["-q tight -t 10"], "-q tight -t 10", "QOSGrpJobsLimit"),
    ({"max_jobs_pa": 1}, ["-q tight -t 10"], "-q tight -t 10", "MaxJobsPerAccount"),
    ({"max_tres_pa": "cpu=2"}, ["-q tight -n 2 -t 10"], "-q tight -t 10", "MaxCpuPerAccount"),
    ({"min_tres_pj": "cpu=2"}, [], "-q tight -t 10", "QOSMinCpuNotSatisfied"),
    ({"max_tres_mins_pj": "cpu=15"}, [], "-q tight -n 2 -t 10", "QOSMaxCpuMinutesPerJobLimit"),
    ({"grp_tres_run_mins": "cpu=25"}, ["-q tight -n 2 -t 10"], "-q tight -t 10",
     "QOSGrpCPURunMinutesLimit"),
])
def test_limits_of_a_qos(qos, running, options, expected):
    assert decide(book(**qos), running, options) == expected


def test_a_qos_goes_before_the_association():
    made = book({}, {"max_jobs": 1, "max_wall": 5}, max_jobs_pu=2, max_wall=60)
    assert decide(made, ["-q tight -t 5"], "-q tight -t 50") == "start"
    assert decide(made, ["-t 5"], "-t 5") == "AssocMaxJobsLimit"


@pytest.mark.parametrize("minutes, safe, expected", [
    (19, False, "start"), (20, False, "AssocGrpCPUMinutesLimit"),
    (9, True, "AssocGrpCPUMinutesLimit"), (5, True, "start")])
def test_minutes_that_were_used(minutes, safe, expected):
    made = book({"grp_tres_mins": "cpu=20"})
    used = {"assoc": {made.get("lab").id: {"cpu": minutes * 60.0}}, "qos": {}}
    assert decide(made, [], "-n 2 -t 7" if safe else "-n 2 -t 10", used, safe) == expected


def test_wall_time_that_was_used():
    made = book({"grp_wall": 5})
    used = {"assoc": {made.get("lab").id: {"wall": 300.0}}, "qos": {}}
    assert decide(made, [], "-t 10", used) == "AssocGrpWallLimit"


@pytest.mark.parametrize("tres, kind, assoc, qos", [
    ("gres/gpu", limits.GROUP, "AssocGrpGRES", "QOSGrpGRES"),
    ("mem", limits.PER_JOB, "AssocMaxMemPerJob", "QOSMaxMemoryPerJob"),
    ("mem", limits.GROUP_MINUTES, "AssocGrpMemMinutes", "QOSGrpMemoryMinutes"),
    ("node", limits.MINUTES, "AssocMaxNodeMinutesPerJob", "QOSMaxNodeMinutesPerJob"),
    ("billing", limits.GROUP, "AssocGrpBilling", "QOSGrpBilling"),
    ("license/ansys", limits.GROUP, "AssocGrpLicense", "QOSGrpLicense"),
    ("vmem", limits.GROUP, "AssocGrpUnknown", "QOSGrpUnknown")])
def test_reasons_are_called_as_slurm_calls_them(tres, kind, assoc, qos):
    assert (limits.reason("Assoc", kind, tres), limits.reason("QOS", kind, tres)) == (assoc, qos)


@pytest.mark.parametrize("lab, alice, qos, options, there, expected", [
    ({}, {"max_submit": 2}, {}, "", 1, ""), ({}, {"max_submit": 2}, {}, "", 2, "AssocMaxSubmitJobLimit"),
    ({"grp_submit": 3}, {}, {}, "", 3, "AssocGrpSubmitJobsLimit"),
    ({"grp_submit": 3}, {}, {}, "--array=1-5", 0, "AssocGrpSubmitJobsLimit"),
    ({}, {}, {"max_submit_pu": 3}, "-q tight", 3, "QOSMaxSubmitJobPerUserLimit"),
    ({}, {}, {"grp_submit": 3}, "-q tight", 3, "QOSGrpSubmitJobsLimit"),
    ({}, {}, {"max_submit_pa": 3}, "-q tight", 3, "MaxSubmitJobsPerAccount"),
    ({}, {"max_submit": 1}, {"max_submit_pu": 5}, "-q tight", 2, ""),
    ({}, {}, {"max_tres_pj": "cpu=3"}, "-q tight -n 4", 0, ""),
    ({}, {}, {"max_tres_pj": "cpu=3", "flags": "DenyOnLimit"}, "-q tight -n 4", 0,
     "QOSMaxCpuPerJobLimit"),
    ({}, {}, {"max_tres_pj": "node=1", "flags": "DenyOnLimit"}, "-q tight -N 2", 0,
     "QOSMaxNodePerJobLimit"),
    ({}, {}, {"max_wall": 20, "flags": "DenyOnLimit"}, "-q tight -t 21", 0,
     "QOSMaxWallDurationPerJobLimit"),
])
def test_what_may_not_be_submitted(lab, alice, qos, options, there, expected):
    made = book(lab, alice, **qos)
    job = mine(made, options, array_count=5 if "array" in options else 0)
    tres = {"cpu": max(job.ntasks, job.min_nodes), "node": job.min_nodes}
    assert limits.refused(made, job, tres, job.time_limit or 60, lambda same: there) == expected


def test_shares_are_counted_once_started():
    made = book({}, {"max_jobs": 1})
    here = cluster()
    ledger = limits.Ledger(made, [], NOW)
    first, second = mine(made, "-t 10"), mine(made, "-t 10")
    a, b = plan(here, [first, second], limits=ledger)
    assert a.shares and b.reason == "AssocMaxJobsLimit"


def test_without_any_limit_nothing_need_be_counted():
    assert not limits.any_set(book()) and limits.any_set(book(max_wall=5))
