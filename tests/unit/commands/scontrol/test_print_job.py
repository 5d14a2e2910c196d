"""scontrol show job and step, line by line.  (Expectations: scontrol(1); transcripts/scontrol/scontrol-show.txt,
stories/story-gpu.txt.)"""

import pytest

from slurm_mock.common.records import Share, pack_alloc
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


def text(tiny, *words):
    told = tiny.run("scontrol", *words)
    assert told.err == ""
    return told.out


def test_what_an_option_gave_an_empty_value_is_empty_and_not_null(tiny):
    tiny.job(id=7)
    tiny.job(id=8, empty="mcs_label,req_nodes,exc_nodes,features,licenses,network,cluster_features,prefer,burst_buffer")
    plain, empty = (set(text(tiny, "show", "job", number).replace("\n", " ").split()) for number in "78")
    assert empty - plain >= {"MCS_label=", "ReqNodeList=", "ExcNodeList=", "Features=", "Licenses=", "Network=", "ClusterFeatures=",
                             "Prefer=", "BurstBuffer="}
    assert not any(word.startswith(("ClusterFeatures", "Prefer", "BurstBuffer")) for word in plain)


def test_a_whole_record(tiny):
    tiny.running("n[1-2]", id=7, since=3661, time_limit=90, end_time=NOW + 1739, submit_time=NOW - 3700, eligible_time=NOW - 3700,
                 accrue_time=NOW - 3700, min_nodes=2, ntasks=16, mem_per_cpu=500, exit_code=0, last_sched_eval=NOW - 3661)
    assert text(tiny, "show", "job", "7") == """\
JobId=7 JobName=job
   UserId=ada(1000) GroupId=users(100) MCS_label=N/A
   Priority=100 Nice=0 Account=edu QOS=normal
   JobState=RUNNING Reason=None Dependency=(null)
   Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:0
   RunTime=01:01:01 TimeLimit=01:30:00 TimeMin=N/A
   SubmitTime=2026-03-02T07:58:20 EligibleTime=2026-03-02T07:58:20
   AccrueTime=2026-03-02T07:58:20
   StartTime=2026-03-02T07:58:59 EndTime=2026-03-02T09:28:59 Deadline=N/A
   SuspendTime=None SecsPreSuspend=0 LastSchedEval=2026-03-02T07:58:59 Scheduler=Main
   Partition=main AllocNode:Sid=login:4711
   ReqNodeList=(null) ExcNodeList=(null)
   NodeList=n[1-2]
   BatchHost=n1
   NumNodes=2 NumCPUs=16 NumTasks=16 CPUs/Task=1 ReqB:S:C:T=0:0:*:*
   TRES=cpu=16,mem=8000M,node=2,billing=16
   Socks/Node=* NtasksPerN:B:S:C=0:0:*:* CoreSpec=*
   MinCPUsNode=1 MinMemoryCPU=500M MinTmpDiskNode=0
   Features=(null) DelayBoot=00:00:00
   OverSubscribe=OK Contiguous=0 Licenses=(null) Network=(null)
   Command=/home/ada/job.sh
   WorkDir=/home/ada
   StdErr=/home/ada/slurm-7.out
   StdIn=/dev/null
   StdOut=/home/ada/slurm-7.out
   Power=
   

"""


@pytest.mark.parametrize("fields, line", [
    ({"array_id": 7, "array_tasks": "1-3", "array_limit": 2}, "JobId=7 ArrayJobId=7 ArrayTaskId=1-3%2 ArrayTaskThrottle=2 JobName=job"),
    ({"array_id": 5, "array_task": 2}, "JobId=7 ArrayJobId=5 ArrayTaskId=2 JobName=job"),
    ({"het_id": 6, "het_offset": 1}, "JobId=7 HetJobId=6 HetJobOffset=1 JobName=job"), ({"het_set": "6-7"}, "HetJobIdSet=6-7"),
    ({"reason": "JobHeldUser"}, "JobState=PENDING Reason=JobHeldUser Dependency=(null)"),
    ({"reason": "job requeued in held state"}, "JobState=PENDING Reason=job_requeued_in_held_state Dependency=(null)"),
    ({"min_nodes": 2, "max_nodes": 4, "num_nodes": 2}, "NumNodes=2-4 NumCPUs=2 NumTasks=1 CPUs/Task=1 ReqB:S:C:T=0:0:*:*"),
    ({"req_nodes": "n1", "exc_nodes": "n2"}, "ReqNodeList=n1 ExcNodeList=n2"), ({"features": "ib"}, "Features=ib DelayBoot=00:00:00"),
    ({"reservation": "course"}, "Reservation=course"), ({"comment": "two words"}, "Comment=two words "),
    ({"mail_type": "END", "mail_user": ""}, "MailUser=ada MailType=END"), ({"mail_type": "NONE"}, "Power="),
    ({"switches": 2, "switch_wait": 90}, "Switches=2@00:01:30"), ({"cpu_freq": "low-high"}, "CPU_min_freq=Low CPU_max_freq=High "),
    ({"tres_per_node": "gres:gpu:2"}, "TresPerNode=gres:gpu:2"), ({"cpus_per_gpu": 2}, "CpusPerTres=gres:gpu:2"),
    ({"kill_invalid_dep": "yes", "spread_job": 1}, "KillOInInvalidDependent=YesSpreadJob=Yes"), ({"gres_binding": "No"}, "GresEnforceBind=No"),
    ({"sched_nodes": "n3", "expected_start": NOW + 60}, "NodeList= SchedNodeList=n3"), ({"deadline": NOW + 60}, None),
    ({"mem_per_node": 2048}, "MinCPUsNode=1 MinMemoryNode=2G MinTmpDiskNode=0"), ({"container": "/x"}, "Container=/x"),
    ({"time_min": 30}, "RunTime=00:00:00 TimeLimit=01:00:00 TimeMin=00:30:00"), ({"ntasks_per_tres": 2}, "NtasksPerTRES=2")])
def test_what_is_said_of_a_waiting_job(tiny, fields, line):
    tiny.job(id=7, **fields)
    lines = [one.removeprefix("   ") for one in text(tiny, "show", "job", "7").splitlines()]
    if line is None:
        assert any(one.endswith("Deadline=2026-03-02T09:01:00") for one in lines)
    else:
        assert line in lines


def test_who_has_no_script_has_no_files(tiny):
    tiny.running("n1", id=7, batch_flag=0, kind="alloc")
    assert "StdOut" not in text(tiny, "show", "job", "7")


def test_details(tiny):
    shares = [Share("n1", 8, 1000, {"gpu:k80": [1]}), Share("n2", 8, 1000, {"gpu:k80": [1]}), Share("g1", 8, 4000, {"gpu:k80": [0, 1]})]
    tiny.running("n[1-2]", id=7, alloc=pack_alloc(shares), derived_ec=3 << 8)
    told = text(tiny, "-d", "show", "job", "7")
    assert "   DerivedExitCode=3:0\n" in told and "   JOB_GRES=gpu:k80:4\n" in told
    assert "     Nodes=n[1-2] CPU_IDs=0-7 Mem=1000 GRES=gpu:k80:1(IDX:1)\n" in told
    assert "     Nodes=g1 CPU_IDs=0-7 Mem=4000 GRES=gpu:k80:2(IDX:0-1)\n" in told


def test_one_line(tiny):
    tiny.job(id=7)
    assert text(tiny, "-o", "show", "job", "7").count("\n") == 1
    assert text(tiny, "-o", "show", "job", "7").startswith("JobId=7 JobName=job UserId=ada(1000) GroupId=users(100)")


def test_a_step(tiny):
    job = tiny.running("n[1-2]", id=7)
    tiny.step(job, 0, name="solve", ntasks=4, num_cpus=4, time_limit=60, pid=99, host="login", start_time=NOW - 30,
              alloc_tres="cpu=4,mem=2000M,node=2", layout="Cyclic")
    assert text(tiny, "show", "step", "7.0") == """\
StepId=7.0 UserId=1000 StartTime=2026-03-02T08:59:30 TimeLimit=01:00:00
   State=RUNNING Partition=main NodeList=n[1-2]
   Nodes=2 CPUs=4 Tasks=4 Name=solve Network=(null)
   TRES=cpu=4,mem=2000M,node=2
   ResvPorts=(null)
   CPUFreqReq=Default Dist=Cyclic
   SrunHost:Pid=login:99

"""
    tiny.step(job, -5, name="batch", host="n1")
    batch = text(tiny, "-o", "show", "step", "7").splitlines()[0]
    assert batch.startswith("StepId=7.batch ") and "CPUs=0 " in batch and "Dist=" not in batch and batch.endswith("SrunHost:Pid=n1:0")
