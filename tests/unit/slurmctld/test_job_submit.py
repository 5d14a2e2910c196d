"""What a job must pass to be accepted.  (Expectations: sbatch(1), slurm.conf(5); the texts of 22.05.8 in
the transcripts of sbatch and scheduling.)"""

import pytest

from slurm_mock.common.slurm_errno import FailedJob, Refused, RefusedWithId
from slurm_mock.slurmctld import job_submit
from tests.clusters.planned import ask, cluster
from tests.clusters.reading import NOW, Tiny

UNAVAILABLE = "Requested node configuration is not available"


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s", Licenses="matlab:4", GresTypes="gpu")


def asked(options="", **fields):
    """A Job as sbatch asks for it: without an id, in the partition that the options name."""
    job = ask(options, id=None, **fields)
    job.partition = "" if "-p" not in options.split() else job.partition
    return job


def check(tiny, options="", admin=False, **fields):
    job = asked(options, **fields)
    job_submit.check(tiny.controller(admin=admin), job)
    return job


def test_a_job_is_completed_from_the_configuration(tiny):
    job = check(tiny, "-n 9 -t 5")
    assert (job.partition, job.requeue, job.num_nodes, job.num_cpus, job.time_limit) == ("main", 1, 2, 9, 5)


def test_an_array_is_counted(tiny):
    job = check(tiny, "-a 1-9:4%2")
    assert (job.array_tasks, job.array_count, job.array_min, job.array_max, job.array_step, job.array_limit) == (
        "1-9:4", 3, 1, 9, 4, 2)


@pytest.mark.parametrize("options, says", [
    ("-p nosuch", "Invalid partition name specified"), ("-w n9", "Invalid node name specified"),
    ("-w n1 -x n1", "Invalid node name specified"), ("-C nosuch", "Invalid feature specification"),
    ("-a 0-1001", "Invalid job array specification"), ("-L nosuch", "Invalid license specification"),
    ("--reservation=nosuch", "Requested reservation is invalid"), ("-d nosuch:1", "Job dependency problem"),
    ("--nice=-5", "Invalid --nice value"), ("--gpus-per-task=1", "Invalid generic resource"),
    ("-p gpu -N 2 --gpus=1", "Invalid generic resource"), ("--time-min=10 -t 5", "time"),
    ("-C ib --batch=k80", "[Cc]onstraint"), ("--mem=100G", UNAVAILABLE), ("-c 9 -n 1", UNAVAILABLE),
    ("-p gpu --gres=gpu:3", UNAVAILABLE), ("-C k80", UNAVAILABLE), ("--tmp=1G", UNAVAILABLE)])
def test_refusals(tiny, options, says):
    with pytest.raises(Refused, match=says):
        check(tiny, options)


@pytest.mark.parametrize("field, says", [
    ("partition", "Invalid partition name specified"), ("account", "Invalid account or account/partition"),
    ("qos", "Invalid qos specification"), ("batch_features", "Job --batch option is invalid"),
    ("gres", "Invalid Trackable RESource")])
def test_what_may_not_be_empty(tmp_path, field, says):
    looked_at = field in ("account", "qos")
    tiny = Tiny(tmp_path / "s", AccountingStorageType="accounting_storage/slurmdbd",
                AccountingStorageEnforce="associations,qos" if looked_at else "none")
    with pytest.raises(Refused, match=says):
        check(tiny, empty=field)
    if looked_at:
        assert check(Tiny(tmp_path / "t"), empty=field).partition == "main"


@pytest.mark.parametrize("options, fine", [
    ("--acctg-freq=30", True), ("--acctg-freq=31", False), ("--acctg-freq=0", False), ("--acctg-freq=task=7,energy=90", True),
    ("--acctg-freq=", True), ("--acctg-freq=0 --mem=0", True), ("--acctg-freq=99 --mem=0", True)])
def test_who_has_a_limit_of_memory_is_looked_at_often_enough(tiny, options, fine):
    """So said real 22.05.8, where JobAcctGatherFrequency was 5."""
    if fine:
        check(tiny, options)
    else:
        with pytest.raises(Refused, match="Invalid accounting frequency requested"):
            check(tiny, options)


@pytest.mark.parametrize("options, before", [
    ("-c 9 -n 1", job_submit.CPU_SPEC), ("--mem=100G", job_submit.MEMORY_SPEC), ("--tmp=1G", job_submit.DISK_SPEC),
    ("--sockets-per-node=3", job_submit.CORE_SPEC), ("-p gpu --gres=gpu:3", "")])
def test_what_no_node_has_makes_a_failed_job(tiny, options, before):
    with pytest.raises(FailedJob) as error:
        check(tiny, options)
    assert error.value.before == before
    check(tiny, f"{options} -H")         # of a held job nobody asks


@pytest.mark.parametrize("options", ["-n 49", "-N 7", "-t 2-0", "-p short -t 40"])
def test_what_may_come_true_later_waits(tiny, options):
    check(tiny, options)


@pytest.mark.parametrize("enforce, options, says", [
    ("ALL", "-p main,short -t 40", "Requested time limit is invalid"), ("ANY", "-p short -t 40", "Requested time limit"),
    ("ALL", "-N 7", "Node count specification invalid"), ("ALL", "-n 49", "More processors requested than permitted"),
    ("ALL", "-p short -w n3", "Requested nodes not in this partition")])
def test_enforced_limits_of_partitions(tmp_path, enforce, options, says):
    tiny = Tiny(tmp_path / "s", EnforcePartLimits=enforce)
    with pytest.raises(Refused, match=says):
        check(tiny, options)


def test_with_any_one_partition_is_enough(tmp_path):
    assert check(Tiny(tmp_path / "s", EnforcePartLimits="ANY"), "-p short,main -t 40").partition == "short,main"


@pytest.mark.parametrize("option, says", [
    ({"RootOnly": "YES"}, "Access/permission denied"), ({"AllowGroups": "staff"}, "User's group not permitted"),
    ({"state": "DRAIN"}, "Required partition not available"), ({"state": "INACTIVE"}, "Required partition not available")])
def test_who_may_use_a_partition(tiny, option, says):
    tiny.partition("own", "n1", **option)
    with pytest.raises(Refused, match=says):
        check(tiny, "-p own")
    if "state" not in option:
        check(tiny, "-p own", admin=True)


def test_no_default_partition(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.store.update(tiny.store.partition("main").copy(options=tiny.store.partition("secret").options))
    with pytest.raises(Refused, match="No partition specified or system default partition"):
        check(tiny)


@pytest.mark.parametrize("options, cpus, memory", [("--mem-per-cpu=9000", 3, 3000), ("--mem-per-cpu=4000", 1, 4000)])
def test_more_memory_per_cpu_than_there_may_be_takes_more_cpus(tiny, options, cpus, memory):
    tiny.partition("own", "n1", MaxMemPerCPU="4000")
    job = check(tiny, f"-p own {options}")
    assert (job.cpus_per_task, job.mem_per_cpu) == (cpus, memory)


def test_deadlines(tiny):
    check(tiny, deadline=NOW + 3600, time_min=30)
    for fields in ({"deadline": NOW - 1}, {"deadline": NOW + 60, "time_min": 2}):
        with pytest.raises(Refused):
            check(tiny, **fields)


def test_which_mistake_uses_up_an_id(tiny):
    for options, with_id in (("-p nosuch", False), ("-w n9", False), ("-C nosuch", True), ("-d nosuch:1", True)):
        with pytest.raises(Refused) as error:
            check(tiny, options)
        assert isinstance(error.value, RefusedWithId) is with_id, options


@pytest.mark.parametrize("text, names", [("a&b", ["a", "b"]), ("[a*2&b*1]|c", ["a", "b", "c"]), ("(a|b)", ["a", "b"])])
def test_features_of_a_constraint(text, names):
    assert job_submit.named_features(text) == names


def test_gpus_of_a_whole_partition():
    here = cluster()
    part = here.parts["gpu"]
    assert job_submit.gpus_enough(here, ask("-p gpu --gpus=4"), part)
    assert not job_submit.gpus_enough(here, ask("-p gpu --gpus=5"), part)
    assert not job_submit.gpus_enough(here, ask("-p gpu --gpus=v100:1"), part)
