"""scontrol show node, partition and reservation, line by line.  (Expectations: scontrol(1);
transcripts/scontrol/scontrol-show.txt, own-jobs.txt, stories/story-reservation.txt.)"""

import pytest

from slurm_mock.common.records import Reservation, Share, pack_alloc
from tests.clusters.reading import NOW, Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s", AccountingStorageTRES="gres/gpu")


def lines(tiny, *words):
    told = tiny.run("scontrol", *words)
    assert told.err == ""
    return [line.removeprefix("   ") for line in told.out.splitlines()]


def test_an_idle_node(tiny):
    found = lines(tiny, "show", "node", "n1")
    assert found[:6] == ["NodeName=n1 Arch=x86_64 CoresPerSocket=4 ", "CPUAlloc=0 CPUEfctv=8 CPUTot=8 CPULoad=0.00",
                         "AvailableFeatures=ib", "ActiveFeatures=ib", "Gres=(null)", "NodeAddr=n1 NodeHostName=n1 Version=22.05.8"]
    assert found[6].startswith("OS=Linux ") and found[7:] == [
        "RealMemory=16000 AllocMem=0 FreeMem=0 Sockets=2 Boards=1",
        "State=IDLE ThreadsPerCore=1 TmpDisk=0 Weight=1 Owner=N/A MCS_label=N/A", "Partitions=main,short ",
        "BootTime=2026-03-02T07:00:00 SlurmdStartTime=2026-03-02T08:00:00", "LastBusyTime=2026-03-02T08:50:00",
        "CfgTRES=cpu=8,mem=16000M,billing=8", "AllocTRES=", "CapWatts=n/a", "CurrentWatts=0 AveWatts=0",
        "ExtSensorsJoules=n/s ExtSensorsWatts=0 ExtSensorsTemp=n/s", ""]


def test_a_node_with_work_and_gpus(tiny):
    tiny.running("g1", cpus=3, partition="gpu", alloc=pack_alloc([Share("g1", 3, 2000, {"gpu:k80": [1]})]))
    found = lines(tiny, "-d", "show", "node", "g1")
    for line in ("CPUAlloc=3 CPUEfctv=8 CPUTot=8 CPULoad=0.00", "Gres=gpu:k80:2", "GresDrain=N/A", "GresUsed=gpu:k80:1(IDX:1)",
                 "RealMemory=32000 AllocMem=2000 FreeMem=0 Sockets=2 Boards=1", "CfgTRES=cpu=8,mem=32000M,billing=8,gres/gpu=2",
                 "AllocTRES=cpu=3,mem=2000M,gres/gpu=1"):
        assert line in found
    assert any(line.startswith("State=MIXED ") for line in found)


@pytest.mark.parametrize("changes, line", [
    ({"reason": "fan", "reason_user": "root", "reason_time": NOW - 60, "state": "DOWN"}, "Reason=fan [root@2026-03-02T08:59:00]"),
    ({"reason": "two\nlines"}, "       lines"), ({"comment": "new"}, "Comment=new"), ({"extra": "x"}, "Extra=x"),
    ({"core_spec": 1, "mem_spec": 100}, "CoreSpecCount=1 CPUSpecList=7 MemSpecLimit=100"), ({"cpu_load": 150}, "CPUAlloc=0 CPUEfctv=8 CPUTot=8 CPULoad=1.50"),
    ({"core_spec": 1}, "CPUAlloc=0 CPUEfctv=7 CPUTot=8 CPULoad=0.00"), ({"port": 7000}, "NodeAddr=n1 NodeHostName=n1 Port=7000 Version=22.05.8"),
    ({"flags": "DRAIN", "reason": "x"}, "State=IDLE+DRAIN ThreadsPerCore=1 TmpDisk=0 Weight=1 Owner=N/A MCS_label=N/A"),
    ({"state": "FUTURE"}, "NodeName=n1 CoresPerSocket=4 ")])
def test_what_is_said_of_a_node(tiny, changes, line):
    tiny.node("n1", **changes)
    assert line in lines(tiny, "show", "node", "n1")


def test_the_node_is_a_users_own_while_his_exclusive_job_runs(tiny):
    tiny.running("n1", exclusive="user")
    assert any("Owner=ada(1000)" in line for line in lines(tiny, "show", "node", "n1"))


def test_a_partition(tiny):
    assert lines(tiny, "show", "partition", "short") == [
        "PartitionName=short", "AllowGroups=ALL AllowAccounts=ALL AllowQos=ALL", "AllocNodes=ALL Default=NO QoS=N/A",
        "DefaultTime=NONE DisableRootJobs=NO ExclusiveUser=NO GraceTime=0 Hidden=NO",
        "MaxNodes=2 MaxTime=00:30:00 MinNodes=0 LLN=NO MaxCPUsPerNode=UNLIMITED", "Nodes=n[1-2]",
        "PriorityJobFactor=1 PriorityTier=10 RootOnly=NO ReqResv=NO OverSubscribe=NO", "OverTimeLimit=NONE PreemptMode=OFF",
        "State=UP TotalCPUs=16 TotalNodes=2 SelectTypeParameters=NONE", "JobDefaults=(null)",
        "DefMemPerNode=UNLIMITED MaxMemPerNode=UNLIMITED", "TRES=cpu=16,mem=32000M,node=2,billing=16", ""]


@pytest.mark.parametrize("options, line", [
    ({"DenyAccounts": "a,b"}, "AllowGroups=ALL DenyAccounts=a,b AllowQos=ALL"), ({"AllowQos": "high"}, "AllowGroups=ALL AllowAccounts=ALL AllowQos=high"),
    ({"Alternate": "main"}, "AllocNodes=ALL Alternate=main Default=NO QoS=N/A"), ({"DefMemPerCPU": "500", "MaxMemPerNode": "8000"}, "DefMemPerCPU=500 MaxMemPerNode=8000"),
    ({"MaxMemPerCPU": "UNLIMITED"}, "DefMemPerNode=UNLIMITED MaxMemPerCPU=9223372036854775807"), ({"DefCpuPerGPU": "2"}, "JobDefaults=DefCpuPerGPU=2"),
    ({"TRESBillingWeights": "CPU=1"}, "TRESBillingWeights=CPU=1"), ({"OverTimeLimit": "5", "PreemptMode": "requeue"}, "OverTimeLimit=5 PreemptMode=REQUEUE"),
    ({"OverSubscribe": "FORCE:2"}, "PriorityJobFactor=1 PriorityTier=1 RootOnly=NO ReqResv=NO OverSubscribe=FORCE:2")])
def test_what_is_said_of_a_partition(tiny, options, line):
    tiny.partition("own", "n3", **options)
    assert line in lines(tiny, "show", "partition", "own")


def test_a_partition_without_nodes(tiny):
    tiny.partition("empty", "")
    found = lines(tiny, "show", "partition", "empty")
    assert "Nodes=(null)" in found and "TRES=(null)" in found


def test_a_reservation(tiny):
    tiny.store.insert(Reservation(name="course", start_time=NOW - 60, end_time=NOW + 3540, nodes="n[1-2]", users="ada", flags="MAINT,SPEC_NODES"))
    tiny.store.insert(Reservation(name="later", start_time=NOW + 86400, end_time=NOW + 2 * 86400, accounts="edu", core_cnt=4))
    assert lines(tiny, "show", "res", "course") == [
        "ReservationName=course StartTime=2026-03-02T08:59:00 EndTime=2026-03-02T09:59:00 Duration=01:00:00",
        "Nodes=n[1-2] NodeCnt=2 CoreCnt=16 Features=(null) PartitionName=(null) Flags=MAINT,SPEC_NODES", "TRES=cpu=16",
        "Users=ada Groups=(null) Accounts=(null) Licenses=(null) State=ACTIVE BurstBuffer=(null) Watts=n/a", "MaxStartDelay=(null)", ""]
    later = lines(tiny, "show", "res", "later")
    assert later[0].endswith("Duration=1-00:00:00") and "CoreCnt=4" in later[1] and "State=INACTIVE" in later[3]


def test_one_line(tiny):
    assert len(lines(tiny, "-o", "show", "node", "n1")) == len(lines(tiny, "-o", "show", "partition", "main")) == 1
