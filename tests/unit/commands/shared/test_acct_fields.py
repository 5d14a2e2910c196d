"""sacct's fields one by one, and how they are chosen.  Expectations: sacct(1), and the lines that
Slurm 22.05.8 printed (transcripts/sacct/)."""

import pytest

from slurm_mock.commands.shared import acct_fields
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "state", AccountingStorageType="accounting_storage/slurmdbd",
                AccountingStorageTRES="gres/gpu")


def field(tiny, names, *words):
    """The values of these fields, a list for each record."""
    told = tiny.run("sacct", "-n", "-P", "-a", "-S", "2026-03-01", "-o", names, *words)
    assert (told.code, told.err) == (0, "")
    return [line.split("|") for line in told.out.splitlines()]


@pytest.mark.parametrize("text, chosen", [
    ("jobid,state%20", [("JobID", -12), ("State", 20)]), ("JOBIDRAW", [("JobIDRaw", -12)]),
    ("user%-5,user", [("User", -5), ("User", -5)]), (" alloc,,", [("AllocCPUS", 10)])])
def test_columns(text, chosen):
    assert [(f.name, width) for f, width in acct_fields.columns(text)] == chosen


def test_all_and_none():
    assert [f for f, _ in acct_fields.columns("ALL")] == list(acct_fields.FIELDS)
    with pytest.raises(acct_fields.BadField, match="^nosuch$"):
        acct_fields.columns("jobid,nosuch%5")


@pytest.mark.parametrize("status, text", [
    (0, "0:0"), (3 << 8, "3:0"), (9, "0:9"), (130 << 8, "2:0"), (9 | 128, "0:9")])
def test_exit_codes(status, text):
    """128 and more is a signal's, as accounting has it."""
    assert acct_fields.exit_code(status) == text
    assert acct_fields.exit_code(130 << 8, floor=False) == "130:0"


@pytest.mark.parametrize("usec, text", [
    (0, "00:00:00"), (3_000, "00:00.003"), (61_000_000, "00:01:01"), (61_500_000, "01:01.500"),
    (3_661_000_000, "01:01:01"), (90_061_000_000, "1-01:01:01")])
def test_cpu_times(usec, text):
    assert acct_fields.cpu_text(usec) == text


def test_states(tiny):
    tiny.running("n1", state="COMPLETING", final="TIMEOUT")
    tiny.running("n2", state="CONFIGURING")
    tiny.job(state="PENDING")
    tiny.ended("CANCELLED", cancelled_by=0)
    assert sorted(field(tiny, "jobid,state")) == [
        ["1", "TIMEOUT"], ["2", "RUNNING"], ["3", "PENDING"], ["4", "CANCELLED by 0"]]


def test_a_step_and_its_job(tiny):
    job = tiny.ended(id=8, name="long", alloc="n1|4|2000|4|", num_cpus=4,
                     alloc_tres="cpu=4,mem=2000M,node=1,billing=4")
    tiny.step(job, -5, name="batch", state="COMPLETED", end_time=NOW - 150, num_cpus=4)
    tiny.step(job, 0, name="hostname", state="FAILED", end_time=NOW - 150, exit_code=2 << 8, ntasks=2,
              alloc_tres="cpu=2,mem=1000M,node=1", user_usec=1_500_000, sys_usec=500_000)
    # a job's CPU time is that of its steps
    assert field(tiny, "jobid,jobidraw,jobname,partition,user,ntasks,alloctres,exitcode,totalcpu") == [
        ["8", "8", "long", "main", "ada", "", "billing=4,cpu=4,mem=2000M,node=1", "0:0", "00:00:02"],
        ["8.batch", "8.batch", "batch", "", "", "1", "cpu=4,mem=2000M,node=1", "0:0", "00:00:00"],
        ["8.0", "8.0", "hostname", "", "", "2", "cpu=2,mem=1000M,node=1", "2:0", "00:00:02"]]


def test_a_waiting_job(tiny):
    tiny.job(id=9, reason="Resources", hold="", min_nodes=2, num_nodes=2, ntasks=4, num_cpus=4, mem_per_cpu=100,
             req_nodes="", begin_time=0, eligible_time=NOW - 60, submit_time=NOW - 90)
    assert field(tiny, "start,end,nodelist,reqmem,reqtres,alloctres,allocnodes,reserved,reason,flags") == [
        ["Unknown", "Unknown", "None assigned", "400M", "billing=4,cpu=4,mem=400M,node=2", "", "0", "00:01:00",
         "Resources", "StartRecieved"]]


def test_limits_and_times(tiny):
    tiny.running("n1", id=1, time_limit=90, since=3600)
    tiny.running("n2", id=2, time_limit=-1, qos="high", wckey="w", comment="c")
    rows = field(tiny, "timelimit,timelimitraw,elapsed,elapsedraw,start,qos,comment,cputimeraw")
    assert rows == [["01:30:00", "90", "01:00:00", "3600", "2026-03-02T08:00:00", "normal", "", "28800"],
                    ["UNLIMITED", "UNLIMITED", "00:01:00", "60", "2026-03-02T08:59:00", "high", "", "480"]]


def test_a_comment_is_kept_where_the_cluster_keeps_it(tmp_path):
    tiny = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd",
                AccountingStoreFlags="job_comment")
    tiny.ended(comment="kept")
    tiny.running("n2", comment="not yet")
    assert sorted(field(tiny, "comment")) == [[""], ["kept"]]
