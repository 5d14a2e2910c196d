"""scontrol on a hand-filled cluster. Expectations: Slurm 22.05.8."""

import grp
import os
import pwd

import pytest

from slurm_mock.common.records import Job, Reservation
from tests.clusters.reading import NOW, Tiny

BAD_ID = "Invalid job id specified"


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "state")


def value(text, key):
    """The value of key= in a record."""
    return text.split(f"{key}=")[1].split()[0] if f"{key}=" in text else None


def people(monkeypatch, **known):
    """Let the machine have these users, name=uid, and no other."""
    def entry(name):
        if name not in known:
            raise KeyError(name)
        return pwd.struct_passwd((name, "x", known[name], known[name], "", "/", "/bin/sh"))

    def group(number):
        raise KeyError(number)
    monkeypatch.setattr(pwd, "getpwnam", entry)
    monkeypatch.setattr(grp, "getgrgid", group)


@pytest.mark.parametrize("known", [{}, {"slurm": 64030}])
def test_slurm_is_the_same_whether_or_not_this_machine_has_such_a_user(tiny, monkeypatch, known):
    """Debian's package makes the user; on a laptop, and before a test installs it, nobody has that name."""
    people(monkeypatch, **known)
    assert tiny.run("scontrol", "update", "node=n5", "reason=fan", "state=drain", MOCK_SLURM_ADMIN="1").err == ""
    assert "fan                  slurm(64030) " in tiny.run("sinfo", "-lR").out
    assert value(tiny.run("scontrol", "show", "config").out.replace(" ", ""), "SlurmUser") == "slurm(64030)"
    assert tiny.run("squeue", "-u", "slurm").err == tiny.run("squeue", "-u", "64030").err == ""


def test_slurm_has_the_id_that_this_machine_gives_it(tiny, monkeypatch):
    people(monkeypatch, slurm=450)
    tiny.run("scontrol", "update", "node=n5", "reason=fan", "state=drain", MOCK_SLURM_ADMIN="1")
    assert "slurm(450) " in tiny.run("sinfo", "-lR").out
    assert value(tiny.run("scontrol", "show", "config").out.replace(" ", ""), "SlurmUser") == "slurm(450)"


def test_another_name_that_nobody_has_is_refused(tiny, monkeypatch):
    people(monkeypatch)
    assert "Invalid user: slurmer" in tiny.run("squeue", "-u", "slurmer").err


def test_running_job(tiny):
    tiny.running("n[1-2]", since=3661, std_out="/tmp/%j-%x.out", comment="hi")
    assert tiny.run("scontrol", "show", "job", "1").out == """\
JobId=1 JobName=job
   UserId=ada(1000) GroupId=users(100) MCS_label=N/A
   Priority=100 Nice=0 Account=edu QOS=normal
   JobState=RUNNING Reason=None Dependency=(null)
   Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:0
   RunTime=01:01:01 TimeLimit=01:00:00 TimeMin=N/A
   SubmitTime=2026-03-02T08:55:00 EligibleTime=2026-03-02T08:55:00
   AccrueTime=2026-03-02T08:55:00
   StartTime=2026-03-02T07:58:59 EndTime=2026-03-02T08:58:59 Deadline=N/A
   SuspendTime=None SecsPreSuspend=0 LastSchedEval=Unknown Scheduler=Main
   Partition=main AllocNode:Sid=login:4711
   ReqNodeList=(null) ExcNodeList=(null)
   NodeList=n[1-2]
   BatchHost=n1
   NumNodes=2 NumCPUs=16 NumTasks=1 CPUs/Task=1 ReqB:S:C:T=0:0:*:*
   TRES=cpu=16,mem=8000M,node=2,billing=16
   Socks/Node=* NtasksPerN:B:S:C=0:0:*:* CoreSpec=*
   MinCPUsNode=1 MinMemoryCPU=500M MinTmpDiskNode=0
   Features=(null) DelayBoot=00:00:00
   OverSubscribe=OK Contiguous=0 Licenses=(null) Network=(null)
   Command=/home/ada/job.sh
   WorkDir=/home/ada
   Comment=hi \n   StdErr=/tmp/1-job.out
   StdIn=/dev/null
   StdOut=/tmp/1-job.out
   Power=
   \n
"""


def test_waiting_jobs(tiny):
    tiny.job(id=5, min_nodes=2, max_nodes=3, ntasks=4, num_nodes=2, dependency="afterok:1(unfulfilled)",
             reason="Dependency", gres="gpu:1", tres_per_node="gres:gpu:1", features="ib",
             mail_type="END,FAIL", mem_per_node=2048)
    text = tiny.run("scontrol", "show", "job", "5").out
    for key, expected in (("NumNodes", "2-3"), ("NumCPUs", "4"), ("NodeList", "(null)"),
                          ("TRES", "cpu=4,mem=4G,node=2,billing=4"),
                          ("TresPerNode", "gres:gpu:1"), ("MinMemoryNode", "2G"),
                          ("Dependency", "afterok:1(unfulfilled)"), ("MailType", "END,FAIL"),
                          ("MailUser", "ada"), ("Features", "ib"), ("StartTime", "Unknown")):
        assert value(text, key) == expected, key
    assert "BatchHost" not in text
    assert tiny.run("scontrol", "-o", "show", "job", "5").out.count("\n") == 1


def test_array_records(tiny):
    tiny.job(id=20, array_id=20, array_tasks="0-3,7", array_limit=2)
    text = tiny.run("scontrol", "show", "job", "20").out
    assert text.startswith("JobId=20 ArrayJobId=20 ArrayTaskId=0-3,7%2 ArrayTaskThrottle=2 JobName=job\n")
    assert value(text, "StdOut") == "/home/ada/slurm-20_4294967294.out"
    text = tiny.run("scontrol", "show", "job", "20_2").out
    assert value(text, "ArrayTaskId") == "2" and value(text, "StdOut") == "/home/ada/slurm-20_2.out"
    missing = tiny.run("scontrol", "show", "job", "20_9")
    assert (missing.out, missing.code) == ("Job 20_9 not found\n", 1)


def test_details_name_the_cpus(tiny):
    tiny.running("n1", cpus=2, since=100)
    tiny.running("n[1-2]", cpus=3, since=50)
    text = tiny.run("scontrol", "-d", "show", "job", "2").out
    assert "   DerivedExitCode=0:0\n" in text
    assert ("   JOB_GRES=(null)\n     Nodes=n1 CPU_IDs=1-2,5 Mem=1500 GRES=\n"
            "     Nodes=n2 CPU_IDs=0-1,4 Mem=1500 GRES=\n") in text


def test_node(tiny):
    tiny.running("n1", cpus=3)
    tiny.node("n1", flags="DRAIN", reason="bad\ndisk", reason_user="root", reason_time=NOW - 99)
    text = tiny.run("scontrol", "show", "node", "n1").out
    lines = text.split("\n")
    assert lines[0] == "NodeName=n1 Arch=x86_64 CoresPerSocket=4 "
    assert lines[1] == "   CPUAlloc=3 CPUEfctv=8 CPUTot=8 CPULoad=0.00"
    assert "   NodeAddr=n1 NodeHostName=n1 Version=22.05.8" in lines
    assert value(text, "State") == "MIXED+DRAIN" and value(text, "AllocMem") == "1500"
    assert "   Partitions=main,short " in lines
    assert "   CfgTRES=cpu=8,mem=16000M,billing=8\n   AllocTRES=cpu=3,mem=1500M\n" in text
    assert ("   Reason=bad [root@2026-03-02T08:58:21]\n          disk\n\n") in text
    result = tiny.run("scontrol", "show", "node", "n9")
    assert (result.out, result.code) == ("Node n9 not found\n", 1)


def test_partition(tiny):
    assert tiny.run("scontrol", "show", "partition", "short").out == """\
PartitionName=short
   AllowGroups=ALL AllowAccounts=ALL AllowQos=ALL
   AllocNodes=ALL Default=NO QoS=N/A
   DefaultTime=NONE DisableRootJobs=NO ExclusiveUser=NO GraceTime=0 Hidden=NO
   MaxNodes=2 MaxTime=00:30:00 MinNodes=0 LLN=NO MaxCPUsPerNode=UNLIMITED
   Nodes=n[1-2]
   PriorityJobFactor=1 PriorityTier=10 RootOnly=NO ReqResv=NO OverSubscribe=NO
   OverTimeLimit=NONE PreemptMode=OFF
   State=UP TotalCPUs=16 TotalNodes=2 SelectTypeParameters=NONE
   JobDefaults=(null)
   DefMemPerNode=UNLIMITED MaxMemPerNode=UNLIMITED
   TRES=cpu=16,mem=32000M,node=2,billing=16

"""
    missing = tiny.run("scontrol", "show", "partition", "nosuch")
    assert (missing.out, missing.code) == ("Partition nosuch not found\n", 1)


@pytest.mark.parametrize("words, error, state, nodes", [
    (["Nodes=n[3-4],n1"], "", "up", "n[1,3-4]"), (["Nodes=all"], "", "up", "g1,n[1-6]"),
    (["Nodes="], "", "up", ""),
    # real Slurm says so, too, but makes half of the change
    (["State=DOWN", "Nodes=n1,nope"], "slurm_update error: Invalid node name specified\n", "up",
     "n[1-2]"),
    (["Nodes=n[1-"], "slurm_update error: Invalid node name specified\n", "up", "n[1-2]"),
])
def test_a_partition_gets_other_nodes(tiny, words, error, state, nodes):
    done = tiny.run("scontrol", "update", "partition=short", *words, MOCK_SLURM_ADMIN="1")
    assert (done.code, done.err) == (bool(error), error)
    shown = tiny.run("sinfo", "-h", "-p", "short", "-o", "%R %a %N").out
    assert shown == f"short {state} {nodes}\n"


@pytest.mark.parametrize("word, error", [
    ("MaxNodes=abc", 'Invalid numeric value "abc" for MaxNodes.'),
    ("MinNodes=abc", '"abc" is not a valid node count'), ("MinNodes=", '"" is not a valid node count'),
    ("PriorityTier=x", "Invalid PriorityTier value: x"),
    ("prioritytier=65535", "Invalid PriorityTier value: 65535"), ("maxtime=abc", "Invalid input maxtime=abc"),
    ("DefaultTime=", "Invalid input DefaultTime="), ("GraceTime=x", "Invalid GraceTime value: x"),
    ("GraceTime=" + "9" * 5000, "Invalid GraceTime value: " + "9" * 5000),
    ("DefMemPerCPU=x", "Invalid DefMemPerCPU value: x"), ("MaxMemPerNode=-1", "Invalid MaxMemPerNode value: -1"),
    ("OverTimeLimit=x", "Invalid OverTimeLimit value: x")])
def test_a_partition_gets_no_value_that_cannot_be_read(tiny, word, error):
    """As the real scontrol says, which asks nobody for that."""
    before = tiny.run("scontrol", "show", "partition", "short").out
    done = tiny.run("scontrol", "update", "partition=short", "Nodes=n3", word, MOCK_SLURM_ADMIN="1")
    assert (done.code, done.err) == (1, f"scontrol: error: {error}\nslurm_update error: No error\n")
    assert tiny.run("scontrol", "show", "partition", "short").out == before


def test_what_a_partition_gives_to_gpus_stands_in_slurm_conf(tiny):
    done = tiny.run("scontrol", "update", "partition=short", "DefCpuPerGPU=2", MOCK_SLURM_ADMIN="1")
    assert done.code == 1 and "Update of this parameter is not supported: DefCpuPerGPU=2\n" in done.err


@pytest.mark.parametrize("word, shown", [
    ("MaxNodes=INFINITE", "MaxNodes=UNLIMITED"), ("MaxNodes=3", "MaxNodes=3"), ("PriorityTier=", "PriorityTier=0"),
    ("MaxTime=90", "MaxTime=01:30:00"), ("OverTimeLimit=infinite", "OverTimeLimit=UNLIMITED")])
def test_a_partition_gets_another_value(tiny, word, shown):
    assert tiny.run("scontrol", "update", "partition=short", word, MOCK_SLURM_ADMIN="1").code == 0
    assert shown in tiny.run("scontrol", "show", "partition", "short").out.split()


@pytest.mark.parametrize("words, error", [
    (["groups=root"], "Error creating the reservation: the mock keeps no Groups= of a reservation: "
                      "name Users= or Accounts=\n"),
    (["users="], "scontrol: error: Either Users/Groups and/or Accounts must be specified.  "
                 "No reservation created.\n"),
    (["users=,", "accounts="], "scontrol: error: Either Users/Groups and/or Accounts must be specified.  "
                               "No reservation created.\n")])
def test_a_reservation_is_somebodys(tiny, words, error):
    done = tiny.run("scontrol", "create", "reservation", "starttime=now", "duration=1", "nodecnt=1", *words,
                    MOCK_SLURM_ADMIN="1")
    assert (done.code, done.out, done.err) == (1, "", error)
    assert tiny.run("scontrol", "show", "reservation").out == "No reservations in the system\n"


def test_a_reservation_is_named_after_somebody(tiny):
    done = tiny.run("scontrol", "create", "reservation", "starttime=now", "duration=1", "nodecnt=1",
                    "users=", "accounts=,lab", MOCK_SLURM_ADMIN="1")
    assert done.out == "Reservation created: lab_1\n"


def test_steps(tiny):
    job = tiny.running("n1")
    tiny.step(job, 0, alloc_tres="cpu=8,mem=4000M,node=1", host="login", pid=55)
    assert tiny.run("scontrol", "show", "step", "1.0").out == """\
StepId=1.0 UserId=1000 StartTime=2026-03-02T08:59:00 TimeLimit=UNLIMITED
   State=RUNNING Partition=main NodeList=n1
   Nodes=1 CPUs=8 Tasks=1 Name=hostname Network=(null)
   TRES=cpu=8,mem=4000M,node=1
   ResvPorts=(null)
   CPUFreqReq=Default Dist=Block
   SrunHost:Pid=login:55

"""
    none = tiny.run("scontrol", "show", "step", "1.7")
    assert (none.out, none.code) == ("Job step 1.7 not found\n", 1)
    unknown = tiny.run("scontrol", "show", "step", "99.0")
    assert (unknown.err, unknown.code) == (f"slurm_get_job_steps error: {BAD_ID}\n", 1)


def test_reservation(tiny):
    assert tiny.run("scontrol", "show", "reservation").out == "No reservations in the system\n"
    tiny.store.insert(Reservation(name="course", start_time=NOW - 60, end_time=NOW + 3540,
                                  nodes="n[1-2]", users="ada", flags="SPEC_NODES"))
    assert tiny.run("scontrol", "show", "res", "course").out == """\
ReservationName=course StartTime=2026-03-02T08:59:00 EndTime=2026-03-02T09:59:00 Duration=01:00:00
   Nodes=n[1-2] NodeCnt=2 CoreCnt=16 Features=(null) PartitionName=(null) Flags=SPEC_NODES
   TRES=cpu=16
   Users=ada Groups=(null) Accounts=(null) Licenses=(null) State=ACTIVE BurstBuffer=(null) Watts=n/a
   MaxStartDelay=(null)

"""


def test_config_and_ping(tiny):
    text = tiny.run("scontrol", "show", "config").out
    assert text.startswith("Configuration data as of 2026-03-02T09:00:00\n"
                           "AccountingStorageBackupHost = (null)\n")
    lines = text.split("\n")
    for line in ("ClusterName             = tiny", "DefMemPerCPU            = 500",
                 "SelectTypeParameters    = CR_CORE_MEMORY", "KillWait                = 30 sec",
                 "MaxArraySize            = 1001", "MaxNodeCount            = 7"):
        assert line in lines
    assert not any(line.startswith("PriorityWeightAge") for line in lines)
    assert text.endswith("\n\nSlurmctld(primary) at tinyhead is UP\n")
    assert tiny.run("scontrol", "ping").out == "Slurmctld(primary) at tinyhead is UP\n"


def test_host_lists(tiny):
    assert tiny.run("scontrol", "show", "hostnames", "n[1-3],m5").out == "n1\nn2\nn3\nm5\n"
    assert tiny.run("scontrol", "show", "hostlist", "n1,n2,n5,m3").out == "n[1-2,5],m3\n"
    assert tiny.run("scontrol", "show", "hostlistsorted", "n5,n1,n2").out == "n[1-2,5]\n"
    assert tiny.run("scontrol", "show", "hostnames", SLURM_NODELIST="n[1-2]").out == "n1\nn2\n"
    assert tiny.run("scontrol", "show", "hostnames").err == "scontrol: error: host list is empty\n"


@pytest.mark.parametrize("argv, out, err", [
    (["show"], "", "too few arguments for keyword:show\n"),
    (["show", "foo"], "", "invalid entity:foo for keyword:show \n"),
    (["show", "job", "1", "2"], "", "too many arguments for keyword:show\n"),
    (["show", "job", "77"], "", f"slurm_load_jobs error: {BAD_ID}\n"),
    (["show", "job", "abc"], "", f"scontrol_print_job error: {BAD_ID}\n"),
    (["foo"], "", "invalid keyword: foo\n"),
    (["hold"], "", "too few arguments for keyword:hold\n"),
    (["hold", "77"], "", f"{BAD_ID} for job 77\nslurm_suspend error: {BAD_ID}\n"),
    (["release", "abc"], "", f"{BAD_ID} for job abc\nslurm_suspend error: {BAD_ID}\n"),
    (["requeue", "77"], "", f"{BAD_ID} for job 77\n"),
    (["update"], "", "too few arguments for update keyword\n"),
    (["update", "foo=1"], "", "No valid entity in update command\nInput line must include "
     '"NodeName", "PartitionName", "Reservation", "JobId", or "SlurmctldDebug"\n'),
    (["update", "job=77", "timelimit=3"], "", f"{BAD_ID} for job 77\n"),
    (["update", "job=77"], "", "No changes specified\n"),
    (["update", "job=77", "foo=3"], "",
     "Update of this parameter is not supported: foo=3\nRequest aborted\n"),
    (["update", "job=77", "timelimit=x"], "", "scontrol: error: Invalid TimeLimit value\n"),
    (["update", "job=77", "timelimit"], "", "Invalid input: timelimit\nRequest aborted\n"),
    (["update", "job=77", "priority=x"], "", "scontrol: error: Invalid Priority value: x\n"),
    (["update", "jobname=zzz", "timelimit=3"], "", "scontrol: error: No jobs with name 'zzz'\n"),
    (["update", "nodename=n1", "state=foo"], "", "Invalid input: state=foo\nRequest aborted\n"
     "Valid states are: NoResp DRAIN FAIL FUTURE RESUME POWER_DOWN POWER_UP UNDRAIN\n"
     "Not all states are valid given a node's prior state\n"),
    (["update", "nodename=n1", "state=drain"], "",
     "You must specify a reason when DOWNING or DRAINING a node. Request denied\n"),
    (["update", "nodename=n1", "state=drain", "reason=x"], "", "slurm_update error: Invalid user id\n"),
    (["delete", "partition=x"], "", "delete_partition partition=x: Invalid user id\n"),
    (["create", "reservation", "reservationname=x"], "",
     "scontrol: error: A start time must be given.  No reservation created.\n"),
    (["create", "reservation=x"], "",
     "scontrol: error: A start time must be given.  No reservation created.\n"),
    (["shutdown"], "", "slurm_shutdown error: Invalid user id\n"),
    (["setdebug", "foo"], "", "invalid debug level: foo\n"),
    (["write", "foo"], "", "invalid write argument:foo\n"),
    (["notify", "77", "hi"], "", f"job notify failure: {BAD_ID}\n"),
    (["wait_job", "77"], "", "scontrol: Problem running job 77\n"),
    (["--foo"], "", "scontrol: unrecognized option '--foo'\n"
                    "Try \"scontrol --help\" for more information\n"),
])
def test_mistakes(tiny, argv, out, err):
    tiny.job()
    result = tiny.run("scontrol", *argv)
    assert (result.out, result.err, result.code) == (out, err, 1)


def test_quiet(tiny):
    result = tiny.run("scontrol", "-Q", "show", "job", "77")
    assert (result.out, result.err, result.code) == ("", "", 1)


def test_short_words(tiny):
    tiny.job()
    assert tiny.run("scontrol", "sho", "j", "1").out.startswith("JobId=1 ")
    assert tiny.run("scontrol", "show", "job=1").out.startswith("JobId=1 ")
    assert tiny.run("scontrol", "vers").out == "slurm-wlm 22.05.8\n"


def test_batch_script(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    job = tiny.job()
    with tiny.store:
        tiny.store.put_script(job.id, b"#!/bin/bash\nhostname\n", b"")
    assert tiny.run("scontrol", "write", "batch_script", "1", "-").out == "#!/bin/bash\nhostname\n"
    result = tiny.run("scontrol", "write", "batch_script", "1")
    assert result.out == "batch script for job 1 written to slurm-1.sh\n"
    assert (tmp_path / "slurm-1.sh").read_text() == "#!/bin/bash\nhostname\n"
    bad = tiny.run("scontrol", "write", "batch_script", "1", "no/such/file")
    assert (bad.err, bad.code) == ("failed to open file `no/such/file`: No such file or directory\n", 0)
    assert not os.path.exists("no")
    none = tiny.run("scontrol", "write", "batch_script", "77", "-")
    assert none.err == f"job script retrieval failed: {BAD_ID}\n"


def test_commands_from_standard_input(tiny):
    import io

    from slurm_mock.commands import find
    from slurm_mock.commands.shared.call import Call, run
    out = io.BytesIO()
    call = Call("scontrol", [], {"MOCK_SLURM_DRIVEN": "1"}, "/", io.BytesIO(b"version\nfoo\nquit\n"),
                out, io.BytesIO(), tiny.state)
    assert run(find("scontrol"), call) == 1
    assert out.getvalue() == b"scontrol: slurm-wlm 22.05.8\nscontrol: scontrol: \n"
    assert call.err.getvalue() == b"invalid keyword: foo\n"


def test_hold_and_release_of_single_tasks(tiny):
    tiny.store.set_meta("next_job_id", 100)
    tiny.job(id=20, array_id=20, array_tasks="0-3")
    assert tiny.run("scontrol", "hold", "20_[1,3]").code == 0
    jobs = {j.array_task: j for j in tiny.store.select(Job)}
    assert sorted(jobs, key=str) == [1, 3, None]
    assert jobs[1].reason == "JobHeldUser" and jobs[None].array_tasks == "0,2"
    mixed = tiny.run("scontrol", "hold", "20_[1,9]")
    assert mixed.code == 1 and mixed.err == f"20_1: No error\n20_9: {BAD_ID}\n"
